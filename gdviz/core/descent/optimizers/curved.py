"""Newton's method, BFGS and conjugate gradient: rules that take the curvature of the loss into account."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.optimizers.base import Evaluation, Formula, Optimizer
from gdviz.core.descent.optimizers.line_search import (
    FIRST,
    Numbers,
    backtracked,
    curvature_along,
    dot,
    scaled,
    size_part,
)
from gdviz.core.problems.problem import Point

Symmetric = NDArray[np.floating]
"""A symmetric matrix as its entries 11, 12 and 22, shape (3,) or (3, n)."""


def _product(matrix: Symmetric, vector: Point) -> Numbers:
    """The matrix times the vector, in double precision, shape (2,) or (2, n)."""
    (a, b, d), (first, second) = matrix.astype(np.float64), vector.astype(np.float64)
    return np.array([a * first + b * second, b * first + d * second])


def _product_formula(symbol: str, name: str, result: Point, matrix: Symmetric, vector: Point) -> Formula:
    """That product with the gradient, with the matrix of that name."""
    parts = (
        (f"{name}_{{0}}{{0}}", matrix[[0, 2]]),
        ("∂L/∂{}", vector),
        (f"{name}_{{0}}{{other}}", matrix[[1, 1]]),
        ("∂L/∂{other}", vector[::-1]),
    )
    return Formula(symbol, result, "{}·{} + {}·{}", parts, is_direction=True)


@dataclass(frozen=True)
class Newton(Optimizer):
    """Full steps to the stationary point of the local quadratic: direction = inverse Hessian * gradient.

    At a saddle that is the saddle itself. Infinite or NaN where the Hessian has no inverse.
    Source: Nocedal and Wright, Numerical Optimization (2006), section 3.3.
    """

    name: ClassVar[str] = "newton"
    title: ClassVar[str] = "Newton's method"
    direction_symbol: ClassVar[str] = "d_{}"
    takes_learning_rate: ClassVar[bool] = False
    scales_with_rate: ClassVar[bool] = False
    step_length: ClassVar[str] = "each step goes to the stationary point of the local quadratic"

    def update(self, evaluation: Evaluation, state: None) -> tuple[Point, None]:
        """The Newton step."""
        return _product(self._inverse(evaluation), evaluation.gradient).astype(evaluation.gradient.dtype), None

    def following(self, evaluation: Evaluation, state: None, direction: Point) -> None:
        """There is no state."""

    @staticmethod
    def _inverse(evaluation: Evaluation) -> Symmetric:
        (a, b), (_, d) = evaluation.hessian
        return np.asarray(np.array([d, -b, a]) / (a * d - b * b))

    def explain(self, evaluation: Evaluation, before: None, direction: Point, after: None) -> tuple[Formula, ...]:
        """The inverse Hessian times the gradient."""
        inverse = self._inverse(evaluation)
        return (_product_formula("d_{} =", "H⁻¹", direction, inverse, evaluation.gradient),)


@dataclass(frozen=True)
class BFGS(Optimizer):
    """direction = size * B * gradient, where B approaches the inverse Hessian from the gradients' changes.

    The size is found by `backtracked`, from 1. B starts as the identity; it stays as it is where the slope did not rise
    along a step (the curvature condition), and starts anew if B * gradient does not lead downwards. The change of the
    gradient is that between both ends of the step, in a mini-batch run with the same rows.
    State: B. Source: Nocedal and Wright, Numerical Optimization (2006), algorithm 6.1.
    """

    name: ClassVar[str] = "bfgs"
    title: ClassVar[str] = "BFGS"
    direction_symbol: ClassVar[str] = "d_{}"
    takes_learning_rate: ClassVar[bool] = False
    scales_with_rate: ClassVar[bool] = False
    step_length: ClassVar[str] = "each step is the quasi-Newton step, shortened until the loss falls enough"

    c: float = 1e-4
    factor: float = 0.5

    def init(self, point: Point) -> Symmetric:
        """The identity."""
        return np.array([np.ones_like(point[0]), np.zeros_like(point[0]), np.ones_like(point[0])])

    def update(self, evaluation: Evaluation, state: Symmetric) -> tuple[Point, Symmetric]:
        """The step, and B with what it taught."""
        matrix, towards = self._search(evaluation, state)
        direction = scaled(backtracked(evaluation, towards, self.c, self.factor), towards)
        return direction, self._after(evaluation, matrix, direction)

    def following(self, evaluation: Evaluation, state: Symmetric, direction: Point) -> Symmetric:
        """B with what the step taught."""
        return self._after(evaluation, self._search(evaluation, state)[0], direction)

    @staticmethod
    def _after(evaluation: Evaluation, matrix: Symmetric, direction: Point) -> Symmetric:
        following = evaluation.point - direction
        step = following.astype(np.float64) - evaluation.point.astype(np.float64)
        risen = evaluation.gradient_at(following).astype(np.float64) - evaluation.gradient.astype(np.float64)
        return _learned(matrix, step, risen).astype(matrix.dtype)

    def _search(self, evaluation: Evaluation, state: Symmetric) -> tuple[Symmetric, Point]:
        """B, and B * gradient, downwards."""
        gradient = evaluation.gradient
        towards = _product(state, gradient).astype(gradient.dtype)
        is_downwards = dot(gradient, towards) > 0.0
        return np.where(is_downwards, state, self.init(gradient)), np.where(is_downwards, towards, gradient)

    def explain(
        self, evaluation: Evaluation, before: Symmetric, direction: Point, after: Symmetric
    ) -> tuple[Formula, ...]:
        """B times the gradient, and the size times that."""
        matrix, towards = self._search(evaluation, before)
        size = float(backtracked(evaluation, towards, self.c, self.factor))
        return (
            _product_formula("p_{} =", "B", towards, matrix, evaluation.gradient),
            Formula("d_{} =", direction, "{}·{}", (size_part(size), ("p_{}", towards)), is_direction=True),
        )


def _learned(matrix: Symmetric, step: Numbers, risen: Numbers) -> Symmetric:
    """B after a step along which the gradient has risen so: Nocedal and Wright, equation 6.17, multiplied out."""
    along, applied = dot(step, risen), _product(matrix, risen)
    factor = (1.0 + dot(risen, applied) / along) / along
    (s, t), (u, v) = step, applied
    changed = [
        factor * s * s - 2.0 * s * u / along,
        factor * s * t - (s * v + t * u) / along,
        factor * t * t - 2.0 * t * v / along,
    ]
    found = matrix.astype(np.float64) + np.array(changed)
    return np.where((along > 0.0) & np.isfinite(found).all(axis=0), found, matrix)


@dataclass(frozen=True)
class ConjugateGradient(Optimizer):
    """direction = size * p, with p = gradient + beta * (p before) and beta of Polak and Ribiere, 0 where negative.

    The size is found by `backtracked`, from the minimum of the local quadratic along p (from 1 where it has none): on a
    quadratic that is the exact line search, with which two steps reach the minimum. p restarts as the gradient where
    beta is negative or p does not lead downwards. State: the gradient and p of the step before.
    Source: Nocedal and Wright, Numerical Optimization (2006), algorithm 5.4 with equation 5.45.
    """

    name: ClassVar[str] = "conjugate-gradient"
    title: ClassVar[str] = "Conjugate gradient"
    direction_symbol: ClassVar[str] = "d_{}"
    is_common_noun: ClassVar[bool] = True
    takes_learning_rate: ClassVar[bool] = False
    scales_with_rate: ClassVar[bool] = False
    step_length: ClassVar[str] = "each step goes to the lowest point of its line, by the local curvature"

    c: float = 1e-4
    factor: float = 0.5

    def init(self, point: Point) -> tuple[Point, Point]:
        """Nothing came before."""
        return np.zeros_like(point), np.zeros_like(point)

    def update(self, evaluation: Evaluation, state: tuple[Point, Point]) -> tuple[Point, tuple[Point, Point]]:
        """The step, and the gradient and p."""
        _, towards = self._search(evaluation, state)
        return scaled(self._size(evaluation, towards), towards), (evaluation.gradient, towards)

    def following(self, evaluation: Evaluation, state: tuple[Point, Point], direction: Point) -> tuple[Point, Point]:
        """The gradient and p."""
        return evaluation.gradient, self._search(evaluation, state)[1]

    @staticmethod
    def _search(evaluation: Evaluation, state: tuple[Point, Point]) -> tuple[Numbers, Point]:
        """beta and p."""
        gradient, (before, towards) = evaluation.gradient, state
        squares = dot(before, before)
        # Without a gradient before this one, p is 0 too, and beta does not matter.
        beta = dot(gradient, gradient - before) / np.where(squares > 0.0, squares, 1.0)
        mixed = (gradient + beta * towards).astype(gradient.dtype)
        goes_on = (beta > 0.0) & (dot(gradient, mixed) > 0.0)
        return np.where(goes_on, beta, 0.0), np.where(goes_on, mixed, gradient)

    def _size(self, evaluation: Evaluation, towards: Point) -> Numbers:
        curvature = curvature_along(evaluation, towards)
        first = dot(evaluation.gradient, towards) / np.where(curvature > 0.0, curvature, np.nan)
        first = np.where(curvature > 0.0, first, FIRST)
        return backtracked(evaluation, towards, self.c, self.factor, first)

    def explain(
        self, evaluation: Evaluation, before: tuple[Point, Point], direction: Point, after: tuple[Point, Point]
    ) -> tuple[Formula, ...]:
        """p, and the size times that."""
        (beta, towards), gradient = self._search(evaluation, before), ("∂L/∂{}", evaluation.gradient)
        size, mixed = float(self._size(evaluation, towards)), (gradient, float(beta), ("p_{}", before[1]))
        return (
            Formula("p_{} ←", towards, "{} + {}·{}", mixed, is_direction=True),
            Formula("d_{} =", direction, "{}·{}", (size_part(size), ("p_{}", towards)), is_direction=True),
        )
