"""Finds the files that ship with gdviz, in a checkout and in an installed package alike."""

import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.schedules import Constant
from gdviz.core.errors import InputError, did_you_mean, printable
from gdviz.core.problems.csv_data import read_csv
from gdviz.core.problems.problem import best_learning_rate
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.reading import ending_of, refusal_logged
from gdviz.core.scenarios.scenario import Scenario, ScenarioSummary, read_scenario, read_summary

DEFAULT_SCENARIO = "point-nine"
ORDER = (
    "point-nine",
    "one",
    "ten",
    "too-timid",
    "just-right",
    "best",
    "more-steps",
    "rescue",
    "range-test",
    "two-wells",
    "race",
    "the-trade",
    "knife-edge",
    "good-zigzag",
    "big-data",
    "units",
    "mini-batch",
)
"""The order of the lecture; any others follow by name."""


def resources() -> Path:
    """The folder ``resources``: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parents[2]
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


def shipped() -> dict[str, Path]:
    """The names of the shipped scenarios with their files, in the order of the lecture."""
    found = {path.stem: path for path in (resources() / "scenarios").glob("*.toml")}
    rank = {name: place for place, name in enumerate(ORDER)}
    return dict(sorted(found.items(), key=lambda item: (rank.get(item[0], len(rank)), item[0])))


@cache
def announcements() -> Mapping[str, ScenarioSummary]:
    """What the shipped scenarios announce, by their names, in the order of the lecture."""
    return {name: read_summary(path) for name, path in shipped().items()}


@refusal_logged()
def load_scenario(name_or_path: str, others: Iterable[str] = ()) -> Scenario:
    """The shipped scenario of that name, or what is in that file: a scenario (.toml) or data (.csv).

    others: names of something else that may have been meant. InputError where there is neither.
    """
    names = shipped()
    if name_or_path in names:
        return read_scenario(names[name_or_path])
    if not name_or_path:
        raise InputError("the name of the scenario is empty; give a name or a file")
    path = Path(name_or_path)
    if ending_of(path) == ".csv":
        return scenario_of_data(path)
    # os.path.exists says False of a name that is too long; Path.exists raises.
    if ending_of(path) == ".toml" or os.path.exists(path):
        return read_scenario(path)
    near = did_you_mean(name_or_path, (*names, *others))
    meant = f" ({near})" if near else ""
    known = f"{', '.join(names)}, or a file ending in .toml or .csv"
    raise InputError(f"there is no scenario {printable(repr(name_or_path), 60)}{meant}; take one of {known}")


def scenario_of_data(path: Path) -> Scenario:
    """A linear regression on the data of a CSV file, with the best constant rate where there is one."""
    problem = LinearRegression(read_csv(path))
    best = best_learning_rate(problem)
    rate = best if best is not None else problem.suggested_learning_rate
    # A file's name may be nothing but its ending, or have only spaces before it.
    return Scenario(path.stem.strip() or path.name, Experiment(problem, schedule=Constant(rate), start=problem.start))
