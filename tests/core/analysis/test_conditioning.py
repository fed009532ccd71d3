"""The condition number of least squares against exact arithmetic, and when it is worth a word."""

import math
from fractions import Fraction

import numpy as np
import pytest

from gdviz.core.analysis.conditioning import POOR, Conditioning, poor_conditioning
from gdviz.core.data.creation import from_points
from gdviz.core.data.standardise import standardise
from gdviz.core.problems.problem import curvature
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau


def regression(x):
    return LinearRegression(from_points(x, [float(row) for row in range(len(x))], None, "here"))


def exact_number(x):
    """From the trace and the determinant, which is the variance, in fractions."""
    x = [Fraction(value) for value in x]
    mean, square = sum(x) / len(x), sum(value * value for value in x) / len(x)
    variance, trace = square - mean * mean, square + 1
    half_gap = Fraction(math.isqrt(int((trace * trace - 4 * variance) * 10**60)), 10**30) / 2
    return float((trace / 2 + half_gap) ** 2 / variance)


@pytest.mark.parametrize(
    "x", [[2001.0, 2002.0, 2003.0], [0.0, 1.0, 500.0], [1e9 - 10, 1e9 + 3, 1e9 + 10], [1e-4, 2e-4, 3e-4], [1.0, 1e8]]
)
def test_the_number_is_that_of_exact_arithmetic(x):
    assert poor_conditioning(regression(x)).number == pytest.approx(exact_number(x), rel=1e-7)


def test_the_number_is_that_of_the_eigenvalues():
    problem = regression([2001.0, 2002.0, 2030.0])
    known = curvature(problem, problem.start)
    assert poor_conditioning(problem).number == pytest.approx(known.largest / known.smallest, rel=1e-4)


def test_the_length_is_the_ratio_of_the_axes_of_an_ellipse_of_equal_loss():
    problem = regression([20.0, 30.0, 41.0, 50.0])
    found, (_, axes), minimum = (
        poor_conditioning(problem),
        np.linalg.eigh(problem.hessian((0.0, 0.0))),
        problem.minima[0],
    )
    along, across = (minimum + reach * axis for reach, axis in ((found.length, axes[:, 0]), (1.0, axes[:, 1])))
    above = [float(problem.loss(*point) - problem.loss(*minimum)) for point in (along, across)]
    assert above[0] == pytest.approx(above[1], rel=1e-6)


def test_it_is_offered_only_where_standardising_helps():
    ill = regression([2001.0, 2002.0, 2003.0])
    assert isinstance(poor_conditioning(ill), Conditioning)
    for x, y in ((True, False), (True, True)):
        assert poor_conditioning(LinearRegression(standardise(ill.data, x, y))) is None
    assert poor_conditioning(LinearRegression(standardise(ill.data, x=False, y=True))) is not None
    assert poor_conditioning(regression([0.1] * 3)) is None
    assert poor_conditioning(regression([7.0])) is None
    assert poor_conditioning(Himmelblau()) is None


def test_a_number_of_a_thousand_is_not_worth_a_word():
    # For x = c - 1 and c + 1 the number is about c^4.
    below, above = regression([4.4, 6.4]), regression([4.6, 6.6])
    assert poor_conditioning(below) is None
    assert POOR < poor_conditioning(above).number < 1.3 * POOR
