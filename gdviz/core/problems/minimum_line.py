"""The known minima as seen from a point: how far away they are, where one of them may be a line."""

import numpy as np
from numpy.typing import NDArray

from gdviz.core.problems.capabilities import HasFlatDirection
from gdviz.core.problems.problem import Problem


def flat_direction(problem: Problem) -> tuple[float, float] | None:
    """The unit vector along which the loss stays the same, so that a minimum is a line; None if there is none."""
    return problem.flat_direction if isinstance(problem, HasFlatDirection) else None


def distances_to_minima(problem: Problem, point: NDArray[np.float64]) -> list[float]:
    """The distance of a point, shape (2,), to each known minimum: of a line of them, to the nearest point of it.

    Infinite or NaN for a point that is.
    """
    along = flat_direction(problem)
    with np.errstate(over="ignore", invalid="ignore"):
        if along is None or not np.isfinite(point).all():
            return [float(np.hypot(*(point - minimum))) for minimum in problem.minima]
        # The part of the way across the line; halved, so that the difference is always finite.
        ways = [point / 2.0 - np.array(minimum) / 2.0 for minimum in problem.minima]
        return [2.0 * abs(float(first * along[1] - second * along[0])) for first, second in ways]
