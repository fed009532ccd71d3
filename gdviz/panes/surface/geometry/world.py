"""The world in which the surface stands: the unit box with the height scaled, and the floor plate below it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Rect = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


HEIGHT = 0.95
"""World height of the top of the box."""
FLOOR = -0.45
"""World height of the floor plate."""


def to_world(points: ArrayLike) -> NDArray[np.float64]:
    """Unit-box points of shape (..., 3) (parameters in [-1, 1], height in [0, 1]) in world coordinates."""
    return np.asarray(points, dtype=np.float64) * (1.0, 1.0, HEIGHT)
