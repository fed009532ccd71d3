"""Undo and redo in a session: the state, the step and the run that come back."""

import itertools
from dataclasses import replace

import pytest

from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import RangeTest
from gdviz.presentation.look import Camera, DataPane, TapeLook, Theme
from gdviz.session import edits
from tests.recordings import lecture, same_columns
from tests.session.driving import MANY_ROWS, SCENARIO, TEN, is_whole_and_right, names, pinned_of, settled

pytestmark = pytest.mark.unmeasured  # dear to measure; what it meets is met elsewhere

SLOW = replace(SCENARIO, experiment=lecture(0.1, problem=MANY_ROWS, steps=4000))


def test_at_the_beginning_there_is_nothing_to_undo(driven):
    state, notices = driven.session.state, len(driven.notices)
    driven.session.undo()
    driven.session.redo()
    assert driven.session.state is state
    assert names(driven) == ("", "")
    assert len(driven.notices) == notices


def test_a_rate_is_undone_and_redone_with_its_step(driven):
    session = driven.at(20).session
    session.set_learning_rate(0.5)
    settled(driven).at(70)
    assert names(driven) == ("learning rate 0.5", "")
    session.undo()
    assert driven.notices[-1] == "undone: learning rate 0.5"
    assert is_whole_and_right(settled(driven))
    assert (session.state.experiment, session.player.frame.step) == (lecture(0.9), 20)
    assert names(driven) == ("", "learning rate 0.5")
    assert driven.controls[-1] == session.controls()
    session.redo()
    assert driven.notices[-1] == "redone: learning rate 0.5"
    assert is_whole_and_right(settled(driven))
    assert (session.state.experiment, session.player.frame.step) == (lecture(0.5), 70)


def test_a_rate_from_a_step_on_is_undone(driven):
    session = driven.at(20).session
    session.player.toggle_play()
    session.set_learning_rate(0.5)
    assert session.controls().undo_name == "learning rate 0.5 from step 20"
    settled(driven).tick(2.0)
    assert session.player.frame.step > 20
    session.undo()
    assert is_whole_and_right(settled(driven))
    assert not session.player.playback.playing
    assert (session.state.experiment, session.player.frame.step) == (lecture(0.9), 20)


def test_refused_or_empty_edits_leave_nothing_to_undo(driven):
    session = driven.session
    session.apply(edits.change, steps=0)
    session.set_learning_rate(float("nan"))
    session.apply(edits.unpin_all)
    session.apply(edits.toggle_pane, "basins")
    session.set_learning_rate(0.9)
    session.set_data(DataSettings())
    session.reset()
    assert names(driven) == ("", "")


def test_after_a_new_edit_there_is_nothing_to_redo(driven):
    session = driven.session
    session.set_learning_rate(0.5)
    session.undo()
    session.apply(edits.set_steps, 100)
    assert names(driven) == ("100 steps", "")


def test_playing_seeking_camera_and_theme_are_no_steps_and_stay(driven):
    session = driven.session
    session.set_learning_rate(0.5)
    settled(driven).at(30)
    session.player.toggle_play()
    session.player.set_speed(4.0)
    camera = Camera(10.0, 20.0, 5.0)
    session.set_look(camera=camera, theme=Theme.DARK, text_scale=1.3)
    assert names(driven) == ("learning rate 0.5", "")
    session.undo()
    settled(driven)
    assert (session.state.look.camera, session.state.look.theme, session.state.look.text_scale) == (
        camera,
        Theme.DARK,
        1.3,
    )
    assert session.player.playback.speed == 4.0


def test_loading_is_undone_with_look_pins_and_step(driven):
    session = driven.session
    session.apply(edits.pin)
    session.set_learning_rate(0.1)
    session.set_look(pane="contour", data_pane=DataPane.HISTOGRAMS, tape=TapeLook(checked=True))
    before = settled(driven).at(33).session.state
    session.open(TEN, "ten")
    session.set_look(pane="surface", tape=None)
    settled(driven)
    session.undo()
    assert names(driven) == ("load Ten", "surface, hide tape")
    session.undo()
    settled(driven)
    assert session.state == before
    assert [same_columns(run, record(run.experiment)) for run in pinned_of(session)] == [True]
    assert same_columns(session.runs.live, record(session.state.experiment))
    assert session.player.frame.step == 33
    session.redo()
    assert (session.state.scenario.title, session.state.scenario_name) == ("Ten", "ten")
    assert settled(driven).session.player.frame.step == 0


def test_pins_a_race_and_unpinning_are_undone(driven):
    session = driven.at(7).session
    states = [session.state]
    for edit, arguments in (
        (edits.pin, ()),
        (edits.set_steps, (50,)),
        (edits.race, ()),
        (edits.unpin, (1,)),
        (edits.unpin_all, ()),
    ):
        session.apply(edit, *arguments)
        states.append(settled(driven).session.state)
    for state in reversed(states[:-1]):
        session.undo()
        settled(driven)
        assert session.state == state
        for run in (session.runs.live, *pinned_of(session)):
            assert same_columns(run, record(run.experiment))
    assert session.player.frame.step == 7
    assert names(driven) == ("", "pin")


def test_a_range_test_is_undone_to_the_run_and_redone(driven):
    session = driven.at(12).session
    session.player.set_speed(2.0)
    session.apply(edits.toggle_range_test)
    settled(driven)
    session.undo()
    assert is_whole_and_right(settled(driven))
    assert (session.player.frame.step, session.player.playback.playing, session.player.playback.speed) == (
        12,
        False,
        2.0,
    )
    session.redo()
    settled(driven)
    assert session.state.is_range_test
    assert session.player.playback.speed == 16.0
    session.apply(edits.adopt_rate, 0.17)
    assert names(driven) == ("learning rate 0.17", "")
    session.undo()
    assert session.state.experiment.schedule == RangeTest()
    session.apply(edits.toggle_range_test)
    assert settled(driven).session.state.experiment == lecture(0.9)


def test_a_cell_of_the_map_is_one_step(driven):
    session = driven.at(5).session
    session.show_run(0.25, 1000)
    settled(driven)
    assert names(driven)[0] == "learning rate 0.25, 1,000 steps"
    session.undo()
    assert is_whole_and_right(settled(driven))
    assert (session.state.experiment, session.player.frame.step) == (lecture(0.9), 5)


def test_a_drag_is_one_step_and_so_is_a_key_that_is_held(driven):
    session = driven.at(9).session
    session.timeline.begin_drag()
    for place in (0.1, 0.2, 0.3):
        session.apply(edits.set_start, place, -1.0)
    session.timeline.end_drag()
    session.timeline.begin_drag()
    for _ in range(3):
        session.scale_learning_rate(1.1)
    session.timeline.begin_drag()
    session.scale_learning_rate(0.1)
    session.timeline.end_drag()
    session.scale_learning_rate(10.0)
    session.scale_learning_rate(10.0)
    seen = []
    while session.controls().undo_name:
        seen.append(session.controls().undo_name)
        session.undo()
    assert seen == [f"learning rate {rate}" for rate in ("11.98", "1.198", "0.1198", "1.198")] + ["start (0.3, −1)"]
    assert is_whole_and_right(settled(driven))
    assert (session.state.experiment, session.player.frame.step) == (lecture(0.9), 9)


def test_another_edit_in_the_middle_of_a_drag_is_its_own_step(driven):
    session = driven.session
    session.timeline.begin_drag()
    session.set_learning_rate(0.5)
    session.apply(edits.set_look, ghost=True)
    for rate in (0.6, 0.7):
        session.set_learning_rate(rate)
    session.undo()
    assert names(driven) == ("show next steps", "learning rate 0.7")
    session.undo()
    assert names(driven) == ("learning rate 0.5", "show next steps")


def test_what_is_computed_when_it_is_undone_does_not_come(drive):
    driven = drive(SLOW)
    session = driven.session
    while not len(session.runs.live):
        driven.tick()
    for rate in (0.2, 0.3):
        session.set_learning_rate(rate)
    session.undo()
    session.undo()
    assert is_whole_and_right(settled(driven))
    assert session.state.experiment == SLOW.experiment


def test_a_hundred_steps_back_and_forth(driven):
    session = driven.session
    states = [session.state]
    for number in range(101):
        session.set_learning_rate(0.01 * (number + 1))
        states.append(session.state)
    for state in reversed(states[:-1]):
        session.undo()
        assert session.state == state
    for state in states[1:]:
        session.redo()
        assert session.state == state
    assert is_whole_and_right(settled(driven))


def test_a_moment_while_the_box_grows_comes_back_at_rest(driven):
    session = driven.at(4).session
    session.set_look(ghost=True)
    session.player.step_by(1)
    driven.tick(0.1)
    session.undo()
    driven.tick(0.5)
    assert session.player.frame.step == session.player.moment == 4
    assert is_whole_and_right(driven)


def test_undo_and_redo_of_all_edits_end_where_they_began(driven):
    session = driven.session
    session.apply(edits.toggle_range_test)
    session.apply(edits.adopt_rate, 0.2)
    session.apply(edits.race)
    session.apply(edits.unpin_all)
    session.set_problem("himmelblau")
    session.apply(edits.toggle_pane, "basins")
    session.open(TEN, "ten")
    last = settled(driven).session.state
    for move, name in itertools.islice(itertools.cycle(((session.undo, 0), (session.redo, 1))), 4):
        while names(driven)[name]:
            move()
    assert settled(driven).session.state == last
