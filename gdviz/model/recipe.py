"""What a person can change in a recipe, as functions from one experiment to the next; InputError where it cannot be."""

from dataclasses import replace

from gdviz.core.dataset import DataSettings, generate
from gdviz.core.errors import InputError
from gdviz.core.experiment import Experiment
from gdviz.core.optimizers import make_optimizer
from gdviz.core.precision import Precision
from gdviz.core.problems import make_problem, uses_data
from gdviz.core.range_test import as_range_test
from gdviz.core.regression import LinearRegression, Reduction
from gdviz.core.schedules import Constant, RangeTest

USUAL_STEPS = 200


def with_learning_rate(experiment: Experiment, learning_rate: float, from_step: int) -> Experiment:
    """Another rate from a step on; from step 0 on it takes the place of the whole schedule."""
    if from_step == 0:
        return replace(experiment, schedule=Constant(learning_rate))
    return experiment.with_learning_rate(learning_rate, from_step)


def with_problem(experiment: Experiment, name: str) -> Experiment:
    """Another problem, from its own start and with a rate that suits it; the same experiment if it is the same.

    Batches go with the data.
    """
    if name == experiment.problem.name:
        return experiment
    problem = make_problem(name)
    schedule = Constant(problem.suggested_learning_rate)
    batch_size = experiment.batch_size if uses_data(name) else None
    return replace(experiment, problem=problem, start=problem.start, schedule=schedule, batch_size=batch_size)


def with_data(experiment: Experiment, settings: DataSettings) -> Experiment:
    """Other data, generated from these settings; the same experiment if its problem uses none."""
    problem = experiment.problem
    if not isinstance(problem, LinearRegression):
        return experiment
    return replace(experiment, problem=replace(problem, data=generate(settings)))


def with_made(experiment: Experiment, made: LinearRegression) -> Experiment:
    """A regression with other data that was made meanwhile, its squares added up as they are now."""
    problem = experiment.problem
    if not isinstance(problem, LinearRegression):
        return experiment
    # What was found out about it when it was made is kept with this very one.
    changed = made if made.reduction == problem.reduction else replace(made, reduction=problem.reduction)
    return replace(experiment, problem=changed)


def with_reduction(experiment: Experiment, reduction: Reduction) -> Experiment:
    """The mean or the sum of the squares; the same experiment if its problem uses no data."""
    problem = experiment.problem
    if not isinstance(problem, LinearRegression):
        return experiment
    return replace(experiment, problem=replace(problem, reduction=reduction))


def with_optimizer(experiment: Experiment, name: str, settings: dict[str, float]) -> Experiment:
    """Another optimizer, or other settings of the same."""
    return replace(experiment, optimizer=make_optimizer(name, settings))


def with_precision(experiment: Experiment, name: str) -> Experiment:
    """Another precision, by its name."""
    if name not in list(Precision):
        raise InputError(f"precision: there is no {name!r}; take one of {', '.join(Precision)}")
    return replace(experiment, precision=Precision(name))


def with_steps(experiment: Experiment, steps: int) -> Experiment:
    """Another number of steps; InputError in a range test, which has as many as it has rates."""
    if isinstance(experiment.schedule, RangeTest):
        raise InputError("steps: a range test takes one for each rate; change the number of rates, or end it (W)")
    return replace(experiment, steps=steps)


def kept_in_range_test(before: Experiment, after: Experiment) -> Experiment:
    """After a change in the middle of a range test: the same test of the changed recipe, to where that one stops."""
    if isinstance(before.schedule, RangeTest) and after != before:
        return as_range_test(after, before.schedule)
    return after


def after_range_test(
    experiment: Experiment, before: Experiment | None, learning_rate: float | None = None
) -> Experiment:
    """The recipe without its range test: with the schedule and the length from ``before`` the test.

    Problem, optimizer and all else stay as they are now. Where nothing was before, or another problem, it has a rate
    that suits the problem. learning_rate: a constant one in the place of the schedule.
    """
    steps = before.steps if before is not None else USUAL_STEPS
    if learning_rate is not None:
        return replace(experiment, schedule=Constant(learning_rate), steps=steps)
    if before is None or before.problem.name != experiment.problem.name:
        return replace(experiment, schedule=Constant(experiment.problem.suggested_learning_rate), steps=steps)
    return replace(experiment, schedule=before.schedule, steps=steps)


def reaching(experiment: Experiment, learning_rate: float, step: int) -> Experiment:
    """The recipe with that constant rate, and with at least so many steps."""
    return replace(experiment, schedule=Constant(learning_rate), steps=max(experiment.steps, step))
