"""Replaces generated data in a state with placeholders that keep only the settings, and restores them."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from gdviz.core.data.dataset import GENERATED, Dataset
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.experiment import Experiment
from gdviz.core.problems.capabilities import DataProblem, HasData, with_data
from gdviz.core.problems.problem import Problem
from gdviz.session.state import State


class DataPlaceholder(Dataset):
    """Stands in for generated data: the settings and the number of rows, without values."""

    def __init__(self, settings: DataSettings) -> None:
        """Take no memory, whatever the number of rows."""
        column = np.broadcast_to(np.float32(np.nan), (settings.rows,))
        super().__init__(column, column, settings)

    def __eq__(self, other: object) -> bool:
        """Equal settings give equal data."""
        return isinstance(other, DataPlaceholder) and self.settings == other.settings

    def __hash__(self) -> int:
        """Hash by the settings."""
        return hash(self.settings)


def compact(state: State) -> State:
    """Replace generated data with `DataPlaceholder`; other points, which cannot be regenerated, stay.

    The problems are new objects, so that nothing cached for the old ones, such as a surface, is kept alive.
    """

    def without_rows(problem: DataProblem) -> DataProblem:
        settings = _generation_settings(problem)
        return with_data(problem, problem.data if settings is None else DataPlaceholder(settings))

    return _map_problems(state, without_rows)


def restore_data(state: State, known: Iterable[DataProblem]) -> State:
    """Fill the placeholders of a compact state from the known problems; those without a match stay."""
    found = {_generation_settings(problem): problem for problem in known}

    def with_rows(problem: DataProblem) -> DataProblem:
        same = found.get(problem.data.settings) if isinstance(problem.data, DataPlaceholder) else None
        return problem if same is None else with_data_of(problem, same)

    return _map_problems(state, with_rows)


def with_data_of(problem: DataProblem, other: DataProblem) -> DataProblem:
    """The problem over the data of another; if they are then equal, the other itself, with its caches."""
    changed = with_data(problem, other.data)
    return other if other == changed else changed


def first_ungenerated(state: State) -> DataProblem | None:
    """The first problem in a state whose data have yet to be generated."""
    return next((one for one in problems_with_data(state) if isinstance(one.data, DataPlaceholder)), None)


def problems_with_data(state: State) -> list[DataProblem]:
    """All problems of a state that have data."""
    scenario, before = state.scenario, state.before_range_test
    runs = [scenario.experiment, *scenario.others, state.experiment, *(pinned for pinned, _ in state.pinned)]
    problems = [run.problem for run in (runs if before is None else [*runs, before])]
    return [problem for problem in problems if isinstance(problem, HasData)]


def stored_datasets(state: State) -> tuple[Dataset, ...]:
    """The datasets of a compact state that take up memory, each once."""
    kept = {id(one.data): one.data for one in problems_with_data(state) if not isinstance(one.data, DataPlaceholder)}
    return tuple(kept.values())


def _generation_settings(problem: DataProblem) -> DataSettings | None:
    """Return None for points that cannot be regenerated: those of a file, saved ones too."""
    return problem.data.settings if problem.data.source == GENERATED else None


def _map_problems(state: State, change: Callable[[DataProblem], DataProblem]) -> State:
    """Apply ``change`` to each problem with data; identical objects stay identical."""
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
