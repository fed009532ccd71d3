"""The mesh of a surface, as coarse as the eye allows, and the segments of lines, joined where they are tiny."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.panes.landscape.landscape import Surface
from gdviz.panes.surface.geometry.camera import Lens, to_world

SHAPE_ERROR = 1.5e-3
"""World units by which the mesh may deviate from the samples: less than half a pixel."""
HEIGHT_ERROR = 1.5e-4
"""Part of the box's height by which the height that colours and contour lines show may deviate from the samples."""
STRIDES = (16, 8, 4, 2, 1)
SHORTEST = 3.0
"""Pixels: successive steps are joined until they are so long together."""
CELL = 0.5
"""Pixels: the size of the cells of a grid; segments between the same two cells are the same to the eye."""


def strides(surface: Surface) -> tuple[int, int]:
    """Every how many nodes one is enough: for the surface, and for the flat floor, which shows only colours."""
    last = len(surface.heights) - 1
    for_floor = 0
    for stride in STRIDES:
        if last % stride or last <= stride > 1:
            continue
        shape, height = _errors(surface, stride)
        if height <= HEIGHT_ERROR:
            for_floor = for_floor or stride
            if shape <= SHAPE_ERROR:
                return stride, for_floor
    return 1, for_floor or 1


def triangles(count: int, stride: int) -> NDArray[np.uint32]:
    """Indices, shape (m, 3), of the triangles over every stride-th node of a (count, count) grid; up is the front."""
    nodes = np.arange(count * count, dtype=np.uint32).reshape(count, count)[::stride, ::stride]
    a, b, c, d = nodes[:-1, :-1], nodes[1:, :-1], nodes[1:, 1:], nodes[:-1, 1:]
    return np.stack([a, b, c, a, c, d], axis=-1).reshape(-1, 3)


def _errors(surface: Surface, stride: int) -> tuple[float, float]:
    """The greatest errors of the mesh's shape and of the shown height, halfway between the nodes that are kept.

    There both are worst: in the middle of the edges along both axes, and of the diagonal that the triangles share.
    """
    if stride == 1:
        return 0.0, 0.0
    half, step = stride // 2, 2.0 * stride / (len(surface.heights) - 1)
    heights, slopes = surface.heights[::stride, ::stride], surface.slopes[::stride, ::stride]
    shape, height = 0.0, 0.0
    for right, up in ((1, 0), (0, 1), (1, 1)):
        here, there = np.s_[: len(heights) - right, : len(heights) - up], np.s_[right:, up:]
        on_line = (heights[here] + heights[there]) / 2.0
        difference = slopes[here] - slopes[there]
        shown = on_line + step / 8.0 * (right * difference[..., 0] + up * difference[..., 1])  # as the shader has it
        rows, columns = on_line.shape
        sampled = surface.heights[right * half :: stride, up * half :: stride][:rows, :columns]
        shape = max(shape, float(np.abs(on_line - sampled).max()))
        height = max(height, float(np.abs(shown - sampled).max()))
    return shape, height


def polyline(points: ArrayLike) -> NDArray[np.float32]:
    """The segments, shape (m - 1, 2, 3), that join points of shape (m, 3)."""
    places = np.asarray(points, dtype=np.float32)
    return np.stack([places[:-1], places[1:]], axis=1)


def starts(segments: NDArray[np.float32]) -> NDArray[np.float64]:
    """World length of all segments before each, shape (m,), so that dashes run on from one to the next."""
    lengths = np.linalg.norm(to_world(segments[:, 1] - segments[:, 0]), axis=1)
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
