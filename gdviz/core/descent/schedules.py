"""Schedules: from the number of a step to its learning rate."""

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from operator import itemgetter
from typing import Protocol

from gdviz.core.errors import InputError

MAX_RATES, MAX_FRESH_STEPS = 10_000, 99
"""Of a range test; together they make no more rows than a run may have."""
MAX_CHANGES = 10_000


class Schedule(Protocol):
    """A frozen dataclass that gives the learning rate of every step."""

    def __call__(self, step: int) -> float:
        """The learning rate that is applied at the point of step ``step`` (0 is the start)."""


def check_learning_rate(value: float) -> float:
    """The value itself if it is finite (0 and negative ones are possible); else InputError."""
    if not math.isfinite(value):
        raise InputError(f"learning_rate: {value} is not a finite number; take one such as 0.1")
    return value


@dataclass(frozen=True)
class Constant:
    """The same learning rate at every step."""

    learning_rate: float

    def __post_init__(self) -> None:
        """Raise InputError for a rate that is not finite."""
        check_learning_rate(self.learning_rate)

    def __call__(self, step: int) -> float:
        """The one rate."""
        return self.learning_rate


@dataclass(frozen=True)
class PiecewiseConstant:
    """Another schedule with changes made by hand: pairs of a step and the rate from there on, in the order of steps."""

    before: Schedule
    changes: tuple[tuple[int, float], ...]

    def __post_init__(self) -> None:
        """Raise InputError for too many changes, a rate that is not finite, a step below zero or steps out of order."""
        if len(self.changes) > MAX_CHANGES:
            raise InputError(f"schedule.changes: {len(self.changes):,} are too many; take {MAX_CHANGES:,} at most")
        last = -1
        for step, learning_rate in self.changes:
            check_learning_rate(learning_rate)
            if step < 0:
                raise InputError(f"schedule.changes: {step} is no step; take 0 or more")
            if step <= last:
                raise InputError(f"schedule.changes: step {step} comes after step {last}; put them in order, each once")
            last = step

    def __call__(self, step: int) -> float:
        """The rate of the last change up to the step; the earlier schedule's where there is none."""
        place = bisect_right(self.changes, step, key=itemgetter(0))
        return self.changes[place - 1][1] if place else self.before(step)


@dataclass(frozen=True)
class RangeTest:
    """A rate that grows geometrically from ``start`` towards ``end``: the learning-rate range test.

    rate_k = start (end/start)^(k/number) for k = 0 to number - 1, as in fast.ai; ``end`` itself is never reached.
    fresh_steps: 0 for one step at each rate on one moving point; else the steps at each rate, each time from the start
    of the run. smoothed: whether the shown loss is smoothed as in fast.ai. stops: whether it ends where the shown loss
    exceeds four times the best so far (see `gdviz.core.analysis.range_test`).

    Source: Smith, "Cyclical Learning Rates for Training Neural Networks", WACV (2017), section 3.3.
    """

    start: float = 1e-4
    end: float = 10.0
    number: int = 200
    fresh_steps: int = 0
    smoothed: bool = False
    stops: bool = True

    def __post_init__(self) -> None:
        """Raise InputError for rates that do not grow, fewer than two of them, or too many steps."""
        for name, value in (("start", self.start), ("end", self.end)):
            if not (math.isfinite(value) and value > 0):
                raise InputError(f"range test: {name} {value:g} is not possible; take a rate above 0, such as 0.0001")
        if not self.end > self.start:
            raise InputError(f"range test: the end {self.end:g} is not above the start {self.start:g}; make it larger")
        if not math.isfinite(self.end / self.start):
            raise InputError(f"range test: {self.start:g} to {self.end:g} is too far; take a start nearer to the end")
        if not 2 <= self.number <= MAX_RATES:
            raise InputError(f"range test: {self.number} rates are not possible; take 2 to {MAX_RATES:,}")
        if not 0 <= self.fresh_steps <= MAX_FRESH_STEPS:
            raise InputError(
                f"range test: {self.fresh_steps} fresh steps are not possible; take 0 to {MAX_FRESH_STEPS}"
            )

    @property
    def rows_per_rate(self) -> int:
        """How many rows of the recording belong to each rate: with fresh steps, that of the start too."""
        return self.fresh_steps + 1

    @property
    def last_step(self) -> int:
        """The last step of the whole sweep."""
        return self.number * self.rows_per_rate - 1

    def rate(self, index: int) -> float:
        """The rate with that index, from 0 to ``number`` - 1."""
        return self.start * math.pow(self.end / self.start, index / self.number)

    def __call__(self, step: int) -> float:
        """The rate of that row of the recording."""
        return self.rate(step // self.rows_per_rate)


def changed_from(schedule: Schedule, step: int, learning_rate: float) -> Schedule:
    """The schedule with one rate from ``step`` on; a change at that step or later is replaced, not stacked.

    InputError in the middle of a range test.
    """
    if step == 0:
        return Constant(learning_rate)
    if isinstance(schedule, RangeTest):
        raise InputError("schedule.changes: a range test changes the rate by itself; leave the changes out")
    before, made = changes(schedule)
    return PiecewiseConstant(before, (*made[: bisect_left(made, step, key=itemgetter(0))], (step, learning_rate)))


def until(schedule: Schedule, last_step: int) -> Schedule:
    """The schedule without the changes after the last step of a run, which it never reaches."""
    before, made = changes(schedule)
    kept = made[: bisect_right(made, last_step, key=itemgetter(0))]
    if kept == made:
        return schedule
    return PiecewiseConstant(before, kept) if kept else before


def changes(schedule: Schedule) -> tuple[Schedule, tuple[tuple[int, float], ...]]:
    """The schedule beneath all changes made by hand, and these changes in the order of their steps."""
    if isinstance(schedule, PiecewiseConstant):
        return schedule.before, schedule.changes
    return schedule, ()
