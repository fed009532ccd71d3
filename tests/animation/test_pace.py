import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.animation import events
from gdviz.animation.pace import MAX_EASED, EveryStep, Steady, Sweep, Teach, moments, parse_pace
from gdviz.animation.playback import BASE_SPEED, EASE_SECONDS, Playback
from gdviz.core.descent.recording import record
from gdviz.core.errors import InputError
from gdviz.presentation.look import Look, View
from gdviz.scene.scene import Scene
from tests.recordings import invented, lecture, recorded

POINT_NINE = Scene("", (recorded("point-nine"),))
QUIET = Scene("", (recorded("tenth"),))
RATES = st.sampled_from([1, 5, 10, 20, 24, 25, 30, 50, 60, 120])


def climbing(step_factors):
    """A path whose every step is so many times as far out as the one before."""
    away = np.cumprod([0.5, *step_factors])
    return invented(points=np.stack([away, -away], axis=1), losses=np.ones(len(away)))


scenes = st.builds(
    lambda factors, other: Scene("", (climbing(factors), *([recorded("one")] if other else []))),
    st.lists(st.sampled_from([1.0, 1.0, 1.3, 3.0, 40.0, 0.2]), min_size=1, max_size=120),
    st.booleans(),
)
paces = st.one_of(st.just(Teach()), st.just(Sweep()), st.just(EveryStep()), st.builds(Steady, st.floats(0.5, 500.0)))


def silent(steps):
    """A scene of so many steps in which nothing happens."""
    return Scene("", (invented(losses=np.ones(steps + 1)),))


def shown_for(shown, step, frame_rate):
    """For how many seconds a step is shown, the way to the next one included."""
    return sum(math.floor(moment) == step for moment in shown) / frame_rate


# What every pace keeps


@settings(deadline=None, max_examples=40)
@given(scenes, paces, RATES, st.data())
def test_moments_rise_from_the_first_step_to_the_last(scene, pace, frame_rate, data):
    recorded_last = max(recording.last_step for recording in scene.recordings)
    first = data.draw(st.integers(0, recorded_last))
    last = data.draw(st.integers(first, recorded_last))
    shown = moments(scene, pace, first, last, frame_rate)
    assert len(shown) == pace.frame_count(last - first, frame_rate)
    assert (shown[0], shown[-1]) == (first, last)
    assert all(before <= behind for before, behind in pairwise(shown))
    assert len(shown) > 1 or first == last
    # Whole, but where the box grows.
    assert all(scene.box_changes_after(math.floor(moment)) for moment in shown if moment % 1)


@settings(deadline=None, max_examples=20)
@given(scenes, st.sampled_from([30, 60]))
def test_the_default_pace_shows_all_that_happens(scene, frame_rate):
    last = max(recording.last_step for recording in scene.recordings)
    shown = set(moments(scene, Teach(), 0, last, frame_rate))
    jumps = [step for step in range(last) if scene.box_changes_after(step)]
    ends = [end.step for recording in scene.recordings for end in events.non_finite_events(recording)]
    assert {*jumps, *(step + 1 for step in jumps), *ends} <= shown


@given(scenes, st.floats(300.0, 5000.0), RATES)
@settings(deadline=None, max_examples=25)
def test_a_skipping_pace_shows_as_many_events_as_fit(scene, speed, frame_rate):
    last = max(recording.last_step for recording in scene.recordings)
    shown = moments(scene, Steady(speed), 0, last, frame_rate)
    keys = set(events.key_steps(scene, 0, last, 10**6).tolist())
    if max(np.diff(shown)) > 1:
        assert len(keys & set(shown)) >= min(len(keys), len(shown) - 2)
    ends = {end.step for recording in scene.recordings for end in events.non_finite_events(recording)} - {last}
    assert len(ends & set(shown)) >= min(len(ends), len(shown) - 2)


# The pace that teaches


@settings(deadline=None)
@given(st.integers(0, 1_000_000), RATES)
def test_a_lesson_takes_8_to_20_seconds(steps, frame_rate):
    count = Teach().frame_count(steps, frame_rate)
    assert 8 * frame_rate <= count <= 20 * frame_rate
    assert count <= Teach().frame_count(steps + 1, frame_rate)
    cursor = Teach().cursor(steps, frame_rate)
    assert len(cursor) == count
    # The last step stands for two seconds, to half a frame.
    arrived = int(np.searchsorted(cursor, steps - 1e-6 * steps))
    assert count - arrived >= 2 * frame_rate - 1


@pytest.mark.parametrize(
    ("steps", "seconds"), [(0, 8.0), (1, 8.0), (10, 8.0), (200, 18.17), (373, 20.0), (374, 20.0), (1_000_000, 20.0)]
)
def test_how_long_lessons_are(steps, seconds):
    assert Teach().frame_count(steps, 120) / 120 == pytest.approx(seconds, abs=0.01)


def test_a_lesson_begins_slowly_and_becomes_faster():
    shown = moments(QUIET, Teach(), 0, 200, 30)
    assert shown_for(shown, 0, 30) == 1.5  # a second at rest, and its own half
    assert [shown_for(shown, step, 30) for step in range(1, 10)] == [0.5] * 9
    lengths = [shown_for(shown, step, 30) for step in range(10, 200)]
    assert all(before >= behind - 1.01 / 30 for before, behind in pairwise(lengths))
    assert shown_for(shown, 200, 30) == pytest.approx(2.0, abs=0.04)
    # The speed doubles every two seconds.
    at = [shown[round(seconds * 30)] for seconds in (6, 8, 10, 12)]
    assert at == [10, 15, 27, 50]  # 10 + 2 / growth * (2^(seconds / 2) - 1) = 10, 15.77, 27.31, 50.40


def test_a_short_run_is_as_slow_and_its_end_stands_longer():
    shown = moments(QUIET, Teach(), 0, 3, 30)
    assert [shown_for(shown, step, 30) for step in range(4)] == [1.5, 0.5, 0.5, 5.5]
    assert moments(QUIET, Teach(), 7, 7, 25) == (7.0,) * 200


def test_a_lesson_may_begin_at_any_step():
    assert moments(QUIET, Teach(), 40, 80, 20) == tuple(
        40 + moment for moment in moments(silent(40), Teach(), 0, 40, 20)
    )


def test_between_slow_steps_the_box_grows_as_in_the_window():
    shown = moments(POINT_NINE, Teach(), 0, 200, 60)
    live = []
    for index in range(5 * 60):
        playback = Playback()
        playback.speed = 2.0 / BASE_SPEED
        playback.play(200)
        playback.advance(index / 60, 200, 200)
        live.append(playback.moment(EASE_SECONDS if POINT_NINE.box_changes_after(playback.step) else 0.0))
    np.testing.assert_allclose(shown[60:360], live, atol=1e-9)
    # The path leaves the view at step 4, and the box grows until step 5 is shown.
    growing = [moment for moment in shown if 4 < moment < 5]
    assert len(growing) == pytest.approx(0.25 * 60, abs=1)
    assert not [moment for moment in shown if moment % 1 and moment > 27]  # 8 steps a second from there on


def test_events_do_not_disturb_the_slow_steps_and_the_end():
    quiet, eventful = (
        [math.floor(moment) for moment in moments(scene, Teach(), 0, 200, 30)] for scene in (silent(200), POINT_NINE)
    )
    calm = [index for index, step in enumerate(quiet) if step < 27 or step == 200]
    assert [quiet[index] for index in calm] == [eventful[index] for index in calm]
    # Nor is the pace in between: no step is shown as much as half a second before or after its time.
    off = [abs(np.searchsorted(quiet, step) - np.searchsorted(eventful, step)) / 30 for step in eventful]
    assert max(off) < 0.5


def test_a_box_that_is_held_does_not_jump():
    held = replace(POINT_NINE, look=Look(view=View.HOLD))
    shown = moments(held, Teach(), 0, 200, 30)
    assert not [moment for moment in shown if moment % 1]
    assert 150 in shown
    assert shown != moments(POINT_NINE, Teach(), 0, 200, 30)


def test_a_million_steps_are_quick_and_keep_what_happens():
    away = np.exp(np.linspace(0.0, 300.0, 1_000_001))
    scene = Scene("", (invented(points=np.stack([away, away], axis=1), losses=np.ones(1_000_001)),))
    scene.recordings[0].milestones.infinite_loss = 777_777
    shown = moments(scene, Teach(), 0, 1_000_000, 30)
    assert len(shown) == 600
    assert 777_777 in shown
    # There are more jumps than frames: the steps that are fast are all of them such.
    fast = [moment for moment in shown if 30 < moment < 1_000_000]
    assert all(step == 777_777 or any(map(scene.box_changes_after, (int(step), int(step) - 1))) for step in fast)


def test_ends_of_numbers_and_changed_rates_are_shown():
    changed = lecture(1.0).with_learning_rate(0.9, 60).with_learning_rate(1.0, 61).with_learning_rate(1.0, 70)
    scene = Scene("", (recorded("one"), record(changed)))
    assert [step for step, _ in events.rate_changes(scene.recordings[1])] == [60, 61]
    shown = moments(scene, Steady(2000), 0, 200, 100)  # ten frames for 201 steps
    assert len(shown) == 10
    assert {92, 193, 194, 195, 60, 61} <= set(shown)
    assert len(set(shown) - {0, 92, 193, 194, 195, 60, 61, 200}) == 2  # and two of the others


def test_the_speed_on_arrival_at_a_step():
    cursor = Teach().cursor(200, 120)
    for step in (5, 30, 100, 150):
        frame = int(np.searchsorted(cursor, step))
        speed = (cursor[frame + 1] - cursor[frame - 1]) * 60
        assert Teach().speed(step, 200, 120) == pytest.approx(speed, rel=0.01)
    assert Steady(3.5).speed(100, 200, 120) == 3.5
    assert EveryStep().speed(100, 200, 120) == 120


# The other paces


@settings(deadline=None)
@given(st.integers(0, 500), st.floats(0.05, 100.0), RATES)
def test_a_steady_pace_shows_every_step_equally_long(steps, speed, frame_rate):
    count = Steady(speed).frame_count(steps, frame_rate)
    assert count == max(round((steps + 1) / speed * frame_rate), min(2, steps + 1))
    shown = moments(silent(max(steps, 1)), Steady(speed), 0, steps, frame_rate)
    if count > steps:
        lengths = np.bincount(np.array(shown, dtype=int))
        assert len(lengths) == steps + 1
        assert lengths.max() - lengths.min() <= 1


@pytest.mark.parametrize(("speed", "eased"), [(2.0, True), (8.0, True), (8.01, False)])
def test_a_steady_pace_eases_up_to_the_speed_of_the_window(speed, eased):
    assert MAX_EASED == 8.0
    shown = moments(POINT_NINE, Steady(speed), 0, 30, 60)
    assert any(moment % 1 for moment in shown) == eased
    assert set(range(31)) <= set(shown)


def test_a_clip_may_end_on_a_step_that_leaves_the_view():
    assert POINT_NINE.box_changes_after(4)
    assert max(moments(POINT_NINE, Steady(1.0), 0, 4, 30)) == 4
    assert moments(POINT_NINE, Steady(1.0), 4, 4, 30) == (4.0,) * 30


def test_every_step_is_one_frame():
    assert moments(POINT_NINE, EveryStep(), 3, 150, 7) == tuple(map(float, range(3, 151)))


@pytest.mark.parametrize(
    ("text", "pace"),
    [("teach", Teach()), ("every-step", EveryStep()), ("5", Steady(5.0)), ("0.01", Steady(0.01)), ("1e6", Steady(1e6))],
)
def test_paces_as_they_are_typed(text, pace):
    assert parse_pace(text) == pace


@pytest.mark.parametrize("text", ["", "fast", "0", "-1", "nan", "inf", "0.009", "1000001", "5 steps"])
def test_paces_that_are_none(text):
    with pytest.raises(InputError, match=f"^pace: '{text}' is not a pace; use teach, every-step, or steps a second"):
        parse_pace(text)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000), RATES)
def test_a_sweep_takes_the_same_time_and_never_jumps(steps, frame_rate):
    cursor = Sweep().cursor(steps, frame_rate)
    assert len(cursor) == Sweep().frame_count(steps, frame_rate) == 12 * frame_rate
    assert (cursor[0], cursor[-1]) == (0.0, steps)
    moved = np.diff(cursor)
    assert (moved >= 0).all()
    assert moved.max(initial=0.0) <= Sweep().speed(0, steps, frame_rate) / frame_rate + 1e-9
