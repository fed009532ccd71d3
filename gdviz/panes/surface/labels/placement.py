"""Finds a place for each label where it overlaps no other, is not cut off, and covers as few lines as possible."""

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

DIRECTIONS = ((1, 0), (-1, 0), (0, -1), (0, 1), (0.7, -0.7), (-0.7, -0.7), (0.7, 0.7), (-0.7, 0.7))
"""The order in which places around a marker are tried: right, left, above, below, then the corners."""


def free_place(board: LabelSpace, places: Sequence[QRectF], *, forced: bool) -> QRectF | None:
    """Return the free place that covers the least of what is drawn; all of them are in whole pixels.

    If none is free, None or, if forced, the free place nearest to the one that covers the least.
    """
    free = [place for place in places if _is_free(board, place)]
    if len(free) == 1 or not (free or forced):
        return free[0] if free else None
    best = LabelSpace(board.room, [], board.obstacles).least_covering(free or places)
    return best if free else _nearest_free(board, moved_inside(best, board.room))


def _is_free(board: LabelSpace, rect: QRectF) -> bool:
    return board.room.contains(rect) and board.is_clear(rect)


def _nearest_free(board: LabelSpace, rect: QRectF) -> QRectF:
    """Return the nearest free place on a grid of half text heights; ``rect`` itself if all are taken."""
    for move in _moves_by_length(max(rect.height() // 2, 1.0)):
        moved = rect.translated(*move)
        if _is_free(board, moved):
            return moved
    return rect


@lru_cache(maxsize=8)
def _moves_by_length(step: float) -> list[Point]:
    """Return offsets (right, down) on a grid, shortest first."""
    moves = [(step * i, step * j) for i in range(-16, 17) for j in range(-16, 17)]
    return sorted(moves, key=lambda move: (math.hypot(*move), move))


def beside(point: Point, image: QImage, gap: float, direction: Point) -> QRectF:
    """Return the place of a label at ``gap`` from a point, in the direction of a unit vector."""
    return _beside(point, image.width(), image.height(), gap, direction)


def _beside(point: Point, width: int, height: int, gap: float, direction: Point) -> QRectF:
    reach = gap + (abs(direction[0]) * width + abs(direction[1]) * height) / 2.0
    return _centred(point[0] + reach * direction[0], point[1] + reach * direction[1], width, height)


# Most points stand still from frame to frame.
@lru_cache(maxsize=64)
def places_around(point: Point, width: int, height: int, gap: float, further: float) -> tuple[QRectF, ...]:
    """Return the places of a label around a point in whole pixels: at ``gap`` in each direction, then further away."""
    gaps = (gap, gap + further)
    return tuple(to_whole_pixels(_beside(point, width, height, each, way)) for each in gaps for way in DIRECTIONS)


def square(middle: Point, radius: float) -> QRectF:
    """Return the square around a point, in whole pixels."""
    return to_whole_pixels(_centred(*middle, 2.0 * radius, 2.0 * radius))


def moved_into(room: QRectF, rect: QRectF) -> QRectF:
    """Return the rectangle moved into the room by the least distance; if too large, aligned to the room's end."""
    left = min(max(rect.left(), 0.0), room.width() - rect.width())
    return QRectF(left, min(max(rect.top(), 0.0), room.height() - rect.height()), rect.width(), rect.height())


def to_whole_pixels(rect: QRectF) -> QRectF:
    """Return the rectangle in whole pixels; halves round to even, unlike Qt's, which round away from zero."""
    return QRectF(*map(round, rect.getRect()))  # type: ignore[call-overload]


def points_in(rect: QRectF) -> NDArray[np.float64]:
    """Return points all over a rectangle, shape (81, 2)."""
    x, y = rect.left() + np.linspace(0.0, rect.width(), 9), rect.top() + np.linspace(0.0, rect.height(), 9)
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def _centred(x: float, y: float, width: float, height: float) -> QRectF:
    return QRectF(x - width / 2.0, y - height / 2.0, width, height)
