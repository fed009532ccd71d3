"""Where the parts of the stage stand: plain rectangles for any size of it."""

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Arrangement:
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
    if inside.height() < TALL * inside.width():
        landscape, data, loss = _side_by_side(inside, gap, with_data, landscape_part, data_part)
    else:
        landscape, data, loss = _stacked(inside, gap, with_data)
    return Arrangement(QRect(0, 0, width, top), landscape, data, loss, QRect(0, bottom, width, height - bottom))


def _side_by_side(
    inside: QRect, gap: int, with_data: bool, part: float, data_part: float
) -> tuple[QRect, QRect, QRect]:
    """The landscape on the left, data above loss on the right."""
    split = inside.left() + round((inside.width() + 2 * gap) * part) - gap
    left, right = QRect(inside), QRect(inside)
    left.setRight(split - 1)
    right.setLeft(split + gap)
    if not with_data:
        return left, QRect(right.topLeft(), QSize(right.width(), 0)), right
    data, loss = QRect(right), QRect(right)
    data.setHeight(round(inside.height() * data_part))
    loss.setTop(data.bottom() + 1 + gap)
    return left, data, loss


def _stacked(inside: QRect, gap: int, with_data: bool) -> tuple[QRect, QRect, QRect]:
    """The landscape above, data and loss side by side below it."""
    above, below = QRect(inside), QRect(inside)
    above.setHeight(round(inside.height() * 0.6))
    below.setTop(above.bottom() + 1 + gap)
    if not with_data:
        return above, QRect(below.topLeft(), QSize(0, below.height())), below
    data, loss = QRect(below), QRect(below)
    data.setWidth((below.width() - gap) // 2)
    loss.setLeft(data.right() + 1 + gap)
    return above, data, loss
