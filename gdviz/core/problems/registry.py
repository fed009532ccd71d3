"""The registry of problems: a new problem is one dataclass and one entry here."""

from typing import Any

from gdviz.core.data.creation import generate
from gdviz.core.data.dataset import Dataset
from gdviz.core.data.settings import DataSettings
from gdviz.core.errors import InputError
from gdviz.core.problems.capabilities import HasData
from gdviz.core.problems.problem import Problem
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock, TwoWells

KINDS: tuple[type[Any], ...] = (LinearRegression, Rosenbrock, Himmelblau, TwoWells)
PROBLEMS: dict[str, type[Any]] = {kind.name: kind for kind in KINDS}


def uses_data(name: str) -> bool:
    """Whether there is a problem of that name and it is a loss over data."""
    return "data" in getattr(PROBLEMS.get(name), "__dataclass_fields__", {})


def carried_over_data(name: str, before: Problem) -> Dataset | None:
    """The data of the previous problem, if the problem of that name can use them."""
    return before.data if isinstance(before, HasData) and uses_data(name) else None


def make_problem(name: str, data: Dataset | None = None) -> Problem:
    """The problem of that name, over ``data`` or else the default data if it uses data."""
    if name not in PROBLEMS:
        raise InputError(f"problem: there is no {name!r}; use one of {', '.join(PROBLEMS)}")
    if data is not None and not uses_data(name):
        others = " or ".join(other for other in PROBLEMS if uses_data(other))
        raise InputError(f"data: the problem {name} uses none; leave them out, or use the problem {others}")
    needed = {"data": data if data is not None else generate(DataSettings())} if uses_data(name) else {}
    problem: Problem = PROBLEMS[name](**needed)
    return problem
