"""Whatever is opened and closed, or done and undone, again and again leaves nothing behind."""

import gc
from collections import Counter
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

from gdviz.core.data.dataset import Dataset
from gdviz.core.data.settings import DataSettings
from gdviz.export_dialog.dialog import ExportDialog
from gdviz.export_dialog.preview import Preparation, PreviewRequest
from gdviz.main_window.help import TextDialog
from gdviz.widgets.dialogs import ErrorDialog, Question
from tests.main_window.actions import press, shown
from tests.main_window.conftest import wait_computed
from tests.main_window.test_runs import resident

TIMES, FEW = 20, 2
"""Each dialog is opened so often, and dearer things are done."""
MEGABYTES = 8
"""Of dialogs that stay it would be more; the memory in use wavers by some."""
SPLITTER = "qt_qmainwindow_extended_splitter"
"""Qt leaves one of these behind, an empty widget, each time that all docks have gone and come back."""


class Handled(QObject):
    """Counts what all widgets have to do for a new size and a new style sheet."""

    events = 0

    def eventFilter(self, watched, event):
        self.events += event.type() in (QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.Resize)
        return False


def deleted():
    """Let Qt delete what is to be deleted."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def there_is(window):
    """How many objects of which kind belong to the window or are widgets."""
    deleted()
    gc.collect()
    deleted()
    things = {*window.findChildren(QObject), *QApplication.allWidgets()}
    return Counter(type(thing).__name__ for thing in things if thing.objectName() != SPLITTER)


def growth(window, use, times):
    """What there is more of after so many uses; two come before, for what is made once and kept."""
    for turn in range(2):
        use(turn)
    before = there_is(window)
    for turn in range(times):
        use(turn)
    return there_is(window) - before


def handled_by_a_resize(window):
    """How many events it takes to make the window larger, and its text with it, and as it was again."""
    size, counter = window.size(), Handled()
    QApplication.instance().installEventFilter(counter)
    for changed in (size * 1.2, size):
        window.resize(changed)
    QApplication.instance().removeEventFilter(counter)
    return counter.events


def test_every_dialog_that_is_closed_is_gone(qtbot, window, monkeypatch, tmp_path):
    # The pictures in the dialog for exports are costly, and not the dialog's.
    def prepare(dialog, scene, choices):
        request = PreviewRequest(scene, window.session.state.cameras, choices)
        window.exports._prepared = Preparation().work(request)

    monkeypatch.setattr(window.exports, "_show", prepare)
    for ending in (".toml", ".mp4"):
        (tmp_path / f"old{ending}").write_bytes(b"old")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *given: (str(tmp_path / "old"), given[4]))
    asked = [
        (TextDialog, window.commands["about"].trigger),
        (TextDialog, window.commands["keys"].trigger),
        (ErrorDialog, lambda: window.show_error("Traceback\nValueError: an error")),
        (Question, window.commands["save"].trigger),
    ]

    def end(dialog, turn):
        dialog.close() if turn % 2 else QTest.keyClick(dialog, Qt.Key.Key_Escape)
        deleted()

    def use(turn):
        for kind, ask in asked:
            ask()
            end(shown(window, kind), turn)
        window.commands["export_animation"].trigger()
        dialog = shown(window, ExportDialog)
        dialog.export.click()
        end(shown(dialog, Question), turn)
        end(dialog, turn)

    for turn in range(3):
        use(turn)
    handled, memory = handled_by_a_resize(window), resident()
    assert growth(window, use, TIMES) == {}
    assert handled_by_a_resize(window) < handled + 4 * TIMES
    assert resident() - memory < MEGABYTES


def test_data_that_are_shown_no_more_are_gone(qtbot, window):
    """Of a million rows they would be tens of megabytes."""
    window.session.set_data(replace(DataSettings(), rows=20_000))
    wait_computed(qtbot, window)
    for command in ("map", "map", "tape", "tape", "range_test", "range_test", "ghost", "ghost"):
        window.commands[command].trigger()
        qtbot.waitUntil(lambda: not window.session.is_busy, timeout=30_000)
        qtbot.wait(100)  # until it is painted
    window.files.load("point-nine")
    wait_computed(qtbot, window)
    window.session.timeline.clear()
    qtbot.wait(200)
    gc.collect()
    assert [data.rows for data in gc.get_objects() if isinstance(data, Dataset) and data.rows == 20_000] == []


def test_what_is_asked_for_twice_is_there_once(qtbot, window):
    for command in ("keys", "keys", "about", "about"):
        window.commands[command].trigger()
    window.show_error("Traceback\nValueError: an error")
    dialogs = [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]
    titles = [dialog.windowTitle() for dialog in dialogs]
    assert sorted(titles) == ["About gdviz", "Keys", "gdviz: unexpected error"]
    window.close()
    assert shown(window, QDialog) is None


def test_what_is_done_again_and_again_leaves_nothing(qtbot, window):
    session, commands = window.session, window.commands

    def give_up():
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        dialog.reject()

    def use(turn):
        window.files.load(("one", "point-nine")[turn % 2])
        commands["pin"].trigger()
        session.set_learning_rate(0.1 + turn / 1000)
        commands["unpin"].trigger()
        for command in ("theme", "black", "tape"):
            commands[command].trigger()
        for command in ("open", "save", "export_picture"):
            QTimer.singleShot(0, give_up)
            commands[command].trigger()
        press(qtbot, window, Qt.Key.Key_F5)
        press(qtbot, window, Qt.Key.Key_Escape)
        window.messages.notice(f"notice {turn}")

    assert growth(window, use, FEW) == {}
    wait_computed(qtbot, window)
