"""What lies under the runs on the map of rate and steps: made once for a map and a size, and then only shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSize

from gdviz.panes.rate_map.ground import MapGround
from gdviz.panes.rate_map.image import map_image
from gdviz.panes.rate_map.labels import map_words, pixels, walls
from gdviz.panes.rate_map.layout import map_layout
from gdviz.panes.rate_map.legend import map_key
from gdviz.panes.rate_map.picture import MapPicture
from gdviz.plotting.pane import Grid
from gdviz.plotting.shapes import Painted, Raster, Shape, Words, box, line
from gdviz.plotting.style import Style

Value = TypeVar("Value")


@dataclass(frozen=True, eq=False)
class Backdrop:
    """The axes, and the things to be painted."""

    grid: Grid
    things: tuple[Painted, ...]


class _Last(Generic[Value]):
    """The value that was asked for last; for an equal key it is the same again."""

    def __init__(self) -> None:
        self._known: tuple[object, Value] | None = None

    def of(self, key: object, make: Callable[[], Value]) -> Value:
        if self._known is None or self._known[0] != key:
            self._known = (key, make())
        return self._known[1]


class BackdropMaker:
    """Makes backdrops; what it gives depends on the arguments alone."""

    def __init__(self) -> None:
        """Nothing is made yet."""
        self._backdrop: _Last[Backdrop] = _Last()
        self._words: _Last[list[Words]] = _Last()

    def backdrop(self, picture: MapPicture, size: QSize, ratio: float, style: Style) -> Backdrop:
        """The backdrop in a pane of that size, with ``ratio`` pixels of the image to each of the pane's."""
        courses = tuple(run.course.tobytes() for run in picture.runs)
        key = (picture.ground, courses, size, ratio, style)
        return self._backdrop.of(key, lambda: self._made(picture, QSize(size), ratio, style))

    def _made(self, picture: MapPicture, size: QSize, ratio: float, style: Style) -> Backdrop:
        ground, layout = picture.ground, map_layout(size, picture.ground, style)
        grid = layout.grid
        image_size = (round(grid.area.width() * ratio), round(grid.area.height() * ratio))
        image = map_image(ground, image_size, style.unit * ratio, style.palette.warning)
        frame = Shape(box(grid.area), style.pen(style.palette.quiet, 1.2))
        things = [Raster(image, grid.area), *_lines(ground, grid, style), frame, *self._found(picture, grid, style)]
        return Backdrop(grid, (*things, *map_key(ground, layout.column, ratio, style), *layout.words))

    def _found(self, picture: MapPicture, grid: Grid, style: Style) -> list[Words]:
        """The words on the map; while it grows they are looked for anew only when what they are told by is another."""
        ground, courses = picture.ground, [run.course for run in picture.runs]
        told_by = [ground.regions.tobytes(), *(each.tobytes() for each in (ground.settled_line, *courses))]
        key = (told_by, ground.phase_map.grid, ground.wall, grid.area, grid.x_range, grid.y_range, style)
        return self._words.of(key, lambda: map_words(ground, grid, [pixels(each, grid) for each in courses], style))


def _lines(ground: MapGround, grid: Grid, style: Style) -> list[Painted]:
    """The line of 1 %, light in a dark casing, and the wall: both are seen on every colour."""
    shapes: list[Painted] = []
    if len(ground.line):
        path = pg.arrayToQPath(*pixels(ground.line, grid).T.copy(), connect="finite")
        shapes += [Shape(path, style.pen(*pen), clip=grid.area) for pen in (("#05080c", 5.0), ("#ffffff", 2.4))]
    for place in walls(ground, grid, style):
        x = place.center().x()
        upright = line(QPointF(x, place.top()), QPointF(x, place.bottom()))
        pens = ((style.palette.background, 7.0), (style.palette.warning, 4.0))
        shapes += [Shape(upright, style.pen(*pen), clip=grid.area) for pen in pens]
    return shapes
