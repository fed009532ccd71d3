"""The scaled rows against the rows themselves, and what the equations say at the ends of their range."""

import math
from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.analysis.mean_square import diverges_in_mean_square, mini_batch_limit, stationary_excess_loss
from gdviz.core.analysis.second_moments import System, axes_of, stationary_moments
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import GradientDescent, Momentum
from tests.data_sets import regression

Y = (1.0, 0.0, 2.0, 1.0, 0.0, 3.0)
AROUND = (-1.3, 0.2, 0.9, -0.4, 2.1, -0.6)


PLAIN = GradientDescent()


def run_on(x, rule=PLAIN):
    return Experiment(regression(x, Y[: len(x)]), optimizer=rule, batch_size=2)


@pytest.mark.parametrize(("mean", "deviation"), [(0.0, 1.0), (0.5, 0.3), (-30.0, 4.0), (1e3, 1e-2), (0.0, 1e-6)])
def test_scaled_rows_have_the_moments_of_the_rows_along_the_axes(mean, deviation):
    x = mean + deviation * np.array(AROUND)
    problem = regression(x, Y)
    known, found = np.linalg.eigh(problem.data.fit.hessian), axes_of(problem.data.fit)
    assert found.curvatures == pytest.approx(known.eigenvalues[::-1], rel=1e-4)
    center, spread = x.mean(), x.std()
    centred = np.stack([(x - center) / spread, np.ones(x.size)])
    # (x, 1) = matrix (t, 1): its right singular vectors are known up to their signs.
    turn = np.linalg.svd(np.array([[spread, center], [0.0, 1.0]]))[2]
    rows = turn @ centred
    products = np.einsum("in,jn->nij", rows, rows)
    assert products.mean(axis=0) == pytest.approx(np.eye(2), abs=1e-9)
    squares = np.einsum("nij,nkl->ijkl", products, products) / x.size - np.multiply.outer(np.eye(2), np.eye(2))
    residuals = problem.data.fit.weight * (x - center) - (np.array(Y) - np.mean(Y))
    noise = (rows * residuals**2) @ rows.T / x.size
    assert np.abs(found.covariance) == pytest.approx(np.abs(squares), abs=1e-8)
    assert np.abs(found.noise) == pytest.approx(np.abs(noise), abs=1e-8)


@pytest.mark.parametrize("x", [(3.0,) * 6, (1e8, 1e8), tuple(1e-60 * value for value in AROUND)])
def test_an_axis_without_curvature_is_left_out(x):
    run = run_on(x)
    (curvature,) = axes_of(run.problem.data.fit).curvatures
    assert curvature == pytest.approx(2.0 * (x[0] ** 2 + 1.0))
    assert mini_batch_limit(run) == pytest.approx(2.0 / curvature)
    minimum, rate = run.problem.data.fit.minimum, 1.0 / curvature
    assert stationary_excess_loss(run, rate) == pytest.approx(rate * minimum * curvature / 2.0)


@pytest.mark.parametrize(("rule", "limit"), [(PLAIN, 1.0), (Momentum(0.5), 1.5)], ids=["plain", "momentum"])
def test_exactly_at_the_limit_of_a_single_axis_it_spreads(rule, limit):
    run = run_on((0.0, 0.0), rule)
    assert diverges_in_mean_square(run, limit)
    assert not diverges_in_mean_square(run, limit * (1.0 - 1e-12))
    assert stationary_excess_loss(run, limit) is None


def test_equations_without_a_solution_give_no_number():
    moments, errors = stationary_moments(
        System(np.ones((2, 2)), np.ones((2, 2)), *np.ones((2, 2)), np.arange(2)), np.ones(2)
    )
    assert np.isnan(moments).all()
    assert np.isnan(errors).all()


def test_where_rounding_decides_there_is_no_floor():
    close = run_on(tuple(1e8 + 1e-6 * np.arange(6)), Momentum(0.9))  # a few units in the last place apart
    assert stationary_excess_loss(close, 1e-18) is None
    usual = run_on(AROUND)
    limit = mini_batch_limit(usual)
    assert stationary_excess_loss(usual, 0.999 * limit) > 0.0
    assert stationary_excess_loss(usual, (1.0 - 1e-15) * limit) is None


@pytest.mark.parametrize("rate", [1e200, -1e200, math.inf, math.nan])
def test_rates_beyond_all_numbers_spread(rate):
    assert diverges_in_mean_square(run_on(AROUND), rate)


def test_rates_that_move_nothing_have_no_noise_floor():
    run = run_on(AROUND, Momentum(0.9))
    assert not diverges_in_mean_square(run, 0.0)
    assert not diverges_in_mean_square(run, 1e-300)
    assert diverges_in_mean_square(run, -1e-300)
    assert stationary_excess_loss(run, 1e-300) is None


def test_of_moments_beyond_all_numbers_nothing_is_known():
    run = run_on(AROUND)
    data = replace(run.problem.data)
    vars(data)["fit"] = replace(data.fit, fourth=math.inf)
    vast = replace(run, problem=replace(run.problem, data=data))
    assert mini_batch_limit(vast) is stationary_excess_loss(vast, 0.1) is None
    assert not diverges_in_mean_square(vast, 0.1)
