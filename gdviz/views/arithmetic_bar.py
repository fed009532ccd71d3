"""The two lines under the panes: the update of the current step in numbers."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from gdviz.model.frame import Frame
from gdviz.model.palette import Palette
from gdviz.views.fonts import number_font
from gdviz.views.frame_bar import FrameBar
from gdviz.views.lettering import draw_block


class ArithmeticBar(FrameBar):
    """Draws `frame.arithmetic`, 22 units high, and smaller where a line would not fit otherwise."""

    def show_frame(self, frame: Frame) -> None:
        """Draw this frame's two lines."""
        super().show_frame(frame)
        self.setAccessibleName("; ".join(frame.arithmetic))

    def _paint(self, painter: QPainter, frame: Frame, palette: Palette) -> None:
        """Both lines in the same size."""
        size, margin = 22 * self._unit, 12 * self._unit
        width = max(QFontMetricsF(number_font(size)).horizontalAdvance(line) for line in frame.arithmetic)
        available = self.width() - 2 * margin
        if width > available > 0:
            size *= available / width
        font = number_font(size)
        painter.setPen(QColor(palette.text))
        half = self.height() / 2
        for row, line in enumerate(frame.arithmetic):
            area = QRectF(margin, row * half, available + margin, half)
            draw_block(painter, area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line, font)
