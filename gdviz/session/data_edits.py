"""The edits that give the live run other data, as pure functions of the state."""

from dataclasses import replace

from gdviz.core.problems.capabilities import DataProblem, with_data
from gdviz.core.problems.problem import first_learning_rate
from gdviz.session.compact import with_data_of
from gdviz.session.edit_names import data_edit_name, standardising_edit_name
from gdviz.session.edits import with_experiment
from gdviz.session.loading.data_generator import DataRequest, requested_data
from gdviz.session.state import Change, State


def set_data(state: State, request: DataRequest) -> Change:
    """Generate or standardise data here; no change for a problem without data."""
    problem = state.data_problem
    if problem is None:
        return Change(state)
    return adopt_data(state, with_data(problem, requested_data(problem, request)))


def adopt_data(state: State, generated: DataProblem) -> Change:
    """Adopt data made in the background; no change for a problem without data.

    The user's own data, standardised or not, are given their first rate if the run has the first one of those before.
    """
    problem = state.data_problem
    if problem is None:
        return Change(state)
    after, settings = with_data_of(problem, generated), generated.data.settings
    if settings is not None:
        name = data_edit_name(problem.data.settings, settings)
        return with_experiment(state, replace(state.experiment, problem=after), name=name)
    name = standardising_edit_name(problem.data.are_standardised, generated.data.are_standardised)
    run, before = state.experiment.with_own_data(after), state.before_range_test
    if before is not None and before.problem == problem:
        state = replace(state, before_range_test=before.with_own_data(after))
    rate = run.schedule.constant_rate
    said = "" if rate == state.experiment.schedule.constant_rate else f"learning rate {rate:g}, about 1/L of these data"
    return with_experiment(state, run, name=name, notice=said)


def set_columns(state: State, read: DataProblem) -> Change:
    """Adopt other columns of the table, at the problem's start and first rate; no change for a problem without data."""
    before, now = state.experiment, state.data_problem
    if now is None:
        return Change(state)
    problem = with_data_of(now, read)
    rate, (x, y) = first_learning_rate(problem), problem.data.names
    schedule, precision = before.schedule.with_rate(rate), before.precision_on(problem)
    fields = {"problem": problem, "start": problem.start, "schedule": schedule, "precision": precision}
    after = before.with_optimizer(before.optimizer, **fields)
    said = f"learning rate {rate:g}, about 1/L, " if before.optimizer.takes_learning_rate else ""
    notice = f"x is {x}, y is {y}: {said}from the problem's own start"
    return with_experiment(state, after, go_to=0, notice=notice, name=f"columns {x} and {y}")
