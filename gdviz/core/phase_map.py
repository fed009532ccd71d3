"""The map of learning rate and number of steps: the loss after so many steps at each constant rate."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.core.experiment import Experiment

MAX_CELLS = 10_000_000


@dataclass(frozen=True)
class MapGrid:
    """The cells of a map: ``columns`` rates, geometric from ``lowest`` to ``highest`` (both included), by the steps.

    steps: rising numbers of steps, each at least 1; all steps up to the last one are computed, these are kept.
    InputError for what is no grid (0 columns, 10^9 cells, a rate that is not above 0, an end below the start, ...).
    """

    lowest: float
    highest: float
    columns: int
    steps: tuple[int, ...]

    @property
    def learning_rates(self) -> NDArray[np.float64]:
        """The rates, shape (columns,)."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class PhaseMap:
    """As much of a map as is computed so far.

    experiment: the recipe; its schedule and its number of steps have no part in the map.
    losses: shape (rows, columns) in the run's precision, those of ``grid.steps[:rows]``; bit for bit the losses of runs.
    needed: int64, shape (columns,): the first number of steps after which at most 1 % of the start's loss above the
    lowest known minimum is left; -1 where that has not happened up to ``done``.
    done: the number of steps that have been computed.
    """

    experiment: Experiment
    grid: MapGrid
    losses: NDArray[np.floating]
    needed: NDArray[np.int64]
    done: int

    @property
    def is_complete(self) -> bool:
        """Whether all steps of the grid are there."""
        return self.done >= self.grid.steps[-1]


def default_grid(experiment: Experiment, columns: int = 256) -> MapGrid:
    """Rates from 0.0001 to 20, and beyond where the experiment's own rates are; steps 1 to 10,000, log-spaced."""
    raise NotImplementedError


def compute(experiment: Experiment, grid: MapGrid, seconds: float = 0.05) -> Iterator[PhaseMap]:
    """The map as it grows, about every so many seconds, the last one complete; stop asking and nothing more is done.

    The runs of all columns go side by side through `gdviz.core.descent.walk`.
    """
    raise NotImplementedError


def phase_map(experiment: Experiment, grid: MapGrid) -> PhaseMap:
    """The complete map."""
    raise NotImplementedError
