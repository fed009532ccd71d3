"""The condition number of a least-squares loss, and what it costs gradient descent."""

import math

import numpy as np

from gdviz.core.analysis.principal_axes import principal_axes
from gdviz.core.frozen import frozen
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import HasClosedForm
from gdviz.core.problems.problem import Problem

POOR = 1000.0
"""Larger condition numbers are reported."""


@frozen
class Conditioning:
    """The condition number of a quadratic loss: the largest eigenvalue of its Hessian over the smallest."""

    number: float

    @property
    def length(self) -> float:
        """How many times as long as wide the valley is: the ratio of the axes of the ellipses of equal loss."""
        return math.sqrt(self.number)


def poor_conditioning(problem: Problem) -> Conditioning | None:
    """The conditioning, if its number is above POOR and standardising x would improve it; else None.

    For least squares only. With x standardised, both curvatures are the same.
    """
    if not isinstance(problem, HasClosedForm) or problem.data.are_standardised[0]:
        return None
    fit = problem.data.fit
    if math.sqrt(fit.variance) <= Precision.FLOAT64.rounding(fit.mean):
        return None  # x is the same in every row, and has no scale
    (smallest, largest), _ = principal_axes(problem, np.array(problem.start))
    number = float(largest / smallest)
    return Conditioning(number) if POOR < number < math.inf else None
