import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from gdviz.animation.playback import BASE_SPEED, EASE_SECONDS, EASE_SPEED, SPEEDS, Playback


def test_it_begins_at_rest_at_the_start():
    playback = Playback()
    assert (playback.step, playback.moment(EASE_SECONDS), playback.playing, playback.speed) == (0, 0.0, False, 1.0)


@given(st.integers(-100, 10_000), st.integers(0, 5_000), st.sampled_from(SPEEDS))
def test_seeking_ends_inside_the_recording_at_rest(step, last, speed):
    playback = Playback()
    playback.speed = speed
    playback.seek(step, last)
    assert playback.step == min(max(step, 0), last)
    assert playback.moment(EASE_SECONDS) == playback.step


@pytest.mark.parametrize("speed", SPEEDS)
def test_it_keeps_its_speed(speed):
    playback = Playback()
    playback.speed = speed
    playback.play(10**9)
    for _ in range(50):
        playback.advance(0.02, 10**8, 10**9)
    expected = 10**8 if math.isinf(speed) else int(BASE_SPEED * speed + 1e-6)
    assert abs(playback.step - expected) <= 1


@pytest.mark.parametrize("speed", [speed for speed in SPEEDS if speed <= EASE_SPEED])
def test_between_two_steps_it_stands_and_then_moves_on_evenly(speed):
    playback = Playback()
    playback.speed = speed
    playback.play(100)
    parts = []
    while playback.step == 0:
        parts.append(playback.moment(EASE_SECONDS))
        playback.advance(0.005, 100, 100)
    assert parts[0] == 0.0
    assert all(a <= b < 1.0 for a, b in pairwise(parts))
    moving = [part for part in parts if part > 0]
    assert len(moving) * 0.005 == pytest.approx(min(EASE_SECONDS, 1 / (BASE_SPEED * speed)), abs=0.011)
    assert moving[-1] > 0.9


@pytest.mark.parametrize("speed", [speed for speed in SPEEDS if speed > EASE_SPEED])
def test_when_it_is_fast_it_goes_by_whole_steps(speed):
    playback = Playback()
    playback.speed = speed
    playback.play(1000)
    for _ in range(30):
        playback.advance(0.003, 1000, 1000)
        assert playback.moment(EASE_SECONDS) == playback.step


def test_unlimited_speed_waits_for_what_is_computed():
    playback = Playback()
    playback.speed = math.inf
    playback.play(100)
    playback.advance(1e-6, 40, 100)
    assert (playback.step, playback.playing) == (40, True)
    playback.advance(1e-6, 100, 100)
    assert (playback.step, playback.playing) == (100, False)


def test_it_waits_for_steps_that_are_still_computed():
    playback = Playback()
    playback.play(100)
    for _ in range(10):
        playback.advance(10.0, 7, 100)
        assert (playback.moment(EASE_SECONDS), playback.playing) == (7.0, True)
    # It does not catch up on the time that it has waited.
    playback.advance(0.5, 100, 100)
    assert playback.step == 9


def test_play_at_the_end_begins_again():
    playback = Playback()
    playback.seek(20, 20)
    playback.play(20)
    assert (playback.step, playback.playing) == (0, True)
    playback.seek(19, 20)
    playback.play(20)
    assert playback.step == 19


def test_a_pause_is_on_the_step_and_not_on_the_way_to_the_next():
    playback = Playback()
    playback.play(10)
    playback.advance(0.37, 10, 10)
    assert 1.0 < playback.moment(EASE_SECONDS) < 2.0
    playback.pause()
    assert playback.moment(EASE_SECONDS) == 1.0
    playback.play(10)
    playback.advance(0.2, 10, 10)
    assert playback.step == 1


def test_standing_still_no_time_passes():
    playback = Playback()
    playback.seek(5, 10)
    playback.advance(100.0, 10, 10)
    assert playback.moment(EASE_SECONDS) == 5.0


@given(st.sampled_from(range(len(SPEEDS))), st.integers(-20, 20))
def test_speed_goes_by_notches(index, notches):
    playback = Playback()
    playback.speed = SPEEDS[index]
    playback.faster(notches)
    assert playback.speed == SPEEDS[min(max(index + notches, 0), len(SPEEDS) - 1)]


class AnyUse(RuleBasedStateMachine):
    """Whatever is done: the cursor is in the recording, at rest when paused, and goes only forward by itself."""

    def __init__(self):
        super().__init__()
        self.playback, self.last, self.end = Playback(), 0, 40

    @rule(steps=st.integers(1, 15))
    def compute(self, steps):
        self.last = min(self.last + steps, self.end)

    @rule(seconds=st.one_of(st.floats(0.0, 0.3), st.sampled_from([0.05, 0.1, 0.2, 5.0, 1e6])))
    def advance(self, seconds):
        before = self.playback.moment(EASE_SECONDS), self.playback.step
        self.playback.advance(seconds, self.last, self.end)
        assert (self.playback.moment(EASE_SECONDS), self.playback.step) >= before
        assert not (self.playback.playing and self.playback.step >= self.end)

    @rule(step=st.integers(-5, 60))
    def seek(self, step):
        self.playback.seek(step, self.last)

    @rule()
    def play(self):
        was = self.playback.step
        self.playback.play(self.end)
        assert self.playback.step == (0 if was >= self.end else was)

    @rule()
    def pause(self):
        was = self.playback.step
        self.playback.pause()
        assert self.playback.step == was

    @rule(notches=st.integers(-3, 3))
    def faster(self, notches):
        self.playback.faster(notches)
        assert self.playback.speed in SPEEDS

    @invariant()
    def is_in_the_recording(self):
        playback = self.playback
        assert 0 <= playback.step <= self.last
        assert playback.step <= playback.moment(EASE_SECONDS) <= min(playback.step + 1, self.last)
        assert playback.playing or playback.moment(EASE_SECONDS) == playback.step


TestAnyUse = AnyUse.TestCase
TestAnyUse.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
