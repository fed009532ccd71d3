"""The line above the panes: title, verdict, precision, odometer and step counter."""

from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gdviz.core.verdict import Kind
from gdviz.model.frame import Frame, Header
from gdviz.model.palette import Palette
from gdviz.views.fonts import number_font, text_font
from gdviz.views.frame_bar import FrameBar
from gdviz.views.kept import Kept
from gdviz.views.lettering import draw_block

_SIGNS = {Kind.CONVERGED: "✓", Kind.SLOW: "…", Kind.ZIGZAG: "⇄", Kind.DIVERGING: "↗"}
"""Beside the word, so that the verdict is told by more than one sign."""


class HeaderBar(FrameBar):
    """Draws `frame.header`; the title is 26 units high."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = Kept()

    def show_frame(self, frame: Frame) -> None:
        """Draw this frame's header."""
        super().show_frame(frame)
        self.setToolTip(frame.header.verdict.sentence)

    def _paint(self, painter: QPainter, frame: Frame, palette: Palette) -> None:
        """The counter is never cut; what stands left of it is the same in nearly all frames of a run, and kept."""
        header = frame.header
        gap = 12 * self._unit
        # The odometer's raised digits can only be read in the font of words.
        counter, odometer = number_font(22 * self._unit), text_font(22 * self._unit, bold=True)
        texts = ((header.counter, counter, palette.text), (header.odometer, odometer, palette.accent))
        right = self.width() - gap
        for text, font, _ in texts:
            right -= QFontMetricsF(font).horizontalAdvance(text) + 2 * gap
        key = (header.title, header.verdict, header.precision, right, self._unit, palette)
        paint = partial(self._paint_left, header=header, right=right, palette=palette)
        self._kept.paint(painter, QRectF(self.rect()), key, paint, opaque=not palette.see_through)
        edge = self.width() - gap
        for text, font, colour in texts:
            edge -= self._text(painter, edge, text, font, colour, from_right=True) + 2 * gap

    def _paint_left(self, painter: QPainter, header: Header, right: float, palette: Palette) -> None:
        """Title, badges, and as much of the sentence as there is room for, on the ground of the stage."""
        if not palette.see_through:
            painter.fillRect(self.rect(), QColor(palette.background))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gap = 12 * self._unit
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
        painter.setPen(QColor(colour))
        left = edge - width if from_right else edge
        draw_block(painter, QRectF(left, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, text, font)
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
        painter.setPen(QColor(palette.background) if strong else colour)
        draw_block(painter, frame, Qt.AlignmentFlag.AlignCenter, text, font)
        return width
