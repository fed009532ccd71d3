"""Stepping and playing in a session."""

import itertools
import math

import pytest

from gdviz.animation.playback import EASE_SECONDS, PARTS_SECONDS
from gdviz.presentation.look import View
from tests.session.driving import is_whole_and_right


def test_a_step_forward_lets_the_box_grow_and_ends_on_the_step(driven):
    session = driven.at(4).session
    first = len(driven.frames)
    session.player.step_by(1)
    assert driven.ticking
    passed = 0.0
    while session.player.frame.step < 5:
        driven.tick(0.02)
        passed += 0.02
        assert passed <= 0.3
    assert passed >= EASE_SECONDS
    eased = driven.frames[first:]
    widths = [frame.landscape.surface.box.half[0] for frame in eased]
    assert len(widths) > 5
    assert all(a < b for a, b in itertools.pairwise(widths[:-1]))
    assert [frame.step for frame in eased[:-1]] == [4] * (len(eased) - 1)
    assert session.player.moment == 5.0
    assert is_whole_and_right(driven)
    driven.tick(0.02)
    assert not driven.ticking


def test_a_step_forward_without_growth_is_there_at_once(driven):
    driven.at(2).session.player.step_by(1)
    assert driven.session.player.frame.step == 3
    assert not driven.ticking


def grown(driven):
    return [one.grown for one in driven.session.player.frame.landscape.inside.directions]


def test_inside_the_rule_a_step_forward_shows_its_parts_and_ends_on_the_step(driven):
    session = driven.at(2).session
    session.set_look(inside=True)
    first = len(driven.frames)
    session.player.step_by(1)
    passed, seen = 0.0, []
    while session.player.frame.step < 3:
        driven.tick(0.05)
        passed += 0.05
        seen.append(grown(driven))
        assert passed <= PARTS_SECONDS + 0.1
    assert passed >= PARTS_SECONDS - 0.05
    assert [1.0, 0.0] in seen
    assert seen[-1] == grown(driven) == [1.0, 1.0]
    assert {frame.step for frame in driven.frames[first:-1]} == {2}
    assert is_whole_and_right(driven)


def test_switched_off_on_the_way_the_step_is_finished(driven):
    session = driven.at(2).session
    session.set_look(inside=True)
    session.player.step_by(1)
    driven.tick(0.5)
    session.set_look(inside=False)
    driven.tick(1.0)
    assert session.player.frame.step == 3
    assert not driven.ticking


def test_on_a_map_there_are_no_parts_to_wait_for(driven):
    session = driven.at(2).session
    session.set_look(inside=True, pane="map")
    session.player.step_by(1)
    assert session.player.frame.step == 3


@pytest.mark.parametrize(("speed", "shows_parts"), [(0.25, True), (0.5, False), (2.0, False)])
def test_a_step_is_played_in_its_parts_where_there_is_time(driven, speed, shows_parts):
    session = driven.at(0).session
    session.set_look(inside=True)
    session.player.set_speed(speed)
    session.player.toggle_play()
    seen = set()
    for _ in range(30):
        driven.tick(0.05)
        seen |= set(grown(driven))
    assert (len(seen) > 3) == shows_parts
    assert 1.0 in seen


def test_played_too_fast_for_the_parts_the_box_still_grows_and_the_arrows_stand(driven):
    """The box jumped, since a step in its parts would have taken longer than there was."""
    session = driven.at(4).session
    session.set_look(inside=True)
    session.player.set_speed(1.0)
    first = len(driven.frames)
    session.player.toggle_play()
    for _ in range(40):
        driven.tick(0.02)
    frames = [frame.landscape for frame in driven.frames[first:] if frame.step == 4]
    widths = [landscape.surface.box.half[0] for landscape in frames]
    assert len(set(widths)) > 5
    assert widths == sorted(widths)
    assert {one.grown for landscape in frames for one in landscape.inside.directions} <= {1.0}
    assert any(landscape.inside.directions for landscape in frames)


def test_steps_that_are_asked_for_while_the_box_grows(driven):
    session = driven.at(4).session
    session.player.step_by(1)
    driven.tick(0.1)
    session.player.step_by(1)
    driven.tick(0.5)
    assert session.player.frame.step == 6
    session.player.seek(4)
    session.player.step_by(1)
    driven.tick(0.1)
    session.player.step_by(-1)
    assert session.player.frame.step == 4
    session.player.step_by(1)
    driven.tick(0.1)
    session.player.seek(9)
    driven.tick(0.5)
    assert session.player.frame.step == 9


@pytest.mark.parametrize(("steps", "ends"), [(10, 60), (-1, 49), (-10, 40), (-100, 0), (1000, 200)])
def test_many_steps_at_once(driven, steps, ends):
    session = driven.at(50).session
    session.player.toggle_play()
    session.player.step_by(steps)
    assert not session.player.playback.playing
    assert session.player.frame.step == ends
    assert is_whole_and_right(driven)


def test_a_step_beyond_the_end_stays_there(driven):
    session = driven.session
    session.player.seek_end()
    session.player.step_by(1)
    driven.tick(0.5)
    assert session.player.frame.step == 200


def test_held_no_box_grows(driven):
    session = driven.at(4).session
    session.set_look(view=View.HOLD)
    session.player.step_by(1)
    assert session.player.frame.step == 5


def test_playing_goes_through_every_step_and_ends(driven):
    session = driven.session
    session.player.toggle_play()
    assert driven.controls[-1].playing
    steps = []
    while session.player.playback.playing:
        driven.tick(0.125)
        steps.append(session.player.frame.step)
    assert sorted(set(steps)) == list(range(201))
    assert not driven.controls[-1].playing
    assert not driven.ticking
    assert is_whole_and_right(driven)
    session.player.toggle_play()
    assert session.player.frame.step == 0
    assert session.player.playback.playing


def test_a_pause_is_at_rest(driven):
    session = driven.at(4).session
    session.player.toggle_play()
    driven.tick(0.2)
    assert session.player.frame.landscape.first_box is not None  # it is growing
    session.player.toggle_play()
    assert is_whole_and_right(driven)
    assert session.player.frame.step == 4


@pytest.mark.parametrize("speed", [0.25, 1.0, 2.0, 4.0, math.inf])
def test_at_any_speed_a_whole_step_is_at_rest(driven, speed):
    session = driven.session
    session.player.set_speed(speed)
    assert driven.session.controls().speed == speed
    for step in (4, 8, 11):
        driven.at(step)
        assert is_whole_and_right(driven)


def test_speeds(driven):
    session = driven.session
    session.player.change_speed(2)
    assert driven.controls[-1].speed == 4.0
    session.player.change_speed(100)
    assert driven.controls[-1].speed == math.inf
    session.player.toggle_play()
    driven.tick(0.001)
    assert session.player.frame.step == 200
    assert not session.player.playback.playing


def test_seeking_while_playing_goes_on_from_there(driven):
    session = driven.session
    session.player.toggle_play()
    session.player.seek(100)
    driven.tick(0.5)
    assert session.player.frame.step == 102
