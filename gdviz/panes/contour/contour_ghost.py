"""The ghosts on the contour: the next steps of a run as dotted lines with small rings, thinner than the path."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from gdviz.panes.landscape.ghost import cut_off, marked_steps
from gdviz.panes.landscape.landscape import RunPath
from gdviz.panes.contour.overlays import arrowhead, tip_inside
from gdviz.panes.contour.paths import casing, in_pixels, joined
from gdviz.plotting.shapes import Painted, Shape
from gdviz.plotting.pane import Grid
from gdviz.plotting.style import Style, faded

WIDTH, GROUND = 2.0, 4.2
"""Of the dots and of the ground under them, in units."""
DOTS = (1.2, 2.3)
"""A dot along the line and the space to the next one, in line widths."""
OPACITY = 0.5
"""Of the ground: what is below shines through."""
RING, LEAST = 3.4, 9.0
"""The radius of the ring at a step, and the distance between two steps from which on they have one, in units."""
HEAD = 11.0
"""The length of the arrowhead at the wall, in units."""


def ghost_things(path: RunPath, grid: Grid, room: QRectF, style: Style) -> list[Painted]:
    """The next steps of a run, a ring at each that can be told from the one before, an arrowhead where they leave."""
    if not len(path.ghost):
        return []
    unit, colour = style.unit, style.palette.runs[path.style]
    outer, pixels = casing(colour), in_pixels(path.ghost, grid)
    line, marks = joined(pixels), QPainterPath()
    for x, y in pixels[marked_steps(path.ghost, pixels, LEAST * unit), 1].tolist():
        marks.addEllipse(QPointF(x, y), RING * unit, RING * unit)
    for begin, wall in pixels[cut_off(path.ghost)].tolist():
        marks.addPath(_head(QPointF(*begin), QPointF(*wall), room, unit))
    return [
        Shape(line, style.pen(outer, GROUND, alpha=OPACITY), clip=grid.area),
        Shape(line, style.pen(colour, WIDTH, DOTS), clip=grid.area),
        Shape(marks, style.pen(outer, 4.0, alpha=OPACITY)),
        Shape(marks, style.pen(colour, 1.5), faded(outer, 1.0)),
    ]


def _head(begin: QPointF, wall: QPointF, room: QRectF, unit: float) -> QPainterPath:
    """The arrowhead half outside of the square, but inside of the pane."""
    way = wall - begin
    length = max(1e-9, float(np.hypot(way.x(), way.y())))
    tip = tip_inside(wall, wall + way * (HEAD / 2 * unit / length), room)
    return arrowhead(begin, tip, HEAD * unit)
