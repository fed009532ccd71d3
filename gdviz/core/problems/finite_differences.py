"""Checks a tape's gradient against finite differences of the loss."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.frozen import frozen
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import RecordedProblem
from gdviz.core.problems.tape import Tape

RELATIVE_STEP = float(np.cbrt(np.finfo(np.float64).eps))
"""About 6e-6, which roughly minimizes truncation (h^2) plus rounding (eps/h) of a central difference.

Source: Nocedal and Wright, Numerical Optimization (2006), section 8.1.
"""
_DOUBLE = Precision.FLOAT64
Pair = tuple[float, float]
Loss = Callable[[NDArray[np.float64]], float]


@frozen
class GradientCheck:
    """Two gradients at the same point, both in double precision.

    finite: by central differences. analytic: by the tape's reverse pass. error: abs(finite - analytic), NaN if both are
    infinite. expected: a bound on the error of the finite differences, from truncation and rounding.
    """

    finite: Pair
    analytic: Pair
    error: Pair
    expected: Pair

    @property
    def is_finite(self) -> bool:
        """Whether both gradients are finite and can be compared."""
        return all(math.isfinite(error) for error in self.error)

    @property
    def agrees(self) -> bool:
        """Whether both errors are within the expected bounds; False if one is NaN."""
        return all(error <= expected for error, expected in zip(self.error, self.expected, strict=True))


def check(problem: RecordedProblem, point: ArrayLike) -> GradientCheck:
    """Compute the gradient at a point of shape (2,) in both ways."""
    evaluate, at = problem.evaluator(_DOUBLE), np.asarray(point, dtype=np.float64)
    return _compare(problem.tape(at, _DOUBLE), lambda moved: float(evaluate(moved)[0]), at)


def check_tape(record: Callable[[NDArray[np.float64]], Tape], point: ArrayLike) -> GradientCheck:
    """The same for the loss that ``record`` records on a tape, in double precision, at a point of shape (2,)."""
    at = np.asarray(point, dtype=np.float64)
    return _compare(record(at), lambda moved: float(record(moved).loss), at)


def _compare(tape: Tape, loss: Loss, point: NDArray[np.float64]) -> GradientCheck:
    analytic, rounding = tape.parameter_gradient(), tape.rounding_error()
    with np.errstate(all="ignore"):
        finite, expected = np.array([_central_difference(loss, point, axis, rounding) for axis in (0, 1)]).T
        error = np.abs(finite - analytic)
    return GradientCheck(_pair(finite), _pair(analytic), _pair(error), _pair(expected))


def _central_difference(loss: Loss, point: NDArray[np.float64], axis: int, rounding: float) -> Pair:
    """The central difference along an axis, and a bound on its error.

    Its truncation error is about a third of its distance from the difference with twice the step; all of that is
    allowed. Each loss may be off by ``rounding``; twice that is allowed, since it is known at the centre only.
    """
    step = RELATIVE_STEP * max(1.0, abs(float(point[axis])))
    values = []
    for width in (step, 2 * step):
        above, below = point.copy(), point.copy()
        above[axis] += width
        below[axis] -= width
        # Divided by the distance of the points as rounded.
        values.append((loss(above) - loss(below)) / float(above[axis] - below[axis]))
    near, far = values
    return float(near), float(abs(far - near) + 2 * rounding / step)


def _pair(values: NDArray[np.floating]) -> Pair:
    return float(values[0]), float(values[1])
