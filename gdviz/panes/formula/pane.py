"""The pane with the analytic solution: its derivation, the run's distance from it, and the steps to reach it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont

from gdviz.core.frozen import frozen
from gdviz.panes.formula.picture import FormulaPicture, NamedPoint
from gdviz.plotting.axes_layout import MARGIN, title_bottom, title_words
from gdviz.plotting.pane import PlotPane
from gdviz.plotting.placement import left_aligned, right_aligned
from gdviz.plotting.shapes import Painted, Shape, Words
from gdviz.plotting.style import TEXT_PIXELS, Style, faded, height_of, marker
from gdviz.plotting.text import text_font, widest_fitting, width_of, wrapped_size
from gdviz.presentation.legend import NO_LEGEND, Legend
from gdviz.presentation.look import Look
from gdviz.presentation.numbers import format_number

TITLE, QUESTION = "IS THERE NOT A FORMULA?", "HOW MANY STEPS TO WITHIN 1 %?"
MEANING = "until at most 1 % of the start's loss above the {} is left"
ANSWER_PIXELS, SMALLEST_ANSWER, SMALLEST_DERIVATION = 26.0, 18.0, 14.0
DIGITS = (5, 4, 3)
MIN_GAP, MAX_GAP = 3.0, 26.0
"""Units between the parts: in a full pane, and in one with space to spare."""
MARKER_WIDTH = 24.0
"""Units for the marker before the name of a point."""


@frozen
class _Detail:
    """How much is shown: all minima or the nearest, whether to explain what 1 % means, and what the solution costs."""

    all_minima: bool
    meaning: bool
    cost: bool = True


_DETAILS = (_Detail(True, True), _Detail(True, False), _Detail(False, True), _Detail(False, False))
_SHORTER = (*_DETAILS, _Detail(False, False, cost=False))
"""For standardised data, and for a line of minima, of which there is more to say."""


@dataclass
class Page:
    """The contents of a pane, added from top to bottom; ``y`` is where the next part starts.

    static, moving: what is the same in most frames, and what is not. right: the right edge of the contents; beyond
    ``width`` the page is too narrow.
    """

    style: Style
    width: float
    y: float
    static: list[Painted] = field(default_factory=list)
    moving: list[Painted] = field(default_factory=list)
    right: float = 0.0

    @property
    def left(self) -> float:
        """The left edge of text."""
        return MARGIN * self.style.unit

    def line(self, text: str, font: QFont, colour: str, moves: bool = False) -> None:
        """Add a line of text, wrapped if the pane is too narrow."""
        room = self.width - 2 * self.left
        wrap = width_of(font, text) > room
        size = wrapped_size(font, text, room)[1] if wrap else height_of(font)
        rect = QRectF(self.left, self.y, room, size)
        words = Words(text, rect, font, colour, align=Qt.AlignmentFlag.AlignLeft, wrap=wrap)
        (self.moving if moves else self.static).append(words)
        self.y += size


class FormulaPane(PlotPane[FormulaPicture]):
    """Shows the solution, the run's distance from it, and how many steps it takes to get there."""

    def show_picture(self, picture: FormulaPicture, look: Look, legend: Legend = NO_LEGEND) -> None:
        """Draw this solution."""
        super().show_picture(picture, look, legend)
        self.setAccessibleName(_accessible_text(picture))

    def _draw(self, picture: FormulaPicture, style: Style) -> None:
        # The layout must not depend on the current step: its numbers keep to their columns, so a page always fits.
        origin = NamedPoint("", (0.0, 0.0), 0.0)
        own = picture.own_current and ("",)
        anywhere = replace(picture, nearest=0, current=origin, distance=picture.distance and 0.0, own_current=own)
        width = float(self.width())
        page = _compose(picture, width, *_fit(anywhere, width, float(self.height()), style), self._legend.live)
        self._show_grids((), page.style, page.static)
        self._show_front(page.moving)


def _accessible_text(picture: FormulaPicture) -> str:
    """Return the pane's contents in words, for screen readers."""
    answer = picture.answer
    steps = f"within 1 % {_condition(picture)}: {answer.steps}, {answer.reason}"
    away = "" if picture.distance is None else f"distance {format_number(picture.distance)}; "
    own = (text[0] for text in (picture.scales, picture.own_minimum, picture.own_current) if text)
    parts = (picture.derivation, *picture.line_of_minima, picture.symbols, *own, f"{away}{steps}")
    return "; ".join(filter(None, parts))


def _condition(picture: FormulaPicture) -> str:
    rate = picture.learning_rate
    return "with this rule" if rate is None else f"at learning rate {format_number(rate)}"


@lru_cache(maxsize=16)
def _fit(picture: FormulaPicture, width: float, height: float, style: Style) -> tuple[Style, _Detail, float]:
    """Return style, detail and gap of the page that fits: the largest text, the most detail, the widest gap."""
    bottom = height - 0.5 * MARGIN * style.unit
    smaller = style
    while True:
        for detail in _SHORTER if picture.scales or picture.line_of_minima else _DETAILS:
            page = _compose(picture, width, smaller, detail, MIN_GAP)
            if page.y <= bottom and page.right <= width:
                gap = MIN_GAP + (bottom - page.y) / smaller.unit / 3
                return smaller, detail, min(MAX_GAP, gap)
        if smaller.unit * TEXT_PIXELS < 2.0:
            return smaller, _DETAILS[-1], MIN_GAP
        smaller = replace(style, unit=0.95 * smaller.unit)


def _compose(picture: FormulaPicture, width: float, style: Style, detail: _Detail, gap: float, live: int = 0) -> Page:
    """Compose the page. live: the style of the live run. gap: between the parts, in units."""
    page = Page(style, width, title_bottom(style))
    page.static += title_words(TITLE, "", width, style)
    _add_derivation(page, picture, detail)
    page.y += gap * style.unit
    _add_table(page, picture, detail, live)
    _add_own_units(page, picture)
    page.y += gap * style.unit
    page.line(QUESTION, style.title, style.palette.quiet)
    if detail.meaning and picture.minima:
        goal = "lowest minimum" if len({minimum.loss for minimum in picture.minima}) > 1 else "minimum"
        page.line(MEANING.format(goal), style.text, style.palette.quiet)
    _add_answer(page, picture)
    return page


def _add_derivation(page: Page, picture: FormulaPicture, detail: _Detail) -> None:
    """Add the derivation in one line, in slightly smaller text if needed, what its symbols mean, and maybe its cost."""
    style, room = page.style, page.width - 2 * page.left
    fonts = [text_font(pixels * style.unit) for pixels in (TEXT_PIXELS, 15.0, SMALLEST_DERIVATION)]
    font = next((font for font in fonts if width_of(font, picture.derivation) <= room), style.text)
    page.line(picture.derivation, font, style.palette.text)
    of_line = picture.line_of_minima if detail.meaning else picture.line_of_minima[:1]
    for said in filter(None, (*of_line, picture.symbols, picture.cost if detail.cost else "")):
        page.line(said, style.text, style.palette.quiet)


def _add_table(page: Page, picture: FormulaPicture, detail: _Detail, live: int) -> None:
    """Add the minima and the current point, in columns that no number makes wider."""
    style, several, current = page.style, len(picture.minima), picture.current
    columns, digits = _columns(page, ("nearest of 4" if several > 1 else "minimum", f"step {picture.steps:,}"))
    distance = ("to the line" if picture.line_of_minima else "distance",) if picture.minima else ()
    names = (*picture.parameters, "loss", *distance)
    page.static += _row(page, columns, names, style.text, style.palette.quiet)
    for index, minimum in enumerate(picture.minima):
        nearest = index == picture.nearest
        if nearest or detail.all_minima:
            colour = style.palette.text if nearest else style.palette.quiet
            near = "nearest" if detail.all_minima else f"nearest of {several}"
            name = near if nearest and several > 1 else minimum.name
            texts = [format_number(value, digits) for value in (*minimum.point, minimum.loss)]
            page.static += _row(page, columns, texts, style.number, colour, name)
    away = () if picture.distance is None else (picture.distance,)
    texts = [format_number(value, digits) for value in (*current.point, current.loss, *away)]
    page.moving.append(_run_marker(page, live))
    page.moving += _row(page, columns, texts, style.number, style.palette.text, current.name)


def _add_own_units(page: Page, picture: FormulaPicture) -> None:
    """Add how the columns were standardised, and the best and the current line in their own units, each in one line."""
    style, left = page.style, page.left
    rows = ((picture.scales, page.static), (picture.own_minimum, page.static), (picture.own_current, page.moving))
    for wordings, things in rows:
        if wordings:
            text = widest_fitting(style.text, wordings, page.width - 2 * left)
            things.append(left_aligned(left, page.y, text, style.text, style.palette.text))
            page.y += height_of(style.text)


def _columns(page: Page, names: tuple[str, str]) -> tuple[list[float], int]:
    """Return the right edges of the four columns of numbers, and how many digits fit, leaving room for the names.

    If not even the longest number with the fewest digits fits, the page is too narrow.
    """
    style = page.style
    begin = page.left + MARKER_WIDTH * style.unit + max(width_of(style.text, name) for name in names)
    wide = (page.width - page.left - begin) / 4
    columns = [begin + wide * (index + 1) for index in range(4)]
    room = columns[1] - columns[0] - 4 * style.unit
    longest = {digits: width_of(style.number, f"−8.{'8' * (digits - 1)}e−38") for digits in DIGITS}
    page.right = max(page.right, page.width + longest[DIGITS[-1]] - room)
    return columns, next((digits for digits in DIGITS if longest[digits] <= room), DIGITS[-1])


def _row(
    page: Page, columns: Iterable[float], texts: Iterable[str], font: QFont, colour: str, name: str = ""
) -> list[Painted]:
    """Add a row of the table: an optional name, and texts right-aligned in the columns."""
    style = page.style
    cells = [right_aligned(edge, page.y, text, font, colour) for edge, text in zip(columns, texts, strict=False)]
    top = page.y + (height_of(style.number) - height_of(style.text)) / 2
    names = [left_aligned(page.left + MARKER_WIDTH * style.unit, top, name, style.text, colour)] if name else []
    page.y += height_of(font)
    return [*names, *cells]


def _run_marker(page: Page, live: int) -> Shape:
    """Return the marker of the live run, which the page is about."""
    palette, unit = page.style.palette, page.style.unit
    place = QPointF(page.left + MARKER_WIDTH / 2 * unit, page.y + height_of(page.style.number) / 2)
    return Shape(marker(live, place, 6 * unit), page.style.pen(palette.background, 1.5), faded(palette.runs[live], 1.0))


def _add_answer(page: Page, picture: FormulaPicture) -> None:
    """Add the answer in the largest text that fits, and the reason on its own line, so that nothing moves."""
    style, answer = page.style, picture.answer
    unit, palette = style.unit, style.palette
    prefix = f"{_condition(picture)}:"
    begin = page.left + width_of(style.text, prefix) + 8 * unit
    largest = text_font(ANSWER_PIXELS * unit, bold=True)
    room, wide, height = page.width - page.left - begin, width_of(largest, answer.steps), height_of(largest)
    pixels = ANSWER_PIXELS if wide <= room else max(SMALLEST_ANSWER, ANSWER_PIXELS * room / wide - 0.5)
    font = text_font(pixels * unit, bold=True)
    base = page.y + height / 2 - height_of(style.text) / 2
    colour = palette.accent if answer.arrives else palette.warning
    steps = left_aligned(begin, page.y + (height - height_of(font)) / 2, answer.steps, font, colour)
    page.moving += [left_aligned(page.left, base, prefix, style.text, palette.text), steps]
    page.right = max(page.right, steps.rect.right())
    page.y += height
    page.line(answer.reason, style.text, palette.text, moves=True)
