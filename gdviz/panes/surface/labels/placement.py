"""Where labels go: each to a place at which it covers no other and is not cut, and as few lines as possible."""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from gdviz.plotting.placement import LabelSpace
from gdviz.plotting.shapes import moved_inside

Point = tuple[float, float]

EIGHT_WAYS = ((1, 0), (-1, 0), (0, -1), (0, 1), (0.7, -0.7), (-0.7, -0.7), (0.7, 0.7), (-0.7, 0.7))
"""In which order the places around a marker are tried: right, left, above, below, then the corners."""


def free_place(board: LabelSpace, rects: Sequence[QRectF], *, forced: bool) -> QRectF | None:
    """Of these places, in whole pixels, the free one that covers the least of what is drawn.

    Where none is free, the answer is None; if forced, the nearest free place to the one that covers the least.
    """
    places = [in_pixels(rect) for rect in rects]
    free = [place for place in places if _is_free(board, place)]
    if len(free) == 1 or not (free or forced):
        return free[0] if free else None
    best = LabelSpace(board.room, [], board.obstacles).least_covering(free or places)
    return best if free else _nearest_free(board, moved_inside(best, board.room))


def _is_free(board: LabelSpace, rect: QRectF) -> bool:
    return board.room.contains(rect) and board.is_clear(rect)


def _nearest_free(board: LabelSpace, rect: QRectF) -> QRectF:
    """The free place on a grid of half text heights that is nearest to a place; that itself if all is taken."""
    for move in _spiral(max(rect.height() // 2, 1.0)):
        moved = rect.translated(*move)
        if _is_free(board, moved):
            return moved
    return rect


@lru_cache(maxsize=8)
def _spiral(step: float) -> list[Point]:
    """Moves to the right and down on a grid, the shortest first."""
    moves = [(step * i, step * j) for i in range(-16, 17) for j in range(-16, 17)]
    return sorted(moves, key=lambda move: (math.hypot(*move), move))


def beside(point: Point, image: QImage, gap: float, way: Point) -> QRectF:
    """The place of a label that begins at a gap from a point, in the direction of a unit vector."""
    width, height = image.width(), image.height()
    reach = gap + (abs(way[0]) * width + abs(way[1]) * height) / 2.0
    return _centred(point[0] + reach * way[0], point[1] + reach * way[1], width, height)


def square(middle: Point, radius: float) -> QRectF:
    """The square around a point, in whole pixels."""
    return in_pixels(_centred(*middle, 2.0 * radius, 2.0 * radius))


def kept_in(room: QRectF, rect: QRectF) -> QRectF:
    """The place moved the least that puts it into the room; its end, where it is larger than that."""
    left = min(max(rect.left(), 0.0), room.width() - rect.width())
    return QRectF(left, min(max(rect.top(), 0.0), room.height() - rect.height()), rect.width(), rect.height())


def in_pixels(rect: QRectF) -> QRectF:
    """The place in whole pixels; halves go to the even one, where Qt's own rounding goes away from zero."""
    return QRectF(*map(round, rect.getRect()))  # type: ignore[call-overload]


def points_in(rect: QRectF) -> NDArray[np.float64]:
    """Points all over a place, shape (81, 2)."""
    x, y = rect.left() + np.linspace(0.0, rect.width(), 9), rect.top() + np.linspace(0.0, rect.height(), 9)
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def _centred(x: float, y: float, width: float, height: float) -> QRectF:
    return QRectF(x - width / 2.0, y - height / 2.0, width, height)
