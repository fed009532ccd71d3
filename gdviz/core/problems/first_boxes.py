"""The box of the two parameters that is shown at first: from the distance of the start, and the curvature."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.box import Box
from gdviz.core.problems.problem import Problem

SAME_SCALE = 3.0
"""Half-widths within this factor of each other are made equal: the parameters are of one scale."""
RESOLUTION = 1e-9
"""The least half-width, as a part of the centre's size: far above the rounding of double precision."""
LEAST = 1e-290
"""A smaller distance is none: double precision could not divide it into the cells of a grid."""

Pair = tuple[float, float]


def box_with_equal_axes(problem: Problem) -> Box:
    """The problem's box, with the same half-width in both parameters."""
    box = problem.box
    return box if box.half[0] == box.half[1] else square_box(problem.start, box.centre)


def square_box(start: Pair, centre: Pair) -> Box:
    """Half as wide as four times the larger distance of the start from the centre; ± 1 if it starts there."""
    away = max(abs(begin - middle) for begin, middle in zip(start, centre, strict=True))
    half = max(2.0 * away if away > LEAST else 1.0, RESOLUTION * max(map(abs, centre)))
    return Box(centre, (half, half))


def box_of_quadratic(start: Pair, minimum: Pair, hessian: ArrayLike) -> Box:
    """The box around the minimum of a quadratic loss with that Hessian, shape (2, 2), each parameter in its own scale.

    The half-width of a parameter is twice the distance of the start along it, or twice that of the loss contour through
    the start if that is larger. With half-widths within a factor of SAME_SCALE, and where the loss does not depend on
    one of the parameters, it is the `square_box`.
    """
    away = np.abs(np.subtract(start, minimum))
    first, second = (2.0 * np.maximum(away, _contour_widths(start, minimum, hessian))).tolist()
    narrow, wide = min(first, second), max(first, second)
    if not LEAST < narrow <= wide < math.inf or wide <= SAME_SCALE * narrow:
        return square_box(start, minimum)
    return Box(minimum, (max(first, RESOLUTION * abs(minimum[0])), max(second, RESOLUTION * abs(minimum[1]))))


def _contour_widths(start: Pair, minimum: Pair, hessian: ArrayLike) -> NDArray[np.float64]:
    """Where the loss contour through the start meets the lines through the minimum parallel to the axes, shape (2,).

    It is sqrt(d'Hd / H_ii) for parameter i, d being the offset of the start. Written as a root of a sum of squares that
    needs no product of d and H, which could overflow: with r = sqrt(H_jj / H_ii) and the correlation q of H it is
    hypot(d_i + q r d_j, sqrt(1 - q^2) r d_j). Not finite where the loss does not depend on the parameter.
    """
    matrix, offset = np.asarray(hessian, dtype=np.float64), np.subtract(start, minimum)
    with np.errstate(all="ignore"):
        roots = np.sqrt(np.diagonal(matrix))
        correlation = np.clip(matrix[0, 1] / roots[0] / roots[1], -1.0, 1.0)
        others = (roots / roots[::-1])[::-1] * offset[::-1]
        widths = np.hypot(offset + correlation * others, np.sqrt(1.0 - correlation * correlation) * others)
    return np.asarray(widths)
