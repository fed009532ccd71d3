"""A loss that is infinite from the start, in words, with what to do about it."""

import numpy as np

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import Recording
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import HasData


def overflow_note(recording: Recording) -> str:
    """What to do where the loss at the start is infinite; empty where it is not."""
    if np.isfinite(recording.losses[0]):
        return ""
    experiment = recording.experiment
    return f"the loss at the start is beyond {experiment.precision}: use {what_to_use(experiment)}"


def what_to_use(experiment: Experiment) -> str:
    """What has a finite loss at the start, where the experiment has not: "float64 or another start"."""
    instead = "standardised data" if isinstance(experiment.problem, HasData) else "another start"
    with np.errstate(over="ignore", invalid="ignore"):
        holds_in_double = np.isfinite(experiment.problem.loss(*experiment.start))
    return f"float64 or {instead}" if experiment.precision is Precision.FLOAT32 and holds_in_double else instead
