"""The map of starting points: in which minimum a run from each of them ends, and after how many steps."""

import math
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from gdviz.core.analysis.phase_map import PORTION, Portion, data_rows, goals
from gdviz.core.box import Box
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import Checkpoint, learning_rates, walk
from gdviz.core.errors import InputError
from gdviz.core.problems.problem import Point, Problem

NOWHERE, NOT_FINITE, UNKNOWN = -1, -2, -3
"""Instead of a minimum: in none of them yet; no longer finite; not computed yet."""
NEAR = 0.01  # how near its last point a run's minimum must be, in half widths of `Problem.box`
MAX_SIDE = 2048
MAX_WORK = 1_000_000_000  # starting points times steps: a few seconds
POINTS = PORTION._replace(runs=16_384)
"""Of so many starting points side by side, what a step reads and writes still fits into the cache."""


@dataclass(frozen=True, eq=False)
class BasinMap:
    """As much of a map as is computed so far, perhaps nothing yet.

    experiment: its start plays no part. box: the starting points, ``side`` by ``side`` of them, as in `Box.grid`.
    minimum: int8, shape (side, side), [i, j] for the i-th first and j-th second parameter: the place in
    ``problem.minima`` of the minimum nearest to the run's last point, within NEAR of the problem's own box in both
    parameters; or NOWHERE, NOT_FINITE (the loss or a parameter at the last step), UNKNOWN.
    steps: int32, shape (side, side): the steps after which at most 1 % of the start's loss above that minimum is left
    for good; all of them where a start near the minimum still has more left at the end; -1 without a minimum.
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
    experiment: Experiment, box: Box, side: int, seconds: float = 0.05, portion: Portion = POINTS
) -> Iterator[BasinMap]:
    """The map as it grows, about every ``seconds``, the last one complete; nothing is computed while nobody asks.

    InputError, at once, for a problem without a known minimum, a box that is not finite, fewer than 2 or more than
    MAX_SIDE points a side, more than MAX_WORK steps in all, and a range test that begins at the start of the experiment
    again and again.
    """
    if not experiment.problem.minima:
        raise InputError("map of starts: no minimum of this problem is known; take another problem")
    if not box.is_finite:
        raise InputError("map of starts: the view is too large for finite numbers; take a smaller one")
    if not 2 <= side <= MAX_SIDE:
        raise InputError(f"map of starts: {side} points a side are not possible; take 2 to {MAX_SIDE:,}")
    if side * side * experiment.steps > MAX_WORK:
        most, points = MAX_WORK // (side * side), f"{side:,} by {side:,} points"
        raise InputError(f"map of starts: {experiment.steps:,} steps from {points} are too many; take {most:,} steps")
    if experiment.restart_every:
        raise InputError("map of starts: a range test with fresh starts has none; take a constant rate")
    return _Builder(experiment, box, side, portion).maps(seconds)


def basin_map(experiment: Experiment, box: Box, side: int, portion: Portion = POINTS) -> BasinMap:
    """The complete map; errors as for `compute`."""
    (complete,) = deque(compute(experiment, box, side, math.inf, portion), maxlen=1)
    return complete


class _Builder:
    """A map being computed, some starting points at a time."""

    def __init__(self, experiment: Experiment, box: Box, side: int, portion: Portion) -> None:
        self._experiment, self._box, self._side, self._portion = experiment, box, side, portion
        first, second = box.grid(side)
        with np.errstate(over="ignore"):
            self._points = np.array((np.repeat(first, side), np.tile(second, side))).astype(experiment.precision.dtype)
        self._minimum = np.full(side * side, UNKNOWN, np.int8)
        self._steps = np.full(side * side, -1, np.int32)

    def maps(self, seconds: float) -> Iterator[BasinMap]:
        """What is known about every ``seconds``, and all of it in the end."""
        rows, due = data_rows(self._experiment), time.perf_counter() + seconds
        width = max(1, min(self._portion.runs, self._portion.cost // rows))
        for first in range(0, self._side**2, width):
            block = slice(first, first + width)
            runs = _Runs(self._experiment, self._points[:, block])
            while runs.advance(max(1, self._portion.cost // (rows * width))):
                if time.perf_counter() >= due:
                    yield self._snapshot()
                    due = time.perf_counter() + seconds
            self._minimum[block], self._steps[block] = runs.ends()
        yield self._snapshot()

    def _snapshot(self) -> BasinMap:
        shape = (self._side, self._side)
        minimum, steps = self._minimum.reshape(shape).copy(), self._steps.reshape(shape).copy()
        minimum.flags.writeable = steps.flags.writeable = False
        return BasinMap(self._experiment, self._box, self._side, minimum, steps)


class _Runs:
    """Runs side by side from n starting points, shape (2, n), and when each one's loss last fell below its goals."""

    def __init__(self, experiment: Experiment, points: Point) -> None:
        self._problem, self._last = experiment.problem, experiment.steps
        begin = Checkpoint(0, points, experiment.optimizer.init(points), experiment.schedule.init())
        self._walking = enumerate(walk(experiment, begin, learning_rates(experiment)))
        self._goals: list[NDArray[np.floating]] = []
        self._goal_of: list[int] = []
        self._arrivals: list[NDArray[np.int32]] = []

    @np.errstate(all="ignore")
    def advance(self, count: int) -> bool:
        """Take ``count`` steps; whether there are more to take."""
        number = -1
        for number, step in islice(self._walking, count):
            if number == 0:
                self._set_goals(step.loss)
            for goal, arrival in zip(self._goals, self._arrivals, strict=True):
                # Not "greater than", which NaN is not either.
                np.copyto(arrival, number + 1, where=~(step.loss <= goal))
            if number == self._last:
                self._point, self._loss = step.point, step.loss
        return 0 <= number < self._last

    def _set_goals(self, starts: NDArray[np.floating]) -> None:
        for minimum in self._problem.minima:
            goal = goals(starts, float(self._problem.loss(*minimum)), starts.dtype)
            same = [place for place, other in enumerate(self._goals) if np.array_equal(goal, other, equal_nan=True)]
            if not same:  # minima that are equally low, as they often are, share all comparisons
                self._goals.append(goal)
                self._arrivals.append(np.zeros(starts.size, np.int32))
            self._goal_of.append(same[0] if same else len(self._goals) - 1)

    def ends(self) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
        """Once there are no more steps: minimum and steps as in `BasinMap`, each of shape (n,)."""
        minimum = _minima_at(self._problem, self._point)
        minimum[~(np.isfinite(self._point).all(axis=0) & np.isfinite(self._loss))] = NOT_FINITE
        steps = np.full(minimum.size, -1, np.int32)
        for place, goal in enumerate(self._goal_of):
            here = minimum == place
            steps[here] = np.minimum(self._arrivals[goal][here], self._last)
        return minimum, steps


@np.errstate(all="ignore")
def _minima_at(problem: Problem, points: Point) -> NDArray[np.int8]:
    """For points of shape (2, n): the place of the nearest minimum if that is near, else NOWHERE; shape (n,)."""
    nearest = np.full(points.shape[1], NEAR)
    found = np.full(points.shape[1], NOWHERE, np.int8)
    for place, minimum in enumerate(problem.minima):
        distance = Box(minimum, problem.box.half).reach(points.T)
        here = distance <= nearest
        nearest[here], found[here] = distance[here], place
    return found
