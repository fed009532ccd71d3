"""The page of the tape: both passes, the update and the check, as large as the pane has room for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from gdviz.panes.tape.check import Table, button_of, check_words, fitted_lines, run_words, table_of, update_words
from gdviz.panes.tape.columns import (
    DIGITS,
    GAP,
    INSET,
    Block,
    Placed,
    block_of,
    columns_of,
    heading_height,
    narrowed,
    numbers,
    placed,
    row_height,
)
from gdviz.panes.tape.picture import TapePicture
from gdviz.plotting.axes_layout import MARGIN, title_bottom, title_words
from gdviz.plotting.shapes import Painted, Shape
from gdviz.plotting.style import TEXT_PIXELS, Style, faded

TITLE = "WHERE DO THE GRADIENTS COME FROM?"
LEAST_GAP, LARGEST_GAP, LARGEST_SPREAD, WIDEST_SPREAD = 3.0, 18.0, 12.0, 48.0
"""Units between the parts, and by how much rows and columns stand further apart, at most."""
GAPS = 3.5
"""How many gaps a page has from top to bottom, with half a one below the title and above the check's result."""
LARGEST, GENEROUS = 1.35, 1.0
"""The largest size of the text, in parts of its usual size, and the one up to which no digits are given up for it."""
ALL_SAMPLES, READABLE = 3, 13.5 / TEXT_PIXELS
"""Where the text would be smaller than that part of its size, only one sample row is shown."""
SMALLEST_TEXT = 4.0
"""Pixels: nothing smaller can be read anyway, so a page is laid out even if it does not fit."""


@dataclass(frozen=True)
class Outline:
    """What the layout depends on: all of the picture but the numbers, so that nothing moves while a run plays."""

    forward: Block
    reverse: Block
    parameters: tuple[str, str]
    is_checked: bool
    notes: int
    update_lines: int
    run: str


@dataclass(frozen=True, eq=False)
class TapePage:
    """A page that has been laid out.

    style: of all but the title. note: the room for the lines below it. blocks: forward and reverse. update: the room
    for its lines. button: the place to be clicked. table: where the result of the check stands, if there is one.
    bottom, right: how far the page reaches. still: what stays the same while the run goes on.
    """

    style: Style
    note: QRectF
    blocks: tuple[Placed, Placed]
    update: QRectF
    button: QRectF
    table: Table
    bottom: float
    right: float
    still: tuple[Painted, ...]

    @property
    def bands(self) -> tuple[QRectF, ...]:
        """Of all rows, in the order of `TapePicture.rows`."""
        return self.blocks[0].bands + self.blocks[1].bands


def outline(picture: TapePicture, run: str) -> Outline:
    """What of the picture the layout depends on. run: whose it is, if there are several."""
    samples = picture.samples
    if picture.is_batch:  # other rows at every step: room for any
        samples = (10 ** len(str(picture.rows_of_data)) - 1,) * len(samples)
    return Outline(
        block_of(picture.forward, samples, is_reverse=False),
        block_of(picture.reverse, samples, is_reverse=True),
        picture.parameters,
        picture.check is not None,
        len(picture.notes),
        picture.update_lines,
        run,
    )


@dataclass(frozen=True)
class _Arrangement:
    """How a page is laid out.

    factor: the size of its text, 1 being full size. beside: whether the passes stand beside each other. samples: how
    many sample rows are shown. digits: of the numbers. gap, column_gap, spread: units between the parts, the
    columns and the rows.
    """

    factor: float
    beside: bool
    samples: int
    digits: int
    gap: float = LEAST_GAP
    column_gap: float = GAP
    spread: float = 0.0


@lru_cache(maxsize=16)
def laid_out(content: Outline, width: float, height: float, style: Style) -> TapePage:
    """The page in a pane of that size: in the largest text that has room, with one pass below or beside the other."""
    bottom = height - MARGIN * style.unit / 2
    for how in _arrangements(has_samples=bool(content.forward.columns)):
        page = _composed(content, width, style, how)
        if (page.bottom <= bottom and page.right <= width) or page.style.unit * TEXT_PIXELS < SMALLEST_TEXT:
            break
    return _composed(content, width, style, _spread(how, content, page, QPointF(width, bottom)))


def _spread(how: _Arrangement, content: Outline, page: TapePage, room: QPointF) -> _Arrangement:
    """The same with rows, columns and parts further apart, as far as the page leaves room."""
    unit, passes = page.style.unit, (content.forward.rows, content.reverse.rows)
    lines = 2 + (max(map(len, passes)) if how.beside else sum(map(len, passes)))
    spare = max(0.0, room.y() - page.bottom) / unit
    spread = min(LARGEST_SPREAD, 0.7 * spare / lines)
    gaps = sum(len(block.columns.ends) + 1 for block in page.blocks) if how.beside else len(page.blocks[0].columns.ends)
    wider = min(WIDEST_SPREAD, max(0.0, room.x() - page.right) / unit / (gaps + 1))
    gap = min(LARGEST_GAP, LEAST_GAP + (spare - spread * lines) / GAPS)
    return replace(how, gap=gap, column_gap=GAP + wider, spread=spread)


def _arrangements(has_samples: bool) -> Iterator[_Arrangement]:
    """From the best on: readable text with all samples, then with one sample, in the end smaller and smaller text."""
    factor, samples = LARGEST, ALL_SAMPLES
    while True:
        for digits in DIGITS if factor <= GENEROUS else DIGITS[:1]:
            # Columns of samples belong below each other; single numbers would leave half of the pane empty.
            for beside in (not has_samples, has_samples):
                yield _Arrangement(factor, beside, samples, digits)
        factor *= 0.97
        if samples == ALL_SAMPLES and factor < READABLE:
            factor, samples = LARGEST, 1


def _composed(content: Outline, width: float, style: Style, how: _Arrangement) -> TapePage:
    """``style`` is that of the title."""
    smaller = replace(style, unit=how.factor * style.unit)
    unit, left = smaller.unit, MARGIN * style.unit
    gap, row = how.gap * unit, row_height(smaller)
    title = title_words(TITLE, "", width, style)
    title += run_words(content.run, title[0].rect, width, style)
    note = QRectF(left, max(title_bottom(style), title[-1].rect.bottom()), width - 2 * left, content.notes * row)
    blocks = _blocks(content, QPointF(left, note.bottom() + gap / 2), smaller, how)
    top = max(block.bands[-1].bottom() for block in blocks) + gap
    update = QRectF(left, top, width - 2 * left, heading_height(smaller) + content.update_lines * row)
    button_things = button_of(QPointF(left, update.bottom() + gap), content.is_checked, smaller)
    button = button_things[1].rect
    table = table_of(content.parameters, QPointF(left, button.bottom() + gap / 2), smaller)
    still = (
        *title,
        *(thing for block in blocks for thing in block.things),
        *button_things,
        *(table.things if content.is_checked else ()),
    )
    ends = [*(block.columns.right for block in blocks), button.right(), table.ends[-1] if content.is_checked else 0.0]
    bottom = table.rows[1].bottom() if content.is_checked else button.bottom()
    return TapePage(smaller, note, blocks, update, button, table, bottom, max(ends) + left, still)


def _blocks(content: Outline, place: QPointF, style: Style, how: _Arrangement) -> tuple[Placed, Placed]:
    forward, reverse = narrowed(content.forward, how.samples), narrowed(content.reverse, how.samples)
    left, top, step = place.x(), place.y(), row_height(style) + how.spread * style.unit
    between = how.column_gap * style.unit
    if how.beside:
        first = columns_of([forward], left, style, how.digits, between)
        second = columns_of([reverse], first.right + 2 * between, style, how.digits, between)
        return placed(forward, first, top, step, style), placed(reverse, second, top, step, style)
    both = columns_of([forward, reverse], left, style, how.digits, between)
    above = placed(forward, both, top, step, style)
    return above, placed(reverse, both, above.bands[-1].bottom() + how.gap * style.unit, step, style)


def moving(page: TapePage, picture: TapePicture) -> tuple[Painted, ...]:
    """The numbers of a picture on its page."""
    things: list[Painted] = [*fitted_lines(picture.notes, page.note, page.style.text, page.style.palette.text)]
    for found, rows in zip(page.blocks, (picture.forward, picture.reverse), strict=True):
        things += numbers(found, rows, picture.samples, page.style)
    things += update_words(picture.update, picture.step, page.update, page.style)
    if picture.check is not None:
        things += check_words(picture.check, page.table, page.button, page.style)
    return tuple(things)


def band_of(page: TapePage, lit: int) -> Shape:
    """The band behind the row that is pointed at."""
    palette, radius = page.style.palette, INSET * page.style.unit
    path = QPainterPath()
    path.addRoundedRect(page.bands[lit], radius, radius)
    return Shape(path, page.style.pen(palette.accent, 1.2), faded(palette.accent, 0.2))
