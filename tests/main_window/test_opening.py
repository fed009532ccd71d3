"""Tables of the user's own, opened by the dialog, by dropping and by pasting; what cannot be opened changes nothing."""

import os

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog

from tests.main_window.actions import CONTROL, press, told, wait_opened
from tests.main_window.conftest import wait_computed

PAIRS = "km,price\n10,3\n20,2\n30,\n40,0.5\n"
ROW_LEFT_OUT = "1 of 4 rows has no value in km or price and is left out"


@pytest.fixture
def cars(tmp_path):
    path = tmp_path / "cars.csv"
    path.write_text(PAIRS)
    return path


def choose_file(qtbot, window, monkeypatch, path):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    press(qtbot, window, Qt.Key.Key_O, CONTROL)
    wait_opened(qtbot, window)


def names(window):
    return window.session.state.experiment.problem.data.names


def test_a_table_is_opened_by_the_dialog_and_its_gaps_are_told(qtbot, window, cars, monkeypatch):
    choose_file(qtbot, window, monkeypatch, cars)
    wait_computed(qtbot, window)
    assert names(window) == ("km", "price")
    assert window.windowTitle().startswith("cars")
    assert told(window) == ROW_LEFT_OUT
    press(qtbot, window, Qt.Key.Key_Z, CONTROL)
    assert (window.windowTitle().startswith("Point nine"), told(window)) == (True, "")


def test_the_dialog_offers_scenarios_and_tables_in_either_case_and_all_files(qtbot, window, monkeypatch):
    asked = []
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *given: (asked.append(given), ("", ""))[1])
    press(qtbot, window, Qt.Key.Key_O, CONTROL)
    kinds = asked[0][3]
    for ending in ("toml", "csv", "tsv", "tab", "txt", "dat", "data", "parquet"):
        assert f"*.{ending} " in f"{kinds} ".replace(")", " ")
        assert f"*.{ending.upper()} " in f"{kinds} ".replace(")", " ")
    assert kinds.endswith(";;All files (*)")


def test_a_table_named_at_the_start_has_its_notes_over_the_stage(open_window, cars):
    window = open_window(str(cars))
    assert told(window) == ROW_LEFT_OUT


def test_single_precision_that_merges_values_is_told_when_it_is_chosen(qtbot, window, tmp_path, monkeypatch):
    path = tmp_path / "big.csv"
    path.write_text("x,y\n1000000000,1\n1000000001,2\n1000000002,4\n")
    choose_file(qtbot, window, monkeypatch, path)
    wait_computed(qtbot, window)
    merged = told(window)
    assert "single precision keeps 1" in merged
    panel = window.control_panel.run.precision
    panel.chosen.emit("float64")
    assert told(window) == ""
    panel.chosen.emit("float32")
    assert told(window) == merged


def binary(folder):
    (folder / "photo.csv").write_bytes(bytes(range(256)) * 40)
    return "photo.csv", "is not a table of text"


def text_alone(folder):
    (folder / "words.csv").write_text("a,b\none,two\nthree,four\n")
    return "words.csv", "two columns of numbers are needed"


def one_column(folder):
    (folder / "one.txt").write_text("1\n2\n3\n")
    return "one.txt", "two columns of numbers are needed"


def cut_off(folder):
    (folder / "cut.parquet").write_bytes(b"PAR1" + bytes(50))
    return "cut.parquet", "cannot be read as a table"


def pipe(folder):
    os.mkfifo(folder / "pipe.parquet")
    return "pipe.parquet", "is a pipe, not a file"


def directory(folder):
    (folder / "folder.csv").mkdir()
    return "folder.csv", "is a folder, not a file"


def nothing(folder):
    return "none.csv", "cannot be read: No such file or directory"


@pytest.mark.parametrize("make", [binary, text_alone, one_column, cut_off, pipe, directory, nothing])
def test_what_cannot_be_opened_is_told_and_what_was_there_stays(qtbot, window, tmp_path, monkeypatch, make):
    before, title = window.session.state, window.windowTitle()
    name, why = make(tmp_path)
    choose_file(qtbot, window, monkeypatch, tmp_path / name)
    assert told(window).startswith(f"{tmp_path}/{name}: ")
    assert why in told(window)
    assert "\n" not in told(window)
    assert (window.session.state, window.windowTitle()) == (before, title)
    assert window.statusBar().currentMessage() != told(window)


# Dropping


def drag(target, content):
    """Drag it over the widget, as Qt tells it of; whether that or what it lies on takes it."""
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDragEnterEvent(QPoint(2, 2), Qt.DropAction.CopyAction, content, left, none)
    event.ignore()
    QApplication.sendEvent(target, event)
    return event.isAccepted()


def drop(target, content):
    """Drop it there."""
    assert drag(target, content)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(target, QDropEvent(QPointF(2, 2), Qt.DropAction.CopyAction, content, left, none))


def files(*paths):
    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    content.setText("\n".join(map(str, paths)))  # as file managers do
    return content


def test_a_file_is_dropped_anywhere_on_the_window(qtbot, window, cars):
    stage, panel = window.stage, window.control_panel
    places = [stage.surface, stage.panes["data"], stage.panes["loss"], stage.header, window.rate_bar.field]
    places += [panel.run.steps, panel.optimizer.rate, window.scenario_panel.list, window.menuBar(), window.statusBar()]
    for place in places:
        assert drag(place, files(cars)), place
        assert told(window) == "drop to open cars.csv", place
        QApplication.sendEvent(place, QDragLeaveEvent())
        assert told(window) == ""
    drop(window.rate_bar.field, files(cars))
    wait_opened(qtbot, window)
    assert names(window) == ("km", "price")
    assert window.rate_bar.field.text() != str(cars)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (lambda folder: files(folder / "a.csv", folder / "b.csv"), "2 files cannot be opened at once; choose one"),
        (lambda folder: files(folder), f"{os.sep}: is a folder, not a file; give a file"),
        (lambda folder: _of_text("1\t2\n3\t4\n"), "only a file can be dropped here"),
        (lambda folder: _of_url("https://example.org/a.csv"), "https://example.org/a.csv: is not on this computer"),
    ],
)
def test_what_is_no_file_is_told_when_it_is_dropped(qtbot, window, tmp_path, content, why):
    before = window.session.state
    drop(window, content(tmp_path))
    wait_opened(qtbot, window)
    assert why.removeprefix(os.sep) in told(window)
    assert "\n" not in told(window)
    assert window.session.state is before


def _of_text(text):
    content = QMimeData()
    content.setText(text)
    return content


def _of_url(url):
    content = QMimeData()
    content.setUrls([QUrl(url)])
    return content


def test_what_is_neither_file_nor_text_is_not_taken(window):
    content = QMimeData()
    content.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
    assert not drag(window, content)


# Pasting


@pytest.mark.parametrize("text", ["km\tprice\n10\t3\n20\t2\n40\t0,5\n", "km,price\r\n10,3\r\n20,2\r\n40,0.5\r\n"])
def test_a_table_is_pasted(qtbot, window, text):
    QGuiApplication.clipboard().setText(text)
    press(qtbot, window, Qt.Key.Key_V, CONTROL)
    wait_opened(qtbot, window)
    wait_computed(qtbot, window)
    data = window.session.state.experiment.problem.data
    assert (data.names, data.y.tolist()) == (("km", "price"), [3.0, 2.0, 0.5])
    assert window.windowTitle().startswith("Pasted data")
    assert window.control_panel.data._source.accessibleName() == "3 rows from the clipboard"


def test_a_file_that_was_copied_is_opened(qtbot, window, cars):
    QGuiApplication.clipboard().setMimeData(files(cars))
    press(qtbot, window, Qt.Key.Key_V, CONTROL)
    wait_opened(qtbot, window)
    assert window.session.state.title == "cars"


@pytest.mark.parametrize("text", ["", " \n", "a sentence, no table"])
def test_what_is_no_table_is_told_when_it_is_pasted(qtbot, window, text):
    QGuiApplication.clipboard().setText(text)
    before = window.session.state
    press(qtbot, window, Qt.Key.Key_V, CONTROL)
    wait_opened(qtbot, window)
    assert told(window).startswith("the clipboard " if not text.strip() else "clipboard: ")
    assert window.session.state is before


def test_a_picture_on_the_clipboard_is_no_table(qtbot, window):
    QGuiApplication.clipboard().setImage(QImage(4, 4, QImage.Format.Format_RGB32))
    press(qtbot, window, Qt.Key.Key_V, CONTROL)
    assert told(window) == "the clipboard holds no text; copy a table with two columns of numbers first"


def test_a_field_with_the_focus_is_pasted_into(qtbot, window):
    QGuiApplication.clipboard().setText("0.25")
    field, before = window.rate_bar.field, window.session.state.scenario
    field.setFocus()
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_V, CONTROL)
    assert field.text() == "0.25"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert window.session.state.experiment.schedule(0) == 0.25
    assert window.session.state.scenario is before
    assert told(window) == ""


# While it is read


def test_what_is_read_is_told_and_esc_ends_it(qtbot, window, cars, monkeypatch):
    before = window.session.state
    begun = reading_for_ever(monkeypatch)
    drop(window, files(cars))
    qtbot.waitUntil(lambda: told(window) != "" and len(begun) == 1)
    assert told(window) == f"reading {cars}; Esc cancels"
    assert window.commands["stop"].isEnabled()
    press(qtbot, window, Qt.Key.Key_Escape)
    assert told(window) == ""
    assert window.session.state is before
    drop(window, files(cars))
    qtbot.waitUntil(lambda: told(window) != "" and len(begun) == 2)
    press(qtbot, window, Qt.Key.Key_Period, CONTROL)
    assert told(window) == ""
    assert window.session.state is before


def reading_for_ever(monkeypatch):
    from gdviz.session.loading import table_reader

    begun = []

    def count(request, table):
        begun.append(1)
        table.source.database.ask("SELECT count(*) FROM range(1000000000000) WHERE hash(range) = 1")

    monkeypatch.setattr(table_reader, "_check_choice", count)
    return begun
