"""The default rates of range tests: where they lie beside 2/L, and that chosen ones stay."""

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.analysis.default_rates import default_range, with_fitting_rates
from gdviz.core.analysis.range_test import as_range_test
from gdviz.core.data.standardise import standardise
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.precision import Precision
from gdviz.core.problems.registry import PROBLEMS, make_problem
from gdviz.core.problems.regression import LinearRegression
from tests.data_sets import DATA_SETS, problem_of, regression

LECTURE = LinearRegression()


def largest_curvature(x):
    """Of the mean of squares: that of [[2 mean(x^2), 2 mean(x)], [2 mean(x), 2]], from exact sums."""
    values = [Fraction(float(value)) for value in x]
    square, mean = sum(value * value for value in values) / len(values), sum(values) / len(values)
    root = math.sqrt(float((square - 1) ** 2 / 4 + mean * mean)) if square < 10**100 else float(square) / 2
    return 2.0 * (float(square + 1) / 2.0 + root)


@pytest.mark.parametrize("precision", Precision)
def test_the_lectures_are_those_of_the_schedule(precision):
    assert default_range(LECTURE, precision) == (RangeTest.start, RangeTest.end) == (1e-4, 10.0)


@pytest.mark.parametrize("name", [name for name in DATA_SETS if name != "far apart"])
def test_the_end_is_8_to_80_times_the_limit_and_a_power_of_ten(name):
    start, end = default_range(problem_of(name), Precision.FLOAT64)
    limit = 2.0 / largest_curvature(DATA_SETS[name][0])
    assert 7.9 <= end / limit <= 79.5
    assert end == float(f"1e{round(math.log10(end))}")
    assert start == float(f"1e{round(math.log10(end)) - 5}")


def test_a_direction_along_which_nothing_is_off_says_nothing():
    # Both y are 5, so that w is at its minimum from the start, exactly; along b the curvature is 2.
    assert default_range(problem_of("far apart"), Precision.FLOAT32) == (1e-4, 10.0)


@pytest.mark.parametrize(
    ("problem", "ends"),
    [("rosenbrock", (1e-6, 0.1)), ("himmelblau", (1e-4, 10.0)), ("two-wells", (1e-5, 1.0))],
)
def test_of_a_surface_the_curvature_at_the_start_counts(problem, ends):
    # 2/L is 0.0014 and 0.057; Himmelblau's is curved downwards at its start.
    assert default_range(make_problem(problem), Precision.FLOAT32) == ends


@settings(deadline=None, max_examples=150)
@given(st.integers(-150, 37), st.sampled_from(Precision), st.sampled_from(["mean", "sum", "half-mean"]))
def test_both_ends_are_possible_in_the_precision_at_any_scale(exponent, precision, reduction):
    scale = 10.0**exponent
    problem = regression((1.0 * scale, 2.0 * scale, 4.0 * scale), (1.0, 2.0, 3.0), reduction)
    start, end = default_range(problem, precision)
    limits = np.finfo(precision.dtype)
    assert limits.tiny <= start < end <= limits.max
    assert end / start == pytest.approx(1e5)
    experiment = Experiment(problem, start=problem.start, precision=precision)
    assert as_range_test(experiment, RangeTest(start, end)).schedule == RangeTest(start, end)


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("precision", Precision)
def test_default_rates_follow_the_problem_and_chosen_ones_stay(name, precision):
    other = problem_of("kilometres")
    test = RangeTest(*default_range(make_problem(name), precision), number=50, fastai_rules=True)
    problem = make_problem(name)
    change = (Experiment(problem, start=problem.start, precision=precision), other, Precision.FLOAT64)
    start, end = default_range(other, Precision.FLOAT64)
    assert with_fitting_rates(test, *change) == replace(test, start=start, end=end)
    chosen = replace(test, end=test.end * 2)
    assert with_fitting_rates(chosen, *change) is chosen
    assert with_fitting_rates(Constant(0.1), *change) == Constant(0.1)


def test_standardised_data_have_other_rates():
    raw = problem_of("kilometres")
    scaled = replace(raw, data=standardise(raw.data, True, True))
    assert default_range(raw, Precision.FLOAT32) == (1e-14, 1e-9)
    assert default_range(scaled, Precision.FLOAT32) == (1e-4, 10.0)
