"""The slider of the steps: a click jumps there, dragging scrubs, and what is not computed yet looks different."""

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from gdviz.plotting.fonts import text_font
from gdviz.presentation.palette import PALETTES, Palette
from gdviz.session.controls import Controls
from gdviz.widgets.plain import set_tooltip

HANDLE = 9
"""The radius of the handle in pixels at unit 1."""


class ScrubSlider(QSlider):
    """From step 0 to the last step of the experiment; it goes no further than what is recorded."""

    seek = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until controls are shown."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._controls: Controls | None = None
        self._unit = 1.0
        # The arrow keys belong to the playback; a click takes the focus away from a text field, which commits.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("step")
        set_tooltip(self, "Click to go to a step, drag to scrub")
        self.setMouseTracking(False)
        self.valueChanged.connect(self.seek)

    def set_unit(self, unit: float) -> None:
        """Scale everything by that factor."""
        self._unit = unit
        self.updateGeometry()
        self.update()

    def show_controls(self, controls: Controls) -> None:
        """Show the step, unless it is being dragged, and how far the recording goes."""
        self._controls = controls
        with QSignalBlocker(self):
            self.setRange(0, controls.end)
            if not self.isSliderDown():
                self.setValue(controls.step)
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(round(300 * self._unit), round((2 * HANDLE + 8) * self._unit))

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for a small window."""
        return QSize(round(80 * self._unit), round((2 * HANDLE + 8) * self._unit))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump there."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._go(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Scrub."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go, and show again what is true."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
            if self._controls is not None:
                self.show_controls(self._controls)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """One step for each notch."""
        notches = round(event.angleDelta().y() / 120)
        self.setValue(self._reachable(self.value() + notches))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave every key to the window."""
        event.ignore()

    def _go(self, x: float) -> None:
        step = round((x - self._x(0)) / self._length() * self.maximum())
        self.setValue(self._reachable(step))

    def _reachable(self, step: int) -> int:
        last = self._controls.last_step if self._controls is not None else 0
        return max(0, min(step, last))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """The groove, the recorded part, the part up to the handle, the handle."""
        if self._controls is None:
            return
        palette = PALETTES[self._controls.look.theme]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        recorded = self._x(min(self._controls.last_step, self.maximum()))
        self._paint_groove(painter, palette, recorded)
        if self._controls.computing:
            self._write(
                painter, palette, "computing…", QRectF(recorded, 0, self._x(self.maximum()) - recorded, self.height())
            )
        painter.setPen(QPen(QColor(palette.background), 2 * self._unit))
        painter.setBrush(QColor(palette.accent))
        painter.drawEllipse(QPointF(self._x(self.value()), self._middle()), HANDLE * self._unit, HANDLE * self._unit)
        painter.end()

    def _paint_groove(self, painter: QPainter, palette: Palette, recorded: float) -> None:
        """Thick to the handle, thin as far as there are steps, dotted where there are none yet."""
        dots = QPen(QColor(palette.quiet), 2 * self._unit, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.RoundCap)
        dots.setDashPattern([0.01, 3.5])
        self._line(painter, dots, recorded, self._x(self.maximum()))
        self._bar(painter, palette.quiet, self._x(0), recorded, 4)
        self._bar(painter, palette.accent, self._x(0), self._x(self.value()), 6)

    def _write(self, painter: QPainter, palette: Palette, text: str, place: QRectF) -> None:
        """In the middle of the part that is not there yet, on the colour of the window; nothing if it is too short."""
        painter.setFont(text_font(15 * self._unit))
        width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 16 * self._unit
        if width + 2 * HANDLE * self._unit > place.width():
            return
        place.adjust((place.width() - width) / 2, 0, (width - place.width()) / 2, 0)
        painter.fillRect(place, QColor(palette.background))
        painter.setPen(QColor(palette.text))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _line(self, painter: QPainter, pen: QPen, begin: float, end: float) -> None:
        if end - begin > 1:
            painter.setPen(pen)
            painter.drawLine(QPointF(begin, self._middle()), QPointF(end, self._middle()))

    def _bar(self, painter: QPainter, colour: str, begin: float, end: float, height: float) -> None:
        height *= self._unit
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(
            QRectF(begin, self._middle() - height / 2, max(0.0, end - begin), height), height / 2, height / 2
        )

    def _middle(self) -> float:
        return self.height() / 2

    def _length(self) -> float:
        return max(1.0, self.width() - 2 * self._x(0))

    def _x(self, step: int) -> float:
        margin = (HANDLE + 2) * self._unit
        if step <= 0:
            return margin
        return margin + min(1.0, step / max(1, self.maximum())) * (self.width() - 2 * margin)
