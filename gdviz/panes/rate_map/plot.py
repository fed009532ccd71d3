"""The pane with the map of learning rate and number of steps, the runs on it, and what it tells under the pointer."""

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QToolTip, QWidget

from gdviz.panes.rate_map.picture import MapPicture, told
from gdviz.panes.rate_map.backdrop import BackdropMaker
from gdviz.panes.rate_map.layout import note_words
from gdviz.panes.rate_map.map_runs import run_things
from gdviz.widgets.plain import show_tooltip
from gdviz.plotting.pane import PlotPane
from gdviz.plotting.style import Style


class MapPlot(PlotPane[MapPicture]):
    """Shows the map, the runs on it, and what the cell under the pointer says."""

    cell_clicked = Signal(float, int)
    """The user clicked at the map: this learning rate and this number of steps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._detail = 1.0
        self._backdrops = BackdropMaker()
        self.setMouseTracking(True)

    def set_detail(self, detail: float) -> None:
        """Give the image of the map so many times the pixels of the screen on each side."""
        if detail != self._detail:
            self._detail = detail
            self._draw_all()

    def _draw(self, picture: MapPicture, style: Style) -> None:
        ratio = self.devicePixelRatioF() * self._detail
        backdrop = self._backdrops.backdrop(picture, self.size(), ratio, style)
        self._show_grids([backdrop.grid], style, backdrop.things)
        note = note_words(picture.outside, picture.note, float(self.width()), style)
        self._show_front([*note, *run_things(picture.runs, backdrop.grid, style)])

    def place_of(self, place: QPointF) -> tuple[float, int] | None:
        """Learning rate and number of steps of the cell under that place; None beside the map."""
        grid, picture = self.grid, self._picture
        if grid is None or picture is None or not grid.area.contains(place):
            return None
        x, y = grid.values(place)
        cells = picture.ground.phase_map.grid
        column, row = picture.ground.column(10.0**x), picture.ground.row(10.0**y)
        return float(cells.learning_rates[column]), cells.steps[row]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell at once what is under the pointer."""
        under = self.place_of(event.position())
        if under is None or self._picture is None:
            self.unsetCursor()
            QToolTip.hideText()
            return
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        at = event.position().toPoint()
        # With a rectangle of one pixel the tip follows where its text stays the same, too.
        show_tooltip(event.globalPosition().toPoint(), told(self._picture, *under), self, QRect(at, QSize(1, 1)))

    def leaveEvent(self, event: QEvent) -> None:
        """Tell nothing any more."""
        QToolTip.hideText()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell which cell was clicked."""
        under = self.place_of(event.position())
        if event.button() is not Qt.MouseButton.LeftButton or under is None:
            super().mousePressEvent(event)
            return
        self.cell_clicked.emit(*under)
