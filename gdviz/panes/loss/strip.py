"""Draws the learning rate as a strip above the loss, on the same axis of steps, with the limits as dashed lines."""

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from gdviz.panes.loss.rates import LimitCurve, RateCurve, RateStrip
from gdviz.plotting.array_paths import arrayToQPath
from gdviz.plotting.axes_layout import points_along
from gdviz.plotting.pane import Grid
from gdviz.plotting.placement import PLATE, LabelPlacer, run_markers
from gdviz.plotting.shapes import Painted, Shape, circle
from gdviz.plotting.style import Style, faded, height_of
from gdviz.plotting.text import width_of
from gdviz.plotting.ticks import Ticks, fit_ticks, linear_ticks, log_ticks
from gdviz.presentation.palette import DASHES

PART, LEAST_LINES, LEAST_LOSS_LINES = 0.36, 2.0, 3.2
"""The part of the plots' height that the strip takes, the least in lines of text, and the least that is left below."""
NAME = "learning rate"
AHEAD = 0.35
"""The opacity of the rates of steps that are still to come."""
HANDLE = 4.0
"""The radius of a handle in units."""
MARKER_REACH = 12.0
"""How far a current rate's marker reaches above and below its curve, in units; further where several are stacked."""
LINE_WEIGHT = 3
"""How many times as much a line that a name covers counts as what only a marker on its way will cover."""
LIMIT_DASHES = (5.0, 4.0)
MOST_COVERED = 4
"""The most points of the curves, 4 pixels apart, that the strip's name may cover; the title says it too."""


def strip_height(room: float, style: Style) -> float:
    """The height of the strip in pixels, in plots of that height together; 0 where there is no room for both."""
    line = height_of(style.text)
    height = max(PART * room, LEAST_LINES * line)
    return round(height) if room - height >= LEAST_LOSS_LINES * line else 0.0


def strip_ticks(strip: RateStrip, height: float, style: Style) -> Ticks:
    """The ticks of the rates that have room in that height."""
    (low, high), digits = strip.value_range, height_of(style.number)
    choose = log_ticks if strip.is_log else linear_ticks

    def place(value: float) -> float:
        return (value - low) / (high - low) * height

    # Without the small ones between, which would be closer than the line is wide.
    return Ticks(fit_ticks(lambda most: choose(low, high, most), place, lambda _: 1.1 * digits).major)


def strip_grid(strip: RateStrip, ticks: Ticks, area: QRectF, below: Grid) -> Grid:
    """The strip in ``area``, with the steps of the plot below, whose axis has their numbers."""
    steps = below.x_ticks
    unnamed = Ticks(tuple((value, "") for value, _ in steps.major), steps.minor)
    return Grid(area, below.x_range, strip.value_range, unnamed, ticks, below.x_scale)


def behind_strip(strip: RateStrip, grid: Grid, style: Style) -> list[Painted]:
    """What does not change from step to step: the rates of all steps, faint, and the limits."""
    known = [curve for curve in strip.curves if curve.is_known]
    faint = [_path(curve.style, curve.all_steps, curve.all_values, grid, style, AHEAD) for curve in known]
    limits = [_limit(limit, grid, style) for limit in strip.limits]
    return [*faint[::-1], *limits]


def front_of_strip(strip: RateStrip, grid: Grid, style: Style, names: Iterable[Painted]) -> list[Painted]:
    """The rates up to the step, the names of the strip and of the limits, and the current rate of each run."""
    paths = [_path(curve.style, curve.steps, curve.values, grid, style) for curve in strip.curves]
    places = [(curve.style, grid.place(*curve.current)) for curve in strip.curves if curve.current is not None]
    return [*paths[::-1], *names, *_handles(strip, grid, style), *run_markers(places, style)]


def handle_at(strip: RateStrip, grid: Grid, place: QPointF, reach: float) -> int | None:
    """The index of the visible handle nearest to a place, within a reach in pixels; None for none."""
    away = {index: grid.place(*handle) - place for index, handle in _shown_handles(strip, grid)}
    distances = {index: math.hypot(delta.x(), delta.y()) for index, delta in away.items()}
    nearest = min(distances, key=lambda index: distances[index], default=None)
    return nearest if nearest is not None and distances[nearest] <= reach else None


def _shown_handles(strip: RateStrip, grid: Grid) -> list[tuple[int, tuple[float, float]]]:
    """The handles on the axes, with their indices."""
    low, high = grid.x_range
    return [(index, (step, rate)) for index, (step, rate) in enumerate(strip.handles) if low <= step <= high]


def _handles(strip: RateStrip, grid: Grid, style: Style) -> list[Shape]:
    """Rings at the handles, in the colour of their run."""
    pen = style.pen(style.palette.runs[strip.curves[0].style], 1.8)
    rings = [circle(grid.place(*handle), HANDLE * style.unit) for _, handle in _shown_handles(strip, grid)]
    return [Shape(ring, pen, faded(style.palette.background, 1.0)) for ring in rings]


def _pixels(steps: np.ndarray, values: np.ndarray, grid: Grid) -> np.ndarray:
    return np.stack([grid.xs(steps), grid.ys(grid.bounded(values))], axis=1)


def _path(run: int, steps: np.ndarray, values: np.ndarray, grid: Grid, style: Style, alpha: float = 1.0) -> Shape:
    path = arrayToQPath(*_pixels(steps, values, grid).T.copy(), connect="finite")
    return Shape(path, style.pen(style.palette.runs[run], 2.2, DASHES[run], alpha), clip=grid.area)


def _colour(limit: LimitCurve, style: Style) -> str:
    return style.palette.text if limit.style is None else style.palette.runs[limit.style]


def _limit(limit: LimitCurve, grid: Grid, style: Style) -> Shape:
    path = arrayToQPath(*_pixels(limit.steps, limit.values, grid).T.copy(), connect="finite")
    return Shape(path, style.pen(_colour(limit, style), 1.4, LIMIT_DASHES), clip=grid.area)


def names_key(strip: RateStrip, grid: Grid, style: Style) -> tuple[object, ...]:
    """All that the names depend on: equal for every step of a run."""
    lines: list[RateCurve | LimitCurve] = [*strip.curves, *strip.limits]
    places = [(line.style, *(part.tobytes() for part in _whole(line))) for line in lines]
    return places, [limit.label for limit in strip.limits], strip.is_log, grid, style


def strip_names(strip: RateStrip, grid: Grid, style: Style) -> list[Painted]:
    """The name of the strip in the corner, and of each limit beside its line, where they cover the least.

    They depend on the whole curves, not on the step. Left out are a limit's name that would stand on another one, and
    the strip's where many curves leave no room.
    """
    unit, area = style.unit, grid.area
    curves = points_along([_pixels(*_whole(curve), grid) for curve in strip.curves])
    lines = np.concatenate([curves, points_along([_pixels(*_whole(limit), grid) for limit in strip.limits])])
    # Off the lines, and where there is a choice also off what the markers will cover on their way.
    around = [curves + np.array([0.0, side * MARKER_REACH * unit]) for side in (-1.0, 1.0)]
    placer = LabelPlacer(area, [], np.concatenate([*[lines] * LINE_WEIGHT, *around]), style)
    plate, found = faded(style.palette.background, PLATE), list[Painted]()
    for limit in strip.limits:
        size = width_of(style.text, limit.label) + 4 * unit, height_of(style.text)
        along = _inside(_pixels(limit.steps, limit.values, grid), area)
        rects = [rect for x, y in along for rect in _beside_line(x, y, size, area, unit)]
        if rects and placer.is_clear(placer.least_covering(rects)):
            found.append(placer.put_in(limit.label, rects, _colour(limit, style), plate))
    name = f"{NAME} (log)" if strip.is_log else NAME
    places = _corners(name, area, style)
    words = placer.put_in(name, places, style.palette.quiet, plate)
    without = replace(placer, taken=placer.taken[:-1], obstacles=lines)
    return [*found, words] if int(without.covered([words.rect])[0]) <= MOST_COVERED else found


def _whole(line: RateCurve | LimitCurve) -> tuple[np.ndarray, np.ndarray]:
    """All that is known of a line, in steps and values."""
    if isinstance(line, LimitCurve):
        return line.steps, line.values
    return line.all_steps, line.all_values


def _inside(pixels: np.ndarray, area: QRectF) -> list[tuple[float, float]]:
    """Places along a line at which a name may stand: evenly spaced from the right end of the area to its left."""
    xs = np.linspace(area.right(), area.left(), 7)
    return list(zip(xs.tolist(), np.interp(xs, *pixels.T).tolist(), strict=True))


def _beside_line(x: float, y: float, size: tuple[float, float], area: QRectF, unit: float) -> list[QRectF]:
    """Rectangles of that size above and below a place on a line, inside the area."""
    width, height = size
    left = min(max(x - width / 2, area.left() + 3 * unit), area.right() - width - 3 * unit)
    tops = (y - height - unit, y + unit)
    return [QRectF(left, top, width, height) for top in tops if area.top() <= top and top + height <= area.bottom()]


def _corners(name: str, area: QRectF, style: Style) -> list[QRectF]:
    """Places of the strip's name, three by three: corners, edges and the middle, the upper right one first."""
    unit, width, height = style.unit, width_of(style.text, name) + 4 * style.unit, height_of(style.text)
    lefts = (area.right() - width - 4 * unit, area.left() + 4 * unit, area.center().x() - width / 2)
    tops = (area.top() + 2 * unit, area.bottom() - height - 2 * unit, area.center().y() - height / 2)
    return [QRectF(left, top, width, height) for top in tops for left in lefts]
