"""A session while its run is being computed."""

import math
from dataclasses import replace

import numpy as np

from gdviz.core.descent.recording import record
from gdviz.presentation.look import View
from tests.recordings import same_columns
from tests.session.driving import LONG, is_whole_and_right


def test_seeking_goes_as_far_as_it_is_computed(drive):
    driven = drive(LONG)
    session = driven.session
    while not len(session.runs.live):
        driven.tick()
    session.player.seek_end()
    assert session.player.frame.step == session.runs.live.last_step < 40_000
    session.player.seek(3)
    assert session.player.frame.step == 3
    driven.tick()
    assert session.player.frame.step == 3
    assert session.controls().computing


def test_playing_waits_for_what_is_computed(drive):
    driven = drive(LONG)
    session = driven.session
    session.player.set_speed(math.inf)
    session.player.toggle_play()
    while not len(session.runs.live):
        driven.tick()
    driven.tick(1.0)
    assert session.player.playback.playing
    assert session.player.frame.step == session.runs.live.last_step < 40_000


def test_stopping_keeps_what_is_computed(drive):
    driven = drive(LONG)
    session = driven.session
    while not len(session.runs.live):
        driven.tick()
    session.stop_computing()
    count = len(session.runs.live)
    assert 0 < count < 40_001
    assert driven.notices == [f"stopped after {count - 1:,} of 40,000 steps"]
    assert not session.controls().computing
    assert same_columns(session.runs.live, record(replace(LONG.experiment, steps=count - 1)))
    driven.tick()
    assert not driven.ticking
    assert session.player.frame.step == 0
    session.player.seek_end()
    assert session.player.frame.step == count - 1
    session.stop_computing()
    assert len(driven.notices) == 1


def test_a_stopped_run_is_played_to_its_end_and_again(drive):
    driven = drive(LONG)
    session = driven.session
    while not len(session.runs.live):
        driven.tick()
    session.stop_computing()
    session.player.seek_end()
    session.player.toggle_play()
    assert session.player.frame.step == 0
    assert session.player.playback.playing
    session.player.set_speed(math.inf)
    driven.tick(0.1)
    assert session.player.frame.step == session.runs.live.last_step
    assert not session.player.playback.playing
    assert not driven.ticking


def test_stopping_at_once_leaves_the_start(drive):
    driven = drive(LONG)
    session = driven.session
    session.stop_computing()
    assert session.runs.live.last_step >= 0
    assert "after -1" not in driven.notices[-1]
    assert session.player.frame.step == 0
    session.set_learning_rate(0.2)
    session.stop_computing()
    assert session.player.frame.step == 0
    np.testing.assert_array_equal(session.runs.live.learning_rates[:1], np.float32(0.2))


def test_while_the_cursor_stands_still_a_growing_run_is_not_shown_again(drive):
    driven = drive(LONG)
    while not len(driven.session.runs.live):
        driven.tick()
    shown, computed = len(driven.frames), len(driven.session.runs.live)
    assert shown
    driven.finish()
    assert len(driven.session.runs.live) > computed
    assert len(driven.frames) == shown
    assert is_whole_and_right(driven)


def test_what_depends_on_later_steps_is_shown_as_they_come(drive):
    driven = drive(replace(LONG, experiment=LONG.experiment.with_learning_rate(0.8)))
    driven.session.set_look(view=View.HOLD)
    while not len(driven.session.runs.live):
        driven.tick()
    shown = len(driven.frames)
    driven.finish()
    assert len(driven.frames) > shown, "while held, the axis of the losses holds those of all steps"
    assert is_whole_and_right(driven)
