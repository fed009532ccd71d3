"""What stands around the two passes: what the tape is of, the update in numbers, and the check with its button."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QPainterPath

from gdviz.core.problems.finite_differences import GradientCheck
from gdviz.panes.tape.columns import GAP, beginning, ending, heading_height, row_height
from gdviz.plotting.axes_layout import MARGIN
from gdviz.plotting.shapes import LEFT, Painted, Shape, Words
from gdviz.plotting.style import Style, faded, height_of
from gdviz.plotting.text import width_of
from gdviz.presentation.numbers import format_number

UPDATE, CHECK = "UPDATE", "Check against finite differences"
HEADS = ("reverse pass", "finite differences", "difference", "expected up to")
DIGITS = (9, 9, 2, 2)
AGREES = "in double precision they agree"
DIFFERS = "in double precision they differ by more than expected"
UNKNOWN = "not finite here: nothing to compare"
_ROOM = len("−.e−308")


@dataclass(frozen=True, eq=False)
class Table:
    """Where the numbers of the check stand: a row for each parameter, and where each column of numbers ends."""

    rows: tuple[QRectF, QRectF]
    ends: tuple[float, ...]
    things: tuple[Painted, ...]
    """The names of rows and columns."""


def button_of(place: QPointF, is_checked: bool, style: Style) -> tuple[Shape, Words]:
    """The button with its upper left corner there, filled while the check is shown; its words cover all of it."""
    palette, unit, radius = style.palette, style.unit, 5 * style.unit
    rect = QRectF(place.x(), place.y(), width_of(style.text, CHECK) + 22 * unit, height_of(style.text) + 8 * unit)
    path = QPainterPath()
    path.addRoundedRect(rect.adjusted(1.0, 1.0, -1.0, -1.0), radius, radius)
    fill = faded(palette.accent, 0.25 if is_checked else 0.08)
    return Shape(path, style.pen(palette.accent, 1.3), fill), Words(CHECK, rect, style.text, palette.accent)


def table_of(parameters: tuple[str, str], place: QPointF, style: Style) -> Table:
    """The table with its upper left corner there."""
    height, colour = row_height(style), style.palette.quiet
    head, first, second = (QRectF(place.x(), place.y() + index * height, 0.0, height) for index in range(3))
    rows = zip(parameters, (first, second), strict=True)
    things = [beginning(f"∂L/∂{name}", place.x(), row, style.text, colour) for name, row in rows]
    end, ends = max(words.rect.right() for words in things), []
    for name, digits in zip(HEADS, DIGITS, strict=True):
        number = width_of(style.number, "8" * (digits + _ROOM))
        end += GAP * style.unit + max(number, width_of(style.text, name))
        ends.append(end)
        things.append(ending(name, end, head, style.text, colour))
    return Table((first, second), tuple(ends), tuple(things))


def check_words(check: GradientCheck, table: Table, button: QRectF, style: Style) -> list[Painted]:
    """Both gradients and their difference, and beside the button the verdict in words."""
    pairs, palette, things = (check.analytic, check.finite, check.error, check.expected), style.palette, list[Painted]()
    for pair, digits, end in zip(pairs, DIGITS, table.ends, strict=True):
        for value, row in zip(pair, table.rows, strict=True):
            things.append(ending(format_number(value, digits), end, row, style.number, palette.text))
    verdict = UNKNOWN if not check.is_finite else AGREES if check.agrees else DIFFERS
    colour = palette.text if verdict is AGREES else palette.warning
    return [*things, beginning(verdict, button.right() + GAP * style.unit, button, style.text, colour)]


def run_words(run: str, title: QRectF, width: float, style: Style) -> list[Words]:
    """Whose tape it is, if there are several runs: beside the title, or below it in a pane of too small a ``width``."""
    if not run:
        return []
    text, left, right = f"({run})", title.right() + 6 * style.unit, width - MARGIN * style.unit
    room = QRectF(left, title.top(), right - left, title.height())
    if width_of(style.text, text) > room.width():
        room = QRectF(title.left(), title.bottom(), right - title.left(), height_of(style.text))
    return fitted_lines([text], room, style.text, style.palette.text)


def update_words(lines: Sequence[str], step: int, room: QRectF, style: Style) -> list[Words]:
    """A heading that says to which step the update leads, and its lines; or in a sentence why there is none."""
    is_formula, palette = len(lines) > 1, style.palette
    heading = f"{UPDATE}: TO STEP {step + 1:,}" if is_formula else UPDATE
    above = QRectF(room.left(), room.top(), room.width(), height_of(style.title))
    below = QRectF(room.left(), room.top() + heading_height(style), room.width(), len(lines) * row_height(style))
    font, colour = (style.number, palette.text) if is_formula else (style.text, palette.quiet)
    first = beginning(heading, room.left(), above, style.title, palette.quiet)
    return [first, *fitted_lines(lines, below, font, colour)]


def fitted_lines(lines: Sequence[str], room: QRectF, font: QFont, colour: str) -> list[Words]:
    """Lines one below the other, all in the size, at most the font's, in which the longest has room."""
    while font.pixelSize() > 1 and max((width_of(font, text) for text in lines), default=0.0) > room.width():
        pixels, font = font.pixelSize() - 1, QFont(font)
        font.setPixelSize(pixels)
    height = room.height() / max(1, len(lines))
    rows = [QRectF(room.left(), room.top() + index * height, room.width(), height) for index in range(len(lines))]
    return [Words(text, row, font, colour, align=LEFT) for text, row in zip(lines, rows, strict=True)]
