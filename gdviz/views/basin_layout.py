"""Where the parts of the map of starting points stand: title, legend, and the largest square that is left."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt

from gdviz.model.basin_picture import BasinPicture
from gdviz.views.basin_legend import Entry, as_list, as_rows, broken, entries_of, narrowest, widest
from gdviz.views.contour_layout import largest_side, margins, square
from gdviz.views.layer import Painted, Words
from gdviz.views.layout import MARGIN, title_bottom, title_words
from gdviz.views.plot_pane import Grid
from gdviz.views.plot_parts import Style, height_of
from gdviz.views.raised import width_of

TITLE = "WHERE DOES IT END?"


@dataclass(frozen=True, eq=False)
class BasinLayout:
    """The square, and what stands around it."""

    grid: Grid
    around: list[Painted]


def basin_layout(size: QSize, picture: BasinPicture, style: Style) -> BasinLayout:
    """The legend beside the square or above it, whichever leaves the larger square; all of it centred."""
    unit, entries = style.unit, entries_of(picture)
    head = _head(picture.conditions, float(size.width()), style)
    top = max(words.rect.bottom() for words in head)
    around = margins(picture.surface, style)
    room = QRectF(0.0, top, size.width(), size.height() - top)
    column = narrowest(entries, style) + MARGIN * unit
    beside = largest_side(room.width() - column, room.height(), around)
    rows, bottom = as_rows(entries, QPointF(MARGIN * unit, top + 2 * unit), room.width() - MARGIN * unit, style)
    if beside >= largest_side(room.width(), room.bottom() - bottom, around):
        return _beside(room, beside, head, entries, picture, style)
    room.setTop(bottom)
    side = largest_side(room.width(), room.height(), around)
    left = (room.width() - around.left() - side - around.right()) / 2 + around.left()
    over = (room.height() - around.top() - side - around.bottom()) / 2 + around.top()
    grid = square(QPointF(round(left), round(room.top() + over)), side, picture.surface, style)
    return BasinLayout(grid, [*head, *rows])


def _beside(
    room: QRectF, side: int, head: list[Words], entries: tuple[Entry, ...], picture: BasinPicture, style: Style
) -> BasinLayout:
    """The square on the left, the legend on the right."""
    around, margin = margins(picture.surface, style), MARGIN * style.unit
    left = room.width() - around.left() - side - around.right() - margin
    column = min(left, widest(entries, style) + 2.0)
    begin = (left - column) / 2 + around.left()
    over = (room.height() - around.top() - side - around.bottom()) / 2 + around.top()
    corner = QPointF(round(begin), round(room.top() + over))
    grid = square(corner, side, picture.surface, style)
    place = QRectF(QPointF(grid.area.right() + around.right(), corner.y()), QSizeF(column, room.bottom() - corner.y()))
    return BasinLayout(grid, [*head, *as_list(entries, place, style)])


def _head(conditions: str, width: float, style: Style) -> list[Words]:
    """The title, and the conditions beside it, or below it in as many lines as they take."""
    words = title_words(TITLE, conditions, width, style)
    if len(words) > 1:
        return words
    margin, height, y = MARGIN * style.unit, height_of(style.text), title_bottom(style)
    for row, line in enumerate(broken(conditions, style.text, width - 2 * margin)):
        rect = QRectF(margin, y + row * height, width_of(style.text, line) + 1.0, height)
        words.append(Words(line, rect, style.text, style.palette.quiet, align=Qt.AlignmentFlag.AlignLeft))
    return words
