"""The line above the panes: title, verdict, precision, odometer and step counter."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gdviz.core.verdict import Kind
from gdviz.model.frame import Frame
from gdviz.model.palette import Palette
from gdviz.views.fonts import number_font, text_font
from gdviz.views.frame_bar import FrameBar

_SIGNS = {Kind.CONVERGED: "✓", Kind.SLOW: "…", Kind.ZIGZAG: "⇄", Kind.DIVERGING: "↗"}
"""Beside the word, so that the verdict is told by more than one sign."""


class HeaderBar(FrameBar):
    """Draws `frame.header`; the title is 26 units high."""

    def show_frame(self, frame: Frame) -> None:
        """Draw this frame's header."""
        super().show_frame(frame)
        self.setToolTip(frame.header.verdict.sentence)

    def _paint(self, painter: QPainter, frame: Frame, palette: Palette) -> None:
        """Right side first, since the counter must never be cut; then from the left as much as fits."""
        header = frame.header
        gap = 12 * self._unit
        right = self.width() - gap
        # The odometer's raised digits can only be read in the font of words.
        counter, odometer = number_font(22 * self._unit), text_font(22 * self._unit, bold=True)
        for text, font, colour in (
            (header.counter, counter, palette.text),
            (header.odometer, odometer, palette.accent),
        ):
            right -= self._text(painter, right, text, font, colour, from_right=True) + 2 * gap
        left = gap + self._text(painter, gap, header.title, text_font(26 * self._unit, bold=True), palette.text) + gap
        kind = header.verdict.kind
        for text, strong in ((f"{_SIGNS[kind]} {kind.value}", kind is Kind.DIVERGING), (header.precision, False)):
            left += self._badge(painter, left, text, palette, strong) + gap
        font = text_font(18 * self._unit)
        sentence = QFontMetricsF(font).elidedText(header.verdict.sentence, Qt.TextElideMode.ElideRight, right - left)
        if len(sentence) > 8:
            self._text(painter, left, sentence, font, palette.quiet)

    def _text(
        self, painter: QPainter, edge: float, text: str, font: QFont, colour: str, from_right: bool = False
    ) -> float:
        width = QFontMetricsF(font).horizontalAdvance(text)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        left = edge - width if from_right else edge
        painter.drawText(QRectF(left, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
        return width

    def _badge(self, painter: QPainter, left: float, text: str, palette: Palette, strong: bool) -> float:
        font = text_font(18 * self._unit, bold=True)
        metrics = QFontMetricsF(font)
        width, height = metrics.horizontalAdvance(text) + 18 * self._unit, metrics.height() + 6 * self._unit
        frame = QRectF(left, (self.height() - height) / 2, width, height)
        colour = QColor(palette.warning if strong else palette.quiet)
        painter.setPen(QPen(colour, 1.5 * self._unit))
        painter.setBrush(colour if strong else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, height / 3, height / 3)
        painter.setFont(font)
        painter.setPen(QColor(palette.background) if strong else colour)
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, text)
        return width
