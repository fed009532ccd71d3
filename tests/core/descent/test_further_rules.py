"""Rules that gdviz does not have: their runs against references, and what is known and said of them."""

from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.analysis.mean_square import mini_batch_limit
from gdviz.core.analysis.phase_map import HIGHEST_RATE, LOWEST_RATE, default_grid
from gdviz.core.analysis.quadratic import has_exact_solution, steps_to_tolerance
from gdviz.core.analysis.range_test import as_range_test, curve
from gdviz.core.analysis.rate_limit import global_stability_limit
from gdviz.core.analysis.suggestions import CURVE_SUGGESTIONS, suggestions
from gdviz.core.analysis.verdict import Kind, judge
from gdviz.core.descent.checkpoint import start
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import learning_rates, walk
from gdviz.core.descent.optimizers import Momentum, Optimizer
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.precision import Precision
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock
from gdviz.core.scenarios.scenario import Scenario, read_scenario, write_scenario
from tests.recordings import LECTURE, lecture
from tests.seams import RULES, Backtracking, Broken, CountedMeans, DecayedMomentum, Newton, SignDescent

BATCHES = [None, 10]
VALLEY = Experiment(Rosenbrock(), start=(-1.2, 1.0), schedule=Constant(1.0), steps=8, precision=Precision.FLOAT64)


def close(precision):
    return {"rtol": 1e-11 if precision is Precision.FLOAT64 else 2e-4, "atol": 0.0}


# Each rule against a reference of its own


@pytest.mark.parametrize("precision", Precision)
def test_a_line_search_takes_the_first_half_that_falls_enough(precision):
    run = record(replace(VALLEY, optimizer=Backtracking(), steps=30, precision=precision))
    loss = lambda x, y: (1 - x) ** 2 + 100 * (y - x * x) ** 2  # noqa: E731 - Rosenbrock's, written down again
    for point, gradient, direction in zip(run.points, run.gradients, run.directions, strict=True):
        (x, y), (u, v), size = point.astype(float), gradient.astype(float), 1.0
        while not loss(x - size * u, y - size * v) <= loss(x, y) - 1e-4 * size * (u * u + v * v):
            size /= 2
        np.testing.assert_array_equal(direction, (size * gradient).astype(precision.dtype))
    assert (np.diff(run.losses) < 0).all()


@pytest.mark.parametrize("batch_size", BATCHES)
@pytest.mark.parametrize("precision", Precision)
def test_sign_descent_moves_by_the_rate_along_each_axis(precision, batch_size):
    run = record(lecture(0.125, steps=40, optimizer=SignDescent(), precision=precision, batch_size=batch_size))
    moved = np.diff(run.points.astype(float), axis=0)
    np.testing.assert_array_equal(moved, -0.125 * np.sign(run.gradients[:-1]))


@pytest.mark.parametrize("precision", Precision)
def test_newton_is_at_the_minimum_of_a_quadratic_in_one_step(precision):
    run = record(lecture(1.0, steps=2, optimizer=Newton(), precision=precision))
    np.testing.assert_allclose(run.points[1], LECTURE.minima[0], **close(precision))
    halved = record(lecture(0.5, steps=8, optimizer=Newton(), precision=Precision.FLOAT64)).points
    away = halved - np.array(LECTURE.minima[0])
    np.testing.assert_allclose(away, away[0] * 0.5 ** np.arange(9)[:, None], rtol=1e-10)


def test_newton_in_a_valley_is_as_it_is_by_hand():
    x, y = VALLEY.start
    for found in record(replace(VALLEY, optimizer=Newton())).points:
        np.testing.assert_allclose(found, (x, y), rtol=1e-9)
        gradient = np.array([2 * (x - 1) - 400 * x * (y - x * x), 200 * (y - x * x)])
        hessian = np.array([[2 - 400 * (y - 3 * x * x), -400 * x], [-400 * x, 200]])
        x, y = (x, y) - np.linalg.solve(hessian, gradient)


@pytest.mark.parametrize("precision", Precision)
def test_newton_on_batches_goes_to_the_minimum_of_each(precision):
    run = record(lecture(1.0, steps=20, optimizer=Newton(), precision=precision, batch_size=10))
    for step in range(20):
        at_next = run.evaluation(step).gradient_at(run.points[step + 1])
        assert np.abs(at_next).max() < (1e-12 if precision is Precision.FLOAT64 else 1e-4)


@pytest.mark.parametrize("batch_size", BATCHES)
@pytest.mark.parametrize("precision", Precision)
def test_decoupled_decay_is_algorithm_1_of_its_paper(precision, batch_size):
    """There the buffer holds the rate too, and the decay acts on the point beside it."""
    rate, momentum, decay = 0.05, 0.8, 0.1
    rule = DecayedMomentum(momentum, decay)
    run = record(lecture(rate, steps=60, optimizer=rule, precision=precision, batch_size=batch_size))
    moved, point = np.zeros(2), np.array([0.0, -1.0])
    for found, gradient in zip(run.points, run.gradients.astype(float), strict=True):
        np.testing.assert_allclose(found, point, **close(precision) | {"atol": 1e-5})
        moved = momentum * moved + rate * gradient
        point = point - moved - rate * decay * point
    assert not np.allclose(run.points[-1], record(lecture(rate, steps=60, optimizer=Momentum(momentum))).points[-1])


@pytest.mark.parametrize("precision", Precision)
def test_adam_is_algorithm_1_of_its_paper(precision):
    """Kingma and Ba, ICLR (2015)."""
    run = record(lecture(0.1, steps=40, optimizer=CountedMeans(), precision=precision))
    mean, squares, point = np.zeros(2), np.zeros(2), np.array([0.0, -1.0])
    for count, (found, gradient) in enumerate(zip(run.points, run.gradients.astype(float), strict=True), 1):
        np.testing.assert_allclose(found, point, **close(precision) | {"atol": 1e-5})
        mean, squares = 0.9 * mean + 0.1 * gradient, 0.999 * squares + 0.001 * gradient**2
        point = point - 0.1 * mean / (1 - 0.9**count) / (np.sqrt(squares / (1 - 0.999**count)) + 1e-8)


# What holds for every rule


@pytest.mark.parametrize("batch_size", BATCHES)
@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("kind", [*RULES, Broken])
def test_runs_side_by_side_are_those_alone(kind, precision, batch_size):
    base = lecture(0.1, steps=30, optimizer=kind(), precision=precision, batch_size=batch_size)
    begin, starts = start(base, 3), [(0.0, -1.0), (2.0, 1.0), (-3.0, 0.5)]
    begin = replace(begin, point=np.array(starts, precision.dtype).T)
    with np.errstate(all="ignore"):
        beside = list(walk(base, begin, learning_rates(base)))
    for place, single in enumerate(starts):
        alone = record(replace(base, start=single))
        np.testing.assert_array_equal([step.point[:, place] for step in beside], alone.points)
        assert alone.directions.dtype == precision.dtype


@pytest.mark.parametrize("kind", RULES)
def test_a_scenario_is_read_as_it_was_written(further_rules, tmp_path, kind):
    rule = kind(**dict.fromkeys(vars(kind()), 0.25))
    scenario = Scenario("Further", lecture(0.5, optimizer=rule), others=(lecture(0.1, optimizer=kind()),))
    write_scenario(scenario, tmp_path / "a.toml")
    assert read_scenario(tmp_path / "a.toml") == scenario


def test_what_a_rule_says_unless_it_knows_better():
    class Silent(Optimizer):
        name = "silent"

    rule = Silent()
    assert rule.init(np.zeros(2)) is None
    assert [rule.is_linear, rule.is_plain, rule.is_common_noun] == [False] * 3
    assert (rule.overshoot_rate(1.0), rule.stability_limit(1.0)) == (None, None)
    assert rule.explain(None, None, None, None) == ()
    with pytest.raises(NotImplementedError, match="silent"):
        rule.update(None, None)


# Where no limit is known


@pytest.mark.parametrize("kind", [Backtracking, SignDescent])
@pytest.mark.parametrize("batch_size", BATCHES)
def test_without_a_limit_there_is_none_anywhere(kind, batch_size):
    experiment = lecture(0.5, optimizer=kind(), batch_size=batch_size)
    assert global_stability_limit(experiment) is None
    assert mini_batch_limit(experiment) is None
    assert not has_exact_solution(experiment)
    grid = default_grid(experiment)
    assert (grid.lowest, grid.highest) == (LOWEST_RATE, HIGHEST_RATE)
    swept = as_range_test(experiment, RangeTest())
    assert list(suggestions(curve(record(swept), swept.steps), swept)) == list(CURVE_SUGGESTIONS)


@pytest.mark.parametrize("batch_size", BATCHES)
def test_a_limit_of_the_rules_own_is_everybodys(batch_size):
    newton, decayed = (lecture(0.5, optimizer=rule, batch_size=batch_size) for rule in (Newton(), DecayedMomentum()))
    assert global_stability_limit(newton) == 2.0
    assert global_stability_limit(decayed) == DecayedMomentum().stability_limit(
        np.linalg.eigvalsh(LECTURE.hessian((0, 0)))[-1]
    )
    assert global_stability_limit(Experiment(Himmelblau(), Newton())) is None


class Silenced(Momentum):
    """A linear rule that does not tell its limit."""

    def overshoot_rate(self, eigenvalue):
        return None

    def stability_limit(self, eigenvalue):
        return None


@pytest.mark.parametrize("part", [1e-3, 0.1, 0.9, 1.1, 3.0, 1e30])
def test_a_linear_rule_without_a_told_limit_is_asked_itself(part):
    told, silent = lecture(0.1, optimizer=Momentum(0.8)), lecture(0.1, optimizer=Silenced(0.8))
    rate = part * global_stability_limit(told)
    assert steps_to_tolerance(silent, rate) == steps_to_tolerance(told, rate)
    assert mini_batch_limit(replace(silent, batch_size=5)) is None


@pytest.mark.parametrize("batch_size", BATCHES)
@pytest.mark.parametrize(("rule", "rate"), [(Backtracking(), 1.0), (SignDescent(), 0.1), (Newton(), 0.5)])
def test_the_verdict_needs_no_limit(rule, rate, batch_size):
    kind = judge(record(lecture(rate, optimizer=rule, batch_size=batch_size))).kind
    assert kind is not Kind.DIVERGING
    assert (kind is Kind.CONVERGED) == (batch_size is None and not isinstance(rule, SignDescent))


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("problem", [LinearRegression(), Himmelblau()])
def test_numbers_that_break_are_a_run_that_diverges(problem, precision):
    run = record(Experiment(problem, Broken(3.0), Constant(0.01), problem.start, 20, precision))
    assert np.isnan(run.directions[3:]).all()
    verdict = judge(run)
    assert verdict.kind is Kind.DIVERGING
    assert verdict.sentence == "loss NaN since step 4"
