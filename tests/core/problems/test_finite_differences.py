"""Finite differences against the tape's gradient, against gradients that are known, and against wrong ones."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.precision import Precision
from gdviz.core.problems.finite_differences import GradientCheck, check
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock, TwoWells

PROBLEMS = (LinearRegression(), Rosenbrock(), Himmelblau(), TwoWells())
every_problem = pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
coordinates = st.floats(-6, 6)


@every_problem
@settings(deadline=None, max_examples=60)
@given(x=coordinates, y=coordinates)
def test_both_gradients_agree_within_the_expected_error(problem, x, y):
    found = check(problem, (x, y))
    assert found.agrees, found
    assert found.error == tuple(np.abs(np.subtract(found.finite, found.analytic)))
    exact = problem.evaluator(Precision.FLOAT64)(np.array([x, y]))[1]
    np.testing.assert_allclose(found.analytic, exact, rtol=1e-12, atol=1e-11)


@settings(deadline=None, max_examples=60)
@given(
    rows=st.integers(1, 300), slope=st.floats(-10, 10), seed=st.integers(0, 50), w=st.floats(-1e6, 1e6), b=coordinates
)
def test_they_agree_on_random_data_and_far_away(rows, slope, seed, w, b):
    problem = LinearRegression(generate(DataSettings(rows=rows, slope=slope, seed=seed)))
    assert check(problem, (w, b)).agrees


@every_problem
def test_a_wrong_gradient_exceeds_the_expected_error(problem):
    for point in ((1.3, -0.7), (-2.0, 3.1), problem.start):
        found = check(problem, point)
        size = max(map(abs, found.analytic))
        assert max(found.expected) < 1e-6 * max(1.0, size)
        wrong = tuple(
            abs(finite - 1.001 * right) for finite, right in zip(*(found.finite, found.analytic), strict=True)
        )
        assert not replace(found, error=wrong).agrees


def test_a_point_in_single_precision_is_taken_as_it_is():
    point = np.array([0.1, 0.2], np.float32)
    assert check(Himmelblau(), point) == check(Himmelblau(), point.astype(np.float64))


@pytest.mark.parametrize("point", [(np.nan, 1.0), (np.inf, 0.0), (1e200, 1e200), (-np.inf, np.inf)])
@every_problem
def test_an_infinite_loss_has_no_gradient_to_compare(problem, point):
    found = check(problem, point)
    assert not found.is_finite
    assert not found.agrees


def test_it_agrees_only_if_both_slopes_do():
    right = GradientCheck((1.0, 2.0), (1.0, 2.0), (0.0, 0.0), (1e-9, 1e-9))
    assert right.agrees
    assert right.is_finite
    assert not replace(right, error=(0.0, 1e-8)).agrees
    assert not replace(right, error=(float("nan"), 0.0)).is_finite
