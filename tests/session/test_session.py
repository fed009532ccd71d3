"""Opening, looking at and closing a session, and what is told when the worker fails."""

import itertools
import math
import threading
from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.loop import CHUNK_STEPS, descend
from gdviz.core.descent.optimizers import Momentum
from gdviz.core.descent.recording import record
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import with_reduction
from gdviz.core.scenarios.library import load_scenario
from gdviz.core.scenarios.scenario import Scenario
from gdviz.presentation.look import View
from gdviz.session import edits
from gdviz.session.runner import Runner
from gdviz.session.session import Session
from tests.recordings import lecture, same_columns
from tests.session.driving import LONG, SCENARIO, is_whole_and_right


def test_before_it_is_opened_nothing_is_computed(qapp):
    session = Session(SCENARIO)
    assert session.player.frame is None
    assert len(session.runs.live) == 0
    assert session.controls().last_step == -1
    assert session.controls().step == 0
    session.set_look(pane="contour")
    session.player.seek(5)
    assert session.player.frame is None
    session.close()


def test_opening_computes_the_run_and_stands_at_the_start(driven):
    assert is_whole_and_right(driven)
    assert driven.session.player.frame.step == 0
    assert driven.controls[0].computing
    last = driven.controls[-1]
    assert not last.computing
    assert (driven.session.state.title, last.last_step, last.learning_rate) == ("Point nine", 200, 0.9)
    assert last == driven.session.controls()


def test_the_clock_stops_when_there_is_nothing_to_do(qtbot, drive):
    driven = drive()
    assert driven.ticking
    qtbot.waitUntil(lambda: not driven.ticking, timeout=5000)
    assert driven.session.runs.live.is_complete
    assert is_whole_and_right(driven)
    driven.session.player.seek(7)
    assert not driven.ticking
    driven.session.player.toggle_play()
    assert driven.ticking
    driven.session.player.toggle_play()
    qtbot.waitUntil(lambda: not driven.ticking, timeout=5000)


def test_nothing_is_emitted_when_nothing_has_changed(driven):
    session = driven.session
    frames, controls = len(driven.frames), len(driven.controls)
    for _ in range(5):
        driven.tick(0.1)
    session.player.seek(session.player.playback.step)
    session.set_look(view=session.state.look.view)
    session.apply(edits.change, steps=200)
    session.set_learning_rate(0.9)
    session.apply(edits.set_precision, "float32")
    session.set_problem("linear-regression")
    session.apply(edits.set_optimizer, "gd", {})
    session.set_data(DataSettings())
    session.player.set_speed(1.0)
    session.stop_computing()
    assert len(driven.frames) == frames
    assert len(driven.controls) == controls
    assert driven.notices == []


def test_closing_leaves_no_thread_and_says_nothing(drive):
    driven = drive(LONG)
    driven.session.close()
    frames, controls = len(driven.frames), len(driven.controls)
    assert not driven.ticking
    assert not [thread for thread in threading.enumerate() if thread.name == "gdviz descent"]
    assert (len(driven.frames), len(driven.controls)) == (frames, controls)


def test_opening_another_scenario_begins_anew(driven):
    driven.at(50).session.player.toggle_play()
    driven.session.apply(edits.set_changes_from_here, True)
    driven.session.open(Scenario("Ten", lecture(10.0, steps=30)))
    assert not driven.session.player.playback.playing
    assert not driven.session.state.changes_from_here
    assert is_whole_and_right(driven.finish())
    assert driven.session.player.frame.step == 0
    assert driven.session.player.frame.header.title == "Ten"
    assert driven.session.runs.live.last_step == 30


def test_reset_is_the_scenario_as_it_was(driven):
    session = driven.at(30).session
    session.set_learning_rate(0.3)
    session.apply(edits.change, steps=77)
    assert is_whole_and_right(driven.finish())
    assert session.state.as_scenario() == replace(SCENARIO, experiment=lecture(0.3, steps=77))
    session.reset()
    assert driven.notices[-1] == "reset to Point nine"
    assert is_whole_and_right(driven.finish())
    assert session.state.as_scenario() == SCENARIO
    assert session.player.frame.step == 0


def test_an_untouched_scenario_keeps_its_title(driven):
    session = driven.session
    titles = [session.player.frame.header.title]
    for change in (
        lambda: session.set_learning_rate(0.3),
        lambda: session.set_learning_rate(0.9),
        session.reset,
    ):
        change()
        driven.finish()
        assert session.state.title == session.player.frame.header.title
        titles.append(session.player.frame.header.title)
    session.set_problem("rosenbrock")
    titles.append(driven.finish().session.player.frame.header.title)
    assert titles == ["Point nine", "Point nine (changed)", "Point nine", "Point nine", "Rosenbrock"]


def test_a_look_is_a_new_frame_of_the_same_step(driven):
    session = driven.at(17).session
    before = len(driven.frames)
    session.set_look(view=View.HOLD, pane="contour")
    assert len(driven.frames) == before + 1
    assert (session.player.frame.step, session.player.frame.look) == (17, session.state.look)
    assert driven.controls[-1].look == session.state.look
    assert is_whole_and_right(driven)


def failing_after(batches):
    def descent(experiment, begin):
        yield from itertools.islice(descend(experiment, begin), batches)
        raise ZeroDivisionError("in the loop")

    return descent


@pytest.mark.parametrize("batches", [0, 2])
def test_an_exception_of_the_worker_is_told_once(drive, batches):
    driven = drive()
    session = driven.finish().session
    worker = session.runs.runner
    session.runs.runner = Runner(failing_after(batches))
    session.apply(edits.change, steps=1000)
    driven.finish()
    for _ in range(3):
        driven.tick(0.1)
    assert len(driven.failures) == 1
    assert "in the loop" in driven.failures[0]
    assert len(session.runs.live) == CHUNK_STEPS * batches
    assert not driven.ticking
    # Whatever is pressed now does no harm, and the clock does not go on for nothing.
    session.player.toggle_play()
    session.player.step_by(1)
    session.player.seek_end()
    session.player.set_speed(math.inf)
    session.player.toggle_play()
    driven.tick(100.0)
    driven.tick(100.0)
    assert not driven.ticking
    assert not session.controls().playing
    assert len(driven.failures) == 1
    session.runs.runner = worker
    session.apply(edits.change, steps=300)
    assert driven.finish().session.runs.live.is_complete
    assert same_columns(session.runs.live, record(session.state.experiment))


def test_precision_is_that_of_the_recipe(driven):
    driven.session.apply(edits.set_precision, "float64")
    assert driven.session.state.experiment.precision is Precision.FLOAT64
    assert driven.finish().session.runs.live.points.dtype == np.float64
    assert driven.session.player.frame.header.precision == "float64"


def of_file(tmp_path, name="house prices.csv"):
    (tmp_path / name).write_text("size,price\n1,2\n2,3\n4,6\n5,6\n")
    return load_scenario(str(tmp_path / name))


def titles_after_changes(session):
    def after(change):
        change()
        return session.state.title

    problem = session.state.experiment.problem
    return [
        after(lambda: session.set_learning_rate(0.01)),
        after(lambda: session.apply(edits.change, problem=with_reduction(problem, "sum"))),
        after(lambda: session.apply(edits.change, batch_size=2)),
        after(lambda: session.apply(edits.change, seed=7)),
        after(lambda: session.apply(edits.change, optimizer=Momentum())),
        after(lambda: session.apply(edits.pin)),
        after(lambda: session.set_learning_rate(0.02)),
    ]


def test_the_name_of_a_file_stays_the_title(drive, tmp_path):
    session = drive(of_file(tmp_path)).finish().session
    assert session.state.title == "house prices"
    assert titles_after_changes(session) == ["house prices"] * 7
    session.apply(edits.toggle_range_test)
    assert session.state.title == "Momentum, range test: house prices"


def test_a_title_that_was_asked_for_stays(drive, tmp_path):
    session = drive(replace(of_file(tmp_path), title="Ours", keeps_title=True)).finish().session
    assert titles_after_changes(session) == ["Ours"] * 7
    session.undo()
    assert session.state.title == "Ours"
    session.open(SCENARIO, "point-nine")
    assert session.state.title == SCENARIO.title
    session.set_learning_rate(0.3)
    assert session.state.title == "Point nine (changed)"
