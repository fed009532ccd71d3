"""The pane with a small contour for each of several runs, with heading, path and notes."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from gdviz.core.box import Box
from gdviz.core.frozen import frozen
from gdviz.panes.contour.plot import landscape_things
from gdviz.panes.contour.raster import contour_image
from gdviz.panes.landscape.landscape import Landscape, RunPath, Surface
from gdviz.panes.landscape.multiples import grid_shape, multiples, wordings
from gdviz.panes.plane.square import margins, square
from gdviz.panes.plane.start_pane import StartPane
from gdviz.plotting.axes_layout import MARGIN, x_name_words
from gdviz.plotting.pane import Grid
from gdviz.plotting.run_legend import run_entry, text_place
from gdviz.plotting.shapes import LEFT, Painted, Raster, Shape, Words, box
from gdviz.plotting.style import Style, faded, height_of, shrunk_to_fit
from gdviz.plotting.text import fitting, width_of
from gdviz.presentation.legend import Legend

LEAST_UNITS = (560.0, 320.0)
"""In a pane smaller than this, in units, everything shrinks."""


@frozen(eq=False)
class _Cell:
    """A run's landscape and name, its part of the pane, and its contour's grid in there."""

    landscape: Landscape
    legend: Legend
    room: QRectF
    grid: Grid


class MultiplesPane(StartPane[Landscape]):
    """Shows a landscape once for each of several runs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells: tuple[_Cell, ...] = ()
        self._pointed = 0

    @property
    def grid(self) -> Grid | None:
        """The contour that was last pointed at, at first the first one."""
        return self.grids[min(self._pointed, len(self.grids) - 1)] if self.grids else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Grab the start in the contour under the pointer."""
        self._point_at(event.position())
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the start in the contour in which it was grabbed."""
        if not self._dragging:
            self._point_at(event.position())
        super().mouseMoveEvent(event)

    def _point_at(self, place: QPointF) -> None:
        self.draw()
        found = (index for index, cell in enumerate(self._cells) if cell.room.contains(place))
        self._pointed = next(found, self._pointed)

    def _draw(self, picture: Landscape, style: Style) -> None:
        style = shrunk_to_fit(style, self.size(), LEAST_UNITS)
        runs = multiples(picture, self._legend)
        self._cells = tuple(
            _Cell(*run, room, _grid(room, run.landscape.surface, style))
            for run, room in zip(runs, _cell_rooms(self.size(), len(runs), style), strict=True)
        )
        ratio = self.devicePixelRatioF() * self._detail
        behind = [thing for cell in self._cells for thing in _background(cell, ratio, style)]
        self._show_grids([cell.grid for cell in self._cells], style, behind)
        self._show_front([thing for cell in self._cells for thing in _foreground(cell, style)])

    def _box(self, picture: Landscape) -> Box:
        return self._pointed_at.surface.box

    def _paths(self, picture: Landscape) -> Sequence[RunPath]:
        return self._pointed_at.paths

    @property
    def _pointed_at(self) -> Landscape:
        self.draw()
        return self._cells[min(self._pointed, len(self._cells) - 1)].landscape


def _cell_rooms(size: QSize, count: int, style: Style) -> list[QRectF]:
    across, down = grid_shape(count, size.width(), size.height())
    edge = MARGIN / 2 * style.unit
    width, height = (size.width() - edge) / across, (size.height() - edge) / down
    # No higher than a square with its texts, so that all are grouped in the middle.
    height = min(height, width + 2 * height_of(style.text))
    top = (size.height() - down * height + edge) / 2
    corners = (QPointF(edge + index % across * width, top + index // across * height) for index in range(count))
    return [QRectF(corner, QSizeF(width - edge, height - edge)) for corner in corners]


def _grid(room: QRectF, surface: Surface, style: Style) -> Grid:
    """The largest square below heading and notes that leaves room for the tick labels."""
    unit, digits = style.unit, height_of(style.number)
    top = room.top() + 2 * height_of(style.text) + digits / 2
    left = max(margins(surface, style).left(), width_of(style.text, surface.axes[0].name) + 14 * unit + 14 * unit)
    side = max(20, int(min(room.bottom() - digits - 10 * unit - top, room.width() - left - 14 * unit)))
    begin = round(room.left() + left + max(0.0, room.width() - left - 14 * unit - side) / 2)
    return square(QPointF(begin, round(top)), side, surface, style)


def _background(cell: _Cell, ratio: float, style: Style) -> list[Painted]:
    """The heading, the contour, and the names of the axes: all that does not change during a run."""
    surface, grid, unit = cell.landscape.surface, cell.grid, style.unit
    image = contour_image(surface, round(grid.area.width() * ratio), 1.2 * unit * ratio)
    (entry,), height = cell.legend.entries, height_of(style.text)
    place = QRectF(cell.room.left(), cell.room.top(), cell.room.width(), height)
    name = fitting(style.text, cell.legend.names(entry), text_place(place, style).width())
    heading = run_entry(entry.style, name, place, style)
    frame_line = Shape(box(grid.area), style.pen(style.palette.quiet, 1.2))
    return [*heading, Raster(image, grid.area), frame_line, x_name_words(grid, surface.axes[0].name, style)]


def _foreground(cell: _Cell, style: Style) -> list[Painted]:
    """The path on the contour, the notes below the heading, and the name of the second axis."""
    landscape, unit, height = cell.landscape, style.unit, height_of(style.text)
    place = QRectF(cell.room.left(), cell.room.top() + height, cell.room.width(), height)
    text = fitting(style.text, wordings(landscape.notes), place.width())
    notes = Words(text, place, style.text, style.palette.quiet, align=LEFT)
    name = landscape.surface.axes[1].name
    size = width_of(style.text, name) + 8 * unit, height + unit
    corner = QRectF(cell.grid.area.left() + 4 * unit, cell.grid.area.top() + 4 * unit, *size)
    plate = faded(style.palette.pane, 0.85)
    second = Words(name, corner, style.text, style.palette.text, plate)
    things = landscape_things(landscape, cell.grid, cell.room, [second], style, is_small=True)
    return [notes, *things, second]
