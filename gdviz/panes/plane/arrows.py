"""The arrow of a step that leaves the box: its shaft, its head outside of the square, and its label inside."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath

from gdviz.panes.landscape.landscape import Arrow
from gdviz.plotting.markers import polygon
from gdviz.plotting.pane import Grid
from gdviz.plotting.placement import LabelPlacer, part_inside
from gdviz.plotting.shapes import Painted, Shape, line
from gdviz.plotting.style import Style, casing, faded
from gdviz.plotting.text import shortened


def arrow_things(
    arrow: Arrow,
    colour: str,
    dashes: tuple[float, ...],
    grid: Grid,
    room: QRectF,
    labels: LabelPlacer,
) -> list[Painted]:
    """The step that leaves the box, with its head just outside of the square but inside of the pane, and its label."""
    style = labels.style
    tail, wall = grid.place(*arrow.tail[:2]), grid.place(*arrow.wall[:2])
    tip = tip_inside(wall, grid.place(*arrow.tip[:2]), room)
    unit = style.unit
    head = Shape(arrowhead(tail, tip, 15 * unit), style.pen(casing(colour), 1.6), faded(colour, 1.0))
    labels.taken.append(head.path.boundingRect())
    if not arrow.label:
        return [*_shaft(tail, tip, colour, dashes, style), head]
    # Beside the shaft and in the square: outside are the numbers of the axes.
    beside = _between(wall, tail, min(0.5, 22 * unit / max(1.0, length_of(tail, wall))))
    text = shortened(style.text, arrow.label, grid.area.width() - 8 * unit, Qt.TextElideMode.ElideLeft)
    words = labels.put(text, beside, 13 * unit, style.palette.warning)
    return [*_shaft(tail, tip, colour, dashes, style), head, words]


def _shaft(tail: QPointF, tip: QPointF, colour: str, dashes: tuple[float, ...], style: Style) -> tuple[Shape, Shape]:
    """The line of the step up to the middle of its head, with its casing below."""
    end = _between(tail, tip, 1.0 - min(0.9, 10 * style.unit / max(1.0, length_of(tail, tip))))
    shaft, pen = line(tail, end), style.pen(colour, 3.4, dashes)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return Shape(shaft, style.pen(casing(colour), 6.4, alpha=0.75)), Shape(shaft, pen)


def length_of(begin: QPointF, end: QPointF) -> float:
    """The distance between two places."""
    return float(np.hypot(end.x() - begin.x(), end.y() - begin.y()))


def _between(begin: QPointF, end: QPointF, part: float) -> QPointF:
    return begin + (end - begin) * part


def tip_inside(wall: QPointF, tip: QPointF, room: QRectF) -> QPointF:
    """The tip, or the point before it on the way from the wall at which the room ends."""
    low, high = room.topLeft().toTuple(), room.bottomRight().toTuple()
    return _between(wall, tip, part_inside(wall.toTuple(), tip.toTuple(), low, high))


def arrowhead(tail: QPointF, tip: QPointF, size: float) -> QPainterPath:
    """The triangle at the end of an arrow."""
    length = max(1e-9, length_of(tail, tip))
    along = (tip - tail) / length if length > 1e-6 else QPointF(1.0, 0.0)
    across = QPointF(-along.y(), along.x())
    base = tip - along * size
    return polygon([tip, base + across * (0.42 * size), base - across * (0.42 * size)])
