"""The pane with the loss from above, the descent paths on it, and a start that can be dragged."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath, QPolygonF

from gdviz.core.box import Box
from gdviz.model.frame import Frame, Landscape, RunPath
from gdviz.views.colour_bar import colour_bar
from gdviz.views.contour_ghost import ghost_things
from gdviz.views.contour_layout import ContourLayout, axis_names, contour_layout, notes_words
from gdviz.views.contour_path import arrow_things, label_at, places_of, run_things, start_things
from gdviz.views.contour_raster import contour_image
from gdviz.views.layer import Painted, Raster, Shape, box
from gdviz.views.plot_pane import Grid
from gdviz.views.plot_parts import Style, faded, star
from gdviz.views.start_pane import StartPane

SMALLEST_OUTLINE = 14.0
"""The outline of the first box is shown at least so many units wide."""


class ContourPlot(StartPane):
    """Shows ``frame.landscape`` from above."""

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
        ghosts = [thing for path in reversed(scene.paths) for thing in ghost_things(path, grid, room, style)]
        runs = [thing for path in reversed(scene.paths) for thing in run_things(path, grid, style)]
        return [*below, *ghosts, *_minima(scene, grid, style), *runs, *starts, *exits, *notes]

    def _box(self, frame: Frame) -> Box:
        return frame.landscape.surface.box

    def _paths(self, frame: Frame) -> Sequence[RunPath]:
        return frame.landscape.paths


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
