"""Scenarios: an experiment with a title, the question to the class and what it proves; read and written as TOML."""

import tomllib
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal

import msgspec
import tomli_w

from gdviz.core.atomic import write_atomically
from gdviz.core.dataset import Dataset, DataSettings, from_points, generate, read_csv
from gdviz.core.errors import InputError
from gdviz.core.experiment import Experiment
from gdviz.core.optimizers import make_optimizer
from gdviz.core.precision import Precision
from gdviz.core.problem import Problem, curvature
from gdviz.core.problems import make_problem
from gdviz.core.range_test import as_range_test
from gdviz.core.regression import LinearRegression
from gdviz.core.scenario_words import REQUIRED, in_plain_words
from gdviz.core.schedules import Constant, RangeTest, Schedule, changed_from, changes

SWEEP_KEYS = tuple(field.name for field in fields(RangeTest))
"""Of the table of a schedule: what only a range test has."""


@dataclass(frozen=True)
class Scenario:
    """An experiment and what a lecturer says about it."""

    title: str
    experiment: Experiment
    question: str = ""
    proves: str = ""


def title_of(experiment: Experiment) -> str:
    """What a recipe is called on the screen that no scenario has a title for."""
    title = experiment.problem.title
    return f"Range test: {title}" if isinstance(experiment.schedule, RangeTest) else title


class _Table(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A table of the file; an unknown key in it is an error."""


class _Data(_Table):
    rows: int = 100
    noise: float = 0.01
    slope: float = 0.1
    intercept: float = 0.5
    x_range: tuple[float, float] = (0.0, 1.0)
    seed: int | None = None
    file: str | None = None
    x: list[float] | None = None
    y: list[float] | None = None


class _Schedule(_Table):
    learning_rate: float | Literal["best"] | None = None
    name: Literal["constant", "range-test"] = "constant"
    changes: list[tuple[int, float]] = []
    start: float | None = None
    end: float | None = None
    number: int | None = None
    fresh_steps: int | None = None
    smoothed: bool | None = None
    stops: bool | None = None


class _File(_Table):
    title: str
    schedule: _Schedule
    question: str = ""
    proves: str = ""
    problem: str = "linear-regression"
    optimizer: dict[str, Any] = msgspec.field(default_factory=lambda: {"name": "gd"})
    start: tuple[float, float] | None = None
    steps: int | None = None
    precision: Precision = Precision.FLOAT32
    data: _Data | None = None


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file; InputError with one line that names the file, the place and what would be right."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not a text file in UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: is not TOML: {error}") from error
    except (ValueError, RecursionError) as error:
        # tomllib lets these through for a number of thousands of digits and for lists a thousand deep.
        raise InputError(f"{path}: is not TOML that can be read: a number is too long or a list too deep") from error
    try:
        return _scenario(msgspec.convert(content, _File), path.parent)
    except msgspec.ValidationError as error:
        raise InputError(f"{path}: {in_plain_words(str(error), _TABLES)}") from error
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def write_scenario(scenario: Scenario, path: Path) -> None:
    """Write a scenario file with its data points; InputError where it cannot be written."""
    experiment = scenario.experiment
    usual = experiment.steps == Experiment.steps
    settings = asdict(experiment.optimizer)  # type: ignore[call-overload]
    file = _File(
        title=scenario.title,
        question=scenario.question,
        proves=scenario.proves,
        problem=experiment.problem.name,
        optimizer={"name": experiment.optimizer.name, **settings},
        start=experiment.start,
        # Of a range test the number of steps follows from the rest; the usual one needs no word.
        steps=None if isinstance(experiment.schedule, RangeTest) or usual else experiment.steps,
        precision=experiment.precision,
        data=_data_table(experiment.problem),
        schedule=_schedule_table(experiment.schedule, path),
    )
    content = msgspec.to_builtins(file)
    write_atomically(path, tomli_w.dumps(content).encode())


def _scenario(file: _File, folder: Path) -> Scenario:
    problem = make_problem(file.problem, _dataset(file, folder))
    optimizer = dict(file.optimizer)
    name = optimizer.pop("name", "gd")
    if not isinstance(name, str):
        raise InputError(f"optimizer.name: {name!r} is not a name; take one such as 'gd'")
    settings = {key: _number(f"optimizer.{key}", value) for key, value in optimizer.items()}
    schedule = _schedule(file.schedule, problem)
    experiment = Experiment(
        problem,
        make_optimizer(name, settings),
        Constant(0.0) if isinstance(schedule, RangeTest) else schedule,
        file.start if file.start is not None else problem.start,
        file.steps if file.steps is not None else Experiment.steps,
        file.precision,
    )
    if isinstance(schedule, RangeTest):
        if file.steps is not None:
            raise InputError("steps: a range test takes one for each rate; leave steps out, and give schedule.number")
        experiment = as_range_test(experiment, schedule)
    return Scenario(file.title, experiment, file.question, file.proves)


def _number(place: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"{place}: {value!r} is not a number; take one such as 0.9")
    try:
        return float(value)
    except OverflowError as error:
        raise InputError(f"{place}: the number is too large") from error


def _schedule(table: _Schedule, problem: Problem) -> Schedule:
    sweep = {name: value for name in SWEEP_KEYS if (value := getattr(table, name)) is not None}
    if table.name == "range-test":
        if table.learning_rate is not None or table.changes:
            raise InputError("schedule.learning_rate: a range test has many; leave it and the changes out")
        return RangeTest(**sweep)
    if sweep:
        raise InputError(f'schedule.{next(iter(sweep))}: only a range test has this; add name = "range-test"')
    if table.learning_rate is None:
        raise InputError(f"schedule.learning_rate: is missing; {REQUIRED['schedule.learning_rate']}")
    schedule: Schedule = Constant(_rate(table.learning_rate, problem))
    # In the order of their steps: a change made at an earlier step would replace those behind it.
    made = sorted(table.changes, key=itemgetter(0))
    for (before, _), (step, _) in pairwise(made):
        if before == step:
            raise InputError(f"schedule.changes: step {step} is there twice; keep one of them")
    for step, learning_rate in made:
        schedule = changed_from(schedule, step, learning_rate)
    return schedule


def _schedule_table(schedule: Schedule, path: Path) -> _Schedule:
    if isinstance(schedule, RangeTest):
        return _Schedule(name="range-test", **asdict(schedule))
    before, changed = changes(schedule)
    if not isinstance(before, Constant):
        raise InputError(f"{path}: a schedule of the kind {type(before).__name__} cannot be written yet")
    return _Schedule(before.learning_rate, changes=list(changed))


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


def _dataset(file: _File, folder: Path) -> Dataset | None:
    table = file.data
    if table is None:
        return None
    seed = table.seed if table.seed is not None else DataSettings.seed
    settings = DataSettings(table.rows, table.noise, table.slope, table.intercept, table.x_range, seed)
    # Points with a seed were generated once and saved; points without one are somebody's own, with no true line.
    origin = settings if table.seed is not None else None
    if table.file is not None:
        if table.x is not None or table.y is not None:
            raise InputError("data.file: the points are given here as x and y too; take one of both")
        try:
            points = read_csv(folder / table.file)
        except InputError as error:
            raise InputError(f"data.file: {error}") from error
        return from_points(points.x, points.y, origin, table.file)
    if table.x is not None or table.y is not None:
        return from_points(table.x or [], table.y or [], origin, "data")
    return generate(settings)


def _data_table(problem: Problem) -> _Data | None:
    if not isinstance(problem, LinearRegression):
        return None
    data = problem.data
    # The shortest decimals that give the same single-precision numbers again.
    x, y = ([float(str(value)) for value in column] for column in (data.x, data.y))
    if data.settings is None:
        return _Data(x=x, y=y)
    return _Data(**asdict(data.settings), x=x, y=y)


_TABLES: dict[str, type[_Table]] = {"": _File, "data": _Data, "schedule": _Schedule}
