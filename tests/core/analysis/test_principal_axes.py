"""Principal axes of least squares against exact rational arithmetic, for condition numbers up to 10^80."""

from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.analysis.principal_axes import principal_axes
from gdviz.core.analysis.quadratic import steps_to_tolerance
from gdviz.core.data.creation import from_points
from gdviz.core.problems.reductions import REDUCTIONS, mean_factor
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import TwoWells
from gdviz.core.scenarios.library import scenario_of_data

getcontext().prec = 200


def exact(x):
    """The curvatures of the mean of squares, ascending, and the slope of the axis of the larger one."""
    values = [Fraction(value) for value in x]
    mean, square = sum(values) / len(values), sum(value**2 for value in values) / len(values)
    mean, square = (Decimal(value.numerator) / Decimal(value.denominator) for value in (mean, square))
    root = ((square - 1) ** 2 + 4 * mean**2).sqrt()
    largest = square + 1 + root
    return 4 * (square - mean**2) / largest, largest, mean


scales = st.integers(-36, 36).map(lambda power: 10.0**power)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.integers(-99, 99), min_size=2, max_size=8, unique=True), scales, st.sampled_from(REDUCTIONS))
def test_both_curvatures_are_exact_and_the_axes_are_theirs(values, scale, reduction):
    x = scale * np.array(values, np.float64)
    problem = LinearRegression(from_points(x, np.zeros(len(x)), None, "rows"), reduction)
    (smallest, largest), axes = principal_axes(problem, np.zeros(2))
    factor = mean_factor(reduction, len(x))
    low, high, mean = exact(x.tolist())
    assert smallest == pytest.approx(factor * float(low), rel=1e-12)
    assert largest == pytest.approx(factor * float(high), rel=1e-12)
    assert axes.T @ axes == pytest.approx(np.eye(2), abs=1e-15)
    # [[square, mean], [mean, 1]] v = (high / 2) v, in its second line.
    first, second = (Decimal(float(value)) for value in axes[:, 1])
    off = mean * first + second - high / 2 * second
    assert abs(off) <= Decimal("1e-12") * (abs(mean * first) + abs(high / 2 * second) + abs(second))


def test_of_other_surfaces_they_are_those_of_the_hessian():
    point = np.array([0.3, -0.2])
    curvatures, axes = principal_axes(TwoWells(), point)
    assert TwoWells().hessian(point) @ axes == pytest.approx(axes * curvatures)


@pytest.mark.parametrize("unit", [1e34, 1e-20])
def test_an_axis_that_is_all_but_flat_takes_more_than_one_step(unit):
    data = from_points(unit * np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0]), None, "rows")
    experiment = scenario_of_data(data).experiment
    found = steps_to_tolerance(experiment, experiment.schedule.first_rate)
    assert (found.steps, found.is_unreachable) == (None, False)


def test_along_a_line_of_minima_there_is_no_curvature():
    problem = LinearRegression(from_points(np.full(3, 0.1), np.array([1.0, 2.0, 6.0]), None, "rows"))
    curvatures, _ = principal_axes(problem, np.zeros(2))
    assert curvatures == pytest.approx([0.0, 2.02])
    assert curvatures[0] == 0.0
