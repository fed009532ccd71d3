"""The layout of a plot in its pane: from the sizes of texts to the place of the axes, without a layout engine."""

from collections.abc import Callable, Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from gdviz.core.frozen import frozen
from gdviz.plotting.pane import AxisScale, Grid
from gdviz.plotting.placement import left_aligned, right_aligned
from gdviz.plotting.shapes import LEFT, Words
from gdviz.plotting.style import Style, height_of
from gdviz.plotting.text import width_of
from gdviz.plotting.ticks import Ticks, fit_ticks

Range = tuple[float, float]
Chooser = Callable[[float, float, int], Ticks]
"""From a low value, a high value and the most ticks, to the ticks."""

MARGIN = 8.0
"""Units between text and the border of the pane."""


@frozen
class Axes:
    """The ranges of the two axes, how their ticks are chosen, the name left of the horizontal ticks, their scale.

    numbers_width: the least width of the vertical numbers in pixels, so that plots one above the other are aligned.
    """

    x_range: Range
    y_range: Range
    x_ticks: Chooser
    y_ticks: Chooser
    x_name: str = ""
    x_scale: AxisScale | None = None
    numbers_width: float = 0.0


def lay_out_axes(room: QRectF, top: float, axes: Axes, style: Style) -> Grid:
    """The plot in ``room`` whose uppermost label begins at ``top``, with as many ticks as stand clear of each other."""
    return _laid_out(room.getRect(), top, axes, style)


# The frames of a run share their axes as long as the ranges stay.
@lru_cache(maxsize=16)
def _laid_out(rect: tuple[float, float, float, float], top: float, axes: Axes, style: Style) -> Grid:
    room = QRectF(*rect)
    unit, number = style.unit, style.number
    digits, gap = height_of(number), 10 * unit
    height = room.bottom() - (digits + gap) - top - digits / 2
    y_ticks = _fitting(axes.y_ticks, axes.y_range, height, lambda _: 1.3 * digits)
    widest = max((width_of(number, label) for _, label in y_ticks.major), default=0.0)
    widest = max(widest, axes.numbers_width)
    named = width_of(style.text, axes.x_name) + width_of(number, "0") / 2 if axes.x_name else 0.0
    left, right = max(widest, named) + 14 * unit, MARGIN * unit
    along = _along(axes.x_scale)
    low, high = map(along, axes.x_range)
    for _ in range(2):
        width = room.width() - left - right
        x_ticks = _fitting(axes.x_ticks, axes.x_range, width, lambda label: width_of(number, label) + gap, along)
        for value, label in x_ticks.major[-1:]:
            overhang = (along(value) - high) / (high - low) * width + width_of(number, label) / 2
            right = max(right, overhang + 4 * unit)
    area = QRectF(round(room.left() + left), round(top + digits / 2), round(room.width() - left - right), round(height))
    return Grid(area, axes.x_range, axes.y_range, x_ticks, y_ticks, axes.x_scale)


def _along(scale: AxisScale | None) -> Callable[[float], float]:
    """From a value to its place along an axis of that scale."""
    return _itself if scale is None else lambda value: float(scale.places(value))


def _itself(value: float) -> float:
    return value


def _fitting(
    choose: Chooser,
    shown: Range,
    length: float,
    extent: Callable[[str], float],
    along: Callable[[float], float] = _itself,
) -> Ticks:
    low, high = map(along, shown)

    def place(value: float) -> float:
        return (along(value) - low) / (high - low) * length

    return fit_ticks(lambda most: choose(*shown, most), place, extent)


def x_name_words(grid: Grid, name: str, style: Style) -> Words:
    """The name of the horizontal axis, on the line of its numbers, left of the first."""
    unit, number = style.unit, style.number
    end = grid.area.left() - 6 * unit
    for value, label in grid.x_ticks.major[:1]:
        end = min(end, grid.x(value) - width_of(number, label) / 2 - 6 * unit)
    # On the baseline of the numbers, which begin 8 units below the plot (see `gdviz.plotting.pane`).
    top = grid.area.bottom() + 8 * unit + (height_of(number) - height_of(style.text)) / 2
    return right_aligned(end, top, name, style.text, style.palette.quiet)


def title_words(title: str, addition: str, width: float, style: Style) -> list[Words]:
    """The title of a pane, and beside it ``addition`` in the text font if there is room."""
    unit, colour = style.unit, style.palette.quiet
    words = [left_aligned(MARGIN * unit, 4 * unit, title, style.title, colour)]
    rect = words[0].rect
    beside = QRectF(rect.right() + 6 * unit, rect.top(), width_of(style.text, addition), rect.height())
    if addition and beside.right() <= width - MARGIN * unit:
        words.append(Words(addition, beside, style.text, colour, align=LEFT))
    return words


def title_bottom(style: Style) -> float:
    """The lower edge of the title."""
    return 4 * style.unit + height_of(style.title)


def points_along(pieces: Iterable[NDArray[np.float64]], spacing: float = 4.0, most: int = 4000) -> NDArray[np.float64]:
    """Points every few pixels along polylines of shape (n, 2): what a label should not cover."""
    found = [np.empty((0, 2))]
    for piece in pieces:
        finite = piece[np.isfinite(piece).all(axis=1)]
        if len(finite) == 0:
            continue
        lengths = np.concatenate([[0.0], np.hypot(*np.diff(finite, axis=0).T).cumsum()])
        places = np.linspace(0.0, lengths[-1], min(most, 2 + int(lengths[-1] / spacing)))
        found.append(np.stack([np.interp(places, lengths, finite[:, axis]) for axis in (0, 1)], axis=1))
    return np.concatenate(found)
