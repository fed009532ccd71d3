"""The columns of a block of tape rows, and what is painted in each row."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont

from gdviz.core.frozen import frozen
from gdviz.panes.tape.rows import TapeRow
from gdviz.plotting.shapes import LEFT, Painted, Shape, Words, line
from gdviz.plotting.style import TEXT_PIXELS, Style, height_of
from gdviz.plotting.text import shortened, text_font, width_of
from gdviz.presentation.numbers import format_number

GAP = 12.0
"""Units between two columns."""
INSET = 5.0
"""Units by which a row's band extends beyond its text."""
DIGITS = (4, 3)
EXTRA_CHARACTERS = "−.e−38"
"""The characters that a single-precision number may have besides its digits."""
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@frozen
class Block:
    """A pass: its heading, the names above the columns of sample rows, and its rows without values."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[TapeRow, ...]


@frozen
class Columns:
    """Pixels: where names and rules start, and the right edge of each number column; single numbers go in the last.

    characters: how many a number may have. begin: where the first column of numbers starts.
    """

    left: float
    rule: float
    ends: tuple[float, ...]
    characters: int
    begin: float

    @property
    def right(self) -> float:
        """The right edge of the block."""
        return self.ends[-1]


@frozen(eq=False)
class PlacedBlock:
    """A block on the pane, and where its rows are. header: the line with the column names."""

    block: Block
    columns: Columns
    bands: tuple[QRectF, ...]
    header: QRectF
    style: Style

    @property
    def things(self) -> tuple[Painted, ...]:
        """What stays the same while the run plays."""
        things = _heading(self.block.heading, self.header, self.columns, self.style)
        for row, band in zip(self.block.rows, self.bands, strict=True):
            things += _names(row, band, self.columns, self.style)
        return tuple(things)


def block_of(rows: Sequence[TapeRow], samples: Sequence[int], is_reverse: bool) -> Block:
    """Return what no step changes of a block; ``samples`` are actual or, if they change, as wide as any."""
    heading = "REVERSE: ∂L/∂…" if is_reverse else "FORWARD: VALUES"
    return Block(heading, tuple(map(column_name, samples)), tuple(replace(row, values=()) for row in rows))


def column_name(sample: int) -> str:
    """Return the name above the numbers of a row of the data, counted from 1."""
    return f"row {sample:,}"


def limited(block: Block, limit: int) -> Block:
    """Return the block with at most ``limit`` columns of sample rows."""
    left_out = len(block.columns) - limit
    if left_out <= 0:
        return block
    rows = tuple(replace(row, more=row.more + left_out) if row.is_column else row for row in block.rows)
    return replace(block, columns=block.columns[:limit], rows=rows)


def fitted_columns(blocks: Sequence[Block], left: float, style: Style, digits: int, gap: float) -> Columns:
    """Return columns ``gap`` pixels apart that fit all rows of the blocks."""
    characters = digits + len(EXTRA_CHARACTERS)
    number = width_of(style.number, "8" * characters)
    rows = [row for block in blocks for row in block.rows]
    names = max(width_of(_name_font(row, style), row.name) for row in rows)
    rules = max((width_of(style.text, row.rule) for row in rows), default=0.0)
    rule = left + names + gap
    begin = rule + rules + gap if rules else rule
    begin = max(begin, left + max(width_of(style.title, block.heading) for block in blocks) + gap)
    header = [max(number, width_of(style.text, name)) for name in blocks[0].columns]
    last = max([number, *(width_of(style.text, _more(row)) for row in rows)])
    _, *ends = accumulate((gap + width for width in (*header, last)), initial=begin - gap)
    return Columns(left, rule, tuple(ends), characters, begin)


def _more(row: TapeRow) -> str:
    return f"{row.more:,} more" if row.more else ""


def _name_font(row: TapeRow, style: Style) -> QFont:
    """Bold for the results of the passes."""
    return text_font(TEXT_PIXELS * style.unit, bold=True) if row.is_result else style.text


def _colour(row: TapeRow, style: Style) -> str:
    """Accented for the results of the passes, quiet for the inputs."""
    palette = style.palette
    return palette.accent if row.is_result else palette.quiet if row.is_given else palette.text


def row_height(style: Style) -> float:
    """Return the minimum height of a row."""
    return max(height_of(style.text), height_of(style.number))


def heading_height(style: Style) -> float:
    """Return the height of a block's heading with the line below it."""
    return height_of(style.title) + 3 * style.unit


def placed_block(block: Block, columns: Columns, top: float, step: float, style: Style) -> PlacedBlock:
    """Place a block with its heading at ``top`` and its rows ``step`` pixels apart."""
    inset, below = INSET * style.unit, top + heading_height(style)
    left, width = columns.left - inset, columns.right - columns.left + 2 * inset
    bands = tuple(QRectF(left, below + index * step, width, step) for index in range(len(block.rows)))
    header = QRectF(0.0, top, 0.0, height_of(style.title))
    return PlacedBlock(block, columns, bands, header, style)


def _heading(text: str, band: QRectF, columns: Columns, style: Style) -> list[Painted]:
    y = band.bottom() + style.unit
    rule = line(QPointF(columns.left, y), QPointF(columns.right, y))
    words = left_aligned(text, columns.left, band, style.title, style.palette.quiet)
    return [words, Shape(rule, style.pen(style.palette.grid, 1.2))]


def _names(row: TapeRow, band: QRectF, columns: Columns, style: Style) -> list[Painted]:
    """Return name and rule of a row, and how many of its numbers are not shown."""
    name, font = row.name, _name_font(row, style)
    if row.column:  # in the room of the rule, so that no name makes the page wider
        room = columns.begin - columns.left - GAP * style.unit
        name = shortened(font, f"{row.name} = {row.column}", room, Qt.TextElideMode.ElideMiddle)
    things: list[Painted] = [left_aligned(name, columns.left, band, font, _colour(row, style))]
    if row.rule:
        things.append(left_aligned(row.rule, columns.rule, band, style.text, style.palette.quiet))
    if row.more:
        things.append(right_aligned(_more(row), columns.right, band, style.text, style.palette.quiet))
    return things


def number_words(block: PlacedBlock, rows: Sequence[TapeRow], samples: Sequence[int], style: Style) -> list[Painted]:
    """Return the numbers of the rows, and the names above the columns of samples."""
    columns, font, quiet = block.columns, style.text, style.palette.quiet
    header = zip(columns.ends[:-1], samples, strict=False)
    things: list[Painted] = [right_aligned(column_name(row), end, block.header, font, quiet) for end, row in header]
    for row, band in zip(rows, block.bands, strict=True):
        ends = columns.ends[:-1] if row.is_column else columns.ends[-1:]
        for value, end in zip(row.values, ends, strict=False):
            text = fitting_number(value, columns.characters)
            things.append(right_aligned(text, end, band, style.number, _colour(row, style)))
    return things


def fitting_number(value: float, characters: int) -> str:
    """Format with as many digits as fit: a double may have three in its exponent."""
    for digits in range(characters - len(EXTRA_CHARACTERS), 0, -1):
        text = format_number(value, digits)
        if len(text) <= characters:
            break
    return text


def left_aligned(text: str, left: float, band: QRectF, font: QFont, colour: str) -> Words:
    """Return a text that starts at ``left``, vertically centred in a band."""
    rect = QRectF(left, band.top(), width_of(font, text), band.height())
    return Words(text, rect, font, colour, align=LEFT)


def right_aligned(text: str, right: float, band: QRectF, font: QFont, colour: str) -> Words:
    """Return a text that ends at ``right``, vertically centred in a band."""
    width = width_of(font, text)
    return Words(text, QRectF(right - width, band.top(), width, band.height()), font, colour, align=_RIGHT)
