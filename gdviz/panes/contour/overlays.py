"""What is drawn over the contour: the next steps of a run, and what the tape highlights."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from gdviz.panes.landscape.ghost import cut_off, marked_steps
from gdviz.panes.landscape.landscape import Light, RunPath
from gdviz.panes.plane.paths import arrowhead, in_pixels, length_of, segments_path, tip_inside
from gdviz.plotting.array_paths import arrayToQPath
from gdviz.plotting.pane import Grid
from gdviz.plotting.placement import LabelPlacer
from gdviz.plotting.shapes import Painted, Shape, Words, circle, line
from gdviz.plotting.style import Style, casing, faded

GHOST_WIDTH, CASING_WIDTH = 2.0, 4.2
"""Widths of the next steps' dotted line and of its casing, in units."""
DOT_PATTERN = (1.2, 2.3)
"""Length of a dot and of the gap to the next, in line widths."""
CASING_OPACITY = 0.5
"""Opacity of the casing."""
STEP_RING, LEAST_STEP = 3.4, 9.0
"""Radius of the ring at a step, and the least length of a step that has one, in units."""
HEAD_LENGTH = 11.0
"""Length of the arrowhead at the edge of the box, in units."""
HIGHLIGHT_RING = 14.0
"""Radius of the ring around the highlighted place, in units: clear of marker and start."""


def ghost_things(path: RunPath, grid: Grid, room: QRectF, style: Style) -> list[Painted]:
    """The next steps of a run: a ring at each that is long enough, an arrowhead where they leave the box."""
    if not len(path.ghost):
        return []
    unit, colour = style.unit, style.palette.runs[path.style]
    outer, pixels = casing(colour), in_pixels(path.ghost, grid)
    line, marks = segments_path(pixels), QPainterPath()
    for x, y in pixels[marked_steps(path.ghost, pixels, LEAST_STEP * unit), 1].tolist():
        marks.addEllipse(QPointF(x, y), STEP_RING * unit, STEP_RING * unit)
    for begin, wall in pixels[cut_off(path.ghost)].tolist():
        marks.addPath(_exit_arrowhead(QPointF(*begin), QPointF(*wall), room, unit))
    return [
        Shape(line, style.pen(outer, CASING_WIDTH, alpha=CASING_OPACITY), clip=grid.area),
        Shape(line, style.pen(colour, GHOST_WIDTH, DOT_PATTERN), clip=grid.area),
        Shape(marks, style.pen(outer, 4.0, alpha=CASING_OPACITY)),
        Shape(marks, style.pen(colour, 1.5), faded(outer, 1.0)),
    ]


def _exit_arrowhead(begin: QPointF, wall: QPointF, room: QRectF, unit: float) -> QPainterPath:
    """The arrowhead, half outside the square but inside the pane."""
    length = max(1e-9, length_of(begin, wall))
    tip = tip_inside(wall, wall + (wall - begin) * (HEAD_LENGTH / 2 * unit / length), room)
    return arrowhead(begin, tip, HEAD_LENGTH * unit)


def axis_highlight(light: Light | None, grid: Grid, style: Style) -> list[Painted]:
    """The highlighted axis, as an edge of the square, and the line along it through the current point."""
    if light is None or light.axis not in (0, 1):
        return []
    area = grid.area
    edge = line(area.bottomLeft(), area.bottomRight() if light.axis == 0 else area.topLeft())
    lit = Shape(edge, style.pen(style.palette.accent, 5.0))
    if not len(light.line):
        return [lit]
    places = light.line.astype(float)
    along = arrayToQPath(grid.xs(places[:, 0]), grid.ys(places[:, 1]))
    return [lit, *_cased(along, 3.0, style, area)]


def point_highlight(light: Light | None, grid: Grid, labels: LabelPlacer) -> list[Painted]:
    """The ring around the highlighted place, and its label."""
    style = labels.style
    if light is None or light.place is None:
        return []
    place = grid.place(*light.place[:2])
    ring = circle(place, HIGHLIGHT_RING * style.unit)
    along = light.line.astype(np.float64)
    covered = np.concatenate([labels.obstacles, np.stack([grid.xs(along[:, 0]), grid.ys(along[:, 1])], axis=1)])
    off_line = replace(labels, obstacles=covered)
    words = off_line.put(light.label, place, (HIGHLIGHT_RING + 4) * style.unit, style.palette.accent)
    labels.taken.append(ring.boundingRect())
    return [*_cased(ring, 3.4, style, None), words]


def highlighted_names(names: list[Words], light: Light | None, style: Style) -> list[Words]:
    """The names of the two axes, the highlighted one in the colour of highlights."""
    lit = -1 if light is None else light.axis
    return [replace(name, colour=style.palette.accent) if axis == lit else name for axis, name in enumerate(names)]


def _cased(path: QPainterPath, width: float, style: Style, clip: QRectF | None) -> list[Shape]:
    """The path in the colour of highlights, cased in the background colour: visible on every colour of the loss."""
    palette = style.palette
    pens = (style.pen(palette.background, width + 3.2), style.pen(palette.accent, width))
    return [Shape(path, pen, clip=clip) for pen in pens]
