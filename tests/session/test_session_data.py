"""Other data in a session: many rows are made in a thread of their own, and taken up when they are there."""

import threading
from dataclasses import replace

import pytest

from gdviz.core.data import memory
from gdviz.core.data.settings import DataSettings
from gdviz.core.errors import InputError
from gdviz.core.scenarios.scenario import Scenario
from gdviz.session import edits
from tests.recordings import lecture
from tests.session.driving import is_whole_and_right

MANY = DataSettings(rows=30_000, noise=0.1)


def made(driven):
    """Until the data are there and the run of them is computed."""
    for _ in range(2000):
        driven.tick()
        if not driven.session.timeline.generator.is_busy:
            return driven.finish()
        threading.Event().wait(0.005)
    raise AssertionError("the data are not made")


def rows(driven):
    return driven.session.state.experiment.problem.data.rows


def test_many_rows_are_announced_and_taken_when_ready(driven):
    driven.session.set_data(MANY)
    assert driven.ticking
    assert rows(driven) == 100
    assert driven.controls[-1].generation.settings == MANY
    made(driven)
    assert rows(driven) == 30_000
    assert driven.controls[-1].generation is None
    assert is_whole_and_right(driven)


def test_few_rows_come_at_once_and_cancel_many(driven):
    driven.session.set_data(MANY)
    driven.session.set_data(DataSettings(rows=500))
    assert rows(driven) == 500
    assert driven.controls[-1].generation is None
    made(driven)
    assert rows(driven) == 500


@pytest.mark.parametrize(
    "leave",
    [
        lambda session: session.set_problem("himmelblau"),
        lambda session: session.open(Scenario("Another one", lecture(0.1))),
    ],
)
def test_what_is_wanted_for_another_problem_does_not_come(driven, leave):
    driven.session.set_data(MANY)
    leave(driven.session)
    before = driven.session.state.experiment
    made(driven)
    assert driven.session.state.experiment == before
    assert driven.failures == []


def test_what_was_changed_meanwhile_stays_changed(driven):
    driven.session.set_data(MANY)
    driven.session.set_learning_rate(1e-5)
    driven.session.apply(edits.set_reduction, "sum")
    made(driven)
    assert driven.session.state.experiment.schedule(0) == 1e-5
    assert (rows(driven), driven.session.state.experiment.problem.reduction) == (30_000, "sum")
    assert is_whole_and_right(driven)


def test_what_cannot_be_made_is_said_and_what_was_there_stays(driven):
    before = driven.session.state.experiment

    def refuse(problem, settings, report):
        raise InputError("rows: there is no room for so many")

    driven.session.timeline.generator.generate = refuse
    driven.session.set_data(MANY)
    made(driven)
    assert driven.notices[-1] == "rows: there is no room for so many"
    assert driven.session.state.experiment == before
    assert driven.controls[-1].generation is None


def test_data_beyond_the_memory_are_refused(driven, monkeypatch):
    monkeypatch.setattr(memory, "free_memory", lambda: 50_000_000)
    before = driven.session.state.experiment
    driven.session.set_data(DataSettings(rows=10_000_000))
    made(driven)
    assert driven.notices[-1] == "data.rows: 10,000,000 rows need 160 MB of free memory; use fewer"
    assert driven.session.state.experiment == before
    assert driven.controls[-1].generation is None


def test_a_fault_of_the_maker_is_told(driven):
    def fail(problem, settings, report):
        raise ZeroDivisionError("nobody thought of this")

    driven.session.timeline.generator.generate = fail
    driven.session.set_data(MANY)
    made(driven)
    assert "ZeroDivisionError: nobody thought of this" in driven.failures.pop()


@pytest.mark.parametrize("settings", [MANY, DataSettings(rows=500)])
def test_other_data_cannot_be_compared_with_a_pinned_run(driven, settings):
    driven.session.apply(edits.pin)
    driven.session.set_data(settings)
    assert driven.notices[-1] == "runs of different problems cannot share a surface; unpin them first (Shift+P)"
    assert not driven.session.timeline.generator.is_busy
    assert rows(driven) == 100


def test_a_batch_larger_than_the_data_is_refused(driven):
    session = driven.session
    session.apply(edits.change, batch_size=101)
    assert "101" in driven.notices[-1]
    assert driven.session.state.experiment.batch_size is None
    session.apply(edits.change, batch_size=100)
    driven.finish()
    session.set_data(DataSettings(rows=99))
    assert "99" in driven.notices[-1]
    assert (rows(driven), driven.session.state.experiment.batch_size) == (100, 100)
    assert is_whole_and_right(driven)


def test_batches_go_with_the_data(driven):
    driven.session.apply(edits.change, batch_size=10, seed=3)
    driven.session.set_problem("himmelblau")
    assert driven.session.state.experiment.batch_size is None
    driven.finish()
    assert driven.failures == []


def test_the_time_per_step_is_measured(driven):
    assert driven.controls[-1].step_time.endswith("per step")
    assert replace(driven.controls[-1], step_time="") == replace(driven.session.controls(), step_time="")


def test_stopping_gives_up_data_that_are_on_their_way(driven):
    driven.session.set_data(replace(MANY, rows=3_000_000))  # fewer could be there already
    assert driven.controls[-1].can_stop
    driven.session.stop_computing()
    assert driven.notices[-1] == "stopped; the data stay as they were"
    assert driven.controls[-1].generation is None
    assert not driven.controls[-1].can_stop
    made(driven)
    assert rows(driven) == 100
    assert is_whole_and_right(driven)


def test_data_cancelled_at_the_last_moment_begin_no_run(driven):
    driven.session.set_data(MANY)
    while driven.session.timeline.generator.progress is not None:
        threading.Event().wait(0.005)
    driven.session.stop_computing()
    made(driven)
    assert rows(driven) == 100


def test_steps_and_data_are_stopped_together(driven):
    driven.session.apply(edits.set_steps, 1_000_000)
    driven.session.set_data(MANY)
    driven.session.stop_computing()
    assert driven.notices[-1].startswith("stopped after ")
    assert driven.notices[-1].endswith(" of 1,000,000 steps; the data stay as they were")


def test_an_impossible_batch_is_called_as_its_field(driven):
    driven.session.apply(edits.change, batch_size=101)
    assert driven.notices[-1] == "batch: 101 is more than there are rows; use 1 to 100"


def test_a_step_over_many_rows_says_closed_form(driven):
    driven.session.set_data(MANY)
    made(driven)
    assert driven.controls[-1].step_time.endswith("per step (closed form)")


def test_keys_change_the_rate_of_a_large_sum_by_a_tenth(driven):
    driven.session.set_data(MANY)
    made(driven)
    driven.session.apply(edits.set_reduction, "sum")
    driven.session.set_learning_rate(1e-5)
    driven.session.scale_learning_rate(1.1)
    assert driven.session.state.experiment.schedule(0) == pytest.approx(1.1e-5)
    driven.session.scale_learning_rate(0.1)
    assert driven.session.state.experiment.schedule(0) == pytest.approx(1.1e-6)
    assert driven.controls[-1].zones.limit == pytest.approx(0.79 / 30_000, rel=0.02)
