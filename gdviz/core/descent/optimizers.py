"""Update rules as frozen dataclasses: from a gradient to the direction that the learning rate is multiplied with.

Rules and defaults are PyTorch's (documentation of torch.optim, version 2), so that the numbers are the same.
"""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.descent.settings import checked, settings_of_kind
from gdviz.core.errors import InputError
from gdviz.core.problems.problem import Evaluate, HessianAt, Point


def _unknown(point: ArrayLike) -> Any:
    raise LookupError("nothing but the gradient is known here")


class Evaluation:
    """The loss around the point at which a run stands. In a mini-batch run it is that of the step's batch.

    point, gradient: shape (2,), or (2, n) where n runs go side by side, in the precision of the run. What is asked for
    beyond them is computed then; LookupError where there is only a gradient to go by.
    """

    __slots__ = ("_evaluate", "_hessian_at", "gradient", "point")

    def __init__(
        self, point: Point, gradient: Point, evaluate: Evaluate = _unknown, hessian_at: HessianAt = _unknown
    ) -> None:
        """``evaluate`` and ``hessian_at`` compute the loss with its gradient, and its Hessian, at any point."""
        self.point, self.gradient = point, gradient
        self._evaluate, self._hessian_at = evaluate, hessian_at

    @property
    def loss(self) -> Any:
        """The loss at the point, a number or of shape (n,), in the precision of the run."""
        return self.loss_at(self.point)

    @property
    def hessian(self) -> NDArray[np.float64]:
        """The second derivatives at the point in double precision, shape (2, 2), or (2, 2, n)."""
        if self.point.ndim == 1:
            return self._hessian_at(self.point)
        return np.stack([self._hessian_at(column) for column in self.point.T], axis=-1)

    def loss_at(self, point: Point) -> Any:
        """The loss at another point, of the shape of ``point``."""
        return self._evaluate(point)[0]

    def gradient_at(self, point: Point) -> Point:
        """The gradient at another point, of the shape of ``point``."""
        return self._evaluate(point)[1]


@dataclass(frozen=True, eq=False)
class Formula:
    """A line that explains a part of an update, for each of the two parameters.

    symbol: what is computed, with {} for the parameter's name: "v_{} ←" for a state that takes the place of the one
    before, "d_{} =" for anything else. result: its values, shape (2,).
    terms: how, with {} for each of ``parts``: a number, or a symbol with the values that it has, shape (2,).
    """

    symbol: str
    result: Point
    terms: str
    parts: tuple[float | tuple[str, Point], ...]


class Optimizer:
    """What an update rule says of itself; the step is ``point - learning_rate * direction``.

    A further rule is a frozen dataclass derived from this, whose fields are its settings. It has `name`, `title`,
    `direction_symbol` and `update`; what else is known of it, it says too.
    """

    name: ClassVar[str]
    """The name on the command line and in files."""
    title: ClassVar[str]
    """The name on the screen."""
    direction_symbol: ClassVar[str]
    """What the direction is called in a formula; {} stands for the parameter's name."""
    rate_names: ClassVar[tuple[str, str]] = ("overshoots from", "limit")
    """How the overshoot rate and the stability limit are introduced, with L the largest eigenvalue."""
    is_common_noun: ClassVar[bool] = False
    """Whether the title is words and no name, and so is written small inside a sentence."""
    is_plain: ClassVar[bool] = False
    """Whether the direction is the gradient itself, so that 2/(mu + L) is the best constant rate on a quadratic."""
    is_linear: ClassVar[bool] = False
    """Whether direction and state (one array, or None) are linear in gradient and state alone, alike for each axis."""

    def init(self, point: Point) -> Any:
        """The state before the first step; None for a rule that keeps none.

        It is an array of the point's precision, or a tuple of such arrays and of numbers.
        """
        return None

    def update(self, evaluation: Evaluation, state: Any) -> tuple[Point, Any]:
        """The direction of this step and the next state. Neither argument is changed.

        The gradient has the shape (2,), or (2, n) where n runs go side by side; the direction and the arrays of
        the state have its shape and precision, and each run the same bits as alone. NaN and infinity are results like
        any other.
        """
        raise NotImplementedError(f"{self.name}: this rule has no update")

    def explain(self, evaluation: Evaluation, before: Any, direction: Point, after: Any) -> tuple[Formula, ...]:
        """How the gradient becomes the direction, in as many formulas at every step; none where there is no more to it.

        before, after: the state on arrival, and the next one. All arrays have the shape (2,).
        """
        return ()

    def overshoot_rate(self, eigenvalue: float) -> float | None:
        """The rate from which the step along an axis of curvature ``eigenvalue`` > 0 passes the minimum, if known."""
        return None

    def stability_limit(self, eigenvalue: float) -> float | None:
        """The rate from which it diverges along an axis of curvature ``eigenvalue`` > 0; None where none is known."""
        return None


@dataclass(frozen=True)
class GradientDescent(Optimizer):
    """direction = gradient."""

    name: ClassVar[str] = "gd"
    title: ClassVar[str] = "Gradient descent"
    direction_symbol: ClassVar[str] = "∂L/∂{}"
    rate_names: ClassVar[tuple[str, str]] = ("1/L =", "2/L =")
    is_common_noun: ClassVar[bool] = True
    is_plain: ClassVar[bool] = True
    is_linear: ClassVar[bool] = True

    def update(self, evaluation: Evaluation, state: None) -> tuple[Point, None]:
        """The gradient itself."""
        return evaluation.gradient, None

    def overshoot_rate(self, eigenvalue: float) -> float:
        """1/L: the factor 1 - rate*L becomes negative."""
        return 1.0 / eigenvalue

    def stability_limit(self, eigenvalue: float) -> float:
        """2/L: the factor 1 - rate*L reaches -1."""
        return 2.0 / eigenvalue


@dataclass(frozen=True)
class _Buffered(Optimizer):
    """What the rules with a buffer share: momentum is the part of the buffer that is kept, from 0 to below 1."""

    is_linear: ClassVar[bool] = True

    momentum: float = 0.9

    def __post_init__(self) -> None:
        """Raise InputError for a momentum that is no decay factor."""
        if not 0.0 <= self.momentum < 1.0:
            raise InputError(f"optimizer.momentum: {self.momentum} is not possible; take a number from 0 to below 1")

    def init(self, point: Point) -> Point:
        """An empty buffer."""
        return np.zeros_like(point)

    def explain(self, evaluation: Evaluation, before: Point, direction: Point, after: Point) -> tuple[Formula, ...]:
        """How the gradient is added to the buffer."""
        parts = (self.momentum, ("v_{}", before), ("∂L/∂{}", evaluation.gradient))
        return (Formula("v_{} ←", after, "{}·{} + {}", parts),)


@dataclass(frozen=True)
class Momentum(_Buffered):
    """buffer = momentum * buffer + gradient; direction = buffer (torch.optim.SGD with momentum, no dampening)."""

    name: ClassVar[str] = "momentum"
    title: ClassVar[str] = "Momentum"
    direction_symbol: ClassVar[str] = "v_{}"
    is_common_noun: ClassVar[bool] = True

    def update(self, evaluation: Evaluation, state: Point) -> tuple[Point, Point]:
        """The buffer after this gradient, as direction and as state."""
        buffer = self.momentum * state + evaluation.gradient
        return buffer, buffer

    def overshoot_rate(self, eigenvalue: float) -> float:
        """(1 - sqrt(b))^2 / L: the roots of z^2 - (1 + b - rate*L) z + b become complex (Polyak 1964)."""
        return (1.0 - math.sqrt(self.momentum)) ** 2 / eigenvalue

    def stability_limit(self, eigenvalue: float) -> float:
        """2 (1 + b) / L: a root of the same polynomial reaches -1."""
        return 2.0 * (1.0 + self.momentum) / eigenvalue


@dataclass(frozen=True)
class Nesterov(_Buffered):
    """buffer = momentum * buffer + gradient; direction = gradient + momentum * buffer (SGD with nesterov=True)."""

    name: ClassVar[str] = "nesterov"
    title: ClassVar[str] = "Nesterov momentum"
    direction_symbol: ClassVar[str] = "d_{}"

    def update(self, evaluation: Evaluation, state: Point) -> tuple[Point, Point]:
        """The direction that looks one buffer ahead, and the buffer."""
        buffer = self.momentum * state + evaluation.gradient
        return evaluation.gradient + self.momentum * buffer, buffer

    def explain(self, evaluation: Evaluation, before: Point, direction: Point, after: Point) -> tuple[Formula, ...]:
        """The buffer, and the direction ahead of it."""
        parts = (("∂L/∂{}", evaluation.gradient), self.momentum, ("v_{}", after))
        ahead = Formula("d_{} =", direction, "{} + {}·{}", parts)
        return (*super().explain(evaluation, before, direction, after), ahead)

    def overshoot_rate(self, eigenvalue: float) -> float:
        """((1 - b)/(1 + b))^2 / L: the roots of z^2 - (1+b)(1-rate*L) z + b(1-rate*L) become complex."""
        return ((1.0 - self.momentum) / (1.0 + self.momentum)) ** 2 / eigenvalue

    def stability_limit(self, eigenvalue: float) -> float:
        """2 (1 + b) / ((1 + 2b) L): a root of the same polynomial reaches -1; lower than plain descent's."""
        return 2.0 * (1.0 + self.momentum) / ((1.0 + 2.0 * self.momentum) * eigenvalue)


OPTIMIZERS: dict[str, type[Any]] = {kind.name: kind for kind in (GradientDescent, Momentum, Nesterov)}
"""A further optimizer is one dataclass and one line here; its fields are its settings everywhere."""


def optimizer_settings(name: str) -> dict[str, Any]:
    """The settings of the optimizer of that name, with PyTorch's defaults; InputError for an unknown name."""
    return {key: setting.default for key, setting in settings_of_kind("optimizer", OPTIMIZERS, name).items()}


def make_optimizer(name: str, settings: dict[str, float]) -> Optimizer:
    """The optimizer of that name; InputError for an unknown name or setting, or a value out of range."""
    known = settings_of_kind("optimizer", OPTIMIZERS, name)
    optimizer: Optimizer = OPTIMIZERS[name](**checked("optimizer", name, known, settings))
    return optimizer
