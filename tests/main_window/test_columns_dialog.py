"""The columns of a table, chosen in the dialog with the keyboard and the mouse."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel

from gdviz.main_window.columns_dialog import ColumnsDialog, Role
from tests.main_window.actions import CONTROL, activate, click, press, shown, told, wait_opened
from tests.main_window.conftest import wait_computed
from tests.widgets.hostile_text import HOSTILE, labels_that_guess

HOUSES = "town;size;age;price\nBonn;120,5;3;350000\nJena;99,0;;280000\nUlm;;12;190000\n"


@pytest.fixture
def houses(tmp_path):
    path = tmp_path / "houses.csv"
    path.write_text(HOUSES)
    return path


def opened(qtbot, window, path):
    """Open the file; the dialog, when it is in front."""
    window.files.load(str(path))
    return asked(qtbot, window)


def asked(qtbot, window):
    wait_opened(qtbot, window)
    dialog = shown(window, ColumnsDialog)
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    return dialog


def rows(dialog):
    """What the preview shows: a line of names, then all others with what stands before them."""
    model = dialog.table.model()
    places = range(model.columnCount())
    heads = [model.headerData(place, Qt.Orientation.Horizontal) for place in places]
    lines = [
        (
            model.headerData(row, Qt.Orientation.Vertical),
            *(model.data(model.index(row, place)) for place in places),
        )
        for row in range(model.rowCount())
    ]
    return [tuple(heads), *lines]


def marked(dialog):
    """The columns with a colour behind them."""
    model = dialog.table.model()
    return [place for place in range(model.columnCount()) if model.data(model.index(2, place), Role.BackgroundRole)]


def offered(choice):
    return [choice.itemText(place) for place in range(choice.count())]


def test_the_first_rows_types_and_gaps_are_shown(qtbot, window, houses):
    dialog = opened(qtbot, window, houses)
    assert rows(dialog) == [
        ("town", "x = size", "age", "y = price"),
        ("type", "text", "numbers with decimal commas", "numbers", "numbers"),
        ("missing", "none", "1", "1", "none"),
        ("1", "Bonn", "120,5", "3", "350000"),
        ("2", "Jena", "99,0", "", "280000"),
        ("3", "Ulm", "", "12", "190000"),
    ]
    assert marked(dialog) == [1, 3]
    assert offered(dialog.x_choice) == offered(dialog.y_choice) == ["size", "age", "price"]
    assert "3 rows, 4 columns" in " ".join(label.text() for label in dialog.findChildren(QLabel))
    dialog.reject()


def test_columns_are_chosen_with_keys(qtbot, window, houses):
    dialog = opened(qtbot, window, houses)
    assert dialog.x_choice.hasFocus()
    qtbot.keyClick(dialog.x_choice, Qt.Key.Key_Down)
    assert (dialog.x_choice.currentText(), marked(dialog)) == ("age", [2, 3])
    qtbot.keyClick(dialog.x_choice, Qt.Key.Key_Tab)
    assert dialog.y_choice.hasFocus()
    qtbot.keyClick(dialog.y_choice, Qt.Key.Key_Return)
    wait_opened(qtbot, window)
    wait_computed(qtbot, window)
    data = window.session.state.experiment.problem.data
    assert (data.names, data.x.tolist()) == (("age", "price"), [3.0, 12.0])
    assert told(window) == "1 of 3 rows has no value in age or price and is left out"
    assert shown(window, ColumnsDialog) is None


def test_cancel_and_esc_leave_what_was_there(qtbot, window, houses):
    before = window.session.state
    click(qtbot, opened(qtbot, window, houses).buttons.button(QDialogButtonBox.StandardButton.Cancel))
    qtbot.keyClick(opened(qtbot, window, houses), Qt.Key.Key_Escape)
    assert shown(window, ColumnsDialog) is None
    assert window.session.state is before
    assert told(window) == ""


def test_the_same_column_twice_cannot_be_opened(qtbot, window, houses):
    dialog = opened(qtbot, window, houses)
    dialog.x_choice.setCurrentIndex(2)
    assert not dialog.open_button.isEnabled()
    assert "choose two different ones" in " ".join(label.text() for label in dialog.findChildren(QLabel))
    qtbot.keyClick(dialog.x_choice, Qt.Key.Key_Return)
    assert shown(window, ColumnsDialog) is dialog
    dialog.x_choice.setCurrentIndex(0)
    assert dialog.open_button.isEnabled()
    dialog.reject()


def test_other_columns_are_chosen_from_the_panel_and_undone(qtbot, window, houses):
    dialog = opened(qtbot, window, houses)
    click(qtbot, dialog.open_button)
    wait_computed(qtbot, window)
    before = window.session.state.experiment
    button = window.control_panel.data.columns_button
    assert button.isVisible()
    click(qtbot, button)
    dialog = asked(qtbot, window)
    assert (dialog.x_choice.currentText(), dialog.y_choice.currentText()) == ("size", "price")
    dialog.y_choice.setCurrentIndex(1)
    click(qtbot, dialog.open_button)
    wait_computed(qtbot, window)
    assert window.session.state.experiment.problem.data.names == ("size", "age")
    assert window.windowTitle().startswith("houses")
    assert window.commands["undo"].text() == "Undo columns size and age"
    activate(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Z, CONTROL)
    assert window.session.state.experiment == before


def test_only_data_of_a_table_have_the_button(qtbot, window):
    assert not window.control_panel.data.columns_button.isVisible()
    QGuiApplication.clipboard().setText("a,b\n1,2\n3,5\n")
    press(qtbot, window, Qt.Key.Key_V, CONTROL)
    wait_opened(qtbot, window)
    assert window.control_panel.data.columns_button.isVisible()


def test_a_file_that_has_gone_is_told(qtbot, window, houses):
    click(qtbot, opened(qtbot, window, houses).open_button)
    wait_computed(qtbot, window)
    before = window.session.state
    houses.unlink()
    click(qtbot, window.control_panel.data.columns_button)
    wait_opened(qtbot, window)
    assert told(window).endswith("houses.csv: cannot be read: No such file or directory")
    assert window.session.state is before


def test_a_newer_file_takes_the_place_of_the_question(qtbot, window, houses, tmp_path):
    opened(qtbot, window, houses)
    (tmp_path / "pairs.csv").write_text("a,b\n1,2\n3,5\n")
    window.files.load(str(tmp_path / "pairs.csv"))
    assert shown(window, ColumnsDialog) is None
    wait_opened(qtbot, window)
    assert window.session.state.title == "pairs"


def test_names_and_cells_are_plain_text(qtbot, window, picture, tmp_path):
    path = tmp_path / f"{HOSTILE}.csv"
    path.write_text(f'"{HOSTILE.replace(chr(34), chr(39))}",b,c\n1,2,3\n4,5,6\n', encoding="utf-8")
    dialog = opened(qtbot, window, path)
    assert "<img src=" in rows(dialog)[0][0]
    assert labels_that_guess(window) == []
    dialog.reject()
