"""The pane with the map of learning rate and number of steps, the runs on it, and what it tells under the pointer."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainterPath, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from gdviz.panes.rate_map.backdrop import BackdropMaker
from gdviz.panes.rate_map.labels import pixels
from gdviz.panes.rate_map.layout import note_words
from gdviz.panes.rate_map.picture import MapPicture, MapRun, told
from gdviz.plotting.pane import Grid, PlotPane
from gdviz.plotting.shapes import Painted, Shape
from gdviz.plotting.style import Style, casing, faded, marker
from gdviz.presentation.palette import DASHES
from gdviz.widgets.plain import show_tooltip

RADIUS, ARROW = 7.5, 15.0
"""Of the marker, and the length of the arrow in its place, in units."""


def run_things(runs: Sequence[MapRun], grid: Grid, style: Style) -> list[Painted]:
    """All runs, the first on top."""
    trails = [thing for run in reversed(runs) for thing in _trail(run, grid, style)]
    return [*trails, *(_marker(run, grid, style) for run in reversed(runs))]


def _trail(run: MapRun, grid: Grid, style: Style) -> list[Painted]:
    if not len(run.trail):
        return []
    colour = style.palette.runs[run.style]
    path = pg.arrayToQPath(*pixels(run.trail, grid).T.copy(), connect="finite")
    pens = (style.pen(casing(colour), 5.4), style.pen(colour, 2.6, DASHES[run.style]))
    return [Shape(path, pen, clip=grid.area) for pen in pens]


def _marker(run: MapRun, grid: Grid, style: Style) -> Shape:
    """The run's marker, or at the edge of the map an arrow that points to where it is."""
    colour, place = style.palette.runs[run.style], grid.place(*run.current)
    outline = marker(run.style, place, RADIUS * style.unit)
    if any(run.beyond):
        outline = _arrow(place, run.beyond, ARROW * style.unit)
    return Shape(outline, style.pen(casing(colour), 2.0), faded(colour, 1.0))


def _arrow(tip: QPointF, beyond: tuple[int, int], size: float) -> QPainterPath:
    """A triangle whose tip is on the edge."""
    towards = QPointF(beyond[0], -beyond[1]) / float(np.hypot(*beyond))
    across, base = QPointF(-towards.y(), towards.x()), tip - towards * size
    path = QPainterPath()
    path.addPolygon(QPolygonF([tip, base + across * (0.6 * size), base - across * (0.6 * size)]))
    path.closeSubpath()
    return path


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
