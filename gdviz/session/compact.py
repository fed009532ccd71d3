"""States without their generated data, of which the settings are kept, and the way back."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from gdviz.core.descent.experiment import Experiment
from gdviz.core.problems.capabilities import DataProblem, HasData, with_data
from gdviz.core.problems.dataset import GENERATED, Dataset, DataSettings
from gdviz.core.problems.problem import Problem
from gdviz.session.state import State


class Ungenerated(Dataset):
    """Generated data of which nothing but the settings is kept: as many rows, but no numbers in them."""

    def __init__(self, settings: DataSettings) -> None:
        """Of any size, in no memory."""
        column = np.broadcast_to(np.float32(np.nan), (settings.rows,))
        super().__init__(column, column, settings)

    def __eq__(self, other: object) -> bool:
        """Equal settings give equal data."""
        return isinstance(other, Ungenerated) and self.settings == other.settings

    def __hash__(self) -> int:
        """Hash by the settings."""
        return hash(self.settings)


def compact(state: State) -> State:
    """The state with `Ungenerated` data; own points, which nothing generates again, stay.

    The problems are new objects, and keep no surface or other thing alive that was computed of those of the state.
    """

    def without_rows(problem: DataProblem) -> DataProblem:
        settings = _generated_from(problem)
        return with_data(problem, problem.data if settings is None else Ungenerated(settings))

    return _with_problems(state, without_rows)


def complete(state: State, known: Iterable[DataProblem]) -> State:
    """A compact state with the data of such problems as are known; what is missing stays `Ungenerated`."""
    found = {_generated_from(problem): problem for problem in known}

    def with_rows(problem: DataProblem) -> DataProblem:
        same = found.get(problem.data.settings) if isinstance(problem.data, Ungenerated) else None
        return problem if same is None else over_data_of(problem, same)

    return _with_problems(state, with_rows)


def over_data_of(problem: DataProblem, other: DataProblem) -> DataProblem:
    """The problem over the data of another one: if they are equal, that object, with what was found out about it."""
    changed = with_data(problem, other.data)
    return other if other == changed else changed


def missing_data(state: State) -> DataProblem | None:
    """The first problem in a state whose data have to be generated."""
    return next((one for one in problems_with_data(state) if isinstance(one.data, Ungenerated)), None)


def problems_with_data(state: State) -> list[DataProblem]:
    """The problems of a state that have data."""
    scenario, before = state.scenario, state.before_range_test
    runs = [scenario.experiment, *scenario.others, state.experiment, *(pinned for pinned, _ in state.pinned)]
    problems = [run.problem for run in (runs if before is None else [*runs, before])]
    return [problem for problem in problems if isinstance(problem, HasData)]


def own_points(state: State) -> tuple[Dataset, ...]:
    """The data of a compact state that take memory, each once."""
    kept = {id(one.data): one.data for one in problems_with_data(state) if not isinstance(one.data, Ungenerated)}
    return tuple(kept.values())


def _generated_from(problem: DataProblem) -> DataSettings | None:
    """None for points that nothing generates again: those of a file, saved ones too."""
    return problem.data.settings if problem.data.source == GENERATED else None


def _with_problems(state: State, change: Callable[[DataProblem], DataProblem]) -> State:
    """Each problem of the state that has data changed; the same objects become the same objects."""
    changed: dict[int, Problem] = {}

    def of(experiment: Experiment) -> Experiment:
        problem = experiment.problem
        if id(problem) not in changed:
            changed[id(problem)] = change(problem) if isinstance(problem, HasData) else problem
        return replace(experiment, problem=changed[id(problem)])

    scenario, before = state.scenario, state.before_range_test
    others = tuple(map(of, scenario.others))
    return replace(
        state,
        scenario=replace(scenario, experiment=of(scenario.experiment), others=others),
        experiment=of(state.experiment),
        pinned=tuple((of(experiment), style) for experiment, style in state.pinned),
        before_range_test=of(before) if before is not None else None,
    )
