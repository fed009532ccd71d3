"""The widgets of the panes: each is made when it is first shown, and has a name for those who do not see it."""

import pytest
from PySide6.QtWidgets import QWidget

from gdviz.panes.registry import PANES
from gdviz.presentation.look import SURFACE
from gdviz.stage.widgets import MULTIPLES, WIDGETS, PaneWidgets


@pytest.fixture
def panes(qtbot):
    stage = QWidget()
    qtbot.addWidget(stage)
    return PaneWidgets(stage, lambda widget: None)


def test_each_is_made_once_and_only_when_it_is_asked_for(panes):
    assert panes.created == []
    for name in WIDGETS:
        assert panes[name] is panes[name]
    assert len(panes.created) == len(WIDGETS)


def test_every_pane_has_a_widget():
    assert WIDGETS.keys() - {MULTIPLES} == PANES.keys() - {SURFACE}


def test_a_screen_reader_hears_which_switched_pane_it_is(panes):
    names = [panes[name].accessibleName() for name, pane in PANES.items() if pane.switch is not None]
    assert all(names)
    assert len(set(names)) == len(names)
