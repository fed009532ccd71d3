"""A pane over the plane of the two parameters in which the start of the run can be dragged."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from gdviz.core.box import Box
from gdviz.panes.landscape.landscape import RunPath
from gdviz.plotting.pane import Grid, Picture, PlotPane

GRAB_RADIUS = 16.0
"""The start can be grabbed within this many units."""


class StartPane(PlotPane[Picture]):
    """Base class of such panes: subclasses define the box of parameters that the grid shows, and the paths."""

    start_pressed = Signal()
    """The user grabbed the start."""
    start_dragged = Signal(float, float)
    """The user dragged the start to these values of the two parameters."""
    start_released = Signal()
    """The user released the start."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grabbed: Box | None = None
        self.setMouseTracking(True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Grab the start if the pointer is near."""
        if event.button() is Qt.MouseButton.LeftButton and self._can_grab(event.position()):
            self._grabbed = None if self.picture is None else self._box(self.picture)
            self.start_pressed.emit()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the start; show a hand where it can be grabbed."""
        if self._dragging:
            self._emit_start(event.position())
        else:
            self._show_cursor(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Release the start."""
        if not self._dragging or event.button() is not Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        self._grabbed = None
        self.unsetCursor()
        self.start_released.emit()

    def _box(self, picture: Picture) -> Box:
        """The box that the grid shows as [-1, 1] x [-1, 1]."""
        raise NotImplementedError

    def _paths(self, picture: Picture) -> Sequence[RunPath]:
        """The paths shown, in coordinates of that box."""
        raise NotImplementedError

    @property
    def _dragging(self) -> bool:
        """Whether the start is being dragged."""
        return self._grabbed is not None

    def _can_grab(self, place: QPointF) -> bool:
        """Whether a press there grabs the start."""
        return self._is_near_start(place)

    def _show_cursor(self, place: QPointF) -> None:
        if self._is_near_start(place):
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()

    def _emit_start(self, place: QPointF) -> None:
        if self.picture is not None and self.grid is not None:
            self.start_dragged.emit(*self._start_at(place, self.picture, self.grid))

    def _start_at(self, place: QPointF, picture: Picture, grid: Grid) -> tuple[float, float]:
        """The two parameters at that place."""
        # Clamped to the box: a start dragged out of sight could not be grabbed again. It is the box at the press, since
        # one that is zoomed to the path follows the start, which would be dragged further and further.
        inside = [max(-1.0, min(1.0, value)) for value in grid.values(place)]
        first, second = (self._grabbed or self._box(picture)).denormalised(inside)
        return float(first), float(second)

    def _is_near_start(self, place: QPointF) -> bool:
        if self.picture is None or self.grid is None:
            return False
        starts = (path.start for path in self._paths(self.picture) if path.start is not None)
        away = [self.grid.place(*start[:2]) - place for start in starts]
        return any(delta.x() ** 2 + delta.y() ** 2 <= (GRAB_RADIUS * self._unit) ** 2 for delta in away)
