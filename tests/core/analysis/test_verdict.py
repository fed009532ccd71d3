"""Verdicts against truths that are reasoned from the mathematics, not from the code."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.analysis.verdict import Kind, Verdict, judge
from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.checkpoint import Checkpoint
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import Chunk, descend
from gdviz.core.descent.optimizers import GradientDescent, Momentum, Nesterov
from gdviz.core.descent.recording import Recording, record
from gdviz.core.descent.schedules import Constant, RangeTest, make_schedule
from gdviz.core.precision import Precision
from gdviz.core.problems.problem import minimum_loss
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock
from tests.data_sets import opened
from tests.recordings import invented, partial, recorded

pytestmark = pytest.mark.unmeasured  # dear to measure; what it meets is met elsewhere

LINE, ROSENBROCK, HIMMELBLAU = LinearRegression(), Rosenbrock(), Himmelblau()
SINGLE, DOUBLE = Precision.FLOAT32, Precision.FLOAT64
GD, MOMENTUM, NESTEROV = GradientDescent(), Momentum(0.9), Nesterov(0.9)
MINIMUM = LINE.minima[0]
# The direction in which the bowl is flat: from here the stiff direction has next to nothing to say at first.
FLAT = np.linalg.eigh(LINE.hessian(MINIMUM))[1][:, 0]
ON_THE_FLAT = tuple(float(value) for value in np.array(MINIMUM) + 10 * FLAT)
SADDLE = (0.08667750456, 2.88425470257)
SUMMIT = (-0.27084459067, -0.92303855648)
ONE_ROW = LinearRegression(from_points([0.7], [2.0], None, "one row"))
CONSTANT_X = LinearRegression(from_points([0.3] * 50, np.random.default_rng(1).normal(0, 1, 50), None, "constant x"))
AT_ZERO = LinearRegression(from_points([0.0], [2.0], None, "x = 0"))
EXACT = LinearRegression(generate(DataSettings(noise=0.0)))
OFF_CENTRE = LinearRegression(generate(DataSettings(x_range=(20.0, 21.0))))

# The Hessian of LINE has the eigenvalues m = 0.1348 and L = 2.5791: in n steps of plain descent the losses along the
# two axes shrink by (1 - rate m)^2n and (1 - rate L)^2n. Limits: gd 0.7755, momentum 1.4734, Nesterov 0.5262.
TRUTHS = [
    # problem, optimizer, rate, start, steps, precision, kind
    (LINE, GD, 0.0, (0, -1), 200, SINGLE, "stands still"),  # never moves, and the gradient is (-1.6, -3.1)
    (LINE, GD, 0.0, MINIMUM, 200, SINGLE, "converged"),
    (LINE, GD, 0.0, MINIMUM, 200, DOUBLE, "converged"),
    (LINE, GD, 0.1, MINIMUM, 200, SINGLE, "converged"),
    (LINE, GD, 0.7, MINIMUM, 200, SINGLE, "converged"),
    (LINE, GD, 0.1, MINIMUM, 1, DOUBLE, "converged"),
    (LINE, GD, -0.1, (0, -1), 200, SINGLE, "diverging"),  # uphill
    (LINE, GD, -0.1, (0, -1), 1, DOUBLE, "diverging"),
    (LINE, GD, 1e-4, (0, -1), 200, SINGLE, "slow"),
    (LINE, GD, 0.1, (0, -1), 1, SINGLE, "slow"),
    (LINE, GD, 0.1, (0, -1), 200, SINGLE, "slow"),  # 0.0044 is left along the flat axis
    (LINE, GD, 0.1, (0, -1), 200, DOUBLE, "slow"),
    (LINE, GD, 0.1, (0, -1), 2000, SINGLE, "converged"),
    (LINE, GD, 0.1, (0, -1), 2000, DOUBLE, "converged"),
    (LINE, GD, 0.5, (0, -1), 200, SINGLE, "converged"),
    (LINE, GD, 0.7369, (0, -1), 200, DOUBLE, "converged"),
    (LINE, GD, 0.7369, (0, -1), 20, DOUBLE, "zigzag"),  # 0.9^40 = 0.015 is left
    (LINE, GD, 0.77, (0, -1), 200, SINGLE, "zigzag"),  # 0.0035 is left
    (LINE, GD, 0.775, (0, -1), 200, DOUBLE, "zigzag"),
    (LINE, GD, 0.77, (0, -1), 5000, DOUBLE, "converged"),
    (LINE, GD, 0.776, (0, -1), 2000, DOUBLE, "diverging"),
    (LINE, GD, 0.78, (0, -1), 200, SINGLE, "diverging"),
    (LINE, GD, 0.9, (0, -1), 1, SINGLE, "diverging"),
    (LINE, GD, 0.9, (0, -1), 5, SINGLE, "diverging"),
    (LINE, GD, 0.9, (0, -1), 100, SINGLE, "diverging"),  # nothing is infinite yet
    (LINE, GD, 0.9, (0, -1), 200, SINGLE, "diverging"),
    (LINE, GD, 1.0, (0, -1), 200, SINGLE, "diverging"),
    (LINE, GD, 10.0, (0, -1), 200, SINGLE, "diverging"),
    (LINE, GD, 10.0, (0, -1), 200, DOUBLE, "diverging"),
    (LINE, GD, 0.9, ON_THE_FLAT, 60, SINGLE, "diverging"),  # the loss is below the start's still, but grows 1.75-fold
    (LINE, GD, 0.9, ON_THE_FLAT, 90, SINGLE, "diverging"),
    # The first losses are beyond single precision, and left behind: w falls by the factor 0.9865 a step.
    (LINE, GD, 0.1, (1e20, 0), 200, SINGLE, "slow"),
    (LINE, GD, 0.1, (1e20, 0), 2000, SINGLE, "slow"),
    (LINE, GD, 0.1, (1e20, 0), 8000, SINGLE, "converged"),
    (LINE, GD, 0.9, (1e20, 0), 20, SINGLE, "diverging"),
    (LINE, MOMENTUM, 1e-5, (0, -1), 200, SINGLE, "slow"),
    (LINE, MOMENTUM, 0.1, (0, -1), 400, SINGLE, "converged"),  # both axes shrink by 0.9 a step
    (LINE, MOMENTUM, 0.1, (0, -1), 400, DOUBLE, "converged"),
    (LINE, MOMENTUM, 1.5, (0, -1), 1000, DOUBLE, "diverging"),
    (LINE, MOMENTUM, 1.0, (0, -1), 30, DOUBLE, "zigzag"),  # a root of -0.34 + 0.89i: two turns in three steps
    (LINE, NESTEROV, 0.1, (0, -1), 400, DOUBLE, "converged"),
    (LINE, NESTEROV, 0.6, (0, -1), 200, DOUBLE, "diverging"),  # plain descent converges at this rate
    (EXACT, GD, 0.5, (0, -1), 400, SINGLE, "converged"),
    (EXACT, GD, 0.5, (0.1, 0.5), 3, SINGLE, "converged"),
    (ONE_ROW, GD, 0.3, (0, -1), 200, SINGLE, "converged"),  # a valley: one flat axis and one of curvature 2.98
    (ONE_ROW, GD, 0.3, (0, -1), 200, DOUBLE, "converged"),
    (ONE_ROW, GD, 0.7, (0, -1), 200, DOUBLE, "diverging"),
    (ONE_ROW, GD, 0.001, (0, -1), 20, DOUBLE, "slow"),
    (AT_ZERO, GD, 0.5, (0, -1), 1, SINGLE, "converged"),  # curvature 2 along b alone: one step of 1/2 is exact
    (CONSTANT_X, GD, 0.1, (0, -1), 2000, SINGLE, "converged"),
    (CONSTANT_X, GD, 0.1, (0, -1), 2000, DOUBLE, "converged"),
    (CONSTANT_X, GD, 0.001, (0, -1), 200, DOUBLE, "slow"),
    # Curvatures of 843 and 0.0004: the valley is reached at once, 5e-4 of 12 is left along it.
    (OFF_CENTRE, GD, 0.5 / OFF_CENTRE.hessian((0, 0)).trace(), (0, -1), 200, DOUBLE, "slow"),
    (ROSENBROCK, GD, 0.001, (-1.2, 1.0), 200, DOUBLE, "slow"),
    (ROSENBROCK, GD, 0.001, (-1.2, 1.0), 40_000, DOUBLE, "converged"),  # the flat axis has 0.4: (1 - 0.0004)^80000
    (ROSENBROCK, GD, 0.01, (-1.2, 1.0), 200, SINGLE, "diverging"),
    (ROSENBROCK, GD, 0.001, (1.0, 1.0), 5, SINGLE, "converged"),
    (ROSENBROCK, GD, 0.001, (0.0, 0.0), 1, SINGLE, "slow"),  # the gradient is (-2, 0)
    (HIMMELBLAU, GD, 0.01, (0, 0), 200, SINGLE, "converged"),
    (HIMMELBLAU, GD, 0.01, (0, 0), 200, DOUBLE, "converged"),
    (HIMMELBLAU, GD, 1e-4, (0, 0), 20, SINGLE, "slow"),
    (HIMMELBLAU, GD, 0.1, (0, 0), 200, SINGLE, "diverging"),
    # Beyond 2/82.3 = 0.0243, the limit at (3, 2), it is caught in a cycle of two points around the minimum.
    (HIMMELBLAU, GD, 0.025, (0, 0), 200, DOUBLE, "zigzag"),
    (HIMMELBLAU, GD, 0.026, (0, 0), 200, SINGLE, "zigzag"),
    (HIMMELBLAU, MOMENTUM, 0.001, (0, 0), 500, DOUBLE, "converged"),
    (HIMMELBLAU, NESTEROV, 0.001, (0, 0), 500, DOUBLE, "converged"),
    (HIMMELBLAU, GD, 0.0, SADDLE, 200, DOUBLE, "stands still"),
    (HIMMELBLAU, GD, 0.001, SADDLE, 10, DOUBLE, "slow"),
    (HIMMELBLAU, MOMENTUM, 0.001, SADDLE, 10, SINGLE, "stands still"),
    (HIMMELBLAU, GD, 0.0, SUMMIT, 200, SINGLE, "stands still"),
    (HIMMELBLAU, GD, 0.001, SUMMIT, 5, DOUBLE, "slow"),
    (HIMMELBLAU, GD, 0.0, (1e70, 1e70), 5, DOUBLE, "stands still"),  # the squares of its gradient overflow
]


@pytest.mark.parametrize(("problem", "optimizer", "rate", "start", "steps", "precision", "truth"), TRUTHS)
def test_verdict_is_the_truth(problem, optimizer, rate, start, steps, precision, truth):
    recording = record(Experiment(problem, optimizer, Constant(rate), start, steps, precision))
    verdict = judge(recording)
    assert verdict.kind == truth
    assert verdict.sentence
    assert "\n" not in verdict.sentence


@pytest.mark.parametrize("minimum", Himmelblau.minima)
@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("rate", [0.0, 0.001, 0.01])
def test_a_run_from_a_minimum_has_converged(minimum, precision, rate):
    assert judge(record(Experiment(HIMMELBLAU, GD, Constant(rate), minimum, 50, precision))).kind is Kind.CONVERGED


@pytest.mark.parametrize(
    ("problem", "start", "truth"),
    [
        (LINE, (0, -1), "start"),
        (LINE, MINIMUM, "start"),
        (LINE, (1e30, 0), "diverging"),
        (HIMMELBLAU, SADDLE, "start"),
        (AT_ZERO, (5, 2), "start"),
    ],
)
def test_the_start_gives_nothing_away(problem, start, truth):
    recording = record(Experiment(problem, start=start))
    assert judge(recording, 0).kind == truth
    first = Recording(recording.experiment)
    first.append(next(descend(recording.experiment, chunk_steps=1)))
    assert judge(first) == judge(recording, 0)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (1e-3, {1: "falling", 100: "falling", 200: "slow"}),
        (0.5, {1: "falling", 60: "falling", 199: "converged", 200: "converged"}),
        (0.7, {1: "falling", 2: "to and fro", 20: "to and fro", 200: "converged"}),
        (0.9, {1: "rising", 5: "rising", 149: "rising", 150: "diverging", 200: "diverging"}),
        (0.0, {1: "stands still", 200: "stands still"}),
        (-0.1, {1: "rising", 100: "rising", 200: "diverging"}),
    ],
)
def test_what_has_been_walked_is_judged(rate, words):
    recording = record(Experiment(LINE, schedule=Constant(rate), start=(0.0, -1.0)))
    assert {step: judge(recording, step).kind.value for step in words} == words


def test_a_loss_as_before_is_told_without_the_digits_that_rounding_has_changed():
    recording = record(opened("kilometres"))
    before, now = recording.losses[[3, 5]]
    assert before != now
    assert judge(recording, 5) == Verdict(Kind.SLOW, "loss 1.54e07, as 2 steps before")


@pytest.mark.parametrize("name", ["kilometres", "cities", "millionths", "years", "time stamps"])
def test_rounding_does_not_make_words_flicker(name):
    recording = record(opened(name, opened(name).schedule.first_rate / 10))
    words = [word for word, _ in itertools.groupby(judge(recording, step).kind.value for step in range(201))]
    assert words[:3] == ["start", "falling", "slow"]
    assert words[3:] in ([], ["stands still"], ["stands still", "slow"])


@pytest.mark.parametrize("name", ["point-nine", "one", "momentum", "valley", "four wells"])
def test_later_steps_do_not_count(name):
    recording = recorded(name)
    for step in (0, 1, 2, 7, 40, 150, 199):
        assert judge(recording, step) == judge(partial(recording, step + 1))


def test_a_change_of_the_rate_is_judged_by_the_rate_that_led_here():
    before = Experiment(LINE, schedule=Constant(0.9), start=(0.0, -1.0))
    recording = record(before.with_learning_rate(0.3, from_step=20))
    assert [judge(recording, step).kind.value for step in (20, 30)] == ["rising", "falling"]
    assert judge(recording).kind is Kind.CONVERGED


@pytest.mark.parametrize("steps", [60, 200])
def test_a_run_that_comes_down_again_does_not_rise_at_its_end(steps):
    run = Experiment(LINE, schedule=make_schedule("reduce-on-plateau", 0.9, {}), start=(0.0, -1.0), steps=steps)
    recording = record(run)
    assert judge(recording, 12).kind is Kind.RISING
    assert judge(recording, steps - 1).kind is Kind.FALLING
    assert judge(recording).kind is Kind.SLOW
    assert judge(recording).sentence == "falling again, but still above the start's 2.41; loss 3.22"


def test_a_loss_that_is_infinite_for_a_while_is_told_by_its_last_stretch():
    losses = np.array([1.0, 1e30, np.inf, 1e35, np.inf, np.inf, np.nan, np.nan])
    points = [[0.0, bias] for bias in (1.0, 1e15, 2e19, 3e17, 2e19, 3e19, 4e19, 5e19)]
    recording = invented(points=points, losses=losses, precision=SINGLE)
    assert judge(recording, 2).sentence == "loss infinite since step 2"
    assert judge(recording, 3).kind is Kind.RISING
    assert judge(recording, 5).sentence == "loss infinite since step 4; first at step 2"
    assert judge(recording, 6).sentence == "loss infinite since step 4; NaN since step 6; first at step 2"
    both = invented(points=[[0.0, 1e3 * step] for step in range(3)], losses=np.array([1.0, np.nan, np.inf]))
    assert judge(both).sentence == "loss not finite since step 1"


def test_a_run_that_stands_still_above_the_minimum_is_not_said_to_be_below_it():
    years = from_points(range(1950, 2021, 10), [13.9, 13.8, 14.0, 13.95, 14.2, 14.4, 14.6, 14.9], None, "decades")
    start = (0.014803197105809044, -15.18431645572281)
    recording = record(Experiment(LinearRegression(years, "sum"), GD, Constant(1.586e-8), start))
    assert recording.losses[-1] < minimum_loss(recording.experiment.problem)  # the sum of rounded squares
    words = "the steps are below the rounding of float32; loss 0.1170539, minimum 0.1170536"
    assert judge(recording) == Verdict(Kind.STANDS_STILL, words)


def test_a_gradient_that_rounding_makes_0_is_said_to_be_so():
    flat = from_points([-1.63017, 1.034578, -0.669374, 0.742134, 0.522836], [5.0] * 5, None, "flat")
    start = (-2.159681748160316e-05, 4.999988413690152)
    recording = record(Experiment(LinearRegression(flat), GD, Constant(0.5), start, 3))
    assert not recording.gradients[-1].any()
    assert judge(recording).sentence.startswith("the gradient is 0 to the rounding of float32; loss ")


def test_a_batch_without_a_gradient_is_not_taken_for_the_data():
    zeros = from_points([0, 0, 0, 1], [0, 0, 0, 1], None, "zeros")
    recording = record(Experiment(LinearRegression(zeros), GD, Constant(0.5), (0.0, 0.0), 40, batch_size=1, seed=2))
    assert recording.gradients[:3].any(axis=1).tolist() == [False, False, True]
    words = "the gradient of the batch is 0 here; loss 0.25, minimum 0"
    assert [judge(recording, step) for step in (1, 2)] == [Verdict(Kind.STANDS_STILL, words)] * 2


def test_a_run_that_passes_through_the_minimum_has_not_converged():
    # At (0, 2) the loss of one row at x = 0 is least, but the buffer carries the run on.
    experiment = Experiment(AT_ZERO, MOMENTUM, Constant(0.4), (0.0, 0.0), 40, DOUBLE)
    recording = record(experiment)
    step = int(np.abs(recording.points[1:, 1] - 2.0).argmin()) + 1
    near = invented(points=[[0.0, 0.0], [0.0, 1.0], [0.0, 2.0]], problem=AT_ZERO, steps=4)
    assert judge(near).kind is Kind.CONVERGED  # with a direction of 0 it stays
    assert judge(recording, step).kind is not Kind.CONVERGED


def test_a_gradient_beyond_single_precision_is_not_passed_over():
    # Loss and point of the last step are finite still: 1e15^2 = 1e30, but the gradient is 2 * 1e15 * 1e25.
    problem = LinearRegression(from_points([1e25], [0.0], None, "large"))
    recording = record(Experiment(problem, schedule=Constant(0.0), start=(1e-10, 0.0), steps=1))
    recording_of_start = Recording(recording.experiment)
    recording_of_start.append(next(descend(recording.experiment, chunk_steps=1)))
    assert np.isfinite(recording_of_start.losses).all()
    assert judge(recording_of_start).kind is Kind.DIVERGING


def test_a_gradient_along_a_flat_axis_is_no_minimum():
    # At (0, 0.005) the Hessian is [[0, 0], [0, 200]]; the gradient (-2, 1) goes on along the axis without curvature.
    # After a start as far away as (30, 0), what is to be gained along the other axis is next to nothing.
    experiment = Experiment(ROSENBROCK, start=(30.0, 0.0), steps=1, precision=DOUBLE)
    recording = Recording(experiment)
    for step, point in enumerate(np.array([[30.0, 0.0], [0.0, 0.005]])):
        loss, gradient = ROSENBROCK.evaluator(DOUBLE)(point)
        rows, losses = gradient[None], np.array([loss])
        recording.append(Chunk(Checkpoint(step, point, None), point[None], losses, rows, rows, losses))
    assert np.linalg.eigvalsh(ROSENBROCK.hessian((0.0, 0.005))).tolist() == [0.0, 200.0]
    assert judge(recording).kind is Kind.SLOW


@pytest.mark.parametrize(
    ("rate", "sentence"),
    [
        (0.9, "loss infinite since step 150"),
        (1.0, "loss infinite since step 92"),
        (10.0, "loss infinite since step 13"),
        (0.0, "the rate is 0; loss 2.4"),
        (0.78, "loss grown from 2.41 to"),
        (0.1, "not at a minimum yet; loss 2.24e−04 after 200 steps"),
    ],
)
def test_sentences_say_by_which_sign(rate, sentence):
    verdict = judge(record(Experiment(LINE, schedule=Constant(rate), start=(0.0, -1.0))))
    assert verdict.sentence.startswith(sentence)


def test_the_first_of_several_events_is_told():
    recording = record(Experiment(LINE, schedule=Constant(3e38), start=(0.0, -1.0), steps=3))
    assert recording.milestones.infinite == (1, 1)
    assert judge(recording).sentence.startswith("loss infinite since step 1;")


coordinates = st.floats(-5, 5)
optimizers = st.one_of(st.just(GD), st.builds(Momentum, st.floats(0, 0.99)), st.builds(Nesterov, st.floats(0, 0.99)))
any_run = st.builds(
    Experiment,
    problem=st.sampled_from([LINE, ONE_ROW, CONSTANT_X, EXACT, OFF_CENTRE, ROSENBROCK, HIMMELBLAU]),
    optimizer=optimizers,
    schedule=st.builds(Constant, st.floats(-5, 1).map(lambda power: 10**power)),
    start=st.tuples(coordinates, coordinates),
    steps=st.integers(1, 400),
    precision=st.sampled_from(Precision),
)


@settings(deadline=None, max_examples=250)
@given(any_run)
def test_converged_means_that_next_to_nothing_is_left(experiment):
    recording = record(experiment)
    verdict = judge(recording)
    if not np.isfinite(recording.points).all() or not np.isfinite(recording.losses[-1]):
        assert verdict.kind is Kind.DIVERGING
    if verdict.kind is Kind.CONVERGED:
        lowest = minimum_loss(experiment.problem)
        points = recording.points.astype(np.float64)
        first, last = (float(experiment.problem.loss(*point)) - lowest for point in (points[0], points[-1]))
        rounding = 100 * float(np.finfo(experiment.precision.dtype).eps)
        assert last <= 1e-5 * first + rounding * lowest + 1e3 * rounding**2
        # And not by chance, on the way through: without a gradient it does not go on from here.
        _, gradient = experiment.problem.evaluator(Precision.FLOAT64)(points[-1])
        steepest = np.linalg.eigvalsh(experiment.problem.hessian(points[-1]))[-1]
        allowed = 2e-5 * first + rounding * lowest + 1e3 * rounding**2
        assert float(gradient @ gradient) <= 4 * steepest * allowed


def away_from_the_minimum(angle: float) -> tuple[float, float]:
    return (MINIMUM[0] + 2 * math.cos(angle), MINIMUM[1] + 2 * math.sin(angle))


@settings(deadline=None, max_examples=80)
@given(st.floats(0, 2 * math.pi), st.floats(1.05, 20), st.integers(150, 400), st.sampled_from(Precision))
def test_beyond_the_limit_is_always_called_diverging(angle, factor, steps, precision):
    rate = factor * GD.stability_limit(2.57913)
    start = away_from_the_minimum(angle)
    # In exact arithmetic a start on the flat axis converges; rounding has to grow first, and needs its steps.
    if abs(FLAT @ [start[1] - MINIMUM[1], MINIMUM[0] - start[0]]) > 1e-3:
        assert judge(record(Experiment(LINE, GD, Constant(rate), start, steps, precision))).kind is Kind.DIVERGING


@settings(deadline=None, max_examples=80)
@given(st.floats(0, 2 * math.pi), st.floats(1e-30, 0.98), st.integers(1, 400), st.sampled_from(Precision))
def test_below_the_limit_is_never_called_diverging(angle, factor, steps, precision):
    rate = factor * GD.stability_limit(2.57914)
    experiment = Experiment(LINE, GD, Constant(rate), away_from_the_minimum(angle), steps, precision)
    assert judge(record(experiment)).kind is not Kind.DIVERGING


@settings(deadline=None, max_examples=25)
@given(st.floats(0, 2 * math.pi), st.floats(0.05, 0.95), st.floats(0, 0.95), st.sampled_from([Momentum, Nesterov]))
def test_below_their_limits_long_runs_with_momentum_converge(angle, factor, momentum, kind):
    optimizer = kind(momentum)
    rate = factor * optimizer.stability_limit(2.57914)
    experiment = Experiment(LINE, optimizer, Constant(rate), away_from_the_minimum(angle), 2000, DOUBLE)
    assert judge(record(experiment)).kind is Kind.CONVERGED


NOISY = LinearRegression(generate(DataSettings(noise=0.1)))
BEST_OF_NOISY = NOISY.minima[0]
# A batch of B has a floor of sum(rate var L / (B (2 - rate L))) above the minimum, with var = 0.01 for NOISY and 0.0001
# for LINE. A millionth of the way down is 2.4e-6. Steps of plain descent shorten the way along an axis as above.
BATCHED = [
    # problem, optimizer, rate, start, steps, batch, kind
    (NOISY, GD, 0.1, (0, -1), 2000, 1, "settled"),  # a floor of 1.5e-3
    (NOISY, GD, 0.5, (0, -1), 2000, 1, "settled"),
    (NOISY, GD, 0.1, BEST_OF_NOISY, 2000, 1, "settled"),  # its loss has grown, but it goes nowhere
    (NOISY, GD, 0.5, BEST_OF_NOISY, 400, 10, "settled"),
    (NOISY, MOMENTUM, 0.01, (0, -1), 2000, 4, "settled"),
    (NOISY, NESTEROV, 0.01, (0, -1), 2000, 4, "settled"),  # no formula tells its floor
    (LinearRegression(NOISY.data, "sum"), GD, 0.001, (0, -1), 2000, 1, "settled"),
    (LINE, GD, 0.5, (0, -1), 2000, 10, "settled"),  # a floor of 1.8e-5
    (LINE, GD, 0.1, (0, -1), 2000, 100, "converged"),  # a floor of 1.5e-7
    (EXACT, GD, 0.5, (0, -1), 2000, 1, "converged"),  # on a line every batch has the same minimum
    (NOISY, GD, 1e-4, (0, -1), 2000, 1, "slow"),
    (NOISY, GD, 0.1, (0, -1), 20, 1, "slow"),
    (NOISY, GD, 0.001, (0, -1), 500, 1, "slow"),  # (1 - 0.0026)^1000 = 0.08 is left of what is steep
    (NOISY, GD, 0.0, (0, -1), 200, 1, "stands still"),
    (NOISY, GD, 0.0, BEST_OF_NOISY, 200, 1, "converged"),  # whatever its batches say, it is there and stays
    (NOISY, GD, 0.1, BEST_OF_NOISY, 1, 1, "slow"),  # off the minimum by a step, which is no divergence
    (LINE, GD, 0.77, (0, -1), 60, 100, "zigzag"),  # 0.985^120 = 0.16 is left of 2.4, far above a floor of 1.4e-4
    (NOISY, GD, 0.8, (0, -1), 400, 100, "diverging"),
    (NOISY, NESTEROV, 0.6, (0, -1), 200, 100, "diverging"),  # its limit is 0.5262
    (NOISY, GD, -0.01, (0, -1), 200, 1, "diverging"),
    (NOISY, GD, 0.9, (0, -1), 400, 1, "diverging"),
]


@pytest.mark.parametrize(("problem", "optimizer", "rate", "start", "steps", "size", "truth"), BATCHED)
@pytest.mark.parametrize("seed", [0, 1])
def test_verdict_on_a_mini_batch_run_is_the_truth(problem, optimizer, rate, start, steps, size, truth, seed):
    recording = record(Experiment(problem, optimizer, Constant(rate), start, steps, batch_size=size, seed=seed))
    assert judge(recording).kind == truth


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from([1, 5, 50]), st.floats(-3, 0).map(lambda power: 10**power), st.integers(1, 300), st.integers(0, 9)
)
def test_a_mini_batch_run_converges_only_where_it_stays(size, rate, steps, seed):
    recording = record(Experiment(NOISY, GD, Constant(rate), (0, -1), steps, batch_size=size, seed=seed))
    lowest, heights = minimum_loss(NOISY), recording.losses.astype(np.float64) - minimum_loss(NOISY)
    late = heights[-max(1, steps // 4) :].mean()
    kind = judge(recording).kind
    if kind is Kind.CONVERGED:
        assert late <= 2e-6 * heights[0] + 1e-6 * lowest
    elif kind is Kind.SETTLED:
        assert 0 < late < 0.2 * heights[0]


def test_what_a_settled_run_says():
    recording = record(Experiment(NOISY, GD, Constant(0.1), (0, -1), 2000, batch_size=4))
    height = (recording.losses[-500:].astype(np.float64) - minimum_loss(NOISY)).mean()
    assert f"{height:.2g}" == "0.00033"
    assert judge(recording).sentence == "3.3e−04 above the minimum; on average, due to the noise of batches of 4"
    assert 1e-4 < height < 1e-3


def test_a_verdict_is_remembered_until_there_are_more_steps():
    chunks = descend(Experiment(LINE, start=(0.0, -1.0), schedule=Constant(0.9)), chunk_steps=100)
    recording = Recording(Experiment(LINE, start=(0.0, -1.0), schedule=Constant(0.9)))
    recording.append(next(chunks))
    assert judge(recording) is judge(recording)
    recording.append(next(chunks))
    assert "infinite since step 150" in judge(recording).sentence


@pytest.mark.parametrize("rows", [1, 60, 120, 200])
@pytest.mark.parametrize("precision", Precision)
def test_a_range_test_is_no_run_to_be_judged(rows, precision):
    # It comes near the minimum first, diverges then, and ends with infinity and NaN.
    sweep = RangeTest(1e-3, 1e9)
    whole = record(Experiment(LINE, GD, sweep, (0, -1), sweep.last_step, precision))
    assert not np.isfinite(whole.losses[-1])
    part = Recording(whole.experiment)
    part.append(next(descend(whole.experiment, chunk_steps=rows)))
    assert judge(part).kind is Kind.RANGE_TEST
    assert judge(part).sentence == "the rate grows at every step from 0.001 on"


@pytest.mark.parametrize(("count", "words"), [(1, "1 step from"), (5, "5 steps from")])
def test_fresh_starts_are_told(count, words):
    sweep = RangeTest(1e-5, fresh_steps=count)
    judged = judge(record(Experiment(LINE, GD, sweep, (0, -1), 20)))
    assert judged.kind is Kind.RANGE_TEST
    assert judged.sentence == f"{words} the start at each rate from 1e−05 on"


def test_a_flat_line_through_the_rows_is_no_minimum():
    # From b = -1 a horizontal line near 5e-6 is nearly all the way down, but the rows rise by more than their noise.
    x = np.arange(12) * 1e-9
    y = 5e-6 + 4700 * x / 12 + np.array([1, -1, 2, -2, 1, 0] * 2) * 1e-8
    problem = LinearRegression(from_points(x, y, None, "laboratory"))
    recording = record(Experiment(problem, GD, Constant(0.5), problem.start, 200, DOUBLE))
    above = float(problem.loss(*recording.points[-1])) - minimum_loss(problem)
    assert above > 10 * minimum_loss(problem)
    assert judge(recording).kind is not Kind.CONVERGED
