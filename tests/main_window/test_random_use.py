"""Two hundred random sequences of what a person may do, with the whole window, and what must hold after each action."""

import threading

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import Recording, record
from gdviz.session import edits
from tests.main_window.actions import step
from tests.main_window.conftest import close

KEYS = {
    "Space": Qt.Key.Key_Space,
    "Right": Qt.Key.Key_Right,
    "Left": Qt.Key.Key_Left,
    "Home": Qt.Key.Key_Home,
    "End": Qt.Key.Key_End,
    "Up": Qt.Key.Key_Up,
    "Down": Qt.Key.Key_Down,
    "faster": Qt.Key.Key_BracketRight,
    "slower": Qt.Key.Key_BracketLeft,
    "V": Qt.Key.Key_V,
    "D": Qt.Key.Key_D,
    "L": Qt.Key.Key_L,
    "H": Qt.Key.Key_H,
    "Z": Qt.Key.Key_Z,
    "F": Qt.Key.Key_F,
    "R": Qt.Key.Key_R,
    "0": Qt.Key.Key_0,
    "B": Qt.Key.Key_B,
    "F5": Qt.Key.Key_F5,
    "Escape": Qt.Key.Key_Escape,
    "next": Qt.Key.Key_PageDown,
    "previous": Qt.Key.Key_PageUp,
}
UNDO, REDO = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
)
RATES = st.sampled_from([-0.5, 0.0, 1e-4, 0.1, 0.5, 0.9, 1.0, 10.0])


class RandomUse(RuleBasedStateMachine):
    """One window for all sequences; each begins where the one before has stopped, after a reset."""

    open_window = None
    window = None
    known: tuple[Experiment, Recording] | None = None

    def __init__(self) -> None:
        super().__init__()
        if RandomUse.window is None:
            RandomUse.window = RandomUse.open_window(size=(960, 600))
        self.window.session.reset()
        self.window.session.timeline.clear()
        self.window.session.emit_controls()
        self.first = self.window.session.state

    @rule(key=st.sampled_from(sorted(KEYS)), shift=st.booleans())
    def press(self, key, shift):
        modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(self.window, KEYS[key], modifier)

    @rule(times=st.integers(1, 3), modifier=st.sampled_from([UNDO, REDO]))
    def undo_or_redo(self, times, modifier):
        for _ in range(times):
            QTest.keyClick(self.window, Qt.Key.Key_Z, modifier)

    @rule()
    def undo_everything(self):
        self.window.stage.setFocus()
        while self.window.commands["undo"].isEnabled():
            QTest.keyClick(self.window, Qt.Key.Key_Z, UNDO)
        state = self.window.session.state
        assert state == self.first.with_view_of(state)
        assert self.window.windowTitle().startswith(state.scenario.title)

    @rule(rate=RATES)
    def type_a_rate(self, rate):
        field = self.window.rate_bar.findChild(QLineEdit)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, str(rate))
        QTest.keyClick(field, Qt.Key.Key_Return)

    @rule(text=st.sampled_from(["", "abc", "nan", "inf", "1e400", "--1", "٣"]))
    def type_nonsense(self, text):
        field, before = self.window.rate_bar.findChild(QLineEdit), self.window.session.state.experiment
        field.setFocus()
        field.selectAll()
        QTest.keyClick(field, Qt.Key.Key_Delete)
        field.insert(text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert self.window.session.state.experiment is before
        QTest.keyClick(field, Qt.Key.Key_Escape)
        self.window.stage.setFocus()

    @rule(steps=st.sampled_from([1, 2, 30, 200, 5000]))
    def change_steps(self, steps):
        self.window.session.apply(edits.change, steps=steps)

    @rule(start=st.tuples(st.floats(-4, 4), st.floats(-4, 4)))
    def drag_the_start(self, start):
        self.window.stage.start_dragged.emit(*start)

    @rule(name=st.sampled_from(["linear-regression", "rosenbrock", "himmelblau"]))
    def choose_a_problem(self, name):
        self.window.session.set_problem(name)

    @rule(name=st.sampled_from(["gd", "momentum", "nesterov"]))
    def choose_an_optimizer(self, name):
        self.window.session.apply(edits.set_optimizer, name, {})

    @rule(name=st.sampled_from(["float32", "float64"]))
    def choose_a_precision(self, name):
        self.window.session.apply(edits.set_precision, name)

    @rule(part=st.floats(0, 1))
    def scrub(self, part):
        self.window.playback_bar.seek.emit(round(part * self.window.session.state.experiment.steps))

    @rule(size=st.sampled_from([(960, 560), (1024, 640), (1280, 720), (1100, 900)]))
    def resize(self, size):
        self.window.resize(*size)

    @rule(milliseconds=st.integers(0, 40))
    def wait(self, milliseconds):
        QTest.qWait(milliseconds)

    @rule(chance=st.integers(0, 9))
    def close_and_open_again(self, chance):
        if chance == 0:
            close(self.window)
            assert not descents()
            RandomUse.window = RandomUse.open_window(size=(960, 600))
            self.first = self.window.session.state

    @invariant()
    def all_views_show_the_same_step_of_this_run(self):
        window, session = self.window, self.window.session
        if session.player.frame is None or not len(session.runs.live):
            return
        step(window)
        assert len(descents()) <= 1 + len(session.state.pinned)
        self.recording_is_of_this_experiment(session)

    def recording_is_of_this_experiment(self, session):
        if RandomUse.known is None or RandomUse.known[0] != session.state.experiment:
            RandomUse.known = (session.state.experiment, record(session.state.experiment))
        expected = RandomUse.known[1]
        rows = len(session.runs.live)
        assert np.array_equal(session.runs.live.points, expected.points[:rows], equal_nan=True)
        assert np.array_equal(session.runs.live.learning_rates, expected.learning_rates[:rows])


def descents():
    """The worker threads that are alive."""
    return [thread for thread in threading.enumerate() if thread.name == "gdviz descent"]


def test_two_hundred_random_sequences(open_window, monkeypatch):
    monkeypatch.setattr("gdviz.session.runner.END_WAIT", 10.0)  # so that the threads can be counted
    RandomUse.open_window, RandomUse.window = staticmethod(open_window), None
    run_state_machine_as_test(
        RandomUse,
        settings=settings(
            max_examples=200,
            stateful_step_count=7,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    close(RandomUse.window)
    RandomUse.window = None
    assert not descents()
