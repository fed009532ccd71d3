"""The window as a person uses it: keys, clicks and drags, and what is seen then."""

import logging
import math
import re
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QSurface
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QLineEdit

from gdviz.core.descent.manual_changes import base_and_changes
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.right_of_way import RightOfWay
from gdviz.core.scenarios.library import load_scenario
from gdviz.main_window.commands import commands
from gdviz.main_window.window import MainWindow
from gdviz.panes.surface.view import LandscapeView
from gdviz.presentation.look import BoxChoice, DataPane, LossScale, StepScale, View
from gdviz.session import edits
from gdviz.session.runner import Runner
from gdviz.session.ticker import TICK_MILLISECONDS
from gdviz.widgets.number_field import NumberField
from tests.main_window.actions import drag_start, press, settle, step, told
from tests.main_window.conftest import wait_computed


def test_it_opens_with_the_lecture_ready_to_play(window):
    assert window.windowTitle().startswith("Point nine")
    assert step(window) == 0
    assert not window.session.player.playback.playing
    assert window.stage.surface.isVisible()
    assert window.stage.panes["data"].isVisible()
    assert window.stage.panes["loss"].isVisible()
    assert window.stage.frame.arithmetic.lines[0] == "w =  0.000    ∂L/∂w = −1.630"


def test_the_arrows_step_and_back_shows_what_was_there(qtbot, window):
    seen = {}
    for wanted in range(1, 6):
        press(qtbot, window, Qt.Key.Key_Right)
        settle(qtbot, window, wanted)
        seen[wanted] = window.stage.frame.arithmetic, window.stage.picture()
    assert seen[1][0].lines[0].endswith("=  1.467")
    assert seen[5][0].lines[1].endswith("=  5.120")
    for wanted in range(4, 0, -1):
        press(qtbot, window, Qt.Key.Key_Left)
        settle(qtbot, window, wanted)
        assert window.stage.frame.arithmetic == seen[wanted][0]
        assert window.stage.picture() == seen[wanted][1]
    press(qtbot, window, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    settle(qtbot, window, 11)
    press(qtbot, window, Qt.Key.Key_End)
    settle(qtbot, window, 200)
    press(qtbot, window, Qt.Key.Key_Home)
    settle(qtbot, window, 0)


def test_space_plays_and_pauses(qtbot, window):
    press(qtbot, window, Qt.Key.Key_Space)
    assert window.commands["play"].text() == "Pause"
    qtbot.waitUntil(lambda: window.session.player.playback.step >= 2, timeout=5_000)
    press(qtbot, window, Qt.Key.Key_Space)
    resting = step(window)
    qtbot.wait(400)
    assert step(window) == resting


@pytest.mark.parametrize("floats", [False, True])
def test_a_field_keeps_the_keys_it_needs_in_a_dock_that_floats_too(qtbot, window, floats):
    dock = window.docks[1]
    dock.setFloating(floats)
    dock.raise_()
    fields = dock.findChildren(NumberField)
    qtbot.waitUntil(lambda: any(one.isVisible() for one in fields))
    field = next(one for one in fields if one.isVisible())
    field.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert window.session.state.experiment.schedule == Constant(0.9)
    qtbot.keyClick(field, Qt.Key.Key_PageDown)  # which it does not need
    qtbot.waitUntil(lambda: window.session.state.scenario_name == "one")


@pytest.mark.parametrize(
    ("key", "field", "values"),
    [
        (Qt.Key.Key_V, "pane", ("surface", "contour")),
        (Qt.Key.Key_D, "data_pane", (DataPane.LINE, DataPane.HISTOGRAMS, DataPane.RATE)),
        (Qt.Key.Key_L, "loss_scale", (LossScale.LOG, LossScale.LINEAR)),
        (Qt.Key.Key_X, "step_scale", (StepScale.LINEAR, StepScale.LOG)),
        (Qt.Key.Key_H, "view", (View.FOLLOW, View.HOLD)),
        (Qt.Key.Key_Z, "box", (BoxChoice.START, BoxChoice.PATH)),
    ],
)
def test_a_letter_changes_the_view_and_back(qtbot, window, key, field, values):
    press(qtbot, window, Qt.Key.Key_End)
    before = window.stage.picture()
    for value in values[1:]:
        press(qtbot, window, key)
        assert getattr(window.stage.frame.look, field) is value
        assert window.stage.picture() != before
    press(qtbot, window, key)
    assert getattr(window.stage.frame.look, field) is values[0]
    assert window.stage.picture() == before


def test_letters_in_a_text_field_are_text(qtbot, window):
    field = window.rate_bar.findChild(QLineEdit)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "v b d 0")
    assert field.text() == "v b d 0"
    assert window.session.state.look.pane == "surface"
    assert not window.black_screen.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert window.session.state.experiment.schedule(0) == 0.9
    assert "v b d 0" in told(window)


def test_a_typed_rate_recomputes_the_run(qtbot, window):
    field = window.rate_bar.findChild(QLineEdit)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "0.1")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    wait_computed(qtbot, window)
    expected = record(load_scenario("just-right").experiment)
    assert np.array_equal(window.session.runs.live.points, expected.points)


def test_up_and_down_change_the_rate(qtbot, window):
    press(qtbot, window, Qt.Key.Key_Up)
    assert window.session.state.experiment.schedule(0) == pytest.approx(0.99)
    press(qtbot, window, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert window.session.state.experiment.schedule(0) == pytest.approx(0.099)


def test_reset_goes_back_to_the_scenario(qtbot, window):
    press(qtbot, window, Qt.Key.Key_Up)
    window.session.apply(edits.change, steps=50, start=(2.0, 2.0))
    press(qtbot, window, Qt.Key.Key_R)
    wait_computed(qtbot, window)
    assert window.session.state.experiment == load_scenario("point-nine").experiment
    assert step(window) == 0


def test_a_rate_changed_while_playing_counts_from_there_on(qtbot, window):
    window.session.player.seek(20)
    press(qtbot, window, Qt.Key.Key_Space)
    window.session.set_learning_rate(0.5)
    press(qtbot, window, Qt.Key.Key_Space)
    wait_computed(qtbot, window)
    session = window.session
    (changed, _), *_ = base_and_changes(session.state.experiment.schedule)[1]
    assert changed >= 20
    assert session.runs.live.learning_rates[changed - 1] == np.float32(0.9)
    assert session.runs.live.learning_rates[changed] == np.float32(0.5)
    assert np.array_equal(session.runs.live.points, record(session.state.experiment).points)


def test_page_keys_walk_through_the_lecture(qtbot, window):
    press(qtbot, window, Qt.Key.Key_PageDown)
    wait_computed(qtbot, window)
    assert window.windowTitle().startswith(load_scenario("one").title)
    press(qtbot, window, Qt.Key.Key_PageUp)
    press(qtbot, window, Qt.Key.Key_PageUp)
    wait_computed(qtbot, window)
    assert window.windowTitle().startswith("Point nine")
    assert "first scenario" in window.statusBar().currentMessage()


def test_every_command_has_a_menu_entry_and_names_its_key(window):
    entries = {action for menu in window.menuBar().actions() for action in menu.menu().actions()}
    for command in commands():
        action = window.commands[command.name]
        assert action in entries
        assert command.tip in action.toolTip()
        if command.keys:
            assert not action.shortcut().isEmpty()
            assert action.shortcut().toString() in action.toolTip()
    keys = [key.toString() for command in commands() for key in window.commands[command.name].shortcuts()]
    assert len(keys) == len(set(keys))


def test_the_window_is_not_composed_by_opengl(window):
    """With one widget that needs it, Qt would compose the whole window so, which takes a software renderer long."""
    assert window.stage.surface.isVisible()
    assert window.windowHandle().surfaceType() == QSurface.SurfaceType.RasterSurface
    assert not window.findChildren(QOpenGLWidget)


def test_dragging_the_start_on_the_surface_moves_the_run(qtbot, window):
    surface = window.stage.surface
    assert isinstance(surface, LandscapeView)
    with qtbot.waitSignal(surface.start_dragged):
        drag_start(qtbot, surface)
    wait_computed(qtbot, window)
    assert window.session.state.experiment.start != (0.0, -1.0)
    assert np.allclose(window.session.runs.live.points[0], window.session.state.experiment.start)


def test_dragging_the_start_on_the_contour_moves_the_run(qtbot, window):
    press(qtbot, window, Qt.Key.Key_V)
    contour = window.stage.panes["contour"]
    with qtbot.waitSignal(contour.start_dragged):
        drag_start(qtbot, contour)
    wait_computed(qtbot, window)
    assert window.session.state.experiment.start != (0.0, -1.0)


def test_a_problem_without_data_has_only_the_effective_rate_there(qtbot, window):
    window.session.set_problem("rosenbrock")
    wait_computed(qtbot, window)
    assert not window.stage.panes["data"].isVisible()
    for is_shown in (True, False):
        press(qtbot, window, Qt.Key.Key_D)
        assert window.stage.panes["effective-rate"].isVisible() == is_shown
        assert not window.stage.panes["data"].isVisible()
    window.session.set_problem("linear-regression")
    wait_computed(qtbot, window)
    assert window.stage.panes["data"].isVisible()


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget):
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.count += event.type() is QEvent.Type.Paint
        return False


def test_while_something_is_computed_a_frame_is_painted_before_the_workers_go_on(qtbot, window, monkeypatch):
    painted, open_blocks, inside = Paints(window.stage.surface), [], []
    enter, leave = RightOfWay.__enter__, RightOfWay.__exit__

    def count_outermost(*given):
        began = open_blocks.pop()
        if not open_blocks:
            inside.append(painted.count - began)
        leave(*given)

    monkeypatch.setattr(RightOfWay, "__enter__", lambda *given: open_blocks.append(painted.count) or enter(*given))
    monkeypatch.setattr(RightOfWay, "__exit__", count_outermost)
    session, scenario = window.session, window.session.state.scenario
    session.open(replace(scenario, experiment=replace(scenario.experiment, schedule=Constant(0.1), steps=1_000_000)))
    session.player.set_speed(math.inf)
    session.player.toggle_play()
    qtbot.waitUntil(lambda: len(inside) > 12)
    assert session.timer.interval() > TICK_MILLISECONDS
    assert inside[-5:] == [1] * 5
    session.stop_computing()
    session.player.seek(0)
    session.player.set_speed(1.0)
    session.player.toggle_play()
    qtbot.waitUntil(lambda: session.timer.interval() == TICK_MILLISECONDS)


class Layouts(QObject):
    """Whose layout is asked to be done anew."""

    def __init__(self, application):
        super().__init__(application)
        self.asked = []
        application.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.LayoutRequest:
            self.asked.append(type(watched).__name__)
        return False


@pytest.mark.parametrize("name", ["point-nine", "race"])
def test_a_step_during_playback_lays_out_nothing_anew(qtbot, qapp, open_window, name):
    session, frames = open_window(name).session, []
    session.player.seek(0)
    session.player.set_speed(4.0)
    session.player.frame_changed.connect(frames.append)
    session.player.toggle_play()
    # A window that has just been opened, and starts to play, is laid out in several passes.
    qtbot.waitUntil(lambda: len(frames) > 12)
    layouts, begin = Layouts(qapp), session.player.playback.step
    qtbot.waitUntil(lambda: len(frames) > 32)
    qapp.removeEventFilter(layouts)
    assert session.player.playback.playing
    assert session.player.playback.step > begin
    assert layouts.asked == []


def test_a_worker_exception_is_shown_and_the_window_lives(qtbot, window):
    from gdviz.widgets.dialogs import ErrorDialog

    def broken(experiment, begin):
        raise ArithmeticError("the abacus fell over")
        yield

    runs = window.session.runs
    runs.runner = Runner(broken)
    window.session.set_learning_rate(0.2)
    qtbot.waitUntil(lambda: bool(window.findChildren(ErrorDialog)))
    dialog = window.findChildren(ErrorDialog)[0]
    assert dialog.isVisible()
    runs.runner = Runner()
    window.session.set_learning_rate(0.3)
    wait_computed(qtbot, window)
    copy = next(button for button in dialog.findChildren(type(dialog.buttons.buttons()[0])) if "Copy" in button.text())
    copy.click()
    assert "the abacus fell over" in QGuiApplication.clipboard().text()
    dialog.close()


def test_a_slot_exception_is_shown_and_the_window_lives(qtbot, window, monkeypatch, capsys):
    from gdviz.main_window.app import show_uncaught_exceptions
    from gdviz.widgets.dialogs import ErrorDialog

    monkeypatch.setattr("sys.excepthook", None)
    show_uncaught_exceptions(window)
    for _ in range(3):
        error = ZeroDivisionError("nobody thought of this")
        sys.excepthook(ZeroDivisionError, error, None)
    (dialog,) = window.findChildren(ErrorDialog)
    assert "nobody thought of this" in dialog.text
    assert "nobody thought of this" in capsys.readouterr().err
    press(qtbot, window, Qt.Key.Key_Right)
    settle(qtbot, window, 1)
    dialog.close()


def test_a_million_steps_can_be_watched_stopped_and_scrubbed(qtbot, window):
    window.session.apply(edits.change, steps=1_000_000)
    qtbot.waitUntil(lambda: window.session.runs.live.last_step > 5_000, timeout=20_000)
    assert window.session.runs.runner.is_running
    window.session.player.seek(4_000)
    assert step(window) == 4_000
    window.commands["stop"].trigger()
    assert not window.session.runs.runner.is_running
    last = window.session.runs.live.last_step
    assert 5_000 < last < 1_000_000
    press(qtbot, window, Qt.Key.Key_End)
    assert step(window) == last
    assert [thread for thread in threading.enumerate() if thread.name == "gdviz descent"] == []


def test_the_begin_and_the_end_of_a_run_are_logged(qtbot, window, caplog):
    with caplog.at_level(logging.INFO, logger="gdviz"):
        window.session.apply(edits.change, steps=123)
        wait_computed(qtbot, window)
    told = [text for name, _, text in caplog.record_tuples if name == "gdviz.session.runner"]
    assert len(told) == 2
    assert re.fullmatch(r"run begins at step \d+: Linear regression .*, learning rate 0\.9, .*, 123 steps, .*", told[0])
    assert re.fullmatch(r"run ended: step 123 of 123, \d+\.\d{3} s", told[1])


def test_nothing_in_python_stands_around_the_painting_of_the_window():
    """Qt paints all of it within `event`: overridden, that would hold the interpreter, and the descent would wait."""
    assert not any("event" in vars(kind) for kind in MainWindow.__mro__ if kind.__module__.startswith("gdviz"))
