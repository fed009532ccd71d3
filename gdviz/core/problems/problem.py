"""The protocol of problems: a differentiable loss over two parameters, and what is known about it."""

from collections.abc import Callable
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.box import Box
from gdviz.core.frozen import frozen
from gdviz.core.precision import Precision

Point = NDArray[np.floating]
"""The two parameters, shape (2,), in the precision of the run."""

Evaluate = Callable[[Point], tuple[np.floating, Point]]
"""From a point of shape (2,) to its loss and its gradient of shape (2,), both in the precision of the run.

From n points, shape (2, n), to their losses, shape (n,), and gradients, shape (2, n), bit-identical to single calls.
It may keep buffers between calls, so each run and each thread needs its own.
"""

HessianAt = Callable[[ArrayLike], NDArray[np.float64]]
"""From a point of shape (2,) to the Hessian there, in double precision, shape (2, 2).

From n points, shape (2, n), to their Hessians, shape (2, 2, n), bit-identical to single calls; or to one of shape
(2, 2) if it is the same everywhere.
"""


@runtime_checkable
class Problem(Protocol):
    """A loss over two parameters. Implementations are frozen dataclasses: equal ones give identical runs.

    Optional members are in `gdviz.core.problems.capabilities`.
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
    """How the minima are derived analytically, or why there are none, in one line."""

    @property
    def formula(self) -> str:
        """The loss as a formula, for the screen."""

    @property
    def suggested_learning_rate(self) -> float:
        """A constant rate at which plain descent from ``start`` does not diverge."""

    @property
    def start(self) -> tuple[float, float]:
        """The default start of a run."""

    @property
    def box(self) -> Box:
        """The initial view, until the path leaves it; depends on the problem alone, not on a run."""

    @property
    def minima(self) -> tuple[tuple[float, float], ...]:
        """The known minima, including local ones; empty if none is known, as for a saddle."""

    def loss(self, first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
        """The loss in double precision; broadcasts. May overflow to infinity."""

    def hessian(self, point: ArrayLike) -> NDArray[np.float64]:
        """The Hessian at a point of shape (2,), in double precision, shape (2, 2); at n points as in `HessianAt`."""

    def __hash__(self) -> int:
        """Equal problems have equal hashes, so that samples can be cached."""

    def evaluator(self, precision: Precision) -> Evaluate:
        """The function that a run calls at every step, in that precision."""


@frozen
class Curvature:
    """The eigenvalues of a Hessian, ``smallest <= largest``."""

    smallest: float
    largest: float

    @property
    def best_learning_rate(self) -> float | None:
        """2/(mu + L), the constant rate with the fastest guaranteed decrease; None unless both are positive.

        Source: Nesterov, Introductory Lectures on Convex Optimization (2004), theorem 2.1.15.
        """
        # Eigenvalues this small are rounding errors of the largest: in truth zero.
        is_flat = self.smallest <= Precision.FLOAT64.rounding(self.largest)
        return None if is_flat else 2.0 / (self.smallest + self.largest)


def curvature(problem: Problem, point: ArrayLike) -> Curvature | None:
    """The curvature of the loss at a point of shape (2,); None if the Hessian is not finite there."""
    with np.errstate(over="ignore", invalid="ignore"):
        hessian = problem.hessian(np.asarray(point, dtype=np.float64))
    if not np.isfinite(hessian).all():
        return None
    smallest, largest = np.linalg.eigvalsh(hessian)
    return Curvature(float(smallest), float(largest))


def constant_curvature(problem: Problem) -> Curvature | None:
    """The curvature of a quadratic loss with a known minimum, positive along at least one axis; None for any other."""
    known = curvature(problem, problem.start) if problem.is_quadratic and problem.minima else None
    return known if known is not None and known.largest > 0 else None


def best_learning_rate(problem: Problem) -> float | None:
    """The `Curvature.best_learning_rate` of a loss with `constant_curvature`; None if there is none."""
    known = constant_curvature(problem)
    return None if known is None else known.best_learning_rate


def first_learning_rate(problem: Problem) -> float:
    """The rate at which a run on the user's own data begins: 1/L, rounded down to two digits.

    2/(mu + L), the fastest in the long run, is almost the stability limit 2/L where data are not scaled.
    """
    known = constant_curvature(problem)
    if known is None:
        return problem.suggested_learning_rate
    digits = f"{(1.0 + 1e-9) / known.largest:.16e}"  # of standardised data 1/L is 0.5 but for rounding errors
    return float(f"{digits[:3]}{digits[digits.index('e') :]}")


def minimum_loss(problem: Problem) -> float | None:
    """The loss at the lowest known minimum; None if none is known."""
    return min((float(problem.loss(*minimum)) for minimum in problem.minima), default=None)
