"""The panes that are made when a frame first asks for them."""

import pytest
from PySide6.QtWidgets import QWidget

from gdviz.stage.chart_panes import ChartPanes

PANES = ("rate_plot", "suggestions_pane", "map_plot", "basin_plot", "formula_pane")


@pytest.fixture
def panes(qtbot):
    stage = QWidget()
    qtbot.addWidget(stage)
    return ChartPanes(stage)


def test_each_is_made_once_and_only_when_it_is_asked_for(panes):
    assert panes.made == []
    for name in PANES:
        assert getattr(panes, name) is getattr(panes, name)
    assert len(panes.made) == len(PANES)


def test_those_who_do_not_see_them_hear_which_one_it_is(panes):
    names = [getattr(panes, name).accessibleName() for name in PANES]
    assert all(names)
    assert len(set(names)) == len(names)
