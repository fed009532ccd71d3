"""Where the parts of the stage stand: plain rectangles for any size of it."""

from typing import NamedTuple

from PySide6.QtCore import QRect, QSize

UNITS_HIGH = 620.0
"""The stage is so many units high at text scale 1, whatever its size in pixels: text grows with the stage."""
TALL = 0.72
"""Where the room for the panes is so high in parts of its width, they are stacked."""
MIN_UNITS_WIDE = 820.0
"""On a narrow stage the unit follows the width, so that nothing is cut."""
USUAL, EVEN, TAPE = 0.58, 0.5, 0.55
"""Parts of the width for the landscape: as usual, where the plots beside it have words that need room, and for the tape
in its place, whose columns have to be read from the back row."""
DATA, MOST_WORDS = 0.46, 0.58
"""Parts of the height beside it for the data; and, in their place, for words in large text at most."""


class Arrangement(NamedTuple):
    """Where the parts of the stage are, in pixels."""

    header: QRect
    landscape: QRect
    data: QRect
    """Also of what stands in the place of the data, and so on."""
    loss: QRect
    arithmetic: QRect


def unit_of(width: int, height: int, text_scale: float) -> float:
    """The unit in which text and lines on a stage of that size are measured, in pixels."""
    return min(height / UNITS_HIGH, width / MIN_UNITS_WIDE) * text_scale


def arrange(
    width: int,
    height: int,
    unit: float,
    with_data: bool,
    landscape_part: float = USUAL,
    data_part: float = DATA,
    with_arithmetic: bool = True,
) -> Arrangement:
    """The places of the parts on a stage of that size; without data the loss takes their place.

    landscape_part: how much of the width the landscape has where the plots stand beside it. data_part: how much of the
    height the data then have. with_arithmetic: whether there is a line below the panes; if not, they have its room.
    """
    gap = max(2, round(6 * unit))
    top, bottom = round(44 * unit), height - (round(64 * unit) if with_arithmetic else gap)
    inside = QRect(gap, top, width - 2 * gap, bottom - top)
    is_beside = inside.height() < TALL * inside.width()
    if is_beside:
        part = round((inside.width() + 2 * gap) * landscape_part) - gap
        landscape, plots = _split(inside, part, gap, is_beside)
        first = round(inside.height() * data_part)
    else:
        landscape, plots = _split(inside, round(inside.height() * 0.6), gap, is_beside)
        first = (plots.width() - gap) // 2
    if not with_data:
        first = gap = 0
    data, loss = _split(plots, first, gap, not is_beside)
    return Arrangement(QRect(0, 0, width, top), landscape, data, loss, QRect(0, bottom, width, height - bottom))


def _split(room: QRect, first: int, gap: int, side_by_side: bool) -> tuple[QRect, QRect]:
    """The first part of the room, so many pixels wide or high, and what is left beyond the gap next to or below it."""
    begin, size = room.topLeft(), room.size()
    if side_by_side:
        return QRect(begin, QSize(first, size.height())), room.adjusted(first + gap, 0, 0, 0)
    return QRect(begin, QSize(size.width(), first)), room.adjusted(0, first + gap, 0, 0)
