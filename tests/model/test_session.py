import itertools
import math
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.dataset import DataSettings, generate
from gdviz.core.descent import descend
from gdviz.core.precision import Precision
from gdviz.core.recording import record
from gdviz.core.regression import LinearRegression
from gdviz.core.scenario import Scenario
from gdviz.core.schedules import Constant
from gdviz.model import session as module
from gdviz.model.look import Pane, View
from gdviz.model.playback import EASE_SECONDS
from gdviz.model.runner import Runner
from gdviz.model.scene import Scene
from gdviz.model.session import Session

from .helpers import equal, lecture, same_columns

SCENARIO = Scenario("Point nine", lecture(0.9), question="Will it?")


class Clock:
    """A clock that goes on when it is told to, in the place of the session's."""

    def __init__(self):
        self.now = 1000.0

    def perf_counter(self):
        return self.now


class Driven:
    """A session with what it has emitted, and with time in our hands."""

    def __init__(self, scenario, clock):
        self.session = Session(scenario)
        self.clock = clock
        self.frames, self.controls, self.notices, self.failures = [], [], [], []
        self.session.frame_changed.connect(self.frames.append)
        self.session.controls_changed.connect(self.controls.append)
        self.session.noticed.connect(self.notices.append)
        self.session.failed.connect(self.failures.append)

    def tick(self, seconds=0.0):
        self.clock.now += seconds
        self.session._tick()

    def finish(self):
        """Until everything is computed, in no time of the clock."""
        deadline = time.monotonic() + 10
        while self.session.runner.is_running:
            self.session.runner.channel.finished.wait(0.01)
            self.tick()
            assert time.monotonic() < deadline
        return self

    def at(self, step):
        self.session.seek(step)
        return self

    @property
    def ticking(self):
        return self.session._timer.isActive()


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(module, "time", made)
    return made


@pytest.fixture
def drive(qapp, clock):
    made = []

    def start(scenario=SCENARIO):
        driven = Driven(scenario, clock)
        made.append(driven)
        driven.session.open(scenario)
        return driven

    yield start
    for driven in made:
        driven.session.close()
        assert not driven.ticking
        assert not driven.session.runner.is_running


@pytest.fixture
def driven(drive):
    return drive().finish()


MANY_ROWS = LinearRegression(generate(DataSettings(rows=500)))
LONG = replace(SCENARIO, experiment=lecture(0.1, problem=MANY_ROWS, steps=40_000))


def is_whole_and_right(driven):
    """The recording is that of the recipe, bit for bit, and the frame is that of the recording."""
    session = driven.session
    assert session.recording.experiment == session.experiment
    assert same_columns(session.recording, record(session.experiment))
    assert equal(session.frame, Scene(session.title, (session.recording,), session.look).frame(session.frame.step))
    assert session.frame.step == session.playback.step == session.controls().step
    assert driven.failures == []
    return True


# Opening and closing


def test_before_it_is_opened_nothing_is_computed(qapp):
    session = Session(SCENARIO)
    assert session.frame is None
    assert len(session.recording) == 0
    assert session.controls().last_step == -1
    assert session.controls().step == 0
    session.set_look(pane=Pane.CONTOUR)
    session.seek(5)
    assert session.frame is None
    session.close()


def test_opening_computes_the_run_and_stands_at_the_start(driven):
    assert is_whole_and_right(driven)
    assert driven.session.frame.step == 0
    assert driven.controls[0].computing
    last = driven.controls[-1]
    assert not last.computing
    assert (last.title, last.question, last.last_step, last.learning_rate) == ("Point nine", "Will it?", 200, 0.9)
    assert last == driven.session.controls()


def test_the_clock_stops_when_there_is_nothing_to_do(qtbot, drive):
    driven = drive()
    assert driven.ticking
    qtbot.waitUntil(lambda: not driven.ticking, timeout=5000)
    assert driven.session.recording.is_complete
    assert is_whole_and_right(driven)
    driven.session.seek(7)
    assert not driven.ticking
    driven.session.toggle_play()
    assert driven.ticking
    driven.session.toggle_play()
    qtbot.waitUntil(lambda: not driven.ticking, timeout=5000)


def test_nothing_is_emitted_when_nothing_has_changed(driven):
    session = driven.session
    frames, controls = len(driven.frames), len(driven.controls)
    for _ in range(5):
        driven.tick(0.1)
    session.seek(session.playback.step)
    session.set_look(view=session.look.view)
    session.change(steps=200)
    session.set_learning_rate(0.9)
    session.set_precision("float32")
    session.set_problem("linear-regression")
    session.set_optimizer("gd", {})
    session.set_data(DataSettings())
    session.set_speed(1.0)
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
    driven.at(50).session.toggle_play()
    driven.session.set_changes_from_here(True)
    driven.session.open(Scenario("Ten", lecture(10.0, steps=30)))
    assert not driven.session.playback.playing
    assert not driven.session.changes_from_here
    assert is_whole_and_right(driven.finish())
    assert driven.session.frame.step == 0
    assert driven.session.frame.header.title == "Ten"
    assert driven.session.recording.last_step == 30


def test_reset_is_the_scenario_as_it_was(driven):
    session = driven.at(30).session
    session.set_learning_rate(0.3)
    session.change(steps=77)
    assert is_whole_and_right(driven.finish())
    assert session.current_scenario() == replace(SCENARIO, experiment=lecture(0.3, steps=77))
    session.reset()
    assert driven.notices[-1] == "reset to Point nine"
    assert is_whole_and_right(driven.finish())
    assert session.current_scenario() == SCENARIO
    assert session.frame.step == 0


def test_the_title_is_that_of_the_scenario_while_its_recipe_is_untouched(driven):
    session = driven.session
    titles = [session.frame.header.title]
    for change in (lambda: session.set_learning_rate(0.3), lambda: session.set_learning_rate(0.9), session.reset):
        change()
        driven.finish()
        assert driven.controls[-1].title == session.frame.header.title
        titles.append(session.frame.header.title)
    session.set_problem("rosenbrock")
    titles.append(driven.finish().session.frame.header.title)
    assert titles == ["Point nine", "Linear regression", "Point nine", "Point nine", "Rosenbrock"]


# Changing the recipe


@pytest.mark.parametrize(
    "change",
    [
        lambda session: session.change(steps=350),
        lambda session: session.change(start=(2.0, 2.0)),
        lambda session: session.set_optimizer("momentum", {"momentum": 0.8}),
        lambda session: session.set_optimizer("nesterov", {}),
        lambda session: session.set_precision("float64"),
        lambda session: session.set_data(DataSettings(rows=30, noise=0.5, seed=1)),
        lambda session: session.set_learning_rate(0.05),
        lambda session: session.set_learning_rate(0.0),
        lambda session: session.set_learning_rate(-0.1),
        lambda session: session.set_learning_rate(1e30),
    ],
)
def test_a_change_is_computed_anew_and_the_place_is_kept(driven, change):
    before = driven.at(40).session.experiment
    change(driven.session)
    assert driven.session.experiment != before
    assert is_whole_and_right(driven.finish())
    assert driven.session.frame.step == 40


def test_fewer_steps_than_the_place(driven):
    driven.at(150).session.change(steps=20)
    assert is_whole_and_right(driven.finish())
    assert driven.session.frame.step == 20


@pytest.mark.parametrize("name", ["rosenbrock", "himmelblau"])
def test_another_problem_starts_where_it_suits(driven, name):
    session = driven.at(40).session
    session.set_problem(name)
    assert is_whole_and_right(driven.finish())
    problem = session.experiment.problem
    assert problem.name == name
    assert session.experiment.start == problem.start
    assert session.experiment.schedule == Constant(problem.suggested_learning_rate)
    assert session.frame.step == 0
    assert session.frame.data is None
    assert problem.title in driven.notices[-1]
    recording = session.recording
    session.set_data(DataSettings(rows=5))
    assert session.recording is recording


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda session: session.set_learning_rate(math.nan), "learning_rate"),
        (lambda session: session.set_learning_rate(math.inf), "learning_rate"),
        (lambda session: session.set_learning_rate(1e300), "learning_rate"),
        (lambda session: session.scale_learning_rate(math.inf), "learning_rate"),
        (lambda session: session.change(steps=0), "steps"),
        (lambda session: session.change(steps=10**7), "steps"),
        (lambda session: session.change(start=(math.nan, 0.0)), "start"),
        (lambda session: session.change(start=(0.0, 1e39)), "start"),
        (lambda session: session.set_optimizer("adam's", {}), "optimizer"),
        (lambda session: session.set_optimizer("momentum", {"momentum": 1.5}), "momentum"),
        (lambda session: session.set_data(DataSettings(slope=1e38, intercept=3.4e38)), "data"),
    ],
)
def test_what_cannot_be_is_said_and_everything_stays(driven, change, word):
    session = driven.at(12).session
    frame, recording, experiment, told = session.frame, session.recording, session.experiment, len(driven.controls)
    change(session)
    assert len(driven.notices) == 1
    assert word in driven.notices[0]
    assert "\n" not in driven.notices[0]
    assert session.frame is frame
    assert session.recording is recording
    assert session.experiment is experiment
    assert not session.runner.is_running
    # The controls are shown as they stand, so that a field goes back.
    assert len(driven.controls) == told + 1
    assert driven.controls[-1] == driven.controls[-2]


# The learning rate in the middle


def test_while_playing_a_rate_counts_from_the_step_that_is_shown(driven):
    session = driven.at(20).session
    session.toggle_play()
    session.set_learning_rate(0.5)
    assert driven.notices == ["learning rate 0.5 from step 20 on"]
    assert [session.experiment.schedule(step) for step in (0, 19, 20, 200)] == [0.9, 0.9, 0.5, 0.5]
    assert driven.controls[-1].learning_rate == 0.5
    assert driven.controls[-1].step == 20  # and not 0 until something is computed
    assert is_whole_and_right(driven.finish())
    assert session.frame.step == 20
    assert session.playback.playing
    driven.tick(1.0)
    assert session.frame.step == 24


def test_at_rest_a_rate_counts_for_the_whole_run(driven):
    driven.at(20).session.set_learning_rate(0.5)
    assert driven.session.experiment == lecture(0.5)
    assert driven.notices == []
    assert is_whole_and_right(driven.finish())


def test_from_here_if_so_chosen(driven):
    session = driven.session
    session.set_changes_from_here(True)
    assert driven.controls[-1].changes_from_here
    session.set_learning_rate(0.8)
    assert session.experiment == lecture(0.8)
    driven.finish().at(60)
    session.set_learning_rate(0.1)
    assert session.experiment.schedule.changes == ((60, 0.1),)
    assert is_whole_and_right(driven.finish())
    driven.at(30)
    session.scale_learning_rate(0.5)
    assert session.experiment.schedule.changes == ((30, 0.4),)
    assert is_whole_and_right(driven.finish())
    session.set_changes_from_here(False)
    session.set_learning_rate(0.2)
    assert session.experiment == lecture(0.2)


def test_a_rate_is_scaled_from_what_it_is_now(driven):
    session = driven.at(20).session
    session.toggle_play()
    for _ in range(3):  # as fast as a key repeats, before anything is computed
        session.scale_learning_rate(0.5)
    assert session.experiment.schedule.changes == ((20, pytest.approx(0.9 / 8)),)
    assert driven.controls[-1].learning_rate == pytest.approx(0.9 / 8)
    assert is_whole_and_right(driven.finish())


def test_the_place_is_kept_while_a_slow_run_is_computed_again_and_again(drive):
    driven = drive(LONG).finish().at(39_000)
    session = driven.session
    session.toggle_play()
    for rate in (0.2, 0.3, 0.4):
        session.set_learning_rate(rate)
        assert session.experiment.schedule.changes == ((39_000, rate),)
        assert len(session.recording) > 30_000  # what stays the same is not computed again
        time.sleep(0.002)
        driven.tick()  # computed up to somewhere before the place; the next change comes in the middle
    assert is_whole_and_right(driven.finish())
    assert session.frame.step == 39_000


def test_a_rate_after_another_problem_does_not_count_from_the_place_in_the_old_one(driven):
    session = driven.at(100).session
    session.toggle_play()
    session.set_problem("himmelblau")
    session.set_learning_rate(0.02)
    assert session.experiment.schedule == Constant(0.02)
    assert is_whole_and_right(driven.finish())


# Stepping


def test_a_step_forward_lets_the_box_grow_and_ends_on_the_step(driven):
    session = driven.at(4).session
    first = len(driven.frames)
    session.step_by(1)
    assert driven.ticking
    passed = 0.0
    while session.frame.step < 5:
        driven.tick(0.02)
        passed += 0.02
        assert passed <= 0.3
    assert passed >= EASE_SECONDS
    eased = driven.frames[first:]
    widths = [frame.landscape.surface.box.half[0] for frame in eased]
    assert len(widths) > 5
    assert all(a < b for a, b in itertools.pairwise(widths[:-1]))
    assert [frame.step for frame in eased[:-1]] == [4] * (len(eased) - 1)
    assert session.playback.time == 5.0
    assert is_whole_and_right(driven)
    driven.tick(0.02)
    assert not driven.ticking


def test_a_step_forward_without_growth_is_there_at_once(driven):
    driven.at(2).session.step_by(1)
    assert driven.session.frame.step == 3
    assert not driven.ticking


def test_steps_that_are_asked_for_while_the_box_grows(driven):
    session = driven.at(4).session
    session.step_by(1)
    driven.tick(0.1)
    session.step_by(1)
    driven.tick(0.5)
    assert session.frame.step == 6
    session.seek(4)
    session.step_by(1)
    driven.tick(0.1)
    session.step_by(-1)
    assert session.frame.step == 4
    session.step_by(1)
    driven.tick(0.1)
    session.seek(9)
    driven.tick(0.5)
    assert session.frame.step == 9


@pytest.mark.parametrize(("steps", "ends"), [(10, 60), (-1, 49), (-10, 40), (-100, 0), (1000, 200)])
def test_many_steps_at_once(driven, steps, ends):
    session = driven.at(50).session
    session.toggle_play()
    session.step_by(steps)
    assert not session.playback.playing
    assert session.frame.step == ends
    assert is_whole_and_right(driven)


def test_a_step_beyond_the_end_stays_there(driven):
    session = driven.session
    session.seek_end()
    session.step_by(1)
    driven.tick(0.5)
    assert session.frame.step == 200


def test_held_no_box_grows(driven):
    session = driven.at(4).session
    session.set_look(view=View.HOLD)
    session.step_by(1)
    assert session.frame.step == 5


# Playing


def test_playing_goes_through_every_step_and_ends(driven):
    session = driven.session
    session.toggle_play()
    assert driven.controls[-1].playing
    steps = []
    while session.playback.playing:
        driven.tick(0.125)
        steps.append(session.frame.step)
    assert sorted(set(steps)) == list(range(201))
    assert not driven.controls[-1].playing
    assert not driven.ticking
    assert is_whole_and_right(driven)
    session.toggle_play()
    assert session.frame.step == 0
    assert session.playback.playing


def test_a_pause_is_at_rest(driven):
    session = driven.at(4).session
    session.toggle_play()
    driven.tick(0.2)
    assert session.frame.landscape.first_box is not None  # it is growing
    session.toggle_play()
    assert is_whole_and_right(driven)
    assert session.frame.step == 4


@pytest.mark.parametrize("speed", [0.25, 1.0, 2.0, 4.0, math.inf])
def test_at_any_speed_a_whole_step_is_at_rest(driven, speed):
    session = driven.session
    session.set_speed(speed)
    assert driven.session.controls().speed == speed
    for step in (4, 8, 11):
        driven.at(step)
        assert is_whole_and_right(driven)


def test_speeds(driven):
    session = driven.session
    session.change_speed(2)
    assert driven.controls[-1].speed == 4.0
    session.change_speed(100)
    assert driven.controls[-1].speed == math.inf
    session.toggle_play()
    driven.tick(0.001)
    assert session.frame.step == 200
    assert not session.playback.playing


def test_seeking_while_playing_goes_on_from_there(driven):
    session = driven.session
    session.toggle_play()
    session.seek(100)
    driven.tick(0.5)
    assert session.frame.step == 102


# While it is computed


def test_seeking_goes_as_far_as_it_is_computed(drive):
    driven = drive(LONG)
    session = driven.session
    while not len(session.recording):
        driven.tick()
    session.seek_end()
    assert session.frame.step == session.recording.last_step < 40_000
    session.seek(3)
    assert session.frame.step == 3
    driven.tick()
    assert session.frame.step == 3
    assert session.controls().computing


def test_playing_waits_for_what_is_computed(drive):
    driven = drive(LONG)
    session = driven.session
    session.set_speed(math.inf)
    session.toggle_play()
    while not len(session.recording):
        driven.tick()
    driven.tick(1.0)
    assert session.playback.playing
    assert session.frame.step == session.recording.last_step < 40_000


def test_stopping_keeps_what_is_computed(drive):
    driven = drive(LONG)
    session = driven.session
    while not len(session.recording):
        driven.tick()
    session.stop_computing()
    count = len(session.recording)
    assert 0 < count < 40_001
    assert driven.notices == [f"stopped after {count - 1:,} of 40,000 steps"]
    assert not session.controls().computing
    assert same_columns(session.recording, record(replace(LONG.experiment, steps=count - 1)))
    driven.tick()
    assert not driven.ticking
    assert session.frame.step == 0
    session.seek_end()
    assert session.frame.step == count - 1
    session.stop_computing()
    assert len(driven.notices) == 1


def test_a_run_that_was_stopped_is_played_to_its_end_and_from_the_start_again(drive):
    driven = drive(LONG)
    session = driven.session
    while not len(session.recording):
        driven.tick()
    session.stop_computing()
    session.seek_end()
    session.toggle_play()
    assert session.frame.step == 0
    assert session.playback.playing
    session.set_speed(math.inf)
    driven.tick(0.1)
    assert session.frame.step == session.recording.last_step
    assert not session.playback.playing
    assert not driven.ticking


def test_stopping_at_once_leaves_the_start(drive):
    driven = drive(LONG)
    session = driven.session
    session.stop_computing()
    assert session.recording.last_step >= 0
    assert "after -1" not in driven.notices[-1]
    assert session.frame.step == 0
    session.set_learning_rate(0.2)
    session.stop_computing()
    assert session.frame.step == 0
    np.testing.assert_array_equal(session.recording.learning_rates[:1], np.float32(0.2))


# Look


def test_a_look_is_a_new_frame_of_the_same_step(driven):
    session = driven.at(17).session
    before = len(driven.frames)
    session.set_look(view=View.HOLD, pane=Pane.CONTOUR)
    assert len(driven.frames) == before + 1
    assert (session.frame.step, session.frame.look) == (17, session.look)
    assert driven.controls[-1].look == session.look
    assert is_whole_and_right(driven)


# The worker fails


def failing_after(batches):
    def descent(experiment, begin):
        yield from itertools.islice(descend(experiment, begin), batches)
        raise ZeroDivisionError("in the loop")

    return descent


@pytest.mark.parametrize("batches", [0, 2])
def test_an_exception_of_the_worker_is_told_once_and_life_goes_on(drive, batches):
    driven = drive()
    session = driven.finish().session
    worker = session.runner
    session.runner = Runner(session._gate, failing_after(batches))
    session.change(steps=1000)
    driven.finish()
    for _ in range(3):
        driven.tick(0.1)
    assert len(driven.failures) == 1
    assert "in the loop" in driven.failures[0]
    assert len(session.recording) == 64 * batches
    assert not driven.ticking
    # Whatever is pressed now does no harm, and the clock does not go on for nothing.
    session.toggle_play()
    session.step_by(1)
    session.seek_end()
    session.set_speed(math.inf)
    session.toggle_play()
    driven.tick(100.0)
    driven.tick(100.0)
    assert not driven.ticking
    assert not session.controls().playing
    assert len(driven.failures) == 1
    session.runner = worker
    session.change(steps=300)
    assert driven.finish().session.recording.is_complete
    assert same_columns(session.recording, record(session.experiment))


def test_precision_is_that_of_the_recipe(driven):
    driven.session.set_precision("float64")
    assert driven.session.experiment.precision is Precision.FLOAT64
    assert driven.finish().session.recording.points.dtype == np.float64
    assert driven.session.frame.header.precision == "float64"
