"""What is painted otherwise into a file of vectors (SVG, PDF) than into pixels."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPaintEngine, QPainter, QPen

_ENGINES = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf)
HATCH_SPACING, HATCH_WIDTH = 8.0, 0.75
"""In pixels: as the pattern `Qt.BrushStyle.BDiagPattern` looks."""


def draws_vectors(painter: QPainter) -> bool:
    """Whether what is painted goes into a file as shapes, and not into pixels."""
    return painter.paintEngine().type() in _ENGINES


def paint_ground(painter: QPainter, area: QRectF, colour: QColor) -> None:
    """Fill the area behind everything; a see-through ground is left out, so that nobody has to remove it by hand."""
    if colour.alpha():
        painter.fillRect(area, colour)


def is_hatching(brush: QBrush | QColor | None) -> bool:
    """Whether it fills with a pattern of rising lines."""
    return isinstance(brush, QBrush) and brush.style() is Qt.BrushStyle.BDiagPattern


def paint_hatching(painter: QPainter, area: QRectF, colour: QColor) -> None:
    """Fill an area with rising lines, each cut where the area ends: patterns and clips are lost on some programs."""
    painter.save()
    painter.setPen(QPen(colour, HATCH_WIDTH, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    for index in range(1, math.ceil((area.width() + area.height()) / HATCH_SPACING)):
        along = index * HATCH_SPACING  # from the upper left corner to where the line meets the left or the top side
        down, over = max(0.0, along - area.height()), max(0.0, along - area.width())
        begin = QPointF(area.left() + down, area.top() + along - down)
        painter.drawLine(begin, QPointF(area.left() + along - over, area.top() + over))
    painter.restore()
