"""Problems that do not ship, in the core: a surface without a minimum, and regressions that are not quadratic."""

import math
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from gdviz.core.analysis.basins import basin_map
from gdviz.core.analysis.mean_square import mini_batch_limit, stationary_excess_loss
from gdviz.core.analysis.phase_map import default_grid, log_spaced_steps, phase_map
from gdviz.core.analysis.quadratic import has_exact_solution
from gdviz.core.analysis.range_test import as_range_test, curve
from gdviz.core.analysis.rate_limit import global_stability_limit
from gdviz.core.analysis.suggestions import suggestions
from gdviz.core.analysis.verdict import Kind, judge
from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.evaluations import has_tape, tape_at
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import descend
from gdviz.core.descent.optimizers import Momentum
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import HasBatches, HasClosedForm, HasData, HasReduction, HasTape
from gdviz.core.problems.finite_differences import check
from gdviz.core.problems.problem import minimum_loss
from gdviz.core.problems.registry import PROBLEMS, make_problem, uses_data
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau
from gdviz.core.scenarios.scenario import Scenario, read_scenario, write_scenario
from tests.recordings import same_columns
from tests.seams import Saddle, SmoothAbsolute, SteepSquares

OVER_DATA = pytest.mark.parametrize("kind", [SmoothAbsolute, SteepSquares])


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    for kind in (Saddle, SmoothAbsolute, SteepSquares):
        monkeypatch.setitem(PROBLEMS, kind.name, kind)


def run(problem, rate=0.1, **others):
    return record(Experiment(problem, schedule=Constant(rate), **{"start": problem.start, **others}))


def test_what_each_has():
    has = {
        kind: [one for one in (HasData, HasBatches, HasReduction, HasClosedForm, HasTape) if isinstance(kind(), one)]
        for kind in (LinearRegression, SteepSquares, SmoothAbsolute, Saddle)
    }
    assert has[LinearRegression] == [HasData, HasBatches, HasReduction, HasClosedForm, HasTape]
    assert has[SteepSquares] == [HasData, HasBatches, HasTape]
    assert has[SmoothAbsolute] == [HasData, HasBatches]
    assert has[Saddle] == [HasTape]


@pytest.mark.parametrize(("kind", "size"), [(Saddle, None), *product([SmoothAbsolute, SteepSquares], [None, 7])])
def test_runs_side_by_side_and_resumed_are_those_alone(kind, size):
    experiment = Experiment(kind(), Momentum(), Constant(0.02), kind().start, 90, batch_size=size)
    whole = record(experiment)
    for chunk in descend(experiment, whole.checkpoint(70)):
        np.testing.assert_array_equal(chunk.points, whole.points[70 : 70 + len(chunk.points)])
        break
    grid = replace(default_grid(experiment), lowest=0.01, highest=0.04, columns=3, steps=log_spaced_steps(90))
    found = phase_map(experiment, grid)
    for column, rate in enumerate(grid.learning_rates):
        alone = record(replace(experiment, schedule=Constant(float(np.float32(rate)))))
        np.testing.assert_array_equal(found.losses[:, column], alone.losses[list(grid.steps)])


class Ramp(Saddle):
    """x + y^2: a slope that is a plain number."""

    _value = staticmethod(lambda x, y: x + y * y)
    _partial_derivatives = staticmethod(lambda x, y: (1, 2 * y))


def test_a_slope_may_be_a_plain_number():
    points = np.array([[1.0, 2.0, 3.0], [0.5, -1.0, 2.0]], np.float32)
    evaluate = Ramp().evaluator(Precision.FLOAT32)
    gradients = evaluate(points)[1]
    assert gradients.dtype == evaluate(points[:, 0])[1].dtype == np.float32
    assert gradients.tolist() == [[1, 1, 1], [1, -2, 4]]
    assert judge(run(Ramp(), steps=50)).kind is Kind.UNDER_WAY


# Without a minimum


def test_a_saddle_has_nothing_that_needs_a_minimum():
    saddle = Saddle()
    experiment = Experiment(saddle, start=saddle.start)
    assert minimum_loss(saddle) is None
    assert global_stability_limit(experiment) is None
    assert not has_exact_solution(experiment)
    assert (default_grid(experiment).lowest, default_grid(experiment).highest) == (1e-4, 20.0)
    with pytest.raises(InputError, match=r"^map of starts: this problem has no known minimum"):
        basin_map(experiment, saddle.box, 8)


def test_nothing_on_a_map_has_arrived():
    experiment = Experiment(Saddle(), start=(1.0, 0.1))
    found = phase_map(experiment, replace(default_grid(experiment, 16), steps=log_spaced_steps(400)))
    assert (found.needed == -1).all()
    assert np.isneginf(found.losses).any()


@pytest.mark.parametrize("precision", Precision)
def test_a_run_that_falls_without_end_diverges(precision):
    verdict = judge(run(Saddle(), steps=100, precision=precision))
    assert (verdict.kind, verdict.sentence[:45]) == (Kind.DIVERGING, "it runs away, each step longer than the last;")
    verdict = judge(run(Saddle(), steps=5000, precision=precision))
    assert verdict.kind is Kind.DIVERGING
    assert verdict.sentence.startswith("loss minus infinity since step ")


def test_near_the_saddle_nobody_says_converged():
    early = judge(run(Saddle(), steps=12))
    assert (early.kind, early.sentence[:20]) == (Kind.UNDER_WAY, "no minimum is known;")
    for start in [(1.0, 0.0), (0.0, 0.0)]:
        held = judge(run(Saddle(), steps=3000, start=start))
        assert held.kind is Kind.STANDS_STILL
        assert "no minimum is known" in held.sentence


def test_uphill_and_turning_are_told_as_everywhere():
    assert judge(run(Saddle(), 1.2, start=(1.0, 0.0), steps=60)).kind is Kind.DIVERGING
    assert judge(run(Saddle(), 0.9, start=(1.0, 0.0), steps=60)).kind is Kind.ZIGZAG


def test_of_a_range_test_no_limit_is_known():
    saddle = Saddle()
    experiment = as_range_test(Experiment(saddle, start=(1.0, 0.0)), RangeTest(start=0.01, end=2.0))
    found = suggestions(curve(record(experiment), experiment.steps), experiment)
    assert "minimum" in found
    assert not {"limit", "best"} & set(found)


def test_no_rate_is_best_on_a_saddle(tmp_path):
    path = tmp_path / "saddle.toml"
    path.write_text('title = "S"\nproblem = "saddle"\n[schedule]\nlearning_rate = "best"\n')
    with pytest.raises(InputError, match=r"learning_rate: saddle has no minimum, and no rate is best; use a number"):
        read_scenario(path)


# Over data


@OVER_DATA
def test_its_derivatives_are_slopes(kind):
    problem, point, h = kind(), np.array([0.3, -0.4]), 1e-5
    evaluate = problem.evaluator(Precision.FLOAT64)
    assert float(evaluate(point)[0]) == pytest.approx(float(problem.loss(*point)), rel=1e-13)
    along = [(problem.loss(*(point + h * e)) - problem.loss(*(point - h * e))) / (2 * h) for e in np.eye(2)]
    np.testing.assert_allclose(evaluate(point)[1], along, rtol=1e-8)
    bends = [(evaluate(point + h * e)[1] - evaluate(point - h * e)[1]) / (2 * h) for e in np.eye(2)]
    np.testing.assert_allclose(problem.hessian(point), bends, rtol=1e-8)


@OVER_DATA
def test_it_is_made_over_any_data(kind):
    data = generate(DataSettings(rows=12))
    assert uses_data(kind.name)
    assert make_problem(kind.name, data).data is data
    assert str(Experiment(make_problem(kind.name, data))).startswith(f"{kind.title} on 12 rows")
    with pytest.raises(InputError, match="or use the problem linear-regression or smooth-absolute or steep-squares"):
        make_problem("himmelblau", data)


def test_runs_converge_where_the_minimum_is_known():
    problem = SteepSquares()
    recording = run(problem, steps=2000, precision=Precision.FLOAT64)
    np.testing.assert_allclose(recording.points[-1], problem.minima[0], rtol=1e-5)
    assert judge(recording).kind is Kind.CONVERGED
    assert judge(run(SmoothAbsolute(), steps=5000)).kind is Kind.STANDS_STILL
    assert judge(run(problem, 3.0)).kind is Kind.DIVERGING


@OVER_DATA
def test_batches_are_drawn_as_for_the_regression(kind):
    experiment = Experiment(kind(), schedule=Constant(0.05), start=kind.start, steps=40, batch_size=9, seed=3)
    recording = record(experiment)
    whole = experiment.problem.evaluator(experiment.precision)
    assert [whole(point)[0] for point in recording.points] == recording.losses.tolist()
    of_batch = recording.evaluation(20)
    assert not np.array_equal(recording.gradients[20], whole(recording.points[20])[1])
    np.testing.assert_array_equal(of_batch.gradient_at(recording.points[20]), recording.gradients[20])
    h = 1e-5
    double = record(replace(experiment, precision=Precision.FLOAT64)).evaluation(20)
    point = double.point
    bends = [(double.gradient_at(point + h * e) - double.gradient_at(point - h * e)) / (2 * h) for e in np.eye(2)]
    np.testing.assert_allclose(double.hessian, bends, rtol=1e-7)
    assert mini_batch_limit(experiment) is None
    assert stationary_excess_loss(experiment) is None
    with pytest.raises(InputError, match=r"^batch_size: 101 is more than there are rows; use 1 to 100$"):
        replace(experiment, batch_size=101)


@pytest.mark.parametrize("size", [None, 9])
def test_the_tape_is_that_of_the_run(size):
    experiment = Experiment(SteepSquares(), schedule=Constant(0.05), start=(0.0, -1.0), steps=20, batch_size=size)
    recording = record(experiment)
    assert has_tape(experiment)
    for step in (0, 7, 20):
        found = tape_at(experiment, recording.points[step], step).parameter_gradient()
        np.testing.assert_allclose(found, recording.gradients[step], rtol=1e-5)
    assert check(experiment.problem, (0.3, 0.2)).agrees


@pytest.mark.parametrize("size", [None, 9])
def test_a_root_has_no_tape(size):
    assert not has_tape(Experiment(SmoothAbsolute(), batch_size=size))


def test_batches_without_data_or_of_data_without_batches():
    class WithoutBatches:
        name, parameters, data = "w", ("w", "b"), generate(DataSettings())

    with pytest.raises(InputError, match=r"^batch_size: the problem himmelblau has no data; leave the batch size out$"):
        Experiment(Himmelblau(), batch_size=3)
    with pytest.raises(InputError, match=r"^batch_size: the problem w has no batches; leave the batch size out$"):
        Experiment(WithoutBatches(), batch_size=3)


@pytest.mark.parametrize("kind", [Saddle, SmoothAbsolute, SteepSquares])
def test_a_file_is_written_and_read(kind, tmp_path):
    data = generate(DataSettings(rows=30, noise=0.5))
    problem = make_problem(kind.name, data if uses_data(kind.name) else None)
    size = 4 if uses_data(kind.name) else None
    experiment = Experiment(problem, Momentum(), Constant(0.01), problem.start, 60, batch_size=size)
    write_scenario(Scenario("T", experiment), tmp_path / "t.toml")
    read = read_scenario(tmp_path / "t.toml").experiment
    assert read == experiment
    assert same_columns(record(read), record(experiment))
    assert "reduction" not in (tmp_path / "t.toml").read_text()


@OVER_DATA
def test_a_reduction_that_there_is_not(kind, tmp_path):
    path = tmp_path / "t.toml"
    path.write_text(f'title = "T"\nproblem = "{kind.name}"\nreduction = "sum"\n[schedule]\nlearning_rate = 0.1\n')
    with pytest.raises(InputError, match=f"reduction: the problem {kind.name} has none; leave the reduction out"):
        read_scenario(path)


def test_a_rate_that_is_best_for_all_is_not_known(tmp_path):
    path = tmp_path / "t.toml"
    path.write_text('title = "T"\nproblem = "steep-squares"\n[schedule]\nlearning_rate = "best"\n')
    with pytest.raises(InputError, match="steep-squares has none that is best everywhere"):
        read_scenario(path)
    assert math.isfinite(minimum_loss(SteepSquares()))


def test_a_class_is_asked_for_a_capability_once_and_rightly():
    for _ in range(2):
        assert isinstance(LinearRegression(), HasData)
        assert isinstance(LinearRegression(), HasClosedForm)
        assert isinstance(Saddle(), HasTape)
        assert not isinstance(Saddle(), HasData)
        assert not isinstance(SmoothAbsolute(), HasTape)
