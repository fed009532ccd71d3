"""Scenarios: an experiment with a title, the question to the class and what it proves; read and written as TOML."""

import tomllib
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import msgspec
import tomli_w

from gdviz.core.atomic import write_atomically
from gdviz.core.data_file import read_csv
from gdviz.core.dataset import GENERATED, Dataset, DataSettings, from_points, generate
from gdviz.core.errors import InputError
from gdviz.core.experiment import Experiment
from gdviz.core.problem import Problem
from gdviz.core.problems import make_problem
from gdviz.core.regression import LinearRegression, Reduction
from gdviz.core.scenario_recipe import optimizer_table, read_experiment, read_run, run_table, schedule_table
from gdviz.core.scenario_tables import TABLES, DataTable, FileTable, RunTable
from gdviz.core.scenario_words import in_plain_words
from gdviz.core.schedules import RangeTest

MOST_RUNS = 4
"""The run of the recipe itself and those beside it; more of them nobody can tell apart."""
MOST_POINTS = 10_000
"""So many of them a file holds; of more that are generated it has the settings alone."""


@dataclass(frozen=True)
class Announcement:
    """What a lecturer says about a scenario, without the experiment."""

    title: str
    question: str
    proves: str


@dataclass(frozen=True)
class Scenario:
    """An experiment and what a lecturer says about it; ``others`` are the runs that are shown beside it.

    styles: the colour, dash and marker (0 to 3) of the experiment and of each of the others; in this order if empty.
    """

    title: str
    experiment: Experiment
    question: str = ""
    proves: str = ""
    others: tuple[Experiment, ...] = ()
    styles: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Raise InputError for too many runs, one that is there twice, or runs that nobody can compare."""
        runs = (self.experiment, *self.others)
        if len(runs) > MOST_RUNS:
            raise InputError(f"runs: {len(runs)} are too many; four at most, with that of the recipe itself")
        if self.others and any(isinstance(run.schedule, RangeTest) for run in runs):
            raise InputError("runs: a range test stands alone; leave the other runs out")
        if any(run.problem != self.experiment.problem for run in self.others):
            raise InputError("runs: those of different problems cannot share a surface; make a scenario for each")
        for number, run in enumerate(self.others, 1):
            if run in runs[:number]:
                raise InputError(f"runs, item {number}: this run is there already; change something in it")
        twice = [style for number, style in enumerate(self.styles) if style in self.styles[:number]]
        if twice:
            raise InputError(f"style: two runs have {twice[0] + 1}; give each one of its own, from 1 to {MOST_RUNS}")

    @property
    def all_styles(self) -> tuple[int, ...]:
        """The style of the experiment and of each of the others."""
        return self.styles or tuple(range(1 + len(self.others)))


def title_of(experiment: Experiment) -> str:
    """What a recipe is called on the screen that no scenario has a title for."""
    title = experiment.problem.title
    return f"Range test: {title}" if isinstance(experiment.schedule, RangeTest) else title


def read_announcement(path: Path) -> Announcement:
    """Read what a scenario file says, without making its data; InputError as of `read_scenario`."""
    file = _read_table(path)
    return Announcement(file.title, file.question, file.proves)


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file; InputError with one line that names the file, the place and what would be right."""
    file = _read_table(path)
    try:
        return _scenario(file, path.parent)
    except MemoryError as error:
        raise InputError(f"{path}: the data have more rows than fit into the memory; give fewer") from error
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _read_table(path: Path) -> FileTable:
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
        return msgspec.convert(content, FileTable)
    except msgspec.ValidationError as error:
        raise InputError(f"{path}: {in_plain_words(str(error), TABLES)}") from error


def write_scenario(scenario: Scenario, path: Path) -> None:
    """Write a scenario file with its data points, since another generator may give others from the same seed.

    Of more than MOST_POINTS, which would make a file of hundreds of megabytes, settings and seed are written alone:
    what a run shows of so many rows hardly depends on which they are. InputError where it cannot be written.
    """
    try:
        content = msgspec.to_builtins(_file_table(scenario))
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    write_atomically(path, tomli_w.dumps(content).encode())


def _file_table(scenario: Scenario) -> FileTable:
    experiment = scenario.experiment
    usual = experiment.steps == Experiment.steps
    return FileTable(
        title=scenario.title,
        question=scenario.question,
        proves=scenario.proves,
        problem=experiment.problem.name,
        reduction=_reduction(experiment.problem),
        optimizer=optimizer_table(experiment.optimizer),
        start=experiment.start,
        # Of a range test the number of steps follows from the rest; the usual one needs no word.
        steps=None if isinstance(experiment.schedule, RangeTest) or usual else experiment.steps,
        precision=experiment.precision,
        batch_size=experiment.batch_size,
        seed=experiment.seed,
        data=_data_table(experiment.problem),
        schedule=schedule_table(experiment.schedule),
        runs=_run_tables(scenario),
        style=scenario.styles[0] + 1 if scenario.styles else None,
    )


def _run_tables(scenario: Scenario) -> list[RunTable]:
    tables = [run_table(run, scenario.experiment) for run in scenario.others]
    for table, style in zip(tables, scenario.styles[1:], strict=False):
        table.style = style + 1
    return tables


def _styles(file: FileTable) -> tuple[int, ...]:
    """The styles of all runs, those that are left out being the next free ones; empty where none is given."""
    given = [file.style, *(run.style for run in file.runs)]
    wrong = [style for style in given if style is not None and not 1 <= style <= MOST_RUNS]
    if wrong:
        raise InputError(f"style: there is no {wrong[0]}; take 1 to {MOST_RUNS}")
    if not any(given) or len(given) > MOST_RUNS:
        return ()
    free = (style for style in range(MOST_RUNS) if style + 1 not in given)
    return tuple(style - 1 if style is not None else next(free) for style in given)


def _scenario(file: FileTable, folder: Path) -> Scenario:
    experiment = read_experiment(file, _problem(file, folder))
    others = []
    for number, table in enumerate(file.runs, 1):
        try:
            others.append(read_run(table, experiment))
        except InputError as error:
            # A run has the keys of a schedule as its own.
            raise InputError(f"runs, item {number}: {str(error).removeprefix('schedule.')}") from error
    return Scenario(file.title, experiment, file.question, file.proves, tuple(others), _styles(file))


def _problem(file: FileTable, folder: Path) -> Problem:
    problem = make_problem(file.problem, _dataset(file, folder))
    if file.reduction is None:
        return problem
    if not isinstance(problem, LinearRegression):
        raise InputError(f"reduction: the problem {file.problem} has no data; leave the reduction out")
    return replace(problem, reduction=file.reduction)


def _reduction(problem: Problem) -> Reduction | None:
    """What a file says of it: nothing where it goes without saying."""
    if not isinstance(problem, LinearRegression) or problem.reduction == LinearRegression.reduction:
        return None
    return problem.reduction


def _dataset(file: FileTable, folder: Path) -> Dataset | None:
    table = file.data
    if table is None:
        return None
    seed = table.seed if table.seed is not None else DataSettings.seed
    settings = DataSettings(
        **{field.name: getattr(table, field.name) for field in fields(DataSettings)} | {"seed": seed}
    )
    # Points with a seed were generated once and saved; points without one are somebody's own, with no true line.
    origin = settings if table.seed is not None else None
    if table.file is not None:
        if table.x is not None or table.y is not None:
            raise InputError("data.file: the points are given here as x and y too; take one of both")
        try:
            points = read_csv(folder / table.file)
        except InputError as error:
            raise InputError(f"data.file: {error}") from error
        return from_points(points.x, points.y, origin, table.file, table.standardised)
    if table.x is not None or table.y is not None:
        return from_points(table.x or [], table.y or [], origin, "data", table.standardised)
    return generate(settings)


def _data_table(problem: Problem) -> DataTable | None:
    if not isinstance(problem, LinearRegression):
        return None
    data = problem.data
    known = asdict(data.settings) if data.settings is not None else {"standardised": data.drawn_x is not None}
    if data.x.size > MOST_POINTS:
        if data.source != GENERATED:
            told = f"{data.x.size:,} points are too many for a scenario file, which takes {MOST_POINTS:,}"
            raise InputError(f'data: {told}; keep them in a CSV file and name it there: file = "points.csv"')
        return DataTable(**known)
    drawn_x = data.drawn_x if data.drawn_x is not None else data.x
    # The shortest decimals that give the same single-precision numbers again.
    x, y = ([float(str(value)) for value in column] for column in (drawn_x, data.y))
    return DataTable(**known, x=x, y=y)
