"""Loss against learning rate as it is drawn: the curve of a range test with what one picks from it, in words."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.core.recording import Recording
from gdviz.model.look import Look


@dataclass(frozen=True)
class Pick:
    """A rate that is worth a mark, and why in one sentence."""

    name: str
    learning_rate: float
    explanation: str


@dataclass(frozen=True, eq=False)
class RatePicture:
    """The curve so far; rates and losses as log10, NaN where there is a gap."""

    rates: NDArray[np.float64]
    values: NDArray[np.float64]
    current: tuple[float, float] | None
    picks: tuple[Pick, ...]


def build_rate_picture(recording: Recording, step: int, look: Look) -> RatePicture:
    """The picture of a range test's recording up to ``step``."""
    raise NotImplementedError
