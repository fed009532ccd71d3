"""The first box: what it holds, and that the lecture's is as it was."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gdviz.core.box import Box
from gdviz.core.problems.first_boxes import RESOLUTION, SAME_SCALE, box_of_quadratic, box_with_equal_axes, square_box
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock
from gdviz.core.scenarios.library import load_scenario, shipped
from tests.data_sets import DATA_SETS, exact_loss, problem_of, regression

sizes = st.floats(-30.0, 30.0)
signed = st.builds(lambda sign, size: sign * 10.0**size, st.sampled_from([-1.0, 1.0]), sizes)
values = st.one_of(st.just(0.0), signed, st.floats(-5.0, 5.0))
pairs = st.tuples(values, values)
rows = st.lists(pairs, min_size=1, max_size=6)


def is_sane(box):
    """Whether a grid over it has numbers that are distinct and finite in double precision."""
    return box.is_finite and min(box.half) > 0 and all(len(np.unique(side)) == 129 for side in box.grid(129))


def equal_before(problem):
    """The box as it was before each parameter had its own half-width."""
    (minimum,) = problem.minima
    away = max(abs(start - value) for start, value in zip(problem.start, minimum, strict=True))
    half = 2.0 * away if away > 0 else 1.0
    return Box(minimum, (half, half))


@pytest.mark.parametrize("name", shipped())
def test_the_boxes_of_the_lecture_are_as_they_were_bit_for_bit(name):
    problem = load_scenario(name).experiment.problem
    if isinstance(problem, LinearRegression):
        assert box_with_equal_axes(problem) == equal_before(problem)
    # In these, x is ten times as large, and each parameter has its own scale.
    assert (box_with_equal_axes(problem) == problem.box) == (name not in ("units", "adam"))


@settings(max_examples=300, deadline=None)
@given(rows)
def test_start_and_minimum_are_in_the_box_of_any_data(table):
    x, y = zip(*table, strict=True)
    problem = regression(np.array(x), np.array(y))
    for box in (problem.box, box_with_equal_axes(problem)):
        assert is_sane(box)
        assert box.centre == problem.minima[0]
        assert box.contains(problem.start)
        assert np.abs(box.normalised(problem.start)).max() <= 0.5 + 1e-9


@pytest.mark.parametrize("name", DATA_SETS)
def test_the_contour_through_the_start_reaches_half_the_box_or_the_start_does(name):
    problem, exact = problem_of(name), exact_loss(name)
    box, start = problem.box, problem.start
    if box.half[0] == box.half[1]:
        assert box == equal_before(problem)
        return
    above = float(exact.above_minimum(start))
    for axis in (0, 1):
        # Where the loss above the minimum, along this axis alone, is that at the start.
        end = np.array([float(exact.weight), float(exact.bias)])
        end[axis] += box.half[axis] / 2.0
        away = abs(start[axis] - box.centre[axis]) / box.half[axis]
        assert away <= 0.5 + 1e-9
        reached = math.sqrt(above / _above_along(exact, axis, box.half[axis] / 2.0))
        assert reached <= 1.0 + 1e-6
        assert max(reached, 2.0 * away) == pytest.approx(1.0, rel=1e-6)


def _above_along(exact, axis, away):
    """The loss above the minimum at that distance from it along an axis, as in exact arithmetic."""
    return float(exact.variance + exact.mean**2 if axis == 0 else 1) * away * away


@settings(max_examples=300, deadline=None)
@given(pairs, pairs, st.floats(0.0, 60.0), st.floats(-1.0, 1.0))
@example((0.0, 0.0), (0.0, 5e-324), 0.0, 0.0)  # the smallest number above 0
def test_equal_axes_within_a_factor_of_three_only(start, minimum, decades, correlation):
    mixed = correlation * 10.0 ** (decades / 2)
    box = box_of_quadratic(start, minimum, [[10.0**decades, mixed], [mixed, 1.0]])
    assert is_sane(box)
    narrow, wide = sorted(box.half)
    assert narrow == wide or wide > SAME_SCALE * narrow or wide == RESOLUTION * max(map(abs, minimum))
    assert narrow != wide or box == square_box(start, minimum)


@pytest.mark.parametrize(
    "hessian", [[[0.0, 0.0], [0.0, 2.0]], [[math.inf, 1.0], [1.0, 2.0]], [[math.nan, 1.0], [1.0, 2.0]]]
)
def test_a_loss_that_does_not_depend_on_a_parameter_has_equal_axes(hessian):
    assert box_of_quadratic((0.0, -1.0), (0.0, 2.0), hessian) == Box((0.0, 2.0), (6.0, 6.0))


def test_a_run_that_starts_at_a_huge_minimum_has_a_box_of_distinct_numbers():
    assert square_box((1e20, 0.0), (1e20, 0.0)).half == (1e11, 1e11)
    assert is_sane(square_box((1e20, 0.0), (1e20, 0.0)))


def test_kilometres_have_a_scale_for_each_parameter():
    box = problem_of("kilometres").box
    assert box.half == pytest.approx((0.1133, 17001.2), rel=1e-3)
    equal = box_with_equal_axes(problem_of("kilometres"))
    assert equal == equal_before(problem_of("kilometres"))


@pytest.mark.parametrize("problem", [Rosenbrock(), Himmelblau()])
def test_surfaces_have_equal_axes_anyway(problem):
    assert box_with_equal_axes(problem) == problem.box
