"""Segments as arrays: from points, how long the line is before each, and fewer of them where they are tiny."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.panes.surface.geometry.camera import Lens
from gdviz.panes.surface.geometry.world import HEIGHT, to_world

SHORTEST = 3.0
"""Pixels: successive steps are joined until they are so long together."""
CELL = 0.5
"""Pixels: the size of the cells of a grid; segments between the same two cells are the same to the eye."""


def polyline(points: ArrayLike) -> NDArray[np.float32]:
    """The segments, shape (m - 1, 2, 3), that join points of shape (m, 3)."""
    places = np.asarray(points, dtype=np.float32)
    return np.stack([places[:-1], places[1:]], axis=1)


def starts(segments: NDArray[np.float32]) -> NDArray[np.float64]:
    """World length of all segments before each, shape (m,), so that dashes run on from one to the next."""
    lengths = np.linalg.norm((segments[:, 1] - segments[:, 0]) * (1.0, 1.0, HEIGHT), axis=1)
    return np.concatenate([[0.0], np.cumsum(lengths)])[:-1]


def thin(segments: NDArray[np.float32], lens: Lens) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Segments of shape (m, 2, 3) with runs of tiny ones joined, and for each of those left where its run begins.

    Ten thousand steps may lie within a few pixels; each would be drawn over the others. Where a run is cut depends on
    the length of the line before it alone, so that a growing line does not change behind its end.
    """
    if not len(segments):
        return segments, np.empty(0, dtype=np.intp)
    x, y = np.moveaxis(lens.project(to_world(segments)), -1, 0)
    stretch = np.floor(np.cumsum(np.hypot(x[:, 1] - x[:, 0], y[:, 1] - y[:, 0])) / SHORTEST)
    is_cut = stretch[1:] != stretch[:-1]
    for before, after in zip(segments[:-1, 1].T, segments[1:, 0].T, strict=True):
        is_cut |= before != after
    first = np.flatnonzero(np.concatenate([[True], is_cut]))
    last = np.flatnonzero(np.concatenate([is_cut, [True]]))
    return np.stack([segments[first, 0], segments[last, 1]], axis=1), first


def distinct(segments: NDArray[np.float32], lens: Lens) -> NDArray[np.intp]:
    """Which segments of shape (m, 2, 3) are left when those go that would be drawn over an earlier one.

    A path that jumps to and fro does so a thousand times in nearly the same place. It is the earlier that stays, so
    that a growing line does not change behind its end.
    """
    # Cells as one integer, and the two of a segment in either order as one: 16 bits for each of the four numbers.
    first, second = (np.round(lens.project(to_world(segments)) / CELL).astype(np.int64) @ (1 << 16, 1)).T
    ends = np.minimum(first, second) * (1 << 32) + np.maximum(first, second)
    _, kept = np.unique(ends, return_index=True)
    return np.sort(kept)
