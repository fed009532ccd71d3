"""The map of starting points: which minimum the run from each of them reaches, and after how many steps."""

import math
import time
from collections import deque
from collections.abc import Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from gdviz.core.analysis.phase_map import CHUNK_SIZE, ChunkSize, loss_targets, rows_per_evaluation
from gdviz.core.box import Box
from gdviz.core.descent.checkpoint import Checkpoint
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import learning_rates, walk
from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
from gdviz.core.long_work import between_pieces
from gdviz.core.problems.problem import Point, Problem

NOWHERE, NOT_FINITE, UNKNOWN = -1, -2, -3
"""In place of a minimum: not at any of them yet; not finite; not computed yet."""
CAPTURE_RADIUS = 0.01  # largest distance of a run's last point from its minimum, in half widths of `Problem.box`
MAX_SIDE = 2048
MAX_WORK = 1_000_000_000  # starting points times steps: a few seconds
BASIN_CHUNK_SIZE = CHUNK_SIZE._replace(runs=16_384)
"""With this many starting points side by side, the working set of a step still fits into the cache."""


@frozen(eq=False)
class BasinMap:
    """A possibly incomplete map.

    experiment: its start is ignored. box: covered by ``side`` by ``side`` starting points, as in `Box.grid`.
    minimum: int8, shape (side, side), [i, j] for the i-th value of the first and the j-th of the second parameter: the
    index in ``problem.minima`` of the minimum nearest to the run's last point, within CAPTURE_RADIUS in both
    parameters; or NOWHERE, NOT_FINITE (the loss or a parameter at the last step), UNKNOWN.
    steps: int32, shape (side, side): the steps after which at most 1 % of the initial excess over that minimum's loss
    remains for good; all of them if a start near the minimum still exceeds that at the end; -1 without a minimum.
    """

    experiment: Experiment
    box: Box
    side: int
    minimum: NDArray[np.int8]
    steps: NDArray[np.int32]

    @property
    def is_complete(self) -> bool:
        """Whether every point is computed."""
        return not (self.minimum == UNKNOWN).any()


def compute(
    experiment: Experiment, box: Box, side: int, seconds: float = 0.05, chunk_size: ChunkSize = BASIN_CHUNK_SIZE
) -> Iterator[BasinMap]:
    """Yield the growing map about every ``seconds``, complete at last; nothing is computed between requests.

    InputError, at once, for a problem without a known minimum, a box that is not finite, fewer than 2 or more than
    MAX_SIDE points per side, more than MAX_WORK steps in total, and a range test with fresh starts.
    """
    if not experiment.problem.minima:
        raise InputError("map of starts: this problem has no known minimum; use another problem")
    if not box.is_finite:
        raise InputError("map of starts: the view is too large for finite numbers; use a smaller one")
    if not 2 <= side <= MAX_SIDE:
        raise InputError(f"map of starts: {side} points per side are not possible; use 2 to {MAX_SIDE:,}")
    if side * side * experiment.steps > MAX_WORK:
        most, points = MAX_WORK // (side * side), f"{side:,} by {side:,} points"
        raise InputError(f"map of starts: {experiment.steps:,} steps from {points} are too many; use {most:,} steps")
    if experiment.restart_every:
        raise InputError("map of starts: a range test with fresh starts has no such map; use a constant rate")
    return _Builder(experiment, box, side, chunk_size).snapshots(seconds)


def basin_map(experiment: Experiment, box: Box, side: int, chunk_size: ChunkSize = BASIN_CHUNK_SIZE) -> BasinMap:
    """The complete map; errors as for `compute`."""
    (complete,) = deque(compute(experiment, box, side, math.inf, chunk_size), maxlen=1)
    return complete


class _Builder:
    """Computes a map, some starting points at a time."""

    def __init__(self, experiment: Experiment, box: Box, side: int, chunk_size: ChunkSize) -> None:
        self._experiment, self._box, self._side, self._chunk_size = experiment, box, side, chunk_size
        first, second = box.grid(side)
        with np.errstate(over="ignore"):
            self._points = np.array((np.repeat(first, side), np.tile(second, side))).astype(experiment.precision.dtype)
        self._minimum = np.full(side * side, UNKNOWN, np.int8)
        self._steps = np.full(side * side, -1, np.int32)

    def snapshots(self, seconds: float) -> Iterator[BasinMap]:
        """Yield the map so far about every ``seconds``, and finally the complete one."""
        rows, due = rows_per_evaluation(self._experiment), time.perf_counter() + seconds
        width = max(1, min(self._chunk_size.runs, self._chunk_size.cost // rows))
        for first in range(0, self._side**2, width):
            block = slice(first, first + width)
            runs = _Runs(self._experiment, self._points[:, block])
            while runs.advance(max(1, self._chunk_size.cost // (rows * width))):
                between_pieces.get()()
                if time.perf_counter() >= due:
                    yield self._snapshot()
                    due = time.perf_counter() + seconds
            self._minimum[block], self._steps[block] = runs.results()
        yield self._snapshot()

    def _snapshot(self) -> BasinMap:
        shape = (self._side, self._side)
        minimum, steps = self._minimum.reshape(shape).copy(), self._steps.reshape(shape).copy()
        minimum.flags.writeable = steps.flags.writeable = False
        return BasinMap(self._experiment, self._box, self._side, minimum, steps)


class _Runs:
    """Runs side by side from n starting points, shape (2, n), with the steps until each stays below its targets."""

    def __init__(self, experiment: Experiment, points: Point) -> None:
        self._problem, self._last = experiment.problem, experiment.steps
        begin = Checkpoint(0, points, experiment.optimizer.init(points), experiment.schedule.init())
        self._steps = enumerate(walk(experiment, begin, learning_rates(experiment)))
        self._targets: list[NDArray[np.floating]] = []
        self._target_of: list[int] = []
        self._needed: list[NDArray[np.int32]] = []

    @np.errstate(all="ignore")
    def advance(self, count: int) -> bool:
        """Take ``count`` steps; return whether any remain."""
        number = -1
        for number, step in islice(self._steps, count):
            if number == 0:
                self._set_targets(step.loss)
            for target, needed in zip(self._targets, self._needed, strict=True):
                # Negated, so that NaN counts as above the target.
                np.copyto(needed, number + 1, where=~(step.loss <= target))
            if number == self._last:
                self._point, self._loss = step.point, step.loss
        return 0 <= number < self._last

    def _set_targets(self, starts: NDArray[np.floating]) -> None:
        for minimum in self._problem.minima:
            target = loss_targets(starts, float(self._problem.loss(*minimum)), starts.dtype)
            same = [index for index, other in enumerate(self._targets) if np.array_equal(target, other, equal_nan=True)]
            if not same:  # equal minima, which are common, share their comparisons
                self._targets.append(target)
                self._needed.append(np.zeros(starts.size, np.int32))
            self._target_of.append(same[0] if same else len(self._targets) - 1)

    def results(self) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
        """After the last step: minimum and steps as in `BasinMap`, each of shape (n,)."""
        minimum = _minima_at(self._problem, self._point)
        minimum[~(np.isfinite(self._point).all(axis=0) & np.isfinite(self._loss))] = NOT_FINITE
        steps = np.full(minimum.size, -1, np.int32)
        for index, target in enumerate(self._target_of):
            here = minimum == index
            steps[here] = np.minimum(self._needed[target][here], self._last)
        return minimum, steps


@np.errstate(all="ignore")
def _minima_at(problem: Problem, points: Point) -> NDArray[np.int8]:
    """For points of shape (2, n): the index of the nearest minimum within CAPTURE_RADIUS, else NOWHERE; shape (n,)."""
    nearest = np.full(points.shape[1], CAPTURE_RADIUS)
    found = np.full(points.shape[1], NOWHERE, np.int8)
    for index, minimum in enumerate(problem.minima):
        distance = Box(minimum, problem.box.half).reach(points.T)
        here = distance <= nearest
        nearest[here], found[here] = distance[here], index
    return found
