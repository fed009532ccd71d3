"""The noise floors in the loss plot: a dotted line over the curves for each run that has one, and one key to them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from gdviz.plotting.shapes import Painted, Shape, Words, freest, line
from gdviz.plotting.pane import Grid
from gdviz.plotting.style import Style, faded, height_of
from gdviz.plotting.text import width_of

Floors = Sequence[tuple[int, float]]
"""The style of a run and the value around which it settles, in the scale of the plot."""

NAME = "noise floor"
DASHES = (1.3, 1.4)
WIDTH, HALO, SAMPLE, GAP = 2.2, 5.0, 22.0, 5.0
"""Of a line, of the plate under it, of a sample in the key, between two things there: in units."""
PLATE = 0.88
"""How opaque what is under lines and key is: of a run that settles the line is in the middle of its curve."""


def floor_lines(floors: Floors, grid: Grid, style: Style) -> list[Shape]:
    """The lines, from one side of the plot to the other."""
    area = grid.area
    return [
        shape
        for index, value in reversed(floors)
        for shape in _dotted(index, area.left(), area.right(), grid.y(value), style, area)
    ]


def _dotted(index: int, left: float, right: float, y: float, style: Style, clip: QRectF | None = None) -> list[Shape]:
    path = line(QPointF(left, y), QPointF(right, y))
    plate = style.pen(style.palette.background, HALO, alpha=PLATE)
    return [Shape(path, plate, clip=clip), Shape(path, style.pen(style.palette.runs[index], WIDTH, DASHES), clip=clip)]


def floor_key(
    floors: Floors, grid: Grid, curves: NDArray[np.float64], taken: Sequence[QRectF], style: Style
) -> tuple[list[Painted], list[QRectF]]:
    """A sample of each line and their name where they cover the least, and the place that they take; nothing of none.

    curves: points along the curves in pixels, shape (n, 2); taken: what must not be covered.
    """
    if not floors:
        return [], []
    unit = style.unit
    words, height = width_of(style.text, NAME) + 4 * unit, height_of(style.text)
    samples = len(floors) * (SAMPLE + GAP) * unit
    rect = freest(_places(samples + words + GAP * unit, height, grid, style), taken, curves)
    plate = QRectF(rect)
    things: list[Painted] = [Words("", plate, style.text, style.palette.text, faded(style.palette.background, PLATE))]
    for place, (index, _) in enumerate(floors):
        left = rect.left() + GAP * unit + place * (SAMPLE + GAP) * unit
        things += _dotted(index, left, left + SAMPLE * unit, rect.center().y(), style)
    name = QRectF(rect.right() - words, rect.top(), words, height)
    return [*things, Words(NAME, name, style.text, style.palette.text)], [rect]


def _places(width: float, height: float, grid: Grid, style: Style) -> list[QRectF]:
    """From the upper right corner, where a run that settles leaves the most room, to the lower left one."""
    area, inset = grid.area, 4 * style.unit
    lefts = (area.right() - width - inset, area.center().x() - width / 2, area.left() + inset)
    tops = np.arange(area.top() + inset, max(area.top() + inset + 1.0, area.bottom() - height), height)
    return [QRectF(left, float(top), width, height) for top in tops for left in lefts]
