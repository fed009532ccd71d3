"""Gradient descent and its two kinds of momentum: rules that are linear in the gradients (torch.optim.SGD)."""

import math
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from gdviz.core.descent.optimizers.base import Evaluation, Formula
from gdviz.core.descent.optimizers.weight_decay import Decaying
from gdviz.core.frozen import frozen
from gdviz.core.problems.problem import Point


@lru_cache(maxsize=1024)
def _as_array(value: float, dtype: np.dtype[Any]) -> Point:
    """The number as an array of shape () in that precision: as a plain number it would take NumPy twice as long."""
    return np.array(value, dtype)


class _Linear(Decaying):
    """Base class of rules that are linear without weight decay; with it, they go to another point than the minimum.

    On a quadratic, weight decay adds itself to every curvature, so that the limits follow from the same formulas.
    """

    @property
    def is_linear(self) -> bool:
        """See `Optimizer`."""
        return not self.weight_decay

    @property
    def needs_all_rows(self) -> bool:
        """With weight decay: the theory of batches is that of linear rules."""
        return bool(self.weight_decay)

    def update_into(self, direction: Point, evaluation: Evaluation, state: Any) -> Any:
        """See `Optimizer`; the state is an array of its own, and so none is copied."""
        direction[...], following = self.update(evaluation, state)
        return following


@frozen
class GradientDescent(_Linear):
    """direction = gradient, with weight decay gradient + weight_decay * point."""

    name: ClassVar[str] = "gd"
    title: ClassVar[str] = "Gradient descent"
    is_common_noun: ClassVar[bool] = True

    weight_decay: float = 0.0

    @property
    def direction_symbol(self) -> str:  # type: ignore[override]
        """The gradient, with weight decay a direction of its own."""
        return "d_{}" if self.weight_decay else "∂L/∂{}"

    @property
    def rate_names(self) -> tuple[str, str]:
        """By their formulas, unless there is weight decay in them too."""
        return super().rate_names if self.weight_decay else ("1/L =", "2/L =")

    @property
    def is_plain(self) -> bool:
        """See `Optimizer`."""
        return not self.weight_decay

    def update(self, evaluation: Evaluation, state: None) -> tuple[Point, None]:
        """The gradient itself."""
        return self.seen_gradient(evaluation), None

    def explain(self, evaluation: Evaluation, before: None, direction: Point, after: None) -> tuple[Formula, ...]:
        """The sum of gradient and weight decay, if there is one."""
        if not self.weight_decay:
            return ()
        parts = (("∂L/∂{}", evaluation.gradient), self.weight_decay, ("{}", evaluation.point))
        return (Formula("d_{} =", direction, "{} + {}·{}", parts, is_direction=True),)

    def overshoot_rate(self, eigenvalue: float) -> float:
        """1/L: the factor 1 - rate*L becomes negative; L is the curvature and the weight decay together."""
        return 1.0 / (eigenvalue + self.weight_decay)

    def stability_limit(self, eigenvalue: float) -> float:
        """2/L: the factor 1 - rate*L reaches -1."""
        return 2.0 / (eigenvalue + self.weight_decay)


@frozen
class _Buffered(_Linear):
    """Base class of rules with a momentum buffer; ``momentum`` is its decay factor, in [0, 1)."""

    momentum: float = 0.9
    weight_decay: float = 0.0

    def init(self, point: Point) -> Point:
        """An empty buffer."""
        return np.zeros_like(point)

    def _buffer(self, evaluation: Evaluation, state: Point) -> tuple[Point, Point]:
        """The gradient that the rule uses, and the updated buffer."""
        gradient = self.seen_gradient(evaluation)
        buffer = _as_array(self.momentum, state.dtype) * state
        buffer += gradient
        return gradient, buffer

    def explain(self, evaluation: Evaluation, before: Point, direction: Point, after: Point) -> tuple[Formula, ...]:
        """How the gradient is added to the buffer."""
        gradient, formulas = self.gradient_formulas(evaluation)
        parts = (self.momentum, ("v_{}", before), gradient)
        return (*formulas, Formula("v_{} ←", after, "{}·{} + {}", parts, is_direction=True))


@frozen
class Momentum(_Buffered):
    """buffer = momentum * buffer + gradient; direction = buffer (torch.optim.SGD with momentum, no dampening)."""

    name: ClassVar[str] = "momentum"
    title: ClassVar[str] = "Momentum"
    direction_symbol: ClassVar[str] = "v_{}"
    is_common_noun: ClassVar[bool] = True

    def update(self, evaluation: Evaluation, state: Point) -> tuple[Point, Point]:
        """The updated buffer, as both direction and state."""
        _, buffer = self._buffer(evaluation, state)
        return buffer, buffer

    def overshoot_rate(self, eigenvalue: float) -> float:
        """(1 - sqrt(b))^2 / L: the roots of z^2 - (1 + b - rate*L) z + b become complex (Polyak 1964).

        L is the curvature and the weight decay together, here and below.
        """
        return (1.0 - math.sqrt(self.momentum)) ** 2 / (eigenvalue + self.weight_decay)

    def stability_limit(self, eigenvalue: float) -> float:
        """2 (1 + b) / L: a root of the same polynomial reaches -1."""
        return 2.0 * (1.0 + self.momentum) / (eigenvalue + self.weight_decay)


@frozen
class Nesterov(_Buffered):
    """buffer = momentum * buffer + gradient; direction = gradient + momentum * buffer (SGD with nesterov=True)."""

    name: ClassVar[str] = "nesterov"
    title: ClassVar[str] = "Nesterov momentum"
    direction_symbol: ClassVar[str] = "d_{}"

    def update(self, evaluation: Evaluation, state: Point) -> tuple[Point, Point]:
        """The look-ahead direction and the updated buffer."""
        gradient, buffer = self._buffer(evaluation, state)
        direction = _as_array(self.momentum, buffer.dtype) * buffer
        direction += gradient
        return direction, buffer

    def explain(self, evaluation: Evaluation, before: Point, direction: Point, after: Point) -> tuple[Formula, ...]:
        """The update of the buffer, and the look-ahead direction."""
        gradient, _ = self.gradient_formulas(evaluation)
        parts = (gradient, self.momentum, ("v_{}", after))
        ahead = Formula("d_{} =", direction, "{} + {}·{}", parts, is_direction=True)
        return (*super().explain(evaluation, before, direction, after), ahead)

    def overshoot_rate(self, eigenvalue: float) -> float:
        """((1 - b)/(1 + b))^2 / L: the roots of z^2 - (1+b)(1-rate*L) z + b(1-rate*L) become complex.

        L is the curvature and the weight decay together, here and below.
        """
        return ((1.0 - self.momentum) / (1.0 + self.momentum)) ** 2 / (eigenvalue + self.weight_decay)

    def stability_limit(self, eigenvalue: float) -> float:
        """2 (1 + b) / ((1 + 2b) L): a root of the same polynomial reaches -1; lower than plain descent's."""
        return 2.0 * (1.0 + self.momentum) / ((1.0 + 2.0 * self.momentum) * (eigenvalue + self.weight_decay))
