"""The widgets of the panes by their registry names, each created when it is first shown."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from gdviz.panes.basins.plot import BasinPlot
from gdviz.panes.contour.multiples import MultiplesPane
from gdviz.panes.contour.plot import ContourPlot
from gdviz.panes.data.plot import DataPlot
from gdviz.panes.effective_rate.plot import EffectiveRatePlot
from gdviz.panes.formula.pane import FormulaPane
from gdviz.panes.loss.plot import LossPlot
from gdviz.panes.range_test.plot import RatePlot
from gdviz.panes.range_test.suggestions import SuggestionsPane
from gdviz.panes.rate_map.plot import MapPlot
from gdviz.panes.registry import PANES
from gdviz.panes.tape.pane import TapePane
from gdviz.plotting.pane import PlotPane

Plot = PlotPane[Any] | DataPlot
"""Everything painted with a painter: all panes but the surface."""
MULTIPLES = "multiples"
"""The contour with a plot for each of several runs."""
WIDGETS: dict[str, Callable[[QWidget], Plot]] = {
    "contour": ContourPlot,
    "data": DataPlot,
    "effective-rate": EffectiveRatePlot,
    "loss": LossPlot,
    "map": MapPlot,
    "basins": BasinPlot,
    MULTIPLES: MultiplesPane,
    "formula": FormulaPane,
    "suggestions": SuggestionsPane,
    "rates": RatePlot,
    "tape": TapePane,
}
"""In painting order. Each takes its parent."""
TITLES = {MULTIPLES: "Contour of each run"}


class PaneWidgets(dict[str, Plot]):
    """The pane widgets of one stage, its children, by name; each is created on first access."""

    def __init__(self, stage: QWidget, connect: Callable[[QWidget], None]) -> None:
        """Start without widgets. connect: called with each new one."""
        super().__init__()
        self._stage, self._connect = stage, connect

    def __missing__(self, name: str) -> Plot:
        widget = self[name] = WIDGETS[name](self._stage)
        if title := TITLES.get(name) or PANES[name].title:
            widget.setAccessibleName(title)
        self._connect(widget)
        return widget

    @property
    def created(self) -> list[Plot]:
        """The widgets created so far, in painting order."""
        return [self[name] for name in WIDGETS if name in self]
