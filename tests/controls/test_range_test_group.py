"""The settings of the range test: what they show, and what a person can ask of them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QVBoxLayout, QWidget

from gdviz.controls.range_test_group import RangeTestGroup
from gdviz.core.descent.schedules import RangeTest
from gdviz.widgets.buttons import CheckBox
from gdviz.widgets.claimed_keys import ClaimedKeys
from gdviz.widgets.number_field import NumberField
from tests.controls_shown import retype

FAST_AI = RangeTest(1e-7, 10.0, 100, smoothed=True)


@pytest.fixture
def group(qtbot):
    group = RangeTestGroup()
    qtbot.addWidget(group)
    group.show()
    group.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is group)
    group.heard = []
    group.range_test_changed.connect(group.heard.append)
    group.rejected.connect(group.heard.append)
    return group


def field(group, description):
    return next(field for field in group.findChildren(NumberField) if field.accessibleName() == description)


def box(group, text):
    return next(box for box in group.findChildren(CheckBox) if box.text() == text)


def commit(qtbot, field, text):
    retype(qtbot, field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def shown(group):
    numbers = {field.accessibleName(): field.text() for field in group.findChildren(NumberField) if field.isEnabled()}
    return numbers, group.starts.currentText(), [box.text() for box in group.findChildren(CheckBox) if box.isChecked()]


def test_it_shows_a_range_test_and_says_nothing(group):
    group.show_range_test(RangeTest())
    numbers = {"first rate": "0.0001", "end of the rates": "10", "number of rates": "200"}
    assert shown(group) == (numbers, "one moving point", ["stop at 4 times the best"])
    group.show_range_test(RangeTest(1e-7, 1.0, 50, 20, smoothed=True, stops=False))
    numbers = {"first rate": "1e-7", "end of the rates": "1", "number of rates": "50", "fresh steps": "20"}
    assert shown(group) == (numbers, "fresh start at each rate", ["smooth as fast.ai does"])
    assert group.heard == []


@pytest.mark.parametrize(
    ("description", "text", "changed"),
    [
        ("first rate", "1e-3", {"start": 1e-3}),
        ("end of the rates", "1", {"end": 1.0}),
        ("number of rates", "1e4", {"number": 10_000}),
    ],
)
def test_a_typed_number(group, qtbot, description, text, changed):
    group.show_range_test(FAST_AI)
    commit(qtbot, field(group, description), text)
    assert group.heard == [replace(FAST_AI, **changed)]


REFUSED = [
    *((name, text) for name in ("first rate", "number of rates") for text in ("abc", "nan", "inf", "", "0", "-1")),
    ("first rate", "10"),
    ("end of the rates", "1e-7"),
    ("end of the rates", "inf"),
    ("number of rates", "1"),
    ("number of rates", "10001"),
    ("number of rates", "2.5"),
    ("fresh steps", "0"),
    ("fresh steps", "100"),
    ("fresh steps", "inf"),
]


@pytest.mark.parametrize(("description", "text"), REFUSED)
def test_nonsense_is_said_in_one_line_and_changes_nothing(group, qtbot, description, text):
    before = replace(FAST_AI, fresh_steps=7)
    group.show_range_test(before)
    where = field(group, description)
    was = where.text()
    commit(qtbot, where, text)
    assert len(group.heard) == 1
    assert isinstance(group.heard[0], str)
    assert "\n" not in group.heard[0]
    qtbot.keyClick(where, Qt.Key.Key_Escape)
    assert where.text() == was
    commit(qtbot, field(group, "fresh steps"), "8")
    assert group.heard[1:] == ["", replace(before, fresh_steps=8)], "the complaint is taken back"


def test_the_starts_are_chosen_and_the_fresh_steps_remembered(group, qtbot):
    group.starts.setFocus()
    qtbot.keyClick(group.starts, Qt.Key.Key_Down)
    commit(qtbot, field(group, "fresh steps"), "12")
    group.starts.setFocus()
    qtbot.keyClick(group.starts, Qt.Key.Key_Up)
    assert not field(group, "fresh steps").isEnabled()
    qtbot.keyClick(group.starts, Qt.Key.Key_Down)
    fresh = RangeTest(fresh_steps=12)
    assert group.heard == [RangeTest(fresh_steps=5), fresh, RangeTest(), fresh]


def test_choosing_what_is_chosen_asks_for_nothing(group):
    group.starts.activated.emit(group.starts.currentIndex())
    assert group.heard == []


def test_smoothing_and_stopping_are_switched(group, qtbot):
    for text in ("smooth as fast.ai does", "stop at 4 times the best"):
        qtbot.mouseClick(box(group, text), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(box(group, "smooth as fast.ai does"), Qt.MouseButton.LeftButton)
    assert group.heard == [
        RangeTest(smoothed=True),
        RangeTest(smoothed=True, stops=False),
        RangeTest(stops=False),
    ]


def test_fastais_own_rules_are_switched(group, qtbot):
    qtbot.mouseClick(box(group, "fast.ai's own rules"), Qt.MouseButton.LeftButton)
    assert group.heard == [RangeTest(fastai_rules=True)]
    group.show_range_test(RangeTest())
    assert not box(group, "fast.ai's own rules").isChecked()


def test_a_number_that_is_typed_counts_when_a_box_is_clicked(group, qtbot):
    retype(qtbot, field(group, "number of rates"), "50")
    qtbot.mouseClick(box(group, "smooth as fast.ai does"), Qt.MouseButton.LeftButton)
    assert group.heard == [RangeTest(number=50), RangeTest(number=50, smoothed=True)]


def test_after_a_click_space_is_the_windows_after_tab_not(qtbot):
    window, group = QWidget(), RangeTestGroup()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(group)
    played = []
    action = QAction("Play", window)
    action.setShortcut(Qt.Key.Key_Space)
    action.triggered.connect(lambda: played.append(True))
    window.addAction(action)
    ClaimedKeys(window, [window])
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    smoothed = box(group, "smooth as fast.ai does")
    qtbot.mouseClick(smoothed, Qt.MouseButton.LeftButton)
    assert smoothed.isChecked()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert played == [True]
    smoothed.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(smoothed, Qt.Key.Key_Space)
    assert played == [True]
    assert not smoothed.isChecked()


def test_every_field_says_what_it_is(group):
    buddies = {label.buddy() for label in group.findChildren(QLabel)}
    for found in (*group.findChildren(NumberField), *group.findChildren(QComboBox)):
        assert found.accessibleName()
        assert found.toolTip()
        assert found in buddies or isinstance(found, QComboBox)
    assert all(found.toolTip() for found in group.findChildren(CheckBox))


@pytest.mark.parametrize("unit", [0.8, 1.0, 1.5])
def test_nothing_is_cut_in_the_width_of_the_panel(group, unit):
    group.set_unit(unit)
    group.show_range_test(RangeTest(1.234567e-30, 1.234567e30, 10_000, 99))
    assert group.minimumSizeHint().width() <= 250 * unit
    group.setFixedWidth(round(250 * unit))
    group.layout().activate()
    for label in group.findChildren(QLabel):
        assert label.sizeHint().width() <= label.width()
