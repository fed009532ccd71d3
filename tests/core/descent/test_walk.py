"""The descent loop with many runs side by side, and with fresh starts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.checkpoint import Checkpoint
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import learning_rates, walk
from gdviz.core.descent.optimizers import GradientDescent, Momentum, Nesterov
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock, TwoWells

pytestmark = pytest.mark.unmeasured  # dear to measure; what it meets is met elsewhere

optimizers = st.sampled_from([GradientDescent(), Momentum(0.9), Nesterov(0.5)])
problems = st.sampled_from(
    [LinearRegression(), LinearRegression(generate(DataSettings(rows=7))), Rosenbrock(), Himmelblau(), TwoWells()]
)
rates = st.sampled_from([1e-4, 0.003, 0.05, 0.9, 1.0, 10.0, 1e30])
starts = st.tuples(st.floats(-3, 3), st.floats(-3, 3))


def loss_of(experiment):
    return record(experiment).losses


@settings(deadline=None, max_examples=60)
@given(problems, optimizers, st.lists(st.tuples(rates, starts), min_size=1, max_size=6), st.sampled_from(Precision))
def test_runs_side_by_side_have_the_bits_of_runs_alone(problem, optimizer, runs, precision):
    dtype, steps = precision.dtype, 40
    experiment = Experiment(problem, optimizer, steps=steps, precision=precision)
    points = np.array([start for _, start in runs], dtype).T
    together = np.array([rate for rate, _ in runs]).astype(dtype)
    begin = Checkpoint(0, points, optimizer.init(points))
    with np.errstate(all="ignore"):
        losses = np.array([step.loss for step in walk(experiment, begin, [together] * (steps + 1))])
    for column, (rate, start) in enumerate(runs):
        alone = loss_of(Experiment(problem, optimizer, Constant(rate), start, steps, precision))
        assert losses[:, column].dtype == alone.dtype
        assert losses[:, column].tobytes() == alone.tobytes()


@settings(deadline=None, max_examples=30)
@given(problems, optimizers, starts, st.integers(1, 5), st.integers(2, 30), st.sampled_from(Precision))
def test_with_fresh_steps_each_rate_has_a_run_of_its_own(problem, optimizer, start, fresh_steps, number, precision):
    schedule = RangeTest(1e-3, 10.0, number, fresh_steps, stops=False)
    whole = record(Experiment(problem, optimizer, schedule, start, schedule.last_step, precision))
    for index in range(number):
        rows = slice(index * (fresh_steps + 1), (index + 1) * (fresh_steps + 1))
        alone = record(Experiment(problem, optimizer, Constant(schedule.rate(index)), start, fresh_steps, precision))
        assert whole.points[rows].tobytes() == alone.points.tobytes()
        assert whole.losses[rows].tobytes() == alone.losses.tobytes()
        assert whole.learning_rates[rows].tobytes() == alone.learning_rates.tobytes()


def test_a_moving_sweep_is_one_run():
    schedule = RangeTest(1e-3, 1.0, 20)
    experiment = Experiment(LinearRegression(), schedule=schedule, start=(0.0, -1.0), steps=19)
    recording = record(experiment)
    point = np.array([0.0, -1.0], np.float32)
    evaluate = experiment.problem.evaluator(experiment.precision)
    for step, rate in enumerate(learning_rates(experiment)):
        assert (recording.points[step] == point).all()
        assert recording.learning_rates[step] == rate == np.float32(1e-3 * 1e3 ** (step / 20))
        point = point - rate * evaluate(point)[1]


def test_a_range_test_has_no_more_steps_than_rates():
    with pytest.raises(InputError, match="steps: this range test has at most 199; give it more rates instead"):
        Experiment(LinearRegression(), schedule=RangeTest(), steps=200)
    with pytest.raises(InputError, match="too large for float32"):
        Experiment(LinearRegression(), schedule=RangeTest(1.0, 1e39), steps=100)
