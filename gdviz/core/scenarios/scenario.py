"""Scenarios: an experiment with a title, a question to the class and what it proves; read and written as TOML."""

from pathlib import Path

import msgspec
import tomli_w

from gdviz.core.atomic import write_atomically
from gdviz.core.descent.experiment import Experiment
from gdviz.core.errors import ALLOWED_FORMAT_CHARACTERS, InputError, escape_controls, locating, printable
from gdviz.core.frozen import frozen
from gdviz.core.problems.capabilities import HasData, HasReduction, with_reduction
from gdviz.core.problems.problem import Problem
from gdviz.core.problems.reductions import REDUCTIONS
from gdviz.core.problems.registry import make_problem
from gdviz.core.scenarios.conversion import (
    BYTES_OF_POINT,
    MOST_POINTS,
    RATE_KEYS,
    data_table,
    kind_table,
    read_data,
    read_experiment,
    read_run,
    run_table,
    schedule_table,
)
from gdviz.core.scenarios.tables import REQUIRED, FileTable, plain_message, table_types
from gdviz.core.scenarios.toml_file import MAX_VALUES, read_toml

MAX_LENGTHS = {"title": 300, "question": 1_000, "proves": 1_000}
"""The most characters of each text of a scenario."""
MAX_RUNS = 4  # including the experiment's own; more could not be told apart
MAX_BYTES = 1_000_000 + MOST_POINTS * BYTES_OF_POINT
"""The largest scenario file: its points and all else. Whatever is written can be read again."""


@frozen
class ScenarioSummary:
    """The texts of a scenario, without the experiment."""

    title: str
    question: str
    proves: str

    def __post_init__(self) -> None:
        """Make the texts printable; InputError for an empty title."""
        _clean(self)


@frozen
class Scenario:
    """An experiment with its texts; ``others`` are the runs shown beside it.

    title, question, proves: each is one printable line of at most MAX_LENGTHS characters, however given.
    styles: the colour, dash and marker (0 to 3) of the experiment and of each of the others; in this order if empty.
    keeps_title: whether the title also stands above other experiments, as one that a person has asked for does; that of
    a scenario is about its own alone.
    """

    title: str
    experiment: Experiment
    question: str = ""
    proves: str = ""
    others: tuple[Experiment, ...] = ()
    styles: tuple[int, ...] = ()
    keeps_title: bool = False

    def __post_init__(self) -> None:
        """Raise InputError for no title, too many or duplicate runs, or runs that cannot be compared."""
        _clean(self)
        runs = (self.experiment, *self.others)
        if len(runs) > MAX_RUNS:
            raise InputError(f"runs: {len(runs)} are too many; use four at most, including the scenario's own")
        if self.others and any(run.schedule.sweeps for run in runs):
            raise InputError("runs: a range test stands alone; leave out the other runs")
        if any(run.problem != self.experiment.problem for run in self.others):
            raise InputError("runs: different problems cannot share a surface; make a scenario for each")
        for number, run in enumerate(self.others, 1):
            if any(run.is_same_run(before) for before in runs[:number]):
                exactly = "" if run in runs[:number] else f" in {run.precision}, to which the numbers are rounded"
                raise InputError(f"runs, item {number}: this run is a duplicate{exactly}; change something in it")
        twice = [style for number, style in enumerate(self.styles) if style in self.styles[:number]]
        if twice:
            raise InputError(f"style: two runs have {twice[0] + 1}; give each its own, from 1 to {MAX_RUNS}")

    @property
    def all_styles(self) -> tuple[int, ...]:
        """The style of the experiment and of each of the others."""
        return self.styles or tuple(range(1 + len(self.others)))


def _clean(said: ScenarioSummary | Scenario) -> None:
    """Make each text one printable line; InputError for an empty title."""
    for name, longest in MAX_LENGTHS.items():
        object.__setattr__(said, name, printable(" ".join(getattr(said, name).split()), longest))
    if not said.title.strip(f" {ALLOWED_FORMAT_CHARACTERS}"):
        raise InputError(f"title: is empty; {REQUIRED['title']}")


def title_of(experiment: Experiment, *others: Experiment) -> str:
    """The title of an experiment, and of others beside it, to which no scenario gives one.

    With the optimizer and the schedule that all have, unless these are plain descent and a constant rate.
    """
    problem, runs = experiment.problem, (experiment, *others)
    rules = {run.optimizer.title for run in runs if not run.optimizer.is_plain}
    schedules = {run.schedule.title for run in runs if run.schedule.varies}
    # What not all have is told by their names.
    common = [
        *(rules if len(rules) == 1 and not any(run.optimizer.is_plain for run in runs) else ()),
        *(schedules if len(schedules) == 1 and all(run.schedule.varies for run in runs) else ()),
    ]
    words = [title if place == 0 else title[0].lower() + title[1:] for place, title in enumerate(common)]
    of_file = problem.data.title if isinstance(problem, HasData) else None
    return f"{', '.join(words)}{': ' if words else ''}{of_file or problem.title}"


def read_summary(path: Path) -> ScenarioSummary:
    """Read the texts of a scenario file, without making its data; InputError as in `read_scenario`."""
    file = _read_table(path)
    with locating(path):
        return ScenarioSummary(file.title, file.question, file.proves)


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file; InputError with one line that names the file, the place and the remedy."""
    file = _read_table(path)
    with locating(path):
        try:
            return _scenario(file, path.parent)
        except MemoryError as error:
            raise InputError("the data have more rows than fit in memory; give fewer") from error


def _read_table(path: Path) -> FileTable:
    content = read_toml(path, MAX_BYTES, 'keep many points in a table and name it there: file = "points.csv"')
    try:
        file: FileTable = msgspec.convert(content, table_types()[""])
    except msgspec.ValidationError as error:
        raise InputError(f"{path}: {plain_message(str(error))}") from error
    for name, longest in MAX_LENGTHS.items():
        # Nothing is cut from a file silently.
        if (length := len(escape_controls(" ".join(getattr(file, name).split())))) > longest:
            raise InputError(f"{path}: {name}: has {length:,} characters; use {longest:,} at most")
    return file


def write_scenario(scenario: Scenario, path: Path) -> None:
    """Write a scenario file with its data points, since another generator may differ for the same seed.

    Beyond MOST_GENERATED, which would make a file of hundreds of megabytes, only settings and seed are written: what a
    run shows of so many rows hardly depends on which they are. Beyond MOST_POINTS from a table, its path is written.
    InputError if the file cannot be written, or would be too large to be read again.
    """
    with locating(path):
        content = tomli_w.dumps(msgspec.to_builtins(_file_table(scenario, path.parent))).encode()
    if len(content) > MAX_BYTES or content.count(b"\n") > MAX_VALUES:
        raise InputError(f"{path}: the runs have too many rate changes for one file; leave out a run")
    write_atomically(path, content)


def _file_table(scenario: Scenario, folder: Path) -> FileTable:
    experiment, problem = scenario.experiment, scenario.experiment.problem
    usual = experiment.steps == Experiment.steps
    reduction = problem.reduction if isinstance(problem, HasReduction) else REDUCTIONS[0]
    styles = [*(style + 1 for style in scenario.styles), *[None] * MAX_RUNS]
    others = zip(scenario.others, styles[1:], strict=False)
    table: FileTable = table_types()[""](
        title=scenario.title,
        question=scenario.question,
        proves=scenario.proves,
        problem=problem.name,
        reduction=None if reduction == REDUCTIONS[0] else reduction,
        optimizer=kind_table(experiment.optimizer),
        start=experiment.start,
        # The steps of a range test follow from the rest, and the default is left out.
        steps=None if experiment.schedule.sweeps or usual else experiment.steps,
        precision=experiment.precision,
        batch_size=experiment.batch_size,
        seed=experiment.seed,
        batch_order=experiment.batch_order,
        data=data_table(problem.data, folder) if isinstance(problem, HasData) else None,
        schedule=schedule_table(experiment.schedule) if experiment.optimizer.takes_learning_rate else None,
        runs=[run_table(run, experiment, style) for run, style in others],
        style=styles[0],
    )
    return table


def _styles(file: FileTable) -> tuple[int, ...]:
    """The styles of all runs, those left out being the next free ones; empty if none is given."""
    given = [file.style, *(run.style for run in file.runs)]
    wrong = [style for style in given if style is not None and not 1 <= style <= MAX_RUNS]
    if wrong:
        raise InputError(f"style: there is no {wrong[0]}; use 1 to {MAX_RUNS}")
    if not any(given) or len(given) > MAX_RUNS:
        return ()
    free = (style for style in range(MAX_RUNS) if style + 1 not in given)
    return tuple(style - 1 if style is not None else next(free) for style in given)


def _scenario(file: FileTable, folder: Path) -> Scenario:
    experiment = read_experiment(file, _problem(file, folder))
    others = []
    for number, table in enumerate(file.runs, 1):
        try:
            others.append(read_run(table, experiment))
        except InputError as error:
            said = str(error)
            if said.startswith(tuple(f"schedule.{key}:" for key in RATE_KEYS)):
                said = said.removeprefix("schedule.")
            raise InputError(f"runs, item {number}: {said}") from error
    return Scenario(file.title, experiment, file.question, file.proves, tuple(others), _styles(file))


def _problem(file: FileTable, folder: Path) -> Problem:
    problem = make_problem(file.problem, None if file.data is None else read_data(file.data, folder))
    if file.reduction is None:
        return problem
    if not isinstance(problem, HasReduction):
        without = "none" if isinstance(problem, HasData) else "no data"
        raise InputError(f"reduction: the problem {file.problem} has {without}; leave the reduction out")
    return with_reduction(problem, file.reduction)
