"""The square that shows the box of the two parameters, as large as fits, and the labels of its axes."""

import math

from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSizeF

from gdviz.panes.landscape.landscape import Surface
from gdviz.plotting.pane import Grid
from gdviz.plotting.shapes import Words
from gdviz.plotting.style import Style, height_of
from gdviz.plotting.text import width_of
from gdviz.plotting.ticks import Ticks, fit_ticks

UNIT_BOX = (-1.0, 1.0)


def margins(surface: Surface, style: Style) -> QMarginsF:
    """The margins around the square for axis names and tick labels."""
    unit, digits = style.unit, height_of(style.number)
    left = max((width_of(style.number, tick.label) for tick in surface.axes[1].ticks), default=0.0) + 14 * unit
    top, bottom = height_of(style.text) + digits / 2 + 4 * unit, digits + height_of(style.text) + 12 * unit
    return QMarginsF(left, top, 14 * unit, bottom)


def largest_side(width: float, height: float, around: QMarginsF) -> int:
    """The side of the largest square that fits with these margins into a room of that size."""
    return math.floor(max(20.0, min(width - around.left() - around.right(), height - around.top() - around.bottom())))


def square(corner: QPointF, side: int, surface: Surface, style: Style) -> Grid:
    """The square with that upper left corner, which shows the unit box."""
    across, upwards = (tuple((tick.position, tick.label) for tick in axis.ticks) for axis in surface.axes[:2])
    number, gap = style.number, 10 * style.unit
    # Only every second, third, ... label where they would touch.
    x_ticks = fit_ticks(
        lambda most: Ticks(across[:: max(1, -(-len(across) // most))]),
        lambda value: value / 2 * side,
        lambda label: width_of(number, label) + gap,
    )
    return Grid(QRectF(corner, QSizeF(side, side)), UNIT_BOX, UNIT_BOX, x_ticks, Ticks(upwards))


def axis_names(grid: Grid, surface: Surface, style: Style) -> list[Words]:
    """The names of the first parameter, below its tick labels, and of the second, above its own."""
    unit, height, area, text = style.unit, height_of(style.text), grid.area, style.text
    first, second = surface.axes[0].name, surface.axes[1].name
    below = QRectF(area.left(), area.bottom() + 9 * unit + height_of(style.number), area.width(), height)
    width = width_of(text, second)
    above = QRectF(
        max(4 * unit, area.left() - width - 8 * unit), area.top() - height - height_of(style.number) / 2, width, height
    )
    colour = style.palette.text
    return [Words(first, below, text, colour), Words(second, above, text, colour)]
