"""The camera's projection in double precision: the pixel of a point, and the ray through a pixel."""

import math
from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.frozen import frozen
from gdviz.presentation.look import Camera

Rect = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""
Array = NDArray[np.float64]

HEIGHT = 0.95
"""World height of the top of the box."""
FLOOR = -0.45
"""World height of the floor plate."""
SCENE_RADIUS = 2.6
"""The greatest distance of a drawn point from the centre of the box."""
REFERENCE_DISTANCE = Camera().distance
BOX_CENTRE = np.array([0.0, 0.0, (HEIGHT + FLOOR) / 2])


def to_world(points: ArrayLike) -> NDArray[np.float64]:
    """Convert unit-box points of shape (..., 3) (parameters in [-1, 1], height in [0, 1]) to world coordinates."""
    return np.asarray(points, dtype=np.float64) * (1.0, 1.0, HEIGHT)


@frozen(eq=False)
class Lens:
    """The projection of one camera onto one picture.

    width, height: of the picture, in pixels. eye: world position, shape (3,). axes: rows are the world directions of
    right, up and towards the viewer, shape (3, 3). focal: pixels per unit of the tangent. centre: the pixel of the
    centre of the box.
    """

    width: int
    height: int
    eye: Array
    axes: Array
    distance: float
    focal: float
    centre: tuple[float, float]

    def depths(self, points: ArrayLike) -> Array:
        """Return the depths in front of the eye of world points of shape (..., 3)."""
        return -(np.asarray(points, dtype=np.float64) - self.eye) @ self.axes[2]

    def project(self, points: ArrayLike) -> Array:
        """Project world points of shape (..., 3) to pixels (x to the right, y down) of shape (..., 2)."""
        places = np.asarray(points, dtype=np.float64)
        # A single matrix product instead of one for each of a thousand segments.
        right, up, towards = self.axes @ (places.reshape(-1, 3) - self.eye).T
        part = self.focal / np.maximum(-towards, 1e-6)
        pixels = np.array([self.centre[0] + part * right, self.centre[1] - part * up])
        return pixels.T.reshape(*places.shape[:-1], 2)

    def pixel(self, point: Sequence[float]) -> tuple[float, float]:
        """Project a single world point, ten times as fast as `project`."""
        x, y, z = (float(a) - b for a, b in zip(point, self.eye.tolist(), strict=True))
        right, up, towards = (x * a + y * b + z * c for a, b, c in self.axes.tolist())
        part = self.focal / max(-towards, 1e-6)
        return self.centre[0] + part * right, self.centre[1] - part * up

    def ray(self, x: float, y: float) -> Array:
        """Return the world direction, shape (3,), from the eye through a pixel; not normalised."""
        return np.array([(x - self.centre[0]) / self.focal, (self.centre[1] - y) / self.focal, -1.0]) @ self.axes

    @property
    def scale(self) -> float:
        """Pixels per world unit at the centre of the box."""
        return self.focal / self.distance

    @cached_property
    def matrix(self) -> Array:
        """The transformation from world to clip coordinates, shape (4, 4), for column vectors."""
        view = np.eye(4)
        view[:3, :3] = self.axes
        view[:3, 3] = -self.axes @ self.eye
        a, b = self.depth_terms()
        (x, y), w, h = self.centre, self.width, self.height
        projection = [
            [2.0 * self.focal / w, 0.0, 1.0 - 2.0 * x / w, 0.0],
            [0.0, 2.0 * self.focal / h, 2.0 * y / h - 1.0, 0.0],
            [0.0, 0.0, -a, b],
            [0.0, 0.0, -1.0, 0.0],
        ]
        return np.array(projection) @ view

    def depth_terms(self) -> tuple[float, float]:
        """Return a and b of the depth value a + b / d for points at depth d."""
        near, far = max(0.05 * self.distance, self.distance - SCENE_RADIUS), self.distance + SCENE_RADIUS
        return (far + near) / (far - near), -2.0 * far * near / (far - near)


@lru_cache(maxsize=8)
def lens(camera: Camera, width: int, height: int, margins: tuple[float, float, float]) -> Lens:
    """Return the lens of a camera for a picture of this size in pixels.

    margins: pixels to keep free beside, above and below the box, for ticks and names. With the focal length the box at
    the reference distance just fits between them at any azimuth, so that it does not resize as it rotates; distance
    does not change it, and so zooms. Returns the same object for the same arguments: other caches are keyed by lens.
    """
    axes, (side, top, bottom) = _axes(camera), margins
    left, low, right, high = _tangent_bounds(axes)
    room = max(width - 2.0 * side, 0.3 * width), max(height - top - bottom, 0.3 * height)
    focal = min(room[0] / (right - left), room[1] / (high - low))
    middle = (top + height - bottom) / 2.0
    centre = (width / 2.0, middle + focal * (low + high) / 2.0)
    return Lens(width, height, BOX_CENTRE + camera.distance * axes[2], axes, camera.distance, focal, centre)


def _axes(camera: Camera) -> Array:
    azimuth, elevation = math.radians(camera.azimuth), math.radians(camera.elevation)
    ca, sa, ce, se = math.cos(azimuth), math.sin(azimuth), math.cos(elevation), math.sin(elevation)
    return np.array([[-sa, ca, 0.0], [-se * ca, -se * sa, ce], [ce * ca, ce * sa, se]])


def _tangent_bounds(axes: Array) -> tuple[float, float, float, float]:
    """Return the left, low, right and high tangents of the box's bounding cylinder at the reference distance."""
    turn = np.linspace(0.0, 2.0 * math.pi, 72, endpoint=False)
    ring = math.sqrt(2.0) * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    rims = [np.column_stack([ring, np.full(len(ring), z)]) for z in (FLOOR, HEIGHT)]
    seen = (np.concatenate(rims) - BOX_CENTRE) @ axes.T
    tangents = seen[:, :2] / (REFERENCE_DISTANCE - seen[:, 2:])
    (left, low), (right, high) = tangents.min(axis=0), tangents.max(axis=0)
    return left, low, right, high
