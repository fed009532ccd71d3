"""The pane with the loss against the learning rate: the curve of a range test, and the rates that one can pick."""

import math
from operator import itemgetter

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPen
from PySide6.QtWidgets import QWidget

from gdviz.panes.range_test.backdrop import Still, draw_still
from gdviz.panes.range_test.labels import LEAST_UNITS
from gdviz.panes.range_test.picture import RatePicture
from gdviz.panes.range_test.sweep import Mark, Pick
from gdviz.plotting.pane import Grid, PlotPane
from gdviz.plotting.shapes import Painted, Shape
from gdviz.plotting.style import Style, faded, marker, within
from gdviz.presentation.curves import thin
from gdviz.presentation.numbers import format_number
from gdviz.widgets.plain import show_tooltip

PICK_REACH = 7.0
"""Within so many units of a line it is that line which is meant."""


class RatePlot(PlotPane[RatePicture]):
    """Shows the curve and its picks, and tells which rate was clicked."""

    rate_clicked = Signal(float)
    """The user clicked at this learning rate."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._still: tuple[tuple[object, ...], Still] | None = None
        self.setMouseTracking(True)

    def _draw(self, picture: RatePicture, style: Style) -> None:
        style = within(style, self.size(), LEAST_UNITS)
        still = self._kept_still(picture, style)
        self._show_grids([still.grid], style, still.behind)
        colour = style.palette.runs[0]
        raw = _line(picture.rates[: len(picture.raw)], picture.raw, still.grid, style.pen(colour, 1.4, alpha=0.4))
        curve = _line(picture.rates, picture.values, still.grid, style.pen(colour, 2.4))
        self._show_front([raw, curve, *still.front, *_current(picture, still.grid, style)])

    def _kept_still(self, picture: RatePicture, style: Style) -> Still:
        """All but the curve and the marker; made anew when something in it has changed, for it takes its time."""
        key = (picture.sweep, picture.picks, picture.marks, picture.stop, picture.hatched, self.size(), style)
        if self._still is None or self._still[0] != key:
            self._still = (key, draw_still(picture, self.size(), style))
        return self._still[1]

    def named_at(self, place: QPointF) -> Pick | Mark | None:
        """What the place belongs to: that of the label, else of the nearest line, if one is near."""
        if self._still is None:
            return None
        still = self._still[1]
        for thing, label in still.named:
            if label.rect is not None and label.rect.contains(place):
                return thing
        if not still.grid.area.contains(place):
            return None
        away = [(abs(label.label.x - place.x()), thing) for thing, label in still.named]
        distance, nearest = min(away, key=itemgetter(0), default=(math.inf, None))
        return nearest if distance <= PICK_REACH * self._unit else None

    def rate_at(self, place: QPointF) -> float | None:
        """The learning rate that a click there takes: that of a pick, else the nearest one of the curve."""
        picture, grid = self._picture, self.grid
        if picture is None or grid is None or not grid.area.contains(place):
            return None
        thing = self.named_at(place)
        if isinstance(thing, Pick):
            return thing.learning_rate
        if not picture.count:
            return None
        nearest = int(np.abs(picture.rates - grid.values(place)[0]).argmin())
        return float(picture.sweep.learning_rates[nearest])

    def event(self, event: QEvent) -> bool:
        """Answer a tooltip's request with what the label or line under the pointer means."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            thing = self.named_at(QPointF(event.pos()))
            show_tooltip(event.globalPos(), _tip(thing) if thing is not None else "", self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show a hand where a click takes a rate."""
        if self.rate_at(event.position()) is None:
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell which rate was clicked."""
        rate = self.rate_at(event.position()) if event.button() is Qt.MouseButton.LeftButton else None
        if rate is None:
            super().mousePressEvent(event)
            return
        self.rate_clicked.emit(rate)


def _tip(thing: Pick | Mark) -> str:
    if isinstance(thing, Mark):
        lines = [thing.label, thing.explanation]
    elif thing.learning_rate is None:
        lines = [thing.name, thing.explanation]
    else:
        lines = [f"{thing.name}: {format_number(thing.learning_rate, 3)}", thing.explanation, "Take this learning rate"]
    return "\n".join(lines)


def _line(rates: NDArray[np.float64], values: NDArray[np.float64], grid: Grid, pen: QPen) -> Shape:
    """The curve, without the points that make no difference to the eye."""
    shown, values = thin(values)
    path = pg.arrayToQPath(grid.xs(rates[shown]), grid.ys(values), connect="finite")
    return Shape(path, pen, clip=grid.area)


def _current(picture: RatePicture, grid: Grid, style: Style) -> list[Painted]:
    """The marker of the run where it is now."""
    if picture.current is None:
        return []
    outline = marker(0, grid.place(*picture.current), 5.5 * style.unit)
    return [Shape(outline, style.pen(style.palette.background, 1.6), faded(style.palette.runs[0], 1.0))]
