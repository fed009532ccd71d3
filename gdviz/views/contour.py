"""The pane with the loss from above, the descent paths on it, and a start that can be dragged."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainterPath, QPolygonF
from PySide6.QtWidgets import QWidget

from gdviz.model.frame import Frame, Landscape
from gdviz.views.colour_bar import colour_bar
from gdviz.views.contour_layout import ContourLayout, axis_names, contour_layout, notes_words
from gdviz.views.contour_path import arrow_things, label_at, places_of, run_things, start_things
from gdviz.views.contour_raster import contour_image
from gdviz.views.layer import Painted, Raster, Shape, box
from gdviz.views.plot_pane import Grid, PlotPane
from gdviz.views.plot_parts import Style, faded, star

GRAB = 16.0
"""Within so many units of the start it can be taken."""
SMALLEST_OUTLINE = 14.0
"""The outline of the first box is shown at least so many units wide."""


class ContourPlot(PlotPane):
    """Shows ``frame.landscape`` from above."""

    start_dragged = Signal(float, float)
    """The user drags the start to these values of the two parameters."""
    start_released = Signal()
    """The user has let go of the start."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dragging = False
        self._detail = 1.0
        self.setMouseTracking(True)

    def set_detail(self, detail: float) -> None:
        """Give the image of the loss so many times the pixels of the screen on each side."""
        if detail != self._detail:
            self._detail = detail
            self._draw_all()

    def _draw(self, frame: Frame, style: Style) -> None:
        scene = frame.landscape
        layout = contour_layout(self.size(), scene.surface, style)
        grid = layout.grid
        ratio = self.devicePixelRatioF() * self._detail
        image = contour_image(scene.surface, round(grid.area.width() * ratio), 1.2 * style.unit * ratio)
        frame_line = Shape(box(grid.area), style.pen(style.palette.quiet, 1.2))
        self._show_grids([grid], style, [Raster(image, grid.area), frame_line])
        self._show_front([*axis_names(grid, scene.surface, style), *self._things(scene, layout, style)])

    def _things(self, scene: Landscape, layout: ContourLayout, style: Style) -> list[Painted]:
        grid, unit = layout.grid, style.unit
        room = QRectF(self.rect()).adjusted(5 * unit, 5 * unit, -5 * unit, -5 * unit)
        notes = notes_words(scene.notes, layout, style)
        taken = [words.rect for words in notes]
        obstacles = places_of(scene.paths, grid)
        currents = [grid.place(*path.current[:2]) for path in scene.paths if path.current is not None]
        taken += [QRectF(place.x() - 8 * unit, place.y() - 8 * unit, 16 * unit, 16 * unit) for place in currents]
        arrows = [path.arrow for path in scene.paths if path.arrow is not None]
        exits = [thing for arrow in arrows for thing in arrow_things(arrow, grid, room, taken, obstacles, style)]
        starts = start_things(scene.paths, grid, taken, obstacles, style)
        below = [*_colour_bar(scene, layout, style), *_first_box(scene, grid, taken, obstacles, style)]
        runs = [thing for path in reversed(scene.paths) for thing in run_things(path, grid, style)]
        return [*below, *_minima(scene, grid, style), *runs, *starts, *exits, *notes]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the start, if the pointer is near."""
        if event.button() is Qt.MouseButton.LeftButton and self._is_near_start(event.position()):
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell where the start is dragged to; show a hand where it can be taken."""
        if self._dragging:
            self._tell(event.position())
        elif self._is_near_start(event.position()):
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the start."""
        if not self._dragging or event.button() is not Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        self._dragging = False
        self.unsetCursor()
        self.start_released.emit()

    def _tell(self, place: QPointF) -> None:
        if self._frame is None or self.grid is None:
            return
        # Kept in the box: a start that is dragged out of sight could not be taken again.
        inside = [max(-1.0, min(1.0, value)) for value in self.grid.values(place)]
        first, second = self._frame.landscape.surface.box.denormalised(inside)
        self.start_dragged.emit(float(first), float(second))

    def _is_near_start(self, place: QPointF) -> bool:
        if self._frame is None or self.grid is None:
            return False
        starts = [path.start for path in self._frame.landscape.paths if path.start is not None]
        away = [self.grid.place(start[0], start[1]) - place for start in starts]
        return any(delta.x() ** 2 + delta.y() ** 2 <= (GRAB * self._unit) ** 2 for delta in away)


def _colour_bar(scene: Landscape, layout: ContourLayout, style: Style) -> list[Painted]:
    """The bar in the column beside the square: above the notes, where they stand there too."""
    place = layout.column
    if place.isEmpty():
        return []
    height = min(place.height() * (0.55 if layout.notes_beside else 1.0), 300 * style.unit)
    return colour_bar(scene.surface, QRectF(place.left(), place.top(), place.width(), height), style)


def _minima(scene: Landscape, grid: Grid, style: Style) -> list[Painted]:
    """A white star at each known minimum: the deepest blue is below it."""
    places = [grid.place(float(x), float(y)) for x, y, _ in scene.minima]
    stars = [star(place, 9 * style.unit) for place in places]
    return [Shape(outline, style.pen("#05080c", 1.4), faded("#ffffff", 1.0)) for outline in stars]


def _first_box(
    scene: Landscape, grid: Grid, taken: list[QRectF], obstacles: NDArray[np.float64], style: Style
) -> list[Painted]:
    """The outline of the first box; where that is too small to be seen, a square of a size that can be."""
    if scene.first_box is None or not len(scene.first_box):
        return []
    corners = QPolygonF([grid.place(float(x), float(y)) for x, y, _ in scene.first_box])
    bounds, least = corners.boundingRect(), SMALLEST_OUTLINE * style.unit
    outline = QPainterPath()
    if max(bounds.width(), bounds.height()) >= least:
        outline.addPolygon(corners)
        outline.closeSubpath()
    else:
        middle = bounds.center()
        outline.addRect(QRectF(middle.x() - least / 2, middle.y() - least / 2, least, least))
    bounds = outline.boundingRect()
    distance = max(bounds.width(), bounds.height()) / 2 + 6 * style.unit
    words = label_at("first view", bounds.center(), distance, grid.area, taken, obstacles, style)
    taken.append(words.rect)
    return [Shape(outline, style.pen("#05080c", 3.6)), Shape(outline, style.pen("#ffffff", 1.6)), words]
