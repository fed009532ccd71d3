"""The panes that answer a question of their own: each is made when a frame first asks for it, since few frames do."""

from functools import cached_property
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gdviz.panes.basins.plot import BasinPlot
from gdviz.panes.contour.multiples import MultiplesPane
from gdviz.panes.formula.pane import FormulaPane
from gdviz.panes.range_test.plot import RatePlot
from gdviz.panes.range_test.suggestions import SuggestionsPane
from gdviz.panes.rate_map.plot import MapPlot
from gdviz.panes.tape.pane import TapePane
from gdviz.plotting.pane import PlotPane

Pane = TypeVar("Pane", bound=PlotPane[Any])


class ChartPanes(QObject):
    """Children of a stage; it puts them in their places."""

    rate_clicked = Signal(float)
    cell_clicked = Signal(float, int)
    start_pressed = Signal()
    start_dragged = Signal(float, float)
    start_released = Signal()
    tape_row_hovered = Signal(object)
    tape_check_clicked = Signal()

    def __init__(self, stage: QWidget) -> None:
        """None is made yet."""
        super().__init__(stage)
        self._stage = stage
        self.made: list[PlotPane[Any]] = []
        """Those that there are so far."""

    @cached_property
    def rate_plot(self) -> RatePlot:
        """The loss against the learning rate."""
        pane = self._made(RatePlot(self._stage), "Loss against learning rate")
        pane.rate_clicked.connect(self.rate_clicked)
        return pane

    @cached_property
    def suggestions_pane(self) -> SuggestionsPane:
        """What one picks from a range test."""
        pane = self._made(SuggestionsPane(self._stage), "Which learning rate to take")
        pane.rate_clicked.connect(self.rate_clicked)
        return pane

    @cached_property
    def map_plot(self) -> MapPlot:
        """The map of learning rate and steps."""
        pane = self._made(MapPlot(self._stage), "Map of learning rate and steps")
        pane.cell_clicked.connect(self.cell_clicked)
        return pane

    @cached_property
    def basin_plot(self) -> BasinPlot:
        """The map of starting points."""
        pane = self._made(BasinPlot(self._stage), "Map of starting points")
        pane.start_dragged.connect(self.start_dragged)
        pane.start_pressed.connect(self.start_pressed)
        pane.start_released.connect(self.start_released)
        return pane

    @cached_property
    def formula_pane(self) -> FormulaPane:
        """The analytic solution."""
        return self._made(FormulaPane(self._stage), "Analytic solution")

    @cached_property
    def tape_pane(self) -> TapePane:
        """Where the gradients come from."""
        pane = self._made(TapePane(self._stage), "Tape")
        pane.row_hovered.connect(self.tape_row_hovered)
        pane.check_clicked.connect(self.tape_check_clicked)
        return pane

    @cached_property
    def multiples(self) -> MultiplesPane:
        """A contour for each of several runs."""
        pane = self._made(MultiplesPane(self._stage), "Contour of each run")
        pane.start_dragged.connect(self.start_dragged)
        pane.start_pressed.connect(self.start_pressed)
        pane.start_released.connect(self.start_released)
        return pane

    def _made(self, pane: Pane, name: str) -> Pane:
        pane.setAccessibleName(name)
        self.made.append(pane)
        return pane
