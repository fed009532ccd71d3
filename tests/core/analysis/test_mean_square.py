"""Whether mini-batch runs spread and how high they settle, against sums over all rows and against runs."""

from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.analysis.mean_square import diverges_in_mean_square, mini_batch_limit, stationary_excess_loss
from gdviz.core.analysis.verdict import Kind, judge
from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.checkpoint import Checkpoint
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import walk
from gdviz.core.descent.manual_changes import with_rate_from
from gdviz.core.descent.optimizers import GradientDescent, Momentum, Nesterov
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.precision import Precision
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Rosenbrock
from tests.core.analysis.noise_formula import noise_floor

pytestmark = pytest.mark.unmeasured  # dear to measure; what it meets is met elsewhere

NOISY = LinearRegression(generate(DataSettings(noise=0.1)))
LARGE = LinearRegression(generate(DataSettings(rows=20_000, x_range=(-3.0, 5.0))))
RUN = Experiment(NOISY, start=(0.0, -1.0), steps=200, batch_size=1)


def largest_factor(problem, rate, size):
    """By which the mean square of plain descent is multiplied: row by row, without moments."""
    design = np.stack([problem.data.x.astype(float), np.ones(problem.data.rows)], axis=1)
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
        low, high = (low, middle) if diverges_in_mean_square(experiment, middle) else (middle, high)
    return low


@pytest.mark.parametrize("problem", [NOISY, LARGE], ids=["100 rows", "20,000 rows"])
@pytest.mark.parametrize("size", [1, 2, 10, 64])
def test_it_is_the_growth_that_the_rows_give(problem, size):
    found = limit(replace(RUN, problem=problem, batch_size=size))
    assert largest_factor(problem, 0.999 * found, size) < 1 < largest_factor(problem, 1.001 * found, size)


@pytest.mark.parametrize("rule", [GradientDescent(), Momentum(0.5), Momentum(0.9), Nesterov(0.5), Nesterov(0.9)])
def test_the_smaller_the_batches_the_lower_the_limit(rule):
    known = rule.stability_limit(float(np.linalg.eigvalsh(NOISY.hessian((0, 0)))[-1]))
    limits = [limit(replace(RUN, optimizer=rule, batch_size=size)) for size in (1, 4, 100)]
    assert limits == sorted(limits)
    assert limits[0] < 0.91 * known
    assert 0.97 * known < limits[2] < known


def test_the_sum_divides_it_by_the_rows():
    summed = replace(RUN, problem=LinearRegression(NOISY.data, "sum"))
    assert limit(summed) == pytest.approx(limit(RUN) / 100)


@pytest.mark.parametrize("rule", [GradientDescent(), Momentum(0.9), Nesterov(0.5)])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_a_run_diverges_above_the_limit_and_nowhere_below(rule, reduction):
    run = replace(RUN, problem=LinearRegression(NOISY.data, reduction), optimizer=rule, batch_size=3)
    found = mini_batch_limit(run)
    assert found == pytest.approx(limit(run), rel=1e-9)
    assert not any(diverges_in_mean_square(run, part * found) for part in np.linspace(0.001, 0.999, 60))
    assert all(diverges_in_mean_square(run, times * found) for times in np.linspace(1.001, 3.0, 20))


def test_the_limits_of_the_mini_batch_lecture():
    limits = [mini_batch_limit(replace(RUN, batch_size=size)) for size in (1, 2, 10, 100)]
    assert limits == pytest.approx([0.6935, 0.7414, 0.7702, 0.7750], abs=6e-5)
    assert mini_batch_limit(replace(RUN, batch_size=None)) is None
    assert mini_batch_limit(Experiment(Rosenbrock())) is None


def settled_row_by_row(problem, rate):
    """The excess of plain descent over single rows: the products of the distance, step by step until they stay."""
    data = problem.data
    design = np.stack([data.x.astype(float), np.ones(problem.data.rows)], axis=1)
    residuals = design @ problem.minima[0] - data.y
    steps = np.eye(2) - 2.0 * rate * design[:, :, None] * design[:, None, :]
    kicks = 2.0 * rate * residuals[:, None] * design
    # The products of a distance with itself, as four numbers: what a step makes of them on average, and adds.
    becomes = np.einsum("nij,nkl->ikjl", steps, steps).reshape(4, 4) / problem.data.rows
    added = (kicks.T @ kicks / problem.data.rows).ravel()
    products = np.zeros(4)
    for _ in range(20_000):
        products = becomes @ products + added
    return float((problem.hessian((0.0, 0.0)) * products.reshape(2, 2)).sum() / 2.0)


@pytest.mark.parametrize("rate", [0.05, 0.5, 0.65])
def test_it_settles_as_high_as_the_rows_say(rate):
    assert stationary_excess_loss(RUN, rate) == pytest.approx(settled_row_by_row(NOISY, rate), rel=1e-9)


LONG = replace(RUN, precision=Precision.FLOAT64, steps=20_000)


@pytest.mark.parametrize(
    "experiment",
    [
        replace(LONG, schedule=Constant(0.5)),
        replace(LONG, schedule=Constant(0.5), batch_size=5),
        replace(LONG, schedule=Constant(0.3), optimizer=Momentum(0.5)),
        replace(LONG, schedule=Constant(0.3), optimizer=Nesterov(0.5), batch_size=2),
        replace(LONG, schedule=Constant(0.003), problem=LinearRegression(NOISY.data, "sum"), batch_size=2),
    ],
    ids=["plain", "five rows", "momentum", "nesterov", "sum"],
)
def test_runs_wander_as_high_as_it_says_also_at_large_rates(experiment):
    point = np.array(experiment.problem.minima[0])
    begin = Checkpoint(0, point, experiment.optimizer.init(point))
    rates = [np.float64(experiment.schedule(0))] * experiment.steps
    losses = [float(step.loss) for step in walk(experiment, begin, rates)][1000:]
    above = np.mean(losses) - experiment.problem.loss(*experiment.problem.minima[0])
    assert above == pytest.approx(stationary_excess_loss(experiment), rel=0.05)


def test_the_formula_holds_for_small_rates_only():
    run = replace(RUN, problem=LARGE, batch_size=4)
    for rule in (GradientDescent(), Momentum(0.5)):
        ruled = replace(run, optimizer=rule)
        assert stationary_excess_loss(ruled, 1e-4) == pytest.approx(noise_floor(ruled, 1e-4), rel=0.02)
    assert stationary_excess_loss(RUN, 0.5) > 1.25 * noise_floor(RUN, 0.5)
    assert stationary_excess_loss(RUN, 0.69) > 10 * noise_floor(RUN, 0.69)


@pytest.mark.parametrize(
    "experiment",
    [
        replace(RUN, batch_size=None),
        replace(RUN, schedule=Constant(0.0)),
        replace(RUN, schedule=Constant(-0.1)),
        replace(RUN, schedule=Constant(0.7)),
        replace(RUN, schedule=with_rate_from(Constant(0.1), 5, 0.2)),
        Experiment(Rosenbrock()),
    ],
    ids=["full batch", "rate 0", "negative rate", "beyond its limit", "changed", "no data"],
)
def test_where_nothing_settles_or_is_known_there_is_no_height(experiment):
    assert stationary_excess_loss(experiment) is None


def test_an_axis_without_curvature_does_not_settle():
    flat = from_points([0.3] * 50, np.random.default_rng(1).normal(0, 1, 50), None, "constant x")
    run = replace(RUN, problem=LinearRegression(flat))
    assert stationary_excess_loss(run, 0.1) == pytest.approx(settled_row_by_row(run.problem, 0.1), rel=1e-6)


def test_without_noise_it_settles_in_the_minimum():
    exact = from_points([0.0, 1.0, 2.0], [1.0, 2.0, 3.0], None, "a line")
    assert stationary_excess_loss(replace(RUN, problem=LinearRegression(exact)), 0.1) == pytest.approx(0.0, abs=1e-20)


def test_many_rows_have_the_same_moments_as_few():
    data = LARGE.data
    away, residual = (
        data.x - data.x.astype(float).mean(),
        data.x.astype(float) * data.fit.weight + data.fit.bias - data.y,
    )
    found = data.fit.error_first, data.fit.error_second
    assert found == pytest.approx([(residual**2 * away).mean(), (residual**2 * away**2).mean()], rel=1e-6)


def test_along_an_axis_without_curvature_nothing_grows():
    flat = from_points([0.3] * 50, np.random.default_rng(1).normal(0, 1, 50), None, "constant x")
    assert not diverges_in_mean_square(replace(RUN, problem=LinearRegression(flat)), 0.1)


def test_where_nothing_is_known_of_it_it_is_not_said():
    assert not diverges_in_mean_square(replace(RUN, batch_size=None), 10.0)
    assert not diverges_in_mean_square(Experiment(Rosenbrock()), 10.0)


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
