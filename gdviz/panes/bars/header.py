"""The line above the panes: title, verdict or the verdicts on several runs, precision, odometer and step counter."""

from collections.abc import Sequence
from dataclasses import replace
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
from gdviz.plotting.shapes import LEFT, Painted, Shape, Words, paint_all
from gdviz.plotting.style import Style, faded, marker
from gdviz.plotting.text import number_font, shortened, text_font, width_of
from gdviz.plotting.vector_output import draw_block
from gdviz.presentation.palette import Palette
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

GAP, LEAST_TITLE = 12.0, 160.0
"""Units between the parts, and the width of a title that is always shown: one of a few words is never shortened."""
TRIES = 5
"""Fonts are a whole number of pixels high: text made smaller may still be too wide, and is then made smaller again."""
TEXT, LEAST_TEXT = 18.0, 15.0
"""The size of the verdicts in units; rather than go below the smaller one, the names of the runs are left out."""
RADIUS, MARKER_GAP, BETWEEN = 6.0, 4.0, 13.0
"""Units: radius of a run's marker, from it to its text, and between two runs."""


class _Fonts:
    """The fonts at a unit, and the widths of the parts; only the font of words makes raised digits legible."""

    def __init__(self, unit: float) -> None:
        self.unit = unit
        self.title, self.badge = text_font(26 * unit, bold=True), text_font(18 * unit, bold=True)
        self.counter, self.odometer = number_font(22 * unit), text_font(22 * unit, bold=True)

    def badge_width(self, text: str) -> float:
        """The width of a badge with its frame, in pixels as below."""
        return width_of(self.badge, text) + 18 * self.unit

    def width(self, header: Header) -> float:
        """The width of everything but title and sentence, at the step at which that is widest."""
        badges = self.badge_width(_verdict(header)) + self.badge_width(header.precision)
        counter = max(width_of(self.counter, text) for text in (header.counter, header.last_counter))
        grown = max(width_of(self.odometer, header.odometer), _widest_odometer(header.top_zoom_level, self.odometer))
        return counter + grown + badges + 7 * GAP * self.unit

    def least_width(self, header: Header) -> float:
        """The same with as much of the title as is always shown."""
        return self.width(header) + min(width_of(self.title, header.title), LEAST_TITLE * self.unit)


class HeaderBar(FrameBar[Header]):
    """Draws the header; the title is 26 units high, and shortened where it is too long to stand beside the rest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = ImageCache()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The width decides whether the title is shortened, and with that what the tooltip says."""
        super().resizeEvent(event)
        self._update()

    def _describe(self, picture: Header) -> None:
        """The verdict's sentence, below the whole title where that is shortened."""
        text = picture.verdict.sentence
        if fitted(picture, self.width(), self._unit).title != picture.title:
            text = f"{picture.title}\n{text}"
        set_tooltip(self, text)
        self.setAccessibleDescription(text)

    def _paint(self, painter: QPainter, picture: Header, palette: Palette) -> None:
        """The counter is never cut; what is left of it is the same in nearly all frames of a run, and cached."""
        title, unit = fitted(picture, self.width(), self._unit)
        header, fonts, gap = replace(picture, title=title), _Fonts(unit), GAP * unit
        counters, right = [], self.width() - gap
        for text, font, colour in (
            (header.counter, fonts.counter, palette.text),
            (header.odometer, fonts.odometer, palette.accent),
        ):
            width = width_of(font, text)
            counters.append((right - width, text, font, colour))
            right -= width + 2 * gap
        key = (header.title, header.verdict, header.precision, right, unit, palette)
        paint = partial(self._paint_left, header=header, right=right, unit=unit, palette=palette)
        self._kept.paint(painter, QRectF(self.rect()), key, paint, opaque=not palette.see_through)
        for left, text, font, colour in counters:
            self._text(painter, left, text, font, colour)

    def _paint_left(self, painter: QPainter, header: Header, right: float, unit: float, palette: Palette) -> None:
        """Title, badges and sentence, or the verdicts on several runs, on the ground of the stage."""
        if not palette.see_through:
            painter.fillRect(self.rect(), QColor(palette.background))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fonts, gap = _Fonts(unit), GAP * unit
        left = gap + self._text(painter, gap, header.title, fonts.title, palette.text) + gap
        end = right - fonts.badge_width(header.precision) - gap
        runs = standings(header.runs, left, end, self.height(), Style(palette, unit))
        if runs is not None:
            paint_all(painter, runs.things)
            self._badge(painter, runs.right + gap, header.precision, fonts, palette)
            return
        is_strong = header.verdict.kind is Kind.DIVERGING
        left += self._badge(painter, left, _verdict(header), fonts, palette, is_strong) + gap
        left += self._badge(painter, left, header.precision, fonts, palette) + gap
        # The whole sentence, or its part before a semicolon where only that has room; never a shortened one.
        font, sentence = text_font(18 * unit), header.verdict.sentence
        for text in (sentence, sentence.partition(";")[0]):
            if width_of(font, text) <= right - left:
                self._text(painter, left, text, font, palette.quiet)
                return

    def _text(self, painter: QPainter, left: float, text: str, font: QFont, colour: str) -> float:
        width = width_of(font, text)
        painter.setPen(QColor(colour))
        draw_block(painter, QRectF(left, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, text, font)
        return width

    def _badge(
        self, painter: QPainter, left: float, text: str, fonts: _Fonts, palette: Palette, is_strong: bool = False
    ) -> float:
        unit, font, width = fonts.unit, fonts.badge, fonts.badge_width(text)
        height = QFontMetricsF(font).height() + 6 * unit
        frame = QRectF(left, (self.height() - height) / 2, width, height)
        colour = QColor(palette.warning if is_strong else palette.quiet)
        painter.setPen(QPen(colour, 1.5 * unit))
        painter.setBrush(colour if is_strong else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, height / 3, height / 3)
        painter.setPen(QColor(palette.background) if is_strong else colour)
        draw_block(painter, frame, Qt.AlignmentFlag.AlignCenter, text, font)
        return width


class Fitted(NamedTuple):
    """As much of a title as there is room for, and the unit in which the header is painted."""

    title: str
    unit: float


def fitted(header: Header, width: float, unit: float) -> Fitted:
    """How the header fits into so many pixels at that unit: the same at each step of a run, so that nothing jumps.

    A title that is too long is shortened; where that would leave less than LEAST_TITLE of it, all text becomes smaller.
    """
    fonts = _Fonts(unit)
    is_short = width_of(fonts.title, header.title) <= LEAST_TITLE * unit
    if (factor := width / (fonts.least_width(header) + 1.0)) < 1.0:
        fonts = _Fonts(unit * factor)
    for _ in range(TRIES):
        needed = fonts.least_width(header)
        if needed <= width + GAP / 2 * fonts.unit:
            break
        fonts = _Fonts(fonts.unit * (width / needed))
    unit, room = fonts.unit, width - fonts.width(header) - 1.0
    if is_short or width_of(fonts.title, header.title) <= room:
        return Fitted(header.title, unit)
    if header.runs:  # a shorter title where that makes room for all of their verdicts
        needed = _standings_width([run.kind.value for run in header.runs], LEAST_TEXT, unit)
        more = needed + GAP * unit - fonts.badge_width(_verdict(header))
        room -= max(0.0, more) if room - more >= LEAST_TITLE * unit else 0.0
    return Fitted(shortened(fonts.title, header.title, room), unit)


@lru_cache(maxsize=64)
def _widest_odometer(top_zoom_level: int, font: QFont) -> float:
    return max(width_of(font, odometer(level)) for level in range(top_zoom_level + 1))


def _verdict(header: Header) -> str:
    return f"{_SIGNS[header.verdict.kind]} {header.verdict.kind.value}"


class Standings(NamedTuple):
    """What to paint, and where it ends."""

    things: list[Painted]
    right: float


def standings(runs: Sequence[Standing], left: float, right: float, height: float, style: Style) -> Standings | None:
    """The runs side by side in a line so many pixels high; None without runs or where they do not fit.

    With their names if there is room for these; else their markers tell which they are.
    """
    unit, palette, kinds = style.unit, style.palette, [run.kind.value for run in runs]
    named = [f"{run.name} {kind}" for run, kind in zip(runs, kinds, strict=True)]
    ways = ((named, TEXT), (named, LEAST_TEXT), (kinds, LEAST_TEXT))
    fitting = (way for way in ways if runs and _standings_width(*way, unit) <= right - left)
    texts, size = next(fitting, ((), 0.0))
    if not texts:
        return None
    things, font = list[Painted](), text_font(size * unit)
    for run, text in zip(runs, texts, strict=True):
        outline = marker(run.style, QPointF(left + RADIUS * unit, height / 2), RADIUS * unit)
        things.append(Shape(outline, brush=faded(palette.runs[run.style], 1.0)))
        left += (2 * RADIUS + MARKER_GAP) * unit
        width = width_of(font, text) + 1.0
        things.append(Words(text, QRectF(left, 0.0, width, height), font, palette.text, align=LEFT))
        left += width + BETWEEN * unit
    return Standings(things, left - BETWEEN * unit)


def _standings_width(texts: Sequence[str], size: float, unit: float) -> float:
    font = text_font(size * unit)
    ends = [(2 * RADIUS + MARKER_GAP) * unit + width_of(font, text) + 1.0 for text in texts]
    return sum(ends) + BETWEEN * unit * (len(texts) - 1)
