"""The parts around the two passes: the run's name, the update in numbers, and the gradient check."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QPainterPath

from gdviz.core.frozen import frozen
from gdviz.core.problems.finite_differences import GradientCheck
from gdviz.panes.tape.columns import GAP, heading_height, left_aligned, right_aligned, row_height
from gdviz.plotting.axes_layout import MARGIN
from gdviz.plotting.shapes import LEFT, Painted, Shape, Words
from gdviz.plotting.style import Style, faded, height_of
from gdviz.plotting.text import width_of
from gdviz.presentation.numbers import format_number

UPDATE, CHECK = "UPDATE", "Check against finite differences"
HEADINGS = ("reverse pass", "finite differences", "difference", "expected up to")
DIGITS = (9, 9, 2, 2)
AGREES = "in double precision they agree"
DIFFERS = "in double precision they differ by more than expected"
NOT_FINITE = "not finite here: nothing to compare"
_EXTRA_CHARACTERS = len("−.e−308")


@frozen(eq=False)
class Table:
    """The layout of the check: a row for each parameter, and the right edge of each column."""

    rows: tuple[QRectF, QRectF]
    ends: tuple[float, ...]
    things: tuple[Painted, ...]
    """The names of rows and columns."""


def check_button(place: QPointF, is_checked: bool, style: Style) -> tuple[Shape, Words]:
    """Return the button at ``place`` (top left), filled while the check is shown; its words cover all of it."""
    palette, unit, radius = style.palette, style.unit, 5 * style.unit
    rect = QRectF(place.x(), place.y(), width_of(style.text, CHECK) + 22 * unit, height_of(style.text) + 8 * unit)
    path = QPainterPath()
    path.addRoundedRect(rect.adjusted(1.0, 1.0, -1.0, -1.0), radius, radius)
    fill = faded(palette.accent, 0.25 if is_checked else 0.08)
    return Shape(path, style.pen(palette.accent, 1.3), fill), Words(CHECK, rect, style.text, palette.accent)


def check_table(parameters: tuple[str, str], place: QPointF, style: Style) -> Table:
    """Lay out the table at ``place`` (top left)."""
    height, colour = row_height(style), style.palette.quiet
    head, first, second = (QRectF(place.x(), place.y() + index * height, 0.0, height) for index in range(3))
    rows = zip(parameters, (first, second), strict=True)
    things = [left_aligned(f"∂L/∂{name}", place.x(), row, style.text, colour) for name, row in rows]
    end, ends = max(words.rect.right() for words in things), []
    for name, digits in zip(HEADINGS, DIGITS, strict=True):
        number = width_of(style.number, "8" * (digits + _EXTRA_CHARACTERS))
        end += GAP * style.unit + max(number, width_of(style.text, name))
        ends.append(end)
        things.append(right_aligned(name, end, head, style.text, colour))
    return Table((first, second), tuple(ends), tuple(things))


def check_words(check: GradientCheck, table: Table, button: QRectF, style: Style) -> list[Painted]:
    """Return both gradients and their difference, and the verdict beside the button."""
    pairs, palette, things = (check.analytic, check.finite, check.error, check.expected), style.palette, list[Painted]()
    for pair, digits, end in zip(pairs, DIGITS, table.ends, strict=True):
        for value, row in zip(pair, table.rows, strict=True):
            things.append(right_aligned(format_number(value, digits), end, row, style.number, palette.text))
    verdict = NOT_FINITE if not check.is_finite else AGREES if check.agrees else DIFFERS
    colour = palette.text if verdict is AGREES else palette.warning
    return [*things, left_aligned(verdict, button.right() + GAP * style.unit, button, style.text, colour)]


def run_words(run: str, title: QRectF, width: float, style: Style) -> list[Words]:
    """Return the run's name, if there are several runs: beside the title, or below it if ``width`` is too small."""
    if not run:
        return []
    text, left, right = f"({run})", title.right() + 6 * style.unit, width - MARGIN * style.unit
    room = QRectF(left, title.top(), right - left, title.height())
    if width_of(style.text, text) > room.width():
        room = QRectF(title.left(), title.bottom(), right - title.left(), height_of(style.text))
    return fitted_lines([text], room, style.text, style.palette.text)


def update_words(lines: Sequence[str], step: int, room: QRectF, style: Style) -> list[Words]:
    """Return the update's lines under a heading with the step it leads to; or why there is no update."""
    is_formula, palette = len(lines) > 1, style.palette
    heading = f"{UPDATE}: TO STEP {step + 1:,}" if is_formula else UPDATE
    above = QRectF(room.left(), room.top(), room.width(), height_of(style.title))
    below = QRectF(room.left(), room.top() + heading_height(style), room.width(), len(lines) * row_height(style))
    font, colour = (style.number, palette.text) if is_formula else (style.text, palette.quiet)
    first = left_aligned(heading, room.left(), above, style.title, palette.quiet)
    return [first, *fitted_lines(lines, below, font, colour)]


def fitted_lines(lines: Sequence[str], room: QRectF, font: QFont, colour: str) -> list[Words]:
    """Return lines one below the other, shrunk together until the longest fits."""
    while font.pixelSize() > 1 and max((width_of(font, text) for text in lines), default=0.0) > room.width():
        pixels, font = font.pixelSize() - 1, QFont(font)
        font.setPixelSize(pixels)
    height = room.height() / max(1, len(lines))
    rows = [QRectF(room.left(), room.top() + index * height, room.width(), height) for index in range(len(lines))]
    return [Words(text, row, font, colour, align=LEFT) for text, row in zip(lines, rows, strict=True)]
