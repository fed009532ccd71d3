"""Where labels go: each to the first place at which it covers no other and is not cut."""

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gdviz.panes.surface.geometry.camera import Rect

Point = tuple[float, float]
Size = tuple[float, float]

EIGHT_WAYS = ((1, 0), (-1, 0), (0, -1), (0, 1), (0.7, -0.7), (-0.7, -0.7), (0.7, 0.7), (-0.7, 0.7))
"""In which order the places around a marker are tried: right, left, above, below, then the corners."""


class Board:
    """A picture of ``width`` x ``height`` pixels with the places that are taken."""

    def __init__(self, width: float, height: float) -> None:
        self._width, self._height = width, height
        self._taken: list[Rect] = []
        self._inked = np.empty((2, 0))

    def ink(self, pixels: NDArray[np.float64]) -> None:
        """Prefer places that cover few of these pixels, shape (n, 2)."""
        self._inked = np.concatenate([self._inked, pixels.T], axis=1)

    def take(self, rect: Rect) -> None:
        """Keep labels away from a rectangle."""
        self._taken.append(rect)

    def put(self, size: Size, middles: Iterable[Point], *, forced: bool = False) -> Rect | None:
        """Take the place, by its middle, that is free for a label of this size and covers the least ink.

        Where none is, the answer is None; if forced, the nearest free place to the one with the least ink.
        """
        places = [_around(middle, size) for middle in middles]
        if len(places) > 1:
            places = self._by_ink(places)
        for place in places:
            if self._is_free(place):
                self._taken.append(place)
                return place
        if not (forced and places):
            return None
        found = self._nearest_free(self._moved_inside(places[0]))
        self._taken.append(found)
        return found

    def put_aside(self, size: Size, middles: Iterable[Point]) -> Rect | None:
        """Take the first free place that covers no ink at all, if there is one."""
        x, y = self._inked
        for left, top, right, bottom in (_around(middle, size) for middle in middles):
            is_inked = ((x > left) & (x < right) & (y > top) & (y < bottom)).any()
            if not is_inked and self._is_free((left, top, right, bottom)):
                self._taken.append((left, top, right, bottom))
                return left, top, right, bottom
        return None

    def _is_free(self, rect: Rect) -> bool:
        if not self._is_inside(rect):
            return False
        left, top, right, bottom = rect
        # As `overlap` has it; it would take half of the time to call that.
        return all(left >= x or right <= w or top >= y or bottom <= z for w, z, x, y in self._taken)

    def _nearest_free(self, rect: Rect) -> Rect:
        """The free place on a grid of half text heights that is nearest to a place; that itself if all is taken."""
        step = max((rect[3] - rect[1]) // 2, 1)
        for right, down in _spiral(step):
            moved = (rect[0] + right, rect[1] + down, rect[2] + right, rect[3] + down)
            if self._is_free(moved):
                return moved
        return rect

    def _by_ink(self, places: list[Rect]) -> list[Rect]:
        """The places, those first that cover the least ink; in the order given where they cover as much."""
        sides = list(zip(*places, strict=True))
        x, y = self._inked
        # Most ink is far from all of them.
        near = (x > min(sides[0])) & (x < max(sides[2])) & (y > min(sides[1])) & (y < max(sides[3]))
        x, y = x[near], y[near]
        if not x.size:
            return places
        left, top, right, bottom = np.array(sides)[..., None]
        is_covered = x > left
        for half in (x < right, y > top, y < bottom):
            is_covered &= half
        covered = np.count_nonzero(is_covered, axis=1)
        return [places[i] for i in covered.argsort(kind="stable").tolist()]

    def _is_inside(self, rect: Rect) -> bool:
        return rect[0] >= 0 and rect[1] >= 0 and rect[2] <= self._width and rect[3] <= self._height

    def _moved_inside(self, rect: Rect) -> Rect:
        left = max(min(rect[0], int(self._width) - (rect[2] - rect[0])), 0)
        top = max(min(rect[1], int(self._height) - (rect[3] - rect[1])), 0)
        return left, top, left + rect[2] - rect[0], top + rect[3] - rect[1]


@lru_cache(maxsize=8)
def _spiral(step: int) -> list[tuple[int, int]]:
    """Moves to the right and down on a grid, the shortest first."""
    moves = [(step * i, step * j) for i in range(-16, 17) for j in range(-16, 17)]
    return sorted(moves, key=lambda move: (math.hypot(*move), move))


def overlap(first: Rect, second: Rect) -> bool:
    """Whether two rectangles have more than an edge in common."""
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def around(point: Point, size: Size, gap: float, ways: Sequence[Point] = EIGHT_WAYS) -> list[Point]:
    """The middles for a label beside a point, each in one direction, with a gap between."""
    return [beside(point, size, gap, way) for way in ways]


def beside(point: Point, size: Size, gap: float, way: Point) -> Point:
    """The middle of a label that begins at a gap from a point, in the direction of a unit vector."""
    reach = gap + (abs(way[0]) * size[0] + abs(way[1]) * size[1]) / 2.0
    return point[0] + reach * way[0], point[1] + reach * way[1]


def square(middle: Point, radius: float) -> Rect:
    """The square around a point."""
    return _around(middle, (2.0 * radius, 2.0 * radius))


def _around(middle: Point, size: Size) -> Rect:
    left, top = round(middle[0] - size[0] / 2.0), round(middle[1] - size[1] / 2.0)
    return left, top, left + round(size[0]), top + round(size[1])
