"""What the map of rate and steps shows beneath the runs: axes, losses, 1 % line, stability limit and regions."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.core.analysis.phase_map import MapGrid, PhaseMap, default_grid
from gdviz.core.analysis.quadratic import TOLERANCE
from gdviz.core.analysis.rate_limit import global_stability_limit, limit_name
from gdviz.core.descent.checkpoint import start
from gdviz.core.descent.experiment import Experiment
from gdviz.core.frozen import frozen
from gdviz.core.problems.problem import minimum_loss
from gdviz.panes.rate_map.regions import Cells, classify, worsening_columns
from gdviz.presentation.numbers import format_number

Array = NDArray[np.float64]

LOWEST_Y = -0.15
"""Lower end of the vertical axis, as log10 of a number of steps: half a cell below step 1. Step 0 is drawn there."""
FIRST_CLASSIFIED = 64
"""Regions are first classified after this many steps, and again after each doubling, so that labels rarely move."""


@frozen
class StabilityLimit:
    """The rate above which a rule diverges on a quadratic loss, and its label; position: log10 of the rate."""

    learning_rate: float
    label: str
    position: float


@frozen(eq=False)
class MapBackground:
    """One per `PhaseMap`. Positions on the axes are log10 of the rate and log10 of the number of steps.

    x_range, y_range: of the axes. x_edges, y_edges: of the cells, shapes (columns + 1,) and (rows of the whole grid +
    1,); the outermost may lie beyond the axes.
    values: float32, shape (rows so far, columns): log10 of the loss above the lowest known minimum, relative to the
    start's if ``from_start`` (impossible where the run starts in a minimum, or at an infinite loss); -inf where it is
    not above the minimum; inf and NaN where the loss is. Where no minimum is known, log10 of the loss itself: -inf
    where that is 0 or less, inf where it is minus infinity.
    line: shape (n, 2), where 1 % is left, NaN between segments. settled_line: its part in the rows of ``regions``.
    limit: None if the loss is not quadratic or has no minimum. worsens: shape (columns,), see `worsening_columns`.
    regions: int8, shape (first rows, columns), the `Region` of each cell.
    """

    phase_map: PhaseMap
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    x_edges: Array
    y_edges: Array
    values: NDArray[np.float32]
    from_start: bool
    line: Array
    settled_line: Array
    limit: StabilityLimit | None
    worsens: NDArray[np.bool_]
    regions: NDArray[np.int8]

    def column(self, learning_rate: float) -> int:
        """The column with the nearest rate on the axis."""
        return int(np.searchsorted(self.x_edges[1:-1], np.log10(learning_rate), side="right"))

    def row(self, steps: float) -> int:
        """The row with the nearest number of steps on the axis; it may not be computed yet."""
        return int(np.searchsorted(self.y_edges[1:-1], np.log10(steps), side="right"))

    def sampled(self, cells: NDArray[Any], x: Array, y: Array) -> NDArray[Any]:
        """Cells of shape (rows so far, columns) at positions x by y, shape (len(y), len(x)); 0 where there is none."""
        padded = np.zeros((len(self.y_edges) + 1, len(self.x_edges) + 1), cells.dtype)
        padded[1 : 1 + len(cells), 1:-1] = cells
        rows, columns = (np.searchsorted(*both, side="right") for both in ((self.y_edges, y), (self.x_edges, x)))
        # Whole rows are copied at once, many times faster than single cells: the rows come last, being the more.
        return padded[:, columns][rows]


@lru_cache(maxsize=2)
def map_background(phase_map: PhaseMap) -> MapBackground:
    """The background of the map, cached by the map's identity."""
    experiment, grid = phase_map.experiment, phase_map.grid
    height, limit, settled = _start_excess(experiment), _stability_limit(experiment), _classified_steps(phase_map)
    minimum = minimum_loss(experiment.problem)
    values = _relative_log_losses(phase_map.losses, minimum, height or 1.0)
    # Without a known minimum nothing says that more steps help.
    highest_rate = 0.0 if minimum is None else np.inf if limit is None else limit.learning_rate
    below_limit = np.asarray(grid.learning_rates < highest_rate)
    cells = Cells(np.array(grid.steps[: len(values)]), values, height is not None, below_limit)
    rows = int(np.searchsorted(cells.steps, settled, side="right"))
    settled_cells = replace(cells, steps=cells.steps[:rows], values=values[:rows])
    needed = phase_map.needed if height is not None else np.full(grid.columns, -1)
    return MapBackground(
        phase_map,
        *_axes(grid),
        values,
        height is not None,
        _tolerance_line(grid, needed),
        _tolerance_line(grid, np.where(needed <= settled, needed, -1)),
        limit,
        worsening_columns(cells),
        classify(settled_cells, _higher_minima(experiment, height)),
    )


@lru_cache(maxsize=2)
def empty_map(experiment: Experiment) -> PhaseMap:
    """A map with no rows yet."""
    grid = default_grid(experiment)
    losses = np.empty((0, grid.columns), experiment.precision.dtype)
    return PhaseMap(experiment, grid, losses, np.full(grid.columns, -1, np.int64), 0)


def forget_maps() -> None:
    """Forget all maps, and the runs with their data, to which they refer."""
    map_background.cache_clear()
    empty_map.cache_clear()


def _start_excess(experiment: Experiment) -> float | None:
    """The start's excess loss, above the lowest known minimum; None where losses cannot be given relative to it."""
    minimum = minimum_loss(experiment.problem)
    if minimum is None:
        return None
    point = start(experiment).point
    with np.errstate(all="ignore"):
        loss = float(experiment.problem.evaluator(experiment.precision)(point)[0])
    # A smaller difference from the minimum is rounding error.
    least = experiment.precision.rounding(max(abs(loss), abs(minimum)))
    return loss - minimum if np.isfinite(loss) and loss - minimum > least else None


def _axes(grid: MapGrid) -> tuple[tuple[float, float], tuple[float, float], Array, Array]:
    """Both ranges and both sets of edges of a `MapBackground`."""
    rates, steps = np.log10(grid.learning_rates), np.log10(np.array(grid.steps, np.float64))
    x_edges = _edges(rates, 1.0)
    # From centre to centre, so that coarse and fine maps have the same axes.
    x_range = (rates[0], rates[-1]) if len(rates) > 1 else (x_edges[0], x_edges[-1])
    y_range = (LOWEST_Y, float(steps[-1]) if steps[-1] > 0 else -LOWEST_Y)
    return (float(x_range[0]), float(x_range[1])), y_range, x_edges, _edges(steps, -2 * LOWEST_Y)


def _edges(centres: Array, alone: float) -> Array:
    """Midpoints between the centres, and as far beyond the outermost; ``alone``: the width of a single cell."""
    if len(centres) == 1:
        return np.array([centres[0] - alone / 2, centres[0] + alone / 2])
    middles = (centres[1:] + centres[:-1]) / 2
    return np.concatenate([[2 * centres[0] - middles[0]], middles, [2 * centres[-1] - middles[-1]]])


def _relative_log_losses(losses: NDArray[np.floating], minimum: float | None, height: float) -> NDArray[np.float32]:
    above = np.maximum(losses.astype(np.float64) - (minimum or 0.0), 0.0)
    if minimum is None:
        above[np.isneginf(losses)] = np.inf
    with np.errstate(divide="ignore"):
        # A difference of logarithms, since the quotient may overflow where the loss does not.
        return np.asarray(np.log10(above) - np.log10(height), np.float32)


def _tolerance_line(grid: MapGrid, needed: NDArray[np.int64]) -> Array:
    """Through the centres of the columns where ``needed`` is positive; each segment spans its columns."""
    (left, right), _, edges, _ = _axes(grid)
    rates, edges = np.log10(grid.learning_rates), np.clip(edges, left, right)
    reached, parts = np.flatnonzero(needed > 0), [np.empty((0, 2))]
    for part in np.split(reached, np.flatnonzero(np.diff(reached) > 1) + 1) if reached.size else ():
        x = np.concatenate([edges[part[:1]], rates[part], edges[part[-1:] + 1]])
        y = np.log10(np.pad(needed[part], 1, mode="edge"))
        parts += [np.stack([x, y], axis=1), np.full((1, 2), np.nan)]
    return np.concatenate(parts)


def _stability_limit(experiment: Experiment) -> StabilityLimit | None:
    limit, name = global_stability_limit(experiment), limit_name(experiment)
    if limit is None:
        return None
    named = name if name.startswith("limit") else f"limit {name}"
    return StabilityLimit(limit, f"{named} {format_number(limit)}", float(np.log10(limit)))


def _classified_steps(phase_map: PhaseMap) -> int:
    """How many steps the regions cover: a power of two while the map is still growing."""
    if phase_map.is_complete:
        return phase_map.done
    last = 2 ** int(np.log2(max(1, phase_map.done)))
    return last if last >= FIRST_CLASSIFIED else 0


def _higher_minima(experiment: Experiment, height: float | None) -> tuple[float, ...]:
    """log10 of the losses of the known minima noticeably above the lowest, relative to the start's."""
    problem = experiment.problem
    if height is None:
        return ()
    losses = [float(problem.loss(*minimum)) for minimum in problem.minima]
    parts = {(loss - min(losses)) / height for loss in losses}
    return tuple(sorted(float(np.log10(part)) for part in parts if part > TOLERANCE))
