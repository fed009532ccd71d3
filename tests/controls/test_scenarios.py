"""The list of the scenarios: choosing by mouse and by keyboard, and which one is marked."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from gdviz.controls.scenarios import IS_CURRENT, ScenarioList, two_lines
from gdviz.core.scenarios.scenario import ScenarioSummary
from gdviz.plotting.text import text_font, width_of
from gdviz.widgets.claimed_keys import ClaimedKeys


@pytest.fixture
def scenarios():
    return {
        "point-nine": ScenarioSummary("Point nine", "How many steps would bring it closer?", ""),
        "one": ScenarioSummary("One", "What will " + "really " * 30 + "happen?", ""),
        "ten": ScenarioSummary("Ten", "", ""),
    }


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def listed(qtbot, window, scenarios):
    layout = QVBoxLayout(window)
    listed = ScenarioList(lambda: scenarios)
    layout.addWidget(listed)
    window.resize(270, 300)
    listed.triggered = []
    for key in ("Space", "Down", "PgDown"):
        action = QAction(key, window)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda checked=False, key=key: listed.triggered.append(key))
        window.addAction(action)
    ClaimedKeys(window, [window])
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window and listed.count() == len(scenarios))
    listed.chosen = []
    listed.scenario_chosen.connect(listed.chosen.append)
    return listed


def current(listed):
    return [listed.item(row).text() for row in range(listed.count()) if listed.item(row).data(IS_CURRENT)]


def click(qtbot, listed, row):
    place = listed.visualItemRect(listed.item(row)).center()
    qtbot.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_titles_and_questions_are_there(listed):
    assert [listed.item(row).text() for row in range(3)] == ["Point nine", "One", "Ten"]
    assert listed.item(0).toolTip() == "Point nine\nHow many steps would bring it closer?"


def test_a_click_chooses_and_leaves_the_keyboard_to_the_window(listed, qtbot):
    click(qtbot, listed, 1)
    assert listed.chosen == ["one"]
    qtbot.keyClick(listed.window(), Qt.Key.Key_Space)
    assert listed.triggered == ["Space"]


def test_a_double_click_chooses_once_more_at_most(listed, qtbot):
    place = listed.visualItemRect(listed.item(2)).center()
    qtbot.mouseDClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert set(listed.chosen) <= {"ten"}


def test_with_the_keyboard_the_arrows_move_and_enter_chooses(listed, qtbot):
    listed.show_current("point-nine")
    listed.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(listed, Qt.Key.Key_Down)
    assert listed.chosen == []
    qtbot.keyClick(listed, Qt.Key.Key_Return)
    qtbot.keyClick(listed, Qt.Key.Key_Down)
    qtbot.keyClick(listed, Qt.Key.Key_Space)
    assert listed.chosen == ["one", "ten"]
    assert listed.triggered == []
    qtbot.keyClick(listed, Qt.Key.Key_PageDown)
    assert listed.triggered == ["PgDown"]


def test_marking_the_loaded_one_chooses_nothing(listed):
    listed.show_current("one")
    assert current(listed) == ["One"]
    before = listed.grab().toImage()
    listed.show_current("ten")
    assert current(listed) == ["Ten"]
    assert listed.grab().toImage() != before
    listed.show_current("somebody's own.toml")
    assert current(listed) == []
    assert listed.chosen == []


def test_it_is_read_once_when_first_painted_and_marks_the_loaded_one(qtbot, scenarios):
    reads = []
    listed = ScenarioList(lambda: reads.append("read") or scenarios)
    qtbot.addWidget(listed)
    listed.show_current("one")
    assert reads == []
    first, again = listed.grab().toImage(), listed.grab().toImage()
    assert first == again
    assert current(listed) == ["One"]
    assert (reads, listed.count()) == (["read"], 3)


@pytest.mark.parametrize("unit", [0.8, 1.7])
def test_it_paints_at_every_size(listed, unit):
    before = listed.visualItemRect(listed.item(0)).height()
    listed.set_unit(unit)
    listed.grab()
    assert (listed.visualItemRect(listed.item(0)).height() > before) == (unit > 1)


def test_a_question_has_two_lines(qapp):
    font = text_font(14.0)
    question = "How many steps would bring it closer?"
    assert two_lines(font, question, 1000.0) == [question]
    assert two_lines(font, question, 0.7 * width_of(font, question)) == ["How many steps would", "bring it closer?"]
    first, second = two_lines(font, question, 60.0)
    assert f"{first} {second}" == question


def test_the_loaded_one_is_seen_when_the_list_is_first_painted(qtbot):
    many = {f"a{k}": ScenarioSummary(f"Title {k}", "Why?", "") for k in range(30)}
    listed = ScenarioList(lambda: many)
    qtbot.addWidget(listed)
    listed.resize(270, 300)
    listed.show_current("a25")
    listed.show()
    qtbot.waitUntil(lambda: listed.count() == 30)
    assert listed.viewport().rect().contains(listed.visualItemRect(listed.item(25)))
