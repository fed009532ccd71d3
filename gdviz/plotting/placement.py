"""Places for words and arrows: at a point, in a pane, and clear of what is drawn."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont

from gdviz.plotting.shapes import Words, kept_inside
from gdviz.plotting.style import Style, faded, height_of
from gdviz.plotting.text import width_of


def text_from(left: float, top: float, text: str, font: QFont, colour: str) -> Words:
    """A line of text that begins there."""
    rect = QRectF(left, top, width_of(font, text), height_of(font))
    return Words(text, rect, font, colour, align=Qt.AlignmentFlag.AlignLeft)


def text_to(right: float, top: float, text: str, font: QFont, colour: str) -> Words:
    """A line of text that ends there."""
    width = width_of(font, text)
    rect = QRectF(right - width, top, width, height_of(font))
    return Words(text, rect, font, colour, align=Qt.AlignmentFlag.AlignRight)


@dataclass(eq=False)
class Board:
    """A room, the places in it that are taken, and what is drawn there: points, shape (n, 2)."""

    room: QRectF
    taken: list[QRectF]
    obstacles: NDArray[np.float64]

    def is_clear(self, rect: QRectF) -> bool:
        """Whether this covers no place that is taken."""
        return not any(map(rect.intersects, self.taken))

    def covered(self, rects: Iterable[QRectF]) -> int:
        """How much these cover: a taken place counts for more than all points."""
        return sum(
            1_000_000 * sum(map(rect.intersects, self.taken)) + _crossings(rect, self.obstacles) for rect in rects
        )

    def freest(self, candidates: Iterable[QRectF]) -> QRectF:
        """The candidate that covers the least; the first of equals."""
        best, least = QRectF(), math.inf
        for rect in candidates:
            covered = self.covered([rect])
            if covered < least:
                best, least = rect, covered
            if not covered:
                break
        return best


@dataclass(eq=False)
class LabelPlacer(Board):
    """Puts labels into a room, each clear of those before it and off what is drawn."""

    style: Style

    def put_at(self, text: str, candidates: Iterable[QRectF], colour: str, plate: QColor | None = None) -> Words:
        """A label in the freest of these places, which is taken from now on."""
        words = Words(text, self.freest(candidates), self.style.text, colour, plate)
        self.taken.append(words.rect)
        return words

    def put(self, text: str, place: QPointF, distance: float, colour: str | None = None) -> Words:
        """A label as `beside` finds it, whose place is taken from now on."""
        words = self.beside(text, place, distance, colour)
        self.taken.append(words.rect)
        return words

    def beside(self, text: str, place: QPointF, distance: float, colour: str | None = None) -> Words:
        """A label on a plate beside a place: right, left, above or below, where it covers the least."""
        style, room = self.style, self.room
        width, height = width_of(style.text, text) + 8 * style.unit, height_of(style.text) + style.unit
        corners = [corner for far in (1.0, 2.5, 5.0) for corner in _corners(place, far * distance, width, height)]
        reach = 0.8 * distance
        around = QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)
        clear = replace(self, taken=[*self.taken, around])
        rect = clear.freest([kept_inside(QRectF(left, top, width, height), room) for left, top in corners])
        if not self.is_clear(rect):
            rect = clear.freest(_all_over(room, rect))
        return Words(text, rect, style.text, colour or style.palette.text, faded(style.palette.pane, 0.85))


def _crossings(rect: QRectF, points: NDArray[np.float64]) -> int:
    """How many of the points, shape (n, 2), lie in the rectangle."""
    x, y = points[:, 0], points[:, 1]
    inside = (x >= rect.left()) & (x <= rect.right()) & (y >= rect.top()) & (y <= rect.bottom())
    return int(np.count_nonzero(inside))


def _all_over(room: QRectF, rect: QRectF) -> list[QRectF]:
    """Places of the size of a label on a grid over the room, the nearest to the label first."""
    lefts = np.arange(room.left(), max(room.left() + 1.0, room.right() - rect.width()), rect.height())
    tops = np.arange(room.top(), max(room.top() + 1.0, room.bottom() - rect.height()), rect.height() / 2)
    found = [QRectF(left, top, rect.width(), rect.height()) for left in lefts.tolist() for top in tops.tolist()]
    middle = rect.center()
    return sorted(found, key=lambda other: math.hypot(other.center().x() - middle.x(), other.center().y() - middle.y()))


def _corners(place: QPointF, distance: float, width: float, height: float) -> list[tuple[float, float]]:
    """The upper left corners of labels right of a place, left, above, below, and diagonally."""
    x, y = place.x(), place.y()
    right, left, above, below = x + distance, x - distance - width, y - distance - height, y + distance
    beside, over = y - height / 2, x - width / 2
    straight = [(right, beside), (left, beside), (over, above), (over, below)]
    return [*straight, (right, above), (right, below), (left, above), (left, below)]


def part_inside(begin: Sequence[float], end: Sequence[float], low: Sequence[float], high: Sequence[float]) -> float:
    """Up to which part of the way from one place to another the way stays between the two corners of a rectangle."""
    part = 1.0
    for start, stop, least, most in zip(begin, end, low, high, strict=True):
        if stop != start:
            part = min(part, ((most if stop > start else least) - start) / (stop - start))
    return max(part, 0.0)
