"""A line of minima where x does not vary, against exact rational arithmetic."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.data.creation import from_points
from gdviz.core.data.least_squares import _streamed, least_squares
from gdviz.core.data.standardise import standardise
from gdviz.core.precision import Precision
from gdviz.core.problems.minimum_line import distances_to_minima, flat_direction
from gdviz.core.problems.problem import best_learning_rate
from gdviz.core.problems.reductions import REDUCTIONS
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau
from tests.data_sets import regression

numbers = st.floats(-1e6, 1e6).filter(lambda value: value == 0.0 or abs(value) > 1e-6)
columns = st.lists(numbers, min_size=1, max_size=12)
EPS = 2.0**-52


@settings(deadline=None, max_examples=150)
@given(numbers, columns, st.floats(-100, 100), st.sampled_from(REDUCTIONS))
def test_any_point_of_the_line_has_the_least_loss_and_no_gradient(x, y, along, reduction):
    problem = regression([x] * len(y), y, reduction)
    mean = sum(map(Fraction, y)) / len(y)
    factor = {"mean": Fraction(1), "half-mean": Fraction(1, 2), "sum": Fraction(len(y))}[reduction]
    least = factor * sum((Fraction(value) - mean) ** 2 for value in y) / len(y)
    first, second = flat_direction(problem)
    ((weight, bias),) = problem.minima
    # The point where the line has this weight in exact arithmetic: its bias follows.
    point = (weight + along * first, bias + along * second)
    size = max(map(abs, [*y, *point, point[0] * x]))
    room = 64 * EPS * size
    assert float(problem.loss(*point)) == pytest.approx(float(least), rel=1e-12, abs=float(factor) * room**2)
    assert abs(Fraction(point[0]) * Fraction(x) + Fraction(point[1]) - mean) <= room
    _, gradient = problem.evaluator(Precision.FLOAT64)(np.array(point))
    assert np.abs(gradient).max() <= 2 * float(factor) * room * max(1.0, abs(x)) * len(y)
    assert problem.hessian(point) @ (first, second) == pytest.approx([0, 0], abs=1e-9 * float(factor) * (x * x + 1))


@settings(deadline=None, max_examples=100)
@given(numbers, columns)
def test_the_minimum_that_is_named_is_the_nearest_to_the_origin(x, y):
    ((weight, bias),) = regression([x] * len(y), y).minima
    mean = sum(map(Fraction, y)) / len(y)
    norm = Fraction(x) ** 2 + 1
    size = max(map(abs, y))
    assert weight == pytest.approx(float(mean * Fraction(x) / norm), rel=1e-12, abs=16 * EPS * size)
    assert bias == pytest.approx(float(mean / norm), rel=1e-12, abs=16 * EPS * size)


@settings(deadline=None, max_examples=100)
@given(numbers, columns, numbers, numbers)
def test_the_distance_is_that_to_the_nearest_point_of_the_line(x, y, weight, bias):
    (found,) = distances_to_minima(regression([x] * len(y), y), np.array([weight, bias]))
    off = Fraction(x) * Fraction(weight) + Fraction(bias) - sum(map(Fraction, y)) / len(y)
    exact = abs(float(off)) / math.hypot(x, 1.0)
    assert found == pytest.approx(exact, rel=1e-12, abs=64 * EPS * max(map(abs, [*y, weight, bias])))


@settings(deadline=None, max_examples=100)
@given(numbers, columns)
def test_columns_in_pieces_have_the_same_line(x, y):
    direct, streamed = (fit(np.full(len(y), x), np.array(y)) for fit in (least_squares, _streamed))
    assert direct.variance == streamed.variance == 0.0
    assert direct.flat_direction == streamed.flat_direction
    assert (streamed.weight, streamed.bias) == pytest.approx((direct.weight, direct.bias), rel=1e-9, abs=1e-9)


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.integers(1, 50), st.integers(1, 50))
def test_equal_rows_leave_no_rounding_error_as_a_minimum(value, count, times):
    fit = least_squares(np.full(count * times, value), np.full(count * times, value))
    assert (fit.variance, fit.minimum, fit.mean) == (0.0, 0.0, value)
    assert fit.flat_direction is not None


@pytest.mark.parametrize("x", [[1e-300, 2e-300, 3e-300], [1e-160, 3e-160, 2e-160], [5e-324, 0.0, 0.0]])
def test_x_whose_squares_are_0_in_double_precision_is_flat_until_it_is_standardised(x):
    problem = regression(x, [1, 2, 6])
    assert flat_direction(problem) == pytest.approx((1.0, 0.0))
    assert problem.minima == (pytest.approx((0.0, 3.0)),)
    assert "in double precision" in problem.flat_derivation[1]
    if min(x) > 0.0:
        scaled = LinearRegression(standardise(problem.data, x=True, y=False))
        assert flat_direction(scaled) is None
        assert (scaled.data.x.mean(), scaled.data.x.std()) == pytest.approx((0.0, 1.0))


def test_a_standardised_y_over_one_x_has_the_origin_as_its_shortest_line():
    data = from_points(np.full(4, 7.0), np.array([0.1, 0.2, 0.3, 0.7]), None, "rows")
    assert LinearRegression(standardise(data, x=False, y=True)).minima == ((0.0, 0.0),)


def test_elsewhere_there_is_no_such_line():
    assert flat_direction(LinearRegression()) is None
    assert flat_direction(Himmelblau()) is None
    assert flat_direction(regression([1.0, 1.0 + 1e-9], [1, 2])) is None
    assert len(distances_to_minima(Himmelblau(), np.zeros(2))) == 4
    assert distances_to_minima(regression([2, 2], [1, 2]), np.array([np.inf, 0.0])) == [np.inf]


def test_along_the_line_no_rate_is_best_by_the_formula():
    assert best_learning_rate(regression([0.1] * 3, [1, 2, 6])) is None
