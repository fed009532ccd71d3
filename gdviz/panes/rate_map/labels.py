"""Places the labels on the map of rate and steps: each inside its region, clear of lines, runs and other labels."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from gdviz.panes.rate_map.background import MapBackground
from gdviz.panes.rate_map.regions import REGION_WORDS
from gdviz.plotting.axes_layout import points_along
from gdviz.plotting.free_space import cell_centres, with_neighbours
from gdviz.plotting.pane import Grid
from gdviz.plotting.placement import LabelPlacer
from gdviz.plotting.shapes import Words, moved_inside
from gdviz.plotting.style import Style, faded, height_of
from gdviz.plotting.text import width_of

Array = NDArray[np.float64]

PLATE = 0.86
"""Opacity of the plate under a label."""
RUN_CLEARANCE = 9.0
"""Labels keep this many units away from a run, whose marker passes there."""
LINE_LABEL = "1 % left"


def map_words(background: MapBackground, grid: Grid, courses: Sequence[Array], style: Style) -> list[Words]:
    """The labels of the stability limit and of the 1 % line, and the names of the regions that have room for them.

    Depends only on the limit, the settled line and the regions of the map. courses: of the runs, in pixels, each of
    shape (n, 2).
    """
    line = grid.pixels(background.settled_line)
    line = points_along(np.split(line, np.flatnonzero(np.isnan(line[:, 0]))))
    drawn = np.concatenate([with_neighbours(points_along(courses), RUN_CLEARANCE * style.unit), line])
    labels = LabelPlacer(grid.area, [], drawn, style)
    words = _limit_words(background, grid, labels)
    labels.taken.extend(limit_rects(background, grid, style))
    words += _line_words(line, labels)
    return words + labels.put_within(_region_cells(background, grid), faded(style.palette.background, PLATE))


def _region_cells(background: MapBackground, grid: Grid) -> dict[str, NDArray[np.bool_]]:
    """The cells of each region, by its name."""
    (left, right), (bottom, top) = grid.x_range, grid.y_range
    across, down = cell_centres(grid.area)
    codes = background.sampled(background.regions, left + across * (right - left), top + down * (bottom - top))
    return {text: codes == region for region, text in REGION_WORDS.items()}


def limit_rects(background: MapBackground, grid: Grid, style: Style) -> list[QRectF]:
    """The rectangle of the limit's line, if it is on the map."""
    if background.limit is None or not grid.x_range[0] <= background.limit.position <= grid.x_range[1]:
        return []
    half, area = 4 * style.unit, grid.area
    return [QRectF(grid.x(background.limit.position) - half, area.top(), 2 * half, area.height())]


def _put(text: str, candidates: Sequence[QRectF], colour: str, labels: LabelPlacer) -> list[Words]:
    return [labels.put_in(text, candidates, colour, faded(labels.style.palette.background, PLATE))]


def _size(text: str, style: Style) -> tuple[float, float]:
    """The width and height of a label of one line, in pixels."""
    return width_of(style.text, text) + 10 * style.unit, height_of(style.text) + 2 * style.unit


def _limit_words(background: MapBackground, grid: Grid, labels: LabelPlacer) -> list[Words]:
    """The limit's label beside its line, or at the edge of the map if the limit lies outside."""
    if background.limit is None:
        return []
    area, text, position = grid.area, background.limit.label, background.limit.position
    if not limit_rects(background, grid, labels.style):
        text += " is left of the map" if position < grid.x_range[0] else " is right of the map"
    width, height = _size(text, labels.style)
    x, gap = min(max(grid.x(position), area.left()), area.right()), 8 * labels.style.unit
    tops = [area.top() + part * (area.height() - height) for part in (0.03, 0.97, 0.2, 0.35, 0.5, 0.65, 0.8)]
    candidates = [QRectF(left, top, width, height) for top in tops for left in (x - gap - width, x + gap)]
    inside = [rect for rect in candidates if area.contains(rect)] or [moved_inside(candidates[0], area)]
    return _put(text, inside, labels.style.palette.warning, labels)


def _line_words(line: Array, labels: LabelPlacer) -> list[Words]:
    """The label above or below the line, where it covers the least; none if the line is too short."""
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
