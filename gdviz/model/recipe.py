"""What a person can change in a recipe, as functions from one experiment to the next; InputError where it cannot be."""

from dataclasses import replace

from gdviz.core.dataset import DataSettings, generate
from gdviz.core.errors import InputError
from gdviz.core.experiment import Experiment
from gdviz.core.optimizers import make_optimizer
from gdviz.core.precision import Precision
from gdviz.core.problems import make_problem, uses_data
from gdviz.core.schedules import Constant


def with_learning_rate(experiment: Experiment, learning_rate: float, from_step: int) -> Experiment:
    """Another rate from a step on; from step 0 on it takes the place of the whole schedule."""
    if from_step == 0:
        return replace(experiment, schedule=Constant(learning_rate))
    return experiment.with_learning_rate(learning_rate, from_step)


def with_problem(experiment: Experiment, name: str) -> Experiment:
    """Another problem, from its own start and with a rate that suits it; the same experiment if it is the same."""
    if name == experiment.problem.name:
        return experiment
    problem = make_problem(name)
    schedule = Constant(problem.suggested_learning_rate)
    return replace(experiment, problem=problem, start=problem.start, schedule=schedule)


def with_data(experiment: Experiment, settings: DataSettings) -> Experiment:
    """Other data, generated from these settings; the same experiment if its problem uses none."""
    name = experiment.problem.name
    if not uses_data(name):
        return experiment
    return replace(experiment, problem=make_problem(name, generate(settings)))


def with_optimizer(experiment: Experiment, name: str, settings: dict[str, float]) -> Experiment:
    """Another optimizer, or other settings of the same."""
    return replace(experiment, optimizer=make_optimizer(name, settings))


def with_precision(experiment: Experiment, name: str) -> Experiment:
    """Another precision, by its name."""
    if name not in list(Precision):
        raise InputError(f"precision: there is no {name!r}; take one of {', '.join(Precision)}")
    return replace(experiment, precision=Precision(name))
