"""What stands around the two passes: what the tape is of, the update in numbers, and the check with its button."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath

from gdviz.core.finite_differences import GradientCheck
from gdviz.model.text import format_number
from gdviz.views.fonts import number_font, text_font
from gdviz.views.layer import Painted, Shape, Words
from gdviz.views.plot_parts import Style, faded, height_of
from gdviz.views.raised import width_of
from gdviz.views.tape_columns import GAP, beginning, ending, row_height

CHECK = "Check against finite differences"
HEADS = ("reverse pass", "finite differences", "difference", "expected up to")
DIGITS = (9, 9, 2, 2)
AGREES = "in double precision they agree"
DIFFERS = "in double precision they differ by more than expected"
UNKNOWN = "not finite here: nothing to compare"
_ROOM = len("−.e−308")
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, eq=False)
class Table:
    """Where the numbers of the check stand: a row for each parameter, and where each column of numbers ends."""

    rows: tuple[QRectF, QRectF]
    ends: tuple[float, ...]
    things: tuple[Painted, ...]
    """The names of rows and columns."""

    @property
    def bottom(self) -> float:
        """Where the table ends."""
        return self.rows[1].bottom()

    @property
    def right(self) -> float:
        """Where its last column ends."""
        return self.ends[-1]


def button_rect(place: QPointF, style: Style) -> QRectF:
    """The button with its upper left corner there."""
    unit = style.unit
    return QRectF(place.x(), place.y(), width_of(style.text, CHECK) + 22 * unit, height_of(style.text) + 8 * unit)


def button_things(rect: QRectF, is_checked: bool, style: Style) -> list[Painted]:
    """The button, filled while the check is shown."""
    palette, radius = style.palette, 5 * style.unit
    path = QPainterPath()
    path.addRoundedRect(rect.adjusted(1.0, 1.0, -1.0, -1.0), radius, radius)
    fill = faded(palette.accent, 0.25 if is_checked else 0.08)
    return [Shape(path, style.pen(palette.accent, 1.3), fill), Words(CHECK, rect, style.text, palette.accent)]


def table_of(parameters: tuple[str, str], place: QPointF, style: Style) -> Table:
    """The table with its upper left corner there."""
    height, colour = row_height(style), style.palette.quiet
    names = [f"∂L/∂{name}" for name in parameters]
    head, first, second = (QRectF(place.x(), place.y() + index * height, 0.0, height) for index in range(3))
    things = [
        beginning(name, place.x(), row, style.text, colour) for name, row in zip(names, (first, second), strict=True)
    ]
    end, ends = place.x() + max(width_of(style.text, name) for name in names), []
    for name, digits in zip(HEADS, DIGITS, strict=True):
        number = width_of(style.number, "8" * (digits + _ROOM))
        end += GAP * style.unit + max(number, width_of(style.text, name))
        ends.append(end)
        things.append(ending(name, end, head, style.text, colour))
    return Table((first, second), tuple(ends), tuple(things))


def check_words(check: GradientCheck, table: Table, button: QRectF, style: Style) -> list[Painted]:
    """Both gradients and their difference, and beside the button in words what is to be thought of it."""
    pairs = (check.analytic, check.finite, check.error, check.expected)
    things: list[Painted] = []
    for pair, digits, end in zip(pairs, DIGITS, table.ends, strict=True):
        for value, row in zip(pair, table.rows, strict=True):
            things.append(ending(format_number(value, digits), end, row, style.number, style.palette.text))
    verdict, colour = _verdict(check, style)
    return [*things, beginning(verdict, button.right() + GAP * style.unit, button, style.text, colour)]


def _verdict(check: GradientCheck, style: Style) -> tuple[str, str]:
    if not check.is_finite:
        return UNKNOWN, style.palette.warning
    return (AGREES, style.palette.text) if check.agrees else (DIFFERS, style.palette.warning)


def note_words(note: str, room: QRectF, style: Style) -> list[Painted]:
    """What the tape is of, if there is anything to be said; in a smaller size where it has no room."""
    if not note:
        return []
    font, pixels = style.text, style.text.pixelSize()
    while pixels > 1 and width_of(font, note) > room.width():
        pixels -= 1
        font = text_font(pixels)
    return [Words(note, room, font, style.palette.text, align=_LEFT)]


def update_words(lines: Sequence[str], room: QRectF, style: Style) -> list[Painted]:
    """The lines of the update, one below the other, in one size that has room for both; a sentence as text."""
    is_formula = len(lines) > 1
    font, colour = (style.number, style.palette.text) if is_formula else (style.text, style.palette.quiet)
    pixels = font.pixelSize()
    while is_formula and pixels > 1 and max(width_of(font, text) for text in lines) > room.width():
        pixels -= 1
        font = number_font(pixels)
    height = row_height(style)
    rows = [QRectF(room.left(), room.top() + index * height, room.width(), height) for index in range(len(lines))]
    return [Words(text, row, font, colour, align=_LEFT) for text, row in zip(lines, rows, strict=True)]
