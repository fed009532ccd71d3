"""Whether mini-batch runs spread, against sums over all rows and against runs."""

from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.dataset import DataSettings, from_points, generate
from gdviz.core.experiment import Experiment
from gdviz.core.mean_square import spreads
from gdviz.core.noise_floor import noise_floor
from gdviz.core.optimizers import GradientDescent, Momentum, Nesterov
from gdviz.core.recording import record
from gdviz.core.regression import LinearRegression
from gdviz.core.schedules import Constant
from gdviz.core.surfaces import Rosenbrock
from gdviz.core.verdict import Kind, judge

NOISY = LinearRegression(generate(DataSettings(noise=0.1)))
LARGE = LinearRegression(generate(DataSettings(rows=20_000, x_range=(-3.0, 5.0))))
RUN = Experiment(NOISY, start=(0.0, -1.0), steps=200, batch_size=1)


def largest_factor(problem, rate, size):
    """By which the mean square of plain descent is multiplied: row by row, without moments."""
    design = np.stack([problem.data.x.astype(float), np.ones(problem.rows)], axis=1)
    rows = 2.0 * design[:, :, None] * design[:, None, :]
    mean, squares = rows.mean(axis=0), np.einsum("nij,nkl->ikjl", rows, rows).reshape(4, 4) / len(rows)
    step = np.eye(2) - rate * mean
    following = np.kron(step, step) + rate**2 / size * (squares - np.kron(mean, mean))
    return np.abs(np.linalg.eigvals(following)).max()


def limit(experiment):
    """Of the rates at which it does not spread, the largest, by halving."""
    low, high = 0.0, 5.0
    for _ in range(45):
        middle = (low + high) / 2
        low, high = (low, middle) if spreads(experiment, middle) else (middle, high)
    return low


@pytest.mark.parametrize("problem", [NOISY, LARGE], ids=["100 rows", "20,000 rows"])
@pytest.mark.parametrize("size", [1, 2, 10, 64])
def test_it_is_the_growth_that_the_rows_give(problem, size):
    found = limit(replace(RUN, problem=problem, batch_size=size))
    assert largest_factor(problem, 0.999 * found, size) < 1 < largest_factor(problem, 1.001 * found, size)


@pytest.mark.parametrize("rule", [GradientDescent(), Momentum(0.5), Momentum(0.9), Nesterov(0.5), Nesterov(0.9)])
def test_with_large_batches_it_is_the_limit_of_all_rows_with_small_ones_it_is_lower(rule):
    known = rule.stability_limit(float(np.linalg.eigvalsh(NOISY.hessian((0, 0)))[-1]))
    limits = [limit(replace(RUN, optimizer=rule, batch_size=size)) for size in (1, 4, 100)]
    assert limits == sorted(limits)
    assert limits[0] < 0.91 * known
    assert 0.97 * known < limits[2] < known


def test_the_sum_divides_it_by_the_rows():
    summed = replace(RUN, problem=LinearRegression(NOISY.data, "sum"))
    assert limit(summed) == pytest.approx(limit(RUN) / 100)


def test_along_an_axis_without_curvature_nothing_grows():
    flat = from_points([0.3] * 50, np.random.default_rng(1).normal(0, 1, 50), None, "constant x")
    assert not spreads(replace(RUN, problem=LinearRegression(flat)), 0.1)


def test_rates_beyond_all_numbers_spread():
    assert spreads(RUN, 1e200)


def test_where_nothing_is_known_of_it_it_is_not_said():
    assert not spreads(replace(RUN, batch_size=None), 10.0)
    assert not spreads(Experiment(Rosenbrock()), 10.0)


# By the rows themselves the limit of plain descent is 0.6935 for batches of 1 (0.7755 for all rows).
@pytest.mark.parametrize("rate", [0.7, 0.75, 0.7754])
@pytest.mark.parametrize("seed", range(6))
def test_a_run_that_spreads_has_not_settled(rate, seed):
    run = replace(RUN, schedule=Constant(rate), seed=seed)
    assert judge(record(run)).kind in {Kind.DIVERGING, Kind.ZIGZAG}


def test_a_run_that_spreads_has_no_noise_floor():
    run = replace(RUN, optimizer=Momentum(0.9), schedule=Constant(0.7))  # half the limit of all rows
    assert judge(record(run)).kind is Kind.DIVERGING
    assert noise_floor(run) is None
    assert noise_floor(replace(run, schedule=Constant(0.2))) is not None
