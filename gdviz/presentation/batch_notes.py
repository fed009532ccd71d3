"""Notes on rows and batches: the limit of the rate, the epochs, the noise floor."""

from collections.abc import Sequence
from dataclasses import replace

from gdviz.core.analysis.mean_square import mini_batch_limit, stationary_excess_loss
from gdviz.core.analysis.rate_limit import NO_LIMIT, OWN_LENGTH, global_stability_limit, limit_name
from gdviz.core.descent.experiment import Experiment
from gdviz.core.problems.batch_orders import BatchOrder, steps_per_epoch
from gdviz.core.problems.capabilities import HasData, HasReduction, reads_no_rows
from gdviz.core.problems.problem import minimum_loss
from gdviz.core.problems.reductions import mean_factor
from gdviz.presentation.numbers import format_number

BATCHES_IN_PARTS = {BatchOrder.SHUFFLED: "shuffled batches", BatchOrder.SEQUENTIAL: "batches in order"}
"""Batch orders without a theory of limits, in short words for a line on the landscape."""


def batch_notes(experiment: Experiment, step: int) -> tuple[str, ...]:
    """Notes on rows and batches at a step, one per line: limit, epochs, noise floor.

    Empty for a problem without data, and for the mean over few rows that every step uses in full.
    """
    problem = experiment.problem
    is_mean = not isinstance(problem, HasReduction) or problem.reduction == "mean"
    if not isinstance(problem, HasData) or not (experiment.batch_size or not is_mean or reads_no_rows(problem)):
        return ()
    lines = (limit_words(experiment), epoch_words(experiment, step), floor_words(experiment))
    return tuple(filter(None, lines))


def common_notes(experiments: Sequence[Experiment], step: int) -> tuple[str, ...]:
    """The lines of `batch_notes` that hold for all of several runs."""
    first, *others = [batch_notes(experiment, min(step, experiment.steps)) for experiment in experiments]
    return tuple(line for line in first if all(line in lines for lines in others))


def limit_words(experiment: Experiment) -> str:
    """The largest stable rate, and that under another reduction of the squares; empty without data.

    For mini-batches it is their own limit, where known, and is named as such.
    """
    problem, stable = experiment.problem, global_stability_limit(experiment)
    if not isinstance(problem, HasData):
        return ""
    if not experiment.optimizer.takes_learning_rate:
        return OWN_LENGTH
    if experiment.sees_parts:
        return f"{NO_LIMIT} for {BATCHES_IN_PARTS[experiment.batch_order]}"
    if stable is None:
        return NO_LIMIT
    if mini_batch_limit(experiment) is not None:
        return f"{limit_name(experiment)} {format_number(stable)}"
    limit = f"limit {format_number(stable)}"
    if not isinstance(problem, HasReduction):
        return limit
    if problem.reduction == "mean":
        return f"{limit}; of the sum {format_number(stable / problem.data.rows)}"
    return f"{limit}; of the mean {format_number(stable * mean_factor(problem.reduction, problem.data.rows))}"


def epoch_words(experiment: Experiment, step: int) -> str:
    """How many passes over the data the steps so far make; empty for a problem without data."""
    if not isinstance(experiment.problem, HasData):
        return ""
    rows = experiment.problem.data.rows
    size, begun = experiment.batch_size or rows, 0
    if experiment.sees_parts:  # the last batch of an epoch may have fewer rows
        begun, step = divmod(step, steps_per_epoch(rows, size))
    epochs = begun + step * size / rows
    count = f"{round(epochs):,}" if epochs >= 1000 else format_number(epochs, 3)
    return f"{count} {'epoch' if epochs == 1 else 'epochs'} of {rows:,} rows"


def stationary_loss(experiment: Experiment) -> float | None:
    """The loss around which a mini-batch run settles; None where there is none (see `stationary_excess_loss`)."""
    floor, lowest = stationary_excess_loss(experiment), minimum_loss(experiment.problem)
    return None if floor is None or lowest is None else lowest + floor


def floor_words(experiment: Experiment) -> str:
    """How close a mini-batch run gets to the minimum; empty if unknown, unless only because of its order."""
    if experiment.sees_parts:
        usual = stationary_excess_loss(replace(experiment, batch_order=BatchOrder.WITH_REPLACEMENT))
        return f"no noise floor known for {BATCHES_IN_PARTS[experiment.batch_order]}" if usual else ""
    floor = stationary_excess_loss(experiment)
    return "" if floor is None else f"noise floor {format_number(floor, 2)} above the minimum"
