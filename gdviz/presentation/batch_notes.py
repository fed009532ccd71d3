"""What rows and batches change, in words: the limit of the rate, the epochs, the noise floor."""

from collections.abc import Sequence

from gdviz.core.analysis.mean_square import mini_batch_limit, stationary_excess_loss
from gdviz.core.analysis.rate_limit import NO_LIMIT, global_stability_limit, limit_name
from gdviz.core.descent.experiment import Experiment
from gdviz.core.problems.capabilities import HasData, HasReduction, reads_no_rows
from gdviz.core.problems.problem import minimum_loss
from gdviz.presentation.numbers import format_number


def batch_notes(experiment: Experiment, step: int) -> tuple[str, ...]:
    """Notes on rows and batches at a step, one per line: limit, epochs, noise floor.

    Empty for a problem without data, and for the mean over few rows that every step uses in full.
    """
    problem = experiment.problem
    is_sum = isinstance(problem, HasReduction) and problem.reduction == "sum"
    if not isinstance(problem, HasData) or not (experiment.batch_size or is_sum or reads_no_rows(problem)):
        return ()
    lines = (limit_words(experiment), epoch_words(experiment, step), floor_words(experiment))
    return tuple(filter(None, lines))


def common_notes(experiments: Sequence[Experiment], step: int) -> tuple[str, ...]:
    """The lines of `batch_notes` that hold for all of several runs."""
    first, *others = [batch_notes(experiment, min(step, experiment.steps)) for experiment in experiments]
    return tuple(line for line in first if all(line in lines for lines in others))


def limit_words(experiment: Experiment) -> str:
    """The largest stable rate, and that under the other reduction of the squares; empty without data.

    For mini-batches it is their own limit, where known, and is named as such.
    """
    problem, stable = experiment.problem, global_stability_limit(experiment)
    if not isinstance(problem, HasData):
        return ""
    if stable is None:
        return NO_LIMIT
    if mini_batch_limit(experiment) is not None:
        return f"{limit_name(experiment)} {format_number(stable)}"
    limit = f"limit {format_number(stable)}"
    if not isinstance(problem, HasReduction):
        return limit
    if problem.reduction == "mean":
        return f"{limit}; of the sum {format_number(stable / problem.data.rows)}"
    return f"{limit}; of the mean {format_number(stable * problem.data.rows)}"


def epoch_words(experiment: Experiment, step: int) -> str:
    """How many passes over the data the steps so far make; empty for a problem without data."""
    if not isinstance(experiment.problem, HasData):
        return ""
    rows = experiment.problem.data.rows
    epochs = step * (experiment.batch_size or rows) / rows
    count = f"{round(epochs):,}" if epochs >= 1000 else format_number(epochs, 3)
    return f"{count} {'epoch' if epochs == 1 else 'epochs'} of {rows:,} rows"


def stationary_loss(experiment: Experiment) -> float | None:
    """The loss around which a mini-batch run settles; None where there is none (see `stationary_excess_loss`)."""
    floor, lowest = stationary_excess_loss(experiment), minimum_loss(experiment.problem)
    return None if floor is None or lowest is None else lowest + floor


def floor_words(experiment: Experiment) -> str:
    """How close a mini-batch run gets to the minimum; empty where that is unknown."""
    floor = stationary_excess_loss(experiment)
    return "" if floor is None else f"noise floor {format_number(floor, 2)} above the minimum"
