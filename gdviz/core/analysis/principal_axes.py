"""The principal axes of a quadratic loss: the curvature along each, whatever their ratio."""

import math

import numpy as np
from numpy.typing import NDArray

from gdviz.core.data.least_squares import Fit
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import HasClosedForm
from gdviz.core.problems.problem import Problem

Array = NDArray[np.float64]


def principal_axes(problem: Problem, point: Array) -> tuple[Array, Array]:
    """The curvatures at a point, ascending, shape (2,), and the unit vectors along them as columns, shape (2, 2).

    For least squares from the moments of x, exact to a few rounding errors; else those of the Hessian, in which the
    smaller is 0 where it may be a rounding error of the larger.
    """
    if isinstance(problem, HasClosedForm):
        curvatures, axes = _of_least_squares(problem.form.fit)
        return problem.form.factor * curvatures, axes
    eigenvalues, axes = np.linalg.eigh(problem.hessian(point))
    eigenvalues[np.abs(eigenvalues) <= Precision.FLOAT64.rounding(float(np.abs(eigenvalues).max()))] = 0.0
    return eigenvalues, axes


def _of_least_squares(fit: Fit) -> tuple[Array, Array]:
    """Of 2 [[mean x^2, mean x], [mean x, 1]], whose determinant is 4 times the variance of x.

    The angle is taken from the nearer axis, or it would be lost beside a right angle.
    """
    difference = fit.mean_square - 1.0
    largest = (fit.mean_square + 1.0 + math.hypot(difference, 2.0 * fit.mean)) / 2.0
    angle = math.atan2(2.0 * fit.mean, abs(difference)) / 2.0
    cosine, sine = math.cos(angle), math.sin(angle)
    first, second = (cosine, sine) if difference >= 0.0 else (sine, cosine)
    return 2.0 * np.array([fit.variance / largest, largest]), np.array([[-second, first], [first, second]])
