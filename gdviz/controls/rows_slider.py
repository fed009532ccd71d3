"""The slider of the number of rows: a logarithmic scale from a hundred to ten million."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdviz.plotting.text import text_font
from gdviz.presentation.numbers import power_of_ten
from gdviz.widgets.plain import set_tooltip

DECADES = (2, 7)
STOPS = (*(digit * 10**decade for decade in range(*DECADES) for digit in (1, 2, 5)), 10 ** DECADES[1])
"""The numbers of rows on the slider; others are typed."""
HEIGHT, GROOVE, HANDLE, SMALL = 32.0, 9.5, 8.0, 12.0
"""Of the slider, the place of its groove from above, the handle's radius, the labels: in pixels at unit 1."""


def part_of(rows: int) -> float:
    """Where on the scale a number of rows is, from 0 to 1; others are at its ends."""
    low, high = DECADES
    return min(1.0, max(0.0, (math.log10(rows) - low) / (high - low)))


def stop_at(part: float) -> int:
    """The number of rows whose place on the scale is the nearest one."""
    return min(STOPS, key=lambda rows: abs(part_of(rows) - part))


def stop_after(rows: int, notches: int) -> int:
    """The stop ``notches`` further on, or back if negative; from between two stops the first notch is shorter."""
    beyond = [stop for stop in STOPS if (stop > rows if notches > 0 else stop < rows)]
    if not notches or not beyond:
        return rows
    return beyond[min(notches, len(beyond)) - 1] if notches > 0 else beyond[max(notches, -len(beyond))]


class RowsSlider(QWidget):
    """Press or drag anywhere, or turn the wheel; the keys are left to the window."""

    rows_requested = Signal(int)
    pressed = Signal()  # the mouse takes the handle: until `released` the rows are those of one drag
    released = Signal()

    def __init__(self) -> None:
        """Without a handle until a number is shown."""
        super().__init__()
        self._rows: int | None = None
        self._turned = 0.0
        # A click takes the focus away from a text field, so that it commits before the slider moves.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("rows slider")
        set_tooltip(self, "Drag to change the number of rows")
        self.set_unit(1.0)

    def set_unit(self, unit: float) -> None:
        """Scale everything by that factor."""
        self._unit = unit
        self.setFixedHeight(round(HEIGHT * unit))
        self.update()

    def show_rows(self, rows: int | None) -> None:
        """Stand at this number of rows; without a handle for None."""
        if rows != self._rows:
            self._rows = rows
            self.setAccessibleDescription("" if rows is None else f"{rows:,} rows")
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room, as high as it is."""
        return QSize(round(200 * self._unit), round(HEIGHT * self._unit))

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Call the handle to where the mouse is."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit()
            self._call(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the handle from stop to stop."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._call(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the handle."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.released.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A stop for each notch; parts of a notch add up, for touchpads."""
        self._turned += event.angleDelta().y() / 120
        notches = math.trunc(self._turned)
        self._turned -= notches
        if self._rows is not None and notches:
            self._request(stop_after(self._rows, notches))
        event.accept()

    def _call(self, x: float) -> None:
        self._request(stop_at((x - self._x(0.0)) / self._length()))

    def _request(self, rows: int) -> None:
        if self._rows is not None and rows != self._rows:
            # Shown at once: ten million rows take a while, and the hand has moved on by then.
            self.show_rows(rows)
            self.rows_requested.emit(rows)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """The groove up to the handle and beyond it, a tick and a label for each decade, the handle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if self.isEnabled() else 0.4)
        self._paint_decades(painter)
        x = self._x(part_of(self._rows) if self._rows is not None else 0.0)
        self._paint_bar(painter, self.palette().dark().color(), x, self._x(1.0), 3.0)
        if self._rows is not None:
            self._paint_bar(painter, self.palette().highlight().color(), self._x(0.0), x, 5.0)
            painter.setPen(QPen(self.palette().window().color(), 2 * self._unit))
            painter.setBrush(self.palette().highlight())
            painter.drawEllipse(QPointF(x, GROOVE * self._unit), HANDLE * self._unit, HANDLE * self._unit)
        painter.end()

    def _paint_bar(self, painter: QPainter, colour: QColor, begin: float, end: float, height: float) -> None:
        half = height * self._unit / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        bar = QRectF(QPointF(begin, GROOVE * self._unit - half), QPointF(end, GROOVE * self._unit + half))
        painter.drawRoundedRect(bar, half, half)

    def _paint_decades(self, painter: QPainter) -> None:
        unit, low, high = self._unit, *DECADES
        painter.setFont(text_font(SMALL * unit))
        measure = QFontMetricsF(painter.font()).horizontalAdvance
        top = (GROOVE + HANDLE + 1) * unit
        for decade in range(low, high + 1):
            text, x = power_of_ten(decade), self._x((decade - low) / (high - low))
            width = measure(text) + 2
            left = min(max(0.0, x - width / 2), self.width() - width)
            painter.setPen(QPen(self.palette().dark().color(), 1))
            painter.drawLine(QPointF(x, GROOVE * unit), QPointF(x, top))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip
            painter.drawText(QRectF(left, top, width, self.height() - top), flags, text)

    def _length(self) -> float:
        return max(1.0, self._x(1.0) - self._x(0.0))

    def _x(self, part: float) -> float:
        margin = (HANDLE + 1) * self._unit
        return margin + part * (self.width() - 2 * margin)
