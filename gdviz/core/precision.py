"""The two floating-point precisions of a run, by the names that users type."""

from enum import StrEnum

import numpy as np

ROUNDING_MARGIN = 4.0  # a difference of this many rounding errors may be due to them


class Precision(StrEnum):
    """The precision of every number of a run: parameters, loss, gradient and learning rate."""

    FLOAT32 = "float32"
    FLOAT64 = "float64"

    @property
    def dtype(self) -> np.dtype[np.floating]:
        """The NumPy dtype of this precision."""
        return np.dtype(self.value)

    @property
    def eps(self) -> float:
        """The relative distance of two neighbouring numbers, twice the largest relative rounding error."""
        return float(np.finfo(self.dtype).eps)

    def rounding(self, size: float) -> float:
        """By how much rounding may change the result of a few operations on numbers of that size."""
        return ROUNDING_MARGIN * self.eps * abs(size)
