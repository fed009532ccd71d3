import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import descend
from gdviz.core.descent.optimizers import Momentum, Nesterov
from gdviz.core.descent.recording import Recording, record
from gdviz.core.descent.schedules import Constant, RangeTest, fitted_settings, make_schedule
from gdviz.core.precision import Precision
from gdviz.core.problems.registry import PROBLEMS
from gdviz.panes.landscape import zoom
from gdviz.panes.landscape.ghost import GHOST_STEPS, build_ghost, cut_off, marked_steps, next_points
from gdviz.panes.landscape.landscape import sample_surface
from gdviz.presentation.look import Look, View
from gdviz.scene.scene import Scene
from tests.recordings import EXPERIMENTS, invented, lecture, numbers, recorded
from tests.seams import WITH_RATE

RATES = [1e-4, 0.01, 0.1, 0.9, 10.0, 1e30]
"""Up to those at which everything overflows."""
experiments = st.builds(
    Experiment,
    problem=st.sampled_from([make() for make in PROBLEMS.values()]),
    optimizer=st.sampled_from([make() for make in WITH_RATE]),
    schedule=st.builds(Constant, st.sampled_from(RATES)),
    start=st.tuples(st.floats(-2.0, 2.0), st.floats(-2.0, 2.0)),
    steps=st.integers(1, 60),
    precision=st.sampled_from(Precision),
)


def same(one, two):
    return one.dtype == two.dtype and np.array_equal(one, two, equal_nan=True)


def recorded_with(experiment, chunk_steps, spacing):
    """The recording as a worker makes it, with checkpoints at that distance."""
    recording = Recording(experiment, spacing)
    for chunk in descend(experiment, chunk_steps=chunk_steps):
        recording.append(chunk)
    return recording


# What it will do


@settings(deadline=None, max_examples=120)
@given(experiments, st.data(), st.integers(1, 20), st.integers(1, 40))
def test_the_ghost_is_the_recordings_own_future_bit_for_bit(experiment, data, chunk_steps, spacing):
    recording = recorded_with(experiment, chunk_steps, spacing)
    step = data.draw(st.integers(0, experiment.steps))
    ahead = next_points(recording, step)
    assert ahead.shape == (GHOST_STEPS + 1, 2)
    future = recording.points[step : step + GHOST_STEPS + 1]
    assert same(ahead[: len(future)], future)


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("optimizer", [make() for make in WITH_RATE])
@pytest.mark.parametrize("problem", [make() for make in PROBLEMS.values()])
def test_it_goes_on_where_a_shorter_run_ends(problem, optimizer, precision):
    rate = 0.5 * problem.suggested_learning_rate
    long, short = (
        Experiment(problem, optimizer, Constant(rate), problem.start, steps, precision) for steps in (50, 30)
    )
    assert same(next_points(record(short), 30), record(long).points[30:])
    assert np.isfinite(next_points(record(short), 30)).all()


@settings(deadline=None, max_examples=60)
@given(experiments, st.sampled_from(RATES), st.data())
def test_it_keeps_the_rate_of_now_and_foresees_no_change(experiment, rate, data):
    at = data.draw(st.integers(1, experiment.steps))
    step = data.draw(st.integers(0, experiment.steps))
    changed = record(experiment.with_learning_rate(rate, at))
    ahead, future = next_points(changed, step), changed.points[step : step + GHOST_STEPS + 1]
    if step < at:
        assert same(ahead, next_points(record(experiment), step))
        future = future[: at - step + 1]
    assert same(ahead[: len(future)], future)


def test_the_first_step_that_differs_is_that_after_the_change():
    changed = record(EXPERIMENTS["momentum"].with_learning_rate(0.1, 12))
    ahead, future = next_points(changed, 5), changed.points[5:26]
    differs = (ahead != future).any(axis=1)
    assert np.flatnonzero(differs).tolist() == list(range(8, 21))


@pytest.mark.parametrize("optimizer", [Momentum(), Nesterov()])
@pytest.mark.parametrize("name", ["cyclic", "one-cycle"])
def test_a_momentum_that_cycles_goes_on_cycling(name, optimizer):
    cycling = make_schedule(name, 0.03, fitted_settings(name, {"warmup_steps": 5}, Constant(0.03), 60, True))
    experiment = lecture(0.03, schedule=cycling, optimizer=optimizer, steps=60)
    recording = record(experiment)
    for step in (1, 10, 33, 50):
        kept = record(experiment.with_learning_rate(float(recording.learning_rates[step]), step))
        future = kept.points[step : step + GHOST_STEPS + 1]
        assert same(next_points(recording, step)[: len(future)], future)
    assert np.isfinite(next_points(recording, 60)).all()


@pytest.mark.parametrize("step", [0, 41, 150, 199])
def test_in_a_range_test_it_goes_on_at_the_rate_of_the_step(step):
    sweep = record(lecture(0.1, schedule=RangeTest(), steps=199))
    here = tuple(sweep.points[step].astype(float).tolist())
    constant = record(lecture(RangeTest().rate(step), start=here, steps=GHOST_STEPS))
    assert same(next_points(sweep, step), constant.points)


@pytest.mark.parametrize("optimizer", [Momentum(), Nesterov()])
def test_with_fresh_starts_it_goes_on_after_the_end_of_a_rate(optimizer):
    schedule = RangeTest(number=30, fresh_steps=7)
    recording = recorded_with(lecture(0.1, optimizer=optimizer, schedule=schedule, steps=239), 64, 100)
    for step in (0, 7, 8, 95, 100, 103, 239):
        alone = record(lecture(schedule(step), optimizer=optimizer, steps=40))
        begin = step % 8
        assert same(next_points(recording, step), alone.points[begin : begin + GHOST_STEPS + 1])


# What of it is seen


def ghost_at(recording, step, view=View.FOLLOW):
    problem = recording.experiment.problem
    level = zoom.zoom_level_at(recording, step, problem.box) if view is View.FOLLOW else 0
    surface = sample_surface(problem, problem.box.scaled(zoom.factor(level)))
    return build_ghost(recording, step, surface), surface


@pytest.mark.parametrize("name", EXPERIMENTS)
@pytest.mark.parametrize("view", View)
def test_nothing_beyond_the_box_and_all_on_the_surface(name, view):
    recording = recorded(name)
    problem = recording.experiment.problem
    for step in (0, 3, 20, 60, 150, 190, 200):
        ghost, surface = ghost_at(recording, step, view)
        assert ghost.segments.dtype == np.float32
        assert ghost.segments.shape[1:] == (2, 3)
        for _, values in numbers(ghost):
            assert np.isfinite(values).all()
            assert np.abs(values[..., :2]).max(initial=0.0) <= 1.0
        for place in ghost.segments.reshape(-1, 3):
            loss = float(problem.loss(*surface.box.denormalised(place[:2].astype(np.float64))))
            assert place[2] == pytest.approx((loss - surface.base) / surface.span, abs=1e-6)


def test_the_steps_of_the_lecture_are_cut_at_the_wall():
    recording = recorded("point-nine")
    ghost, surface = ghost_at(recording, 0)
    places = surface.box.normalised(recording.points[:5])
    np.testing.assert_allclose(ghost.segments[:, 0, :2], places[:4], atol=1e-6)
    np.testing.assert_allclose(ghost.segments[:3, 1, :2], places[1:4], atol=1e-6)
    assert cut_off(ghost.segments).tolist() == [False, False, False, True]
    assert ghost.note == "ahead: out of view in 4 steps"
    last, _ = ghost_at(recording, 3)
    np.testing.assert_array_equal(last.segments, ghost.segments[3:])
    assert last.note == "ahead: out of view in 1 step"


def test_a_run_that_has_left_the_view_has_no_ghost():
    recording = recorded("point-nine")
    for view in View:
        ghost, _ = ghost_at(recording, 4, view)
        assert len(ghost.segments) == 0
        assert ghost.note == ""


def test_a_run_that_stays_has_all_steps_and_nothing_is_said():
    ghost, surface = ghost_at(recorded("tenth"), 10)
    assert ghost.note == ""
    places = surface.box.normalised(recorded("tenth").points[10:31])
    np.testing.assert_allclose(ghost.segments[:, :, :2], np.stack([places[:-1], places[1:]], axis=1), atol=1e-6)


@pytest.mark.parametrize(
    ("name", "step", "note"),
    [
        ("ten", 27, "ahead: infinite in 1 step"),
        ("ten", 15, "ahead: infinite in 13 steps"),
        ("one", 180, "ahead: infinite in 13 steps"),
        ("ten", 28, ""),
        ("one", 200, ""),
    ],
)
def test_the_end_of_the_numbers_is_said_while_there_are_any(name, step, note):
    assert ghost_at(recorded(name), step, View.HOLD)[0].note == note


def test_both_are_said_where_both_come():
    recording = record(lecture(1e30, steps=5))
    assert ghost_at(recording, 0)[0].note == "ahead: out of view in 1 step, infinite in 2 steps"


def test_a_run_that_comes_back_is_seen_again():
    recording = record(lecture(1.2, optimizer=Momentum(), start=(0.0, -2.4), steps=1))
    ghost, surface = ghost_at(recording, 0)
    inside = [surface.box.contains(point) for point in next_points(recording, 0)]
    assert inside[:7] == [True, False, False, True, False, False, True]
    assert all(inside[7:])
    assert np.flatnonzero(cut_off(ghost.segments)).tolist() == [0, 2]
    assert len(ghost.segments) == GHOST_STEPS - 2
    enters = ghost.segments[1]
    assert np.abs(enters[0, :2]).max() == 1.0
    np.testing.assert_array_equal(enters[1], ghost.segments[2, 0])
    assert ghost.note == "ahead: out of view in 1 step"


def test_at_the_end_of_double_precision():
    largest = float(np.finfo(np.float64).max)
    recording = invented([(0.0, -1.0), (largest, -largest)])
    for step in range(2):
        for view in View:
            assert all(np.isfinite(values).all() for _, values in numbers(ghost_at(recording, step, view)[0]))


# In the frame


def test_the_look_adds_it_and_changes_nothing_else():
    recording = recorded("point-nine")
    plain, more = (Scene("t", (recording,), Look(ghost=ghost)).frame(2).landscape for ghost in (False, True))
    assert plain.paths[0].ghost.shape == (0, 2, 3)
    assert more.paths[0].ghost.shape == (2, 2, 3)
    assert more.surface is plain.surface
    assert more.notes == (*plain.notes, "ahead: out of view in 2 steps")
    np.testing.assert_array_equal(more.paths[0].segments, plain.paths[0].segments)


def test_every_run_has_its_own():
    runs = tuple(recorded(name) for name in ("tenth", "point-nine"))
    paths = Scene("t", runs, Look(ghost=True, view=View.HOLD)).frame(0).landscape.paths
    assert [len(path.ghost) for path in paths] == [20, 4]


def test_it_goes_through_the_growing_box():
    scene = Scene("t", (recorded("point-nine"),), Look(ghost=True))
    assert [len(scene.frame(time).landscape.paths[0].ghost) for time in (3.0, 4.0)] == [1, 0]
    assert len(scene.frame(4.99).landscape.paths[0].ghost) > 0


# Which steps are marked


def in_a_row(*lengths):
    """Segments and their pixels, one behind the other to the right, of so many pixels each."""
    x = np.concatenate([[0.0], np.cumsum(lengths)])
    pixels = np.stack([np.stack([x[:-1], x[1:]], axis=1), np.zeros((len(lengths), 2))], axis=2)
    segments = np.zeros((len(lengths), 2, 3), np.float32)
    segments[:, :, 0] = pixels[:, :, 0] / 1000.0
    return segments, pixels


def test_steps_that_can_be_told_apart_are_marked_and_the_last():
    assert marked_steps(*in_a_row(20, 10, 9, 8, 5, 1), 9.0).tolist() == [True, True, True, False, False, True]


def test_a_run_that_stays_under_its_marker_has_no_mark():
    assert not marked_steps(*in_a_row(1, 1, 1), 9.0).any()
    assert marked_steps(*in_a_row(4, 4, 4), 9.0).tolist() == [False, False, True]


def test_what_a_wall_has_cut_is_no_step():
    segments, pixels = in_a_row(20, 20, 20)
    segments[-1, 1, 0] = 1.0
    assert marked_steps(segments, pixels, 9.0).tolist() == [True, True, False]
    assert cut_off(segments).tolist() == [False, False, True]


def test_no_ghost_has_no_marks():
    nothing = np.empty((0, 2, 3), np.float32)
    assert marked_steps(nothing, np.empty((0, 2, 2)), 9.0).shape == cut_off(nothing).shape == (0,)
