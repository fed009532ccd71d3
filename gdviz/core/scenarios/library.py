"""Finds the files that ship with gdviz, in a checkout and in an installed package alike."""

import os
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain
from pathlib import Path

from gdviz.core.data.data_file import Columns, read_data_file
from gdviz.core.data.dataset import Dataset
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.schedules import Constant
from gdviz.core.errors import InputError, did_you_mean, printable
from gdviz.core.problems.first_precision import first_precision
from gdviz.core.problems.problem import first_learning_rate
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.reading import ending_of, log_refusal
from gdviz.core.scenarios.scenario import Scenario, ScenarioSummary, read_scenario, read_summary, title_of

TABLE_ENDINGS = (".csv", ".tsv", ".tab", ".txt", ".dat", ".data", ".parquet")
"""The usual endings of tables; a file with any other ending except .toml is read as a table too."""
DEFAULT_SCENARIO = "point-nine"
TOPICS = {
    "The learning rate": ("point-nine", "one", "ten", "too-timid", "just-right", "best", "more-steps", "rescue"),
    "Choosing a rate": ("range-test", "two-wells", "race", "the-trade", "knife-edge", "good-zigzag"),
    "Data": ("big-data", "units", "mini-batch"),
    "Optimizers": ("momentum", "adam", "sign", "late-blow-up"),
    "Schedules": ("adam-does-not-settle", "warm-up", "step-decay", "one-cycle"),
    "Without a learning rate": ("line-search", "newton"),
}
"""The scenarios by topic, in the order of the lecture; any others follow by name."""


def resources() -> Path:
    """The folder ``resources``: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parents[2]
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


def shipped() -> dict[str, Path]:
    """The names of the shipped scenarios with their files, in the order of the lecture."""
    found = {path.stem: path for path in (resources() / "scenarios").glob("*.toml")}
    rank = {name: place for place, name in enumerate(chain(*TOPICS.values()))}
    return dict(sorted(found.items(), key=lambda item: (rank.get(item[0], len(rank)), item[0])))


def topics() -> dict[str, tuple[str, ...]]:
    """The names of the shipped scenarios by topic, in the order of the lecture; at the end those of none, under ""."""
    there = shipped()
    found = {topic: tuple(name for name in names if name in there) for topic, names in TOPICS.items()}
    others = tuple(name for name in there if name not in chain(*TOPICS.values()))
    return found | ({"": others} if others else {})


@cache
def announcements() -> Mapping[str, ScenarioSummary]:
    """The summaries of the shipped scenarios by name, in the order of the lecture."""
    return {name: read_summary(path) for name, path in shipped().items()}


@log_refusal()
def load_scenario(name_or_path: str, others: Iterable[str] = (), columns: Columns = (None, None)) -> Scenario:
    """The shipped scenario of that name, or what is in that file: a scenario (.toml, or no ending) or a table of data.

    others: further names that may have been meant. columns: the names of x and y in a table. InputError if there is
    neither, and for columns of a scenario.
    """
    names = shipped()
    if name_or_path in names:
        _refuse_columns(name_or_path, columns)
        return read_scenario(names[name_or_path])
    if not name_or_path:
        raise InputError("the name of the scenario is empty; give a name or a file")
    path = Path(name_or_path)
    if is_table(path):
        return scenario_of_data(read_data_file(path, columns))
    if ending_of(path) == ".toml" or os.path.exists(path):
        _refuse_columns(name_or_path, columns)
        return read_scenario(path)
    near = did_you_mean(name_or_path, (*names, *others))
    meant = f" ({near})" if near else ""
    known = f"{', '.join(names)}, or a file: a scenario (.toml) or a table (.csv, .tsv, .txt, .parquet)"
    raise InputError(f"there is no scenario {printable(repr(name_or_path), 60)}{meant}; use one of {known}")


def is_table(path: Path) -> bool:
    """Whether this file is read as a table: by its ending, or because it exists and is not a scenario."""
    ending = ending_of(path)
    # os.path.exists says False of a name that is too long; Path.exists raises.
    return ending in TABLE_ENDINGS or (ending not in ("", ".toml") and os.path.exists(path))


def _refuse_columns(name: str, columns: Columns) -> None:
    if columns != (None, None):
        key = "y" if columns[0] is None else "x"
        raise InputError(f"{key}: {printable(name, 60)} is a scenario, not a table with columns; leave it out")


def scenario_of_data(data: Dataset) -> Scenario:
    """A linear regression on data of a file, with the file's title, the default rate and the precision for it."""
    problem = LinearRegression(data)
    schedule, precision = Constant(first_learning_rate(problem)), first_precision(problem)
    experiment = Experiment(problem, schedule=schedule, start=problem.start, precision=precision)
    return Scenario(title_of(experiment), experiment)
