"""Finds a place for each label where it overlaps no other, is not cut off, and covers as few lines as possible."""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from gdviz.plotting.label_space import Array, LabelSpace, Point, around
from gdviz.plotting.shapes import moved_inside


def free_place(board: LabelSpace, name: str, boxes: Array, *, forced: bool) -> QRectF | None:
    """Return the free place that covers the least of what is drawn, the first of equals; all are in whole pixels.

    boxes: left, top, right and bottom of each, shape (n, 4).

    If none is free, None or, if forced, the free place nearest to the one that covers the least.
    """
    best = board.place(name, boxes)
    if _is_free(board, best) or (board.stays and any(name == known for known, _ in board.kept)):
        return best
    return _nearest_free(board, moved_inside(best, board.room)) if forced else None


def first_free(board: LabelSpace, places: Sequence[QRectF], *, forced: bool) -> QRectF | None:
    """Return the first free place; if none is, None or, if forced, the nearest to the first."""
    found = next((place for place in places if _is_free(board, place)), None)
    return _nearest_free(board, moved_inside(places[0], board.room)) if found is None and forced else found


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
    ((left, top, _, _),) = around(spot(point), image.width(), image.height(), [gap], [direction]).tolist()
    return QRectF(left, top, image.width(), image.height())


def to_whole_boxes(boxes: Array) -> Array:
    """Return boxes of whole sizes (left, top, right, bottom: shape (n, 4)) moved to whole pixels."""
    corners = np.round(boxes[:, :2])
    return np.concatenate([corners, corners + np.round(boxes[:, 2:] - boxes[:, :2])], axis=1)


def spot(point: Point) -> QRectF:
    """Return a point as a rectangle without extent."""
    return QRectF(*point, 0.0, 0.0)


def square(middle: Point, radius: float) -> QRectF:
    """Return the square around a point, in whole pixels."""
    return to_whole_pixels(QRectF(middle[0] - radius, middle[1] - radius, 2.0 * radius, 2.0 * radius))


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
