"""What the loss of a run is at a step, beyond its gradient: its batch, what a rule sees of it, its tape."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import Evaluation
from gdviz.core.problems.batches import Batches
from gdviz.core.problems.capabilities import HasBatches, HasBatchTape, HasTape
from gdviz.core.problems.problem import Point
from gdviz.core.problems.tape import Tape


def batches_of(experiment: Experiment) -> Batches | None:
    """The batches of a run, with a cache that one thread may use; None where every step sees all rows."""
    problem, size = experiment.problem, experiment.batch_size
    if size is None or not isinstance(problem, HasBatches):
        return None
    return Batches(
        problem, size, experiment.seed, experiment.precision, experiment.restart_every, experiment.batch_order
    )


def evaluation_factory(experiment: Experiment) -> Callable[[int, Point, Point, Any], Evaluation]:
    """Return a function from step number, point, gradient and rate to what the rule sees, valid until the next call."""
    hessian_at, batches = experiment.problem.hessian, batches_of(experiment)
    if batches is None:
        first = np.array(experiment.start, experiment.precision.dtype)
        evaluation = Evaluation(first, first, experiment.problem.evaluator(experiment.precision), hessian_at)

        def of_all_rows(number: int, point: Point, gradient: Point, learning_rate: Any) -> Evaluation:
            # Creating one per step would cost a twentieth of the step.
            evaluation.point, evaluation.gradient, evaluation.learning_rate = point, gradient, learning_rate
            return evaluation

        return of_all_rows

    def of_batch(number: int, point: Point, gradient: Point, learning_rate: Any) -> Evaluation:
        # Lazy, so that a batch is redrawn only when needed.
        return Evaluation(
            point,
            gradient,
            lambda at: batches.evaluator(number)(at),
            lambda at: batches.hessian(number, at),
            learning_rate,
        )

    return of_batch


def has_tape(experiment: Experiment) -> bool:
    """Whether `tape_at` works for its steps."""
    return isinstance(experiment.problem, HasTape if experiment.batch_size is None else HasBatchTape)


def tape_at(experiment: Experiment, point: Point, step: int) -> Tape:
    """The recorded loss whose gradient the run uses at a step: over all rows, or over that step's batch."""
    if (batches := batches_of(experiment)) is not None:
        return batches.tape(point, step)
    assert isinstance(experiment.problem, HasTape)
    return experiment.problem.tape(point, experiment.precision)


def rows_at(experiment: Experiment, step: int) -> NDArray[np.int64] | None:
    """Indices of the rows in a step's batch; None if it sees all rows."""
    batches = batches_of(experiment)
    return None if batches is None else batches.rows(step)
