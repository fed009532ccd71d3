"""A schedule of one's own: straight lines between points of step and rate."""

import math
from bisect import bisect_right
from dataclasses import replace
from itertools import pairwise
from operator import itemgetter
from typing import ClassVar

from gdviz.core.descent.schedules.base import Schedule, check_learning_rate
from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen

MAX_POINTS = 1_000


@frozen
class Free(Schedule):
    """Straight lines between ``points``, pairs of a step and the rate there, and constant before and after them.

    If not given, the points lie on the curve of the schedule before. Another learning rate is that of the highest
    point, and scales the others with it.
    """

    name: ClassVar[str] = "free"
    title: ClassVar[str] = "Free"

    points: tuple[tuple[int, float], ...] = ((0, 0.1), (200, 0.01))

    def __post_init__(self) -> None:
        """Raise InputError for no points or too many, a rate that is not finite, or steps out of order."""
        if not 1 <= len(self.points) <= MAX_POINTS:
            raise InputError(f"schedule.points: {len(self.points):,} points are not possible; use 1 to {MAX_POINTS:,}")
        for step, rate in self.points:
            if step < 0:
                raise InputError(f"schedule.points: {step} is not a step; use 0 or more")
            if not math.isfinite(rate):
                raise InputError(f"schedule.points: {rate} is not a finite number; use one such as 0.1")
        for (before, _), (after, _) in pairwise(self.points):
            if after <= before:
                told = f"step {after} comes after step {before}"
                raise InputError(f"schedule.points: {told}; use increasing steps, each once")

    @property
    def base_rate(self) -> float:
        """The rate farthest from 0."""
        return max((rate for _, rate in self.points), key=abs)

    def with_rate(self, learning_rate: float) -> Schedule:
        """The same curve, scaled so that its highest point has this rate; a level one if all rates are 0."""
        check_learning_rate(learning_rate)
        highest = self.base_rate
        if learning_rate == highest:
            return self
        factor = learning_rate / highest if highest else 0.0
        # 12 digits, since they are read: 0.05859, not 0.058589999999999996.
        scaled = (
            (step, learning_rate if rate == highest else float(f"{rate * factor:.12g}")) for step, rate in self.points
        )
        return replace(self, points=tuple(scaled))

    @property
    def key_rates(self) -> tuple[float, ...]:
        """The rates of all points."""
        return tuple(rate for _, rate in self.points)

    @property
    def handles(self) -> tuple[tuple[int, float], ...]:
        """All points."""
        return self.points

    def with_handle(self, index: int, step: int, rate: float) -> Schedule:
        """The schedule with that point at this step, as far as its neighbours allow, and this rate."""
        before, after = self.points[:index], self.points[index + 1 :]
        step = max(step, before[-1][0] + 1 if before else 0)
        step = min(step, after[0][0] - 1) if after else step
        return replace(self, points=(*before, (step, rate), *after))

    def __call__(self, step: int) -> float:
        """The rate at a step."""
        place = bisect_right(self.points, step, key=itemgetter(0))
        if place in (0, len(self.points)):
            return self.points[0 if place == 0 else -1][1]
        (begin, first), (end, last) = self.points[place - 1 : place + 1]
        part = (step - begin) / (end - begin)
        return first * (1.0 - part) + last * part
