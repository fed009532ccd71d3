"""The layout of the stage: the rectangles of its parts, for any size."""

from typing import NamedTuple

from PySide6.QtCore import QRect, QSize

HEIGHT_IN_UNITS = 620.0
"""The height of the stage in units at text scale 1, whatever its pixels: text grows with the stage."""
STACKING_ASPECT = 0.72
"""The panes are stacked where their room is at least this high relative to its width."""
HEADER = 66.0
"""The height of the header's two lines in units."""
MIN_WIDTH_IN_UNITS = 820.0
"""On a narrow stage the unit follows the width, so that nothing is cut off."""
DEFAULT_SHARE, EVEN_SHARE, TAPE_SHARE = 0.58, 0.5, 0.55
"""Shares of the width for the landscape: by default, beside plots whose text needs room, and for the tape in its place,
whose columns must be readable from the back row."""
DATA_SHARE, SHARE_ABOVE_TALL, MAX_WORDY_SHARE = 0.46, 0.36, 0.58
"""Shares of the height beside it for the data, also above what needs more, and at most for large text in their place.
"""


class Arrangement(NamedTuple):
    """The rectangles of the stage's parts, in pixels."""

    header: QRect
    landscape: QRect
    data: QRect
    """Or what takes the place of the data; likewise for the others."""
    loss: QRect
    arithmetic: QRect


def unit_of(width: int, height: int, text_scale: float) -> float:
    """The unit of text and lines on a stage of that size, in pixels."""
    return min(height / HEIGHT_IN_UNITS, width / MIN_WIDTH_IN_UNITS) * text_scale


def arrange(
    width: int,
    height: int,
    unit: float,
    with_data: bool,
    landscape_share: float = DEFAULT_SHARE,
    data_share: float = DATA_SHARE,
    with_arithmetic: bool = True,
) -> Arrangement:
    """Lay out the parts of a stage of that size; without data the loss takes their place.

    landscape_share: of the width, where the plots are beside the landscape. data_share: of the height, then.
    with_arithmetic: whether there is a line below the panes; if not, they take its room.
    """
    gap = max(2, round(6 * unit))
    top, bottom = round(HEADER * unit), height - (round(64 * unit) if with_arithmetic else gap)
    inside = QRect(gap, top, width - 2 * gap, bottom - top)
    side_by_side = inside.height() < STACKING_ASPECT * inside.width()
    if side_by_side:
        part = round((inside.width() + 2 * gap) * landscape_share) - gap
        landscape, plots = _split(inside, part, gap, side_by_side)
        first = round(inside.height() * data_share)
    else:
        landscape, plots = _split(inside, round(inside.height() * 0.6), gap, side_by_side)
        first = (plots.width() - gap) // 2
    if not with_data:
        first = gap = 0
    data, loss = _split(plots, first, gap, not side_by_side)
    return Arrangement(QRect(0, 0, width, top), landscape, data, loss, QRect(0, bottom, width, height - bottom))


def _split(room: QRect, first: int, gap: int, side_by_side: bool) -> tuple[QRect, QRect]:
    """The first part of the room, ``first`` pixels wide or high, and the rest beyond the gap beside or below it."""
    begin, size = room.topLeft(), room.size()
    if side_by_side:
        return QRect(begin, QSize(first, size.height())), room.adjusted(first + gap, 0, 0, 0)
    return QRect(begin, QSize(size.width(), first)), room.adjusted(0, first + gap, 0, 0)
