"""Schedules: from the number of a step to its learning rate."""

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from operator import itemgetter
from typing import Protocol

from gdviz.core.errors import InputError


class Schedule(Protocol):
    """A frozen dataclass that tells the learning rate of every step."""

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
class Changed:
    """Another schedule, and changes by hand: from a step on its learning rate, until the next change.

    ``changes`` are pairs of step and rate in the order of their steps; each step is there once.
    """

    before: Schedule
    changes: tuple[tuple[int, float], ...]

    def __post_init__(self) -> None:
        """Raise InputError for a rate that is not finite, a step below zero or steps out of order."""
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


def changed_from(schedule: Schedule, step: int, learning_rate: float) -> Schedule:
    """The schedule with one rate from ``step`` on; a change at that step or later is replaced, not stacked."""
    if step == 0:
        return Constant(learning_rate)
    before, made = changes(schedule)
    return Changed(before, (*made[: bisect_left(made, step, key=itemgetter(0))], (step, learning_rate)))


def changes(schedule: Schedule) -> tuple[Schedule, tuple[tuple[int, float], ...]]:
    """The schedule under all changes by hand, and these changes in the order of their steps."""
    if isinstance(schedule, Changed):
        return schedule.before, schedule.changes
    return schedule, ()
