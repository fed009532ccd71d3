"""The base of the sliders: a handle that the mouse drags along a groove."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gdviz.widgets.plain import set_tooltip


def paint_bar(painter: QPainter, colour: QColor | str, begin: float, end: float, middle: float, height: float) -> None:
    """Paint a bar with round ends from ``begin`` to ``end``; nothing if it ends before it begins."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    bar = QRectF(begin, middle - height / 2, max(0.0, end - begin), height)
    painter.drawRoundedRect(bar, height / 2, height / 2)


class Slider(QWidget):
    """Press or drag anywhere; keys are left to the window. Fractions run from 0 to 1 along the groove."""

    pressed = Signal()  # all changes until `released` belong to one drag
    released = Signal()

    def __init__(self, name: str, hint: str, size: tuple[float, float], margin: float) -> None:
        """name: for screen readers. size: the minimum width, and the height. margin: on either side of the groove.

        All lengths are in pixels at unit 1.
        """
        super().__init__()
        self._size, self._margin = size, margin
        self._grab_offset = 0.0  # from the mouse to the handle, in pixels
        # A click takes the focus from a text field, so that it commits before the slider moves.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(name)
        set_tooltip(self, hint)
        self.set_unit(1.0)

    def set_unit(self, unit: float) -> None:
        """Scale everything by a factor."""
        self._unit = unit
        self.setMinimumWidth(round(self._size[0] * unit))
        self.setFixedHeight(round(self._size[1] * unit))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Grab the handle."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit()
            self._grab(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the handle."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Release the handle."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.released.emit()

    def _grab(self, place: QPointF) -> None:
        self._drag_to(place.x())

    def _drag_to(self, x: float) -> None:
        self._request_at((x + self._grab_offset - self._x(0.0)) / self._length())

    def _request_at(self, fraction: float) -> None:
        """Request the value at a fraction, which may be beyond the ends."""
        raise NotImplementedError

    def _x(self, fraction: float) -> float:
        return self._margin * self._unit + fraction * self._length()

    def _length(self) -> float:
        return max(1.0, self.width() - 2 * self._margin * self._unit)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the slider, paler when disabled."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if self.isEnabled() else 0.4)
        self._paint(painter)
        painter.end()

    def _paint(self, painter: QPainter) -> None:
        raise NotImplementedError
