"""A rule that searches along a line, and schedules that see the losses or set the momentum, in the one loop."""

from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.core.descent.checkpoint import Checkpoint
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import descend, learning_rates, walk
from gdviz.core.descent.optimizers import Evaluation, GradientDescent, Momentum
from gdviz.core.descent.recording import Recording, record
from gdviz.core.descent.schedules import Constant
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.registry import KINDS
from gdviz.core.problems.regression import LinearRegression
from tests.seams import Backtracking, Cycle, Plateau, Saddle, SmoothAbsolute, SteepSquares

REGRESSION = LinearRegression()


def columns(recording):
    return [recording.points, recording.losses, recording.gradients, recording.directions, recording.learning_rates]


def same(first, second):
    return all(np.array_equal(*pair, equal_nan=True) for pair in zip(columns(first), columns(second), strict=True))


@pytest.mark.parametrize("batch_size", [None, 10])
def test_a_line_search_sees_the_loss_of_its_step(batch_size):
    run = record(Experiment(REGRESSION, Backtracking(), Constant(1.0), steps=30, batch_size=batch_size))
    for step in range(30):
        seen = run.evaluation(step)
        size = run.directions[step, 0] / run.gradients[step, 0]
        fallen = seen.loss - seen.loss_at(run.points[step + 1])
        assert fallen >= 1e-4 * size * (run.gradients[step] ** 2).sum() * (1 - 1e-3) - 1e-6
        np.testing.assert_array_equal(seen.gradient_at(run.points[step]), run.gradients[step])
    if batch_size is None:
        assert seen.loss == run.losses[step]


def test_the_hessian_of_a_batch_is_that_of_its_loss():
    run = record(Experiment(REGRESSION, steps=5, batch_size=8, precision=Precision.FLOAT64))
    seen, moved = run.evaluation(3), np.eye(2)
    slopes = [seen.gradient_at(run.points[3] + way) - seen.gradient for way in moved]
    np.testing.assert_allclose(seen.hessian, np.array(slopes), rtol=1e-9)


@pytest.mark.parametrize("kind", [*KINDS, Saddle, SmoothAbsolute, SteepSquares])
def test_hessians_side_by_side_are_those_of_each_point(kind):
    problem = kind()
    points = np.array([[0.0, 1.0, 3.0, np.inf, -0.3], [0.5, -1.0, 2.0, 0.0, np.nan]])
    with np.errstate(invalid="ignore"):
        found = Evaluation(points, points, problem.evaluator(Precision.FLOAT64), problem.hessian).hessian
        alone = [problem.hessian(point) for point in points.T]
    assert found.shape == (2, 2, 5)
    np.testing.assert_array_equal(np.moveaxis(found, -1, 0), alone)


def test_an_evaluation_of_a_gradient_alone_says_so():
    with pytest.raises(LookupError, match="gradient"):
        _ = Evaluation(np.zeros(2), np.zeros(2)).loss


@pytest.mark.unmeasured
@given(st.integers(1, 5), st.floats(0.1, 0.9), st.floats(0.5, 0.9))
def test_a_schedule_sees_the_losses(patience, factor, rate):
    schedule = Plateau(rate, factor, patience)
    run = record(Experiment(REGRESSION, schedule=schedule, steps=80, precision=Precision.FLOAT64))
    best, waited = np.inf, 0
    for step in range(81):
        waited = 0 if run.losses[step] < best else waited + 1
        best = min(best, run.losses[step])
        if waited > patience:
            rate, waited = rate * factor, 0
        assert run.learning_rates[step] == rate
        if step < 80:
            moved = run.points[step] - run.learning_rates[step] * run.gradients[step]
            np.testing.assert_array_equal(run.points[step + 1], moved)


def test_a_schedule_sets_the_momentum():
    schedule = Cycle(0.05)
    run = record(Experiment(REGRESSION, Momentum(), schedule, steps=60, precision=Precision.FLOAT64))
    buffer = np.zeros(2)
    for step in range(60):
        buffer = schedule.momentum(step) * buffer + run.gradients[step]
        np.testing.assert_array_equal(run.directions[step], buffer)


def test_a_schedule_of_momentum_needs_a_rule_that_has_one():
    with pytest.raises(InputError, match="momentum"):
        Experiment(REGRESSION, GradientDescent(), Cycle())


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("optimizer", "schedule"),
    [(Backtracking(), Constant(1.0)), (GradientDescent(), Plateau(0.9, 0.7)), (Momentum(), Cycle(0.05))],
    ids=["line search", "plateau", "cycle"],
)
@pytest.mark.parametrize("precision", list(Precision))
def test_a_run_is_taken_up_again_bit_for_bit(optimizer, schedule, precision):
    experiment = Experiment(REGRESSION, optimizer, schedule, steps=1100, precision=precision)
    whole = record(experiment)
    for step in (0, 3, 511, 700, 1099):
        rates = learning_rates(experiment, step)
        with np.errstate(all="ignore"):
            points = [ahead.point for ahead in islice(walk(experiment, whole.checkpoint(step), rates), 3)]
        np.testing.assert_array_equal(points, whole.points[step : step + len(points)])


def test_a_cut_run_goes_on_with_the_state_of_its_schedule():
    experiment = Experiment(REGRESSION, schedule=Plateau(0.9, 0.7), steps=1500)
    changed = experiment.with_learning_rate(0.05, 1200)
    cut, checkpoint = record(experiment).fork(changed, 1200)
    assert checkpoint.step > 500
    for chunk in descend(changed, checkpoint):
        cut.append(chunk)
    assert same(cut, record(changed))


def test_runs_side_by_side_are_those_alone():
    schedule = Plateau(0.9, 0.7)
    starts = [(0.0, -1.0), (2.0, 1.0), (-3.0, 0.5)]
    base = Experiment(REGRESSION, schedule=schedule, steps=60)
    points = np.array(starts, np.float32).T
    with np.errstate(all="ignore"):
        beside = list(walk(base, Checkpoint(0, points, None, schedule.init()), learning_rates(base)))
    for place, start in enumerate(starts):
        alone = record(Experiment(REGRESSION, schedule=schedule, start=start, steps=60))
        np.testing.assert_array_equal([step.point[:, place] for step in beside], alone.points)


def test_the_rate_of_a_step_that_is_not_there_yet():
    recording = Recording(Experiment(REGRESSION, schedule=Plateau(0.4)))
    assert recording.rate_at(7) == 0.4
