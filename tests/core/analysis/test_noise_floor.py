"""The noise floor against runs."""

from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.checkpoint import Checkpoint
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import walk
from gdviz.core.descent.manual_changes import with_rate_from
from gdviz.core.descent.optimizers import GradientDescent, Momentum, Nesterov
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.precision import Precision
from gdviz.core.problems.problem import minimum_loss
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Rosenbrock
from tests.core.analysis.noise_formula import noise_floor

pytestmark = pytest.mark.unmeasured  # dear to measure; what it meets is met elsewhere

DATA = generate(DataSettings(rows=2000, noise=0.1, x_range=(-1.0, 1.0)))
RUN = Experiment(LinearRegression(DATA), schedule=Constant(0.05), steps=6000, precision=Precision.FLOAT64, batch_size=4)


def settled(experiment):
    """The mean of loss minus minimum over the steps of the last two thirds of a run from the minimum, and two seeds."""
    point = np.array(experiment.problem.minima[0])
    losses = []
    for seed in (1, 2):
        run = replace(experiment, seed=seed)
        rates = [np.float64(run.schedule(0))] * run.steps
        begin = Checkpoint(0, point, run.optimizer.init(point))
        losses += [float(step.loss) for step in list(walk(run, begin, rates))[run.steps // 3 :]]
    return float(np.mean(losses)) - minimum_loss(experiment.problem)


@pytest.mark.parametrize(
    "experiment",
    [
        RUN,
        replace(RUN, schedule=Constant(0.02), steps=9000),
        replace(RUN, batch_size=64),
        replace(RUN, optimizer=Momentum(0.5)),
        replace(RUN, problem=LinearRegression(DATA, "sum"), schedule=Constant(0.05 / 2000)),
    ],
    ids=["plain", "smaller rate", "larger batches", "momentum", "sum"],
)
def test_runs_settle_at_the_noise_floor(experiment):
    assert settled(experiment) == pytest.approx(noise_floor(experiment), rel=0.1)


def test_it_is_the_formula_of_the_design():
    known = np.linalg.eigvalsh(RUN.problem.hessian((0, 0)))
    noise = minimum_loss(RUN.problem)
    assert noise_floor(RUN) == pytest.approx(sum(0.05 * noise * part / (4 * (2 - 0.05 * part)) for part in known))
    assert noise_floor(RUN, 0.1) == noise_floor(replace(RUN, schedule=Constant(0.1)))


def test_it_falls_with_the_rate_and_with_the_batch():
    assert noise_floor(RUN, 0.01) < 0.21 * noise_floor(RUN)
    assert noise_floor(replace(RUN, batch_size=8)) == pytest.approx(noise_floor(RUN) / 2)


@pytest.mark.parametrize(
    "experiment",
    [
        replace(RUN, batch_size=None),
        replace(RUN, optimizer=Nesterov(0.5)),
        replace(RUN, schedule=Constant(0.0)),
        replace(RUN, schedule=Constant(-0.1)),
        replace(RUN, schedule=Constant(5.0)),
        replace(RUN, schedule=with_rate_from(Constant(0.1), 5, 0.2)),
        replace(RUN, schedule=RangeTest(), steps=50),
        Experiment(Rosenbrock()),
    ],
    ids=["full batch", "nesterov", "rate 0", "negative rate", "beyond the limit", "changed", "range test", "no data"],
)
def test_where_nothing_is_known_or_settles_there_is_none(experiment):
    assert noise_floor(experiment) is None


def test_large_batches_have_a_floor_just_below_the_limit():
    limit = GradientDescent().stability_limit(float(np.linalg.eigvalsh(RUN.problem.hessian((0, 0)))[-1]))
    many = replace(RUN, batch_size=2000)
    assert noise_floor(many, limit) is None
    assert noise_floor(many, 0.999 * limit) > 100 * noise_floor(many)
    assert noise_floor(RUN, 0.999 * limit) is None  # with batches of 4 the mean of the squares grows already
