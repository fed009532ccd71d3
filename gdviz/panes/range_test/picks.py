"""The pane that answers which rate to take: what one picks from a range test, each in a sentence, to be clicked."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from gdviz.panes.range_test.line_styles import LEAST_UNITS
from gdviz.panes.range_test.picks_table import Table, picks_table
from gdviz.panes.range_test.picture import RatePicture
from gdviz.panes.range_test.sweep import Pick
from gdviz.plotting.pane import PlotPane
from gdviz.plotting.style import Style, within
from gdviz.widgets.plain import show_tooltip

RUNNING = "The sweep is running. What one picks from its curve is known at its end."


class PicksPane(PlotPane[RatePicture]):
    """Shows the picks of a range test."""

    rate_clicked = Signal(float)
    """The user wishes this learning rate."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, plots=0)
        self._table: tuple[tuple[object, ...], Table] | None = None
        self.setMouseTracking(True)

    def _draw(self, picture: RatePicture, style: Style) -> None:
        style = within(style, self.size(), LEAST_UNITS)
        # Laid out for what will be said at the end, so that nothing moves when it is.
        truth = picture.sweep.truth if picture.is_over else RUNNING
        longest = max(picture.sweep.truth, RUNNING, key=len)
        key = (picture.picks, truth, longest, self.size(), style)
        if self._table is None or self._table[0] != key:
            self._table = (key, picks_table(picture.picks, truth, longest, self.size(), style))
        self._show_grids([], style, self._table[1].things)

    def pick_at(self, place: QPointF) -> Pick | None:
        """The pick in whose row the place is."""
        rows = self._table[1].rows if self._table is not None else ()
        return next((pick for rect, pick in rows if rect.contains(place)), None)

    def event(self, event: QEvent) -> bool:
        """Answer a tooltip's request with the sentence of the row, and with what a click does."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            pick = self.pick_at(QPointF(event.pos()))
            show_tooltip(event.globalPos(), _tip(pick) if pick is not None else "", self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show a hand over a row that can be taken."""
        pick = self.pick_at(event.position())
        if pick is None or pick.learning_rate is None:
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell which rate was taken."""
        pick = self.pick_at(event.position()) if event.button() is Qt.MouseButton.LeftButton else None
        if pick is None or pick.learning_rate is None:
            super().mousePressEvent(event)
            return
        self.rate_clicked.emit(pick.learning_rate)


def _tip(pick: Pick) -> str:
    """The whole sentence, which a narrow pane shortens."""
    lines = [f"{pick.name}: {pick.explanation}"]
    if pick.learning_rate is not None:
        lines.append("Take this learning rate")
    return "\n".join(lines)
