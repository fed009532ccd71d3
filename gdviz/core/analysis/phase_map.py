"""The map of learning rate and number of steps: the loss after so many steps at each constant rate."""

import math
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.analysis.quadratic import TOLERANCE
from gdviz.core.analysis.rate_limit import limit_everywhere, rates_around
from gdviz.core.descent.experiment import MAX_STEPS, Experiment
from gdviz.core.descent.hand_changes import changes
from gdviz.core.descent.loop import Step, start, walk
from gdviz.core.descent.schedules import Constant
from gdviz.core.errors import InputError
from gdviz.core.problems.capabilities import HasData, reads_no_rows
from gdviz.core.problems.problem import minimum_loss

MAX_CELLS = 10_000_000
LOWEST_RATE, HIGHEST_RATE = 1e-4, 20.0
DEFAULT_STEPS, MAX_ROWS = 10_000, 256  # the default extent of a map


class Portion(NamedTuple):
    """What is computed at a time, for a few milliseconds: runs side by side, steps, evaluations of data rows."""

    runs: int
    steps: int
    cost: int


PORTION = Portion(8192, 32, 2_000_000)


@dataclass(frozen=True)
class MapGrid:
    """The cells of a map: ``columns`` rates, geometric from ``lowest`` to ``highest`` (both included), by the steps.

    steps: rising numbers of steps, from 1 to what a run may have; all up to the last are computed, these are kept.
    InputError for any others, for no columns or more than MAX_CELLS cells, for rates that are not finite, not above 0
    or fall, for one column between two rates and several of one rate.
    """

    lowest: float
    highest: float
    columns: int
    steps: tuple[int, ...]

    def __post_init__(self) -> None:
        """Raise InputError."""
        for rate in (self.lowest, self.highest):
            if not (math.isfinite(rate) and rate > 0):
                raise InputError(f"map: the rate {rate:g} is not possible; take finite ones above 0, such as 0.0001")
        if self.highest < self.lowest:
            raise InputError(f"map: the highest rate {self.highest:g} is below the lowest, {self.lowest:g}; swap them")
        if self.columns < 1:
            raise InputError(f"map: {self.columns} rates are not possible; take 1 or more")
        if self.columns == 1 and self.highest > self.lowest:
            raise InputError(f"map: one rate cannot be both {self.lowest:g} and {self.highest:g}; take 2 or more")
        if self.columns > 1 and self.highest == self.lowest:
            raise InputError(f"map: {self.columns:,} rates of {self.lowest:g} would all be one; take 1 or a higher end")
        if self.columns * len(self.steps) > MAX_CELLS:
            cells = f"{self.columns:,} rates by {len(self.steps):,} numbers of steps"
            raise InputError(f"map: {cells} are too many cells; take {MAX_CELLS:,} at most")
        self._check_steps()

    def _check_steps(self) -> None:
        if not self.steps:
            raise InputError("map: there are no numbers of steps; take at least one, such as 200")
        for step in (self.steps[0], self.steps[-1]):
            if not 1 <= step <= MAX_STEPS:
                raise InputError(f"map: {step} steps are not possible; take 1 to {MAX_STEPS:,}")
        if (np.diff(self.steps) <= 0).any():
            raise InputError("map: the numbers of steps do not rise; put them in order, each once")

    @property
    def learning_rates(self) -> NDArray[np.float64]:
        """The rates, shape (columns,)."""
        return np.geomspace(self.lowest, self.highest, self.columns)


@dataclass(frozen=True, eq=False)
class PhaseMap:
    """As much of a map as is computed so far, perhaps nothing yet.

    experiment: its schedule and number of steps play no part in the map. Its batches do: each cell is a run of its own,
    with the same batches as all others.
    losses: shape (rows, columns) in the run's precision, those of ``grid.steps[:rows]``; the losses of runs to the bit.
    needed: int64, shape (columns,): the first number of steps after which at most 1 % of the start's loss above the
    lowest known minimum is left; -1 where that has not happened up to ``done``, and where no minimum is known.
    done: the number of steps that have been computed.
    """

    experiment: Experiment
    grid: MapGrid
    losses: NDArray[np.floating]
    needed: NDArray[np.int64]
    done: int

    @property
    def is_complete(self) -> bool:
        """Whether all steps of the grid are there."""
        return self.done >= self.grid.steps[-1]


def default_grid(experiment: Experiment, columns: int = 256) -> MapGrid:
    """Rates from 0.0001 to 20, and out to the experiment's own; steps 1 to 10,000, log-spaced.

    Where a limit is known for the whole loss, the ends follow it by whole decades: half of the rates lie below it.
    """
    low, high = rates_around(limit_everywhere(experiment), LOWEST_RATE, HIGHEST_RATE)
    if experiment.precision.dtype.type(low) == 0:
        low, high = LOWEST_RATE, HIGHEST_RATE
    schedule, made = changes(experiment.schedule)
    own = [schedule.first_rate, *(rate for _, rate in made)]
    if schedule.is_planned:
        own.append(schedule(experiment.steps))
    # What the precision rounds to 0 has no place on a logarithmic axis.
    rates = [low, high, *(rate for rate in own if experiment.precision.dtype.type(rate) > 0)]
    return MapGrid(min(rates), max(rates), columns, spaced_steps(DEFAULT_STEPS))


def spaced_steps(last: int) -> tuple[int, ...]:
    """Numbers of steps from 1 to the last one, at most MAX_ROWS, as evenly as possible on a logarithmic axis."""
    return tuple(np.unique(np.rint(np.geomspace(1, last, MAX_ROWS)).astype(int)).tolist())


def compute(
    experiment: Experiment, grid: MapGrid, seconds: float = 0.05, portion: Portion = PORTION
) -> Iterator[PhaseMap]:
    """The map as it grows, about every ``seconds``, the last one complete; nothing is computed while nobody asks.

    The runs of all columns go side by side through `gdviz.core.descent.loop.walk`. InputError, at once, for a rate that
    is too large or too small for the precision.
    """
    return _Builder(experiment, grid, portion).maps(seconds)


def phase_map(experiment: Experiment, grid: MapGrid, portion: Portion = PORTION) -> PhaseMap:
    """The complete map; errors as for `compute`."""
    (complete,) = deque(compute(experiment, grid, math.inf, portion), maxlen=1)
    return complete


def goals(starts: ArrayLike, minimum: float | None, dtype: np.dtype[np.floating]) -> NDArray[np.floating]:
    """The highest losses of that precision at which at most TOLERANCE of a start's loss above the minimum is left.

    starts: the losses at the starts, any shape. For those that are not finite, NaN, which nothing reaches; and for all
    of them where no minimum is known.
    """
    losses = np.asarray(starts, dtype=np.float64)
    if minimum is None:
        return np.full(losses.shape, np.nan, dtype)
    with np.errstate(all="ignore"):
        exact = np.where(np.isfinite(losses), minimum + TOLERANCE * (losses - minimum), np.nan)
        rounded = exact.astype(dtype)
        # Rounded down: so a loss of this precision reaches the rounded goal exactly where it reaches the exact one.
        return np.where(rounded > exact, np.nextafter(rounded, dtype.type(-np.inf)), rounded)


def data_rows(experiment: Experiment) -> int:
    """How many rows of data one evaluation reads, at least 1."""
    if experiment.batch_size is not None:
        return experiment.batch_size
    problem = experiment.problem
    return problem.data.rows if isinstance(problem, HasData) and not reads_no_rows(problem) else 1


class _Builder:
    """A map being computed: runs side by side in blocks of columns, each block some steps at a time."""

    def __init__(self, experiment: Experiment, grid: MapGrid, portion: Portion) -> None:
        self._experiment, self._grid = experiment, grid
        # The highest rate stands for all: it is the one that may be too large for the precision.
        at_highest = replace(experiment, schedule=Constant(grid.highest))
        dtype = experiment.precision.dtype
        if dtype.type(grid.lowest) == 0:
            small = f"the rate {grid.lowest:g} is too small for {experiment.precision}"
            raise InputError(f"map: {small}; take a larger one")
        rates = grid.learning_rates.astype(dtype)
        if (np.diff(rates) <= 0).any():
            many = f"{grid.columns:,} rates from {grid.lowest} to {grid.highest} are not all different"
            raise InputError(f"map: {many} in {experiment.precision}; take fewer, or a higher end")
        with np.errstate(all="ignore"):
            loss = next(walk(at_highest, start(at_highest), [dtype.type(grid.highest)])).loss
        self._goal = goals(loss, minimum_loss(experiment.problem), dtype)
        self._steps = np.array(grid.steps)
        self._losses = np.empty((len(grid.steps), grid.columns), dtype)
        self._needed = np.full(grid.columns, -1, np.int64)
        rows = data_rows(experiment)
        width = max(1, min(grid.columns, portion.runs, portion.cost // rows))
        self._piece = max(1, min(portion.steps, portion.cost // (rows * width)))
        blocks = [slice(first, min(first + width, grid.columns)) for first in range(0, grid.columns, width)]
        self._walks = [
            (columns, walk(at_highest, start(at_highest, len(rates[columns])), repeat(rates[columns])))
            for columns in blocks
        ]

    def maps(self, seconds: float) -> Iterator[PhaseMap]:
        """What is known about every ``seconds``, and all of it in the end."""
        last, done, due = self._grid.steps[-1], 0, time.perf_counter() + seconds
        for first in range(0, last + 1, self._piece):
            count = min(self._piece, last + 1 - first)
            for columns, walking in self._walks:
                self._advance(columns, walking, first, count)
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
        needed, arrived = self._needed[columns], losses <= self._goal
        new = arrived.any(axis=0) & (needed < 0)
        needed[new] = first + arrived[:, new].argmax(axis=0)

    def _snapshot(self, done: int) -> PhaseMap:
        losses = self._losses[: np.searchsorted(self._steps, done, side="right")]
        losses.flags.writeable = False
        # Some columns are ahead of others.
        needed = np.where(self._needed > done, -1, self._needed)
        return PhaseMap(self._experiment, self._grid, losses, needed, done)
