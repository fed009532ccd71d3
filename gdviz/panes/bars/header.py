"""The two lines above the panes: title, rate, verdict, precision, zoom and step; and a question or a sentence."""

from dataclasses import replace
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from gdviz.panes.bars.bar import FrameBar
from gdviz.panes.bars.fit import RATE_NAMES, FittedTitle, fit_title, fonts_at
from gdviz.panes.bars.parts import FIRST_LINE, Part, counters, first_line, second_line
from gdviz.panes.bars.picture import Header
from gdviz.plotting.image_cache import ImageCache, LatestResult
from gdviz.plotting.shapes import paint_all
from gdviz.presentation.palette import Palette, palette_of
from gdviz.widgets.plain import handles_tooltip

_Still = tuple[FittedTitle, float, float, Palette]
"""What the first line without the counters depends on beside the header: see `first_line`."""


class _Layout(NamedTuple):
    """The header without what has no room, where its first line goes, and the counters and the second line."""

    header: Header
    still: _Still
    moving: list[Part]


class HeaderBar(FrameBar[Header]):
    """Draws the header; the title is 26 units high, and shortened where it would not fit beside the rest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cache = ImageCache()
        self._fitted = LatestResult[FittedTitle]()

    def event(self, event: QEvent) -> bool:
        """Say as a tooltip what is under the pointer."""
        return handles_tooltip(event, self, self._tooltip_at) or super().event(event)

    def _tooltip_at(self, place: QPointF) -> str:
        if self.picture is None:
            return ""
        layout = self._lay_out(self.picture, palette_of(self._look))
        parts = [*layout.moving, *first_line(layout.header, *layout.still)]
        return next((part.tip for part in parts if part.place.contains(place)), "")

    def _describe(self, picture: Header) -> None:
        """Tell screen readers the whole title, the rate, and the verdict's sentence."""
        rate = (f"{RATE_NAMES[0]} {picture.learning_rate}",) if picture.learning_rate else ()
        question = (picture.question,) if picture.question else ()
        told = (picture.title, *rate, *question, picture.verdict.sentence, *picture.scales)
        self.setAccessibleDescription("\n".join(told))

    def _lay_out(self, picture: Header, palette: Palette) -> _Layout:
        width, height = float(self.width()), min(FIRST_LINE * self._unit, float(self.height()))
        if picture.scaling and fonts_at(self._unit).least_width(picture, RATE_NAMES[-1]) > width:
            picture = replace(picture, scaling="")
        key = picture, width, self._unit
        fitted = self._fitted.of(key, lambda: fit_title(*key))
        right = counters(picture, fitted, width, height, palette)
        end = width - fonts_at(fitted.unit).counters_width(picture)
        below = second_line(picture, self._unit, QRectF(0.0, height, width, self.height() - height), palette)
        return _Layout(picture, (fitted, height, end, palette), [*right, below])

    def _paint(self, painter: QPainter, picture: Header, palette: Palette) -> None:
        """Paint from a cache what rarely changes, and the rest on it."""
        header, still, moving = self._lay_out(picture, palette)
        shown = (header.title, header.learning_rate, header.verdict.kind, header.runs, header.precision, header.scaling)
        paint = partial(self._paint_first_line, header=header, still=still)
        self._cache.paint(painter, QRectF(self.rect()), (shown, still), paint, opaque=not palette.see_through)
        for part in moving:
            paint_all(painter, part.things)

    def _paint_first_line(self, painter: QPainter, header: Header, still: _Still) -> None:
        """Paint it without the counters, on the stage's background."""
        *_, palette = still
        if not palette.see_through:
            painter.fillRect(self.rect(), QColor(palette.background))
        for part in first_line(header, *still):
            paint_all(painter, part.things)
