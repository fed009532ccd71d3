"""The layout of the tape: both passes, the update and the check, as large as fits the pane."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, cached_property, lru_cache, partial
from itertools import accumulate, repeat, takewhile
from operator import le, mul

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from gdviz.core.frozen import frozen
from gdviz.panes.tape.check import Table, check_button, check_table, check_words, fitted_lines, run_words, update_words
from gdviz.panes.tape.columns import (
    DIGITS,
    GAP,
    INSET,
    Block,
    PlacedBlock,
    block_of,
    fitted_columns,
    heading_height,
    limited,
    number_words,
    placed_block,
    row_height,
)
from gdviz.panes.tape.picture import TapePicture
from gdviz.plotting.axes_layout import MARGIN, title_bottom, title_words
from gdviz.plotting.shapes import Painted, Shape, Words
from gdviz.plotting.style import TEXT_PIXELS, Style, faded
from gdviz.plotting.text import fitting

TITLES = ("WHERE DO THE GRADIENTS COME FROM?", "WHERE GRADIENTS COME FROM", "GRADIENTS")
"""The longest that fits is the heading."""
MIN_GAP, MAX_GAP, MAX_ROW_SPREAD, MAX_COLUMN_SPREAD = 3.0, 18.0, 12.0, 48.0
"""Units: the gap between parts (least and most), and the largest extra spacing of rows and of columns."""
GAP_COUNT = 3.5
"""The number of gaps from top to bottom, with half a gap below the title and above the check's result."""
MAX_SCALE, ALL_DIGITS = 1.35, 1.0
"""The largest text size relative to normal, and the size above which digits are not reduced for it."""
SHRINK = 0.97
"""Each text size relative to the one above it."""
ALL_SAMPLES, READABLE = 3, 13.5 / TEXT_PIXELS
"""If the text would be smaller than this relative to normal, only one sample row is shown."""
SMALLEST_TEXT = 4.0
"""Pixels: smaller text is illegible anyway, so the page is laid out even if it does not fit."""


@frozen
class PageContent:
    """What the layout depends on: the picture without its numbers, so that nothing moves while a run plays."""

    forward: Block
    reverse: Block
    parameters: tuple[str, str]
    is_checked: bool
    notes: int
    update_lines: int
    run: str


@frozen(eq=False)
class TapePage:
    """A page that has been laid out.

    style: of all but the title. title: with the run's name. note: the space for the notes below it. blocks: forward and
    reverse. update: the space for its lines. check: the button with its words. table: where the check's result stands;
    None without one. bottom, right: the extent of the page.
    """

    style: Style
    title: tuple[Words, ...]
    note: QRectF
    blocks: tuple[PlacedBlock, PlacedBlock]
    update: QRectF
    check: tuple[Shape, Words]
    table: Table | None
    bottom: float
    right: float

    @cached_property
    def static(self) -> tuple[Painted, ...]:
        """What stays the same while the run plays; of most pages that are tried it is never asked for."""
        in_blocks = (thing for block in self.blocks for thing in block.things)
        return (*self.title, *in_blocks, *self.check, *(self.table.things if self.table is not None else ()))

    @property
    def button(self) -> QRectF:
        """The clickable area."""
        return self.check[1].rect

    @property
    def bands(self) -> tuple[QRectF, ...]:
        """The bands of all rows, in the order of `TapePicture.rows`."""
        return self.blocks[0].bands + self.blocks[1].bands


def page_content(picture: TapePicture, run: str) -> PageContent:
    """Return what the layout depends on. run: the run's name, if there are several."""
    samples = picture.samples
    if picture.is_batch:  # rows differ at every step: allow for any
        samples = (10 ** len(str(picture.rows_of_data)) - 1,) * len(samples)
    return PageContent(
        block_of(picture.forward, samples, is_reverse=False),
        block_of(picture.reverse, samples, is_reverse=True),
        picture.parameters,
        picture.check is not None,
        len(picture.notes),
        picture.update_lines,
        run,
    )


@frozen
class _Arrangement:
    """How a page is laid out.

    factor: the text size relative to normal. beside: whether the passes are side by side. samples: the number of sample
    rows. digits: of the numbers. gap, column_gap, spread: units between parts, columns and rows.
    """

    factor: float
    beside: bool
    samples: int
    digits: int
    gap: float = MIN_GAP
    column_gap: float = GAP
    spread: float = 0.0


Size = tuple[_Arrangement, ...]
"""The arrangements of one size of text, the best first."""


@lru_cache(maxsize=16)
def lay_out_page(content: PageContent, width: float, height: float, style: Style) -> TapePage:
    """Lay out the page in the largest text that fits, with the passes above each other or side by side."""
    room = QPointF(width, height - MARGIN * style.unit / 2)

    @cache
    def fitting(size: Size) -> tuple[_Arrangement, TapePage] | None:
        pages = ((how, _compose(content, width, style, how)) for how in size)
        return next((found for found in pages if _fits(found[1], room)), None)

    def is_fitting(size: Size) -> bool:
        return fitting(size) is not None

    has_samples, illegible = bool(content.forward.columns), SMALLEST_TEXT / (style.unit * TEXT_PIXELS)
    sizes = _arrangements(ALL_SAMPLES, READABLE, has_samples)
    if not is_fitting(sizes[-1]):
        sizes = _arrangements(1, SHRINK * illegible, has_samples)
    # What fits also does in smaller text; trying all sizes takes a tenth of a second.
    found = fitting(sizes[bisect_left(sizes, True, key=is_fitting)])
    assert found is not None  # illegible text always does
    how, page = found
    return _compose(content, width, style, _spread_out(how, content, page, room))


def _fits(page: TapePage, room: QPointF) -> bool:
    is_legible = page.style.unit * TEXT_PIXELS >= SMALLEST_TEXT
    return not is_legible or (page.bottom <= room.y() and page.right <= room.x())


def _spread_out(how: _Arrangement, content: PageContent, page: TapePage, room: QPointF) -> _Arrangement:
    """Return the arrangement with rows, columns and parts spread over the remaining space."""
    unit, passes = page.style.unit, (content.forward.rows, content.reverse.rows)
    lines = 2 + (max(map(len, passes)) if how.beside else sum(map(len, passes)))
    spare = max(0.0, room.y() - page.bottom) / unit
    spread = min(MAX_ROW_SPREAD, 0.7 * spare / lines)
    gaps = sum(len(block.columns.ends) + 1 for block in page.blocks) if how.beside else len(page.blocks[0].columns.ends)
    wider = min(MAX_COLUMN_SPREAD, max(0.0, room.x() - page.right) / unit / (gaps + 1))
    gap = min(MAX_GAP, MIN_GAP + (spare - spread * lines) / GAP_COUNT)
    return replace(how, gap=gap, column_gap=GAP + wider, spread=spread)


def _arrangements(samples: int, smallest: float, has_samples: bool) -> list[Size]:
    """Return the arrangements of each size of text, the largest first, and of each size the best first.

    smallest: the factor down to which there are any.
    """
    factors = takewhile(partial(le, smallest), accumulate(repeat(SHRINK), mul, initial=MAX_SCALE))
    # Columns of samples should align vertically; single numbers would leave half of the pane empty.
    orders = (not has_samples, has_samples)
    return [
        tuple(_Arrangement(factor, beside, samples, digits) for digits in _digits(factor) for beside in orders)
        for factor in factors
    ]


def _digits(factor: float) -> Sequence[int]:
    return DIGITS if factor <= ALL_DIGITS else DIGITS[:1]


def _compose(content: PageContent, width: float, style: Style, how: _Arrangement) -> TapePage:
    """Compose the page; ``style`` is that of the title."""
    smaller = replace(style, unit=how.factor * style.unit)
    unit, left = smaller.unit, MARGIN * style.unit
    gap, row = how.gap * unit, row_height(smaller)
    title = title_words(fitting(style.title, TITLES, width - 2 * left), "", width, style)
    title += run_words(content.run, title[0].rect, width, style)
    note = QRectF(left, max(title_bottom(style), title[-1].rect.bottom()), width - 2 * left, content.notes * row)
    blocks = _blocks(content, QPointF(left, note.bottom() + gap / 2), smaller, how)
    top = max(block.bands[-1].bottom() for block in blocks) + gap
    update = QRectF(left, top, width - 2 * left, heading_height(smaller) + content.update_lines * row)
    check = check_button(QPointF(left, update.bottom() + gap), content.is_checked, smaller)
    button, table = check[1].rect, None
    right, bottom = max(button.right(), *(block.columns.right for block in blocks)), button.bottom()
    if content.is_checked:
        table = check_table(content.parameters, QPointF(left, button.bottom() + gap / 2), smaller)
        right, bottom = max(right, table.ends[-1]), table.rows[1].bottom()
    return TapePage(smaller, tuple(title), note, blocks, update, check, table, bottom, right + left)


def _blocks(content: PageContent, place: QPointF, style: Style, how: _Arrangement) -> tuple[PlacedBlock, PlacedBlock]:
    forward, reverse = limited(content.forward, how.samples), limited(content.reverse, how.samples)
    left, top, step = place.x(), place.y(), row_height(style) + how.spread * style.unit
    between = how.column_gap * style.unit
    if how.beside:
        first = fitted_columns([forward], left, style, how.digits, between)
        second = fitted_columns([reverse], first.right + 2 * between, style, how.digits, between)
        return placed_block(forward, first, top, step, style), placed_block(reverse, second, top, step, style)
    both = fitted_columns([forward, reverse], left, style, how.digits, between)
    above = placed_block(forward, both, top, step, style)
    return above, placed_block(reverse, both, above.bands[-1].bottom() + how.gap * style.unit, step, style)


def moving_shapes(page: TapePage, picture: TapePicture) -> tuple[Painted, ...]:
    """Return the numbers of a picture on its page."""
    things: list[Painted] = [*fitted_lines(picture.notes, page.note, page.style.text, page.style.palette.text)]
    for found, rows in zip(page.blocks, (picture.forward, picture.reverse), strict=True):
        things += number_words(found, rows, picture.samples, page.style)
    things += update_words(picture.update, picture.step, page.update, page.style)
    if picture.check is not None and page.table is not None:
        things += check_words(picture.check, page.table, page.button, page.style)
    return tuple(things)


def highlight_band(page: TapePage, lit: int) -> Shape:
    """Return the band behind the highlighted row."""
    palette, radius = page.style.palette, INSET * page.style.unit
    path = QPainterPath()
    path.addRoundedRect(page.bands[lit], radius, radius)
    return Shape(path, page.style.pen(palette.accent, 1.2), faded(palette.accent, 0.2))
