"""The camera's geometry in double precision: which pixel a point falls on, and which ray runs through a pixel."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.presentation.look import Camera

Rect = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""
Array = NDArray[np.float64]

HEIGHT = 0.95
"""World height of the top of the box."""
FLOOR = -0.45
"""World height of the floor plate."""
REACH = 2.6
"""No point that is drawn is farther than this from the middle of the box."""
REFERENCE = Camera().distance
MIDDLE = np.array([0.0, 0.0, (HEIGHT + FLOOR) / 2])


def to_world(points: ArrayLike) -> NDArray[np.float64]:
    """Unit-box points of shape (..., 3) (parameters in [-1, 1], height in [0, 1]) in world coordinates."""
    return np.asarray(points, dtype=np.float64) * (1.0, 1.0, HEIGHT)


@dataclass(frozen=True, eq=False)
class Lens:
    """One camera over one picture.

    width, height: of the picture, in pixels. eye: world position, shape (3,). axes: rows are the world directions of
    right, up and towards the viewer, shape (3, 3). focal: pixels per unit of the tangent. centre: the pixel in which
    the middle of the box appears.
    """

    width: int
    height: int
    eye: Array
    axes: Array
    distance: float
    focal: float
    centre: tuple[float, float]

    def depths(self, points: ArrayLike) -> Array:
        """How far world points of shape (..., 3) are in front of the eye."""
        return -(np.asarray(points, dtype=np.float64) - self.eye) @ self.axes[2]

    def project(self, points: ArrayLike) -> Array:
        """The pixels (x to the right, y down) of world points of shape (..., 3), as shape (..., 2)."""
        places = np.asarray(points, dtype=np.float64)
        # One product of two matrices, not one for each of a thousand segments.
        right, up, towards = self.axes @ (places.reshape(-1, 3) - self.eye).T
        part = self.focal / np.maximum(-towards, 1e-6)
        pixels = np.array([self.centre[0] + part * right, self.centre[1] - part * up])
        return pixels.T.reshape(*places.shape[:-1], 2)

    def pixel(self, point: Sequence[float]) -> tuple[float, float]:
        """The pixel of one world point, in a tenth of the time that `project` takes."""
        x, y, z = (float(a) - b for a, b in zip(point, self.eye.tolist(), strict=True))
        right, up, towards = (x * a + y * b + z * c for a, b, c in self.axes.tolist())
        part = self.focal / max(-towards, 1e-6)
        return self.centre[0] + part * right, self.centre[1] - part * up

    def ray(self, x: float, y: float) -> Array:
        """The world direction, shape (3,), from the eye through a pixel; not normalised."""
        return np.array([(x - self.centre[0]) / self.focal, (self.centre[1] - y) / self.focal, -1.0]) @ self.axes

    @property
    def scale(self) -> float:
        """Pixels per world unit at the middle of the box."""
        return self.focal / self.distance

    @cached_property
    def matrix(self) -> Array:
        """World to clip coordinates, shape (4, 4), for column vectors."""
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
        """The a and b of the depth that is stored for what lies d in front of the eye: a + b / d."""
        near, far = max(0.05 * self.distance, self.distance - REACH), self.distance + REACH
        return (far + near) / (far - near), -2.0 * far * near / (far - near)


@lru_cache(maxsize=8)
def lens(camera: Camera, width: int, height: int, margins: tuple[float, float, float]) -> Lens:
    """The lens of a camera for a picture of this size in pixels.

    margins: what stays free beside, above and below the box, in pixels, for ticks and names. The focal length is the
    one with which the box, at the reference distance and turned however, just fits between them. It does not depend on
    the azimuth (nothing breathes while the box turns) nor on the distance (which therefore zooms). The same object for
    the same arguments: much is computed once for each lens.
    """
    axes, (side, top, bottom) = _axes(camera), margins
    left, low, right, high = _extent(axes)
    room = max(width - 2.0 * side, 0.3 * width), max(height - top - bottom, 0.3 * height)
    focal = min(room[0] / (right - left), room[1] / (high - low))
    middle = (top + height - bottom) / 2.0
    centre = (width / 2.0, middle + focal * (low + high) / 2.0)
    return Lens(width, height, MIDDLE + camera.distance * axes[2], axes, camera.distance, focal, centre)


def _axes(camera: Camera) -> Array:
    azimuth, elevation = math.radians(camera.azimuth), math.radians(camera.elevation)
    ca, sa, ce, se = math.cos(azimuth), math.sin(azimuth), math.cos(elevation), math.sin(elevation)
    return np.array([[-sa, ca, 0.0], [-se * ca, -se * sa, ce], [ce * ca, ce * sa, se]])


def _extent(axes: Array) -> tuple[float, float, float, float]:
    """Left, low, right and high tangents of the cylinder around the box at the reference distance."""
    turn = np.linspace(0.0, 2.0 * math.pi, 72, endpoint=False)
    ring = math.sqrt(2.0) * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    rims = [np.column_stack([ring, np.full(len(ring), z)]) for z in (FLOOR, HEIGHT)]
    seen = (np.concatenate(rims) - MIDDLE) @ axes.T
    tangents = seen[:, :2] / (REFERENCE - seen[:, 2:])
    (left, low), (right, high) = tangents.min(axis=0), tangents.max(axis=0)
    return left, low, right, high
