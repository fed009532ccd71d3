"""The precision in which a run on the user's own data begins: single, unless that cannot hold its first step."""

import numpy as np

from gdviz.core.precision import Precision
from gdviz.core.problems.problem import Problem, first_learning_rate

SINGLE = Precision.FLOAT32


def fault_in_single(problem: Problem) -> str:
    """What single precision cannot hold of the first step at the first rate; empty where it can."""
    rate = first_learning_rate(problem)
    with np.errstate(all="ignore"):
        if np.abs(SINGLE.dtype.type(rate)) < np.finfo(SINGLE.dtype).tiny:
            return f"the first rate, {rate:g}, is 0 or almost"
        loss, gradient = problem.evaluator(SINGLE)(np.array(problem.start, SINGLE.dtype))
    if not np.isfinite(loss):
        return "the loss at the start is infinite"
    return "" if np.isfinite(gradient).all() else "the gradient at the start is infinite"


def first_precision(problem: Problem) -> Precision:
    """Single precision as everywhere in the program, or double where that has a fault."""
    return Precision.FLOAT64 if fault_in_single(problem) else SINGLE
