"""The window as a person uses it: keys, clicks and drags, and what is seen then."""

import logging
import re
import sys
import threading
from itertools import combinations, pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QWidget

from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import changes
from gdviz.core.scenarios.library import load_scenario
from gdviz.main_window.commands import COMMANDS
from gdviz.main_window.window import MainWindow
from gdviz.presentation.look import DataPane, LossScale, Pane, Theme, View
from gdviz.presentation.palette import PALETTES
from gdviz.session import edits
from gdviz.session.runner import Runner
from tests.main_window.conftest import close, wait_computed


def press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier):
    """Press a key with the focus on the stage."""
    window.stage.setFocus()
    qtbot.keyClick(window.stage, key, modifier)


def step(window):
    """The step that all views show; they must agree."""
    stage = window.stage
    parts = {stage.header: "header", stage.arithmetic: "arithmetic", stage.loss_plot: "loss"}
    parts |= {stage.data_plot.shown: "data"} if stage.frame.data else {}
    assert all(part._picture is getattr(stage.frame, name) for part, name in parts.items())
    assert stage.frame.step == window.session.player.frame.step
    return stage.frame.step


def settle(qtbot, window, wanted):
    """Wait until that step is shown; a step may take the time in which the box grows."""
    qtbot.waitUntil(lambda: window.session.player.playback.step == wanted and not window.session.player.is_easing)
    assert step(window) == wanted


def test_it_opens_with_the_lecture_ready_to_play(window):
    assert window.windowTitle().startswith("Point nine")
    assert step(window) == 0
    assert not window.session.player.playback.playing
    assert window.stage.surface.isVisible()
    assert window.stage.data_plot.isVisible()
    assert window.stage.loss_plot.isVisible()
    assert window.stage.frame.arithmetic[0] == "w = 0.000    ∂L/∂w = −1.630"


def test_the_arrows_step_and_back_shows_what_was_there(qtbot, window):
    seen = {}
    for wanted in range(1, 6):
        press(qtbot, window, Qt.Key.Key_Right)
        settle(qtbot, window, wanted)
        seen[wanted] = window.stage.frame.arithmetic, window.stage.picture()
    assert seen[1][0][0].endswith("= 1.467")
    assert seen[5][0][1].endswith("= 5.120")
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


@pytest.mark.parametrize(
    ("key", "field", "values"),
    [
        (Qt.Key.Key_V, "pane", (Pane.SURFACE, Pane.CONTOUR)),
        (Qt.Key.Key_D, "data_pane", (DataPane.LINE, DataPane.HISTOGRAMS)),
        (Qt.Key.Key_L, "loss_scale", (LossScale.LOG, LossScale.LINEAR)),
        (Qt.Key.Key_H, "view", (View.FOLLOW, View.HOLD)),
    ],
)
def test_a_letter_changes_the_view_and_back(qtbot, window, key, field, values):
    press(qtbot, window, Qt.Key.Key_End)
    before = window.stage.picture()
    press(qtbot, window, key)
    assert getattr(window.stage.frame.look, field) is values[1]
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
    assert window.session.state.look.pane is Pane.SURFACE
    assert not window.black_screen.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert window.session.experiment.schedule(0) == 0.9
    assert "v b d 0" in window.statusBar().currentMessage()


def test_a_typed_rate_recomputes_the_run(qtbot, window):
    field = window.rate_bar.findChild(QLineEdit)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "0.1")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    wait_computed(qtbot, window)
    expected = record(load_scenario("just-right").experiment)
    assert np.array_equal(window.session.recording.points, expected.points)


def test_up_and_down_change_the_rate(qtbot, window):
    press(qtbot, window, Qt.Key.Key_Up)
    assert window.session.experiment.schedule(0) == pytest.approx(0.99)
    press(qtbot, window, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert window.session.experiment.schedule(0) == pytest.approx(0.099)


def test_reset_goes_back_to_the_scenario(qtbot, window):
    press(qtbot, window, Qt.Key.Key_Up)
    window.session.apply(edits.change, steps=50, start=(2.0, 2.0))
    press(qtbot, window, Qt.Key.Key_R)
    wait_computed(qtbot, window)
    assert window.session.experiment == load_scenario("point-nine").experiment
    assert step(window) == 0


def test_a_rate_changed_while_playing_counts_from_there_on(qtbot, window):
    window.session.player.seek(20)
    press(qtbot, window, Qt.Key.Key_Space)
    window.session.set_learning_rate(0.5)
    press(qtbot, window, Qt.Key.Key_Space)
    wait_computed(qtbot, window)
    session = window.session
    (changed, _), *_ = changes(session.experiment.schedule)[1]
    assert changed >= 20
    assert session.recording.learning_rates[changed - 1] == np.float32(0.9)
    assert session.recording.learning_rates[changed] == np.float32(0.5)
    assert np.array_equal(session.recording.points, record(session.experiment).points)


def test_page_keys_walk_through_the_lecture(qtbot, window):
    press(qtbot, window, Qt.Key.Key_PageDown)
    wait_computed(qtbot, window)
    assert window.windowTitle().startswith(load_scenario("one").title)
    press(qtbot, window, Qt.Key.Key_PageUp)
    press(qtbot, window, Qt.Key.Key_PageUp)
    wait_computed(qtbot, window)
    assert window.windowTitle().startswith("Point nine")
    assert "first scenario" in window.statusBar().currentMessage()


def test_present_shows_nothing_but_the_lecture(qtbot, window):
    press(qtbot, window, Qt.Key.Key_F5)
    assert window.isFullScreen()
    assert not window.menuBar().isVisible()
    assert not any(dock.isVisible() for dock in window.docks)
    press(qtbot, window, Qt.Key.Key_Right)
    settle(qtbot, window, 1)
    press(qtbot, window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert window.menuBar().isVisible()
    scenarios, controls = window.docks
    assert scenarios.isVisible()
    qtbot.waitUntil(lambda: not controls.visibleRegion().isEmpty())
    assert scenarios.visibleRegion().isEmpty()


def test_the_switch_of_present_shows_whether_it_is_on_however_it_was_left(qtbot, window):
    for key in (Qt.Key.Key_F5, Qt.Key.Key_Escape, Qt.Key.Key_F5, Qt.Key.Key_F5):
        press(qtbot, window, key)
        qtbot.waitUntil(lambda: window.commands["present"].isChecked() == window.isFullScreen())
    assert not window.isFullScreen()


def test_the_step_is_never_cut_whatever_the_size_of_the_window(qtbot, window):
    for size in ((784, 520), (960, 560), (1700, 1000), (1280, 720), (1024, 640)):
        window.resize(*size)
        label = window.playback_bar._step
        assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()


def test_the_window_fits_the_smallest_screen_with_nothing_cut_and_nothing_overlapping(qtbot, open_window):
    window = open_window(size=(784, 520))
    for panels in (True, False):
        for dock in window.docks:
            dock.setVisible(panels)
        qtbot.waitUntil(lambda panels=panels: window.docks[1].isVisible() == panels)
        assert (window.width(), window.height()) == (784, 520)
        parts = [window.menuBar(), window.stage, window.rate_bar, window.playback_bar, window.statusBar()]
        inside = [part for bar in parts for part in (bar, *bar.findChildren(QWidget)) if part.isVisible()]
        for part in inside:
            assert window.rect().contains(QRect(part.mapTo(window, QPoint()), part.size())), part
        for bar in parts[1:4]:
            assert bar.size().expandedTo(bar.minimumSizeHint()) == bar.size(), bar
        for above, below in pairwise(parts):
            assert above.mapTo(window, above.rect().bottomLeft()).y() < below.mapTo(window, QPoint()).y()
        on_stage = [part for part in window.stage.children() if isinstance(part, QWidget) and part.isVisible()]
        assert len(on_stage) == 5
        for one, other in combinations(on_stage, 2):
            assert not one.geometry().intersects(other.geometry()), (one, other)


def test_panels_that_were_open_on_a_large_screen_are_closed_on_a_small_one(open_window, monkeypatch):
    close(open_window(size=(1280, 720)))
    small = SimpleNamespace(availableSize=lambda: QSize(800, 600))
    monkeypatch.setattr(MainWindow, "screen", lambda window: small)
    window = open_window(size=(784, 520))
    assert [dock.isVisible() for dock in window.docks] == [False, False]
    for dock in window.docks:
        dock.show()
    close(window)
    window = open_window(size=(784, 520))
    assert [dock.isVisible() for dock in window.docks] == [True, True], "it is as it was left on such a screen"


def test_black_screen(qtbot, window):
    press(qtbot, window, Qt.Key.Key_B)
    picture = window.grab().toImage()
    assert {picture.pixelColor(x, y).lightness() for x in (5, 600, 1200) for y in (5, 300, 700)} == {0}
    press(qtbot, window, Qt.Key.Key_B)
    assert not window.black_screen.isVisible()


def test_the_switch_of_the_black_screen_shows_whether_it_is_on_however_it_was_left(qtbot, window):
    for leave in (
        lambda: press(qtbot, window, Qt.Key.Key_Escape),
        lambda: qtbot.mouseClick(window.black_screen, Qt.MouseButton.LeftButton),
        lambda: press(qtbot, window, Qt.Key.Key_B),
    ):
        press(qtbot, window, Qt.Key.Key_B)
        assert window.commands["black"].isChecked()
        leave()
        assert not window.commands["black"].isChecked()


def test_text_grows_and_stays_in_its_limits(qtbot, window):
    before = window.stage.arithmetic._unit
    press(qtbot, window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert window.stage.arithmetic._unit > before
    for _ in range(30):
        press(qtbot, window, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert window.stage.arithmetic._unit > 0.5 * before
    press(qtbot, window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert window.stage.arithmetic._unit == before


def test_the_theme_is_everywhere(qtbot, window):
    for _ in range(2):
        press(qtbot, window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        palette = PALETTES[window.session.state.look.theme]
        picture = window.stage.picture()
        assert picture.pixelColor(1, 1).name() == palette.background
        assert picture.pixelColor(window.stage.surface.x() + 3, window.stage.surface.y() + 3).name() == palette.pane
    assert window.session.state.look.theme is Theme.LIGHT


def test_every_command_has_a_menu_entry_and_names_its_key(window):
    entries = {action for menu in window.menuBar().actions() for action in menu.menu().actions()}
    for command in COMMANDS:
        action = window.commands[command.name]
        assert action in entries
        assert command.tip in action.toolTip()
        if command.keys:
            assert not action.shortcut().isEmpty()
            assert action.shortcut().toString() in action.toolTip()
    keys = [key.toString() for command in COMMANDS for key in window.commands[command.name].shortcuts()]
    assert len(keys) == len(set(keys))


def test_dragging_the_start_on_the_surface_moves_the_run(qtbot, window):
    from gdviz.panes.surface.view import LandscapeView

    surface = window.stage.surface
    assert isinstance(surface, LandscapeView)
    with qtbot.waitSignal(surface.start_dragged):
        drag_start(qtbot, surface, window.stage.frame.landscape)
    wait_computed(qtbot, window)
    assert window.session.experiment.start != (0.0, -1.0)
    assert np.allclose(window.session.recording.points[0], window.session.experiment.start)


def test_dragging_the_start_on_the_contour_moves_the_run(qtbot, window):
    press(qtbot, window, Qt.Key.Key_V)
    contour = window.stage.contour
    with qtbot.waitSignal(contour.start_dragged):
        drag_start(qtbot, contour, window.stage.frame.landscape)
    wait_computed(qtbot, window)
    assert window.session.experiment.start != (0.0, -1.0)


def drag_start(qtbot, pane, landscape):
    """Find the start's ring by trying where the cursor becomes a hand, and drag it a little."""
    place = next(
        QPoint(x, y)
        for y in range(10, pane.height(), 8)
        for x in range(10, pane.width(), 8)
        if hand_at(pane, QPoint(x, y))
    )
    qtbot.mousePress(pane_target(pane), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseMove(pane_target(pane), place + QPoint(30, 12))
    qtbot.mouseMove(pane_target(pane), place + QPoint(40, 16))
    qtbot.mouseRelease(pane_target(pane), Qt.MouseButton.LeftButton, pos=place + QPoint(40, 16))


def pane_target(pane):
    """The widget that takes the mouse: pyqtgraph's plots are scroll areas."""
    return pane.viewport() if hasattr(pane, "viewport") and callable(pane.viewport) else pane


def hand_at(pane, place):
    """Whether the cursor becomes a hand there."""
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent

    target = pane_target(pane)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(place),
        QPointF(target.mapToGlobal(place)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(target, event)
    return target.cursor().shape() == Qt.CursorShape.OpenHandCursor


def test_a_problem_without_data_has_no_data_pane(qtbot, window):
    window.session.set_problem("rosenbrock")
    wait_computed(qtbot, window)
    assert not window.stage.data_plot.isVisible()
    press(qtbot, window, Qt.Key.Key_D)
    assert "no data" in window.statusBar().currentMessage()
    window.session.set_problem("linear-regression")
    wait_computed(qtbot, window)
    assert window.stage.data_plot.isVisible()


def test_a_bad_scenario_file_leaves_everything_as_it_was(qtbot, window, tmp_path, monkeypatch):
    bad = tmp_path / "bad.toml"
    bad.write_text('title = "x"\nsteps = 1000000000000\n[schedule]\nlearning_rate = 0.1\n')
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(bad), ""))
    before = window.session.experiment
    window.commands["open"].trigger()
    assert str(bad) in window.statusBar().currentMessage()
    assert "steps" in window.statusBar().currentMessage()
    assert window.session.experiment is before


def test_save_and_open_again(qtbot, window, tmp_path, monkeypatch):
    target = tmp_path / "mine.toml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(target), ""))
    window.session.set_learning_rate(0.31)
    window.commands["save"].trigger()
    press(qtbot, window, Qt.Key.Key_R)
    window.commands["open"].trigger()
    wait_computed(qtbot, window)
    assert window.session.experiment.schedule(0) == 0.31
    assert window.windowTitle().startswith("mine")


def test_export_and_copy_give_the_picture_of_the_stage(qtbot, window, tmp_path, monkeypatch):
    target = tmp_path / "stage.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    window.commands["export_picture"].trigger()
    picture = window.stage.picture()
    assert QImage(str(target)).convertToFormat(picture.format()) == picture
    window.commands["copy_picture"].trigger()
    assert QGuiApplication.clipboard().image().convertToFormat(picture.format()) == picture


def test_an_exception_in_the_worker_is_shown_and_the_window_lives(qtbot, window):
    from gdviz.widgets.dialogs import ErrorDialog

    def broken(experiment, begin):
        raise ArithmeticError("the abacus fell over")
        yield

    runs = window.session.runs
    runs.runner = Runner(runs.gate, broken)
    window.session.set_learning_rate(0.2)
    qtbot.waitUntil(lambda: bool(window.findChildren(ErrorDialog)))
    dialog = window.findChildren(ErrorDialog)[0]
    assert dialog.isVisible()
    runs.runner = Runner(runs.gate)
    window.session.set_learning_rate(0.3)
    wait_computed(qtbot, window)
    copy = next(button for button in dialog.findChildren(type(dialog.buttons.buttons()[0])) if "Copy" in button.text())
    copy.click()
    assert "the abacus fell over" in QGuiApplication.clipboard().text()
    dialog.close()


def test_an_exception_in_a_slot_is_shown_once_and_the_window_lives(qtbot, window, monkeypatch, capsys):
    from gdviz.main_window.app import show_surprises
    from gdviz.widgets.dialogs import ErrorDialog

    monkeypatch.setattr("sys.excepthook", None)
    show_surprises(window)
    for _ in range(3):
        error = ZeroDivisionError("nobody thought of this")
        sys.excepthook(ZeroDivisionError, error, None)
    (dialog,) = window.findChildren(ErrorDialog)
    assert "nobody thought of this" in dialog.text
    assert "nobody thought of this" in capsys.readouterr().err
    press(qtbot, window, Qt.Key.Key_Right)
    settle(qtbot, window, 1)
    dialog.close()


def test_without_opengl_the_contour_takes_the_place(qtbot, open_window):
    window = open_window(no_surface="there is no OpenGL on this machine")
    assert window.stage.surface is None
    assert window.stage.contour.isVisible()
    said = " ".join(label.text() for label in window.statusBar().findChildren(QLabel))
    assert "there is no OpenGL on this machine" in said
    press(qtbot, window, Qt.Key.Key_V)
    assert "no surface here" in window.statusBar().currentMessage()
    press(qtbot, window, Qt.Key.Key_Right)
    settle(qtbot, window, 1)


def test_a_window_remembers_how_it_looked(qtbot, open_window):
    first = open_window()
    press(qtbot, first, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    first.docks[0].close()
    close(first)
    second = open_window()
    assert second.session.state.look.theme is Theme.DARK
    assert second.docks[0].isHidden()


def test_a_million_steps_can_be_watched_stopped_and_scrubbed(qtbot, window):
    window.session.apply(edits.change, steps=1_000_000)
    qtbot.waitUntil(lambda: window.session.recording.last_step > 5_000, timeout=20_000)
    assert window.session.runs.runner.is_running
    window.session.player.seek(4_000)
    assert step(window) == 4_000
    window.commands["stop"].trigger()
    assert not window.session.runs.runner.is_running
    last = window.session.recording.last_step
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


def test_a_file_that_cannot_be_loaded_is_logged_once(window, caplog, tmp_path):
    with caplog.at_level(logging.INFO, logger="gdviz"):
        window.files.load(str(tmp_path / "none.toml"))
    refused = [text for _, _, text in caplog.record_tuples if "none.toml" in text]
    assert refused == [f"not taken: {tmp_path}/none.toml: cannot be read: No such file or directory"]
