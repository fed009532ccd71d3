"""The mesh of a surface: as coarse as can be without being seen, since small triangles are dear."""

import numpy as np
from numpy.typing import NDArray

from gdviz.panes.landscape.landscape import Surface

Array = NDArray[np.floating]

SHAPE_ERROR = 1.5e-3
"""World units by which the mesh may deviate from the samples: less than half a pixel."""
HEIGHT_ERROR = 1.5e-4
"""Part of the box's height by which the height that colours and contour lines show may deviate from the samples."""
STRIDES = (16, 8, 4, 2, 1)


def strides(surface: Surface) -> tuple[int, int]:
    """Of how many nodes one is enough for the surface, and for the flat floor, which shows colours only."""
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
    half = stride // 2
    step = 2.0 * stride / (len(surface.heights) - 1)
    shape, height = 0.0, 0.0
    for along in ((1, 0), (0, 1), (1, 1)):
        linear, curved, true = _halfway(surface, stride, half, step, along)
        shape = max(shape, float(np.abs(linear - true).max()))
        height = max(height, float(np.abs(curved - true).max()))
    return shape, height


def _halfway(
    surface: Surface, stride: int, half: int, step: float, along: tuple[int, int]
) -> tuple[Array, Array, Array]:
    """The height halfway between neighbours: on a straight line, as the shader has it, and as sampled."""
    right, up = along
    heights, slopes = surface.heights[::stride, ::stride], surface.slopes[::stride, ::stride]
    here = np.s_[: len(heights) - right, : len(heights) - up]
    there = np.s_[right:, up:]
    linear = (heights[here] + heights[there]) / 2.0
    difference = slopes[here] - slopes[there]
    curved = linear + step / 8.0 * (right * difference[..., 0] + up * difference[..., 1])
    true = surface.heights[right * half :: stride, up * half :: stride][: linear.shape[0], : linear.shape[1]]
    return linear, curved, true
