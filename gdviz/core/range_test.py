"""What a range test shows: its curve of loss against rate, where it stops, and the rates that one picks from it."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gdviz.core.experiment import Experiment
from gdviz.core.recording import Recording, record
from gdviz.core.schedules import RangeTest

Array = NDArray[np.float64]

PICKS = ("minimum", "tenth", "steep", "valley", "slide", "limit", "best")
"""What can be picked: five from the curve, two from the curvature of a quadratic."""


@dataclass(frozen=True, eq=False)
class Curve:
    """The rates that have been tried so far with the losses found, all of shape (n,) in double precision.

    smoothed: v/(1 - 0.98^(k+1)) with v = 0.98 v + 0.02 loss, as fast.ai smooths. shown: the one of the two by which the
    range test stops and from which is picked.
    """

    learning_rates: Array
    losses: Array
    smoothed: Array
    shown: Array


def as_range_test(experiment: Experiment, schedule: RangeTest) -> Experiment:
    """The recipe with this range test in the place of its schedule; as many steps as it takes until it stops."""
    raise NotImplementedError


def curve(recording: Recording, step: int) -> Curve:
    """The curve of a range test's recording up to ``step``; of fresh starts only the rates that are done."""
    raise NotImplementedError


def picks(found: Curve, experiment: Experiment) -> dict[str, float]:
    """The rates by their names in `PICKS`, in that order; without those that there are not."""
    raise NotImplementedError
