"""The pane with the map of starting points: where a run from each ends, with the current runs on it."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QToolTip

from gdviz.core.box import Box
from gdviz.panes.basins.image import basin_image
from gdviz.panes.basins.layout import BasinLayout, basin_layout, cleared_names, progress_words
from gdviz.panes.basins.picture import BasinPicture, nearest_start, tooltip_text
from gdviz.panes.landscape.landscape import RunPath
from gdviz.panes.plane.paths import (
    MARKER_REACH,
    arrow_things,
    arrow_words,
    current_things,
    passed_places,
    points_along,
    run_things,
    start_rings,
    start_words,
)
from gdviz.panes.plane.start_pane import StartPane
from gdviz.plotting.pane import Grid, tick_labels
from gdviz.plotting.placement import LabelPlacer
from gdviz.plotting.shapes import Painted, Raster, Shape, box
from gdviz.plotting.style import Style, shrunk_to_fit
from gdviz.widgets.plain import show_tooltip

LEAST_UNITS = (420.0, 320.0)
"""In a pane smaller than this, in units, the text shrinks, so that it leaves room for the map."""


class BasinPlot(StartPane[BasinPicture]):
    """Shows the map, the runs on it, and in a tooltip where a run from under the pointer ends."""

    def _draw(self, picture: BasinPicture, style: Style) -> None:
        style = shrunk_to_fit(style, self.size(), LEAST_UNITS)
        layout = basin_layout(self.size(), picture, style)
        grid = layout.grid
        outline = Shape(box(grid.area), style.pen(style.palette.quiet, 1.2))
        background: list[Painted] = [outline, *layout.stars, *layout.around]
        if picture.basins is not None:
            ratio = self.devicePixelRatioF() * self._detail
            side, unit = round(grid.area.width() * ratio), style.unit * ratio
            image = basin_image(picture.basins, picture.steps, side, unit, style.palette)
            background.insert(0, Raster(image, grid.area))
        self._show_grids([grid], style, background)
        self._show_front(_things(picture, layout, QRectF(self.rect()), style))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Also show where a run from under the pointer ends."""
        super().mouseMoveEvent(event)
        show_tooltip(event.globalPosition().toPoint(), self.tooltip_at(event.position()), self)

    def tooltip_at(self, place: QPointF) -> str:
        """The tooltip at that place; empty if there is none."""
        if self._dragging or self.picture is None or self.grid is None or not self.grid.area.contains(place):
            return ""
        basins, start = self.picture.basins, self._start_at(place, self.picture, self.grid)
        return "" if basins is None else tooltip_text(basins, *start)

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the tooltip."""
        super().leaveEvent(event)
        QToolTip.hideText()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Grab the start, which jumps to the pointer if that is elsewhere on the map."""
        super().mousePressEvent(event)
        QToolTip.hideText()
        if self._dragging and not self._is_near_start(event.position()):
            self._emit_start(event.position())

    def _box(self, picture: BasinPicture) -> Box:
        return picture.surface.box

    def _paths(self, picture: BasinPicture) -> Sequence[RunPath]:
        return picture.paths

    def _start_at(self, place: QPointF, picture: BasinPicture, grid: Grid) -> tuple[float, float]:
        start, basins = super()._start_at(place, picture, grid), picture.basins
        # A complete map holds exactly at its own starting points, but not in between.
        return start if basins is None or not basins.is_complete else nearest_start(basins, *start)

    def _can_grab(self, place: QPointF) -> bool:
        return self._is_near_start(place) or self._is_on_map(place)

    def _show_cursor(self, place: QPointF) -> None:
        if self._is_on_map(place) and not self._is_near_start(place):
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            super()._show_cursor(place)

    def _is_on_map(self, place: QPointF) -> bool:
        return self.picture is not None and self.grid is not None and self.grid.area.contains(place)


def _things(picture: BasinPicture, layout: BasinLayout, room: QRectF, style: Style) -> list[Painted]:
    """The runs and all labels on the map, clear of each other."""
    unit, grid = style.unit, layout.grid
    progress = [progress_words(picture.progress, grid, style)] if picture.progress else []
    taken, obstacles = [words.rect for words in progress], points_along(picture.paths, grid)
    places = [grid.place(*path.current[:2]) for path in picture.paths if path.current is not None]
    taken += [QRectF(place.x() - 8 * unit, place.y() - 8 * unit, 16 * unit, 16 * unit) for place in places]
    around = [QRectF(0.0, 0.0, room.width(), grid.area.top()), *tick_labels(grid, style, room.height())]
    room = room.adjusted(5 * unit, 5 * unit, -5 * unit, -5 * unit)
    passed, reach = passed_places(picture.paths, grid), MARKER_REACH * unit
    labels = LabelPlacer(grid.area, taken, obstacles, style, passed=passed, reach=reach)
    names = cleared_names(layout, labels)
    arrows = [path.arrow for path in picture.paths if path.arrow is not None]
    colour = style.palette.warning
    exits = [thing for arrow in arrows for thing in arrow_things(arrow, colour, (), grid, room, labels)]
    starts: list[Painted] = [*start_rings(picture.paths, grid, style), *start_words(picture.paths, grid, labels)]
    exits += [words for arrow in arrows for words in arrow_words(arrow, grid, room, labels, around)]
    # Colours stand for minima here, so the runs have none.
    inked = Style(replace(style.palette, runs=(style.palette.text,) * 4), unit)
    runs = [thing for path in reversed(picture.paths) for thing in run_things(path, grid, inked)]
    return [*names, *runs, *current_things(picture.paths, grid, inked), *starts, *exits, *progress]
