"""The base class of update rules, what a rule sees of a step, and the formulas by which it explains itself."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.descent.optimizers.ranges import check_ranges
from gdviz.core.problems.problem import Evaluate, HessianAt, Point


def _unknown(point: ArrayLike) -> Any:
    raise LookupError("only the gradient is known here")


class Evaluation:
    """What a rule sees at the current point: gradient, loss and Hessian, in a mini-batch run those of the step's batch.

    point, gradient: shape (2,), or (2, n) for n runs side by side, in the precision of the run. learning_rate: that of
    the step, a number or of shape (n,), for rules whose step is not simply the rate times a direction. Everything else
    is computed on demand; LookupError if only the gradient is available.
    """

    __slots__ = ("_evaluate", "_hessian_at", "gradient", "learning_rate", "point")

    def __init__(
        self,
        point: Point,
        gradient: Point,
        evaluate: Evaluate = _unknown,
        hessian_at: HessianAt = _unknown,
        learning_rate: Any = 1.0,
    ) -> None:
        """``evaluate`` and ``hessian_at`` compute loss and gradient, and the Hessian, at any point."""
        self.point, self.gradient, self.learning_rate = point, gradient, learning_rate
        self._evaluate, self._hessian_at = evaluate, hessian_at

    def copy(self) -> "Evaluation":
        """The same with its own arrays."""
        arrays = self.point.copy(), self.gradient.copy()
        return Evaluation(*arrays, self.evaluate_at, self.hessian_at, self.learning_rate)

    @property
    def loss(self) -> Any:
        """The loss at the point, a number or of shape (n,), in the precision of the run."""
        return self.loss_at(self.point)

    @property
    def hessian(self) -> NDArray[np.float64]:
        """The Hessian at the point in double precision, shape (2, 2) or (2, 2, n)."""
        found, runs = self.hessian_at(self.point), self.point.shape[1:]
        return found if found.shape[2:] == runs else np.broadcast_to(found[..., np.newaxis], (2, 2, *runs))

    def loss_at(self, point: Point) -> Any:
        """The loss at another point, of the shape of ``point``."""
        return self.evaluate_at(point)[0]

    def gradient_at(self, point: Point) -> Point:
        """The gradient at another point, of the shape of ``point``."""
        return self.evaluate_at(point)[1]

    def evaluate_at(self, point: Point) -> tuple[Any, Point]:
        """Loss and gradient at another point."""
        return self._evaluate(point)

    def hessian_at(self, point: ArrayLike) -> NDArray[np.float64]:
        """The Hessian at another point, as in `HessianAt`."""
        return self._hessian_at(point)


Parts = tuple[float | tuple[str, Point], ...]
"""What a formula is made of: a number, or a symbol and its values, shape (2,)."""


@dataclass(frozen=True, eq=False)
class Formula:
    """One line that explains part of an update, for each of the two parameters.

    symbol: the left-hand side, with {} for the parameter's name and {other} for that of the other one: "v_{} ←" for a
    state that is overwritten, "d_{} =" for anything else. result: its values, shape (2,).
    terms: the right-hand side, with {} for each of ``parts``: a number, or a symbol and its values, shape (2,).
    is_direction: whether it is a direction on the way from the gradient to the step, unlike sizes and squares.
    """

    symbol: str
    result: Point
    terms: str
    parts: Parts
    is_direction: bool = False


class Optimizer:
    """Base class of update rules; the next point is ``point - learning_rate * direction``.

    A rule is a frozen dataclass derived from this, whose fields are its settings. It must define `name`, `title`,
    `direction_symbol` and `update`, and may override the rest.
    """

    name: ClassVar[str]
    """The name on the command line and in files."""
    title: ClassVar[str]
    """The name on the screen."""
    direction_symbol: ClassVar[str]
    """The symbol of the direction in formulas, with {} for the parameter's name."""
    is_common_noun: ClassVar[bool] = False
    """Whether the title is a common noun, in lower case within a sentence."""
    takes_learning_rate: ClassVar[bool] = True
    """Whether it takes one at all; if not, it sets the length of its steps itself, and the rate is 1 throughout."""
    scales_with_rate: ClassVar[bool] = True
    """Whether each step is the learning rate times the direction; if not, the direction is the step."""
    reads_every_rate: ClassVar[bool] = True
    """Whether it reads the rate of every step; if not, only that of the first one after a start."""
    step_length: ClassVar[str] = "this rule sets its own step length"
    """What a rule that takes no learning rate does instead, as a clause."""
    needs_quadratic: ClassVar[bool] = False
    """Whether it is defined for quadratic losses only."""

    def __post_init__(self) -> None:
        """Raise InputError for a setting that is out of range."""
        check_ranges(vars(self))

    @property
    def has_momentum(self) -> bool:
        """Whether it has the setting ``momentum``, which a schedule may set."""
        return hasattr(self, "momentum")

    @classmethod
    def title_in_sentence(cls) -> str:
        """The title as it stands within a sentence."""
        return cls.title.lower() if cls.is_common_noun else cls.title

    @property
    def rate_names(self) -> tuple[str, str]:
        """Labels of the overshoot rate and the stability limit, with L the largest eigenvalue."""
        return ("overshoots from", "limit")

    @property
    def is_plain(self) -> bool:
        """Whether the direction is the gradient itself, so that 2/(mu + L) is the best constant rate on a quadratic."""
        return False

    @property
    def is_linear(self) -> bool:
        """Whether direction and state (an array or None) are linear in gradient and state alone, equally on each axis.

        Then a run on a quadratic goes to its minimum, and has an exact solution.
        """
        return False

    @property
    def needs_all_rows(self) -> bool:
        """Whether its stability limit holds only where every step sees all rows, and nothing is known of batches.

        Not the opposite of `is_linear`: that of a damped Newton's method holds on any batch.
        """
        return False

    def init(self, point: Point) -> Any:
        """The initial state: an array of the point's precision, a tuple of such arrays and of numbers, or None.

        A tuple may hold tuples in turn.
        """
        return None

    def update(self, evaluation: Evaluation, state: Any) -> tuple[Point, Any]:
        """Return the direction of this step and the next state, without modifying either argument.

        The gradient has shape (2,), or (2, n) for n runs side by side; the direction and the arrays of the state have
        its shape and precision, and each run is bit-identical to a run on its own. NaN and infinity are valid results.
        """
        raise NotImplementedError(f"{self.name}: this rule has no update")

    def update_into(self, direction: Point, evaluation: Evaluation, state: Any) -> Any:
        """Write the direction into that array of shape (2,), and return the next state.

        Unlike with `update`, the arrays of the evaluation are overwritten afterwards; so they are copied for it.
        """
        direction[...], following = self.update(evaluation.copy(), state)
        return following

    def following(self, evaluation: Evaluation, state: Any, direction: Point) -> Any:
        """The next state, as `update` returns it with that direction; a line search need not search again."""
        return self.update(evaluation, state)[1]

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
