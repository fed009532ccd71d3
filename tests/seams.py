"""Kinds that gdviz does not have, registered for a test: what the seams of rules and schedules have to carry."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from gdviz.core.descent.optimizers import Formula
from gdviz.core.descent.schedules import Schedule


@dataclass(frozen=True)
class Backtracking:
    """Gradient descent with a line search: the gradient, halved until the loss falls enough (Armijo 1966)."""

    name: ClassVar[str] = "backtracking"
    title: ClassVar[str] = "Backtracking"
    direction_symbol: ClassVar[str] = "d_{}"
    rate_names: ClassVar[tuple[str, str]] = ("overshoots from", "limit")
    is_linear: ClassVar[bool] = False
    explanation: ClassVar[tuple[Formula, ...]] = (
        Formula("d_{}", "direction", "=", "{size}·{gradient}", {"gradient": "∂L/∂{}"}),
    )

    slope: float = 1e-4

    def init(self, point):
        return None

    def update(self, evaluation, state):
        return self._size(evaluation) * evaluation.gradient, None

    def values(self, evaluation, before, after):
        return {"size": float(self._size(evaluation)), "gradient": evaluation.gradient}

    def _size(self, evaluation):
        point, gradient, loss = evaluation.point, evaluation.gradient, evaluation.loss
        size = np.ones_like(loss)
        for _ in range(60):
            falls = evaluation.loss_at(point - size * gradient) <= loss - self.slope * size * (gradient**2).sum(axis=0)
            if np.all(falls):
                break
            size = np.where(falls, size, size / 2).astype(point.dtype)
        return size

    def overshoot_rate(self, eigenvalue):
        return None

    def stability_limit(self, eigenvalue):
        return None


@dataclass(frozen=True)
class SignDescent:
    """The sign of the gradient: no rate is known from which it would diverge."""

    name: ClassVar[str] = "sign"
    title: ClassVar[str] = "Sign descent"
    direction_symbol: ClassVar[str] = "sign ∂L/∂{}"
    rate_names: ClassVar[tuple[str, str]] = ("overshoots from", "limit")
    is_linear: ClassVar[bool] = False
    explanation: ClassVar[tuple[Formula, ...]] = ()

    def init(self, point):
        return None

    def update(self, evaluation, state):
        return np.sign(evaluation.gradient), None

    def values(self, evaluation, before, after):
        return {}

    def overshoot_rate(self, eigenvalue):
        return None

    def stability_limit(self, eigenvalue):
        return None


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
