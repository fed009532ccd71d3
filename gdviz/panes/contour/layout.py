"""Where the parts of the contour stand: the square, the axes' texts, and beside it the colour bar and the notes."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSize, QSizeF, Qt

from gdviz.panes.landscape.landscape import Landscape, Surface
from gdviz.plotting.axes_layout import MARGIN
from gdviz.plotting.pane import Grid
from gdviz.plotting.shapes import Words
from gdviz.plotting.style import Style, faded, height_of
from gdviz.plotting.text import width_of, wrapped_size
from gdviz.plotting.ticks import Ticks, fitting

UNIT_BOX = (-1.0, 1.0)
TOP_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
NOTES_WIDTH, BAR_WIDTH, WIDEST = 190.0, 104.0, 250.0
"""Units: from which room on the notes or the colour bar stand beside the square, and what they take at most."""
MOST_BESIDE, MOST_ON_PLATE, MOST_OF_RUNS = 0.45, 0.2, 0.4
"""The part of the square's height that the notes take at most, beside it and on it, there those of one run or several;
the first note is always there."""


@dataclass(frozen=True, eq=False)
class ContourLayout:
    """The square, and the column beside it (of no width where there is none) with or without the notes."""

    grid: Grid
    column: QRectF
    notes_beside: bool


def contour_layout(size: QSize, surface: Surface, style: Style, above: float = 0.0) -> ContourLayout:
    """The largest square with its texts that the pane holds, centred together with what stands beside it.

    above: the pixels at the top of the pane that are left to others.
    """
    unit, around = style.unit, margins(surface, style)
    around.setTop(around.top() + above)
    side = largest_side(size.width(), size.height(), around)
    room = size.width() - around.left() - side - around.right()
    notes_beside = room >= NOTES_WIDTH * unit
    column = min(room, WIDEST * unit) if notes_beside else BAR_WIDTH * unit if room >= BAR_WIDTH * unit else 0.0
    begin = round((size.width() - around.left() - side - around.right() - column) / 2 + around.left())
    height = around.top() + side + around.bottom()
    grid = square(QPointF(begin, round(around.top() + (size.height() - height) / 2)), side, surface, style)
    area = grid.area
    beside = QRectF(area.right() + around.right(), area.top(), column - MARGIN * unit, side) if column else QRectF()
    return ContourLayout(grid, beside, notes_beside)


def margins(surface: Surface, style: Style) -> QMarginsF:
    """The room around the square for the names and the numbers of its axes."""
    unit, digits = style.unit, height_of(style.number)
    labels = [tick.label for tick in surface.axes[1].ticks]
    left = max([width_of(style.number, label) for label in labels], default=0.0) + 14 * unit
    top, bottom = height_of(style.text) + digits / 2 + 4 * unit, digits + height_of(style.text) + 12 * unit
    return QMarginsF(left, top, 14 * unit, bottom)


def largest_side(width: float, height: float, around: QMarginsF) -> int:
    """The side of the largest square that a room of that size holds with these margins."""
    return math.floor(max(20.0, min(width - around.left() - around.right(), height - around.top() - around.bottom())))


def square(corner: QPointF, side: int, surface: Surface, style: Style) -> Grid:
    """The square with that upper left corner, which shows the unit box."""
    across, upwards = (tuple((tick.position, tick.label) for tick in axis.ticks) for axis in surface.axes[:2])
    number, gap = style.number, 10 * style.unit
    # Every second, third, ... number where they would touch.
    x_ticks = fitting(
        lambda most: Ticks(across[:: max(1, -(-len(across) // most))]),
        lambda value: value / 2 * side,
        lambda label: width_of(number, label) + gap,
    )
    return Grid(QRectF(corner, QSizeF(side, side)), UNIT_BOX, UNIT_BOX, x_ticks, Ticks(upwards))


def axis_names(grid: Grid, surface: Surface, style: Style) -> list[Words]:
    """The name of the first parameter below its numbers, that of the second above its own."""
    unit, height, area, text = style.unit, height_of(style.text), grid.area, style.text
    first, second = surface.axes[0].name, surface.axes[1].name
    below = QRectF(area.left(), area.bottom() + 9 * unit + height_of(style.number), area.width(), height)
    width = width_of(text, second)
    above = QRectF(
        max(4 * unit, area.left() - width - 8 * unit), area.top() - height - height_of(style.number) / 2, width, height
    )
    colour = style.palette.text
    return [Words(first, below, text, colour), Words(second, above, text, colour)]


def notes_words(landscape: Landscape, layout: ContourLayout, style: Style) -> list[Words]:
    """The notes on a plate in the lower left corner of the square, or at the bottom of the column beside it.

    The last ones, which matter least, are left out where they would take too much of its height. Those of several runs
    are in the upper left corner where the loss is higher in the lower one: where it is higher, paths leave.
    """
    unit, font, colour = style.unit, style.text, style.palette.text
    heights, several = landscape.surface.heights, len(landscape.paths) > 1
    if layout.notes_beside:
        place, inset, part, at_top = layout.column, 0.0, MOST_BESIDE, False
    else:
        at_top = several and bool(heights[0, 0] > heights[0, -1])
        place, inset, part = layout.grid.area, 11 * unit, MOST_OF_RUNS if several else MOST_ON_PLATE
    text, size = "", QSizeF()
    for count in range(1, len(landscape.notes) + 1):
        longer = "\n".join(landscape.notes[:count])
        width, height = wrapped_size(font, longer, place.width() - 2 * inset)
        needed = QSizeF(math.ceil(width) + 1, math.ceil(height))
        if count == 1 or needed.height() <= place.height() * part:
            text, size = longer, needed
    if not text:
        return []
    left = place.left() + inset
    top = place.top() + inset if at_top else place.bottom() - inset - size.height()
    words = Words(text, QRectF(QPointF(left, top), size), font, colour, align=TOP_LEFT, wrap=True)
    if layout.notes_beside:
        return [words]
    around = words.rect.adjusted(-5 * unit, -2 * unit, 5 * unit, 3 * unit)
    return [Words("", around, font, colour, faded(style.palette.pane, 0.82)), words]
