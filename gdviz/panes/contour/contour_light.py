"""What the row of the tape that is pointed at lights up on the contour: an axis, the line along it, a ring."""

from dataclasses import replace

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath

from gdviz.panes.landscape.landscape import Light
from gdviz.panes.contour.paths import label_at
from gdviz.plotting.shapes import Painted, Shape, Words, line
from gdviz.plotting.pane import Grid
from gdviz.plotting.style import Style

RING = 14.0
"""The radius of the ring around the place in units: clear of the marker and of the ring at the start."""


def light_lines(light: Light | None, grid: Grid, style: Style) -> list[Painted]:
    """The axis that is meant, as an edge of the square, and the line through the place along it; below the path."""
    if light is None or light.axis not in (0, 1):
        return []
    area = grid.area
    edge = line(area.bottomLeft(), area.bottomRight() if light.axis == 0 else area.topLeft())
    found: list[Painted] = [Shape(edge, style.pen(style.palette.accent, 5.0))]
    if len(light.line):
        places = light.line.astype(float)
        along = pg.arrayToQPath(grid.xs(places[:, 0]), grid.ys(places[:, 1]))
        found += _cased(along, 3.0, style, area)
    return found


def light_place(
    light: Light | None, grid: Grid, taken: list[QRectF], obstacles: NDArray[np.float64], style: Style
) -> list[Painted]:
    """The ring around the place and its label, over everything else; both are added to what is taken."""
    if light is None or light.place is None:
        return []
    place, ring = grid.place(*light.place[:2]), QPainterPath()
    ring.addEllipse(place, RING * style.unit, RING * style.unit)
    along = light.line.astype(np.float64)
    covered = np.concatenate([obstacles, np.stack([grid.xs(along[:, 0]), grid.ys(along[:, 1])], axis=1)])
    distance = (RING + 4) * style.unit
    words = label_at(light.label, place, distance, grid.area, taken, covered, style, style.palette.accent)
    taken += [ring.boundingRect(), words.rect]
    return [*_cased(ring, 3.4, style, None), words]


def lit_names(names: list[Words], light: Light | None, style: Style) -> list[Words]:
    """The names of the two axes, in the colour of what is lit where they are meant."""
    lit = -1 if light is None else light.axis
    return [replace(name, colour=style.palette.accent) if axis == lit else name for axis, name in enumerate(names)]


def _cased(path: QPainterPath, width: float, style: Style, clip: QRectF | None) -> list[Shape]:
    """In the colour of what is lit with an edge of the pane's colour: it is seen on every colour of the loss."""
    palette = style.palette
    pens = (style.pen(palette.background, width + 3.2), style.pen(palette.accent, width))
    return [Shape(path, pen, clip=clip) for pen in pens]
