"""The map of starting points: in which minimum a run from each of them ends, and after how many steps."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.core.box import Box
from gdviz.core.experiment import Experiment

NOWHERE, NOT_FINITE, UNKNOWN = -1, -2, -3
"""In the place of a minimum: in none of them yet; no finite number any more; not computed yet."""


@dataclass(frozen=True, eq=False)
class BasinMap:
    """As much of a map as is computed so far.

    experiment: the recipe with its rate and number of steps; its start has no part in the map.
    box: the starting points, ``side`` x ``side`` of them, as `Box.grid` gives them.
    minimum: int8, shape (side, side): the place in ``problem.minima`` of the minimum in which the run from there ends,
    or NOWHERE, NOT_FINITE, UNKNOWN; [i, j] belongs to the i-th first and the j-th second parameter.
    steps: int32, shape (side, side): the steps after which at most 1 % of the start's loss above that minimum is left
    for good; -1 where there is no minimum.
    """

    experiment: Experiment
    box: Box
    side: int
    minimum: NDArray[np.int8]
    steps: NDArray[np.int32]

    @property
    def is_complete(self) -> bool:
        """Whether every point is computed."""
        return not (self.minimum == UNKNOWN).any()


def compute(experiment: Experiment, box: Box, side: int, seconds: float = 0.05) -> Iterator[BasinMap]:
    """The map as it grows, about every so many seconds, the last one complete; stop asking and nothing more is done."""
    raise NotImplementedError


def basin_map(experiment: Experiment, box: Box, side: int) -> BasinMap:
    """The complete map."""
    raise NotImplementedError
