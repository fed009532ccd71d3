"""Where the rows of the tape go: the columns of a block, and what is painted in each of its rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

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
SHORTEST = "−.e−38"
"""What a number of single precision may have besides its digits."""
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Block:
    """One of the two passes: its heading, the names above the columns of sample rows, and its rows without values."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[TapeRow, ...]


@dataclass(frozen=True)
class Columns:
    """In pixels: where names and rules begin, and where each column of numbers ends; single numbers are in the last.

    signs: how many characters a number may have.
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

    columns: Columns
    bands: tuple[QRectF, ...]
    things: tuple[Painted, ...]
    heads: QRectF
    """The line in which the names of the columns stand."""


def block_of(rows: Sequence[TapeRow], samples: Sequence[int], is_reverse: bool) -> Block:
    """What of the block no step changes; ``samples`` as they are or, where they change, as long as any is."""
    heading = "REVERSE: ∂L/∂…" if is_reverse else "FORWARD: VALUES"
    return Block(heading, tuple(map(column_name, samples)), tuple(replace(row, values=()) for row in rows))


def column_name(sample: int) -> str:
    """What stands above the numbers of a row of the data, counted from 1."""
    return f"row {sample:,}"


def narrowed(block: Block, most: int) -> Block:
    """The block with so many columns of sample rows at most."""
    left_out = len(block.columns) - most
    if left_out <= 0:
        return block
    rows = tuple(replace(row, more=row.more + left_out) if row.is_column else row for row in block.rows)
    return replace(block, columns=block.columns[:most], rows=rows)


def columns_of(blocks: Sequence[Block], left: float, style: Style, digits: int, gap: float) -> Columns:
    """Columns ``gap`` pixels apart, in which all rows of these blocks have room."""
    signs = digits + len(SHORTEST)
    number = width_of(style.number, "8" * signs)
    rows = [row for block in blocks for row in block.rows]
    names = max(width_of(_name_font(row, style), row.name) for row in rows)
    rules = max((width_of(style.text, row.rule) for row in rows), default=0.0)
    rule = left + names + gap
    begin = rule + rules + gap if rules else rule
    begin = max(begin, left + max(width_of(style.title, block.heading) for block in blocks) + gap)
    heads = [max(number, width_of(style.text, name)) for name in blocks[0].columns]
    last = max([number, *(width_of(style.text, _more(row)) for row in rows)])
    _, *ends = accumulate((gap + width for width in (*heads, last)), initial=begin - gap)
    return Columns(left, rule, tuple(ends), signs)


def _more(row: TapeRow) -> str:
    return f"{row.more:,} more" if row.more else ""


def _name_font(row: TapeRow, style: Style) -> QFont:
    """Bold for what the passes are made for."""
    return text_font(TEXT_PIXELS * style.unit, bold=True) if row.is_result else style.text


def _colour(row: TapeRow, style: Style) -> str:
    """Accented for what the passes are made for, quiet for what is given."""
    palette = style.palette
    return palette.accent if row.is_result else palette.quiet if row.is_given else palette.text


def row_height(style: Style) -> float:
    """How high a row is, close to the next."""
    return max(height_of(style.text), height_of(style.number))


def heading_height(style: Style) -> float:
    """How high the heading of a block is, with the line under it."""
    return height_of(style.title) + 3 * style.unit


def placed(block: Block, columns: Columns, top: float, step: float, style: Style) -> Placed:
    """The block with its heading at ``top`` and its rows ``step`` pixels apart."""
    inset, below = INSET * style.unit, top + heading_height(style)
    left, width = columns.left - inset, columns.right - columns.left + 2 * inset
    bands = tuple(QRectF(left, below + index * step, width, step) for index in range(len(block.rows)))
    heads = QRectF(0.0, top, 0.0, height_of(style.title))
    things = _heading(block.heading, heads, columns, style)
    for row, band in zip(block.rows, bands, strict=True):
        things += _names(row, band, columns, style)
    return Placed(columns, bands, tuple(things), heads)


def _heading(text: str, band: QRectF, columns: Columns, style: Style) -> list[Painted]:
    y = band.bottom() + style.unit
    rule = line(QPointF(columns.left, y), QPointF(columns.right, y))
    words = beginning(text, columns.left, band, style.title, style.palette.quiet)
    return [words, Shape(rule, style.pen(style.palette.grid, 1.2))]


def _names(row: TapeRow, band: QRectF, columns: Columns, style: Style) -> list[Painted]:
    """Name and rule of a row, and how many numbers it has that are not shown."""
    things: list[Painted] = [beginning(row.name, columns.left, band, _name_font(row, style), _colour(row, style))]
    if row.rule:
        things.append(beginning(row.rule, columns.rule, band, style.text, style.palette.quiet))
    if row.more:
        things.append(ending(_more(row), columns.right, band, style.text, style.palette.quiet))
    return things


def numbers(found: Placed, rows: Sequence[TapeRow], samples: Sequence[int], style: Style) -> list[Painted]:
    """The numbers of the rows, in their columns, and the names above the columns of as many samples as are shown."""
    columns, quiet = found.columns, style.palette.quiet
    heads = zip(columns.ends[:-1], samples, strict=False)
    things: list[Painted] = [ending(column_name(row), end, found.heads, style.text, quiet) for end, row in heads]
    for row, band in zip(rows, found.bands, strict=True):
        ends = columns.ends[:-1] if row.is_column else columns.ends[-1:]
        for value, end in zip(row.values, ends, strict=False):
            things.append(ending(fitting_number(value, columns.signs), end, band, style.number, _colour(row, style)))
    return things


def fitting_number(value: float, signs: int) -> str:
    """With as many digits as have room: a double may have three in its exponent."""
    for digits in range(signs - len(SHORTEST), 0, -1):
        text = format_number(value, digits)
        if len(text) <= signs:
            break
    return text


def beginning(text: str, left: float, band: QRectF, font: QFont, colour: str) -> Words:
    """A text that begins there, in the middle of a band."""
    rect = QRectF(left, band.top(), width_of(font, text), band.height())
    return Words(text, rect, font, colour, align=LEFT)


def ending(text: str, right: float, band: QRectF, font: QFont, colour: str) -> Words:
    """A text that ends there, in the middle of a band."""
    width = width_of(font, text)
    return Words(text, QRectF(right - width, band.top(), width, band.height()), font, colour, align=_RIGHT)
