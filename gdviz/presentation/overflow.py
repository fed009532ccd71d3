"""A loss that is infinite from the start, in words, with what to do about it."""

import numpy as np

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import Recording
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import HasData


def overflow_note(recording: Recording) -> str:
    """What to do where the loss at the start is infinite; empty where it is not."""
    return "" if np.isfinite(recording.losses[0]) else f"the loss at the start is {advice(recording.experiment)}"


def advice(experiment: Experiment) -> str:
    """Beyond which precision the loss at the start is, and what to use instead."""
    is_data, precision = isinstance(experiment.problem, HasData), experiment.precision
    instead = "standardised data" if is_data else "another start"
    with np.errstate(over="ignore", invalid="ignore"):
        holds_in_double = np.isfinite(experiment.problem.loss(*experiment.start))
    if precision is Precision.FLOAT32 and holds_in_double:
        instead = f"float64 or {instead}"
    return f"beyond {precision}: use {instead}"
