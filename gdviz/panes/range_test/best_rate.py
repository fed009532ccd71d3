"""The texts about 2/(μ + L), the fastest rate in the long run, with the steps that it needs beside those of 1/L."""

import math

from gdviz.core.analysis.quadratic import steps_to_tolerance
from gdviz.core.descent.experiment import MAX_STEPS, Experiment
from gdviz.core.errors import InputError
from gdviz.core.problems.problem import constant_curvature
from gdviz.presentation.numbers import format_number, quantity

DIGITS = 3
"""Of the rates in the table."""


def best_sentences(best: float, limit: float | None, experiment: Experiment) -> tuple[str, ...]:
    """The explanation of that rate, and shorter ones; none of them praises a rate that is shown as the limit itself.

    In the long run alone it is the fastest: 1/L may take a fraction of its steps to most of the way.
    """
    is_limit = format_number(best, DIGITS) == format_number(math.inf if limit is None else limit, DIGITS)
    what = f"2/(μ + L), to {DIGITS} digits the limit" if is_limit else "2/(μ + L), the fastest in the long run"
    brief = "almost the limit" if is_limit else "in the long run"
    known = constant_curvature(experiment.problem)
    needed = None if known is None else _steps_beside(experiment, best, 1.0 / known.largest)
    if needed is None:
        return what, brief
    return f"{what}: {needed}", f"{brief}: {needed}", needed


def _steps_beside(experiment: Experiment, best: float, inverse: float) -> str | None:
    """The numbers of steps at both rates in words, None if one is not known."""
    counts = _steps(experiment, best), _steps(experiment, inverse)
    if None in counts:
        return None
    ours, others = (str(count) for count in counts)
    beside = "as" if ours == others else others.removesuffix(" steps").removesuffix(" step")
    return f"{ours} to 1 %, {beside} at 1/L"


def _steps(experiment: Experiment, learning_rate: float) -> str | None:
    """How many steps leave 1 %; None if no number does, or the precision has no such rate."""
    try:
        needed = steps_to_tolerance(experiment, learning_rate)
    except InputError:
        return None
    if needed.is_unreachable:
        return None
    return f"more than {quantity(MAX_STEPS)}" if needed.steps is None else quantity(needed.steps)
