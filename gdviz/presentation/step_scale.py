"""The logarithmic axis of steps: from steps to places and back."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

ZERO_WIDTH = 0.5
"""The distance from step 0 to step 1, in decades. Step 0 has no logarithm, but is where every run begins."""


def log_places(steps: ArrayLike) -> NDArray[np.float64]:
    """log10 of steps from 1 on, of any shape; linear from step 0 to step 1."""
    values = np.asarray(steps, np.float64)
    return np.where(values < 1.0, (values - 1.0) * ZERO_WIDTH, np.log10(np.maximum(values, 1.0)))


def step_at(place: float) -> float:
    """The inverse of `log_places`."""
    return 1.0 + place / ZERO_WIDTH if place < 0.0 else 10.0**place
