"""What the scenarios of optimizers and schedules say, each number computed anew."""

from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.analysis.verdict import Kind, judge
from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.experiment import OWN_STEPS
from gdviz.core.descent.optimizers import make_optimizer
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.problems.problem import curvature, minimum_loss
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.scenarios.library import load_scenario

RUNS = {
    "momentum": ("gd", "momentum", "nesterov"),
    "adam": ("adam", "gd"),
    "sign": ("lion", "rprop"),
    "late-blow-up": ("rmsprop",),
    "adam-does-not-settle": ("adam", "adam"),
    "warm-up": ("gd", "gd"),
    "step-decay": ("gd", "gd", "gd"),
    "one-cycle": ("gd", "gd"),
    "line-search": ("exact", "armijo", "gd", "conjugate-gradient"),
    "newton": ("newton", "gd", "newton"),
}


def raced(name):
    scenario = load_scenario(name)
    return [record(experiment) for experiment in (scenario.experiment, *scenario.others)]


def distances(recording):
    """To the nearest minimum, at every step."""
    away = recording.points.astype(float)[:, None] - np.array(recording.experiment.problem.minima)
    return np.linalg.norm(away, axis=2).min(axis=1)


def arrival(recording):
    """The step from which on the run is within 0.01 of a minimum."""
    return int(np.flatnonzero(distances(recording) >= 0.01)[-1]) + 1


def limit(problem, point=(0.0, 0.0)):
    return 2 / curvature(problem, point).largest


def kinds(runs):
    return [judge(run).kind for run in runs]


@pytest.mark.parametrize("name", RUNS)
def test_runs_have_these_rules_on_known_data(name):
    runs = [run.experiment for run in raced(name)]
    assert tuple(run.optimizer.name for run in runs) == RUNS[name]
    if runs[0].problem.name == "linear-regression":
        own = {"adam": DataSettings(x_range=(0.0, 10.0)), "step-decay": DataSettings(noise=0.1)}
        assert runs[0].problem.data == generate(own.get(name, DataSettings()))


def test_sentences_of_momentum():
    # "within 0.01 of the minimum after 308 steps", "from step 96 on, Nesterov momentum from step 69"
    runs = plain, heavy, nesterov = raced("momentum")
    assert {run.experiment.schedule for run in runs} == {Constant(0.1)}
    assert [arrival(run) for run in runs] == [308, 96, 69]
    assert kinds(runs) == [Kind.SLOW, Kind.CONVERGED, Kind.CONVERGED]
    # "The one that does not shoot past it", "momentum overshoots, swings back"
    problem = plain.experiment.problem
    flattest = np.linalg.eigh(problem.hessian((0.0, 0.0)))[1][:, 0]
    flat = [
        (run.points[:96].astype(float) - np.array(problem.minima[0])) @ flattest for run in (plain, heavy, nesterov)
    ]
    turns = [int((np.diff(np.sign(along)) != 0).sum()) for along in flat]
    assert turns[0] == 0
    assert min(turns[1:]) >= 2


def test_sentences_of_adam():
    adam, plain = raced("adam")
    first = adam.gradients[0]
    # "the gradient in w is more than five times that in b"
    assert abs(first[0]) > 5 * abs(first[1])
    # "it is 0.1 in w and 0.1 in b", "0.455 in w and 0.081 in b"
    assert np.diff(adam.points[:2], axis=0)[0] == pytest.approx((0.1, 0.1), abs=1e-6)
    assert np.diff(plain.points[:2], axis=0)[0] == pytest.approx((0.455, 0.081), abs=5e-4)
    # "a loss of 0.0113 after 200 steps, where Adam is within 0.01 of the minimum from step 102 on"
    assert (plain.experiment.schedule, round(float(plain.losses[200]), 4)) == (Constant(0.02), 0.0113)
    assert arrival(adam) == 102
    assert kinds((adam, plain)) == [Kind.CONVERGED, Kind.SLOW]


def test_sentences_of_the_sign():
    lion, rprop = raced("sign")
    # "each is 0.1 in w and 0.1 in b", "between (0.3, 0.3) and (0.4, 0.4)"
    np.testing.assert_allclose(np.abs(np.diff(lion.points.astype(float), axis=0)), 0.1, rtol=1e-5)
    np.testing.assert_allclose(lion.points[-20::2], 0.3, atol=1e-5)
    np.testing.assert_allclose(lion.points[-19::2], 0.4, atol=1e-5)
    assert kinds((lion, rprop)) == [Kind.ZIGZAG, Kind.CONVERGED]
    # "halves the step ... where the sign turns, makes it longer by a fifth where it stays", "from step 36 on"
    assert (rprop.experiment.optimizer.etaminus, rprop.experiment.optimizer.etaplus) == (0.5, 1.2)
    assert arrival(rprop) == 36


def test_sentences_of_the_late_blow_up():
    (run,) = raced("late-blow-up")
    # "From step 70 to step 180 the run has converged"
    assert {judge(run, step).kind for step in range(70, 181, 10)} == {Kind.CONVERGED}
    # "at step 197 the loss is 0.126, and after another calm it is 0.075 at step 281"
    peaks = [int(run.losses[150:230].argmax()) + 150, int(run.losses[230:].argmax()) + 230]
    assert peaks == [197, 281]
    assert run.losses[peaks] == pytest.approx([0.126, 0.075], abs=5e-4)
    assert judge(run, 230).kind is Kind.CONVERGED
    # "a mean of squared gradients, which fades at the minimum, so that the steps grow": to beyond the limit
    squares, mean = run.gradients.astype(float) ** 2, np.zeros(2)
    hessian, largest = run.experiment.problem.hessian((0.0, 0.0)), []
    for square in squares[:197]:
        mean = 0.99 * mean + 0.01 * square
        largest.append(np.linalg.eigvals(np.diag(0.1 / np.sqrt(mean)) @ hessian).max())
    assert (np.diff(largest[20:180]) > 0).all()
    assert largest[70] < 2 < largest[180]


def test_sentences_of_adam_that_does_not_settle():
    constant, cosine = raced("adam-does-not-settle")
    # "After 200 steps at 0.7 Adam has a loss of less than 0.001", "at step 213 the loss is 9.6"
    assert constant.losses[200] < 0.001
    assert int(constant.losses[200:].argmax()) + 200 == 213
    assert round(float(constant.losses[213]), 1) == 9.6
    # "in five more bursts it rises above 1 again", each after a calm of 50 steps or more
    above = np.flatnonzero(constant.losses[200:] > 1.0)
    assert int((np.diff(above) > 50).sum()) == 5
    # "A cosine from the same 0.7 down to 0 is within 0.01 of the minimum after 312 steps and stays there"
    rates = [cosine.experiment.schedule(step) for step in (0, 800)]
    assert rates == [0.7, pytest.approx(0.0, abs=1e-12)]
    assert arrival(cosine) == 312
    assert kinds((constant, cosine)) == [Kind.SLOW, Kind.CONVERGED]


def test_sentences_of_the_warm_up():
    warm, cold = raced("warm-up")
    problem, start, schedule = warm.experiment.problem, warm.experiment.start, warm.experiment.schedule
    # "the limit is 0.0081 there, and 0.0243 at the minimum nearby", "a narrower well, with a limit of 0.0190"
    near, far = problem.minima[0], problem.minima[3]
    assert [round(limit(problem, point), 4) for point in (start, near, far)] == [0.0081, 0.0243, 0.0190]
    assert min(problem.minima, key=lambda point: np.linalg.norm(np.subtract(point, start))) == near
    # "A warm-up of 10 steps begins at 0.0067 and is within 0.01 of that minimum after 10 steps"
    assert [round(schedule(step), 4) for step in (0, 10, 39)] == [0.0067, 0.02, 0.02]
    assert cold.experiment == replace(warm.experiment, schedule=Constant(0.02))
    assert (arrival(warm), int(np.argmin(np.linalg.norm(warm.points[-1] - problem.minima, axis=1)))) == (10, 0)
    # "without it the first step leads across to a narrower well", where the run stays and does not arrive
    assert (cold.points[1:, 1] < 0).all()
    assert np.linalg.norm(cold.points[-10:] - far, axis=1).max() < 1.0
    assert kinds((warm, cold)) == [Kind.CONVERGED, Kind.ZIGZAG]


def test_sentences_of_the_step_decay():
    runs = raced("step-decay")
    decayed, large, small = runs
    lowest = minimum_loss(decayed.experiment.problem)
    # "over the last 75 steps the loss is 0.015 above the minimum on average at 0.5, 0.0025 at 0.05, and 0.0001"
    heights = [float(run.losses[-75:].astype(float).mean()) - lowest for run in runs]
    assert [round(height, 4) for height in heights] == [0.0001, 0.0151, 0.0025]
    # "from 0.5 to 0.05 and 0.005, a tenth every 100 steps"
    rates = [decayed.experiment.schedule(step) for step in (0, 99, 100, 199, 200, 299)]
    assert rates == pytest.approx([0.5, 0.5, 0.05, 0.05, 0.005, 0.005])
    assert [run.experiment.schedule for run in (large, small)] == [Constant(0.5), Constant(0.05)]
    assert (judge(large).kind, decayed.experiment.batch_size) == (Kind.SETTLED, 1)


def test_sentences_of_the_one_cycle():
    cycle, constant = raced("one-cycle")
    experiment, problem = cycle.experiment, cycle.experiment.problem
    rates = np.array([experiment.schedule(step) for step in range(100)])
    beyond = np.flatnonzero(rates > limit(problem))
    # "31 steps are beyond the limit", "the loss falls at each of them"
    assert (rates.max(), len(beyond)) == (1.0, 31)
    assert (np.diff(cycle.losses.astype(float))[beyond] < 0).all()
    # "those before have all but removed the miss in the steep direction"
    steepest = np.linalg.eigh(problem.hessian((0.0, 0.0)))[1][:, 1]
    miss = np.abs((cycle.points.astype(float) - np.array(problem.minima[0])) @ steepest)
    assert miss[beyond[0]] < 1e-6 * miss[0]
    # "after 45 steps, at a constant 0.7 after 43; at a constant 1.0 no loss is finite from step 92 on"
    assert (arrival(cycle), arrival(constant), constant.experiment.schedule) == (45, 43, Constant(0.7))
    assert kinds((cycle, constant)) == [Kind.CONVERGED, Kind.CONVERGED]
    assert record(replace(experiment, schedule=Constant(1.0))).milestones.infinite_loss == 92


def test_sentences_of_the_line_search():
    exact, backtracking, fixed, _ = runs = raced("line-search")
    # "it takes 51 of them", "46", "a fixed rate of 0.7 takes 55", "2"
    assert [arrival(run) for run in runs] == [51, 46, 55, 2]
    assert fixed.experiment.schedule == Constant(0.7)
    assert kinds(runs) == [Kind.CONVERGED] * 4
    # "each step stands at right angles to the one before"
    steps = np.diff(exact.points[:40].astype(float), axis=0)
    steps /= np.linalg.norm(steps, axis=1, keepdims=True)
    np.testing.assert_allclose((steps[1:] * steps[:-1]).sum(axis=1), 0.0, atol=1e-3)
    # "content with less": its steps end above the lowest point of their line
    half, whole = (backtracking.points[0] + share * np.diff(backtracking.points[:2], axis=0)[0] for share in (0.5, 1.0))
    assert backtracking.experiment.problem.loss(*half) < backtracking.experiment.problem.loss(*whole)


def test_sentences_of_newton():
    newton, plain, from_elsewhere = raced("newton")
    problem = newton.experiment.problem
    # "To the saddle at (0.087, 2.884): the loss rises from 58.0 to 67.7, and there the run stands still"
    assert newton.points[-1] == pytest.approx((0.087, 2.884), abs=5e-4)
    low, high = np.linalg.eigvalsh(problem.hessian(newton.points[-1]))
    assert low < 0 < high
    assert [round(float(loss), 1) for loss in newton.losses[[0, -1]]] == [58.0, 67.7]
    assert judge(newton).kind is Kind.STANDS_STILL
    # "at 0.01 is within 0.01 of a minimum after 18 steps, and from (4, 4) Newton's method is after 4"
    assert (plain.experiment.schedule, arrival(plain)) == (Constant(0.01), 18)
    assert (from_elsewhere.experiment.start, arrival(from_elsewhere)) == ((4.0, 4.0), 4)
    assert kinds((plain, from_elsewhere)) == [Kind.CONVERGED, Kind.CONVERGED]
    # "On the line of the lecture Newton's method is at the minimum after one step"
    lecture = replace(
        load_scenario("point-nine").experiment, optimizer=make_optimizer("newton", {}), schedule=OWN_STEPS, steps=1
    )
    assert record(lecture).points[1] == pytest.approx(LinearRegression().minima[0], abs=1e-5)
    assert judge(record(lecture)).kind is Kind.CONVERGED
