"""Meshes of surfaces, as coarse as looks the same, and line segments, with tiny ones joined."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.panes.landscape.landscape import Surface
from gdviz.panes.surface.geometry.camera import Lens, to_world

SHAPE_ERROR = 1.5e-3
"""The largest deviation of the mesh from the samples, in world units: less than half a pixel."""
HEIGHT_ERROR = 1.5e-4
"""The largest deviation of the height that is coloured and contoured, as a fraction of the box's height."""
STRIDES = (16, 8, 4, 2, 1)
MIN_LENGTH = 3.0
"""Pixels: successive segments are joined until together they are this long."""
CELL_SIZE = 0.5
"""Grid size in pixels: segments between the same two cells look the same."""


def strides(surface: Surface) -> tuple[int, int]:
    """Return the grid strides that suffice for the surface, and for the flat floor, which shows only colours."""
    last = len(surface.heights) - 1
    for_floor = 0
    for stride in STRIDES:
        if last % stride or last <= stride > 1:
            continue
        shape, height = _mesh_errors(surface, stride)
        if height <= HEIGHT_ERROR:
            for_floor = for_floor or stride
            if shape <= SHAPE_ERROR:
                return stride, for_floor
    return 1, for_floor or 1


def triangles(count: int, stride: int) -> NDArray[np.uint32]:
    """Return the triangles, shape (m, 3), over every stride-th node of a (count, count) grid; they face up."""
    nodes = np.arange(count * count, dtype=np.uint32).reshape(count, count)[::stride, ::stride]
    a, b, c, d = nodes[:-1, :-1], nodes[1:, :-1], nodes[1:, 1:], nodes[:-1, 1:]
    return np.stack([a, b, c, a, c, d], axis=-1).reshape(-1, 3)


def _mesh_errors(surface: Surface, stride: int) -> tuple[float, float]:
    """Return the largest errors of the mesh's shape and of the height shown, halfway between the kept nodes.

    Both are largest there: at the midpoints of edges along both axes, and of the diagonal that two triangles share.
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
    """Return the segments, shape (m - 1, 2, 3), that join points of shape (m, 3)."""
    places = np.asarray(points, dtype=np.float32)
    return np.stack([places[:-1], places[1:]], axis=1)


def start_lengths(segments: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the world length of all segments before each, shape (m,), so that dashes run on across segments."""
    lengths = np.linalg.norm(to_world(segments[:, 1] - segments[:, 0]), axis=1)
    return np.concatenate([[0.0], np.cumsum(lengths)])[:-1]


def join_tiny(segments: NDArray[np.float32], lens: Lens) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Join runs of tiny segments, shape (m, 2, 3); return the joined segments and the index where each run begins.

    Ten thousand steps may lie within a few pixels and would be drawn over each other. Where a run is cut depends only
    on the length of the line before it, so that a growing line changes only at its end.
    """
    if not len(segments):
        return segments, np.empty(0, dtype=np.intp)
    x, y = np.moveaxis(lens.project(to_world(segments)), -1, 0)
    stretch = np.floor(np.cumsum(np.hypot(x[:, 1] - x[:, 0], y[:, 1] - y[:, 0])) / MIN_LENGTH)
    is_cut = stretch[1:] != stretch[:-1]
    for before, after in zip(segments[:-1, 1].T, segments[1:, 0].T, strict=True):
        is_cut |= before != after
    first = np.flatnonzero(np.concatenate([[True], is_cut]))
    last = np.flatnonzero(np.concatenate([is_cut, [True]]))
    return np.stack([segments[first, 0], segments[last, 1]], axis=1), first


def distinct_segments(segments: NDArray[np.float32], lens: Lens) -> NDArray[np.intp]:
    """Return the indices of the segments, shape (m, 2, 3), that would not be drawn over an earlier one.

    A path that jumps back and forth does so a thousand times in nearly the same place. The earlier segment is kept, so
    that a growing line changes only at its end.
    """
    # One integer for each cell, and one for each unordered pair of cells: 16 bits for each of the four numbers.
    first, second = (np.round(lens.project(to_world(segments)) / CELL_SIZE).astype(np.int64) @ (1 << 16, 1)).T
    ends = np.minimum(first, second) * (1 << 32) + np.maximum(first, second)
    _, kept = np.unique(ends, return_index=True)
    return np.sort(kept)
