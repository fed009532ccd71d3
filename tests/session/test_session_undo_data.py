"""Undo and redo of generated data: few rows come back at once, many are generated again."""

from dataclasses import replace

import pytest

from gdviz.core.data.creation import from_points
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.schedules import Constant
from gdviz.core.errors import InputError
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.right_of_way import right_of_way
from gdviz.core.scenarios.library import load_scenario
from gdviz.core.scenarios.scenario import Scenario
from gdviz.session import edits
from tests.recordings import lecture
from tests.session.driving import TEN, is_whole_and_right, names, settled

MANY = DataSettings(rows=30_000, noise=0.1)


def rows(driven):
    return driven.session.state.experiment.problem.data.rows


def test_few_rows_come_back_at_once_and_bit_for_bit(driven):
    before = driven.session.state
    driven.session.set_data(DataSettings(rows=500, noise=0.2))
    driven.session.set_data(DataSettings(rows=501, noise=0.2))
    assert names(driven)[0] == "501 rows"
    driven.session.undo()
    driven.session.undo()
    assert driven.session.state == before
    assert is_whole_and_right(settled(driven))


def test_many_rows_are_generated_again(driven):
    session = driven.session
    session.set_data(MANY)
    with_many = settled(driven).session.state
    assert names(driven)[0] == "30,000 rows, noise 0.1"
    session.set_problem("rosenbrock")
    with right_of_way:  # the worker waits meanwhile, so that it is seen at work
        session.undo()
    assert session.state.experiment.problem.name == "rosenbrock"  # until they are there
    assert driven.controls[-1].generation.settings == MANY
    assert driven.controls[-1].can_stop
    settled(driven)
    assert session.state == with_many
    assert is_whole_and_right(driven)
    assert driven.notices[-1] == "undone: problem Rosenbrock"
    assert any(said.startswith("undo problem Rosenbrock: generating 30,000 rows: ") for said in driven.notices)


def test_one_can_undo_further_or_redo_meanwhile(driven):
    session, first = driven.session, driven.session.state
    session.set_data(MANY)
    settled(driven)
    session.set_problem("rosenbrock")
    last = settled(driven).session.state
    session.undo()
    assert names(driven) == ("30,000 rows, noise 0.1", "problem Rosenbrock")
    session.undo()
    assert session.state == first
    assert not session.timeline.generator.is_busy
    session.redo()
    session.redo()
    assert session.state == last
    assert names(driven) == ("problem Rosenbrock", "")
    assert settled(driven).session.state == last


@pytest.mark.parametrize(
    "leave", [lambda session: session.stop_computing(), lambda session: session.apply(edits.set_steps, 70)]
)
def test_what_is_stopped_or_left_is_not_undone(driven, leave):
    session = driven.session
    session.set_data(MANY)
    settled(driven)
    session.set_problem("rosenbrock")
    settled(driven)
    session.undo()
    leave(session)
    before = session.state
    assert settled(driven).session.state == before
    assert session.state.experiment.problem.name == "rosenbrock"
    assert names(driven)[0] in ("problem Rosenbrock", "70 steps")
    assert names(driven)[1] == ""


def test_data_that_cannot_be_generated_again_are_reported(driven):
    session = driven.session
    session.set_data(MANY)
    settled(driven)
    session.set_problem("rosenbrock")
    before = settled(driven).session.state

    def refuse(problem, settings, report):
        raise InputError("data.rows: 30,000 rows need 1 MB of free memory; use fewer")

    session.timeline.generator.generate = refuse
    session.undo()
    settled(driven)
    assert driven.notices[-1] == "data.rows: 30,000 rows need 1 MB of free memory; use fewer"
    assert session.state == before
    assert names(driven) == ("problem Rosenbrock", "")


def test_undo_gives_up_data_that_are_on_their_way(driven):
    session, before = driven.session, driven.session.state
    session.set_learning_rate(0.5)
    session.set_data(MANY)
    assert names(driven)[0] == "30,000 rows, noise 0.1"
    session.undo()
    assert driven.notices[-1] == "undone: 30,000 rows, noise 0.1"
    assert driven.controls[-1].generation is None
    assert names(driven) == ("learning rate 0.5", "")
    session.undo()
    assert settled(driven).session.state == before


def test_an_edit_after_them_is_undone_before_them_and_they_come(driven):
    session = driven.session
    session.set_data(MANY)
    session.set_learning_rate(0.5)
    assert names(driven)[0] == "learning rate 0.5"
    session.undo()
    assert settled(driven).session.state.experiment.schedule == Constant(0.9)
    assert rows(driven) == 30_000


@pytest.mark.parametrize("released", [False, True])
def test_one_drag_from_few_rows_to_many_is_one_step(driven, released):
    session, before = driven.session, driven.session.state
    session.timeline.begin_drag()
    for count in (200, 500, 50_000):
        session.set_data(DataSettings(rows=count))
    if released:
        session.timeline.end_drag()
        settled(driven)
        assert rows(driven) == 50_000
    session.undo()
    settled(driven)
    assert session.state == before
    assert names(driven)[0] == ""


def test_a_scenario_with_its_own_many_rows_comes_back(drive):
    driven = settled(drive(load_scenario("big-data")))
    session, before = driven.session, driven.session.state
    session.set_data(replace(MANY, rows=40_000))
    settled(driven)
    session.open(TEN)
    settled(driven)
    for _ in range(2):
        session.undo()
        settled(driven)
    assert session.state == before
    assert names(driven) == ("", "40,000 rows")


def test_own_points_come_back_as_they_were(driven):
    points = from_points([0.0, 1.0, 2.0, 4.0], [0.1, 0.4, 0.2, 0.9], None, "own.csv")
    session = driven.session
    session.open(Scenario("Own", lecture(0.05, problem=LinearRegression(points))), "own.csv")
    own = settled(driven).session.state
    session.set_data(DataSettings())
    assert names(driven)[0] == "generated data"
    session.undo()
    assert is_whole_and_right(settled(driven))
    assert session.state == own
    assert session.state.experiment.problem.data is points
    session.undo()
    session.redo()
    assert settled(driven).session.state == own
