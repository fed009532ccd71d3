"""What a problem is: a differentiable loss over two parameters, and what is known about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.box import Box
from gdviz.core.precision import Precision

Point = NDArray[np.floating]
"""The two parameters, shape (2,), in the precision of the run."""

Evaluate = Callable[[Point], tuple[np.floating, Point]]
"""From a point of shape (2,) to its loss and its gradient of shape (2,), both in the precision of the run.

From n points, shape (2, n), to their losses, shape (n,), and gradients, shape (2, n): each the same to the last bit.
It may keep room between two calls, so each run and each thread has its own.
"""

HessianAt = Callable[[ArrayLike], NDArray[np.float64]]
"""From a point of shape (2,) to the second derivatives there, in double precision, shape (2, 2)."""


@runtime_checkable
class Problem(Protocol):
    """A loss over two parameters. Implementations are frozen dataclasses: equal ones give identical runs.

    What some of them have beyond that is in `gdviz.core.problems.capabilities`.
    """

    name: ClassVar[str]
    """The name on the command line and in files."""
    title: ClassVar[str]
    """The name on the screen."""
    parameters: ClassVar[tuple[str, str]]
    """The names of the two parameters."""
    is_quadratic: ClassVar[bool]
    """Whether the Hessian is the same everywhere."""
    derivation: ClassVar[str]
    """How the minima are found without descent, or why there are none, in one line."""

    @property
    def formula(self) -> str:
        """The loss as a formula, for the screen."""

    @property
    def suggested_learning_rate(self) -> float:
        """A constant rate at which plain descent from ``start`` does not diverge."""

    @property
    def start(self) -> tuple[float, float]:
        """Where a run begins unless told otherwise."""

    @property
    def box(self) -> Box:
        """What is shown before the path leaves it; depends on the problem alone, not on a run."""

    @property
    def minima(self) -> tuple[tuple[float, float], ...]:
        """The known minima, those that are not global too; empty where none is known, as for a saddle."""

    def loss(self, first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
        """The loss in double precision; broadcasts. May overflow to infinity, as double precision does."""

    def hessian(self, point: ArrayLike) -> NDArray[np.float64]:
        """The second derivatives at a point of shape (2,), in double precision, shape (2, 2)."""

    def __hash__(self) -> int:
        """Equal problems have equal hashes, so that what was sampled once can be found again."""

    def evaluator(self, precision: Precision) -> Evaluate:
        """The function that a run calls at every step, computing in that precision."""


@dataclass(frozen=True)
class Curvature:
    """The eigenvalues of a Hessian, ``smallest <= largest``."""

    smallest: float
    largest: float

    @property
    def best_learning_rate(self) -> float | None:
        """2/(mu + L), the constant rate with the fastest guaranteed decrease; None unless both are positive.

        Source: Nesterov, Introductory Lectures on Convex Optimization (2004), theorem 2.1.15.
        """
        # A smaller eigenvalue is a rounding error of the largest: zero in truth.
        is_flat = self.smallest <= 4.0 * np.finfo(np.float64).eps * self.largest
        return None if is_flat else 2.0 / (self.smallest + self.largest)


def curvature(problem: Problem, point: ArrayLike) -> Curvature | None:
    """The curvature of the loss at a point of shape (2,); None where the Hessian is not finite there."""
    with np.errstate(over="ignore", invalid="ignore"):
        hessian = problem.hessian(np.asarray(point, dtype=np.float64))
    if not np.isfinite(hessian).all():
        return None
    smallest, largest = np.linalg.eigvalsh(hessian)
    return Curvature(float(smallest), float(largest))


def constant_curvature(problem: Problem) -> Curvature | None:
    """The curvature of a quadratic loss with a known minimum, above 0 in one direction at least; None for any other."""
    known = curvature(problem, problem.start) if problem.is_quadratic and problem.minima else None
    return known if known is not None and known.largest > 0 else None


def best_learning_rate(problem: Problem) -> float | None:
    """That of the `Curvature` of such a loss; None where there is none."""
    known = constant_curvature(problem)
    return None if known is None else known.best_learning_rate


def first_learning_rate(problem: Problem) -> float:
    """The rate with which a problem of the user's own begins: the best constant one, where there is one."""
    best = best_learning_rate(problem)
    return best if best is not None else problem.suggested_learning_rate


def minimum_loss(problem: Problem) -> float | None:
    """The loss at the lowest known minimum; None where none is known."""
    return min((float(problem.loss(*minimum)) for minimum in problem.minima), default=None)
