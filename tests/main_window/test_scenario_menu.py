"""The menu of scenarios: by topic, each once, in the order of the lecture, and with room for more."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from gdviz.core.scenarios.library import TOPICS, announcements, load_scenario, shipped, topics
from gdviz.main_window.commands import MENUS
from gdviz.main_window.menus import add_scenarios
from tests.main_window.conftest import wait_computed


def menu_of(window):
    (menu,) = [action.menu() for action in window.menuBar().actions() if action.text() == "&Scenario"]
    return menu


def scenarios_in(menu):
    """The actions of the scenarios by topic."""
    return {action.text(): action.menu().actions() for action in menu.actions() if action.menu() is not None}


def test_every_scenario_is_there_once_by_topic_in_the_order_of_the_lecture(window):
    found = {
        topic: tuple(action.text() for action in actions) for topic, actions in scenarios_in(menu_of(window)).items()
    }
    assert found == TOPICS
    assert [name for names in found.values() for name in names] == list(shipped())


def test_the_menus_are_at_most_half_as_high_as_a_projector(window):
    menu = menu_of(window)
    for shown in (menu, *(action.menu() for action in menu.actions() if action.menu() is not None)):
        assert shown.sizeHint().height() <= 360


@pytest.mark.parametrize("name", ["ten", "newton"])
def test_choosing_one_loads_it_and_its_tooltip_is_its_question(qtbot, window, name):
    (action,) = [one for actions in scenarios_in(menu_of(window)).values() for one in actions if one.text() == name]
    (menu,) = [one for one in action.associatedObjects() if isinstance(one, QMenu)]
    menu.aboutToShow.emit()
    assert action.toolTip().replace("<", "").count(announcements()[name].question[:20]) == 1
    action.trigger()
    wait_computed(qtbot, window)
    assert window.windowTitle().startswith(load_scenario(name).title)


def test_one_without_a_topic_follows_at_the_end(window, monkeypatch):
    others = {topic: names for topic, names in TOPICS.items() if topic != "Data"}
    monkeypatch.setattr("gdviz.core.scenarios.library.TOPICS", others)
    assert topics()[""] == ("big-data", "mini-batch", "units")
    menu, loaded = window.menuBar().addMenu("again"), []
    add_scenarios(menu, loaded.append)
    last = [action.text() for action in menu.actions()][-3:]
    assert last == ["big-data", "mini-batch", "units"]
    menu.actions()[-1].trigger()
    assert loaded == ["units"]


@pytest.mark.parametrize("title", MENUS)
def test_alt_and_the_first_letter_open_each_menu(qtbot, window, title):
    (menu,) = [action.menu() for action in window.menuBar().actions() if action.text() == f"&{title}"]
    qtbot.keyClick(window, getattr(Qt.Key, f"Key_{title[0]}"), Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(menu.isVisible)
    qtbot.keyClick(menu, Qt.Key.Key_Escape)
    assert not menu.isVisible()
