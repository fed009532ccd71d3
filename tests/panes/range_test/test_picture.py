"""What is drawn and said of a range test, against its recording."""

import functools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.analysis.default_rates import default_range
from gdviz.core.analysis.quadratic import steps_to_tolerance
from gdviz.core.analysis.range_test import as_range_test, curve
from gdviz.core.analysis.suggestions import SUGGESTIONS, suggestions
from gdviz.core.analysis.trial_runs import TrialRuns, compute
from gdviz.core.analysis.verdict import Kind
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import Momentum, Nesterov
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import RangeTest
from gdviz.core.precision import Precision
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock, TwoWells
from gdviz.panes.range_test.picture import build_rate_picture, build_trials
from gdviz.panes.range_test.sentences import BEYOND, DIVERGES
from tests.data_sets import opened, problem_of, regression
from tests.recordings import LECTURE, lecture, partial

LIMIT = 2 / 2.57913
PROBLEMS = {"line": LECTURE, "valley": Rosenbrock(), "wells": TwoWells(), "four": Himmelblau()}


@functools.cache
def swept(problem="line", optimizer=None, precision=Precision.FLOAT32, **settings):
    """The recording of a range test."""
    chosen = PROBLEMS[problem]
    others = {"optimizer": optimizer} if optimizer else {}
    experiment = Experiment(
        chosen, start=(0.0, -1.0) if problem == "line" else chosen.start, precision=precision, **others
    )
    return record(as_range_test(experiment, RangeTest(**settings)))


def picture(recording, step=None):
    return build_rate_picture(recording, recording.last_step if step is None else step)


def rates_of(found):
    return {suggestion.name: suggestion.learning_rate for suggestion in found.suggestions}


# The curve


def test_the_curve_is_drawn_from_left_to_right():
    recording = swept()
    for step in (0, 1, 50, recording.last_step):
        found = picture(recording, step)
        assert found.count == step + 1
        np.testing.assert_allclose(10**found.rates, recording.learning_rates[: step + 1], rtol=1e-6)
        np.testing.assert_allclose(10**found.values, recording.losses[: step + 1], rtol=1e-6)
        assert found.current == pytest.approx((found.rates[-1], found.values[-1]))
        assert found.raw.size == 0


def test_fresh_starts_have_a_point_for_each_rate_that_is_done():
    recording = swept(fresh_steps=5)
    assert [picture(recording, step).count for step in (0, 4, 5, 6, 11)] == [0, 0, 1, 1, 2]
    found = picture(recording, 14)
    np.testing.assert_allclose(10**found.values, recording.losses[[5, 11]], rtol=1e-6)
    # On the way the marker is where the run is.
    assert found.current == pytest.approx((math.log10(recording.learning_rates[14]), math.log10(recording.losses[14])))


def test_a_smoothed_curve_has_the_losses_behind_it():
    recording = swept(smoothed=True)
    found, known = picture(recording, 60), curve(recording, 60)
    np.testing.assert_allclose(10**found.values, known.smoothed)
    np.testing.assert_allclose(10**found.raw, known.losses)
    assert found.current == (found.rates[-1], found.values[-1])
    assert "smoothed as fast.ai does" in found.sweep.additions[0]
    assert "smoothed" not in picture(swept()).sweep.additions[0]


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (0, "one step at each, the point moves"),
        (1, "1 step from the start at each"),
        (20, "20 steps from the start at each"),
    ],
)
def test_the_title_says_how_it_was_swept(steps, words):
    assert picture(swept(fresh_steps=steps)).sweep.additions[0] == words


# The axes


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from([*PROBLEMS]),
    st.sampled_from([0, 1, 5]),
    st.booleans(),
    st.booleans(),
    st.sampled_from([(1e-4, 10.0), (1e-2, 1e6), (100.0, 1e4)]),
    st.floats(0, 1),
)
def test_the_axes_stand_still_and_hold_all_that_is_drawn(problem, fresh, smoothed, stops, ends, part):
    start, end = ends
    recording = swept(problem, fresh_steps=fresh, smoothed=smoothed, stops=stops, start=start, end=end, number=40)
    found, whole = picture(recording, int(part * recording.last_step)), picture(recording)
    assert found.sweep is whole.sweep
    sweep = found.sweep
    assert sweep.rate_range == pytest.approx((math.log10(start), math.log10(end)))
    low, high = sweep.value_range
    assert -400 < low < high < 400
    for values in (found.values, found.raw, [sweep.minimum or low], [(found.current or (0.0, low))[1]]):
        drawn = np.asarray(values)[np.isfinite(values)]
        assert ((drawn >= low) & (drawn <= high)).all()
    assert not np.isinf(found.values).any()
    np.testing.assert_array_equal(found.values, whole.values[: found.count])


def test_more_rows_are_seen_when_they_come():
    recording = swept()
    half = partial(recording, 60)
    assert picture(half).count == 60
    assert not picture(half).is_over
    assert picture(recording).count == len(recording)


def test_the_minimum_is_the_lowest_known_one():
    assert 10 ** picture(swept()).sweep.minimum == pytest.approx(9.98e-5, rel=0.01)
    assert picture(swept("valley")).sweep.minimum is None  # its loss is 0


def test_a_loss_of_zero_is_a_gap_with_a_note():
    recording = swept("four", stops=False)
    assert (recording.losses == 0).any()
    found = picture(recording)
    assert np.isnan(found.values[recording.losses == 0]).all()
    assert found.sweep.note == "a loss of 0 or less has no place on this axis"
    assert picture(swept()).sweep.note == ""


# Where the numbers end


def test_infinite_and_nan_losses_are_named_and_hatched():
    recording = swept(start=100.0, end=1e6, stops=False)
    losses, rates = recording.losses, recording.learning_rates
    infinite, nan = int(np.isinf(losses).argmax()), int(np.isnan(losses).argmax())
    assert 0 < infinite < nan
    found = picture(recording)
    labels = [mark.name for mark in found.marks]
    assert labels == [f"loss = inf from rate {rates[infinite]:.3g}", f"loss = NaN from rate {rates[nan]:.3g}"]
    assert "3.4e38" in found.marks[0].explanation
    assert found.hatched == ((pytest.approx(math.log10(rates[infinite])), 6.0),)
    assert picture(recording, infinite - 1).marks == picture(recording, infinite - 1).hatched == ()
    assert [mark.name for mark in picture(recording, nan - 1).marks] == labels[:1]
    assert found.current is None


def test_a_loss_that_is_finite_again_was_first_infinite_at_a_rate():
    run = Experiment(LECTURE, start=LECTURE.start, batch_size=1, seed=37)
    recording = record(as_range_test(run, RangeTest(0.5, 2.0, 400, stops=False)))
    infinite = int(np.isinf(recording.losses).argmax())
    assert np.isfinite(recording.losses[infinite + 1])
    assert [mark.name for mark in picture(recording).marks] == [
        "loss = inf first at rate 1.22",
        "loss = NaN from rate 1.5",
    ]


# The stop


def test_where_it_stopped_is_said_at_the_end():
    recording = swept()
    losses = recording.losses
    assert losses[-1] > 4 * losses.min()
    stop = picture(recording).stop
    assert stop.name == "stopped at 2.24: more than 4 times the best loss"
    assert stop.place == pytest.approx(math.log10(recording.learning_rates[-1]))
    assert picture(recording, recording.last_step - 1).stop is None
    assert picture(swept(end=0.5)).stop is None  # it came to its end


@pytest.mark.parametrize("end", [0.5, 2.0])
def test_a_sweep_without_the_stop_has_not_stopped(end):
    recording = swept(optimizer=Momentum(), end=end, number=30, stops=False)
    assert recording.losses[-1] > 4 * recording.losses.min()
    assert len(recording) == 30
    found = picture(recording)
    assert found.stop is None
    assert "stop" not in found.truth


def test_a_loss_below_zero_stops_it_and_that_is_said():
    recording = swept("wells", fresh_steps=5)
    assert recording.losses[-1] < 0 < recording.losses[-1 - 6]
    stop = picture(recording).stop
    assert stop.name == "stopped at 0.119: any loss below 0 stops it"
    assert "nothing about the rates" in stop.explanation


# The suggestions


@pytest.mark.parametrize("fresh_steps", [0, 5])
def test_suggestions_have_their_rates_at_the_end_of_the_sweep(fresh_steps):
    recording = swept(fresh_steps=fresh_steps)
    known = suggestions(curve(recording, recording.last_step), recording.experiment)
    found = picture(recording)
    assert found.is_over
    assert rates_of(found) == known
    assert [suggestion.name for suggestion in found.suggestions] == list(SUGGESTIONS)
    before = picture(recording, recording.last_step - 1)
    assert not before.is_over
    assert [suggestion.explanation for suggestion in before.suggestions] == [
        suggestion.explanation for suggestion in found.suggestions
    ]
    assert rates_of(before) == {name: known[name] if name in ("limit", "best") else None for name in SUGGESTIONS}


def test_sentences_are_short_and_true_of_the_kind_of_sweep():
    for problem in PROBLEMS:
        for optimizer in (None, Momentum(), Nesterov()):
            for fresh_steps in (0, 1, 20):
                found = picture(swept(problem, optimizer, fresh_steps=fresh_steps))
                assert all(0 < len(one.sentences[-1]) <= 71 for one in found.suggestions)
                said = {one.name: (one.explanation, *one.briefly)[-1] for one in found.suggestions}
                assert all(0 < len(sentence) <= 45 for sentence in said.values())
                assert ("usual" in said.get("tenth", "")) == (fresh_steps == 0 and "tenth" in said)
                assert ("2/L" in said.get("limit", "")) == (optimizer is None and "limit" in said)


def test_the_minimum_says_when_a_lower_loss_was_left_out():
    recording = swept()
    found = picture(recording)
    minimum = rates_of(found)["minimum"]
    lowest = float(recording.learning_rates[recording.losses.argmin()])
    assert lowest > minimum  # among the last five points
    assert found.suggestions[0].explanation == "the lowest loss, ends of the curve left out"
    inside = swept(stops=False)
    assert float(inside.learning_rates[inside.losses.argmin()]) == rates_of(picture(inside))["minimum"]
    assert picture(inside).suggestions[0].explanation == "the lowest loss of the sweep"


# What becomes of them as constant rates


def tried(recording):
    *_, trials = compute(recording.experiment, build_trials(recording).rates)
    return trials


def test_a_rate_that_diverges_says_so():
    recording = swept()
    trials = tried(recording)
    found = build_rate_picture(recording, recording.last_step, trials)
    assert {one.name: one.warning for one in found.suggestions if one.warning} == {"minimum": DIVERGES}
    assert found.suggestions[0].sentences == ("diverges if held constant; the lowest loss, ends of the curve left out",)
    assert found.suggestions[1].sentences == (found.suggestions[1].explanation,)
    # Nothing is given away before the end, and nothing changes until the trial runs are there.
    before = build_rate_picture(recording, 100, trials)
    assert not any(one.warning for one in before.suggestions)
    assert before.judged == found.suggestions
    assert {one.name: one.warning for one in picture(recording).suggestions if one.warning} == {"minimum": BEYOND}


def test_a_rate_at_the_limit_is_not_beyond_it():
    ones = regression((1e-300, 3e-300), (1e-300, 2e-300))
    run = Experiment(ones, start=ones.start, precision=Precision.FLOAT64)
    found = picture(record(as_range_test(run, RangeTest())))
    assert rates_of(found)["minimum"] == pytest.approx(rates_of(found)["limit"], rel=1e-12)
    assert not any(one.warning for one in found.suggestions)


def test_trials_of_another_range_test_say_nothing():
    recording, other = swept(), tried(swept(number=100))
    found = build_rate_picture(recording, recording.last_step, other)
    assert found.suggestions == picture(recording).suggestions
    assert found.truth == picture(recording).truth


def test_the_limit_is_not_tried():
    recording = swept()
    known = rates_of(picture(recording))
    assert build_trials(recording).rates == tuple(rate for name, rate in known.items() if name != "limit")


def test_a_minimum_without_a_limit_that_diverges_is_no_rate_to_try():
    recording = swept("valley", fresh_steps=1)
    diverging = TrialRuns(recording.experiment, (rates_of(picture(recording))["minimum"],), (Kind.DIVERGING,))
    found = build_rate_picture(recording, recording.last_step, diverging)
    assert found.suggestions[0].warning == DIVERGES
    assert "only: with more it diverges" in found.truth
    assert "the rate to try" in picture(recording).truth
    moving = swept("valley")
    tenth = rates_of(picture(moving))["tenth"]
    found = build_rate_picture(moving, moving.last_step, TrialRuns(moving.experiment, (tenth,), (Kind.DIVERGING,)))
    assert "even a tenth of the minimum diverges" in found.truth


@pytest.mark.parametrize(
    ("settings", "start", "words"),
    [
        (
            {"start": 1e-12, "end": 1e-8},
            (0.0, -1.0),
            "by 1 % of what it could fall. Use rates from 0.0001 to",
        ),
        ({}, LECTURE.minima[0], "The start is the minimum"),
        ({"number": 6, "end": 1e3}, (0.0, -1.0), "do not count. Use rates from 0.0001 to 10."),
        ({"start": 1e-15, "end": 1e-12}, (0.0, -1.0), "Use rates from 0.0001 to 10."),
    ],
)
def test_where_nothing_is_suggested_it_says_why_and_what_to_use(settings, start, words):
    found = picture(record(as_range_test(Experiment(LECTURE, start=start), RangeTest(**settings))))
    assert words in found.truth
    assert {*rates_of(found)} == {"limit", "best"}
    assert len(found.truth) <= 200


def test_a_flat_curve_at_the_default_rates_says_what_else_to_do():
    problem = regression((-1e7, 1e7), (5.0, 5.0 + 1e-3))
    ends = default_range(problem, Precision.FLOAT64)
    run = Experiment(problem, start=problem.start, precision=Precision.FLOAT64)
    truth = picture(record(as_range_test(run, RangeTest(*ends)))).truth
    assert truth.endswith("The steepest direction has little to gain: standardise the data, or take another start.")
    assert len(truth) <= 200


def test_a_stop_at_a_loss_below_zero_is_not_blamed_on_the_rates():
    run = Experiment(TwoWells(), start=(-1.0, 0.4))
    test = RangeTest(*default_range(run.problem, run.precision))
    found = picture(record(as_range_test(run, test)))
    assert not rates_of(found)
    assert found.truth.endswith("Any loss below 0 stops the test: switch off the stop.")
    assert rates_of(picture(record(as_range_test(run, replace(test, stops=False)))))


def test_rates_of_small_numbers_are_named_as_they_are_typed():
    problem = problem_of("kilometres")
    found = picture(record(as_range_test(Experiment(problem, start=problem.start), RangeTest())))
    assert found.truth.endswith("too high to suggest anything. Use rates from 1e−14 to 1e−09.")


def test_a_minimum_that_no_run_comes_near_does_not_flatten_the_curve():
    years = opened("years")
    ends = default_range(years.problem, years.precision)
    found = picture(record(as_range_test(years, RangeTest(*ends))))
    assert found.sweep.minimum is None
    assert found.sweep.value_range[1] - found.sweep.value_range[0] < 5.0


def test_a_start_at_the_minimum_along_the_steepest_axis_is_said_to_be_there():
    far = opened("far apart")
    found = picture(record(as_range_test(far, RangeTest(*default_range(far.problem, far.precision)))))
    assert "does not depend on the steepest direction" in found.truth
    assert {one.warning for one in found.suggestions if one.name in ("minimum", "tenth", "steep")} == {BEYOND}


def test_a_minimum_at_the_limit_is_not_at_one_times_it():
    same = Experiment(regression([0.0, 0.0], [1e-20, 4e-20]), start=(0.0, -1.0))
    found = picture(record(as_range_test(same, RangeTest(1e-4, 10.0))))
    assert rates_of(found)["minimum"] == pytest.approx(rates_of(found)["limit"], rel=0.01)
    assert found.truth.startswith("The minimum lies at the limit")


# What is true of the method


def test_only_the_minimum_of_the_lecture_is_beyond_the_limit():
    found = picture(swept())
    minimum, tenth = rates_of(found)["minimum"], rates_of(found)["tenth"]
    assert minimum / LIMIT == pytest.approx(2.16, abs=0.01)
    assert tenth / LIMIT == pytest.approx(0.216, abs=0.001)
    assert "at 2.2 times the limit" in found.truth
    assert "the tenth is 0.22 of the limit" in found.truth


@pytest.mark.parametrize(("fresh_steps", "ratio"), [(1, 0.46), (5, 0.65), (20, 0.73)])
def test_from_fresh_starts_minimum_is_good_and_tenth_slow(fresh_steps, ratio):
    recording = swept(fresh_steps=fresh_steps)
    found = picture(recording)
    minimum, tenth = rates_of(found)["minimum"], rates_of(found)["tenth"]
    assert minimum / LIMIT == pytest.approx(ratio, abs=0.005)
    few, many = (steps_to_tolerance(recording.experiment, rate).steps for rate in (minimum, tenth))
    assert 5 <= many / few <= 17
    assert f"at {ratio} of the limit" in found.truth
    assert f"needs {few} steps to 1 % of the loss, its tenth {many}:" in found.truth
    assert taken_steps(tenth) == many
    assert taken_steps(minimum) == few


def taken_steps(rate):
    """After how many steps at that rate a run has 1 % of its first loss above the minimum, or less."""
    losses = record(lecture(rate, precision=Precision.FLOAT64)).losses
    above = losses - float(LECTURE.loss(*LECTURE.minima[0]))
    return int((above <= 0.01 * above[0]).argmax())


def test_beyond_the_limit_from_fresh_starts_is_no_good_rate():
    # From here the stiff direction has nothing to say at first, and one long step is the best.
    flat = np.linalg.eigh(LECTURE.hessian(LECTURE.minima[0]))[1][:, 0]
    start = tuple(float(value) for value in np.array(LECTURE.minima[0]) + 10 * flat)
    experiment = Experiment(LECTURE, start=start, precision=Precision.FLOAT64)
    found = picture(record(as_range_test(experiment, RangeTest(fresh_steps=1))))
    assert rates_of(found)["minimum"] > 2 * LIMIT
    assert "with more steps it diverges" in found.truth
    assert "good" not in found.truth


def test_a_sweep_that_does_not_reach_the_limit_claims_nothing():
    assert "ends at 0.62 of the limit" in picture(swept(end=0.5, fastai_rules=True)).truth
    still_falling = picture(swept(end=0.5))
    assert {*rates_of(still_falling)} == {"limit", "best"}
    assert "lowest where the rates end" in still_falling.truth
    assert "Use rates from 0.0001 to 10." in still_falling.truth
    swinging = picture(swept(optimizer=Momentum()))
    assert 10 ** swinging.rates[-1] < rates_of(swinging)["limit"]
    assert "a swing, no divergence" in swinging.truth
    assert "cancels" not in swinging.truth


def test_a_minimum_below_the_limit_is_said_to_be_there():
    found = picture(swept(optimizer=Momentum(), number=1000))
    assert rates_of(found)["minimum"] < rates_of(found)["limit"] < 10 ** found.rates[-1]
    assert "lies below the limit, at 0.58 of it" in found.truth


@pytest.mark.parametrize("problem", ["valley", "wells", "four"])
def test_surfaces_without_a_limit_have_no_word_of_one(problem):
    moving, fresh = picture(swept(problem)).truth, picture(swept(problem, fresh_steps=5)).truth
    assert "has no one limit" in moving
    assert "the lowest loss after 5 steps from this start" in fresh
    assert "times the limit" not in moving + fresh


def test_a_sweep_without_any_finite_loss_says_so():
    experiment = Experiment(LECTURE, start=(1e30, 0.0))
    said = "The loss at the start is not finite, so the curve suggests nothing. Use float64 or standardised data."
    assert picture(record(as_range_test(experiment, RangeTest()))).truth == said
    beyond = picture(swept(start=1e10, end=1e20, fresh_steps=5))
    assert beyond.truth.startswith("The loss rises from the first rates on")


def test_too_short_a_curve_says_what_to_do():
    found = picture(swept(start=100.0, end=1e6, stops=False))
    assert {*rates_of(found)} == {"limit", "best"}
    assert found.truth.startswith("The loss rises from the first rates on")
    assert found.truth.endswith("Use rates from 0.0001 to 10.")
    by_fastai = picture(swept(start=100.0, end=1e6, stops=False, fastai_rules=True))
    assert {*rates_of(by_fastai)} == {"limit", "best"}
    assert by_fastai.truth.startswith("Nothing is left to pick from")


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from([*PROBLEMS]),
    st.sampled_from([None, Momentum(), Nesterov()]),
    st.sampled_from([12, 40, 200]),
    st.sampled_from([0, 1, 5]),
    st.booleans(),
    st.sampled_from([0.5, 10.0, 1e5]),
)
def test_what_is_said_is_short_and_agrees_with_the_numbers(problem, optimizer, number, fresh_steps, stops, end):
    recording = swept(problem, optimizer, number=number, fresh_steps=fresh_steps, stops=stops, end=end)
    found = picture(recording)
    known, truth = rates_of(found), found.truth
    assert 0 < len(truth) <= 200
    assert truth.endswith(".")
    if "times the limit" in truth:
        assert known["minimum"] > known["limit"]
    if "cancels that" in truth:
        assert known["tenth"] < known["limit"] < known["minimum"]
    if "good rate" in truth:
        assert fresh_steps
        assert known["minimum"] < known["limit"]


def test_another_run_has_no_such_picture():
    with pytest.raises(ValueError, match="not a range test"):
        build_rate_picture(record(lecture(0.1, steps=3)), 0)
