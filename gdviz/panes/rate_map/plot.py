"""The pane with the map of learning rate and number of steps, the runs on it, and a tooltip under the pointer."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainterPath
from PySide6.QtWidgets import QToolTip, QWidget

from gdviz.panes.rate_map.background import MapBackground, forget_maps
from gdviz.panes.rate_map.labels import limit_rects, map_words
from gdviz.panes.rate_map.layout import map_image, map_layout, map_legend, status_words
from gdviz.panes.rate_map.picture import MapPicture, MapRun, tooltip_text
from gdviz.plotting.array_paths import arrayToQPath
from gdviz.plotting.image_cache import LatestResult
from gdviz.plotting.pane import Grid, PlotPane
from gdviz.plotting.placement import vertical
from gdviz.plotting.shapes import Painted, Raster, Shape, Words, box, polygon
from gdviz.plotting.style import Style, casing, faded, marker
from gdviz.presentation.palette import DASHES
from gdviz.widgets.plain import show_tooltip

RADIUS, ARROW = 7.5, 15.0
"""Radius of a run's marker, and length of the arrow that replaces it off the map, in units."""


class MapPlot(PlotPane[MapPicture]):
    """Shows the map, the runs on it, and a tooltip for the cell under the pointer."""

    cell_clicked = Signal(float, int)
    """The user clicked on this learning rate and this number of steps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._backdrops = LatestResult[tuple[Grid, tuple[Painted, ...]]]()
        self._words = LatestResult[list[Words]]()
        self.setMouseTracking(True)

    def _draw(self, picture: MapPicture, style: Style) -> None:
        ratio = self.devicePixelRatioF() * self._detail
        courses = tuple(run.full_trail.tobytes() for run in picture.runs)
        key = (picture.background, courses, self.size(), ratio, style)
        grid, backdrop = self._backdrops.of(key, lambda: self._backdrop(picture, ratio, style))
        self._show_grids([grid], style, backdrop)
        note = status_words(picture, float(self.width()), style)
        self._show_front([*note, *run_things(picture.runs, grid, style)])

    def _free_images(self) -> None:
        """Free also what is known of the map, which refers to its run and to all its data."""
        super()._free_images()
        self._backdrops.clear()
        self._words.clear()
        forget_maps()
        map_image.cache_clear()

    def _backdrop(self, picture: MapPicture, ratio: float, style: Style) -> tuple[Grid, tuple[Painted, ...]]:
        """The axes and what lies under the runs; ``ratio``: image pixels per pixel of the pane."""
        background, layout = picture.background, map_layout(self.size(), picture.background, style)
        grid = layout.grid
        image_size = (round(grid.area.width() * ratio), round(grid.area.height() * ratio))
        image = map_image(background, image_size, style.unit * ratio, style.palette.warning)
        frame = Shape(box(grid.area), style.pen(style.palette.quiet, 1.2))
        things = [
            Raster(image, grid.area),
            *_lines(background, grid, style),
            frame,
            *self._placed_words(picture, grid, style),
        ]
        return grid, (*things, *map_legend(background, layout.column, ratio, style), *layout.words)

    def _placed_words(self, picture: MapPicture, grid: Grid, style: Style) -> list[Words]:
        """The labels on the map, placed again only when something they depend on changes."""
        background, courses = picture.background, [run.full_trail for run in picture.runs]
        shown = [background.regions.tobytes(), *(each.tobytes() for each in (background.settled_line, *courses))]
        key = (shown, background.phase_map.grid, background.limit, grid.area, grid.x_range, grid.y_range, style)
        return self._words.of(key, lambda: map_words(background, grid, [grid.pixels(each) for each in courses], style))

    def cell_at(self, place: QPointF) -> tuple[float, int] | None:
        """Learning rate and number of steps of the cell at ``place``; None off the map."""
        grid, picture = self.grid, self.picture
        if grid is None or picture is None or not grid.area.contains(place):
            return None
        x, y = grid.values(place)
        cells = picture.background.phase_map.grid
        column, row = picture.background.column(10.0**x), picture.background.row(10.0**y)
        return float(cells.learning_rates[column]), cells.steps[row]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the tooltip of the cell under the pointer at once."""
        under = self.cell_at(event.position())
        if under is None or self.picture is None:
            self.unsetCursor()
            QToolTip.hideText()
            return
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        at = event.position().toPoint()
        # A rectangle of one pixel makes the tip follow the pointer even while its text stays the same.
        show_tooltip(event.globalPosition().toPoint(), tooltip_text(self.picture, *under), self, QRect(at, QSize(1, 1)))

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the tooltip."""
        QToolTip.hideText()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Emit the rate and steps of the clicked cell."""
        under = self.cell_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and under is not None:
            self.cell_clicked.emit(*under)
        else:
            super().mousePressEvent(event)


def _lines(background: MapBackground, grid: Grid, style: Style) -> list[Painted]:
    """The 1 % line, light with a dark casing, and the stability limit: both visible on every colour."""
    shapes: list[Painted] = []
    if len(background.line):
        path = arrayToQPath(*grid.pixels(background.line).T.copy(), connect="finite")
        shapes += [Shape(path, style.pen(*pen), clip=grid.area) for pen in (("#05080c", 5.0), ("#ffffff", 2.4))]
    for place in limit_rects(background, grid, style):
        pens = ((style.palette.background, 7.0), (style.palette.warning, 4.0))
        shapes += [Shape(vertical(place.center().x(), place), style.pen(*pen), clip=grid.area) for pen in pens]
    return shapes


def run_things(runs: Sequence[MapRun], grid: Grid, style: Style) -> list[Painted]:
    """All runs, the first on top."""
    trails = [thing for run in reversed(runs) for thing in _trail_things(run, grid, style)]
    return [*trails, *(_marker(run, grid, style) for run in reversed(runs))]


def _trail_things(run: MapRun, grid: Grid, style: Style) -> list[Painted]:
    if not len(run.trail):
        return []
    colour = style.palette.runs[run.style]
    path = arrayToQPath(*grid.pixels(run.trail).T.copy(), connect="finite")
    pens = (style.pen(casing(colour), 5.4), style.pen(colour, 2.6, DASHES[run.style]))
    return [Shape(path, pen, clip=grid.area) for pen in pens]


def _marker(run: MapRun, grid: Grid, style: Style) -> Shape:
    """The run's marker, or an arrow at the edge of the map if the run is off it."""
    colour, place = style.palette.runs[run.style], grid.place(*run.current)
    is_beyond, unit = any(run.off_map), style.unit
    outline = _arrow(place, run.off_map, ARROW * unit) if is_beyond else marker(run.style, place, RADIUS * unit)
    return Shape(outline, style.pen(casing(colour), 2.0), faded(colour, 1.0))


def _arrow(tip: QPointF, off_map: tuple[int, int], size: float) -> QPainterPath:
    """A triangle whose tip is on the edge."""
    towards = QPointF(off_map[0], -off_map[1]) / math.hypot(*off_map)
    across, base = QPointF(-towards.y(), towards.x()), tip - towards * size
    return polygon([tip, base + across * (0.6 * size), base - across * (0.6 * size)])
