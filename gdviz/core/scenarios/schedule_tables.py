"""Reads the schedule of a scenario file from its table, with its rate and manual changes."""

from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter

from gdviz.core.analysis.default_rates import default_range
from gdviz.core.descent.experiment import OWN_STEPS
from gdviz.core.descent.manual_changes import PiecewiseConstant
from gdviz.core.descent.optimizers import Optimizer
from gdviz.core.descent.schedules import (
    SCHEDULES,
    Constant,
    Schedule,
    fitted_settings,
    has_learning_rate,
    make_schedule,
    schedule_settings,
)
from gdviz.core.errors import InputError
from gdviz.core.problems.problem import Problem, best_learning_rate, first_learning_rate
from gdviz.core.scenarios.tables import REQUIRED, FileTable, ScheduleTable


def read_schedule(file: FileTable, problem: Problem, steps: int, optimizer: Optimizer) -> Schedule:
    """The schedule of the file, fitted to a run of so many steps with this optimizer; InputError with the key."""
    if (table := file.schedule) is None:
        if optimizer.takes_learning_rate:
            raise InputError(f"schedule: is missing; {REQUIRED['schedule']}")
        return OWN_STEPS
    keys = [key for key in table.__struct_fields__ if key not in ScheduleTable.__struct_fields__]
    settings = {key: value for key in keys if (value := getattr(table, key)) is not None}
    name, rate = table.name, table.learning_rate
    if SCHEDULES[name].sweeps and (rate is not None or table.changes):
        raise InputError("schedule.learning_rate: a range test has many; leave it and the changes out")
    for key in settings:
        mode = next((name for name in SCHEDULES if SCHEDULES[name].sweeps and key in schedule_settings(name)), None)
        if mode is not None and key not in schedule_settings(name):
            only = f"only a {SCHEDULES[mode].title.lower()} has this"
            raise InputError(f'schedule.{key}: {only}; add name = "{mode}"')
    if rate is not None and not has_learning_rate(name):
        raise InputError(f"schedule.learning_rate: {name} has rates of its own; leave it out")
    if rate is None and not optimizer.takes_learning_rate:
        rate = OWN_STEPS.learning_rate  # so that a schedule that varies is refused with the reason, not for want of it
    if rate is None and has_learning_rate(name):
        raise InputError(f"schedule.learning_rate: is missing; {REQUIRED['schedule.learning_rate']}")
    if SCHEDULES[name].sweeps:
        settings = dict(zip(("start", "end"), default_range(problem, file.precision), strict=True)) | settings
    usual = Constant(problem.suggested_learning_rate)
    fitted = fitted_settings(name, settings, usual, steps, optimizer.has_momentum)
    schedule = make_schedule(name, 0.0 if rate is None else rate_of(rate, problem), fitted)
    return with_changes(schedule, table.changes)


def with_changes(schedule: Schedule, made: Sequence[tuple[int, float]]) -> Schedule:
    """The schedule with these manual changes, in any order; InputError for two at one step, or in a range test."""
    made = sorted(made, key=itemgetter(0))
    for (before, _), (step, _) in pairwise(made):
        if before == step:
            raise InputError(f"schedule.changes: step {step} is there twice; keep one of them")
    if made and schedule.sweeps:
        raise InputError("schedule.changes: a range test changes the rate by itself; leave the changes out")
    if made and made[0][0] == 0:
        schedule, *made = schedule.with_rate(made[0][1]), *made[1:]
    return PiecewiseConstant(schedule, tuple(made)) if made else schedule


def rate_of(value: float | str, problem: Problem) -> float:
    """The learning rate that a file gives; InputError for "best" where there is none."""
    if not isinstance(value, str):
        return value
    if not problem.is_quadratic:
        raise InputError(f"schedule.learning_rate: {problem.name} has none that is best everywhere; use a number")
    if not problem.minima:
        raise InputError(f"schedule.learning_rate: {problem.name} has no minimum, and no rate is best; use a number")
    if (rate := best_learning_rate(problem)) is None:
        limit = "2/(mu + L) is the limit itself where x is the same in every row"
        raise InputError(f"schedule.learning_rate: {limit}; use a number such as {first_learning_rate(problem):g}")
    return rate
