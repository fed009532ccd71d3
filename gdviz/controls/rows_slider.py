"""The slider for the number of rows: a logarithmic scale from a hundred to ten million."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QWheelEvent

from gdviz.controls.rate_scale import Scale
from gdviz.plotting.text import text_font
from gdviz.presentation.numbers import power_of_ten
from gdviz.widgets.slider import Slider, paint_bar

STOPS = (*(digit * 10**decade for decade in range(2, 7) for digit in (1, 2, 5)), 10**7)
"""The numbers of rows on the slider; others can be typed."""
SCALE = Scale(STOPS[0], STOPS[-1])
HEIGHT, GROOVE, HANDLE, TICK_TEXT = 32.0, 9.5, 8.0, 12.0
"""The slider's height, the groove's distance from its top, the handle's radius, the text: pixels at unit 1."""


def nearest_stop(fraction: float) -> int:
    """Return the stop nearest to a position on the scale."""
    return min(STOPS, key=lambda rows: abs(SCALE.fraction_of(rows) - fraction))


def stop_after(rows: int, notches: int) -> int:
    """Return the stop ``notches`` up, or down if negative; between two stops the first notch is shorter."""
    stops = STOPS if notches > 0 else STOPS[::-1]
    beyond = [stop for stop in stops if (stop - rows) * notches > 0]
    return [rows, *beyond][min(abs(notches), len(beyond))]


class RowsSlider(Slider):
    """Moves from stop to stop, by dragging or by the wheel."""

    rows_requested = Signal(int)

    def __init__(self) -> None:
        """Shows a hundred rows until another number is shown."""
        super().__init__("rows slider", "Drag to change the number of rows", (0.0, HEIGHT), HANDLE + 1)
        self._rows, self._scrolled = 0, 0.0
        self.show_rows(STOPS[0])

    def show_rows(self, rows: int) -> None:
        """Move the handle to this number of rows."""
        if rows != self._rows:
            self._rows = rows
            self.setAccessibleDescription(f"{rows:,} rows")
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move by one stop per notch; fractions of a notch add up, for touchpads."""
        self._scrolled += event.angleDelta().y() / 120
        notches = math.trunc(self._scrolled)
        self._scrolled -= notches
        self._request(stop_after(self._rows, notches))
        event.accept()

    def _request_at(self, fraction: float) -> None:
        self._request(nearest_stop(fraction))

    def _request(self, rows: int) -> None:
        if rows != self._rows:
            # Shown at once: ten million rows take a while, and the mouse has moved on by then.
            self.show_rows(rows)
            self.rows_requested.emit(rows)

    def _paint(self, painter: QPainter) -> None:
        """Paint a tick and a label for each decade, both parts of the groove, and the handle."""
        self._paint_decades(painter)
        x, middle, colours = self._x(SCALE.fraction_of(self._rows)), GROOVE * self._unit, self.palette()
        paint_bar(painter, colours.dark().color(), x, self._x(1.0), middle, 3.0 * self._unit)
        paint_bar(painter, colours.highlight().color(), self._x(0.0), x, middle, 5.0 * self._unit)
        painter.setPen(QPen(colours.window().color(), 2 * self._unit))
        painter.setBrush(colours.highlight())
        painter.drawEllipse(QPointF(x, middle), HANDLE * self._unit, HANDLE * self._unit)

    def _paint_decades(self, painter: QPainter) -> None:
        painter.setFont(text_font(TICK_TEXT * self._unit))
        painter.setPen(QPen(self.palette().dark().color(), 1))
        measure = QFontMetricsF(painter.font()).horizontalAdvance
        top = (GROOVE + HANDLE + 1) * self._unit
        for decade in SCALE.exponents:
            text, x = power_of_ten(decade), self._x(SCALE.fraction_of(10**decade))
            width = measure(text) + 2
            left = min(max(0.0, x - width / 2), self.width() - width)
            painter.drawLine(QPointF(x, GROOVE * self._unit), QPointF(x, top))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip
            painter.drawText(QRectF(left, top, width, self.height() - top), flags, text)
