"""Where the parts of the contour stand: the square, the axes' texts, and beside it the colour bar and the notes."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt

from gdviz.panes.landscape.landscape import Landscape, Surface
from gdviz.panes.plane.square import largest_side, margins, square
from gdviz.plotting.axes_layout import MARGIN
from gdviz.plotting.pane import Grid
from gdviz.plotting.shapes import Words
from gdviz.plotting.style import Style, faded
from gdviz.plotting.text import wrapped_size

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
    words = Words(text, QRectF(QPointF(left, top), size), font, colour, align=Qt.AlignmentFlag.AlignLeft, wrap=True)
    if layout.notes_beside:
        return [words]
    around = words.rect.adjusted(-5 * unit, -2 * unit, 5 * unit, 3 * unit)
    return [Words("", around, font, colour, faded(style.palette.pane, 0.82)), words]
