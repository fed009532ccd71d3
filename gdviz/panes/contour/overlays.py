"""The step that leaves the box on the contour: its arrow, whose head is just outside of the square, and its label."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen, QPolygonF

from gdviz.panes.landscape.landscape import Arrow
from gdviz.panes.contour.paths import casing, label_at
from gdviz.plotting.shapes import Painted, Shape, line
from gdviz.plotting.pane import Grid
from gdviz.plotting.style import Style, faded
from gdviz.plotting.run_legend import shortened_to


def arrow_things(
    arrow: Arrow,
    colour: str,
    grid: Grid,
    room: QRectF,
    taken: list[QRectF],
    obstacles: NDArray[np.float64],
    style: Style,
    dashes: tuple[float, ...] = (),
) -> list[Painted]:
    """The step that leaves the box, with its head just outside of the square but inside of the pane, and its label."""
    tail, wall = grid.place(*arrow.tail[:2]), grid.place(*arrow.wall[:2])
    tip = tip_inside(wall, grid.place(*arrow.tip[:2]), room)
    unit = style.unit
    head = Shape(arrowhead(tail, tip, 15 * unit), style.pen(casing(colour), 1.6), faded(colour, 1.0))
    taken.append(head.path.boundingRect())
    if not arrow.label:
        return [*_shaft(tail, tip, colour, dashes, style), head]
    # Beside the shaft and in the square: outside are the numbers of the axes.
    beside = _between(wall, tail, min(0.5, 22 * unit / max(1.0, _length(tail, wall))))
    text = shortened_to(arrow.label, grid.area.width() - 8 * unit, style, Qt.TextElideMode.ElideLeft)
    words = label_at(text, beside, 13 * unit, grid.area, taken, obstacles, style, style.palette.warning)
    taken.append(words.rect)
    return [*_shaft(tail, tip, colour, dashes, style), head, words]


def _shaft(tail: QPointF, tip: QPointF, colour: str, dashes: tuple[float, ...], style: Style) -> tuple[Shape, Shape]:
    """The line of the step up to the middle of its head, with its casing below."""
    end = _between(tail, tip, 1.0 - min(0.9, 10 * style.unit / max(1.0, _length(tail, tip))))
    shaft = line(tail, end)
    return Shape(shaft, style.pen(casing(colour), 6.4, alpha=0.75)), Shape(shaft, _butt(style, colour, dashes))


def _butt(style: Style, colour: str, dashes: tuple[float, ...]) -> QPen:
    pen = style.pen(colour, 3.4, dashes)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def _length(begin: QPointF, end: QPointF) -> float:
    return float(np.hypot(end.x() - begin.x(), end.y() - begin.y()))


def _between(begin: QPointF, end: QPointF, part: float) -> QPointF:
    return begin + (end - begin) * part


def tip_inside(wall: QPointF, tip: QPointF, room: QRectF) -> QPointF:
    """The tip, or the point before it on the way from the wall at which the room ends."""
    part = 1.0
    for begin, end, low, high in (
        (wall.x(), tip.x(), room.left(), room.right()),
        (wall.y(), tip.y(), room.top(), room.bottom()),
    ):
        if end != begin:
            limit = high if end > begin else low
            part = min(part, max(0.0, (limit - begin) / (end - begin)))
    return _between(wall, tip, part)


def arrowhead(tail: QPointF, tip: QPointF, size: float) -> QPainterPath:
    """The triangle at the end of an arrow."""
    length = max(1e-9, _length(tail, tip))
    along = (tip - tail) / length if length > 1e-6 else QPointF(1.0, 0.0)
    across = QPointF(-along.y(), along.x())
    base = tip - along * size
    path = QPainterPath()
    path.addPolygon(QPolygonF([tip, base + across * (0.42 * size), base - across * (0.42 * size)]))
    path.closeSubpath()
    return path
