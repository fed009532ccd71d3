import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.analysis.verdict import Kind, judge
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.precision import Precision
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock, TwoWells
from gdviz.panes.loss.picture import build_loss_picture
from gdviz.presentation.batch_notes import stationary_loss
from gdviz.presentation.look import Look, LossScale, StepScale, View
from gdviz.presentation.step_scale import log_places
from gdviz.presentation.thinning import downsample, downsample_log
from tests.recordings import EXPERIMENTS, invented, lecture, partial, recorded


def picture(recording, step, **look):
    return build_loss_picture((recording,), step, Look(**look))


# The axis of steps


def test_on_a_logarithmic_axis_the_curve_marks_and_hatching_are_the_same_steps():
    linear, log = (picture(recorded("point-nine"), 180, step_scale=scale) for scale in StepScale)
    assert (linear.step_scale, log.step_scale) == (StepScale.LINEAR, StepScale.LOG)
    assert (log.step_range, log.marks, log.hatched) == (linear.step_range, linear.marks, linear.hatched)
    assert (log.curves[0].steps == linear.curves[0].steps).all()
    assert np.array_equal(log.curves[0].values, linear.curves[0].values, equal_nan=True)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40_000), st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.1, 1.0]))
def test_on_a_logarithmic_axis_no_peak_is_lost_and_every_early_step_is_kept(count, seed, gone):
    rng = np.random.default_rng(seed)
    losses = np.exp(rng.uniform(-60, 60, count))
    losses[rng.random(count) < gone] = np.nan
    steps, values = downsample_log(losses)
    assert (np.diff(steps) > 0).all()
    assert (steps[0], steps[-1]) == (0, count - 1)
    assert steps[:256].tolist() == list(range(min(count, 256)))
    assert np.array_equal(values, losses[steps], equal_nan=True)
    for begin in (2**power for power in range(16)):  # in every doubling of the step
        part, shown = losses[begin : 2 * begin], values[(steps >= begin) & (steps < 2 * begin)]
        if np.isfinite(part).any():
            assert (np.nanmax(part), np.nanmin(part)) == (np.nanmax(shown), np.nanmin(shown))
        assert np.isnan(part).any() == np.isnan(shown).any()


def test_a_million_steps_are_a_few_thousand_points_on_a_logarithmic_axis():
    steps, _ = downsample_log(np.random.default_rng(0).uniform(size=1_000_001))
    assert len(steps) < 4000
    places = log_places(steps)
    assert np.diff(places).max() < 0.51  # from step 0 to 1; further on all gaps are smaller
    assert np.diff(places[steps > 300]).max() < 0.01


# Thinning


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 30_000),
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.0, 0.001, 0.1, 0.9, 1.0]),
    st.sampled_from([np.float32, np.float64]),
)
def test_no_peak_is_lost(count, seed, gone, dtype):
    rng = np.random.default_rng(seed)
    losses = np.exp(rng.uniform(-60, 60, count)).astype(dtype)
    lost = rng.random(count) < gone
    losses[lost] = rng.choice([np.inf, -np.inf, np.nan], lost.sum())
    steps, values = downsample(losses)
    assert len(steps) == len(values) <= 4096
    assert (np.diff(steps) > 0).all()
    assert steps[0] == 0
    assert steps[-1] == count - 1
    assert np.array_equal(values, losses[steps].astype(np.float64), equal_nan=True)
    finite = losses[np.isfinite(losses)]
    if len(finite):
        shown = values[np.isfinite(values)]
        assert shown.max() == float(finite.max())
        assert shown.min() == float(finite.min())
    # Where numbers are missing there is a gap.
    assert np.isfinite(values).all() == np.isfinite(losses).all()


def test_peaks_are_kept_everywhere_not_only_the_highest():
    losses = np.ones(100_000)
    peaks = np.arange(500, 100_000, 1000)
    losses[peaks] = 2.0
    losses[peaks + 400] = 0.5
    losses[peaks + 1] = np.inf
    steps, _ = downsample(losses)
    assert set(peaks) <= set(steps.tolist())
    assert set(peaks + 400) <= set(steps.tolist())
    assert len(set(peaks + 1) & set(steps.tolist())) == len(peaks)


def test_short_runs_are_whole():
    losses = np.arange(2048.0)
    steps, values = downsample(losses)
    assert np.array_equal(steps, np.arange(2048))
    assert np.array_equal(values, losses)


# Ranges


def test_the_window_grows_by_round_numbers_up_to_the_run_s_end():
    recording = recorded("tenth")
    ends = [picture(recording, step).step_range for step in range(201)]
    assert {low for low, _ in ends} == {0.0}
    assert [high for _, high in ends] == [
        next(nice for nice in (10, 20, 50, 100, 200) if nice >= step) for step in range(201)
    ]
    short = invented(losses=np.ones(8))
    assert picture(short, 3).step_range == (0.0, 7.0)


@pytest.mark.parametrize("step", [0, 7, 200])
def test_held_the_window_is_the_whole_run(step):
    assert picture(recorded("tenth"), step, view=View.HOLD).step_range == (0.0, 200.0)


def test_the_longest_of_several_runs_sets_the_window():
    long, short = recorded("tenth"), record(lecture(0.5, steps=20))
    found = build_loss_picture((short, long), 100, Look(view=View.HOLD))
    assert found.step_range == (0.0, 200.0)
    assert [curve.style for curve in found.curves] == [0, 1]
    assert found.curves[0].steps[-1] == 20
    assert found.curves[0].current[0] == 20
    assert found.curves[1].current[0] == 100


@pytest.mark.parametrize("name", EXPERIMENTS)
@pytest.mark.parametrize("scale", LossScale)
@pytest.mark.parametrize("view", View)
def test_everything_that_is_drawn_is_in_range(name, scale, view):
    recording = recorded(name)
    for step in range(0, 201, 8):
        found = picture(recording, step, loss_scale=scale, view=view)
        low, high = found.value_range
        assert math.isfinite(low)
        assert math.isfinite(high)
        assert low < high
        assert max(abs(low), abs(high)) < 1e5
        (curve,) = found.curves
        drawn = curve.values[np.isfinite(curve.values)]
        assert ((drawn > low) & (drawn < high)).all()
        assert not np.isinf(curve.values).any()
        assert found.minimum is None or low < found.minimum < high
        assert (curve.steps <= found.step_range[1]).all()
        # What is missing in the curve is exactly what has no place on this axis.
        losses = recording.losses[: step + 1].astype(np.float64)
        with np.errstate(divide="ignore"):
            values = np.log10(losses) if scale is LossScale.LOG else losses / 10.0**found.exponent
        np.testing.assert_allclose(curve.values, np.where(np.isfinite(values), values, np.nan), rtol=1e-12)
        assert curve.current == (None if math.isnan(curve.values[-1]) else (step, curve.values[-1]))


def test_the_range_stands_still_within_a_window():
    recording = recorded("point-nine")
    assert len({picture(recording, step).value_range for step in range(21, 51)}) == 1
    assert picture(recording, 20).value_range != picture(recording, 21).value_range


# Scales


def test_a_linear_axis_of_large_losses_has_an_exponent():
    found = picture(recorded("point-nine"), 100, loss_scale=LossScale.LINEAR)
    largest = recorded("point-nine").losses[:101].astype(np.float64).max()
    assert found.exponent == math.floor(math.log10(largest))
    assert found.curves[0].values.max() * 10.0**found.exponent == pytest.approx(largest)
    assert picture(recorded("point-nine"), 100).exponent == 0


@pytest.mark.parametrize(
    ("losses", "exponent"),
    [([5.0, 0.1], 0), ([99_999.0, 1.0], 0), ([1e5, 1.0], 5), ([3e-5, 2e-6], -5), ([0.0, 0.0], 0), ([-7e8, 2.0], 8)],
)
def test_linear_exponents(losses, exponent):
    recording = invented(losses=losses, problem=Rosenbrock())
    assert picture(recording, 1, loss_scale=LossScale.LINEAR).exponent == exponent


@pytest.mark.parametrize("scale", LossScale)
@pytest.mark.parametrize("loss", [5e-324, 1e-310, 1.7e308, -1.7e308, 0.0])
def test_losses_at_the_ends_of_double_precision(scale, loss):
    found = picture(invented(losses=[loss, loss / 2], problem=Rosenbrock()), 1, loss_scale=scale)
    assert all(map(math.isfinite, found.value_range))
    assert found.value_range[0] < found.value_range[1]
    assert not np.isinf(found.curves[0].values).any()


@pytest.mark.parametrize("loss", [0.0, -3.5])
def test_a_loss_without_a_logarithm_is_a_gap_with_a_note(loss):
    recording = invented(losses=[4.0, 1.0, loss, 2.0], problem=Rosenbrock())
    found = picture(recording, 2)
    assert found.note == f"loss = {'0' if loss == 0 else '−3.5'}: not on a logarithmic axis (L: linear)"
    assert found.curves[0].current is None
    assert np.isnan(found.curves[0].values).tolist() == [False, False, True]
    assert picture(recording, 1).note == picture(recording, 3).note == ""
    assert found.hatched == ()
    linear = picture(recording, 2, loss_scale=LossScale.LINEAR)
    assert linear.note == ""
    assert linear.curves[0].current == (2.0, loss)


def test_a_run_with_no_finite_loss_has_a_range_all_the_same():
    recording = invented(losses=[math.inf, math.nan], problem=Himmelblau())
    found = picture(recording, 1)
    assert found.value_range[0] < found.value_range[1]
    assert found.minimum is None or math.isfinite(found.minimum)
    assert found.hatched == ((0.0, 1.0),)


def test_a_minimum_of_zero_is_on_a_linear_axis_only():
    recording = recorded("valley")
    assert picture(recording, 3).minimum is None
    assert picture(recording, 3, loss_scale=LossScale.LINEAR).minimum == 0.0


# Marks


def test_the_marks_of_rate_one():
    recording = recorded("one")
    marks = picture(recording, 200).marks
    assert [(mark.step, mark.label) for mark in marks] == [
        (92, "loss = inf from step 92"),
        (193, "b = inf from step 193"),
        (194, "w = −inf, b = NaN from step 194"),
        (195, "w = NaN from step 195"),
    ]
    assert "3.4e38" in marks[0].explanation
    assert "float32" in marks[0].explanation


def test_marks_come_with_their_step_and_not_before():
    recording = recorded("one")
    all_of_them = picture(recording, 200).marks
    for step in range(201):
        assert picture(recording, step).marks == tuple(mark for mark in all_of_them if mark.step <= step)


def test_explanations_name_the_operation():
    recording = recorded("one")
    marks = {mark.step: mark.explanation for mark in picture(recording, 200).marks}
    for step, index in ((193, 1), (194, 0), (194, 1), (195, 0)):
        name = "wb"[index]
        line = next(line for line in marks[step].splitlines() if line.startswith(f"{name}: "))
        before, rate, direction, after = parsed(line)
        assert same(before, recording.points[step - 1, index])
        assert same(rate, recording.learning_rates[step - 1])
        assert same(direction, recording.directions[step - 1, index])
        assert same(after, recording.points[step, index])
        assert not math.isfinite(after)


def parsed(line):
    """``w: a − b · c = d`` as four numbers."""
    left, after = line.split(": ")[1].split(" = ")
    first, direction = left.split(" · ")
    before, rate = first.rsplit(" − ", 1)
    return [float(text.strip("()").replace("−", "-")) for text in (before, rate, direction, after)]


def same(shown, value):
    return (math.isnan(shown) and math.isnan(value)) or shown == pytest.approx(float(value), rel=1e-3)


def test_a_nan_loss_of_finite_parameters_is_marked():
    recording = invented([(0.0, 0.0)] * 3, [1.0, math.nan, math.nan])
    assert [mark.label for mark in picture(recording, 2).marks] == ["loss = NaN from step 1"]


def test_a_mark_does_not_go_when_the_run_goes_on():
    # The loss becomes NaN (inf - inf) one step before the parameters do.
    recording = record(
        Experiment(Rosenbrock(), schedule=Constant(1.0), start=(-1.2, 1.0), steps=40, precision=Precision.FLOAT64)
    )
    lost, gone = recording.milestones.nan_loss, min(step for step in recording.milestones.nan if step is not None)
    for step in range(41):
        assert picture(partial(recording, step + 1), step).marks == picture(recording, step).marks
    assert (lost < gone) == any("loss = NaN" in mark.label for mark in picture(recording, 40).marks)


def test_a_start_that_is_no_number_says_so():
    recording = invented([(math.inf, 0.0)], [math.inf])
    (mark,) = picture(recording, 0).marks
    assert mark.label == "loss = inf, w = inf from step 0"
    assert "w starts there" in mark.explanation


# Hatching


def test_the_end_of_the_numbers_is_hatched_to_the_right_end():
    recording = recorded("point-nine")
    assert picture(recording, 149).hatched == ()
    for step in (150, 151, 180, 200):
        assert picture(recording, step).hatched == ((150.0, 200.0),)
    assert picture(recorded("one"), 92).hatched == ((92.0, 100.0),)


def recovering():
    return record(lecture(0.9, steps=1000).with_learning_rate(0.5, 160))


def test_an_infinity_that_is_left_behind():
    recording = recovering()
    finite = np.isfinite(recording.losses)
    assert recording.milestones.infinite_loss == 150
    back = int(np.flatnonzero(~finite)[-1]) + 1
    assert 160 < back < 400
    assert finite[back:].all()
    for step in (150, 158, back - 1):
        assert [mark.label for mark in picture(recording, step).marks if not mark.is_change] == [
            "loss = inf from step 150"
        ]
        assert picture(recording, step).hatched == ((150.0, picture(recording, step).step_range[1]),)
    for step in (back, 500, 1000):
        found = picture(recording, step)
        assert found.hatched == ((150.0, float(back - 1)),)
        assert [mark.label for mark in found.marks if not mark.is_change] == ["loss = inf first at step 150"]
        assert found.curves[0].current is not None
        assert np.isnan(found.curves[0].values[150:back]).all()
    verdict = judge(recording)
    assert verdict.kind is Kind.CONVERGED
    assert "infinite" not in verdict.sentence


@given(st.lists(st.sampled_from([1.0, math.inf, math.nan]), min_size=1, max_size=40), st.data())
def test_a_mark_says_from_only_of_what_has_lasted_since(losses, data):
    step = data.draw(st.integers(0, len(losses) - 1))
    for mark in picture(invented(losses=losses), step).marks:
        lasts = not any(map(math.isfinite, losses[mark.step : step + 1]))
        assert mark.label.endswith(f"{'from' if lasts else 'first at'} step {mark.step}")
        assert math.isnan(losses[mark.step]) == mark.label.startswith("loss = NaN")


def test_of_several_runs_each_says_whether_it_lasts():
    runs = record(lecture(0.9, steps=1000)), recovering()
    (mark,) = (mark for mark in build_loss_picture(runs, 1000, Look()).marks if not mark.is_change)
    assert mark.label.endswith("loss = inf first at step 150")
    told = [line for line in mark.explanation.splitlines() if "step 150" in line]
    assert [line.partition(": ")[2] for line in told] == ["loss = inf from step 150", "loss = inf first at step 150"]


@given(st.lists(st.sampled_from([1.0, math.inf, math.nan]), min_size=1, max_size=40), st.data())
def test_hatched_is_what_is_not_finite(losses, data):
    step = data.draw(st.integers(0, len(losses) - 1))
    found = picture(invented(losses=losses), step)
    hatched = {at for low, high in found.hatched for at in range(int(low), int(high) + 1)}
    assert {at for at in hatched if at <= step} == {at for at in range(step + 1) if not math.isfinite(losses[at])}
    assert all(high + 1 < low for (_, high), (low, _) in pairwise(found.hatched))
    beyond = {at for at in hatched if at > step}
    end = int(found.step_range[1])
    assert beyond == (set() if math.isfinite(losses[step]) else set(range(step + 1, end + 1)))


def test_a_loss_below_zero_is_shown_above_its_lowest_minimum():
    wells = Experiment(TwoWells(), schedule=Constant(0.11), start=(1.8, 1.0), precision=Precision.FLOAT64)
    run = record(wells)
    picture = build_loss_picture((run,), 30, Look())
    lowest = float(TwoWells().loss(*TwoWells.minima[0]))
    wanted = np.log10(run.losses[:31] - lowest)
    assert run.losses[30] < 0
    assert picture.curves[0].values == pytest.approx(wanted)
    assert picture.note == "above the lowest minimum, −0.3054"
    assert picture.minimum is None
    linear = build_loss_picture((run,), 30, Look(loss_scale=LossScale.LINEAR))
    assert linear.curves[0].values == pytest.approx(run.losses[:31])
    assert linear.note == ""


# Several runs


def test_of_several_runs_only_the_end_of_the_loss_is_marked():
    runs = tuple(record(lecture(rate)) for rate in (0.1, 10.0, 1.0))
    marks = build_loss_picture(runs, 200, Look()).marks
    assert [(mark.step, mark.label) for mark in marks] == [
        (13, "10: loss = inf from step 13"),
        (92, "1: loss = inf from step 92"),
    ]
    assert "w = −inf, b = −inf from step 28" in marks[0].explanation
    assert [mark.step for mark in build_loss_picture(runs, 91, Look()).marks] == [13]
    # What has not happened yet is not told.
    assert "from step 28" not in build_loss_picture(runs, 27, Look()).marks[0].explanation


def test_runs_that_end_at_the_same_step_share_a_mark():
    valley = Experiment(Rosenbrock(), start=(-1.2, 1.0))
    runs = tuple(record(replace(valley, schedule=Constant(rate))) for rate in (0.9, 0.01, 0.1, 0.7))
    found = build_loss_picture(runs, 200, Look(), (3, 0, 1, 2))
    assert [mark.label for mark in found.marks] == [
        "0.9: loss = inf from step 2",
        "0.1, 0.7: loss = inf from step 3",
        "0.01: loss = inf from step 5",
    ]


def test_the_axis_ends_where_no_run_has_a_loss_any_more():
    valley = Experiment(Rosenbrock(), start=(-1.2, 1.0))
    runs = tuple(record(replace(valley, schedule=Constant(rate))) for rate in (0.9, 0.01))
    found = build_loss_picture(runs, 200, Look())
    assert found.step_range == (0.0, 10.0)
    assert found.hatched == ((5.0, 10.0),)
    assert found.note == "from step 5 on no run has a loss that is a number: the axis ends here"
    assert build_loss_picture(runs, 4, Look()).note == ""
    held = build_loss_picture(runs, 200, Look(view=View.HOLD))
    assert (held.step_range, held.note) == ((0.0, 200.0), "")
    # As long as one of them goes on, so does the axis; and that of a single run is as it was.
    assert (
        build_loss_picture((*runs, record(replace(valley, schedule=Constant(1e-4)))), 200, Look()).step_range[1] == 200
    )
    assert build_loss_picture(runs[:1], 200, Look()).step_range[1] == 200


def test_hatched_is_where_no_run_has_a_finite_loss():
    tenth, one, ten = recorded("tenth"), recorded("one"), recorded("ten")
    assert build_loss_picture((ten, tenth), 200, Look()).hatched == ()
    assert build_loss_picture((ten, one), 91, Look()).hatched == ()
    assert build_loss_picture((ten, one), 150, Look()).hatched == ((92.0, 200.0),)
    # A shorter run stands at its end.
    short = record(lecture(10.0, steps=12))
    assert build_loss_picture((short, one), 150, Look()).hatched == ()
    gone = record(lecture(10.0, steps=20))
    assert build_loss_picture((gone, one), 150, Look()).hatched == ((92.0, 200.0),)


def test_the_curves_have_the_styles_that_are_given():
    runs = (recorded("tenth"), recorded("one"))
    assert [curve.style for curve in build_loss_picture(runs, 20, Look()).curves] == [0, 1]
    assert [curve.style for curve in build_loss_picture(runs, 20, Look(), (2, 3)).curves] == [2, 3]


# Noise floors


def test_noise_floors_are_in_the_scale_of_the_picture():
    runs = tuple(record(lecture(rate, batch_size=1, steps=50)) for rate in (0.5, 0.1))
    floors = [stationary_loss(run.experiment) for run in runs]
    for scale in LossScale:
        found = build_loss_picture(runs, 50, Look(loss_scale=scale), (2, 0))
        scaled = [math.log10(floor) if scale is LossScale.LOG else floor / 10**found.exponent for floor in floors]
        assert [style for style, _ in found.noise_floors] == [2, 0]
        assert [value for _, value in found.noise_floors] == pytest.approx(scaled)
        assert all(found.value_range[0] < value < found.value_range[1] for value in scaled)


def test_a_run_over_all_rows_has_no_noise_floor():
    assert picture(record(lecture(0.1)), 10).noise_floors == ()
