"""Kinds that gdviz does not have, registered for a test: what the seams of rules and schedules have to carry."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from gdviz.core.descent.optimizers import Formula, Optimizer
from gdviz.core.descent.schedules import Schedule


@dataclass(frozen=True)
class Backtracking(Optimizer):
    """Gradient descent with a line search: the gradient, halved until the loss falls enough (Armijo 1966)."""

    name: ClassVar[str] = "backtracking"
    title: ClassVar[str] = "Backtracking"
    direction_symbol: ClassVar[str] = "d_{}"

    slope: float = 1e-4

    def update(self, evaluation, state):
        return self._size(evaluation) * evaluation.gradient, None

    def explain(self, evaluation, before, direction, after):
        parts = (float(self._size(evaluation)), ("∂L/∂{}", evaluation.gradient))
        return (Formula("d_{} =", direction, "{}·{}", parts),)

    def _size(self, evaluation):
        point, gradient, loss = evaluation.point, evaluation.gradient, evaluation.loss
        size = np.ones_like(loss)
        for _ in range(60):
            falls = evaluation.loss_at(point - size * gradient) <= loss - self.slope * size * (gradient**2).sum(axis=0)
            if np.all(falls):
                break
            size = np.where(falls, size, size / 2).astype(point.dtype)
        return size


@dataclass(frozen=True)
class SignDescent(Optimizer):
    """The sign of the gradient: no rate is known from which it would diverge."""

    name: ClassVar[str] = "sign"
    title: ClassVar[str] = "Sign descent"
    direction_symbol: ClassVar[str] = "sign ∂L/∂{}"

    def update(self, evaluation, state):
        return np.sign(evaluation.gradient), None


@dataclass(frozen=True)
class Newton(Optimizer):
    """The step to the minimum of the local quadratic: infinite or NaN where the Hessian has no inverse."""

    name: ClassVar[str] = "newton"
    title: ClassVar[str] = "Newton's method"
    direction_symbol: ClassVar[str] = "(H⁻¹∂L)_{}"

    def update(self, evaluation, state):
        (a, b), (_, d) = evaluation.hessian
        first, second = evaluation.gradient.astype(np.float64)
        direction = np.array([d * first - b * second, a * second - b * first]) / (a * d - b * b)
        return direction.astype(evaluation.gradient.dtype), None

    def overshoot_rate(self, eigenvalue):
        return 1.0

    def stability_limit(self, eigenvalue):
        return 2.0


@dataclass(frozen=True)
class DecayedMomentum(Optimizer):
    """Momentum with decoupled weight decay (Loshchilov and Hutter 2019): the decay is not part of the buffer."""

    name: ClassVar[str] = "sgdw"
    title: ClassVar[str] = "Decayed momentum"
    direction_symbol: ClassVar[str] = "d_{}"
    is_common_noun: ClassVar[bool] = True

    momentum: float = 0.9
    weight_decay: float = 0.01

    def init(self, point):
        return np.zeros_like(point)

    def update(self, evaluation, state):
        buffer = self.momentum * state + evaluation.gradient
        return buffer + self.weight_decay * evaluation.point, buffer

    def explain(self, evaluation, before, direction, after):
        buffer = (self.momentum, ("v_{}", before), ("∂L/∂{}", evaluation.gradient))
        decay = (("v_{}", after), self.weight_decay, ("{}", evaluation.point))
        return Formula("v_{} ←", after, "{}·{} + {}", buffer), Formula("d_{} =", direction, "{} + {}·{}", decay)

    def stability_limit(self, eigenvalue):
        return 2.0 * (1.0 + self.momentum) / (eigenvalue + self.weight_decay * (1.0 + self.momentum))


@dataclass(frozen=True)
class Broken(Optimizer):
    """A line search whose numbers break: after some steps its directions are NaN."""

    name: ClassVar[str] = "broken"
    title: ClassVar[str] = "Broken search"
    direction_symbol: ClassVar[str] = "d_{}"

    after: float = 5.0

    def init(self, point):
        return np.zeros(point.shape[1:], point.dtype)

    def update(self, evaluation, state):
        return np.where(state < self.after, evaluation.gradient, np.nan).astype(evaluation.point.dtype), state + 1

    def explain(self, evaluation, before, direction, after):
        return (Formula("d_{} =", direction, "{}·{}", (float(before), ("∂L/∂{}", evaluation.gradient))),)


RULES = (Backtracking, SignDescent, Newton, DecayedMomentum)
"""Two without a limit, one that uses the Hessian, one that uses the point; all are in order."""


@dataclass(frozen=True)
class Plateau(Schedule):
    """The rate times ``factor`` whenever the loss has not fallen for ``patience`` steps."""

    name: ClassVar[str] = "plateau"
    title: ClassVar[str] = "Reduce on plateau"

    learning_rate: float = 0.1
    factor: float = 0.5
    patience: int = 3

    @property
    def is_planned(self):
        return False

    @property
    def first_rate(self):
        return self.learning_rate

    def init(self) -> Any:
        return self.learning_rate, np.inf, 0

    def follow(self, step, loss, state):
        rate, best, waited = state
        waited = np.where(loss < best, 0, waited + 1)
        rate = np.where(waited > self.patience, rate * self.factor, rate)
        return rate, (rate, np.fmin(loss, best), np.where(waited > self.patience, 0, waited))


@dataclass(frozen=True)
class Cycle(Schedule):
    """A rate that rises and a momentum that falls, from step to step."""

    name: ClassVar[str] = "cycle"
    title: ClassVar[str] = "Cycle"

    learning_rate: float = 0.1
    steps: int = 40

    @property
    def sets_momentum(self):
        return True

    def __call__(self, step):
        return self.learning_rate * (1 + step % self.steps / self.steps)

    def momentum(self, step):
        return 0.9 - 0.2 * (step % self.steps) / self.steps


def with_momentum(optimizer, momentum):
    """The rule with another momentum."""
    return replace(optimizer, momentum=momentum)
