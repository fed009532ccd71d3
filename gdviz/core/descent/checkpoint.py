"""What a run is resumed from."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from gdviz.core.descent.experiment import Experiment
from gdviz.core.problems.problem import Point


@dataclass(frozen=True, eq=False, slots=True)
class Checkpoint:
    """What a run is resumed from: the point and the states of optimizer and schedule before a step."""

    step: int
    point: Point
    state: Any
    schedule_state: Any = None
    """None for a schedule whose rates are predetermined."""


def start(experiment: Experiment, runs: int | None = None) -> Checkpoint:
    """The checkpoint of step 0; with ``runs`` runs side by side its point has shape (2, runs)."""
    point = np.array(experiment.start, dtype=experiment.precision.dtype)
    if runs is not None:
        point = np.repeat(point[:, np.newaxis], runs, axis=1)
    return Checkpoint(0, point, experiment.optimizer.init(point), experiment.schedule.init())
