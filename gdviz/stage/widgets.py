"""The widgets of the panes by their registry names, each created when it is first shown."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from PySide6.QtWidgets import QWidget

from gdviz.panes.data.plot import DataPlot
from gdviz.panes.registry import PANES
from gdviz.plotting.pane import PlotPane

Plot = PlotPane[Any] | DataPlot
"""Everything painted with a painter: all panes but the surface."""
MULTIPLES = "multiples"
"""The contour with a plot for each of several runs."""
PACKAGE = "gdviz.panes"
WIDGETS = {
    "contour": f"{PACKAGE}.contour.plot:ContourPlot",
    "data": f"{PACKAGE}.data.plot:DataPlot",
    "effective-rate": f"{PACKAGE}.effective_rate.plot:EffectiveRatePlot",
    "loss": f"{PACKAGE}.loss.plot:LossPlot",
    "map": f"{PACKAGE}.rate_map.plot:MapPlot",
    "basins": f"{PACKAGE}.basins.plot:BasinPlot",
    MULTIPLES: f"{PACKAGE}.contour.multiples:MultiplesPane",
    "formula": f"{PACKAGE}.formula.pane:FormulaPane",
    "suggestions": f"{PACKAGE}.range_test.suggestions:SuggestionsPane",
    "rates": f"{PACKAGE}.range_test.plot:RatePlot",
    "tape": f"{PACKAGE}.tape.pane:TapePane",
}
"""Module and class of each, in painting order; imported when first shown. The class takes its parent."""
TITLES = {MULTIPLES: "Contour of each run"}


class PaneWidgets(dict[str, Plot]):
    """The pane widgets of one stage, its children, by name; each is created on first access."""

    def __init__(self, stage: QWidget, connect: Callable[[QWidget], None]) -> None:
        """Start without widgets. connect: called with each new one."""
        super().__init__()
        self._stage, self._connect = stage, connect

    def __missing__(self, name: str) -> Plot:
        module, _, kind = WIDGETS[name].partition(":")
        widget: Plot = getattr(import_module(module), kind)(self._stage)
        self[name] = widget
        if title := TITLES.get(name) or PANES[name].title:
            widget.setAccessibleName(title)
        self._connect(widget)
        return widget

    @property
    def created(self) -> list[Plot]:
        """The widgets created so far, in painting order."""
        return [self[name] for name in WIDGETS if name in self]
