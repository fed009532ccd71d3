"""Where the words on the map of rate and steps go: each where all of it is true, clear of lines, runs and others."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from gdviz.panes.rate_map.ground import MapGround
from gdviz.panes.rate_map.regions import REGION_WORDS
from gdviz.plotting.axes_layout import points_along
from gdviz.plotting.pane import Grid
from gdviz.plotting.placement import LabelPlacer
from gdviz.plotting.shapes import Words, moved_inside
from gdviz.plotting.style import Style, faded, height_of
from gdviz.plotting.text import balanced_lines, width_of

Array = NDArray[np.float64]
Marks = NDArray[np.bool_]

PLATE = 0.86
"""How opaque the plate under words is."""
STRIDE = 4.0
"""The room for words is looked for in squares of so many pixels."""
GENEROUS = (4.0, 3.0, 2.4, 2.0, 1.7, 1.4, 1.2, 1.0)
"""Words stand where a rectangle so many times as large would fit, if possible: in the middle of the room."""
CLEAR = 9.0
"""How many units beside a run no words stand, since its marker passes there."""
LINE_LABEL = "1 % left"


def map_words(ground: MapGround, grid: Grid, courses: Sequence[Array], style: Style) -> list[Words]:
    """The labels of the wall and of the line of 1 %, and the names of the regions that have room for theirs.

    Of the ground only the wall, the settled line and the regions matter. courses: where the runs go, in pixels, each of
    shape (n, 2).
    """
    line = grid.pixels(ground.settled_line)
    line = points_along(np.split(line, np.flatnonzero(np.isnan(line[:, 0]))))
    drawn = np.concatenate([_widened(points_along(courses), CLEAR * style.unit), line])
    labels = LabelPlacer(grid.area, [], drawn, style)
    words = _wall_words(ground, grid, labels)
    labels.taken.extend(walls(ground, grid, style))
    words += _line_words(line, labels)
    free = _free(labels)
    x = _middles(grid.x_range, free.shape[1], grid.area.width())
    y = _middles(grid.y_range[::-1], free.shape[0], grid.area.height())
    codes = ground.sampled(ground.regions, x, y)
    for region, text in REGION_WORDS.items():
        # No two regions share a square, so no two names do.
        words += _name(text, free & (codes == region), grid.area, style)
    return words


def _widened(places: Array, reach: float) -> Array:
    """The places and eight around each of them."""
    shifts = [(reach * across, reach * down) for across in (-1, 0, 1) for down in (-1, 0, 1)]
    return np.concatenate([places + shift for shift in shifts])


def walls(ground: MapGround, grid: Grid, style: Style) -> list[QRectF]:
    """The place of the wall, if it is on the map."""
    if ground.wall is None or not grid.x_range[0] <= ground.wall.position <= grid.x_range[1]:
        return []
    half, area = 4 * style.unit, grid.area
    return [QRectF(grid.x(ground.wall.position) - half, area.top(), 2 * half, area.height())]


def _put(text: str, candidates: Sequence[QRectF], colour: str, labels: LabelPlacer) -> list[Words]:
    return [labels.put_in(text, candidates, colour, faded(labels.style.palette.background, PLATE))]


def _size(text: str, style: Style) -> tuple[float, float]:
    """The width and height of a label of one line, in pixels."""
    return width_of(style.text, text) + 10 * style.unit, height_of(style.text) + 2 * style.unit


def _wall_words(ground: MapGround, grid: Grid, labels: LabelPlacer) -> list[Words]:
    """The label of the wall beside it; at the edge of the map, where the wall is not on it."""
    if ground.wall is None:
        return []
    area, text, position = grid.area, ground.wall.label, ground.wall.position
    if not walls(ground, grid, labels.style):
        text += " is left of the map" if position < grid.x_range[0] else " is right of the map"
    width, height = _size(text, labels.style)
    x, gap = min(max(grid.x(position), area.left()), area.right()), 8 * labels.style.unit
    tops = [area.top() + part * (area.height() - height) for part in (0.03, 0.97, 0.2, 0.35, 0.5, 0.65, 0.8)]
    candidates = [QRectF(left, top, width, height) for top in tops for left in (x - gap - width, x + gap)]
    inside = [rect for rect in candidates if area.contains(rect)] or [moved_inside(candidates[0], area)]
    return _put(text, inside, labels.style.palette.warning, labels)


def _line_words(line: Array, labels: LabelPlacer) -> list[Words]:
    """The label of the line above or below it, where it covers the least; no label where the line is too short."""
    area, unit = labels.room, labels.style.unit
    width, height = _size(LINE_LABEL, labels.style)
    inside = line[(line[:, 0] > area.left()) & (line[:, 0] < area.right()) & (line[:, 1] > area.top())]
    if len(inside) < 8:
        return []
    anchors = inside[np.linspace(0, len(inside) - 1, 24).astype(int)]
    gap = 5 * unit
    corners = [(float(x + dx), float(y + dy)) for x, y in anchors for dx, dy in ((gap, -height - gap), (gap, gap))]
    corners += [(x - width - 2 * gap, y) for x, y in corners]
    candidates = [QRectF(x, y, width, height) for x, y in corners]
    fitting = [rect for rect in candidates if area.adjusted(unit, unit, -unit, -unit).contains(rect)]
    return _put(LINE_LABEL, fitting, labels.style.palette.text, labels) if fitting else []


def _free(labels: LabelPlacer) -> Marks:
    """The squares of the plot in which nothing is drawn and nothing stands."""
    area = labels.room
    corner = np.array([area.left(), area.top()])
    free = np.full((int(area.height() // STRIDE), int(area.width() // STRIDE)), True)
    for rect in labels.taken:
        left, top = np.maximum(0, ([rect.left(), rect.top()] - corner) // STRIDE - 1).astype(int)
        right, bottom = np.maximum(0, ([rect.right(), rect.bottom()] - corner) // STRIDE + 2).astype(int)
        free[top:bottom, left:right] = False
    squares = _widened((labels.obstacles - corner) // STRIDE, 1.0).astype(int)
    x, y = squares[((squares >= 0) & (squares < free.shape[::-1])).all(axis=1)].T
    free[y, x] = False
    return free


def _middles(ends: tuple[float, float], count: int, length: float) -> Array:
    """The positions of the middles of so many squares on an axis with these ends that is so many pixels long."""
    return np.asarray(ends[0] + (np.arange(count) + 0.5) * STRIDE / length * (ends[1] - ends[0]))


def _name(text: str, room: Marks, area: QRectF, style: Style) -> list[Words]:
    """The name in the middle of the room, in as few lines as fit into it; nothing where it does not fit."""
    unit = style.unit
    for count in range(1, 1 + min(3, len(text.split()))):
        lines = balanced_lines(text, count, longer_first=True)
        width = max(width_of(style.text, line) for line in lines) + 12 * unit
        height = len(lines) * height_of(style.text) + 4 * unit
        place = _roomiest(room, width / STRIDE, height / STRIDE)
        if place is not None:
            middle = area.topLeft() + QPointF(*place) * STRIDE
            rect = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
            plate = faded(style.palette.background, PLATE)
            return [Words("\n".join(lines), rect, style.text, style.palette.text, plate, wrap=len(lines) > 1)]
    return []


def _roomiest(room: Marks, width: float, height: float) -> tuple[float, float] | None:
    """The middle of a rectangle of that size in squares, all of whose squares are free, with much room around it."""
    sums = np.pad(room.cumsum(axis=0, dtype=np.int64).cumsum(axis=1), ((1, 0), (1, 0)))
    for factor in GENEROUS:
        across, down = math.ceil(width * factor) + 1, math.ceil(height * factor) + 1
        if across > room.shape[1] or down > room.shape[0]:
            continue
        counts = sums[down:, across:] - sums[:-down, across:] - sums[down:, :-across] + sums[:-down, :-across]
        rows, columns = np.nonzero(counts == across * down)
        if len(rows):
            # Of all places the one in the middle of them.
            away = (rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2
            best = int(away.argmin())
            return float(columns[best]) + across / 2, float(rows[best]) + down / 2
    return None
