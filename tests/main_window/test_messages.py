"""What could not be done is said in a bar over the stage, until it is read."""

from PySide6.QtCore import Qt

from tests.main_window.actions import click, press, told, wait_opened


def test_the_bar_is_closed_by_its_button_and_by_esc_and_by_a_file_that_opens(qtbot, window, tmp_path):
    bar = window.messages.bar
    window.files.load(str(tmp_path / "none.csv"))
    wait_opened(qtbot, window)
    assert "none.csv" in told(window)
    click(qtbot, bar.button)
    assert told(window) == ""
    window.files.load(str(tmp_path / "none.csv"))
    wait_opened(qtbot, window)
    press(qtbot, window, Qt.Key.Key_P)  # what succeeds is of another kind
    assert "none.csv" in told(window)
    press(qtbot, window, Qt.Key.Key_Escape)
    assert told(window) == ""
    window.files.load(str(tmp_path / "none.csv"))
    wait_opened(qtbot, window)
    window.files.load("two-wells")
    assert told(window) == ""


def test_a_refused_edit_is_told_until_one_succeeds(qtbot, window):
    press(qtbot, window, Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
    assert told(window) == "no run is pinned"
    press(qtbot, window, Qt.Key.Key_L)
    assert told(window) == ""


def test_the_bar_moves_nothing_and_is_in_no_picture(qtbot, window, tmp_path):
    before, place = window.stage.picture(), window.stage.geometry()
    window.files.load(str(tmp_path / "none.csv"))
    wait_opened(qtbot, window)
    bar = window.messages.bar
    assert bar.isVisible()
    assert window.stage.geometry() == place
    assert window.stage.picture() == before
    assert place.contains(bar.geometry())
    assert bar.geometry().topLeft() == place.topLeft()
    assert bar.width() == place.width()


def test_the_bar_is_seen_in_present_too(qtbot, window):
    press(qtbot, window, Qt.Key.Key_F5)
    qtbot.waitUntil(window.isFullScreen)
    press(qtbot, window, Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
    assert told(window) == "no run is pinned"
    qtbot.waitUntil(lambda: window.messages.bar.width() == window.stage.width())
    press(qtbot, window, Qt.Key.Key_Escape)
    assert (told(window), window.isFullScreen()) == ("", True)
    press(qtbot, window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.isFullScreen())
    qtbot.waitUntil(lambda: window.messages.bar.isHidden())
