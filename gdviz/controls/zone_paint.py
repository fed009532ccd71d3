"""How the zones of the learning rate look: told apart by lightness and pattern, not by colour alone."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gdviz.controls.rate_scale import DIVERGE, ZIGZAG
from gdviz.plotting.style import mixed
from gdviz.presentation.palette import Palette


def paint_zone(painter: QPainter, part: QRectF, name: str, palette: Palette, unit: float) -> None:
    """Fill a part of the groove: plain where it crawls, a zigzag line, dark stripes where it diverges."""
    painter.save()
    painter.setClipRect(part)
    fills = {ZIGZAG: mixed(palette.accent, palette.pane, 0.25), DIVERGE: mixed(palette.warning, palette.pane, 0.3)}
    painter.fillRect(part, fills.get(name, mixed(palette.grid, palette.pane, 0.5)))
    if name == ZIGZAG:
        painter.setPen(QPen(QColor(palette.accent), 1.8 * unit, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(_zigzag(part, 4.0 * unit))
    elif name == DIVERGE:
        painter.setPen(QPen(mixed(palette.warning, palette.pane, 0.8), 2 * unit))
        painter.drawLines(_stripes(part, 7.0 * unit))
    painter.restore()


def _zigzag(part: QRectF, stride: float) -> QPolygonF:
    count = math.ceil(part.width() / stride) + 1
    low, high = part.bottom() - part.height() / 4, part.top() + part.height() / 4
    return QPolygonF([QPointF(part.left() + k * stride, low if k % 2 else high) for k in range(count)])


def _stripes(part: QRectF, stride: float) -> list[QPointF]:
    count = math.ceil((part.width() + part.height()) / stride) + 1
    points = []
    for k in range(count):
        foot = part.left() - part.height() + k * stride
        points += [QPointF(foot, part.bottom()), QPointF(foot + part.height(), part.top())]
    return points
