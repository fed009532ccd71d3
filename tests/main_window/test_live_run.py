"""The entries of the legend choose the live run, by mouse and by keyboard."""

from PySide6.QtCore import Qt


def test_a_click_on_an_entry_and_a_key_make_its_run_the_live_one(qtbot, open_window):
    window = open_window("race")
    stage, session = window.stage, window.session
    qtbot.waitUntil(lambda: stage.frame is not None and len(stage.frame.legend.entries) == 4, timeout=60_000)
    stage.panes["loss"].draw()
    buttons = stage.panes["loss"].run_buttons.buttons
    first = session.state.style
    other, third = [style for style in buttons if style != first][:2]
    assert "make it the live run" in buttons[other].accessibleName()
    qtbot.mouseClick(buttons[other], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: stage.frame.legend.live == other, timeout=60_000)
    assert session.state.style == other
    assert "live run" in session.timeline.undo_name
    buttons[third].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(buttons[third], Qt.Key.Key_Return)
    assert session.state.style == third
    session.undo()
    session.undo()
    assert session.state.style == first
    assert window.stage.arithmetic.accessibleName()
