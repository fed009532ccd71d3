"""The line above the panes: title, verdict or the verdicts on several runs, precision, odometer and step counter."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from gdviz.core.analysis.verdict import Kind
from gdviz.panes.bars.bar import FrameBar
from gdviz.panes.bars.picture import Header, Standing
from gdviz.panes.landscape.zoom import odometer
from gdviz.plotting.image_cache import ImageCache
from gdviz.plotting.shapes import LEFT, Painted, Shape, Words, paint_things
from gdviz.plotting.style import Style, faded, marker
from gdviz.plotting.text import number_font, shortened, text_font, width_of
from gdviz.plotting.vector_output import draw_block
from gdviz.presentation.look import Look
from gdviz.presentation.palette import Palette
from gdviz.presentation.run_names import NO_LEGEND, Legend
from gdviz.widgets.plain import set_tooltip

_SIGNS = {
    Kind.CONVERGED: "✓",
    Kind.SETTLED: "≈",
    Kind.SLOW: "…",
    Kind.ZIGZAG: "⇄",
    Kind.DIVERGING: "↗",
    Kind.RANGE_TEST: "→",
    Kind.UNDER_WAY: "…",
}
"""Beside the word, so that the verdict is told by more than one sign."""

GAP = 12.0
LEAST_TITLE = 160.0
"""Units between the parts, and of a title that are shown in any case: one of a few words is never shortened."""
TRIES = 5
"""Fonts are so many whole pixels high: text that was made smaller may still be too wide, and is made so again."""
TEXT, LEAST_TEXT = 18.0, 15.0
"""The size of the verdicts in units; with the least one the names of runs are left out rather than made smaller."""
RADIUS, MARKER_GAP, BETWEEN = 6.0, 4.0, 13.0
"""Units: of a run's marker, between it and its text, and between two runs."""


class HeaderBar(FrameBar[Header]):
    """Draws the header; the title is 26 units high, and shortened where it is too long to stand beside the rest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = ImageCache()

    def show_picture(self, picture: Header, look: Look, legend: Legend = NO_LEGEND) -> None:
        """Draw this header."""
        super().show_picture(picture, look, legend)
        self._tell()

    def set_unit(self, pixels: float) -> None:
        """Set the size of text, in pixels for a unit of the stage."""
        super().set_unit(pixels)
        self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say what of the title there is no room for now."""
        super().resizeEvent(event)
        self._tell()

    def _tell(self) -> None:
        """In words: the verdict's sentence, below the whole of a title that is shortened."""
        if self.picture is None:
            return
        header = self.picture
        is_whole = fitted(header, self.width(), self._unit).title == header.title
        text = header.verdict.sentence if is_whole else f"{header.title}\n{header.verdict.sentence}"
        set_tooltip(self, text)
        self.setAccessibleDescription(text)

    def _paint(self, painter: QPainter, picture: Header, palette: Palette) -> None:
        """The counter is never cut; what stands left of it is the same in nearly all frames of a run, and kept."""
        title, unit = fitted(picture, self.width(), self._unit)
        header, gap = replace(picture, title=title), GAP * unit
        texts = (
            (header.counter, _counter_font(unit), palette.text),
            (header.odometer, _odometer_font(unit), palette.accent),
        )
        right = self.width() - gap
        for text, font, _ in texts:
            right -= width_of(font, text) + 2 * gap
        key = (header.title, header.verdict, header.precision, right, unit, palette)
        paint = partial(self._paint_left, header=header, right=right, unit=unit, palette=palette)
        self._kept.paint(painter, QRectF(self.rect()), key, paint, opaque=not palette.see_through)
        edge = self.width() - gap
        for text, font, colour in texts:
            edge -= self._text(painter, edge, text, font, colour, from_right=True) + 2 * gap

    def _paint_left(self, painter: QPainter, header: Header, right: float, unit: float, palette: Palette) -> None:
        """Title, badges and sentence, or the verdicts on several runs, on the ground of the stage."""
        if not palette.see_through:
            painter.fillRect(self.rect(), QColor(palette.background))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gap = GAP * unit
        left = gap + self._text(painter, gap, header.title, _title_font(unit), palette.text) + gap
        style = Style(palette, unit)
        runs = standings(header.runs, left, right - _badge_width(header.precision, unit) - gap, self.height(), style)
        if runs is not None:
            paint_things(painter, runs.things)
            self._badge(painter, runs.right + gap, header.precision, unit, palette, strong=False)
            return
        for text, strong in ((_verdict(header), header.verdict.kind is Kind.DIVERGING), (header.precision, False)):
            left += self._badge(painter, left, text, unit, palette, strong) + gap
        self._sentence(painter, left, right, header.verdict.sentence, unit, palette)

    def _sentence(self, painter: QPainter, left: float, right: float, text: str, unit: float, palette: Palette) -> None:
        """The sentence, or what of it comes before a semicolon where that is all there is room for; never a part."""
        font = text_font(18 * unit)
        for told in (text, text.partition(";")[0]):
            if width_of(font, told) <= right - left:
                self._text(painter, left, told, font, palette.quiet)
                return

    def _text(
        self, painter: QPainter, edge: float, text: str, font: QFont, colour: str, from_right: bool = False
    ) -> float:
        width = width_of(font, text)
        painter.setPen(QColor(colour))
        left = edge - width if from_right else edge
        draw_block(painter, QRectF(left, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, text, font)
        return width

    def _badge(self, painter: QPainter, left: float, text: str, unit: float, palette: Palette, strong: bool) -> float:
        font = _badge_font(unit)
        width, height = _badge_width(text, unit), QFontMetricsF(font).height() + 6 * unit
        frame = QRectF(left, (self.height() - height) / 2, width, height)
        colour = QColor(palette.warning if strong else palette.quiet)
        painter.setPen(QPen(colour, 1.5 * unit))
        painter.setBrush(colour if strong else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, height / 3, height / 3)
        painter.setPen(QColor(palette.background) if strong else colour)
        draw_block(painter, frame, Qt.AlignmentFlag.AlignCenter, text, font)
        return width


class Fitted(NamedTuple):
    """A title with as much of it as there is room for, and the unit in which the header is painted."""

    title: str
    unit: float


def fitted(header: Header, width: float, unit: float) -> Fitted:
    """How the header fits into so many pixels at that unit: the same at each step of a run, so that nothing jumps.

    A title that is too long is shortened; where that would leave less than LEAST_TITLE of it, all text becomes smaller.
    """
    is_short = width_of(_title_font(unit), header.title) <= LEAST_TITLE * unit
    unit *= min(1.0, width / (_least_width(header, unit) + 1.0))
    for _ in range(TRIES):
        needed = _least_width(header, unit)
        if needed <= width + GAP / 2 * unit:
            break
        unit *= width / needed
    font, room = _title_font(unit), width - _width(header, unit) - 1.0
    if is_short or width_of(font, header.title) <= room:
        return Fitted(header.title, unit)
    if header.runs:  # a shorter title where that makes room for all of their verdicts
        needed = _standings_width([run.kind.value for run in header.runs], LEAST_TEXT, unit)
        more = needed + GAP * unit - _badge_width(_verdict(header), unit)
        room -= max(0.0, more) if room - more >= LEAST_TITLE * unit else 0.0
    return Fitted(shortened(font, header.title, room), unit)


def _least_width(header: Header, unit: float) -> float:
    """With as much of the title as is always shown."""
    return _width(header, unit) + min(width_of(_title_font(unit), header.title), LEAST_TITLE * unit)


def _width(header: Header, unit: float) -> float:
    """How wide all of it but title and sentence is, at the step at which that is widest."""
    badges = _badge_width(_verdict(header), unit) + _badge_width(header.precision, unit)
    counter = max(width_of(_counter_font(unit), text) for text in (header.counter, header.last_counter))
    font = _odometer_font(unit)
    grown = max(width_of(font, header.odometer), _widest_odometer(header.top_zoom_level, font))
    return counter + grown + badges + 7 * GAP * unit


@lru_cache(maxsize=64)
def _widest_odometer(top_zoom_level: int, font: QFont) -> float:
    return max(width_of(font, odometer(level)) for level in range(top_zoom_level + 1))


def _badge_width(text: str, unit: float) -> float:
    return width_of(_badge_font(unit), text) + 18 * unit


def _verdict(header: Header) -> str:
    return f"{_SIGNS[header.verdict.kind]} {header.verdict.kind.value}"


def _title_font(unit: float) -> QFont:
    return text_font(26 * unit, bold=True)


def _badge_font(unit: float) -> QFont:
    return text_font(18 * unit, bold=True)


def _counter_font(unit: float) -> QFont:
    return number_font(22 * unit)


def _odometer_font(unit: float) -> QFont:
    """Of words: the raised digits can only be read in it."""
    return text_font(22 * unit, bold=True)


@dataclass(frozen=True, eq=False)
class Standings:
    """What to paint, and where it ends."""

    things: tuple[Painted, ...]
    right: float


def standings(runs: Sequence[Standing], left: float, right: float, height: float, style: Style) -> Standings | None:
    """The runs beside each other from left to right in a line so high; None without runs or where they do not fit.

    With their names if there is room for these; else their markers tell which they are.
    """
    named = [f"{run.name} {run.kind.value}" for run in runs]
    for texts, size in ((named, TEXT), (named, LEAST_TEXT), ([run.kind.value for run in runs], LEAST_TEXT)):
        if runs and _standings_width(texts, size, style.unit) <= right - left:
            return _standings(runs, texts, left, height, size, style)
    return None


def _standings_width(texts: Sequence[str], size: float, unit: float) -> float:
    font = text_font(size * unit)
    ends = [(2 * RADIUS + MARKER_GAP) * unit + width_of(font, text) + 1.0 for text in texts]
    return sum(ends) + BETWEEN * unit * (len(texts) - 1)


def _standings(
    runs: Sequence[Standing], texts: Sequence[str], left: float, height: float, size: float, style: Style
) -> Standings:
    unit, font = style.unit, text_font(size * style.unit)
    things: list[Painted] = []
    for run, text in zip(runs, texts, strict=True):
        middle = QPointF(left + RADIUS * unit, height / 2)
        outline = marker(run.style, middle, RADIUS * unit)
        things.append(Shape(outline, brush=faded(style.palette.runs[run.style], 1.0)))
        left += (2 * RADIUS + MARKER_GAP) * unit
        width = width_of(font, text) + 1.0
        things.append(Words(text, QRectF(left, 0.0, width, height), font, style.palette.text, align=LEFT))
        left += width + BETWEEN * unit
    return Standings(tuple(things), left - BETWEEN * unit)
