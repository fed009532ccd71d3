"""What a person does with the window, for its tests: keys, drags and dialogs."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

from gdviz.export_dialog.dialog import ExportDialog
from gdviz.main_window.race_dialog import RaceDialog

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier):
    """Press a key with the focus on the stage."""
    window.stage.setFocus()
    qtbot.keyClick(window.stage, key, modifier)


def step(window):
    """The step that all views show; they must agree."""
    stage = window.stage
    frame, loss = stage.frame, stage.panes["loss"]
    parts = {stage.header: frame.header, stage.arithmetic: frame.arithmetic, loss: frame.pictures["loss"]}
    parts |= {stage.panes["data"].shown: frame.pictures["data"]} if "data" in frame.pictures else {}
    assert all(part.picture is picture for part, picture in parts.items())
    assert stage.frame.step == window.session.player.frame.step
    return stage.frame.step


def settle(qtbot, window, wanted):
    """Wait until that step is shown; a step may take the time in which the box grows."""
    qtbot.waitUntil(lambda: window.session.player.playback.step == wanted and not window.session.player.is_easing)
    assert step(window) == wanted


def drag_start(qtbot, pane):
    """Find the start's ring by trying where the cursor becomes a hand, and drag it a little."""
    target = pane.viewport() if isinstance(pane, QAbstractScrollArea) else pane
    place = next(
        QPoint(x, y)
        for y in range(10, pane.height(), 8)
        for x in range(10, pane.width(), 8)
        if is_hand_at(target, QPoint(x, y))
    )
    qtbot.mousePress(target, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseMove(target, place + QPoint(30, 12))
    qtbot.mouseMove(target, place + QPoint(40, 16))
    qtbot.mouseRelease(target, Qt.MouseButton.LeftButton, pos=place + QPoint(40, 16))


def is_hand_at(target, place):
    """Whether the cursor becomes a hand there."""
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


def shown(window, kind):
    """The one visible dialog of a kind, or None."""
    found = [dialog for dialog in window.findChildren(kind) if dialog.isVisible()]
    assert len(found) < 2
    return found[0] if found else None


def told(window):
    """What the bar over the stage says; empty while there is none."""
    bar = window.messages.bar
    assert bar.isVisible() == bool(bar.text)
    return bar.text


def wait_opened(qtbot, window):
    """Until the file is there, or refused, or its columns are asked for."""
    qtbot.waitUntil(lambda: not window.session.opening.is_busy, timeout=20_000)


def activate(qtbot, window):
    """Make it the active window again, as a window manager does when a dialog goes."""
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def open_dialog(qtbot, window):
    """Ask for an animation by its key; the dialog, when it is in front."""
    activate(qtbot, window)
    press(qtbot, window, Qt.Key.Key_E, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: shown(window, ExportDialog) is not None)
    dialog = shown(window, ExportDialog)
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    qtbot.waitUntil(lambda: dialog.last.image is not None, timeout=20_000)
    return dialog


def race_rates(qtbot, window):
    """Race the four usual learning rates: Shift+R, and Enter in the dialog."""
    press(qtbot, window, Qt.Key.Key_R, SHIFT)
    dialog = shown(window, RaceDialog)
    qtbot.keyClick(dialog.choice, Qt.Key.Key_Return)
    activate(qtbot, window)
