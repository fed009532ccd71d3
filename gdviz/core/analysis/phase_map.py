"""The map of learning rate against number of steps: the loss after that many steps at each constant rate."""

import math
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.analysis.quadratic import TOLERANCE
from gdviz.core.analysis.rate_limit import OWN_LENGTH, global_stability_limit, rate_range_around
from gdviz.core.descent.checkpoint import start
from gdviz.core.descent.experiment import MAX_STEPS, Experiment
from gdviz.core.descent.loop import Step, walk
from gdviz.core.descent.manual_changes import base_and_changes
from gdviz.core.descent.schedules import Constant
from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
from gdviz.core.long_work import between_pieces
from gdviz.core.problems.capabilities import HasData, reads_no_rows
from gdviz.core.problems.problem import minimum_loss

MAX_CELLS = 10_000_000
LOWEST_RATE, HIGHEST_RATE = 1e-4, 20.0
DEFAULT_STEPS, MAX_ROWS = 10_000, 256  # the default extent of a map


class ChunkSize(NamedTuple):
    """Upper bounds of one unit of work, a few milliseconds: runs side by side, steps, data rows evaluated."""

    runs: int
    steps: int
    cost: int


CHUNK_SIZE = ChunkSize(8192, 32, 2_000_000)


@frozen
class MapGrid:
    """The cells of a map: ``columns`` rates, geometric from ``lowest`` to ``highest`` (both included), by the steps.

    steps: increasing numbers of steps, from 1 to MAX_STEPS; all up to the last are computed, only these are kept.
    InputError for any others, no columns, more than MAX_CELLS cells, rates that are not finite, not above 0 or
    decreasing, one column for two rates, or several columns for one rate.
    """

    lowest: float
    highest: float
    columns: int
    steps: tuple[int, ...]

    def __post_init__(self) -> None:
        """Raise InputError, see the class."""
        for rate in (self.lowest, self.highest):
            if not (math.isfinite(rate) and rate > 0):
                raise InputError(f"map: the rate {rate:g} is not possible; use a finite one above 0, such as 0.0001")
        if self.highest < self.lowest:
            raise InputError(f"map: the highest rate {self.highest:g} is below the lowest, {self.lowest:g}; swap them")
        if self.columns < 1:
            raise InputError(f"map: {self.columns} rates are not possible; use 1 or more")
        if self.columns == 1 and self.highest > self.lowest:
            raise InputError(f"map: one rate cannot be both {self.lowest:g} and {self.highest:g}; use 2 or more")
        if self.columns > 1 and self.highest == self.lowest:
            raise InputError(f"map: {self.columns:,} rates of {self.lowest:g} are all equal; use 1 or a higher end")
        if self.columns * len(self.steps) > MAX_CELLS:
            cells = f"{self.columns:,} rates by {len(self.steps):,} numbers of steps"
            raise InputError(f"map: {cells} are too many cells; use {MAX_CELLS:,} at most")
        self._check_steps()

    def _check_steps(self) -> None:
        if not self.steps:
            raise InputError("map: no numbers of steps are given; use at least one, such as 200")
        for step in (self.steps[0], self.steps[-1]):
            if not 1 <= step <= MAX_STEPS:
                raise InputError(f"map: {step} steps are not possible; use 1 to {MAX_STEPS:,}")
        if (np.diff(self.steps) <= 0).any():
            raise InputError("map: the numbers of steps do not increase; put them in order, each once")

    @property
    def learning_rates(self) -> NDArray[np.float64]:
        """The rates, shape (columns,)."""
        return np.geomspace(self.lowest, self.highest, self.columns)


@frozen(eq=False)
class PhaseMap:
    """A possibly incomplete map.

    experiment: its schedule and number of steps are ignored. All cells see its batches, if any.
    losses: shape (rows, columns) in the run's precision, for ``grid.steps[:rows]``; bit-identical to single runs.
    needed: int64, shape (columns,): the first number of steps after which at most 1 % of the initial excess over the
    lowest known minimum remains; -1 if that has not happened within ``done`` steps, or no minimum is known.
    done: the number of steps computed.
    """

    experiment: Experiment
    grid: MapGrid
    losses: NDArray[np.floating]
    needed: NDArray[np.int64]
    done: int

    @property
    def is_complete(self) -> bool:
        """Whether all steps of the grid are computed."""
        return self.done >= self.grid.steps[-1]


def default_grid(experiment: Experiment, columns: int = 256) -> MapGrid:
    """Rates from 0.0001 to 20, extended to the experiment's own; steps 1 to 10,000, log-spaced.

    If a global stability limit is known, both ends shift by whole decades so that half of the rates lie below it.
    """
    low, high = rate_range_around(global_stability_limit(experiment), LOWEST_RATE, HIGHEST_RATE)
    if experiment.precision.dtype.type(low) == 0:
        low, high = LOWEST_RATE, HIGHEST_RATE
    schedule, changes = base_and_changes(experiment.schedule)
    own = [schedule.first_rate, *(rate for _, rate in changes)]
    if schedule.is_predetermined:
        own.append(schedule(experiment.steps))
    # A rate that the precision rounds to 0 has no place on a logarithmic axis.
    rates = [low, high, *(rate for rate in own if experiment.precision.dtype.type(rate) > 0)]
    return MapGrid(min(rates), max(rates), columns, log_spaced_steps(DEFAULT_STEPS))


def log_spaced_steps(last: int) -> tuple[int, ...]:
    """At most MAX_ROWS numbers of steps from 1 to ``last``, as evenly log-spaced as possible."""
    return tuple(np.unique(np.rint(np.geomspace(1, last, MAX_ROWS)).astype(int)).tolist())


def compute(
    experiment: Experiment, grid: MapGrid, seconds: float = 0.05, chunk_size: ChunkSize = CHUNK_SIZE
) -> Iterator[PhaseMap]:
    """Yield the growing map about every ``seconds``, complete at last; nothing is computed between requests.

    The runs of all columns advance side by side in `gdviz.core.descent.loop.walk`. InputError, at once, for a rate that
    is too large or too small for the precision.
    """
    return _Builder(experiment, grid, chunk_size).snapshots(seconds)


def phase_map(experiment: Experiment, grid: MapGrid, chunk_size: ChunkSize = CHUNK_SIZE) -> PhaseMap:
    """The complete map; errors as for `compute`."""
    (complete,) = deque(compute(experiment, grid, math.inf, chunk_size), maxlen=1)
    return complete


def loss_targets(starts: ArrayLike, minimum: float | None, dtype: np.dtype[np.floating]) -> NDArray[np.floating]:
    """The highest losses in that precision that leave at most TOLERANCE of the initial excess over the minimum.

    starts: the initial losses, any shape. NaN, which no loss reaches, for those that are not finite, and for all if no
    minimum is known.
    """
    losses = np.asarray(starts, dtype=np.float64)
    if minimum is None:
        return np.full(losses.shape, np.nan, dtype)
    with np.errstate(all="ignore"):
        exact = np.where(np.isfinite(losses), minimum + TOLERANCE * (losses - minimum), np.nan)
        rounded = exact.astype(dtype)
        # Rounded down, so that a loss in this precision reaches the rounded target exactly if it reaches the exact one.
        return np.where(rounded > exact, np.nextafter(rounded, dtype.type(-np.inf)), rounded)


def rows_per_evaluation(experiment: Experiment) -> int:
    """The number of data rows that one evaluation reads, at least 1."""
    if experiment.batch_size is not None:
        return experiment.batch_size
    problem = experiment.problem
    return problem.data.rows if isinstance(problem, HasData) and not reads_no_rows(problem) else 1


class _Builder:
    """Computes a map: runs side by side in blocks of columns, each block some steps at a time."""

    def __init__(self, experiment: Experiment, grid: MapGrid, chunk_size: ChunkSize) -> None:
        self._experiment, self._grid = experiment, grid
        if not experiment.optimizer.takes_learning_rate:
            raise InputError(f"map: {OWN_LENGTH}, and has no rates to map; choose another optimizer")
        # Checks the highest rate, the only one that may be too large for the precision.
        at_highest = replace(experiment, schedule=Constant(grid.highest))
        dtype = experiment.precision.dtype
        if dtype.type(grid.lowest) == 0:
            small = f"the rate {grid.lowest:g} is too small for {experiment.precision}"
            raise InputError(f"map: {small}; use a larger one")
        rates = grid.learning_rates.astype(dtype)
        if (np.diff(rates) <= 0).any():
            many = f"{grid.columns:,} rates from {grid.lowest} to {grid.highest} are not all different"
            raise InputError(f"map: {many} in {experiment.precision}; use fewer, or a higher end")
        with np.errstate(all="ignore"):
            loss = next(walk(at_highest, start(at_highest), [dtype.type(grid.highest)])).loss
        self._target = loss_targets(loss, minimum_loss(experiment.problem), dtype)
        self._steps = np.array(grid.steps)
        self._losses = np.empty((len(grid.steps), grid.columns), dtype)
        self._needed = np.full(grid.columns, -1, np.int64)
        rows = rows_per_evaluation(experiment)
        width = max(1, min(grid.columns, chunk_size.runs, chunk_size.cost // rows))
        self._chunk_steps = max(1, min(chunk_size.steps, chunk_size.cost // (rows * width)))
        blocks = [slice(first, min(first + width, grid.columns)) for first in range(0, grid.columns, width)]
        self._walks = [
            (columns, walk(at_highest, start(at_highest, len(rates[columns])), repeat(rates[columns])))
            for columns in blocks
        ]

    def snapshots(self, seconds: float) -> Iterator[PhaseMap]:
        """Yield the map so far about every ``seconds``, and finally the complete one."""
        last, done, due = self._grid.steps[-1], 0, time.perf_counter() + seconds
        between = between_pieces.get()
        for first in range(0, last + 1, self._chunk_steps):
            count = min(self._chunk_steps, last + 1 - first)
            for columns, walking in self._walks:
                self._advance(columns, walking, first, count)
                between()
                if time.perf_counter() >= due:
                    yield self._snapshot(done)
                    due = time.perf_counter() + seconds
            done = first + count - 1
        yield self._snapshot(last)

    @np.errstate(all="ignore")
    def _advance(self, columns: slice, walking: Iterator[Step], first: int, count: int) -> None:
        losses = np.array([step.loss for step in islice(walking, count)])
        begin, end = np.searchsorted(self._steps, (first, first + count))
        self._losses[begin:end, columns] = losses[self._steps[begin:end] - first]
        needed, reached = self._needed[columns], losses <= self._target
        new = reached.any(axis=0) & (needed < 0)
        needed[new] = first + reached[:, new].argmax(axis=0)

    def _snapshot(self, done: int) -> PhaseMap:
        losses = self._losses[: np.searchsorted(self._steps, done, side="right")]
        losses.flags.writeable = False
        # Some columns are ahead of others.
        needed = np.where(self._needed > done, -1, self._needed)
        return PhaseMap(self._experiment, self._grid, losses, needed, done)
