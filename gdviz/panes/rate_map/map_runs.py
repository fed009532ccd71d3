"""The runs on the map of rate and steps: their trails, where they are now, and where they have left the map."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath, QPolygonF

from gdviz.panes.rate_map.picture import MapRun
from gdviz.presentation.palette import DASHES
from gdviz.panes.contour.paths import casing
from gdviz.plotting.shapes import Painted, Shape
from gdviz.panes.rate_map.labels import pixels
from gdviz.plotting.pane import Grid
from gdviz.plotting.style import Style, faded, marker

RADIUS, ARROW = 7.5, 15.0
"""Of the marker, and the length of the arrow in its place, in units."""


def run_things(runs: Sequence[MapRun], grid: Grid, style: Style) -> list[Painted]:
    """All runs, the first on top."""
    trails = [thing for run in reversed(runs) for thing in _trail(run, grid, style)]
    return [*trails, *(_marker(run, grid, style) for run in reversed(runs))]


def _trail(run: MapRun, grid: Grid, style: Style) -> list[Painted]:
    if not len(run.trail):
        return []
    colour = style.palette.runs[run.style]
    path = pg.arrayToQPath(*pixels(run.trail, grid).T.copy(), connect="finite")
    pens = (style.pen(casing(colour), 5.4), style.pen(colour, 2.6, DASHES[run.style]))
    return [Shape(path, pen, clip=grid.area) for pen in pens]


def _marker(run: MapRun, grid: Grid, style: Style) -> Shape:
    """The run's marker, or at the edge of the map an arrow that points to where it is."""
    colour, place = style.palette.runs[run.style], grid.place(*run.current)
    outline = marker(run.style, place, RADIUS * style.unit)
    if any(run.beyond):
        outline = _arrow(place, run.beyond, ARROW * style.unit)
    return Shape(outline, style.pen(casing(colour), 2.0), faded(colour, 1.0))


def _arrow(tip: QPointF, beyond: tuple[int, int], size: float) -> QPainterPath:
    """A triangle whose tip is on the edge."""
    towards = QPointF(beyond[0], -beyond[1]) / float(np.hypot(*beyond))
    across, base = QPointF(-towards.y(), towards.x()), tip - towards * size
    path = QPainterPath()
    path.addPolygon(QPolygonF([tip, base + across * (0.6 * size), base - across * (0.6 * size)]))
    path.closeSubpath()
    return path
