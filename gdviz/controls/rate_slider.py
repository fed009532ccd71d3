"""The learning-rate slider: a logarithmic scale with the zones from crawl to diverge."""

from operator import attrgetter

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF, QWheelEvent

from gdviz.controls.rate_scale import CRAWL, Scale, paint_zone, scale_of, zone_labels, zone_parts
from gdviz.core.analysis.quadratic import MANY_STEPS
from gdviz.plotting.text import number_font, text_font
from gdviz.presentation.numbers import format_number, power_of_ten
from gdviz.presentation.palette import PALETTES, Palette
from gdviz.session.controls import Controls, Zones
from gdviz.widgets.plain import set_tooltip
from gdviz.widgets.slider import Slider
from gdviz.widgets.theme import TEXT_SIZE

SIZE = (200, 54)
"""The minimum width, for a small window (labels that do not fit are left out), and the height."""
MARGIN = 12
GROOVE = QRectF(0, 21, 0, 13)  # top and height of the groove; like all lengths here, in pixels at unit 1
HINT = f"Drag, or scroll for 10 %; crawl: more than {MANY_STEPS:,} steps to within 1 %"
_painted_part = attrgetter("learning_rate", "zones", "look.theme")
"""The part of the controls that is painted."""


class RateSlider(Slider):
    """Moved by dragging or by the wheel, which starts a drag that lasts until the mouse leaves."""

    learning_rate_changed = Signal(float)

    def __init__(self) -> None:
        """Empty until controls are shown."""
        super().__init__("learning rate slider", HINT, SIZE, MARGIN)
        self._controls: Controls | None = None
        self._scale, self._is_scrolling = Scale(), False

    def show_controls(self, controls: Controls) -> None:
        """Show the rate and the zones, on a scale that makes them visible; or what the rule does without a rate."""
        shown, self._controls, self._scale = self._controls, controls, scale_of(controls.zones)
        if shown is None or _painted_part(shown) != _painted_part(controls):
            without_rate = controls.zones.without_rate
            self.setEnabled(not without_rate)
            set_tooltip(self, without_rate or HINT)
            self.setAccessibleDescription(without_rate or f"learning rate {controls.learning_rate:.4g}")
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change the rate by a factor of 1.1 per notch; touchpads send fractions of a notch."""
        notches = event.angleDelta().y() / 120
        if self._controls is not None and notches:
            if not self._is_scrolling:
                self._is_scrolling = True
                self.pressed.emit()
            self._request(self._scale.scaled_by_notches(self._controls.learning_rate, notches))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """End the drag that the wheel started."""
        if self._is_scrolling:
            self._is_scrolling = False
            self.released.emit()

    def _grab(self, place: QPointF) -> None:
        """Grab the handle where it was pressed, or move it to the mouse."""
        self._is_scrolling, self._grab_offset = False, 0.0
        if self._controls is None:
            return
        rate = self._controls.learning_rate
        distance = self._x(self._scale.fraction_of(rate)) - place.x()
        if abs(distance) <= 6 * self._unit or self._number_rect(rate).contains(place):
            self._grab_offset = distance
        else:
            self._drag_to(place.x())

    def _request_at(self, fraction: float) -> None:
        self._request(self._scale.rate_at(fraction))

    def _request(self, rate: float) -> None:
        if self._controls is not None and rate != self._controls.learning_rate:
            self.learning_rate_changed.emit(rate)

    # Painting

    def _paint(self, painter: QPainter) -> None:
        """Paint the zones and their labels, the decades, and the handle on top; without a rate only the label."""
        if self._controls is None:
            return
        palette, zones, rate = PALETTES[self._controls.look.theme], self._controls.zones, self._controls.learning_rate
        number_rect = self._number_rect(rate)
        self._paint_zones(painter, palette, zones)
        painter.setOpacity(1.0)  # what the rule does is to be read even where the slider is disabled
        self._paint_labels(painter, palette, zones)
        if zones.without_rate:
            return
        self._paint_decades(painter, palette, number_rect)
        self._paint_handle(painter, palette, number_rect, rate)

    def _groove(self) -> QRectF:
        return QRectF(self._x(0.0), GROOVE.top() * self._unit, self._length(), GROOVE.height() * self._unit)

    def _paint_zones(self, painter: QPainter, palette: Palette, zones: Zones) -> None:
        groove = self._groove()
        paint_zone(painter, groove, CRAWL, palette, self._unit)
        for zone in zone_parts(zones, self._scale):
            part = QRectF(QPointF(self._x(zone.begin), groove.top()), QPointF(self._x(zone.end), groove.bottom()))
            paint_zone(painter, part, zone.name, palette, self._unit)
            if zone.begin > 0:
                painter.setPen(QPen(QColor(palette.text), 2 * self._unit))
                painter.drawLine(part.topLeft() - QPointF(0, 4 * self._unit), part.bottomLeft())
        painter.setPen(QPen(QColor(palette.quiet), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(groove)

    def _paint_labels(self, painter: QPainter, palette: Palette, zones: Zones) -> None:
        painter.setFont(text_font(TEXT_SIZE * self._unit))
        measure = QFontMetricsF(painter.font()).horizontalAdvance
        painter.setPen(QColor(palette.text))
        for label in zone_labels(zones, self._scale, self._length(), 8 * self._unit, measure):
            self._write(painter, label.text, self._x(0.0) + label.left, label.right - label.left, 0.0)

    def _paint_decades(self, painter: QPainter, palette: Palette, number_rect: QRectF) -> None:
        painter.setFont(text_font(TEXT_SIZE * self._unit))
        measure = QFontMetricsF(painter.font()).horizontalAdvance
        painter.setPen(QPen(QColor(palette.quiet), 1))
        bottom, room, end = self._groove().bottom(), 4 * self._unit, -self._unit * 4
        for decade in self._scale.exponents:
            text, x = power_of_ten(decade), self._x(self._scale.fraction_of(10.0**decade))
            width = measure(text)
            left = min(max(0.0, x - width / 2), self.width() - width)
            painter.drawLine(QPointF(x, bottom), QPointF(x, bottom + 3 * self._unit))
            is_clear = left > number_rect.right() + room or left + width < number_rect.left() - room
            if is_clear and left >= end + room:
                self._write(painter, text, left, width, bottom + 3 * self._unit)
                end = left + width

    def _write(self, painter: QPainter, text: str, left: float, width: float, top: float) -> None:
        # A little wider than measured: a text that exactly fills its rectangle may lose its last pixel.
        rectangle = QRectF(left - 1, top, width + 2, 17 * self._unit)
        painter.drawText(rectangle, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, text)

    def _number_rect(self, rate: float) -> QRectF:
        """The rectangle of the number under the handle."""
        text = format_number(rate)
        width = QFontMetricsF(number_font(TEXT_SIZE * self._unit)).horizontalAdvance(text) + 12 * self._unit
        x = self._x(self._scale.fraction_of(rate))
        left = min(max(0.0, x - width / 2), self.width() - width)
        return QRectF(left, self.height() - 18.5 * self._unit, width, 18 * self._unit)

    def _paint_handle(self, painter: QPainter, palette: Palette, number_rect: QRectF, rate: float) -> None:
        groove, x, unit = self._groove(), self._x(self._scale.fraction_of(rate)), self._unit
        painter.setPen(QPen(QColor(palette.background), 1.5 * unit))
        painter.setBrush(QColor(palette.text))
        if self._scale.low <= rate <= self._scale.high:
            bar = QRectF(x - 3.5 * unit, groove.top() - 3 * unit, 7 * unit, number_rect.top() - groove.top() + 5 * unit)
            painter.drawRoundedRect(bar, 2 * unit, 2 * unit)
        else:
            painter.drawPolygon(_arrow(QPointF(x, groove.center().y()), -1 if rate < self._scale.low else 1, unit))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(number_rect, 4 * unit, 4 * unit)
        painter.setFont(number_font(TEXT_SIZE * unit))
        painter.setPen(QColor(palette.background))
        painter.drawText(number_rect, Qt.AlignmentFlag.AlignCenter, format_number(rate))


def _arrow(end: QPointF, direction: int, unit: float) -> QPolygonF:
    """Return a triangle at an end of the groove, pointing outwards."""
    tip, back = end + QPointF(11 * direction * unit, 0), end - QPointF(4 * direction * unit, 0)
    return QPolygonF([tip, back + QPointF(0, -10 * unit), back + QPointF(0, 10 * unit)])
