"""The contour in a square pane."""

import pytest

from gdviz.panes.contour.plot import ContourPlot


@pytest.fixture
def plot(qtbot):
    widget = ContourPlot()
    qtbot.addWidget(widget)
    widget.resize(560, 560)
    return widget
