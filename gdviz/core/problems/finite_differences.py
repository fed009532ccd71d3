"""Checks the gradient of the tape by finite differences of the loss."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import RecordedProblem
from gdviz.core.problems.tape import Tape

RELATIVE_STEP = float(np.cbrt(np.finfo(np.float64).eps))
"""About 6e-6: what truncation (h^2) and rounding (eps/h) of a central difference add up to is smallest near it.

Source: Nocedal and Wright, Numerical Optimization (2006), section 8.1.
"""
_DOUBLE = Precision.FLOAT64
Pair = tuple[float, float]
Loss = Callable[[NDArray[np.float64]], float]


@dataclass(frozen=True)
class GradientCheck:
    """Two gradients at the same point, both in double precision.

    finite: by central differences. analytic: by the tape's reverse pass. error: abs(finite - analytic), NaN where both
    are infinite. expected: how large the error of the finite differences may be, from truncation and rounding.
    """

    finite: Pair
    analytic: Pair
    error: Pair
    expected: Pair

    @property
    def is_finite(self) -> bool:
        """Whether there are two gradients to compare."""
        return all(math.isfinite(error) for error in self.error)

    @property
    def agrees(self) -> bool:
        """Whether both errors are within what is expected; False where one is not a finite number."""
        return all(error <= expected for error, expected in zip(self.error, self.expected, strict=True))


def check(problem: RecordedProblem, point: ArrayLike) -> GradientCheck:
    """The gradient at a point of shape (2,), found in both ways."""
    evaluate, place = problem.evaluator(_DOUBLE), np.asarray(point, dtype=np.float64)
    return _compared(problem.tape(place, _DOUBLE), lambda moved: float(evaluate(moved)[0]), place)


def check_recorded(record: Callable[[NDArray[np.float64]], Tape], point: ArrayLike) -> GradientCheck:
    """The same for the loss that ``record`` writes on a tape, in double precision, at a point of shape (2,)."""
    place = np.asarray(point, dtype=np.float64)
    return _compared(record(place), lambda moved: float(record(moved).loss), place)


def _compared(tape: Tape, loss: Loss, place: NDArray[np.float64]) -> GradientCheck:
    analytic, rounding = tape.parameter_gradient(), tape.rounding_error()
    with np.errstate(all="ignore"):
        finite, expected = np.array([_difference(loss, place, axis, rounding) for axis in (0, 1)]).T
        error = np.abs(finite - analytic)
    return GradientCheck(_pair(finite), _pair(analytic), _pair(error), _pair(expected))


def _difference(loss: Loss, point: NDArray[np.float64], axis: int, rounding: float) -> Pair:
    """The central difference along an axis, and how large its error may be.

    Its truncation is about a third of what the difference with twice the step differs by; all of it is allowed. Each
    loss may be off by ``rounding``, and twice that is allowed since it is known at the middle only.
    """
    step = RELATIVE_STEP * max(1.0, abs(float(point[axis])))
    values = []
    for width in (step, 2 * step):
        above, below = point.copy(), point.copy()
        above[axis] += width
        below[axis] -= width
        # Divided by the way between the two points as they were rounded.
        values.append((loss(above) - loss(below)) / float(above[axis] - below[axis]))
    near, far = values
    return float(near), float(abs(far - near) + 2 * rounding / step)


def _pair(values: NDArray[np.floating]) -> Pair:
    return float(values[0]), float(values[1])
