"""How title and learning rate fit into the header's first line: shortened, or all of it in smaller text."""

from functools import lru_cache
from typing import NamedTuple

from PySide6.QtGui import QFont

from gdviz.core.analysis.verdict import Kind
from gdviz.panes.bars.picture import Header
from gdviz.panes.bars.run_verdicts import least_verdicts_width, sharing_room
from gdviz.panes.landscape.zoom import zoom_label
from gdviz.plotting.text import number_font, shortened, text_font, width_of

SYMBOLS = {
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
RATE_NAMES = ("learning rate", "rate")
"""What stands before the learning rate, the longer one where there is room for it."""
BADGE_EDGES = 18.0
"""What the frame of a badge adds to the width of its text, in units."""


class Fonts:
    """The fonts at a unit, and the widths of the parts of the first line. Raised digits are legible as text only."""

    def __init__(self, unit: float) -> None:
        self.unit = unit
        self.title, self.badge = text_font(26 * unit, bold=True), text_font(18 * unit, bold=True)
        self.counter, self.zoom = number_font(22 * unit), text_font(22 * unit, bold=True)
        self.rate = text_font(22 * unit, bold=True)

    def badge_width(self, text: str) -> float:
        """The width of a badge with its frame, in pixels, as all widths here."""
        return width_of(self.badge, text) + BADGE_EDGES * self.unit

    def verdict_width(self, kind: Kind, *, at_any_step: bool = False) -> float:
        """The width of the badge that has room for this verdict, or for any that the run may have at other steps."""
        return _widest_verdict(kind, at_any_step, self.badge) + BADGE_EDGES * self.unit

    def scaling_width(self, header: Header) -> float:
        """The width of the badge that says what is standardised, and the gap before it; 0 for none."""
        return self.badge_width(header.scaling) + PART_GAP * self.unit if header.scaling else 0.0

    def rate_width(self, header: Header, name: str) -> float:
        """The width of the learning rate under that name at any step, and the gap before it; 0 for none."""
        if not header.learning_rate:
            return 0.0
        numbers = (header.learning_rate, header.longest_rate)
        return max(width_of(self.rate, f"{name} {number}") for number in numbers) + PART_GAP * self.unit

    def width(self, header: Header, rate_name: str = RATE_NAMES[0]) -> float:
        """The width of everything but the title, at the step at which it is widest."""
        badges = self.verdict_width(header.verdict.kind, at_any_step=True)
        badges += self.badge_width(header.precision) + self.scaling_width(header)
        return self.counters_width(header) + badges + self.rate_width(header, rate_name) + 2 * PART_GAP * self.unit

    def counters_width(self, header: Header) -> float:
        """The width of step counter and zoom label at the step at which they are widest, with all gaps."""
        counter = max(width_of(self.counter, text) for text in (header.counter, header.last_counter))
        grown = max(width_of(self.zoom, header.zoom_label), _widest_zoom_label(header.top_zoom_level, self.zoom))
        return counter + grown + 5 * PART_GAP * self.unit

    def least_width(self, header: Header, rate_name: str = RATE_NAMES[0]) -> float:
        """The same, plus the part of the title that is always shown."""
        return self.width(header, rate_name) + min(width_of(self.title, header.title), LEAST_TITLE * self.unit)


@lru_cache(maxsize=8)
def fonts_at(unit: float) -> Fonts:
    """The fonts at that unit."""
    return Fonts(unit)


class FittedTitle(NamedTuple):
    """The title as far as it fits, the unit in which the header is painted, and what stands before the rate."""

    title: str
    unit: float
    rate_name: str


def fit_title(header: Header, width: float, unit: float) -> FittedTitle:
    """Fit the first line into ``width`` pixels; the result is the same at each step of a run, so that nothing jumps.

    Where it would not fit the rate has a shorter name; then a title that is too long is shortened; if less than
    LEAST_TITLE of it would remain, all text is made smaller.
    """
    for rate_name in RATE_NAMES:
        fitted = _fit(header, rate_name, width, unit)
        if fitted.title == header.title and fitted.unit == unit:
            break
    return fitted


def _fit(header: Header, rate_name: str, width: float, unit: float) -> FittedTitle:
    fonts = fonts_at(unit)
    is_short = width_of(fonts.title, header.title) <= LEAST_TITLE * unit
    if (factor := width / (fonts.least_width(header, rate_name) + 1.0)) < 1.0:
        fonts = fonts_at(unit * factor)
    for _ in range(MOST_ATTEMPTS):
        needed = fonts.least_width(header, rate_name)
        if needed <= width + PART_GAP / 2 * fonts.unit:
            break
        fonts = fonts_at(fonts.unit * (width / needed))
    unit, room = fonts.unit, width - fonts.width(header, rate_name) - 1.0
    if header.runs and not is_short:  # a shorter title, if that makes room for all verdicts
        needed = least_verdicts_width(header.runs, unit)
        more = needed + PART_GAP * unit - fonts.verdict_width(header.verdict.kind, at_any_step=True)
        room -= max(0.0, more) if room - more >= LEAST_TITLE * unit else 0.0
    return FittedTitle(header.title if is_short else shortened(fonts.title, header.title, room), unit, rate_name)


@lru_cache(maxsize=64)
def _widest_zoom_label(top_zoom_level: int, font: QFont) -> float:
    return max(width_of(font, zoom_label(level)) for level in range(top_zoom_level + 1))


@lru_cache(maxsize=64)
def _widest_verdict(kind: Kind, at_any_step: bool, font: QFont) -> float:
    kinds = _possible(kind) if at_any_step else sharing_room(kind)
    return max(width_of(font, verdict_text(other)) for other in kinds)


def verdict_text(kind: Kind) -> str:
    """The verdict's word after its symbol."""
    return f"{SYMBOLS[kind]} {kind.value}"


def _possible(kind: Kind) -> tuple[Kind, ...]:
    """The verdicts that a run may have at other steps."""
    return (kind,) if kind is Kind.RANGE_TEST else tuple(other for other in Kind if other is not Kind.RANGE_TEST)
