"""A session in our hands: with what it has emitted, and with a clock that goes on when it is told to."""

import threading
import time
from dataclasses import replace

from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.recording import record
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.scenarios.scenario import Scenario
from gdviz.scene.scene import Scene
from gdviz.session.session import Session
from tests.recordings import equal, lecture, same_columns

SCENARIO = Scenario("Point nine", lecture(0.9), question="Will it?")
TEN = Scenario("Ten", lecture(10.0, steps=30))


class Clock:
    """A clock that goes on when it is told to, in the place of the session's."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Driven:
    """A session with what it has emitted, and with time in our hands."""

    def __init__(self, scenario):
        self.clock = Clock()
        self.session = Session(scenario, clock=self.clock)
        self.frames, self.controls, self.notices, self.failures = [], [], [], []
        self.session.player.frame_changed.connect(self.frames.append)
        self.session.controls_changed.connect(self.controls.append)
        self.session.noticed.connect(self.notices.append)
        self.session.refused.connect(lambda line: self.notices.append(line) if line else None)
        self.session.failed.connect(self.failures.append)

    def tick(self, seconds=0.0):
        self.clock.now += seconds
        self.session.tick()

    def finish(self):
        """Until everything is computed, in no time of the clock."""
        deadline = time.monotonic() + 10
        while self.session.runs.runner.is_running:
            self.session.runs.runner.channel.finished.wait(0.01)
            self.tick()
            assert time.monotonic() < deadline
        return self

    def at(self, step):
        self.session.player.seek(step)
        return self

    @property
    def ticking(self):
        return self.session.timer.isActive()


MANY_ROWS = LinearRegression(generate(DataSettings(rows=500)))
LONG = replace(SCENARIO, experiment=lecture(0.1, problem=MANY_ROWS, steps=40_000))


def is_whole_and_right(driven):
    """The recording is that of the recipe, bit for bit, and the frame is that of the recording."""
    session = driven.session
    assert session.runs.live.experiment == session.state.experiment
    assert same_columns(session.runs.live, record(session.state.experiment))
    state, runs = session.state, session.runs
    question = "" if state.is_changed else state.scenario.question
    scene = Scene(state.title, (runs.live,), state.look, trials=runs.trials, question=question)
    assert equal(session.player.frame, scene.frame(session.player.frame.step))
    assert session.player.frame.step == session.player.playback.step == session.controls().step
    assert driven.failures == []
    return True


def settled(driven):
    """Until everything is generated and computed."""
    for _ in range(4000):
        driven.tick()
        session = driven.session
        if not (session.timeline.generator.is_busy or session.runs.is_computing or session.player.is_seeking):
            return driven
        threading.Event().wait(0.002)
    raise AssertionError("it does not come to an end")


def names(driven):
    """What can be undone and redone."""
    controls = driven.session.controls()
    return controls.undo_name, controls.redo_name


def pinned_of(session):
    """The pinned runs as far as they are computed, in the order in which they were pinned."""
    return tuple(recording for recording, _ in session.runs.pinned.values())
