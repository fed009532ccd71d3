"""The frozen recipe of one run; equal recipes give identical recordings, bit for bit."""

import math
from dataclasses import dataclass, field, replace

import numpy as np

from gdviz.core.errors import InputError
from gdviz.core.optimizers import GradientDescent, Optimizer
from gdviz.core.precision import Precision
from gdviz.core.problem import Problem
from gdviz.core.regression import LinearRegression
from gdviz.core.schedules import Constant, RangeTest, Schedule, changed_from, changes

MAX_STEPS = 1_000_000


@dataclass(frozen=True)
class Experiment:
    """Problem, optimizer, schedule, start, number of steps and precision, and what each step sees of the data.

    batch_size: how many rows each step sees, drawn with replacement; None for all of them. seed: that of the batches.
    """

    problem: Problem
    optimizer: Optimizer = field(default_factory=GradientDescent)
    schedule: Schedule = field(default_factory=lambda: Constant(0.1))
    start: tuple[float, float] = (0.0, 0.0)
    steps: int = 200
    precision: Precision = Precision.FLOAT32
    batch_size: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        """Raise InputError for a start or a rate that the precision cannot hold, or a number that is out of range."""
        for name, value in zip(self.problem.parameters, self.start, strict=True):
            self._check_number(f"start: {name} =", value)
        for step in (0, *(at for at, _ in changes(self.schedule)[1])):
            self._check_number("learning_rate:", self.schedule(step))
        if isinstance(self.schedule, RangeTest):
            self._check_number("learning_rate:", self.schedule.end)
        if not 1 <= self.steps <= MAX_STEPS:
            raise InputError(f"steps: {self.steps} is not possible; take 1 to {MAX_STEPS:,} steps")
        if isinstance(self.schedule, RangeTest) and self.steps > self.schedule.last_step:
            most = self.schedule.last_step
            raise InputError(f"steps: this range test has {most:,} at most; give it more rates instead")
        if self.batch_size is not None:
            self._check_batch(self.batch_size)
        if not 0 <= self.seed < 2**63:
            raise InputError(f"seed: {self.seed} is no seed; take a whole number from 0 to 2^63 - 1")

    def _check_batch(self, size: int) -> None:
        if not isinstance(self.problem, LinearRegression):
            raise InputError(f"batch_size: the problem {self.problem.name} has no data; leave the batch size out")
        rows = self.problem.rows
        if size < 1:
            raise InputError(f"batch_size: {size} is not possible; take 1 to {rows:,}")
        if size > rows:
            raise InputError(f"batch_size: {size:,} is more than the data have; take 1 to {rows:,}")

    def _check_number(self, place: str, value: float) -> None:
        if not math.isfinite(value):
            raise InputError(f"{place} {value} is not a finite number; take one such as -1")
        with np.errstate(over="ignore"):
            if np.isfinite(self.precision.dtype.type(value)):
                return
        largest = f"{np.finfo(self.precision.dtype).max:.2g}".replace("e+", "e")
        raise InputError(f"{place} {value} is too large for {self.precision}; take one up to {largest}")

    @property
    def restart_every(self) -> int:
        """After how many rows the run begins at its start again, as if it were a new one; 0 for never."""
        schedule = self.schedule
        return schedule.rows_per_rate if isinstance(schedule, RangeTest) and schedule.fresh_steps else 0

    def with_learning_rate(self, learning_rate: float, from_step: int = 0) -> "Experiment":
        """The same recipe with another learning rate from a step on (0: for the whole run)."""
        return replace(self, schedule=changed_from(self.schedule, from_step, learning_rate))
