"""The states that can be come back to: which edits are kept, as what, and within which memory."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.dataset import Dataset
from gdviz.core.data.settings import DataSettings
from gdviz.core.errors import InputError
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.scenarios.scenario import Scenario
from gdviz.presentation.look import Camera, Theme
from gdviz.session import data_edits, edits
from gdviz.session.compact import (
    DataPlaceholder,
    compact,
    first_ungenerated,
    problems_with_data,
    restore_data,
    stored_datasets,
)
from gdviz.session.state import State
from gdviz.session.timeline import BYTES_PER_EDIT, MAX_BYTES, MAX_EDITS, History, Moment
from tests.recordings import lecture

FIRST = State(Scenario("Point nine", lecture(0.9), others=(lecture(0.1),)), lecture(0.9), pinned=((lecture(0.1), 1),))
EDITS = 40
POINTS = from_points(np.arange(50.0), np.arange(50.0), None, "own.csv")


def of_data(data):
    """A state, and a scenario, with these data."""
    experiment = lecture(0.1, problem=LinearRegression(data))
    return State(Scenario("Data", experiment), experiment)


def with_rate(state, rate):
    return edits.set_learning_rate(state, rate).state


def recorded(*rates, history=None, drag=None, state=FIRST):
    """The history after the state was given these rates, one after the other; and the last state."""
    history = history or History()
    for step, rate in enumerate(rates):
        after = with_rate(state, rate)
        history = history.recorded(Moment(state, step), after, f"rate {rate}", drag)
        state = after
    return history, state


def completed(moment, state):
    """The state of a compact moment, with the data of another one."""
    return restore_data(moment.state, problems_with_data(state))


def test_edits_are_undone_and_redone_in_order():
    history, state = recorded(0.2, 0.3)
    assert (history.undo_name, history.redo_name) == ("rate 0.3", "")
    history, moment = history.undone(Moment(state, 40))
    assert (completed(moment, state), moment.step) == (with_rate(FIRST, 0.2), 1)
    assert (history.undo_name, history.redo_name) == ("rate 0.2", "rate 0.3")
    history, moment = history.undone(Moment(completed(moment, state), 50))
    assert (completed(moment, state), moment.step) == (FIRST, 0)
    assert history.undo_name == ""
    history, moment = history.redone(Moment(FIRST, 60))
    assert (completed(moment, state), moment.step) == (with_rate(FIRST, 0.2), 50)
    history, moment = history.redone(Moment(completed(moment, state), 70))
    assert (completed(moment, state), moment.step) == (state, 40)
    assert (history.undo_name, history.redo_name) == ("rate 0.3", "")


def test_after_a_new_edit_there_is_nothing_to_redo():
    history, state = recorded(0.2, 0.3)
    history, moment = history.undone(Moment(state, 0))
    history, _ = recorded(0.4, history=history, state=completed(moment, state))
    assert (history.undo_name, history.redo_name) == ("rate 0.4", "")


def test_nothing_can_be_undone_at_the_beginning():
    assert (History().undo_name, History().redo_name) == ("", "")
    with pytest.raises(ValueError, match="not enough values"):
        History().undone(Moment(FIRST, 0))
    with pytest.raises(ValueError, match="not enough values"):
        History().redone(Moment(FIRST, 0))


def test_one_drag_is_one_edit_with_the_name_of_its_end():
    history, state = recorded(0.2)
    history, state = recorded(0.3, 0.4, 0.5, history=history, state=state, drag="first")
    history, state = recorded(0.6, 0.7, history=history, state=state, drag="second")
    history, state = recorded(0.8, history=history, state=state)
    assert [edit.name for edit in history.past] == ["rate 0.2", "rate 0.5", "rate 0.7", "rate 0.8"]
    history, _ = history.undone(Moment(state, 0))
    history, moment = history.undone(Moment(state, 0))
    assert completed(moment, state) == with_rate(FIRST, 0.5)


def test_what_is_dragged_back_to_where_it_was_leaves_no_edit():
    history, _ = recorded(0.2, 0.3, 0.9, drag="one")
    assert history == History()


def test_what_is_dragged_back_to_where_it_was_leaves_what_can_be_redone():
    history, state = recorded(0.2)
    undone, moment = history.undone(Moment(state, 0))
    for rates, name in (((0.3, 0.9), "rate 0.2"), ((0.3, 0.9, 0.4, 0.9), "rate 0.2"), ((0.3, 0.9, 0.4), "")):
        history, _ = recorded(*rates, history=undone, state=completed(moment, state), drag="one")
        assert history.redo_name == name


def test_a_drag_that_goes_on_after_an_undo_leaves_nothing_to_redo():
    history, state = recorded(0.3, drag="rate")
    after = edits.set_look(state, ghost=True).state
    both = history.recorded(Moment(state, 1), after, "show next steps", "look")
    history, moment = both.undone(Moment(after, 1))
    assert history.redo_name == "show next steps"
    history, _ = recorded(0.4, history=history, state=completed(moment, state), drag="rate")
    assert (history.undo_name, history.redo_name) == ("rate 0.4", "")


def test_theme_camera_and_size_of_text_are_no_edits():
    look = replace(FIRST.look, theme=Theme.DARK, camera=Camera(3.0), text_scale=1.5, transparent=True)
    history, _ = recorded(0.2)
    assert history.recorded(Moment(FIRST, 0), replace(FIRST, look=look), "look") is history
    assert history.recorded(Moment(FIRST, 0), FIRST, "nothing") is history


def test_as_many_edits_are_kept_as_there_is_room_for():
    history, _ = recorded(*(0.001 * (1 + number) for number in range(MAX_EDITS + 30)))
    assert len(history.past) == MAX_EDITS >= 100
    assert history.undo_name == f"rate {0.001 * (MAX_EDITS + 30)}"


def test_generated_data_are_kept_as_their_settings():
    state = of_data(generate(DataSettings(rows=5000, seed=3)))
    history, _ = recorded(0.2, state=state)
    kept = history.past[0].moment.state
    assert stored_datasets(kept) == ()
    assert first_ungenerated(kept).data.settings == DataSettings(rows=5000, seed=3)
    assert first_ungenerated(kept).data.rows == 5000
    assert restore_data(kept, []) == kept != state
    again = LinearRegression(generate(DataSettings(rows=5000, seed=3)), "sum")
    assert restore_data(kept, [LinearRegression(), again]) == state


def test_generated_data_are_equal_by_their_settings():
    one, same, other = (DataPlaceholder(DataSettings(rows=rows)) for rows in (7, 7, 8))
    assert (one == same, hash(one) == hash(same), one == other) == (True, True, False)
    assert one != generate(DataSettings(rows=7))


def test_a_state_is_made_compact_whatever_there_is_in_it():
    swept = edits.toggle_range_test(edits.set_reduction(replace(FIRST, pinned=()), "sum").state).state
    for state in (FIRST, swept, edits.change(replace(FIRST, pinned=()), batch_size=100).state):
        assert restore_data(compact(state), problems_with_data(state)) == state
        assert first_ungenerated(compact(state)) is not None
    plain = edits.set_problem(replace(FIRST, pinned=()), "rosenbrock").state
    assert first_ungenerated(restore_data(compact(plain), [LinearRegression()])) is None


def test_own_points_are_kept_once_while_there_is_room(monkeypatch):
    state = of_data(POINTS)
    monkeypatch.setattr("gdviz.session.timeline.MAX_BYTES", 3 * BYTES_PER_EDIT + POINTS.x.nbytes + POINTS.y.nbytes)
    history, state = recorded(0.2, 0.3, 0.4, state=state)
    assert len(history.past) == 3
    other = of_data(Dataset(POINTS.x.copy(), POINTS.y.copy(), None, "other.csv"))
    history = history.recorded(Moment(state, 0), other, "other")
    history, _ = recorded(0.2, 0.3, history=history, state=other)
    assert [edit.name for edit in history.past] == ["rate 0.2", "rate 0.3"]


def test_an_edit_takes_no_more_memory_than_is_reckoned_with():
    state, history = replace(FIRST, pinned=()), History()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for number in range(EDITS):
            changed = edits.set_learning_rate(state, 0.5 + number / 1000, from_step=1 + number).state
            after = data_edits.set_data(changed, DataSettings(rows=1000 + number)).state
            history = history.recorded(Moment(state, number), after, f"edit {number}")
            state = after
        taken = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert len(history.past) == EDITS
    assert taken < EDITS * BYTES_PER_EDIT < MAX_BYTES


def test_impossible_data_are_refused_as_ever():
    with pytest.raises(InputError):
        DataPlaceholder(DataSettings(rows=0))
