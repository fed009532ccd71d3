"""A field for one number: what it takes, what it refuses, and what it does to text that is being typed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from gdviz.core.errors import InputError
from gdviz.plotting.text import number_font
from gdviz.presentation.look import Theme
from gdviz.widgets.claimed_keys import ClaimedKeys
from gdviz.widgets.number_field import NumberField, number_text, read_number
from gdviz.widgets.theme import apply_theme
from tests.controls_shown import retype

MAX_SEED = 2**63 - 1


class Window(QWidget):
    """Two fields, and the window's own Escape and Space."""

    def __init__(self):
        super().__init__()
        self.rows, self.noise = (
            NumberField("rows", int, (1, 10_000), "How many"),
            NumberField("noise", float, (0, None)),
        )
        self.triggered, self.committed, self.rejected = [], [], []
        layout = QVBoxLayout(self)
        for field, value in ((self.rows, 100), (self.noise, 0.01)):
            layout.addWidget(field)
            field.show_value(value)
            field.committed.connect(self.committed.append)
            field.rejected.connect(self.rejected.append)
        for key in ("Esc", "Space", "Up", "M"):
            action = QAction(key, self)
            action.setShortcut(QKeySequence(key))
            action.triggered.connect(lambda checked=False, key=key: self.triggered.append(key))
            self.addAction(action)
        ClaimedKeys(self, [self])


@pytest.fixture
def window(qtbot):
    window = Window()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    return window


def test_enter_commits_the_number_once(window, qtbot):
    retype(qtbot, window.rows, "250")
    assert window.committed == []
    qtbot.keyClick(window.rows, Qt.Key.Key_Enter)
    window.noise.setFocus()
    assert window.committed == [250]
    assert type(window.committed[0]) is int


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0,5", 0.5),
        (",25", 0.25),
        ("2,", 2.0),
        ("0,125", 0.125),
        ("1234,567", 1234.567),
        ("1,5e-3", 0.0015),
        ("1,2345", 1.2345),
    ],
)
def test_a_decimal_comma_is_read_as_a_point(window, qtbot, typed, number):
    retype(qtbot, window.noise, typed)
    qtbot.keyClick(window.noise, Qt.Key.Key_Return)
    assert window.committed == [number]
    assert window.noise.text() == number_text(number)
    assert not window.rejected


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("1,000", "noise: '1,000' may be 1000 or 1.000; use one of these"),
        ("999,125", "noise: '999,125' may be 999125 or 999.125; use one of these"),
        ("1,000,000", "noise: '1,000,000' has separators of thousands; use 1000000"),
        ("1,234.5", "noise: '1,234.5' has separators of thousands; use 1234.5"),
        ("1.234,5", "noise: '1.234,5' has separators of thousands; use 1234.5"),
        ("0,5,5", "noise: '0,5,5' is not a number of at least 0"),
        (",", "noise: ',' is not a number of at least 0"),
    ],
)
def test_a_comma_that_may_mean_two_things_is_refused(window, qtbot, typed, told):
    retype(qtbot, window.noise, typed)
    qtbot.keyClick(window.noise, Qt.Key.Key_Return)
    assert (window.committed, window.rejected) == ([], [told])
    assert window.noise.text() == typed


def test_a_whole_number_with_a_comma(window, qtbot):
    retype(qtbot, window.rows, "1,000")
    qtbot.keyClick(window.rows, Qt.Key.Key_Return)
    assert window.rejected == ["rows: '1,000' may be 1000 or 1.000; use one of these"]
    assert read_number("−2,5", float) == -2.5
    assert read_number("2,0", int) == 2
    assert read_number("2,5", int) is None


def test_leaving_commits(window, qtbot):
    retype(qtbot, window.noise, "1e-3")
    qtbot.keyClick(window.noise, Qt.Key.Key_Tab)
    assert window.committed == [0.001]


def test_a_field_that_is_only_visited_commits_nothing(window, qtbot):
    window.rows.setFocus()
    qtbot.keyClick(window.rows, Qt.Key.Key_Return)
    retype(qtbot, window.rows, "1_00")
    window.noise.setFocus()
    assert window.committed == []
    assert window.rows.text() == "100"


def test_escape_restores_and_the_window_gets_only_the_next_one(window, qtbot):
    retype(qtbot, window.rows, "7")
    qtbot.keyClick(window.rows, Qt.Key.Key_Escape)
    assert window.rows.text() == "100"
    assert window.triggered == []
    qtbot.keyClick(window.rows, Qt.Key.Key_Escape)
    assert window.triggered == ["Esc"]
    assert window.committed == []


def test_typing_does_not_reach_the_window(window, qtbot):
    window.rows.setFocus()
    for key in (Qt.Key.Key_M, Qt.Key.Key_Space, Qt.Key.Key_Up):
        qtbot.keyClick(window.rows, key)
    assert window.triggered == []


def test_what_is_being_typed_survives_a_change_from_outside(window, qtbot):
    retype(qtbot, window.rows, "25")
    window.rows.show_value(400)
    assert window.rows.text() == "25"
    qtbot.keyClick(window.rows, Qt.Key.Key_Escape)
    assert window.rows.text() == "400"


def test_a_visited_field_follows_and_stays_selected(window, qtbot):
    window.rows.setFocus()
    window.rows.selectAll()
    window.rows.show_value(400)
    assert window.rows.selectedText() == "400"
    assert window.committed == []


NONSENSE = [
    "abc",
    "nan",
    "inf",
    "",
    "1e400",
    "٣",
    "1000000000000",
    "10^12",
    "1e12",
    "2.5",
    "0",
    "-3",
    "1__0",
    "_1",
]


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_said_in_one_line_and_changes_nothing(window, qtbot, text):
    retype(qtbot, window.rows, text)
    qtbot.keyClick(window.rows, Qt.Key.Key_Return)
    typed = f"'{text}'" if text else "an empty field"
    assert window.rejected == [f"rows: {typed} is not a whole number from 1 to 10,000"]
    assert window.rows.property("refused") is True
    assert window.rows.toolTip() == window.rejected[0]
    assert window.rows.text() == text
    window.noise.setFocus()  # leaving does not tell it again
    assert window.rows.text() == "100"
    assert window.rows.toolTip() == "How many"
    assert len(window.rejected) == 1
    assert window.committed == []


def test_leaving_nonsense_tells_it_and_shows_what_is_true(window, qtbot):
    retype(qtbot, window.noise, "-1")
    window.rows.setFocus()
    assert window.rejected == ["noise: '-1' is not a number of at least 0"]
    assert window.noise.text() == "0.01"
    assert not window.noise.property("refused")


def test_typing_on_takes_the_mark_away(window, qtbot):
    retype(qtbot, window.rows, "x")
    qtbot.keyClick(window.rows, Qt.Key.Key_Return)
    retype(qtbot, window.rows, "12")
    assert not window.rows.property("refused")
    qtbot.keyClick(window.rows, Qt.Key.Key_Return)
    assert window.committed == [12]


def test_a_check_can_refuse_a_number(window, qtbot):
    def check(value):
        raise InputError(f"rows: {value} is unlucky")

    window.rows.set_check(check)
    retype(qtbot, window.rows, "13")
    qtbot.keyClick(window.rows, Qt.Key.Key_Return)
    assert window.rejected == ["rows: 13 is unlucky"]
    assert window.committed == []


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("1_000_000", int, 1_000_000),
        ("1e3", int, 1000),
        ("5.0", int, 5),
        (str(MAX_SEED), int, MAX_SEED),
        ("−2.5", float, -2.5),
        ("1e-3", float, 0.001),
        ("9" * 5000, int, None),
        ("½", float, None),
    ],
)
def test_what_counts_as_a_number(text, kind, number):
    assert read_number(text, kind) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.9, "0.9"), (1e-5, "1e-5"), (0.8999999761581421, "0.9"), (1e30, "1e30"), (MAX_SEED, str(MAX_SEED))],
)
def test_how_a_number_is_written(number, text):
    assert number_text(number) == text


def test_a_complaint_is_taken_back_when_the_number_is_put_right(window, qtbot):
    retype(qtbot, window.rows, "0")
    qtbot.keyClick(window.rows, Qt.Key.Key_Return)
    retype(qtbot, window.rows, "7")
    assert len(window.rejected) == 1, "it can be read while typing"
    qtbot.keyClick(window.rows, Qt.Key.Key_Return)
    assert window.rejected[1:] == [""]
    assert window.committed == [7]
    retype(qtbot, window.rows, "8")
    qtbot.keyClick(window.rows, Qt.Key.Key_Return)
    assert len(window.rejected) == 2


def test_a_complaint_is_taken_back_with_the_old_number(window, qtbot):
    for take_back in (lambda: qtbot.keyClick(window.rows, Qt.Key.Key_Escape), lambda: retype_as_it_was(qtbot, window)):
        window.rejected.clear()
        retype(qtbot, window.rows, "0")
        qtbot.keyClick(window.rows, Qt.Key.Key_Return)
        take_back()
        assert window.rejected[1:] == [""]
    assert window.committed == []


def retype_as_it_was(qtbot, window):
    retype(qtbot, window.rows, "100")
    qtbot.keyClick(window.rows, Qt.Key.Key_Return)


def test_leaving_a_field_does_not_withdraw_its_complaint(window, qtbot):
    retype(qtbot, window.rows, "0")
    qtbot.keyClick(window.rows, Qt.Key.Key_Tab)
    assert window.rows.text() == "100"
    assert len(window.rejected) == 1
    retype(qtbot, window.rows, "9")
    qtbot.keyClick(window.rows, Qt.Key.Key_Return)
    assert window.rejected[1:] == [""]


@pytest.fixture
def application(qapp):
    font, palette = qapp.font(), qapp.palette()
    yield qapp
    qapp.setFont(font)
    qapp.setPalette(palette)


def test_a_complaint_leaves_the_size_of_the_text_alone(application, window, qtbot):
    for size in (13, 20):
        apply_theme(application, window, Theme.LIGHT, size / 13)
        window.rows.setFont(number_font(size))
    retype(qtbot, window.rows, "0")
    qtbot.keyClick(window.rows, Qt.Key.Key_Return)
    assert window.rows.font().pixelSize() == 20
    qtbot.keyClick(window.rows, Qt.Key.Key_Escape)
    assert window.rows.font().pixelSize() == 20
