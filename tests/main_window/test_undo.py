"""Undo and redo as a person uses them: keys, menu, drags, and what is seen then."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from gdviz.controls.rows_slider import RowsSlider
from gdviz.core.descent.recording import record
from gdviz.core.scenarios.library import load_scenario
from gdviz.main_window.commands import undo_text
from tests.main_window.actions import drag_start, press, race_rates, step
from tests.main_window.conftest import wait_computed
from tests.recordings import same_columns

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def rate(window):
    return window.session.state.experiment.schedule(0)


def undo(qtbot, window):
    press(qtbot, window, Qt.Key.Key_Z, CONTROL)
    wait_computed(qtbot, window)


def redo(qtbot, window):
    press(qtbot, window, Qt.Key.Key_Z, CONTROL | SHIFT)
    wait_computed(qtbot, window)


def menu(window):
    """The texts of the commands at the top of the Edit menu, and whether each can be chosen."""
    entry = window.menuBar().actions()[1]
    assert entry.text() == "&Edit"
    return [(action.text(), action.isEnabled()) for action in entry.menu().actions()[:2]]


def undone(qtbot, window):
    """What can be undone, the newest first; all of it is undone."""
    found = []
    while window.commands["undo"].isEnabled():
        found.append(window.commands["undo"].text().removeprefix("Undo "))
        undo(qtbot, window)
    return found


def test_the_menu_names_what_is_undone_and_redone(qtbot, window):
    assert menu(window) == [("Undo", False), ("Redo", False)]
    press(qtbot, window, Qt.Key.Key_Up)
    assert menu(window) == [("Undo learning rate 0.99", True), ("Redo", False)]
    window.commands["undo"].trigger()
    assert menu(window) == [("Undo", False), ("Redo learning rate 0.99", True)]
    window.commands["redo"].trigger()
    assert rate(window) == pytest.approx(0.99)


def test_keys_undo_and_redo_to_the_step_at_which_one_stood(qtbot, window):
    window.session.player.seek(30)
    picture = window.stage.picture()
    press(qtbot, window, Qt.Key.Key_Down, SHIFT)
    wait_computed(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Home)
    undo(qtbot, window)
    qtbot.waitUntil(lambda: step(window) == 30)
    assert rate(window) == 0.9
    assert same_columns(window.session.runs.live, record(load_scenario("point-nine").experiment))
    assert window.stage.picture() == picture
    assert window.statusBar().currentMessage() == "undone: learning rate 0.09"
    redo(qtbot, window)
    qtbot.waitUntil(lambda: step(window) == 0)
    assert rate(window) == pytest.approx(0.09)
    assert window.statusBar().currentMessage() == "redone: learning rate 0.09"


def test_a_field_with_the_focus_keeps_its_own_undo(qtbot, window):
    press(qtbot, window, Qt.Key.Key_Up)
    field = window.rate_bar.findChild(QLineEdit)
    field.setFocus()
    qtbot.keyClicks(field, "5")
    typed = field.text()
    qtbot.keyClick(field, Qt.Key.Key_Z, CONTROL)
    assert field.text() != typed
    assert rate(window) == pytest.approx(0.99)
    qtbot.keyClick(field, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert field.text() == typed
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert undone(qtbot, window) == ["learning rate 0.99"]


def test_a_typed_number_is_one_step(qtbot, window):
    field = window.control_panel.run.steps
    for text in ("77", "78"):
        field.setFocus()
        field.selectAll()
        qtbot.keyClicks(field, text)
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert undone(qtbot, window) == ["78 steps", "77 steps"]
    assert field.text() == "200"


def drag(qtbot, widget, *places):
    qtbot.mousePress(widget, LEFT, pos=places[0])
    for place in places[1:]:
        qtbot.mouseMove(widget, place)
    qtbot.mouseRelease(widget, LEFT, pos=places[-1])


def test_a_drag_of_the_slider_is_one_step_and_a_click_another(qtbot, window):
    slider = window.rate_bar.slider
    middle = slider.height() // 2
    drag(qtbot, slider, *(QPoint(x, middle) for x in (100, 150, 200, 250)))
    after = rate(window)
    qtbot.mouseClick(slider, LEFT, pos=QPoint(300, middle))
    assert rate(window) not in (after, 0.9)
    undo(qtbot, window)
    assert rate(window) == after
    undo(qtbot, window)
    assert rate(window) == 0.9
    assert menu(window)[0] == ("Undo", False)


def turn(slider, notches):
    place = QPointF(20.0, 20.0)
    event = QWheelEvent(
        place,
        slider.mapToGlobal(place),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(slider, event)


def test_a_turn_of_the_wheel_is_one_edit(qtbot, window):
    slider = window.rate_bar.slider
    for _ in range(3):
        turn(slider, 1)
    QApplication.sendEvent(slider, QEvent(QEvent.Type.Leave))
    turn(slider, -1)
    assert len(undone(qtbot, window)) == 2
    assert rate(window) == 0.9


@pytest.mark.parametrize("pane", ["surface", "contour"])
def test_a_drag_of_the_start_is_one_step(qtbot, window, pane):
    window.session.set_look(pane=pane)
    window.session.timeline.clear()
    widget = window.stage.surface if pane == "surface" else window.stage.panes["contour"]
    drag_start(qtbot, widget)
    wait_computed(qtbot, window)
    assert window.session.state.experiment.start != (0.0, -1.0)
    (name,) = undone(qtbot, window)
    assert name.startswith("start (")
    assert window.session.state.experiment.start == (0.0, -1.0)


def test_a_drag_over_many_rows_is_one_step(qtbot, window):
    slider = window.control_panel.findChild(RowsSlider)
    middle = slider.height() // 2
    drag(qtbot, slider, *(QPoint(round(slider.width() * part), middle) for part in (0.05, 0.3, 0.5, 0.6)))
    qtbot.waitUntil(lambda: not window.session.timeline.generator.is_busy)
    wait_computed(qtbot, window)
    assert window.session.state.experiment.problem.data.rows > 20_000
    assert len(undone(qtbot, window)) == 1
    assert window.session.state.experiment == load_scenario("point-nine").experiment


def repeat(window, key):
    """What the window hears of a key that is held, before its command is done again."""
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier, "", True)
    QApplication.sendEvent(window.stage, event)


def test_a_held_key_is_one_edit_and_pressed_again_another(qtbot, window):
    press(qtbot, window, Qt.Key.Key_Up)
    press(qtbot, window, Qt.Key.Key_Up)
    qtbot.keyPress(window.stage, Qt.Key.Key_Up)
    for _ in range(3):
        repeat(window, Qt.Key.Key_Up)
        window.commands["rate_up"].trigger()
    qtbot.keyRelease(window.stage, Qt.Key.Key_Up)
    for _ in range(2):
        window.commands["rate_up"].trigger()  # in the menu
    powers = [0.9 * 1.1**count for count in (8, 7, 6, 2, 1)]
    assert undone(qtbot, window) == [f"learning rate {power:.4g}" for power in powers]


def test_loading_a_scenario_is_undone(qtbot, window):
    press(qtbot, window, Qt.Key.Key_P)
    press(qtbot, window, Qt.Key.Key_Up)
    press(qtbot, window, Qt.Key.Key_M)
    wait_computed(qtbot, window)
    press(qtbot, window, Qt.Key.Key_PageDown)
    wait_computed(qtbot, window)
    title = load_scenario("one").title
    assert window.windowTitle().startswith(title)
    assert menu(window)[0] == (f"Undo load {title}", True)
    press(qtbot, window, Qt.Key.Key_V)
    undo(qtbot, window)
    undo(qtbot, window)
    assert window.windowTitle().startswith("Point nine (changed)")  # as on the stage: its rate is changed, a run pinned
    assert window.session.player.frame.header.title == "Point nine (changed)"
    assert not window.scenario_panel.proves.isEnabled()
    assert window.scenario_panel.question.text() == load_scenario("point-nine").question
    assert window.session.state.look.pane == "map"
    assert [entry.text for entry in window.session.player.frame.legend.entries] == ["0.9", "0.99"]
    press(qtbot, window, Qt.Key.Key_PageDown)
    wait_computed(qtbot, window)
    assert window.windowTitle().startswith(title)  # the one after that which came back


def test_it_is_undone_in_present_mode_too(qtbot, window):
    press(qtbot, window, Qt.Key.Key_F5)
    press(qtbot, window, Qt.Key.Key_Up)
    undo(qtbot, window)
    assert rate(window) == 0.9
    press(qtbot, window, Qt.Key.Key_Escape)


def test_pinned_runs_and_a_race_come_and_go(qtbot, window):
    race_rates(qtbot, window)
    wait_computed(qtbot, window)
    press(qtbot, window, Qt.Key.Key_P, SHIFT)
    undo(qtbot, window)
    qtbot.waitUntil(lambda: len(window.stage.frame.legend.entries) == 4)
    assert undone(qtbot, window) == ["race of four learning rates"]
    qtbot.waitUntil(lambda: window.stage.frame.legend.entries == ())
    assert window.stage.frame.header.title == "Point nine"


def test_what_a_menu_cannot_show_is_made_fit_for_it():
    assert undo_text("undo", "load Salt & pepper\x1b") == r"Undo load Salt && pepper\x1b"
    assert undo_text("redo", "") == "Redo"
    assert len(undo_text("undo", "load " + "long " * 100)) < 80
