"""The two lines under the panes: the update of the current step in numbers."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdviz.model.frame import Frame
from gdviz.model.palette import PALETTES
from gdviz.views.fonts import number_font


class ArithmeticBar(QWidget):
    """Draws `frame.arithmetic` in the number font, smaller where a line would not fit otherwise."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until the first frame."""
        super().__init__(parent)
        self._frame: Frame | None = None
        self._unit = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_unit(self, pixels: float) -> None:
        """Set the size of text: the numbers are 22 units high."""
        self._unit = pixels
        self.update()

    def show_frame(self, frame: Frame) -> None:
        """Draw this frame's two lines."""
        self._frame = frame
        self.setAccessibleName("; ".join(frame.arithmetic))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Both lines in the same size."""
        if self._frame is None:
            return
        painter = QPainter(self)
        size, margin = 22 * self._unit, 12 * self._unit
        width = max(QFontMetricsF(number_font(size)).horizontalAdvance(line) for line in self._frame.arithmetic)
        available = self.width() - 2 * margin
        if width > available > 0:
            size *= available / width
        painter.setFont(number_font(size))
        painter.setPen(QColor(PALETTES[self._frame.look.theme].text))
        half = self.height() / 2
        for row, line in enumerate(self._frame.arithmetic):
            area = QRectF(margin, row * half, available + margin, half)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line)
        painter.end()
