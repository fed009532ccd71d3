"""What the tests of the panes share: a pane that is never shown, and a look after tooltips."""

import pytest
from PySide6.QtWidgets import QToolTip


@pytest.fixture
def new_pane(qtbot):
    """Makes panes of a kind, so many pixels wide and high, with so many pixels to a unit of text."""

    def make(kind, width=560, height=300, unit=1.0):
        widget = kind()
        qtbot.addWidget(widget)
        widget.set_unit(unit)
        widget.resize(width, height)
        return widget

    return make


@pytest.fixture
def no_tip_left(qtbot):
    yield
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
