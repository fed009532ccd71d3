"""The two floating-point precisions of a run, by the names that users type."""

from enum import StrEnum

import numpy as np


class Precision(StrEnum):
    """The precision of every number of a run: parameters, loss, gradient and learning rate."""

    FLOAT32 = "float32"
    FLOAT64 = "float64"

    @property
    def dtype(self) -> np.dtype[np.floating]:
        """The NumPy dtype of this precision."""
        return np.dtype(self.value)
