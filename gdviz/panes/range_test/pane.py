"""What both panes of a range test have in common: a click takes a learning rate, and a tooltip says which and why."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from gdviz.panes.range_test.picture import RatePicture
from gdviz.plotting.pane import PlotPane
from gdviz.widgets.plain import answers_tooltip

LEAST_UNITS = (360.0, 200.0)
"""A pane with such rates is at least so many units wide and high."""
TAKE = "Take this learning rate"


class RatePane(PlotPane[RatePicture]):
    """The base of such panes: they say which rate a place stands for, and what its tooltip is."""

    rate_clicked = Signal(float)
    """The user clicked at this learning rate."""

    def __init__(self, parent: QWidget | None = None, plots: int = 1) -> None:
        super().__init__(parent, plots)
        self.setMouseTracking(True)

    def rate_at(self, place: QPointF) -> float | None:
        """The learning rate that a click there takes, None where it takes none."""
        raise NotImplementedError

    def tip_at(self, place: QPointF) -> str:
        """The tooltip there, empty where there is none."""
        raise NotImplementedError

    def event(self, event: QEvent) -> bool:
        """Answer a request for a tooltip."""
        return answers_tooltip(event, self, self.tip_at) or super().event(event)

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
        else:
            self.rate_clicked.emit(rate)
