"""Line searches: how far to go along a direction, by backtracking or exactly, and gradient descent with each."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.optimizers.base import Evaluation, Formula, Optimizer
from gdviz.core.problems.problem import Point

Numbers = NDArray[np.float64]
FIRST, MOST_TRIALS = 1.0, 1000


def dot(first: NDArray[Any], second: NDArray[Any]) -> Numbers:
    """The inner product of two vectors, shape (2,) or (2, n), in double precision; of n the same bits as of each."""
    a, b = first.astype(np.float64, copy=False), second.astype(np.float64, copy=False)
    return np.asarray(a[0] * b[0] + a[1] * b[1])


def curvature_along(evaluation: Evaluation, direction: Point) -> Numbers:
    """direction' Hessian direction at the point, in double precision."""
    hessian, (first, second) = evaluation.hessian, direction.astype(np.float64)
    return np.asarray(
        hessian[0, 0] * first * first + 2.0 * hessian[0, 1] * first * second + hessian[1, 1] * second * second
    )


def scaled(size: Numbers, direction: Point) -> Point:
    """size * direction in the precision of the direction; 0 times infinity, which no step is, stays NaN."""
    return np.asarray(size * direction.astype(np.float64)).astype(direction.dtype)


def backtracked(
    evaluation: Evaluation, direction: Point, c: float, factor: float, first: Numbers | float = FIRST
) -> Numbers:
    """The first size of first, first * factor, first * factor^2, ... whose loss is low enough; shape () or (n,).

    Low enough is at most loss - c * size * slope, with slope the gradient times the direction: from that size on
    the loss falls at least c times as fast as at the start (Armijo, Pacific Journal of Mathematics 16, 1966).
    0 where none is found before the point no longer moves in its precision, as at a minimum.
    """
    loss, slope = np.asarray(evaluation.loss, np.float64), dot(evaluation.gradient, direction)
    size = np.broadcast_to(np.asarray(first, np.float64), slope.shape).copy()
    for _ in range(MOST_TRIALS):
        trial = evaluation.point - scaled(size, direction)
        falls = np.asarray(evaluation.loss_at(trial) <= loss - c * size * slope)
        # A loss or slope that is not finite is not compared: the numbers have broken.
        searches = ~falls & (trial != evaluation.point).any(axis=0) & np.isfinite(loss) & np.isfinite(slope)
        if not searches.any():
            break
        size = np.where(searches, size * factor, size)
    return np.where(falls, size, 0.0)


def size_part(size: Numbers | float) -> tuple[str, Point]:
    """The size of a step as a part of formulas, the same for both parameters, with its symbol."""
    return "α", np.full(2, size)


@dataclass(frozen=True)
class Armijo(Optimizer):
    """Gradient descent whose step is found by backtracking: 1, factor, factor^2, ... until the loss falls enough.

    c: the least fall, as a part of what the slope promises. Every step begins at 1 again. Source: see `backtracked`.
    """

    name: ClassVar[str] = "armijo"
    title: ClassVar[str] = "Backtracking line search"
    direction_symbol: ClassVar[str] = "d_{}"
    is_common_noun: ClassVar[bool] = True
    takes_learning_rate: ClassVar[bool] = False
    scales_with_rate: ClassVar[bool] = False
    step_length: ClassVar[str] = "each step is 1 times the gradient, shortened until the loss falls enough"

    c: float = 1e-4
    factor: float = 0.5

    def update(self, evaluation: Evaluation, state: None) -> tuple[Point, None]:
        """The gradient times the size that was found."""
        return scaled(self._size(evaluation), evaluation.gradient), None

    def following(self, evaluation: Evaluation, state: None, direction: Point) -> None:
        """There is no state."""

    def _size(self, evaluation: Evaluation) -> Numbers:
        return backtracked(evaluation, evaluation.gradient, self.c, self.factor)

    def explain(self, evaluation: Evaluation, before: None, direction: Point, after: None) -> tuple[Formula, ...]:
        """The size, times the gradient."""
        parts = (size_part(self._size(evaluation)), ("∂L/∂{}", evaluation.gradient))
        return (Formula("d_{} =", direction, "{}·{}", parts, is_direction=True),)


@dataclass(frozen=True)
class ExactLineSearch(Optimizer):
    """Gradient descent to the minimum along each line: size = g'g / g'Hg, exact where the loss is quadratic.

    Infinite where the loss does not curve upwards along the line, and so has no minimum there. Source: Cauchy (1847);
    Nocedal and Wright, Numerical Optimization (2006), equation 3.26.
    """

    name: ClassVar[str] = "exact"
    title: ClassVar[str] = "Exact line search"
    direction_symbol: ClassVar[str] = "d_{}"
    is_common_noun: ClassVar[bool] = True
    takes_learning_rate: ClassVar[bool] = False
    scales_with_rate: ClassVar[bool] = False
    step_length: ClassVar[str] = "each step goes to the lowest point of its line"
    needs_quadratic: ClassVar[bool] = True

    def update(self, evaluation: Evaluation, state: None) -> tuple[Point, None]:
        """The gradient times the exact size; 0 where the gradient is 0."""
        gradient = evaluation.gradient
        direction = scaled(self._size(evaluation), gradient)
        return np.where(gradient == 0.0, gradient, direction), None

    def following(self, evaluation: Evaluation, state: None, direction: Point) -> None:
        """There is no state."""

    @staticmethod
    def _size(evaluation: Evaluation) -> Numbers:
        squares, curvature = (
            dot(evaluation.gradient, evaluation.gradient),
            curvature_along(evaluation, evaluation.gradient),
        )
        size = squares / np.where(curvature > 0.0, curvature, 1.0)
        return np.where((curvature > 0.0) | (squares == 0.0), size, np.inf)

    def explain(self, evaluation: Evaluation, before: None, direction: Point, after: None) -> tuple[Formula, ...]:
        """The size, times the gradient."""
        parts = (size_part(self._size(evaluation)), ("∂L/∂{}", evaluation.gradient))
        return (Formula("d_{} =", direction, "{}·{}", parts, is_direction=True),)
