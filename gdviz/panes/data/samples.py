"""The sample rows of the tape in the plot of the data: rings with the numbers of the rows, and what is predicted."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath

from gdviz.plotting.pane import Grid
from gdviz.plotting.placement import LabelPlacer
from gdviz.plotting.shapes import Painted, Shape, Words
from gdviz.plotting.style import Style, faded, marker
from gdviz.presentation.highlight import DataLight, Meaning, Sample

RING, MARK = 6.0, 7.0
"""Radii in units: of the ring around a point, of the mark on the line."""
_DIAMOND = 3
MOST_OBSTACLES = 300
"""So many points are enough to find where there are few."""


def sample_names(
    samples: Sequence[Sample], grid: Grid, taken: Sequence[QRectF], points: NDArray[np.float64], style: Style
) -> tuple[Words, ...]:
    """The names of the rows, clear of what is taken and of each other, over few of the points, shape (n, 2)."""
    obstacles = points[:: len(points) // MOST_OBSTACLES + 1]
    around = RING * style.unit
    rings = [QRectF(grid.x(s.x) - around, grid.y(s.y) - around, 2 * around, 2 * around) for s in samples]
    labels, distance = LabelPlacer(grid.area, [*taken, *rings], obstacles, style), (RING + 0.5) * style.unit
    return tuple(labels.put(f"row {sample.row:,}", grid.place(sample.x, sample.y), distance) for sample in samples)


def predicted_places(light: DataLight, grid: Grid, style: Style) -> list[QRectF]:
    """Where the marks on the line are."""
    if light.meaning is not Meaning.PREDICTIONS:
        return []
    places = [(sample.x, sample.predicted) for sample in light.samples if sample.predicted is not None]
    reach = 1.4 * MARK * style.unit
    return [QRectF(grid.x(x) - reach, grid.y(y) - reach, 2 * reach, 2 * reach) for x, y in places]


def sample_marks(light: DataLight, grid: Grid, style: Style) -> list[Painted]:
    """A ring around the point of each row; where predictions are meant, a diamond at the one for it on the line."""
    palette, things = style.palette, list[Painted]()
    for sample in light.samples:
        ring = QPainterPath()
        ring.addEllipse(grid.place(sample.x, sample.y), RING * style.unit, RING * style.unit)
        things += [Shape(ring, style.pen(palette.background, 4.6)), Shape(ring, style.pen(palette.text, 2.0))]
        if light.meaning is Meaning.PREDICTIONS and sample.predicted is not None:
            mark = marker(_DIAMOND, grid.place(sample.x, sample.predicted), MARK * style.unit)
            things.append(Shape(mark, style.pen(palette.background, 2.0), faded(palette.accent, 1.0)))
    return things
