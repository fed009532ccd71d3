"""A rectangle in the plane of the two parameters, in double precision."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.frozen import frozen


@frozen
class Box:
    """The rectangle ``centre`` ± ``half``, both in the units of the parameters, half > 0."""

    centre: tuple[float, float]
    half: tuple[float, float]

    @property
    def low(self) -> tuple[float, float]:
        """The corner with the smallest parameters."""
        return (self.centre[0] - self.half[0], self.centre[1] - self.half[1])

    @property
    def high(self) -> tuple[float, float]:
        """The corner with the largest parameters."""
        return (self.centre[0] + self.half[0], self.centre[1] + self.half[1])

    def scaled(self, factor: float) -> "Box":
        """The box around the same centre, ``factor`` times as wide."""
        return Box(self.centre, (self.half[0] * factor, self.half[1] * factor))

    def normalised(self, points: ArrayLike) -> NDArray[np.float64]:
        """Points of shape (..., 2) in coordinates in which this box is [-1, 1] x [-1, 1]; not clamped."""
        # Divided before subtracting, so that 1e308 in a box of 1e308 does not overflow.
        half, centre = (np.asarray(pair, dtype=np.float64) for pair in (self.half, self.centre))
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray(np.asarray(points, dtype=np.float64) / half - centre / half)

    def denormalised(self, points: ArrayLike) -> NDArray[np.float64]:
        """The inverse of `normalised`."""
        return np.asarray(np.asarray(points, dtype=np.float64) * np.asarray(self.half) + np.asarray(self.centre))

    def reach(self, points: ArrayLike) -> NDArray[np.float64]:
        """The factor by which the box must be scaled to contain each of the points, shape (n, 2); NaN for NaN."""
        return np.asarray(np.abs(self.normalised(points)).max(axis=-1))

    def contains(self, point: ArrayLike) -> bool:
        """Whether the point of shape (2,) lies inside or on the edge; False for NaN and infinity."""
        return bool(self.reach(np.asarray(point)[None])[0] <= 1.0)

    def grid(self, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """``count`` equally spaced values of the first and of the second parameter, from edge to edge."""
        # From -1 to 1 and then scaled, since high - low may overflow even if both are finite.
        unit = np.linspace(-1.0, 1.0, count)
        first, second = (centre + half * unit for centre, half in zip(self.centre, self.half, strict=True))
        return first, second

    @property
    def is_finite(self) -> bool:
        """Whether both corners are finite numbers."""
        return bool(np.isfinite([self.low, self.high]).all())
