"""The two lines under the panes: the update of the current step in numbers."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from gdviz.presentation.look import Look
from gdviz.presentation.palette import Palette
from gdviz.presentation.run_names import NO_LEGEND, Legend
from gdviz.plotting.fonts import number_font
from gdviz.panes.bars.bar import FrameBar
from gdviz.plotting.vector_output import draw_block


class ArithmeticBar(FrameBar[tuple[str, str]]):
    """Draws two lines, 22 units high, and smaller where a line would not fit otherwise."""

    def show_picture(self, picture: tuple[str, str], look: Look, legend: Legend = NO_LEGEND) -> None:
        """Draw these two lines."""
        super().show_picture(picture, look, legend)
        self.setAccessibleName("; ".join(picture))

    def _paint(self, painter: QPainter, picture: tuple[str, str], palette: Palette) -> None:
        """Both lines in the same size."""
        size, margin = 22 * self._unit, 12 * self._unit
        width = max(QFontMetricsF(number_font(size)).horizontalAdvance(line) for line in picture)
        available = self.width() - 2 * margin
        if width > available > 0:
            size *= available / width
        font = number_font(size)
        painter.setPen(QColor(palette.text))
        half = self.height() / 2
        for row, line in enumerate(picture):
            area = QRectF(margin, row * half, available + margin, half)
            draw_block(painter, area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line, font)
