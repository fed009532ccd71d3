"""Where labels may stand: what a place covers, the places around what is named, and the choice among them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

Array = NDArray[np.float64]

Places = Mapping[tuple[str, int], int]
"""Which of its candidates each label has taken, by its name and number."""

Point = tuple[float, float]

SIDES = ((1, 0), (1, 1), (-1, 0), (-1, 1), (1, -1), (-1, -1), (0, 1), (0, -1))
"""The order in which the places around a marker are tried on a plane: right, then below, and the left."""
OTHER_SIDES = tuple((-x, y) for x, y in SIDES)
"""The order for what surrounds a marker: with the left first, the labels of both keep apart."""
NO_PLACES: Places = {}
NOWHERE = np.empty((0, 2))
OUTWARDS = np.array([-1.0, -1.0, 1.0, 1.0])
"""Added to a box (left, top, right, bottom), it grows the box on each side."""
LEVELS = 100
"""More than the coarse levels of what a label covers of all lines."""
MOVING = 3
"""A label that covers so much moves away from a place that it had in an earlier box."""
MOST_PAIRS = 50_000
"""More boxes times obstacles than this are not compared one by one."""


@dataclass(eq=False)
class LabelSpace:
    """A room, the rectangles in it that are taken, and what is drawn there.

    obstacles: points along lines, shape (n, 2). passed: the places where a marker stands or has stood, shape (m, 2).
    reach: how far a marker reaches from there.
    kept: the places that labels have had before, which they leave only for what matters; never if ``stays``.
    chosen: those that labels placed by `place` have now.
    """

    room: QRectF
    taken: list[QRectF]
    obstacles: Array
    passed: Array = field(default_factory=lambda: NOWHERE, kw_only=True)
    reach: float = field(default=0.0, kw_only=True)
    kept: Places = field(default_factory=dict, kw_only=True)
    stays: bool = field(default=False, kw_only=True)
    chosen: dict[tuple[str, int], int] = field(default_factory=dict, kw_only=True)

    def is_clear(self, rect: QRectF) -> bool:
        """Whether this overlaps no taken rectangle."""
        return not any(map(rect.intersects, self.taken))

    def covered(self, rects: Iterable[QRectF]) -> NDArray[np.int64]:
        """How much each rectangle covers, shape (n,): a taken one counts for more than all points."""
        boxes = boxes_of(rects)
        return np.asarray(1_000_000 * self.overlaps(boxes).sum(axis=1) + self.crossings(boxes))

    def levels(self, boxes: Array) -> NDArray[np.int64]:
        """How much each of n boxes (left, top, right, bottom: shape (n, 4)) covers, in coarse levels, shape (n,).

        0 where nothing; a taken rectangle counts for more than all markers, and a marker for more than all lines.
        """
        found = 2 * LEVELS * self.overlaps(boxes).sum(axis=1)
        if len(self.obstacles):
            found += np.ceil(np.log2(1 + _inside(boxes, self.obstacles)) / 2).astype(np.int64)
        if len(self.passed):
            found += LEVELS * (_inside(boxes + self.reach * OUTWARDS, self.passed) > 0)
        return np.asarray(found)

    def crossings(self, boxes: Array) -> NDArray[np.int64]:
        """How many obstacles are in each of n boxes (left, top, right, bottom: shape (n, 4)), shape (n,)."""
        return _inside(boxes, self.obstacles)

    def overlaps(self, boxes: Array) -> NDArray[np.bool_]:
        """Which of n boxes (left, top, right, bottom: shape (n, 4)) overlap which of m taken ones, shape (n, m)."""
        left, top, right, bottom = boxes.T[..., None]
        lefts, tops, rights, bottoms = boxes_of(self.taken).T
        return (left < rights) & (right > lefts) & (top < bottoms) & (bottom > tops)

    def place(self, name: str, boxes: Array) -> QRectF:
        """The first of the boxes (left, top, right, bottom: shape (n, 4)) that cover the least, or that kept before.

        Boxes nearly as good count as equal: a label stays where it is while a path grows, unless something that matters
        runs through it. For that, what is drawn may only grow. name: of the label; several of one name have numbers.
        """
        left, top, right, bottom = boxes_of([self.room])[0].tolist()
        beyond = ((boxes < (left, top, left, top)) | (boxes > (right, bottom, right, bottom))).any(axis=1)
        covered = self.levels(boxes) + 4 * LEVELS * beyond
        key = (name, sum(known == name for known, _ in self.chosen))
        index = self.kept.get(key, len(boxes))
        if index >= len(boxes) or (covered[index] >= MOVING and not self.stays):
            index = int(covered.argmin())
        self.chosen[key] = index
        return QRectF(*boxes[index, :2].tolist(), *(boxes[index, 2:] - boxes[index, :2]).tolist())

    def least_covering(self, candidates: Iterable[QRectF]) -> QRectF:
        """The candidate that covers the least; the first of equals."""
        candidates = list(candidates)
        return candidates[int(self.covered(candidates).argmin())]


def points_between(ends: Array, spacing: float) -> Array:
    """Points along segments in pixels, their ends of shape (m, 2, 2), at most that far apart, shape (n, 2)."""
    begins, ways = ends[:, 0], ends[:, 1] - ends[:, 0]
    counts = 1 + np.ceil(np.hypot(*ways.T) / spacing).astype(np.intp)
    segment = np.repeat(np.arange(len(ends)), counts)
    parts = (np.arange(len(segment)) - (counts.cumsum() - counts)[segment]) / np.maximum(1, counts - 1)[segment]
    places: Array = begins[segment] + parts[:, None] * ways[segment]
    return places


def boxes_of(rects: Iterable[QRectF]) -> Array:
    """Left, top, right and bottom of n rectangles, shape (n, 4)."""
    return np.array([rect.getCoords() for rect in rects], np.float64).reshape(-1, 4)


def _inside(boxes: Array, points: Array) -> NDArray[np.int64]:
    """How many of the points, shape (m, 2), are in each of n boxes (left, top, right, bottom: shape (n, 4))."""
    if not len(points):
        return np.zeros(len(boxes), np.int64)
    left, top, right, bottom = boxes.T[..., None]
    x, y = points.T
    # Most boxes are close together, and most points far from all of them.
    is_near = (x >= left.min(initial=np.inf)) & (x <= right.max(initial=-np.inf))
    near = points[is_near & (y >= top.min(initial=np.inf)) & (y <= bottom.max(initial=-np.inf))]
    if len(boxes) * len(near) > MOST_PAIRS:
        return _counts(near, boxes)
    x, y = near.T
    return np.asarray(((x >= left) & (x <= right) & (y >= top) & (y <= bottom)).sum(axis=1))


def _counts(points: Array, boxes: Array) -> NDArray[np.int64]:
    """How many of the points, shape (m, 2), are in each box or on its edge, shape (n,): all are sorted in but once."""
    ends = np.hstack([boxes[:, :2], np.nextafter(boxes[:, 2:], np.inf)])
    (columns, x), (rows, y) = (np.unique(ends[:, axis::2], return_inverse=True) for axis in (0, 1))
    across, down = (edges.searchsorted(points[:, axis], "right") for axis, edges in enumerate((columns, rows)))
    shape = (len(rows) + 1, len(columns) + 1)
    places = np.bincount(down * shape[1] + across, minlength=shape[0] * shape[1]).reshape(shape)
    # How many are left of each edge and above it.
    before = places.cumsum(axis=0).cumsum(axis=1)
    (left, right), (top, bottom) = x.reshape(-1, 2).T, y.reshape(-1, 2).T
    return np.asarray(before[bottom, right] - before[top, right] - before[bottom, left] + before[top, left])


def around(named: QRectF, width: float, height: float, gaps: Sequence[float], ways: Sequence[Point] = SIDES) -> Array:
    """The boxes (left, top, right, bottom: shape (n, 4)) of a label around a rectangle, or a point.

    ways: unit vectors, or corners such as (1, 1). In each direction at the first gap, then at the next.
    """
    half, corner = np.array([width, height]) / 2.0, np.array([named.width(), named.height()]) / 2.0
    far, signs, lengths = np.array(gaps)[:, None, None], np.sign(ways), np.hypot(*np.transpose(ways))[:, None]
    units = np.array(ways) / lengths
    reach = np.where(lengths > 1.1, signs * half, (np.abs(units) @ half)[:, None] * units)
    middles = named.center().toTuple() + signs * corner + reach + far * units
    return np.concatenate([middles - half, middles + half], axis=-1).reshape(-1, 4)


def boxes_inside(boxes: Array, room: QRectF) -> Array:
    """Boxes, shape (n, 4), moved into a room by the least distance; those that are too large begin where it does."""
    low, high = np.array(room.topLeft().toTuple()), np.array(room.bottomRight().toTuple())
    size = boxes[:, 2:] - boxes[:, :2]
    corners = np.maximum(np.minimum(boxes[:, :2], high - size), low)
    return np.concatenate([corners, corners + size], axis=1)
