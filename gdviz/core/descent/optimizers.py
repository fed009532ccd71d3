"""Update rules as frozen dataclasses: from a gradient to the direction that the learning rate scales.

Rules and defaults are PyTorch's (documentation of torch.optim, version 2), so the numbers match.
"""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.descent.settings import settings_of_kind, validated
from gdviz.core.errors import InputError
from gdviz.core.problems.problem import Evaluate, HessianAt, Point


def _unknown(point: ArrayLike) -> Any:
    raise LookupError("only the gradient is known here")


class Evaluation:
    """What a rule sees at the current point: gradient, loss and Hessian, in a mini-batch run those of the step's batch.

    point, gradient: shape (2,), or (2, n) for n runs side by side, in the precision of the run. Everything else is
    computed on demand; LookupError if only the gradient is available.
    """

    __slots__ = ("_evaluate", "_hessian_at", "gradient", "point")

    def __init__(
        self, point: Point, gradient: Point, evaluate: Evaluate = _unknown, hessian_at: HessianAt = _unknown
    ) -> None:
        """``evaluate`` and ``hessian_at`` compute loss and gradient, and the Hessian, at any point."""
        self.point, self.gradient = point, gradient
        self._evaluate, self._hessian_at = evaluate, hessian_at

    @property
    def loss(self) -> Any:
        """The loss at the point, a number or of shape (n,), in the precision of the run."""
        return self.loss_at(self.point)

    @property
    def hessian(self) -> NDArray[np.float64]:
        """The Hessian at the point in double precision, shape (2, 2) or (2, 2, n)."""
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
    """One line that explains part of an update, for each of the two parameters.

    symbol: the left-hand side, with {} for the parameter's name: "v_{} ←" for a state that is overwritten, "d_{} =" for
    anything else. result: its values, shape (2,).
    terms: the right-hand side, with {} for each of ``parts``: a number, or a symbol and its values, shape (2,).
    """

    symbol: str
    result: Point
    terms: str
    parts: tuple[float | tuple[str, Point], ...]


class Optimizer:
    """Base class of update rules; the step is ``point - learning_rate * direction``.

    A rule is a frozen dataclass derived from this, whose fields are its settings. It must define `name`, `title`,
    `direction_symbol` and `update`, and may override the rest.
    """

    name: ClassVar[str]
    """The name on the command line and in files."""
    title: ClassVar[str]
    """The name on the screen."""
    direction_symbol: ClassVar[str]
    """The symbol of the direction in formulas, with {} for the parameter's name."""
    rate_names: ClassVar[tuple[str, str]] = ("overshoots from", "limit")
    """Labels of the overshoot rate and the stability limit, with L the largest eigenvalue."""
    is_common_noun: ClassVar[bool] = False
    """Whether the title is a common noun, in lower case within a sentence."""
    is_plain: ClassVar[bool] = False
    """Whether the direction is the gradient itself, so that 2/(mu + L) is the best constant rate on a quadratic."""
    is_linear: ClassVar[bool] = False
    """Whether direction and state (an array or None) are linear in gradient and state alone, equally on each axis."""

    def init(self, point: Point) -> Any:
        """The initial state: an array of the point's precision, a tuple of such arrays and of numbers, or None."""
        return None

    def update(self, evaluation: Evaluation, state: Any) -> tuple[Point, Any]:
        """Return the direction of this step and the next state, without modifying either argument.

        The gradient has shape (2,), or (2, n) for n runs side by side; the direction and the arrays of the state have
        its shape and precision, and each run is bit-identical to a run on its own. NaN and infinity are valid results.
        """
        raise NotImplementedError(f"{self.name}: this rule has no update")

    def explain(self, evaluation: Evaluation, before: Any, direction: Point, after: Any) -> tuple[Formula, ...]:
        """The formulas from gradient to direction, as many at every step; none if the gradient is the direction.

        before, after: the states before and after the step. All arrays have shape (2,).
        """
        return ()

    def overshoot_rate(self, eigenvalue: float) -> float | None:
        """The rate above which a step along an axis of curvature ``eigenvalue`` > 0 overshoots, if known."""
        return None

    def stability_limit(self, eigenvalue: float) -> float | None:
        """The rate from which it diverges along an axis of curvature ``eigenvalue`` > 0, if known."""
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
    """Base class of rules with a momentum buffer; ``momentum`` is its decay factor, in [0, 1)."""

    is_linear: ClassVar[bool] = True

    momentum: float = 0.9

    def __post_init__(self) -> None:
        """Raise InputError for a momentum outside [0, 1)."""
        if not 0.0 <= self.momentum < 1.0:
            raise InputError(f"optimizer.momentum: {self.momentum} is not possible; use a number from 0 to below 1")

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
        """The updated buffer, as both direction and state."""
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
        """The look-ahead direction and the updated buffer."""
        buffer = self.momentum * state + evaluation.gradient
        return evaluation.gradient + self.momentum * buffer, buffer

    def explain(self, evaluation: Evaluation, before: Point, direction: Point, after: Point) -> tuple[Formula, ...]:
        """The update of the buffer, and the look-ahead direction."""
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
"""A new optimizer is one dataclass and one entry here; its fields are its settings everywhere."""


def optimizer_settings(name: str) -> dict[str, Any]:
    """The settings of the optimizer of that name, with PyTorch's defaults; InputError for an unknown name."""
    return {key: setting.default for key, setting in settings_of_kind("optimizer", OPTIMIZERS, name).items()}


def make_optimizer(name: str, settings: dict[str, float]) -> Optimizer:
    """The optimizer of that name; InputError for an unknown name or setting, or a value out of range."""
    known = settings_of_kind("optimizer", OPTIMIZERS, name)
    optimizer: Optimizer = OPTIMIZERS[name](**validated("optimizer", name, known, settings))
    return optimizer
