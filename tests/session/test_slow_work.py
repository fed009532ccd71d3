"""What takes long is done in its own threads: edits with range tests and pictures on large batches, and their ends."""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.analysis import range_test
from gdviz.core.analysis.range_test import as_range_test
from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.loop import CHUNK_STEPS
from gdviz.core.descent.schedules import RangeTest
from gdviz.core.problems.batches import Batches
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.scenarios.races import Race
from gdviz.core.weak_cache import weak_cache
from gdviz.panes.effective_rate import rates
from gdviz.presentation.look import DataPane, Theme
from gdviz.scene.scene import Scene
from gdviz.session import edits
from tests.recordings import equal, lecture
from tests.session.driving import LONG, SCENARIO

SIZE = 100_000  # rows of a batch, too many for the window's thread
PROBLEM = LinearRegression(generate(DataSettings(rows=2 * SIZE)))
LARGE = replace(SCENARIO, experiment=lecture(0.1, problem=PROBLEM, steps=30, batch_size=SIZE))
HERE = "MainThread"


def forget_range_tests(monkeypatch):
    """Forget where range tests end."""
    find = range_test._found_last_step.__wrapped__
    monkeypatch.setattr(range_test, "_found_last_step", weak_cache(64)(find))


@pytest.fixture
def fetchers(monkeypatch):
    """The names of the threads that have fetched the rows of a batch."""
    forget_range_tests(monkeypatch)
    names, fetched = set(), Batches._fetched

    def noted(batches, rows):
        found = fetched(batches, rows)
        names.add(threading.current_thread().name)
        return found

    monkeypatch.setattr(Batches, "_fetched", noted)
    return names


def until(driven, is_so):
    """Let time pass until it is so."""
    deadline = time.monotonic() + 20
    while not is_so():
        driven.tick(0.016)
        threading.Event().wait(0.002)
        assert time.monotonic() < deadline
    return driven


def computed(driven):
    """Let time pass until nothing goes on."""
    return until(driven, lambda: not driven.session.is_busy)


@pytest.fixture
def large(drive, fetchers):
    """A session with a run on large batches, computed."""
    driven = computed(drive(LARGE))
    fetchers.clear()
    return driven


def begin_range_test(driven):
    """Ask for a range test, which is not there at once."""
    assert not driven.session.apply(edits.toggle_range_test)
    assert driven.session.background.edits.current is not None


def test_where_a_range_test_ends_is_found_in_the_background(large, fetchers, monkeypatch):
    session, before = large.session, large.session.state
    begin_range_test(large)
    assert session.state is before
    until(large, lambda: session.state.is_range_test)
    assert "gdviz edits" in fetchers
    assert session.controls().undo_name == "range test"
    computed(large)
    assert HERE not in fetchers
    assert session.runs.live.is_complete
    forget_range_tests(monkeypatch)
    assert session.state.experiment == as_range_test(before.experiment, before.range_test)
    assert large.failures == []


def test_its_progress_is_shown_once_it_takes_a_while(large):
    begin_range_test(large)
    assert large.session.controls().waiting == ""
    large.clock.now += 0.6
    assert large.session.controls().waiting.startswith("finding where the range test ends: ")
    assert large.session.controls().can_stop


def test_undo_takes_back_what_is_on_its_way_and_not_what_was_before_it(large):
    session = large.session
    session.apply(edits.set_steps, 20)
    computed(large)
    begin_range_test(large)
    session.undo()
    computed(large)
    assert session.state.experiment.steps == 20
    assert not session.state.is_range_test
    session.undo()
    computed(large)
    assert session.state.experiment.steps == 30


@pytest.mark.parametrize("end", ["stop_waiting", "stop_computing", "undo", "again", "reset"])
def test_it_can_be_cancelled(large, end):
    session, before = large.session, large.session.state
    begin_range_test(large)
    if end == "again":
        session.apply(edits.toggle_range_test)
    else:
        getattr(session, end)()
    assert not session.background.edits.is_busy
    computed(large)
    assert session.state.experiment == before.experiment
    assert session.controls().waiting == ""
    assert large.failures == []


def test_it_comes_even_if_something_else_is_changed_meanwhile(large):
    begin_range_test(large)
    large.session.set_look(theme=Theme.DARK)
    until(large, lambda: large.session.state.is_range_test)
    assert large.session.state.look.theme is Theme.DARK


def test_a_newer_edit_replaces_an_older_one(large):
    session = large.session
    begin_range_test(large)
    until(large, lambda: session.state.is_range_test)
    session.apply(edits.set_range_test, RangeTest(1e-3, 1.0, 40))
    session.apply(edits.set_range_test, RangeTest(1e-3, 1.0, 50))
    until(large, lambda: not session.background.edits.is_busy)
    assert session.state.range_test.number == 50
    assert session.state.experiment.schedule.number == 50


def test_a_refusal_from_the_background_is_reported(large):
    session = large.session

    def refused(state):
        as_range_test(state.experiment, state.range_test)
        return edits.set_steps(state, 0)

    assert not session.apply(refused)
    until(large, lambda: not session.background.edits.is_busy)
    assert any("steps: 0" in notice for notice in large.notices)
    assert not session.state.is_range_test


def test_a_failure_in_the_background_is_reported(large):
    def broken(state):
        as_range_test(state.experiment, state.range_test)
        raise ZeroDivisionError("a bug")

    large.session.apply(broken)
    until(large, lambda: not large.session.background.edits.is_busy)
    assert "a bug" in large.failures.pop()


def test_a_small_range_test_is_there_at_once(driven):
    assert driven.session.apply(edits.toggle_range_test)
    assert driven.session.state.is_range_test


def test_a_ghost_on_large_batches_is_composed_in_the_background(large, fetchers):
    session = large.session
    session.set_look(ghost=True)
    session.player.seek(3)
    shown = len(large.frames)
    until(large, lambda: session.player.frame.step == 3 and not session.background.is_waiting)
    assert len(large.frames) > shown
    assert fetchers == {"gdviz frames"}
    scene = Scene(session.state.title, (session.runs.live,), session.state.look)
    assert equal(session.player.frame, scene.frame(3))


def test_a_picture_that_is_given_up_stays_away_until_another_is_wanted(large, fetchers):
    session = large.session
    session.player.seek(2)
    session.set_look(ghost=True)
    before = session.player.frame
    session.player.seek(5)
    assert session.background.is_waiting
    session.stop_waiting()
    computed(large)
    assert session.player.frame is before
    session.set_look(ghost=False)
    session.player.seek(5)
    session.set_look(ghost=True)
    until(large, lambda: session.player.frame.look.ghost)
    session.player.seek(6)
    until(large, lambda: session.player.frame.step == 6)
    assert large.failures == []
    assert HERE not in fetchers


def test_a_picture_is_waited_for_and_given_up_though_its_run_grows(large):
    """It was begun anew with each chunk of steps, and came back right after Esc."""
    composer = large.session.player.composer
    large.session.set_look(ghost=True)
    large.session.player.seek(5)
    begun = composer.current
    grown = replace(begun, lengths=tuple(length + 1 for length in begun.lengths))
    assert composer.compose(grown, is_playing=False) is None
    assert composer.current is begun
    composer.give_up()
    assert composer.compose(grown, is_playing=False) is None
    assert composer.current is None


def test_the_effective_rates_of_a_long_run_are_found_in_the_background_and_only_once(drive, monkeypatch):
    threads, add = set(), rates.EffectiveRates._add

    def noted(*arguments):
        threads.add(threading.current_thread().name)
        add(*arguments)

    monkeypatch.setattr(rates.EffectiveRates, "_add", noted)
    monkeypatch.setattr(rates, "STEP_NANOSECONDS", 10_000)  # as if a block took longer than a piece
    driven = computed(drive(LONG))
    session = driven.session
    session.player.seek_end()
    session.set_look(data_pane=DataPane.RATE)
    assert session.player.frame.look.data_pane is DataPane.LINE
    until(driven, lambda: session.player.frame.look.data_pane is DataPane.RATE)
    assert threads == {"gdviz frames"}
    session.player.seek(39_000)
    until(driven, lambda: session.player.frame.step == 39_000)
    session.player.seek(38_000)
    assert session.player.frame.step == 38_000, "at once, now that they are known"
    assert driven.failures == []


def test_a_picture_that_takes_a_while_is_announced(large):
    large.session.set_look(ghost=True)
    large.session.player.seek(7)
    large.session.controls()
    large.clock.now += 0.6
    assert large.session.controls().waiting == "computing the picture of step 7"


def test_the_camera_moves_beside_a_ghost_that_is_known(large):
    session = large.session
    session.set_look(ghost=True)
    until(large, lambda: session.player.frame.look.ghost and not session.background.is_waiting)
    session.set_look(theme=Theme.DARK)
    assert session.player.frame.look.theme is Theme.DARK  # at once


def test_steps_on_large_batches_are_there_one_after_the_other(drive):
    session = drive(replace(LARGE, experiment=replace(LARGE.experiment, steps=100_000))).session
    until_some = threading.Event()
    while not len(session.runs.live):
        session.tick()
        until_some.wait(0.002)
    assert len(session.runs.live) < CHUNK_STEPS
    session.stop_computing()


def test_races_and_closing_do_not_wait_for_large_batches(large):
    session = large.session
    session.apply(edits.race, Race("learning-rate").runs(session.state.experiment))
    session.stop_computing()
    # Even if the live run has no step yet, where another has some.
    large.tick()
    session.apply(edits.race, Race("learning-rate", (0.2, 0.3)).runs(session.state.experiment))
    computed(large)
    assert all(np.isfinite(recording.points).all() for recording in session.runs.shown[0])
    assert large.failures == []
