"""Schedules that only ever lower the rate: step by step, exponentially, as a polynomial or as 1/sqrt(t).

In all of them ``learning_rate`` is the rate of step 0, PyTorch's initial ``lr``.
"""

import math
from bisect import bisect_right
from itertools import pairwise
from typing import ClassVar

from gdviz.core.descent.schedules.base import (
    Schedule,
    check_decay,
    check_learning_rate,
    check_not_negative,
    check_steps,
)
from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen


@frozen
class StepDecay(Schedule):
    """learning_rate gamma^floor(k/step_size): the rate times ``gamma`` every ``step_size`` steps.

    Source: torch.optim.lr_scheduler.StepLR, whose names and default of gamma these are.
    """

    name: ClassVar[str] = "step"
    title: ClassVar[str] = "Step decay"

    learning_rate: float = 0.1
    step_size: int = 50
    gamma: float = 0.1

    def __post_init__(self) -> None:
        """Raise InputError for a value out of range."""
        check_learning_rate(self.learning_rate)
        check_steps("step_size", self.step_size)
        check_decay("gamma", self.gamma)

    def __call__(self, step: int) -> float:
        """The rate at a step."""
        return self.learning_rate * math.pow(self.gamma, step // self.step_size)


@frozen
class MultiStep(Schedule):
    """The rate times ``gamma`` at each step in ``milestones``; one that is there twice counts twice.

    Source: torch.optim.lr_scheduler.MultiStepLR, whose names and default of gamma these are.
    """

    name: ClassVar[str] = "multi-step"
    title: ClassVar[str] = "Multi-step decay"

    learning_rate: float = 0.1
    milestones: tuple[int, ...] = (100, 150)
    gamma: float = 0.1

    def __post_init__(self) -> None:
        """Raise InputError for a value out of range, or milestones out of order."""
        check_learning_rate(self.learning_rate)
        check_decay("gamma", self.gamma)
        for milestone in self.milestones:
            check_steps("milestones", milestone)
        for before, after in pairwise(self.milestones):
            if after < before:
                raise InputError(f"schedule.milestones: step {after} comes after step {before}; use increasing steps")

    def __call__(self, step: int) -> float:
        """The rate at a step."""
        return self.learning_rate * math.pow(self.gamma, bisect_right(self.milestones, step))


@frozen
class Exponential(Schedule):
    """learning_rate gamma^k: the rate times ``gamma`` at every step.

    Source: torch.optim.lr_scheduler.ExponentialLR, which has no default of gamma; 0.98 leaves 2 % after 200 steps.
    """

    name: ClassVar[str] = "exponential"
    title: ClassVar[str] = "Exponential"

    learning_rate: float = 0.1
    gamma: float = 0.98

    def __post_init__(self) -> None:
        """Raise InputError for a value out of range."""
        check_learning_rate(self.learning_rate)
        check_decay("gamma", self.gamma)

    def __call__(self, step: int) -> float:
        """The rate at a step."""
        return self.learning_rate * math.pow(self.gamma, step)


@frozen
class Polynomial(Schedule):
    """learning_rate (1 - k/total_steps)^power, and 0 from step ``total_steps`` on; a straight line for power 1.

    Source: torch.optim.lr_scheduler.PolynomialLR. Its ``total_iters``, 5 by default, is called ``total_steps`` as in
    OneCycleLR, and is the run's number of steps where it is not given.
    """

    name: ClassVar[str] = "polynomial"
    title: ClassVar[str] = "Polynomial"

    learning_rate: float = 0.1
    total_steps: int = 200
    power: float = 1.0

    def __post_init__(self) -> None:
        """Raise InputError for a value out of range."""
        check_learning_rate(self.learning_rate)
        check_steps("total_steps", self.total_steps)
        check_not_negative("power", self.power)

    def __call__(self, step: int) -> float:
        """The rate at a step."""
        left = 1.0 - min(step, self.total_steps) / self.total_steps
        return self.learning_rate * math.pow(left, self.power)


@frozen
class InverseSquareRoot(Schedule):
    """learning_rate/sqrt(1 + k): falls ever more slowly, as the theory of convex losses asks for.

    Source: Zinkevich, ICML (2003), Theorem 1, with t = k + 1; in PyTorch LambdaLR with 1/sqrt(1 + k).
    """

    name: ClassVar[str] = "inverse-sqrt"
    title: ClassVar[str] = "1/√t"

    learning_rate: float = 0.1

    def __post_init__(self) -> None:
        """Raise InputError for a rate that is not finite."""
        check_learning_rate(self.learning_rate)

    def __call__(self, step: int) -> float:
        """The rate at a step."""
        return self.learning_rate / math.sqrt(1 + step)
