"""The pane with the loss against the learning rate: the curve of a range test, and its suggested rates."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPen
from PySide6.QtWidgets import QWidget

from gdviz.panes.range_test.backdrop import Backdrop, build_backdrop
from gdviz.panes.range_test.picture import Mark, RatePicture, Suggestion
from gdviz.plotting.image_cache import LatestResult
from gdviz.plotting.pane import Grid, PlotPane
from gdviz.plotting.placement import run_markers
from gdviz.plotting.shapes import Shape
from gdviz.plotting.style import Style, shrunk_to_fit
from gdviz.presentation.numbers import format_number
from gdviz.presentation.thinning import downsample
from gdviz.widgets.plain import handles_tooltip

LEAST_UNITS = (360.0, 200.0)
"""Width and height: in a smaller pane everything shrinks."""
CLICK_HINT = "Click to use this learning rate"
LINE_REACH = 7.0
"""The pointer is on a line within this many units."""


class RatePane(PlotPane[RatePicture]):
    """A pane in which a click selects a learning rate; subclasses define which, and the tooltips."""

    rate_clicked = Signal(float)
    """The user clicked on this learning rate."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)

    def rate_at(self, place: QPointF) -> float | None:
        """The learning rate that a click there selects, or None."""
        raise NotImplementedError

    def tooltip_at(self, place: QPointF) -> str:
        """The tooltip there; empty if there is none."""
        raise NotImplementedError

    def event(self, event: QEvent) -> bool:
        """Show the tooltip."""
        return handles_tooltip(event, self, self.tooltip_at) or super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show a hand where a click selects a rate."""
        if self.rate_at(event.position()) is None:
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Emit the clicked rate."""
        rate = self.rate_at(event.position()) if event.button() is Qt.MouseButton.LeftButton else None
        if rate is None:
            super().mousePressEvent(event)
        else:
            self.rate_clicked.emit(rate)


class RatePlot(RatePane):
    """Shows the curve and its suggestions; a click selects a rate."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._backdrops = LatestResult[Backdrop]()
        self._backdrop: Backdrop | None = None

    def _draw(self, picture: RatePicture, style: Style) -> None:
        style = shrunk_to_fit(style, self.size(), LEAST_UNITS)
        key = (picture.sweep, picture.suggestions, picture.marks, picture.stop, picture.hatched, self.size(), style)
        backdrop = self._backdrops.of(key, lambda: build_backdrop(picture, self.size(), style))
        self._backdrop, grid, colour = backdrop, backdrop.grid, style.palette.runs[0]
        self._show_grids([grid], style, backdrop.behind)
        raw = _line(picture.rates[: len(picture.raw)], picture.raw, grid, style.pen(colour, 1.4, alpha=0.4))
        curve = _line(picture.rates, picture.values, grid, style.pen(colour, 2.4))
        current = [] if picture.current is None else [(0, grid.place(*picture.current))]
        self._show_front([raw, curve, *backdrop.front, *run_markers(current, style)])

    def item_at(self, place: QPointF) -> Suggestion | Mark | None:
        """The item whose label is there, else the one whose line is nearest, if within reach."""
        if self._backdrop is None:
            return None
        labels, reach = self._backdrop.labels, LINE_REACH * self._unit
        named = [one.label for one in labels if one.rect is not None and one.rect.contains(place)]
        if not named and self._backdrop.grid.area.contains(place):
            near = [one.label for one in labels if abs(one.label.x - place.x()) <= reach]
            named = sorted(near, key=lambda label: abs(label.x - place.x()))
        return named[0].item if named else None

    def rate_at(self, place: QPointF) -> float | None:
        """The learning rate that a click there selects: a suggestion's, else the nearest one of the curve."""
        picture, grid = self.picture, self.grid
        if picture is None or grid is None or not grid.area.contains(place):
            return None
        if isinstance(item := self.item_at(place), Suggestion):
            return item.learning_rate
        if not picture.count:
            return None
        nearest = int(np.abs(picture.rates - grid.values(place)[0]).argmin())
        return float(picture.sweep.learning_rates[nearest])

    def tooltip_at(self, place: QPointF) -> str:
        """The explanation of the label or the line there."""
        item = self.item_at(place)
        if item is None:
            return ""
        if isinstance(item, Mark) or item.learning_rate is None:
            return f"{item.name}\n{item.explanation}"
        return f"{item.name}: {format_number(item.learning_rate, 3)}\n{item.sentences[0]}\n{CLICK_HINT}"


def _line(rates: NDArray[np.float64], values: NDArray[np.float64], grid: Grid, pen: QPen) -> Shape:
    """The curve, thinned without visible difference."""
    shown, values = downsample(values)
    path = pg.arrayToQPath(grid.xs(rates[shown]), grid.ys(values), connect="finite")
    return Shape(path, pen, clip=grid.area)
