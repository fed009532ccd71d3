"""Queries of the height field: interpolation, ray intersection and occlusion."""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.panes.landscape.landscape import Surface
from gdviz.panes.surface.geometry.camera import HEIGHT, Lens

Array = NDArray[np.float64]

RAY_SAMPLES = 512
"""Samples along a ray: finer than the grid, so that no ridge is missed."""
SIGHT_FRACTIONS = np.linspace(0.0, 1.0, RAY_SAMPLES // 2)
BISECTIONS = 30
CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
"""The corners of a grid cell, in cells."""
HIDING_DISTANCE = 0.04
"""The surface does not hide a point from within this many world units in front of it."""


def height(surface: Surface, xy: ArrayLike) -> Array:
    """Return the unit-box height at parameters of shape (..., 2) in [-1, 1], clamped to the edge outside.

    Between nodes it is the bilinear mean of the nodes' tangents at half slope, which is exact for a quadratic; the
    surface's shader interpolates in the same way.
    """
    last = len(surface.heights) - 1
    place = np.clip((np.asarray(xy, dtype=np.float64) + 1.0) / 2.0 * last, 0.0, last)
    corner = np.minimum(place.astype(np.intp), last - 1)
    offset = (place - corner)[..., None, :] - CORNERS
    node = corner @ (last + 1, 1)
    nodes = node[..., None] + CORNERS.astype(np.intp) @ (last + 1, 1)
    weights = (1.0 - np.abs(offset)).prod(axis=-1)
    slopes = np.einsum("...i,...i", surface.slopes.reshape(-1, 2)[nodes], offset) / last
    return ((surface.heights.ravel()[nodes] + slopes) * weights).sum(axis=-1)


def pick(surface: Surface, lens: Lens, x: float, y: float) -> tuple[float, float] | None:
    """Return the parameters, in [-1, 1], of the surface point seen at a pixel; None beside the surface."""
    direction = lens.ray(x, y)
    span = _box_interval(lens.eye, direction)
    if span is None:
        return None
    places = np.linspace(*span, RAY_SAMPLES)
    above = _clearance(surface, lens.eye, direction, places) > 0.0
    changes = np.flatnonzero(above[1:] != above[:-1])
    if not changes.size:
        return None
    low, high = places[changes[0]], places[changes[0] + 1]
    for _ in range(BISECTIONS):
        middle = (low + high) / 2.0
        same = (_clearance(surface, lens.eye, direction, middle) > 0.0) == above[changes[0]]
        low, high = (middle, high) if same else (low, middle)
    px, py = np.clip((lens.eye + low * direction)[:2], -1.0, 1.0)
    return float(px), float(py)


@lru_cache(maxsize=16)
def is_hidden(surface: Surface, lens: Lens, point: tuple[float, float, float]) -> bool:
    """Return whether the surface hides a world point from the eye."""
    path = lens.eye - point
    length = float(np.linalg.norm(path))
    reach = HIDING_DISTANCE + SIGHT_FRACTIONS * max(min(length, 3.2) - HIDING_DISTANCE, 0.0)
    places = point + reach[:, None] * (path / length)
    inside = places[(np.abs(places[:, :2]) <= 1.0).all(axis=1)]
    return bool((height(surface, inside[:, :2]) * HEIGHT > inside[:, 2]).any())


def _clearance(surface: Surface, eye: Array, direction: Array, place: ArrayLike) -> Array:
    """Return the world height above the surface at parameters ``place`` along a ray."""
    points = eye + np.asarray(place)[..., None] * direction
    return points[..., 2] - HEIGHT * height(surface, points[..., :2])


def _box_interval(eye: Array, direction: Array) -> tuple[float, float] | None:
    """Return the multiples of the direction between which a ray is inside the surface's box; None if never."""
    slack = 1e-3
    low, high = np.array([-1.0, -1.0, -slack]), np.array([1.0, 1.0, HEIGHT + slack])
    with np.errstate(divide="ignore", invalid="ignore"):
        to_low, to_high = (low - eye) / direction, (high - eye) / direction
    enter, leave = np.fmin(to_low, to_high).max(), np.fmax(to_low, to_high).min()
    return (float(enter), float(leave)) if max(enter, 0.0) < leave else None
