"""The frozen recipe of one run; equal recipes give identical recordings, bit for bit."""

import math
from dataclasses import dataclass, field, replace

import numpy as np

from gdviz.core.errors import InputError
from gdviz.core.optimizers import GradientDescent, Optimizer
from gdviz.core.precision import Precision
from gdviz.core.problem import Problem
from gdviz.core.schedules import Constant, Schedule, changed_from

MAX_STEPS = 1_000_000


@dataclass(frozen=True)
class Experiment:
    """Problem, optimizer, schedule, start, number of steps and precision."""

    problem: Problem
    optimizer: Optimizer = field(default_factory=GradientDescent)
    schedule: Schedule = field(default_factory=lambda: Constant(0.1))
    start: tuple[float, float] = (0.0, 0.0)
    steps: int = 200
    precision: Precision = Precision.FLOAT32

    def __post_init__(self) -> None:
        """Raise InputError for a start that is not finite or a number of steps out of range."""
        for name, value in zip(self.problem.parameters, self.start, strict=True):
            if not math.isfinite(value):
                raise InputError(f"start: {name} = {value} is not a finite number; take one such as -1")
            if abs(value) > float(np.finfo(self.precision.dtype).max):
                raise InputError(f"start: {name} = {value} is too large for {self.precision}; take one up to 3.4e38")
        if not 1 <= self.steps <= MAX_STEPS:
            raise InputError(f"steps: {self.steps} is not possible; take 1 to {MAX_STEPS:,} steps")

    def with_learning_rate(self, learning_rate: float, from_step: int = 0) -> "Experiment":
        """The same recipe with another learning rate from a step on (0: for the whole run)."""
        return replace(self, schedule=changed_from(self.schedule, from_step, learning_rate))
