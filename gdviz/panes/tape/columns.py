"""Where the rows of the tape go: the columns of a block, and what is painted in each of its rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont

from gdviz.panes.tape.rows import TapeRow
from gdviz.plotting.shapes import LEFT, Painted, Shape, Words, line
from gdviz.plotting.style import TEXT_PIXELS, Style, height_of
from gdviz.plotting.text import text_font, width_of
from gdviz.presentation.numbers import format_number

GAP = 12.0
"""Units between two columns."""
INSET = 5.0
"""Units by which the band of a row reaches beyond its text."""
DIGITS = (4, 3)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Cells:
    """What a row says besides its numbers, and how many ``more`` of these there are than are shown."""

    name: str
    rule: str
    more: int
    is_column: bool
    is_given: bool
    is_loss: bool


@dataclass(frozen=True)
class Block:
    """One of the two passes: its heading, the names above the columns of sample rows, and its rows."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[Cells, ...]
    is_reverse: bool


@dataclass(frozen=True)
class Columns:
    """In pixels: where names and rules begin, where each column of numbers ends, the last one being for one number.

    signs: how many a number may have.
    """

    left: float
    rule: float
    ends: tuple[float, ...]
    signs: int

    @property
    def right(self) -> float:
        """Where the block ends."""
        return self.ends[-1]


@dataclass(frozen=True, eq=False)
class Placed:
    """A block on the pane: what stays the same while the run goes on, and where its rows are."""

    block: Block
    columns: Columns
    bands: tuple[QRectF, ...]
    things: tuple[Painted, ...]
    heads: QRectF
    """The line in which the names of the columns stand."""


def block_of(rows: Sequence[TapeRow], samples: Sequence[int], is_reverse: bool) -> Block:
    """What the block says that no step changes; ``samples`` as they are or, where they change, as long as any is."""
    heading = "REVERSE: ∂L/∂…" if is_reverse else "FORWARD: VALUES"
    columns = tuple(column_name(sample) for sample in samples)
    loss = 0 if is_reverse else len(rows) - 1
    return Block(
        heading, columns, tuple(_cells(row, is_reverse, place == loss) for place, row in enumerate(rows)), is_reverse
    )


def column_name(sample: int) -> str:
    """What stands above the numbers of a row of the data, counted from 1."""
    return f"row {sample:,}"


def _cells(row: TapeRow, is_reverse: bool, is_loss: bool) -> Cells:
    if is_reverse:
        name = "L" if is_loss else f"∂L/∂{row.formula}" if row.is_given else row.formula
    else:
        name = f"L = {row.formula}" if is_loss else row.formula
    return Cells(name, row.rule, row.more, row.is_column, row.is_given, is_loss)


def narrowed(block: Block, most: int) -> Block:
    """The block with so many columns of sample rows at most."""
    left_out = len(block.columns) - most
    if left_out <= 0:
        return block
    rows = tuple(replace(row, more=row.more + left_out) if row.is_column else row for row in block.rows)
    return replace(block, columns=block.columns[:most], rows=rows)


def columns_of(blocks: Sequence[Block], left: float, style: Style, digits: int, gap: float) -> Columns:
    """Columns ``gap`` pixels apart, in which all rows of these blocks have room."""
    signs = digits + len("−.e−38")
    number = width_of(style.number, "8" * signs)
    rows = [row for block in blocks for row in block.rows]
    names = max(width_of(name_font(row, block, style), row.name) for block in blocks for row in block.rows)
    rules = max((width_of(style.text, row.rule) for row in rows), default=0.0)
    rule = left + names + gap
    begin = rule + rules + gap if rules else rule
    begin = max(begin, left + max(width_of(style.title, block.heading) for block in blocks) + gap)
    heads = [max(number, width_of(style.text, name)) for name in blocks[0].columns]
    last = max([number, *(width_of(style.text, _more(row)) for row in rows)])
    ends, end = [], begin - gap
    for width in (*heads, last):
        end += gap + width
        ends.append(end)
    return Columns(left, rule, tuple(ends), signs)


def _more(row: Cells) -> str:
    return f"{row.more:,} more" if row.more else ""


def name_font(row: Cells, block: Block, style: Style) -> QFont:
    """Bold for what the passes are made for: the loss, and the gradients of the parameters."""
    is_result = row.is_given if block.is_reverse else row.is_loss
    return text_font(TEXT_PIXELS * style.unit, bold=True) if is_result else style.text


def row_height(style: Style) -> float:
    """How high a row is, close to the next."""
    return max(height_of(style.text), height_of(style.number))


def heading_height(style: Style) -> float:
    """How high the heading of a block is, with the line under it."""
    return height_of(style.title) + 3 * style.unit


def placed(block: Block, columns: Columns, top: float, step: float, style: Style) -> Placed:
    """The block with its heading at ``top`` and its rows ``step`` pixels apart."""
    inset, below = INSET * style.unit, top + heading_height(style)
    bands = tuple(
        QRectF(columns.left - inset, below + index * step, columns.right - columns.left + 2 * inset, step)
        for index in range(len(block.rows))
    )
    things = _heading(block, columns, top, style)
    for row, band in zip(block.rows, bands, strict=True):
        things += _names(row, band, block, columns, style)
    heads = QRectF(0.0, top, 0.0, height_of(style.title))
    return Placed(block, columns, bands, tuple(things), heads)


def _heading(block: Block, columns: Columns, top: float, style: Style) -> list[Painted]:
    palette, height = style.palette, height_of(style.title)
    rect = QRectF(columns.left, top, width_of(style.title, block.heading), height)
    things: list[Painted] = [Words(block.heading, rect, style.title, palette.quiet, align=LEFT)]
    y = top + height + style.unit
    rule = line(QPointF(columns.left, y), QPointF(columns.right, y))
    return [*things, Shape(rule, style.pen(palette.grid, 1.2))]


def _names(row: Cells, band: QRectF, block: Block, columns: Columns, style: Style) -> list[Painted]:
    """Name and rule of a row, and how many numbers it has that are not shown."""
    font, colour = name_font(row, block, style), row_colour(row, block, style)
    things: list[Painted] = [beginning(row.name, columns.left, band, font, colour)]
    if row.rule:
        things.append(beginning(row.rule, columns.rule, band, style.text, style.palette.quiet))
    if row.more:
        things.append(ending(_more(row), columns.right, band, style.text, style.palette.quiet))
    return things


def row_colour(row: Cells, block: Block, style: Style) -> str:
    """Quiet for what is given, accented for what the passes are made for."""
    if row.is_given:
        return style.palette.accent if block.is_reverse else style.palette.quiet
    return style.palette.accent if row.is_loss and not block.is_reverse else style.palette.text


def numbers(found: Placed, rows: Sequence[TapeRow], style: Style) -> list[Painted]:
    """The numbers of the rows, in their columns."""
    things: list[Painted] = []
    columns = found.columns
    for row, cells, band in zip(rows, found.block.rows, found.bands, strict=True):
        colour = row_colour(cells, found.block, style)
        ends = columns.ends[:-1] if row.is_column else columns.ends[-1:]
        for value, end in zip(row.values, ends, strict=False):
            things.append(ending(fitting_number(value, columns.signs), end, band, style.number, colour))
    return things


def heads(found: Placed, samples: Sequence[int], style: Style) -> list[Painted]:
    """The names above the columns of as many sample rows as are shown."""
    ends = found.columns.ends[:-1]
    names = [column_name(sample) for sample in samples]
    pairs = zip(ends, names, strict=False)
    return [ending(name, end, found.heads, style.text, style.palette.quiet) for end, name in pairs]


def fitting_number(value: float, signs: int) -> str:
    """With as many digits as have room: a double may have three in its exponent."""
    digits = signs - len("−.e−38")
    text = format_number(value, digits)
    while len(text) > signs and digits > 1:
        digits -= 1
        text = format_number(value, digits)
    return text


def beginning(text: str, left: float, band: QRectF, font: QFont, colour: str) -> Words:
    """A text that begins there, in the middle of a band."""
    rect = QRectF(left, band.top(), width_of(font, text), band.height())
    return Words(text, rect, font, colour, align=LEFT)


def ending(text: str, right: float, band: QRectF, font: QFont, colour: str) -> Words:
    """A text that ends there, in the middle of a band."""
    width = width_of(font, text)
    return Words(text, QRectF(right - width, band.top(), width, band.height()), font, colour, align=_RIGHT)
