"""From the tables of a scenario file to the recipes of its runs, and back."""

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import date, time
from itertools import pairwise
from operator import itemgetter
from typing import Any

from gdviz.core.analysis.range_test import as_range_test
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import Optimizer, make_optimizer
from gdviz.core.descent.schedules import Changed, Constant, RangeTest, Schedule, changes
from gdviz.core.errors import InputError
from gdviz.core.problems.problem import Problem, curvature
from gdviz.core.scenarios.messages import REQUIRED
from gdviz.core.scenarios.tables import FileTable, RunTable, ScheduleTable

SWEEP_KEYS = tuple(field.name for field in fields(RangeTest))
"""Of the table of a schedule: what only a range test has."""

SIMPLE_KEYS = ("start", "steps", "precision", "seed")
"""Of a run: those whose value is that of the recipe's field."""
ALL_ROWS = "all"


def read_experiment(file: FileTable, problem: Problem) -> Experiment:
    """The recipe of the file; InputError with the place where it is not possible."""
    schedule = _schedule(file.schedule, problem)
    experiment = Experiment(
        problem,
        _optimizer(file.optimizer, None),
        Constant(0.0) if isinstance(schedule, RangeTest) else schedule,
        file.start if file.start is not None else problem.start,
        file.steps if file.steps is not None else Experiment.steps,
        file.precision,
        batch_size_of(file.batch_size),
        file.seed,
    )
    if not isinstance(schedule, RangeTest):
        return experiment
    if file.steps is not None:
        raise InputError("steps: a range test takes one for each rate; leave steps out, and give schedule.number")
    return as_range_test(experiment, schedule)


def batch_size_of(value: int | str | None) -> int | None:
    """How many rows each step sees, from the word of a file for it; None for all of them."""
    return None if isinstance(value, str) else value


def read_run(table: RunTable, experiment: Experiment) -> Experiment:
    """The recipe of a run beside that of the file; InputError with the key where it is not possible."""
    given: dict[str, Any] = {name: value for name in SIMPLE_KEYS if (value := getattr(table, name)) is not None}
    if table.batch_size is not None:
        given["batch_size"] = batch_size_of(table.batch_size)
    if table.optimizer is not None:
        given["optimizer"] = _optimizer(table.optimizer, experiment.optimizer)
    before, made = changes(experiment.schedule)
    if table.learning_rate is not None:
        before = Constant(_rate(table.learning_rate, experiment.problem))
    made = made if table.changes is None else tuple(table.changes)
    return replace(experiment, schedule=_changed(before, made), **given)


def run_table(run: Experiment, experiment: Experiment) -> RunTable:
    """What differs between a run and the recipe of the file; InputError where that cannot be written."""
    given = {name: getattr(run, name) for name in SIMPLE_KEYS}
    differing = {name: value for name, value in given.items() if value != getattr(experiment, name)}
    if run.optimizer != experiment.optimizer:
        differing["optimizer"] = optimizer_table(run.optimizer)
    if run.batch_size != experiment.batch_size:
        differing["batch_size"] = run.batch_size if run.batch_size is not None else ALL_ROWS
    own, usual = schedule_table(run.schedule), schedule_table(experiment.schedule)
    if own.learning_rate != usual.learning_rate:
        differing["learning_rate"] = own.learning_rate
    if own.changes != usual.changes:
        differing["changes"] = own.changes
    return RunTable(**differing)


def optimizer_table(optimizer: Optimizer) -> dict[str, Any]:
    """An optimizer by its name, with its settings."""
    return {"name": optimizer.name, **asdict(optimizer)}  # type: ignore[call-overload]


def schedule_table(schedule: Schedule) -> ScheduleTable:
    """A schedule in the words of a file; InputError for a kind that has none."""
    if isinstance(schedule, RangeTest):
        return ScheduleTable(name="range-test", **asdict(schedule))
    before, changed = changes(schedule)
    if not isinstance(before, Constant):
        raise InputError(f"a schedule of the kind {type(before).__name__} cannot be written yet")
    return ScheduleTable(before.learning_rate, changes=list(changed))


def _optimizer(table: dict[str, Any], before: Optimizer | None) -> Optimizer:
    """The optimizer of a table, in which a run beside the file's leaves out what it shares with that of the file."""
    settings = dict(table)
    name = settings.pop("name", before.name if before is not None else "gd")
    if not isinstance(name, str):
        raise InputError(f"optimizer.name: {_told(name)} is not a name; take one such as 'gd'")
    given = {key: _number(f"optimizer.{key}", value) for key, value in settings.items()}
    shared = optimizer_table(before) if before is not None and before.name == name else {}
    shared.pop("name", None)
    return make_optimizer(name, {**shared, **given})


def _number(place: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"{place}: {_told(value)} is not a number; take one such as 0.9")
    return float(value)


def _told(value: object) -> str:
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    return str(value) if isinstance(value, date | time) else repr(value)


def _schedule(table: ScheduleTable, problem: Problem) -> Schedule:
    sweep = {name: value for name in SWEEP_KEYS if (value := getattr(table, name)) is not None}
    if table.name == "range-test":
        if table.learning_rate is not None or table.changes:
            raise InputError("schedule.learning_rate: a range test has many; leave it and the changes out")
        return RangeTest(**sweep)
    if sweep:
        raise InputError(f'schedule.{next(iter(sweep))}: only a range test has this; add name = "range-test"')
    if table.learning_rate is None:
        raise InputError(f"schedule.learning_rate: is missing; {REQUIRED['schedule.learning_rate']}")
    return _changed(Constant(_rate(table.learning_rate, problem)), table.changes)


def _changed(schedule: Schedule, made: Sequence[tuple[int, float]]) -> Schedule:
    made = sorted(made, key=itemgetter(0))
    for (before, _), (step, _) in pairwise(made):
        if before == step:
            raise InputError(f"schedule.changes: step {step} is there twice; keep one of them")
    if made and isinstance(schedule, RangeTest):
        raise InputError("schedule.changes: a range test changes the rate by itself; leave the changes out")
    if made and made[0][0] == 0:
        schedule, *made = Constant(made[0][1]), *made[1:]
    return Changed(schedule, tuple(made)) if made else schedule


def _rate(value: float | str, problem: Problem) -> float:
    if not isinstance(value, str):
        return value
    if not problem.is_quadratic:
        raise InputError(f"schedule.learning_rate: {problem.name} has none that is best everywhere; take a number")
    known = curvature(problem, problem.start)
    rate = known.best_learning_rate if known else None
    if rate is None:
        raise InputError("schedule.learning_rate: no rate is best where x is the same in every row; take a number")
    return rate
