"""The tape in a real window: asked by key, answered beside the landscape."""

from PySide6.QtCore import Qt

from tests.main_window.actions import press


def test_t_shows_the_tape_beside_landscape_and_data(qtbot, window):
    press(qtbot, window, Qt.Key.Key_T)
    stage = window.stage
    assert stage.panes["tape"].isVisible()
    assert stage.surface.isVisible()
    assert stage.panes["data"].isVisible()
    assert not stage.panes["loss"].isVisible()
    assert window.commands["tape"].isChecked()
    assert stage.surface.x() > stage.panes["tape"].geometry().right()
    press(qtbot, window, Qt.Key.Key_T)
    assert not stage.panes["tape"].isVisible()
    assert stage.panes["loss"].isVisible()
    assert stage.arithmetic.isVisible()


def test_the_tape_alone_says_the_update(qtbot, window):
    press(qtbot, window, Qt.Key.Key_T)
    assert not window.stage.arithmetic.isVisible()
    assert window.stage.panes["tape"].geometry().bottom() > 0.97 * window.stage.height()


def test_the_tape_has_the_numbers_of_the_step(qtbot, window):
    press(qtbot, window, Qt.Key.Key_T)
    press(qtbot, window, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.stage.frame.step == 10)
    shown, run = window.stage.frame.pictures["tape"], window.session.runs.live
    assert shown.step == 10
    assert shown.forward[-1].values == (float(run.losses[10]),)


def test_a_row_lights_up_and_the_check_is_one_click_away(qtbot, window):
    press(qtbot, window, Qt.Key.Key_T)
    pane = window.stage.panes["tape"]
    pane.row_hovered.emit(2)
    assert window.stage.frame.pictures["tape"].lit == 2
    pane.row_hovered.emit(None)
    assert window.stage.frame.pictures["tape"].lit is None
    pane.check_clicked.emit()
    assert window.stage.frame.pictures["tape"].check.agrees
    pane.check_clicked.emit()
    assert window.stage.frame.pictures["tape"].check is None
