"""The widgets of the panes, by the names in the registry of panes; each is made when it is first shown."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from gdviz.panes.basins.plot import BasinPlot
from gdviz.panes.contour.multiples import MultiplesPane
from gdviz.panes.contour.plot import ContourPlot
from gdviz.panes.data.plot import DataPlot
from gdviz.panes.formula.pane import FormulaPane
from gdviz.panes.loss.plot import LossPlot
from gdviz.panes.range_test.plot import RatePlot
from gdviz.panes.range_test.suggestions import SuggestionsPane
from gdviz.panes.rate_map.plot import MapPlot
from gdviz.panes.registry import PANES
from gdviz.panes.tape.pane import TapePane
from gdviz.plotting.pane import PlotPane

Plot = PlotPane[Any] | DataPlot
"""What is painted with a painter: all panes but the surface."""
MULTIPLES = "multiples"
"""Of the contour, where each of several runs has one of its own."""
WIDGETS: dict[str, Callable[[QWidget], Plot]] = {
    "contour": ContourPlot,
    "data": DataPlot,
    "loss": LossPlot,
    "map": MapPlot,
    "basins": BasinPlot,
    MULTIPLES: MultiplesPane,
    "formula": FormulaPane,
    "suggestions": SuggestionsPane,
    "rates": RatePlot,
    "tape": TapePane,
}
"""In the order in which they are painted. Each takes its parent."""
TITLES = {MULTIPLES: "Contour of each run"}


class Widgets(dict[str, Plot]):
    """Those of one stage, whose children they are, by name; what is asked for first is made."""

    def __init__(self, stage: QWidget, connect: Callable[[QWidget], None]) -> None:
        """None is made yet. connect: what is done with a new one."""
        super().__init__()
        self._stage, self._connect = stage, connect

    def __missing__(self, name: str) -> Plot:
        widget = self[name] = WIDGETS[name](self._stage)
        if title := TITLES.get(name) or PANES[name].title:
            widget.setAccessibleName(title)
        self._connect(widget)
        return widget

    @property
    def made(self) -> list[Plot]:
        """Those that there are so far, in the order in which they are painted."""
        return [self[name] for name in WIDGETS if name in self]
