"""The slider of the learning rate: a logarithmic scale with the zones in which a rate crawls, zigzags or diverges."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdviz.controls.rate_scale import CRAWL, Scale, paint_zone, scale_of, zone_labels, zone_parts
from gdviz.plotting.text import number_font, text_font
from gdviz.presentation.numbers import format_number, power_of_ten
from gdviz.presentation.palette import PALETTES, Palette
from gdviz.session.controls import Controls
from gdviz.widgets.plain import set_tooltip

HEIGHT = 54
MARGIN = 12
GROOVE = QRectF(0, 21, 0, 13)  # top and height of the groove, as the other lengths here in pixels at unit 1
TEXT, SMALL = 15, 13


class RateSlider(QWidget):
    """Press or drag anywhere, or turn the wheel; the keys are left to the window."""

    learning_rate_changed = Signal(float)
    pressed = Signal()
    """The mouse takes the handle, or begins to turn the wheel: until `released` the rate is that of one drag."""
    released = Signal()

    def __init__(self) -> None:
        """Empty until controls are shown."""
        super().__init__()
        self._controls: Controls | None = None
        self._scale = Scale()
        self._unit = 1.0
        self._grabbed_at = 0.0
        self._is_turning = False
        # A click takes the focus away from a text field, so that it commits before the slider moves.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("learning rate slider")
        set_tooltip(self, "Drag to change the learning rate; the wheel changes it by a tenth")
        self.set_unit(1.0)

    def set_unit(self, unit: float) -> None:
        """Scale everything by that factor."""
        self._unit = unit
        self.setFixedHeight(round(HEIGHT * unit))
        self.updateGeometry()
        self.update()

    def show_controls(self, controls: Controls) -> None:
        """Show the rate and the zones, on a scale that has them in sight."""
        shown, self._controls, self._scale = self._controls, controls, scale_of(controls.zones)
        if shown is None or _content(shown) != _content(controls):
            self.setAccessibleDescription(f"learning rate {controls.learning_rate:.4g}")
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room, as high as it is."""
        return QSize(round(600 * self._unit), round(HEIGHT * self._unit))

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for a small window; labels that do not fit are left out."""
        return QSize(round(200 * self._unit), round(HEIGHT * self._unit))

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle where it is, or call it to where the mouse is."""
        if event.button() != Qt.MouseButton.LeftButton or self._controls is None:
            event.ignore()
            return
        self._is_turning = False
        self.pressed.emit()
        distance = self._x(self._scale.fraction_of(self._controls.learning_rate)) - event.position().x()
        is_on_handle = abs(distance) <= 6 * self._unit or self._flag().contains(event.position())
        self._grabbed_at = distance if is_on_handle else 0.0
        if not is_on_handle:
            self._call(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the handle."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._call(event.position().x() + self._grabbed_at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the handle."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.released.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A tenth up or down for each notch; parts of a notch count as parts, for touchpads."""
        notches = event.angleDelta().y() / 120
        if self._controls is not None and notches:
            if not self._is_turning:
                self._is_turning = True
                self.pressed.emit()
            self._emit(self._scale.notched(self._controls.learning_rate, notches))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """End the turn of the wheel."""
        if self._is_turning:
            self._is_turning = False
            self.released.emit()

    def _call(self, x: float) -> None:
        self._emit(self._scale.rate_at((x - self._x(0.0)) / self._length()))

    def _emit(self, rate: float) -> None:
        if self._controls is not None and rate != self._controls.learning_rate:
            self.learning_rate_changed.emit(rate)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Zones and their labels, decades, and the handle above all."""
        if self._controls is None:
            return
        palette = PALETTES[self._controls.look.theme]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if self.isEnabled() else 0.4)
        self._paint_groove(painter, palette)
        self._paint_labels(painter, palette)
        flag = self._flag()
        self._paint_decades(painter, palette, flag)
        self._paint_handle(painter, palette, flag)
        painter.end()

    def _length(self) -> float:
        return max(1.0, self.width() - 2 * MARGIN * self._unit)

    def _x(self, fraction: float) -> float:
        return MARGIN * self._unit + fraction * self._length()

    def _groove(self) -> QRectF:
        return QRectF(self._x(0.0), GROOVE.top() * self._unit, self._length(), GROOVE.height() * self._unit)

    def _paint_groove(self, painter: QPainter, palette: Palette) -> None:
        groove = self._groove()
        paint_zone(painter, groove, CRAWL, palette, self._unit)
        for zone in zone_parts(self._controls.zones, self._scale) if self._controls else ():
            part = QRectF(QPointF(self._x(zone.begin), groove.top()), QPointF(self._x(zone.end), groove.bottom()))
            paint_zone(painter, part, zone.name, palette, self._unit)
            if zone.begin > 0:
                painter.setPen(QPen(QColor(palette.text), 2 * self._unit))
                painter.drawLine(part.topLeft() - QPointF(0, 4 * self._unit), part.bottomLeft())
        painter.setPen(QPen(QColor(palette.quiet), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(groove)

    def _paint_labels(self, painter: QPainter, palette: Palette) -> None:
        assert self._controls is not None
        painter.setFont(text_font(TEXT * self._unit))
        measure = QFontMetricsF(painter.font()).horizontalAdvance
        painter.setPen(QColor(palette.text))
        zones, scale = self._controls.zones, self._scale
        for label in zone_labels(zones, scale, self._length(), 8 * self._unit, measure):
            self._write(painter, label.text, self._x(0.0) + label.left, label.right - label.left, 0.0)

    def _paint_decades(self, painter: QPainter, palette: Palette, flag: QRectF) -> None:
        painter.setFont(text_font(SMALL * self._unit))
        measure = QFontMetricsF(painter.font()).horizontalAdvance
        painter.setPen(QPen(QColor(palette.quiet), 1))
        bottom, room = self._groove().bottom(), 4 * self._unit
        for decade in self._scale.powers:
            text, x = power_of_ten(decade), self._x(self._scale.fraction_of(10.0**decade))
            width = measure(text)
            left = min(max(0.0, x - width / 2), self.width() - width)
            painter.drawLine(QPointF(x, bottom), QPointF(x, bottom + 3 * self._unit))
            if left > flag.right() + room or left + width < flag.left() - room:
                self._write(painter, text, left, width, bottom + 3 * self._unit)

    def _write(self, painter: QPainter, text: str, left: float, width: float, top: float) -> None:
        # A little wider than measured: a text that ends exactly at its rectangle may lose its last pixel.
        rectangle = QRectF(left - 1, top, width + 2, 17 * self._unit)
        painter.drawText(rectangle, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, text)

    def _flag(self) -> QRectF:
        """The rectangle of the value under the handle."""
        assert self._controls is not None
        text = format_number(self._controls.learning_rate)
        width = QFontMetricsF(number_font(TEXT * self._unit)).horizontalAdvance(text) + 12 * self._unit
        x = self._x(self._scale.fraction_of(self._controls.learning_rate))
        left = min(max(0.0, x - width / 2), self.width() - width)
        return QRectF(left, self.height() - 18.5 * self._unit, width, 18 * self._unit)

    def _paint_handle(self, painter: QPainter, palette: Palette, flag: QRectF) -> None:
        assert self._controls is not None
        rate, groove = self._controls.learning_rate, self._groove()
        x, unit = self._x(self._scale.fraction_of(rate)), self._unit
        painter.setPen(QPen(QColor(palette.background), 1.5 * unit))
        painter.setBrush(QColor(palette.text))
        if self._scale.low <= rate <= self._scale.high:
            bar = QRectF(x - 3.5 * unit, groove.top() - 3 * unit, 7 * unit, flag.top() - groove.top() + 5 * unit)
            painter.drawRoundedRect(bar, 2 * unit, 2 * unit)
        else:
            painter.drawPolygon(_arrow(QPointF(x, groove.center().y()), -1 if rate < self._scale.low else 1, unit))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(flag, 4 * unit, 4 * unit)
        painter.setFont(number_font(TEXT * unit))
        painter.setPen(QColor(palette.background))
        painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, format_number(rate))


def _content(controls: Controls) -> tuple[object, ...]:
    """The part of the controls that is painted here."""
    return controls.learning_rate, controls.zones, controls.look.theme


def _arrow(end: QPointF, direction: int, unit: float) -> QPolygonF:
    """A triangle at an end of the groove that points beyond it."""
    tip, back = end + QPointF(11 * direction * unit, 0), end - QPointF(4 * direction * unit, 0)
    return QPolygonF([tip, back + QPointF(0, -10 * unit), back + QPointF(0, 10 * unit)])
