"""The analytic solution in words and numbers, against the runs it speaks of."""

import math
from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.analysis.verdict import Kind, judge
from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.experiment import OWN_STEPS, Experiment
from gdviz.core.descent.loop import descend
from gdviz.core.descent.manual_changes import PiecewiseConstant
from gdviz.core.descent.optimizers import GradientDescent, Momentum, make_optimizer
from gdviz.core.descent.recording import Recording, record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.precision import Precision
from gdviz.core.problems.problem import minimum_loss
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock, TwoWells
from gdviz.panes.formula.picture import ONLY_A_RUN, Answer, build_formula_picture
from tests.recordings import LECTURE, append, lecture
from tests.seams import Cycle, Plateau

NEVER = "0.9 is beyond 2/L = 0.7755, every step makes it worse"


def surface(problem, rate, **others):
    schedule = rate if not isinstance(rate, float) else Constant(rate)
    return Experiment(problem, **{"schedule": schedule, "start": problem.start, **others})


def picture(experiment, step=0):
    return build_formula_picture(record(experiment), step)


def answer(experiment, step=0):
    found = picture(experiment, step).answer
    return (found.steps, found.reason)


def first_within(recording):
    lowest = minimum_loss(recording.experiment.problem)
    left = (recording.losses.astype(np.float64) - lowest) / (float(recording.losses[0]) - lowest)
    return int(np.argmax(left <= 0.01))


def begun(experiment, rows):
    """A recording of which so many rows have come."""
    recording = Recording(experiment)
    recording.append(next(descend(experiment, chunk_steps=rows)))
    return recording


def test_the_step_from_which_no_loss_is_finite_is_that_of_the_last_stretch():
    recording = Recording(Experiment(Himmelblau(), schedule=Constant(1.0), steps=4))
    append(recording, np.zeros((5, 2)), [4.0, math.inf, 3.0, math.nan, math.inf])
    found = build_formula_picture(recording, 4).answer
    assert (found.steps, found.reason) == ("never in this run", "the loss is not finite from step 3 on")


def test_solution_and_distance_are_those_of_the_problem():
    found = picture(lecture(0.9), 4)
    assert found.derivation == LECTURE.derivation
    assert found.cost == "one pass over the 100 rows, and no learning rate"
    assert [place.point for place in found.minima] == list(LECTURE.minima)
    assert found.minima[0].point == pytest.approx((0.09497, 0.50356), abs=5e-6)
    assert found.minima[0].loss == pytest.approx(9.982e-5, rel=1e-3)
    assert found.current.name == "step 4"
    assert found.current.point == pytest.approx((-1.584, -3.304), abs=1e-3)
    assert found.distance == pytest.approx(math.dist(found.current.point, found.minima[0].point), rel=1e-12)
    assert found.current.loss == pytest.approx(22.146, abs=1e-3)
    assert (found.parameters, found.steps, found.learning_rate) == (("w", "b"), 200, 0.9)


def test_the_nearest_of_several_minima_is_meant():
    recording = record(surface(Himmelblau(), 0.01))
    found = build_formula_picture(recording, 200)
    assert found.minima[found.nearest].point == (3.0, 2.0)
    assert found.cost == ""
    assert [place.loss for place in found.minima] == [0.0] * 4
    start = replace(recording.experiment, start=(-3.0, 2.5))
    assert picture(start, 0).nearest == 1


def test_rounded_coordinates_are_no_loss_but_a_loss_is():
    shallow = picture(surface(TwoWells(), 0.1)).minima
    assert [place.loss for place in shallow] == pytest.approx([-0.30543, 0.29415], abs=1e-5)


def test_a_run_that_has_got_there_tells_its_own_number():
    for experiment in (lecture(0.1), surface(Himmelblau(), 0.01), surface(TwoWells(), 0.11)):
        recording = record(experiment)
        found = build_formula_picture(recording, 3).answer
        assert found.steps == f"{first_within(recording)} steps"
        assert (found.reason, found.arrives) == ("as recorded in this run", True)


@pytest.mark.parametrize("rows", [1, 7, 64, 500])
def test_a_growing_recording_gives_the_answer_of_a_complete_one(rows):
    experiment = lecture(0.01, steps=300)
    growing = Recording(experiment)
    for chunk in descend(experiment, chunk_steps=rows):
        growing.append(chunk)
        build_formula_picture(growing, 0)
    assert build_formula_picture(growing, 0) == picture(experiment)


def test_before_it_is_there_exact_arithmetic_tells():
    growing = begun(lecture(0.01, steps=300), 50)
    assert build_formula_picture(growing, 3).answer == Answer("124 steps", "in exact arithmetic", arrives=True)
    assert answer(lecture(1e-4)) == ("12,466 steps", "in exact arithmetic")
    assert answer(lecture(1e-6)) == ("more than 1,000,000 steps", "in exact arithmetic")


def test_nothing_will_ever_help_point_nine():
    found = picture(lecture(0.9)).answer
    assert (found.steps, found.reason, found.arrives) == ("never", NEVER, False)


def test_every_step_makes_it_worse_is_said_only_where_true():
    losses = record(lecture(0.7757)).losses
    assert losses[1] < losses[0] < losses[-1]
    assert answer(lecture(0.7757)) == ("never", "0.7757 is beyond 2/L = 0.7755, in the end the loss only grows")


def test_momentum_has_a_limit_of_its_own():
    _, reason = answer(lecture(3.0, optimizer=Momentum()))
    assert reason == "3 is beyond the limit 1.473, every step makes it worse"


def test_a_rate_just_beyond_the_limit_has_enough_digits():
    _, reason = answer(lecture(0.77546))
    assert reason.startswith("0.77546 is beyond 2/L = 0.77545,")


def test_rates_that_go_nowhere_have_their_own_reason():
    assert answer(lecture(0.0)) == ("never", "with a rate of 0 it does not move")
    assert answer(lecture(-0.1)) == ("never", "a rate below 0 goes uphill")
    limit = GradientDescent().stability_limit(float(np.linalg.eigvalsh(LECTURE.hessian((0.0, 0.0)))[-1]))
    assert answer(lecture(limit)) == ("never", f"{limit:.4g} is the limit itself: it swings to and fro for ever")


def test_a_run_that_arrives_and_leaves_again_says_both():
    _, axes = np.linalg.eigh(LECTURE.hessian((0.0, 0.0)))
    start = tuple((np.array(LECTURE.minima[0]) + axes @ np.array([1.0, 1e-6])).tolist())
    experiment = lecture(0.8, start=start, precision=Precision.FLOAT64, steps=400)
    recording = record(experiment)
    assert recording.losses[-1] > recording.losses[0]
    steps, reason = answer(experiment)
    assert steps == f"{first_within(recording)} steps"
    assert reason == "as recorded in this run; but then it grows: 0.8 is beyond 2/L = 0.7755"


def test_a_changed_rate_is_meant_from_the_start():
    """0.9 for 20 steps, then 0.5: what 0.5 would have needed from the start, which is not what was recorded."""
    experiment = lecture(0.9, schedule=PiecewiseConstant(Constant(0.9), ((20, 0.5),)))
    assert answer(experiment, 19) == ("never", NEVER)
    assert answer(experiment, 20) == ("3 steps", "in exact arithmetic")


def test_what_was_reached_before_the_change_counts():
    experiment = lecture(0.1, schedule=PiecewiseConstant(Constant(0.1), ((30, 0.9),)))
    assert answer(experiment, 0) == (f"{first_within(record(lecture(0.1)))} steps", "as recorded in this run")
    at_once = lecture(0.1, schedule=PiecewiseConstant(Constant(0.1), ((12, 0.9),)))
    assert answer(at_once, 0) == ("12 steps", "as recorded in this run")
    too_soon = lecture(0.1, schedule=PiecewiseConstant(Constant(0.1), ((11, 0.9),)))
    assert answer(too_soon, 0) == ("12 steps", "in exact arithmetic")


def test_in_a_range_test_each_rate_has_its_own_answer():
    experiment = lecture(0.1, schedule=RangeTest(), steps=199)
    assert answer(experiment, 0) == ("12,466 steps", "in exact arithmetic")
    assert answer(experiment, 199)[0] == "never"


def test_of_fresh_starts_only_the_steps_at_the_rate_are_counted():
    experiment = surface(Rosenbrock(), RangeTest(fresh_steps=5), steps=59)
    assert answer(experiment, 0) == ("not within these 5 steps", ONLY_A_RUN)
    assert answer(experiment, 6)[0] == "not known"


def test_single_precision_that_gets_stuck_is_not_covered_up():
    """So small a step is rounded away; in exact arithmetic it would arrive."""
    data = DataSettings(noise=0.0, slope=0.0, intercept=1e4, x_range=(-1.0, 1.0))
    problem = LinearRegression(generate(data))
    recording = record(Experiment(problem, schedule=Constant(1e-4), start=(0.0, 10_001.0), steps=12_000))
    assert (recording.points[-1] == recording.points[0])[1]
    found = build_formula_picture(recording, 0).answer
    assert 10_000 < int(found.steps.removesuffix(" steps").replace(",", "")) < 12_000
    assert found.reason == "in exact arithmetic, but not in this run's float32"


def test_a_start_at_the_minimum_needs_no_step():
    assert answer(lecture(0.9, start=LECTURE.minima[0])) == ("0 steps", "it starts at the minimum")
    assert answer(surface(Rosenbrock(), 0.001, start=(1.0, 1.0))) == ("0 steps", "it starts at the minimum")


def test_of_other_surfaces_only_what_was_recorded_is_known():
    assert answer(surface(Rosenbrock(), 0.001)) == ("not within these 200 steps", ONLY_A_RUN)
    assert answer(surface(TwoWells(), 0.1)) == (
        "not within these 200 steps",
        "it has come to rest in another minimum",
    )
    steps, reason = answer(surface(TwoWells(), 0.25))
    assert (steps, reason) == ("never in this run", "the loss is not finite from step 5 on")
    assert not np.isfinite(record(surface(TwoWells(), 0.25)).losses[5:]).any()


def test_a_run_that_is_still_computed_promises_nothing():
    recording = begun(surface(Rosenbrock(), 0.001), 58)
    found = build_formula_picture(recording, 3).answer
    assert (found.steps, found.reason, found.arrives) == ("not within the 57 steps so far", ONLY_A_RUN, False)


def test_another_rate_on_another_surface_is_not_known():
    experiment = surface(TwoWells(), PiecewiseConstant(Constant(0.1), ((20, 0.5),)))
    assert answer(experiment, 20) == ("not known", "this run did not begin with 0.5: begin with it to see")
    assert answer(experiment, 19) == ("not within these 20 steps", ONLY_A_RUN)


def test_numbers_that_have_ended_are_said_as_they_are():
    found = picture(lecture(1.0), 200)
    assert math.isnan(found.distance)
    assert all(math.isnan(value) for value in found.current.point)
    assert found.answer.steps == "never"


def test_an_infinite_start_loss_is_no_goal():
    experiment = surface(Rosenbrock(), 0.001, start=(1e15, 1.0))
    assert math.isinf(record(experiment).losses[0])
    assert answer(experiment) == ("never in this run", "the loss is not finite from step 0 on")


def test_a_step_beyond_the_recording_is_its_last_one():
    recording = record(lecture(0.1, steps=5))
    assert build_formula_picture(recording, 99) == build_formula_picture(recording, 5)


def test_the_rate_and_momentum_in_force_are_meant():
    run = lecture(1.0, schedule=Cycle(1.0), optimizer=Momentum(), precision=Precision.FLOAT64)
    rate, rule = run.schedule(30), run.optimizer_at(30)
    assert rule == Momentum(0.75)
    assert answer(run, 30) == answer(lecture(rate, optimizer=rule, precision=Precision.FLOAT64))
    assert picture(run, 30).learning_rate == rate


def test_where_rates_follow_losses_the_recorded_one_is_meant():
    run = lecture(0.9, schedule=Plateau(0.9))
    assert picture(run, 0).learning_rate == float(np.float32(0.9))
    assert picture(run, 200).learning_rate == float(record(run).learning_rates[200])


def test_its_symbols_are_named_where_the_columns_have_names():
    assert picture(lecture(0.1)).symbols == ""
    data = replace(from_points([0, 1, 2], [1, 2, 4], None, "test"), names=("size", "W" * 40))
    named = picture(surface(LinearRegression(data), 0.1))
    assert named.symbols == f"x is size, y is {'W' * 8}…{'W' * 15}"


@pytest.mark.parametrize("rule", ["exact", "armijo", "conjugate-gradient"])
def test_a_run_within_1_percent_that_stands_still_short_of_the_minimum_is_told_so(rule):
    """In one pane "1 step" and beside it "stands still" would seem to contradict each other."""
    far = LinearRegression(generate(DataSettings(x_range=(100.0, 101.0))))
    run = Experiment(far, make_optimizer(rule, {}), OWN_STEPS, far.start)
    recording = record(run)
    steps, reason = answer(run)
    assert judge(recording).kind is Kind.STANDS_STILL
    assert steps.startswith(str(first_within(recording)))
    assert reason == "as recorded in this run, which then stands still short of the minimum"
    # In double precision it converges, or is still on its way.
    assert answer(replace(run, precision=Precision.FLOAT64))[1] == "as recorded in this run"
