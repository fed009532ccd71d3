"""Mini-batch runs: the same from the same seed however they are computed, and honest about what they see."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.analysis.basins import basin_map
from gdviz.core.analysis.phase_map import MapGrid, phase_map
from gdviz.core.analysis.quadratic import has_exact_solution
from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.checkpoint import Checkpoint
from gdviz.core.descent.evaluations import rows_at, tape_at
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import descend, walk
from gdviz.core.descent.optimizers import GradientDescent, Momentum, Nesterov
from gdviz.core.descent.recording import Recording, record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.batch_orders import BLOCK_ROWS, BatchOrder
from gdviz.core.problems.batches import Batches
from gdviz.core.problems.reductions import REDUCTIONS
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Rosenbrock

pytestmark = pytest.mark.unmeasured  # dear to measure; what it meets is met elsewhere

SMALL, LARGE = (generate(DataSettings(rows=rows)) for rows in (100, 20_000))
DOUBLE = Precision.FLOAT64
COLUMNS = ("points", "losses", "gradients", "directions", "learning_rates")
runs = st.builds(
    Experiment,
    problem=st.builds(LinearRegression, st.sampled_from([SMALL, LARGE]), st.sampled_from(REDUCTIONS)),
    optimizer=st.sampled_from([GradientDescent(), Momentum(0.9), Nesterov(0.5)]),
    schedule=st.builds(Constant, st.sampled_from([1e-4, 0.1, 0.9, 10.0, 1e30])),
    start=st.tuples(st.floats(-3, 3), st.floats(-3, 3)),
    steps=st.integers(1, 70),
    precision=st.sampled_from(Precision),
    batch_size=st.sampled_from([1, 2, 7, 100]),
    seed=st.sampled_from([0, 1, 2**63 - 1]),
    batch_order=st.sampled_from(BatchOrder),
)


def bits(recording: Recording) -> list[bytes]:
    return [getattr(recording, column).tobytes() for column in COLUMNS]


@settings(deadline=None, max_examples=40)
@given(runs, st.integers(1, 70), st.integers(0, 70))
def test_chunks_and_checkpoints_make_no_difference(experiment, size, step):
    whole, chunked = record(experiment), Recording(experiment)
    for chunk in descend(experiment, chunk_steps=size):
        chunked.append(chunk)
    assert bits(chunked) == bits(whole)
    begin = whole.checkpoint(min(step, experiment.steps))
    for chunk in descend(experiment, begin):
        rows = slice(chunk.begin.step, chunk.begin.step + len(chunk.losses))
        for column in COLUMNS:
            assert getattr(chunk, column).tobytes() == getattr(whole, column)[rows].tobytes()


@settings(deadline=None, max_examples=40)
@given(runs, st.lists(st.sampled_from([1e-3, 0.1, 0.9, 1e30]), min_size=1, max_size=4))
def test_runs_side_by_side_have_the_bits_of_runs_alone(experiment, rates):
    dtype = experiment.precision.dtype
    points = np.repeat(np.array(experiment.start, dtype)[:, None], len(rates), axis=1)
    begin = Checkpoint(0, points, experiment.optimizer.init(points))
    with np.errstate(all="ignore"):
        steps = list(walk(experiment, begin, [np.array(rates, dtype)] * (experiment.steps + 1)))
    for column, rate in enumerate(rates):
        alone = record(replace(experiment, schedule=Constant(rate)))
        assert np.array([step.point[:, column] for step in steps]).tobytes() == alone.points.tobytes()
        assert np.array([step.loss[column] for step in steps]).tobytes() == alone.losses.tobytes()


@settings(deadline=None, max_examples=30)
@given(runs)
def test_the_gradient_is_of_the_batch_the_loss_of_all_rows(experiment):
    recording, problem = record(experiment), experiment.problem
    order = experiment.batch_order
    batches = Batches(problem, experiment.batch_size, experiment.seed, experiment.precision, order=order)
    with np.errstate(all="ignore"):
        for step in range(0, experiment.steps + 1, 10):
            point = recording.points[step]
            x, y = (column.astype(np.float64) for column in batches.columns(step))
            assert x.shape == y.shape == rows_at(experiment, step).shape
            tape = tape_at(experiment, point, step)
            gradient = tape.parameter_gradient().tobytes()
            assert gradient == recording.gradients[step].tobytes() or np.isnan(recording.gradients[step]).any()
            loss = problem.loss(*point)
            if loss < 1e30:
                assert recording.losses[step] == loss.astype(experiment.precision.dtype)
                slopes = np.array([(2 * ((point[0] * x + point[1]) - y) * part).mean() for part in (x, np.ones(1))])
                size = problem.form.factor * (10 + 10 * float(np.abs(point).max()))
                assert recording.gradients[step] == pytest.approx(problem.form.factor * slopes, abs=1e-6 * size)


def test_other_seeds_and_other_steps_see_other_rows():
    seen = {
        (seed, step): Batches(LinearRegression(LARGE), 50, seed, Precision.FLOAT32).columns(step)[0].tobytes()
        for seed in (0, 1, 2)
        for step in (0, 1, 326, 327, 328, 999_999)
    }
    assert len(set(seen.values())) == len(seen)


@pytest.mark.parametrize("schedule", [Constant(0.1), RangeTest(0.01, 1.0, 5, 8, stops=False)])
def test_the_rows_that_are_named_are_those_that_were_seen(schedule):
    recipe = Experiment(LinearRegression(LARGE), schedule=schedule, steps=44, batch_size=700, precision=DOUBLE)
    recording = record(recipe)
    for step in (0, 22, 23, 24, 44):
        rows = rows_at(recipe, step)
        x, y = LARGE.x[rows].astype(float), LARGE.y[rows].astype(float)
        weight, bias = recording.points[step]
        residual = weight * x + bias - y
        slopes = 2 * (residual * x).mean(), 2 * residual.mean()
        assert recording.gradients[step] == pytest.approx(slopes, rel=1e-12, abs=1e-13)


def test_without_batches_no_rows_are_named():
    recipe = Experiment(LinearRegression(SMALL))
    assert rows_at(recipe, 3) is None
    point = np.array([0.5, 0.25], np.float32)
    assert tape_at(recipe, point, 3).loss == recipe.problem.tape(point, recipe.precision).loss


@pytest.mark.parametrize("size", [1, 3, 20_000])
def test_every_row_is_drawn_equally_often_and_with_replacement(size):
    batches = Batches(LinearRegression(SMALL), size, 3, Precision.FLOAT32)
    steps = 200_000 // size
    counts = Counter(float(x) for step in range(steps) for x in batches.columns(step)[0])
    expected = steps * size / 100
    assert len(counts) == 100
    # The sum of squared deviations over the expectation: chi-squared with 99 degrees, beyond 160 once in 10^4 draws.
    assert sum((count - expected) ** 2 for count in counts.values()) / expected < 160
    if size == 20_000:
        assert max(counts.values()) > 1


def test_batches_do_not_depend_on_the_order_of_the_calls():
    forwards, backwards = (Batches(LinearRegression(LARGE), 5000, 1, Precision.FLOAT64) for _ in range(2))
    ahead = {step: forwards.columns(step)[1].tobytes() for step in range(9)}
    back = {step: backwards.columns(step)[1].tobytes() for step in reversed(range(9))}
    assert ahead == back


def test_large_batches_are_drawn_one_at_a_time():
    many = Batches(LinearRegression(LARGE), BLOCK_ROWS + 1, 0, Precision.FLOAT32)
    assert many.columns(3)[0].shape == (BLOCK_ROWS + 1,)


def test_a_mini_batch_run_stays_a_little_above_the_minimum():
    problem = LinearRegression(SMALL)
    recording = record(Experiment(problem, GradientDescent(), Constant(0.5), (0.0, -1.0), 2000, batch_size=1))
    lowest = float(problem.loss(*problem.minima[0]))
    late = recording.losses[1000:].astype(np.float64)
    assert lowest * (1 - 1e-6) <= late.min() < lowest * 1.1
    assert lowest * 1.5 < late.mean() < lowest * 6


def test_a_batch_of_the_sum_is_the_full_gradient_on_average():
    problem = LinearRegression(SMALL, "sum")
    point = np.array([0.0, -1.0])
    batches = Batches(problem, 100, 0, Precision.FLOAT64)
    mean = np.mean([batches.evaluate(point, step)[1] for step in range(3000)], axis=0)
    assert mean == pytest.approx(problem.evaluator(Precision.FLOAT64)(point)[1], rel=0.01)


def test_each_fresh_start_sees_the_batches_of_the_first():
    schedule = RangeTest(0.01, 1.0, 5, 8, stops=False)
    recipe = Experiment(LinearRegression(SMALL), schedule=schedule, steps=schedule.last_step, batch_size=4)
    whole = record(recipe)
    for index in range(5):
        alone = record(replace(recipe, schedule=Constant(schedule.rate(index)), steps=8))
        assert whole.points[index * 9 : (index + 1) * 9].tobytes() == alone.points.tobytes()
    tape = tape_at(recipe, whole.points[30], 30)
    assert tape.parameter_gradient().tolist() == whole.gradients[30].tolist()


def test_the_cells_of_a_map_are_mini_batch_runs():
    recipe = Experiment(LinearRegression(SMALL), start=(0.0, -1.0), steps=20, batch_size=3, seed=4)
    grid = MapGrid(0.01, 1.0, 4, (1, 7, 20))
    computed = phase_map(recipe, grid)
    for column, rate in enumerate(grid.learning_rates):
        alone = record(replace(recipe, schedule=Constant(float(rate))))
        assert computed.losses[:, column].tobytes() == alone.losses[[1, 7, 20]].tobytes()
    assert basin_map(recipe, recipe.problem.box, 5).is_complete


def test_no_course_of_a_mini_batch_run_is_known_beforehand():
    recipe = Experiment(LinearRegression(SMALL))
    assert has_exact_solution(recipe)
    assert not has_exact_solution(replace(recipe, batch_size=100))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"batch_size": 101}, "batch_size: 101 is more than there are rows; use 1 to 100"),
        ({"batch_size": 0}, "batch_size: 0 is not possible; use 1 to 100"),
        ({"batch_size": -1}, "batch_size: -1 is not possible; use 1 to 100"),
        ({"seed": -1}, "seed: -1 is not a seed; use a whole number from 0 to 2^63 - 1"),
        ({"seed": 2**63}, f"seed: {2**63} is not a seed; use a whole number from 0 to 2^63 - 1"),
        (
            {"batch_size": 1, "problem": Rosenbrock()},
            "batch_size: the problem rosenbrock has no data; leave the batch size out",
        ),
    ],
)
def test_batches_that_cannot_be(changes, told):
    with pytest.raises(InputError) as caught:
        Experiment(**{"problem": LinearRegression(SMALL), **changes})
    assert str(caught.value) == told


def test_seeds_without_batches_make_no_difference():
    first, second = (record(Experiment(LinearRegression(SMALL), steps=5, seed=seed)) for seed in (0, 1))
    assert bits(first) == bits(second)
