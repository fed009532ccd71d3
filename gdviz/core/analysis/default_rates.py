"""The rates that a range test tries unless others are given: they follow the curvature of the problem."""

import math
from dataclasses import replace
from typing import TypeVar

import numpy as np

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.schedules import RangeTest, Schedule
from gdviz.core.precision import Precision
from gdviz.core.problems.problem import Problem, constant_curvature, curvature

AnySchedule = TypeVar("AnySchedule", bound=Schedule)

START_EXPONENT, END_EXPONENT = -4, 1  # of the lecture's rates, 1e-4 to 10, where 2/L is 0.78
SLACK = 0.1
"""How far the power of ten may be below 2/L, in decades: so the end is between 8 and 80 times 2/L.

In exact arithmetic the loss of a single step per rate rises again at up to 6.3 times 2/L only (where the dilogarithm of
twice the rate over 2/L has a real part of 0), so that the power nearest to 2/L could end before.
"""


def default_range(problem: Problem, precision: Precision) -> tuple[float, float]:
    """The first rate and the end of a range test: 1e-4 and 10 times a power of ten about 2/L.

    L is the largest curvature: of a quadratic along the directions in which its start is away from the minimum, of any
    other loss at its start. The power is 1 if L is not above 0, and moves as far as necessary for the precision to hold
    both ends as normal numbers.
    """
    largest, limits = _largest_curvature(problem), np.finfo(precision.dtype)
    exponent = 0
    if largest is not None and 0.0 < largest < math.inf:
        exponent = math.ceil(math.log10(2.0) - math.log10(largest) - SLACK)
    least = math.ceil(math.log10(limits.tiny)) - START_EXPONENT
    most = math.floor(math.log10(limits.max)) - END_EXPONENT
    exponent = min(max(exponent, least), most)
    # Read as decimals: a product such as 1e-4 * 1e-11 is not 1e-15.
    return float(f"1e{exponent + START_EXPONENT}"), float(f"1e{exponent + END_EXPONENT}")


def with_fitting_rates(
    schedule: AnySchedule, before: Experiment, problem: Problem, precision: Precision
) -> AnySchedule:
    """The schedule for another problem or precision: a range test at the default rates of ``before`` gets the new ones.

    Rates that were chosen stay, and so does any other schedule.
    """
    if not isinstance(schedule, RangeTest) or (problem is before.problem and precision is before.precision):
        return schedule
    if (schedule.start, schedule.end) != default_range(before.problem, before.precision):
        return schedule
    start, end = default_range(problem, precision)
    return replace(schedule, start=start, end=end)


def _largest_curvature(problem: Problem) -> float | None:
    if constant_curvature(problem) is None:
        known = curvature(problem, problem.start)
        return None if known is None else known.largest
    curvatures, axes = np.linalg.eigh(problem.hessian(problem.start))
    with np.errstate(over="ignore", invalid="ignore"):
        away = axes.T @ (np.array(problem.start) - np.array(problem.minima[0]))
    # Along a direction in which it is at the minimum already, the loss says nothing about the rate.
    seen = curvatures[away != 0.0]
    return float(seen.max() if len(seen) and seen.max() > 0.0 else curvatures.max())
