"""The line above the panes: title, the verdict on each run, precision, zoom and step counter."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from gdviz.core.analysis.verdict import Kind
from gdviz.panes.bars.bar import FrameBar
from gdviz.panes.bars.picture import Header
from gdviz.panes.bars.run_verdicts import least_verdicts_width, run_verdicts, sharing_room
from gdviz.panes.landscape.zoom import zoom_label
from gdviz.plotting.image_cache import ImageCache, LatestResult
from gdviz.plotting.shapes import paint_all
from gdviz.plotting.style import style_of
from gdviz.plotting.text import number_font, shortened, text_font, widest_fitting, width_of
from gdviz.plotting.vector_output import draw_block
from gdviz.presentation.palette import Palette
from gdviz.widgets.plain import set_tooltip

_SYMBOLS = {
    Kind.START: "·",
    Kind.FALLING: "↘",
    Kind.RISING: "↗",
    Kind.JUMPING: "⇄",
    Kind.CONVERGED: "✓",
    Kind.SETTLED: "≈",
    Kind.STANDS_STILL: "–",
    Kind.SLOW: "…",
    Kind.ZIGZAG: "⇄",
    Kind.DIVERGING: "↗",
    Kind.RANGE_TEST: "→",
    Kind.UNDER_WAY: "…",
}
"""The symbol before the verdict's word."""
PART_GAP, LEAST_TITLE = 12.0, 160.0
"""Gap between the parts, and the width of a title that is always shown, in units: a short title is never shortened."""
MOST_ATTEMPTS = 5
"""Font sizes are rounded to whole pixels, so text made smaller may still be too wide and has to shrink again."""
BADGE_EDGES = 18.0
"""What the frame of a badge adds to the width of its text, in units."""


class _Fonts:
    """The fonts at a unit, and the widths of the parts. Raised digits are legible in the text font only."""

    def __init__(self, unit: float) -> None:
        self.unit = unit
        self.title, self.badge = text_font(26 * unit, bold=True), text_font(18 * unit, bold=True)
        self.counter, self.zoom = number_font(22 * unit), text_font(22 * unit, bold=True)

    def badge_width(self, text: str) -> float:
        """The width of a badge with its frame, in pixels, as all widths here."""
        return width_of(self.badge, text) + BADGE_EDGES * self.unit

    def verdict_width(self, kind: Kind, *, at_any_step: bool = False) -> float:
        """The width of the badge that has room for this verdict, or for any that the run may have at other steps."""
        return _widest_verdict(kind, at_any_step, self.badge) + BADGE_EDGES * self.unit

    def scaling_width(self, header: Header) -> float:
        """The width of the badge that says what is standardised, and the gap before it; 0 for none."""
        return self.badge_width(header.scaling) + PART_GAP * self.unit if header.scaling else 0.0

    def width(self, header: Header) -> float:
        """The width of everything but title and sentence, at the step at which it is widest."""
        badges = self.verdict_width(header.verdict.kind, at_any_step=True)
        badges += self.badge_width(header.precision) + self.scaling_width(header)
        return self.counters_width(header) + badges + 2 * PART_GAP * self.unit

    def counters_width(self, header: Header) -> float:
        """The width of step counter and zoom label at the step at which they are widest, with all gaps."""
        counter = max(width_of(self.counter, text) for text in (header.counter, header.last_counter))
        grown = max(width_of(self.zoom, header.zoom_label), _widest_zoom_label(header.top_zoom_level, self.zoom))
        return counter + grown + 5 * PART_GAP * self.unit

    def least_width(self, header: Header) -> float:
        """The same, plus the part of the title that is always shown."""
        return self.width(header) + min(width_of(self.title, header.title), LEAST_TITLE * self.unit)


@lru_cache(maxsize=8)
def _fonts(unit: float) -> _Fonts:
    return _Fonts(unit)


class FittedTitle(NamedTuple):
    """The title as far as it fits, and the unit in which the header is painted."""

    title: str
    unit: float


class HeaderBar(FrameBar[Header]):
    """Draws the header; the title is 26 units high, and shortened where it would not fit beside the rest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cache = ImageCache()
        self._fitted = LatestResult[FittedTitle]()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Update the tooltip, since the width decides whether the title is shortened."""
        super().resizeEvent(event)
        self._update()

    def _describe(self, picture: Header) -> None:
        """Set the verdict's sentence, below the whole title if that is shortened."""
        text = "\n".join((picture.verdict.sentence, *picture.scales))
        if self._fit(picture).title != picture.title:
            text = f"{picture.title}\n{text}"
        set_tooltip(self, text)
        self.setAccessibleDescription(text)

    def _fit(self, picture: Header) -> FittedTitle:
        """Fit the header into the bar, once for describing and painting it."""
        key = picture, self.width(), self._unit
        return self._fitted.of(key, lambda: fit_title(*key))

    def _paint(self, painter: QPainter, picture: Header, palette: Palette) -> None:
        """Paint the counter, which is never shortened, and from a cache all to its left, which rarely changes."""
        if picture.scaling and _fonts(self._unit).least_width(picture) > self.width():
            picture = replace(picture, scaling="")
        title, unit = self._fit(picture)
        header, fonts, gap = replace(picture, title=title), _fonts(unit), PART_GAP * unit
        counters, right = [], self.width() - gap
        for text, widest, font, colour in (
            # The zoom label stands still while the counter gains digits.
            (header.counter, header.last_counter, fonts.counter, palette.text),
            (header.zoom_label, header.zoom_label, fonts.zoom, palette.accent),
        ):
            width = width_of(font, text)
            counters.append((right - width, text, font, colour))
            right -= max(width, width_of(font, widest)) + 2 * gap
        key = (header.title, header.verdict, header.runs, header.precision, header.scaling, right, unit, palette)
        paint = partial(self._paint_left, header=header, right=right, unit=unit, palette=palette)
        self._cache.paint(painter, QRectF(self.rect()), key, paint, opaque=not palette.see_through)
        for left, text, font, colour in counters:
            self._text(painter, left, text, font, colour)

    def _paint_left(self, painter: QPainter, header: Header, right: float, unit: float, palette: Palette) -> None:
        """Paint title, badges and sentence, or the verdicts on several runs, on the stage's background."""
        if not palette.see_through:
            painter.fillRect(self.rect(), QColor(palette.background))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fonts, gap = _fonts(unit), PART_GAP * unit
        left = gap + self._text(painter, gap, header.title, fonts.title, palette.text) + gap
        end = min(right, self.width() - fonts.counters_width(header)) - fonts.badge_width(header.precision) - gap
        style = style_of(palette, unit)
        runs = run_verdicts(header.runs, left, end - fonts.scaling_width(header), self.height(), style)
        if runs is None and header.runs and header.scaling:  # the verdicts matter more
            header = replace(header, scaling="")
            runs = run_verdicts(header.runs, left, end, self.height(), style)
        if runs is not None:
            paint_all(painter, runs.things)
            self._badges(painter, runs.right + gap, header, fonts, palette)
            return
        is_filled = header.verdict.kind is Kind.DIVERGING
        kind = header.verdict.kind
        width = fonts.verdict_width(kind)
        left += self._badge(painter, left, _verdict(kind), fonts, palette, is_filled, width) + gap
        left = self._badges(painter, left, header, fonts, palette) + gap
        font = text_font(18 * unit)
        names = [run.name for run in header.runs]
        told = widest_fitting(font, wordings(header.verdict.sentence, names), right - left)
        self._text(painter, left, told, font, palette.quiet)

    def _text(self, painter: QPainter, left: float, text: str, font: QFont, colour: str) -> float:
        width = width_of(font, text)
        painter.setPen(QColor(colour))
        draw_block(painter, QRectF(left, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, text, font)
        return width

    def _badges(self, painter: QPainter, left: float, header: Header, fonts: _Fonts, palette: Palette) -> float:
        """Paint the badges with the precision and what is standardised from ``left`` on, and return their right end."""
        left += self._badge(painter, left, header.precision, fonts, palette)
        if header.scaling:
            left += PART_GAP * fonts.unit
            left += self._badge(painter, left, header.scaling, fonts, palette)
        return left

    def _badge(
        self,
        painter: QPainter,
        left: float,
        text: str,
        fonts: _Fonts,
        palette: Palette,
        is_filled: bool = False,
        width: float | None = None,
    ) -> float:
        unit, font, width = fonts.unit, fonts.badge, fonts.badge_width(text) if width is None else width
        height = QFontMetricsF(font).height() + 6 * unit
        frame = QRectF(left, (self.height() - height) / 2, width, height)
        colour = QColor(palette.warning if is_filled else palette.quiet)
        painter.setPen(QPen(colour, 1.5 * unit))
        painter.setBrush(colour if is_filled else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, height / 3, height / 3)
        painter.setPen(QColor(palette.background) if is_filled else colour)
        draw_block(painter, frame, Qt.AlignmentFlag.AlignCenter, text, font)
        return width


def wordings(sentence: str, names: Sequence[str] = ()) -> tuple[str, ...]:
    """The whole sentence, its part before a semicolon or comma, and the loss alone; never an elided one.

    names: of the runs, one of which, with a colon, may stand before it, and does so in all of them.
    """
    lead = next((f"{name}: " for name in names if sentence.startswith(f"{name}: ")), "")
    parts = sentence.removeprefix(lead).split("; ")
    losses = [part for part in parts[1:] if part.startswith("loss ")]
    return (sentence, *(f"{lead}{part}" for part in (parts[0], parts[0].partition(", ")[0], *losses)))


def fit_title(header: Header, width: float, unit: float) -> FittedTitle:
    """Fit the header into ``width`` pixels; the result is the same at each step of a run, so that nothing jumps.

    A title that is too long is shortened; if less than LEAST_TITLE of it would remain, all text is made smaller.
    """
    fonts = _fonts(unit)
    is_short = width_of(fonts.title, header.title) <= LEAST_TITLE * unit
    if (factor := width / (fonts.least_width(header) + 1.0)) < 1.0:
        fonts = _fonts(unit * factor)
    for _ in range(MOST_ATTEMPTS):
        needed = fonts.least_width(header)
        if needed <= width + PART_GAP / 2 * fonts.unit:
            break
        fonts = _fonts(fonts.unit * (width / needed))
    unit, room = fonts.unit, width - fonts.width(header) - 1.0
    if header.runs and not is_short:  # a shorter title, if that makes room for all verdicts
        needed = least_verdicts_width(header.runs, unit)
        more = needed + PART_GAP * unit - fonts.verdict_width(header.verdict.kind, at_any_step=True)
        room -= max(0.0, more) if room - more >= LEAST_TITLE * unit else 0.0
    return FittedTitle(header.title if is_short else shortened(fonts.title, header.title, room), unit)


@lru_cache(maxsize=64)
def _widest_zoom_label(top_zoom_level: int, font: QFont) -> float:
    return max(width_of(font, zoom_label(level)) for level in range(top_zoom_level + 1))


@lru_cache(maxsize=64)
def _widest_verdict(kind: Kind, at_any_step: bool, font: QFont) -> float:
    kinds = _possible(kind) if at_any_step else sharing_room(kind)
    return max(width_of(font, _verdict(other)) for other in kinds)


def _verdict(kind: Kind) -> str:
    return f"{_SYMBOLS[kind]} {kind.value}"


def _possible(kind: Kind) -> tuple[Kind, ...]:
    """The verdicts that a run may have at other steps."""
    return (kind,) if kind is Kind.RANGE_TEST else tuple(other for other in Kind if other is not Kind.RANGE_TEST)
