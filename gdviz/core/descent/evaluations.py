"""What the loss of a run is at a step, beyond its gradient: its batch, what a rule sees of it, its tape."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

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


class StepEvaluation(Evaluation):
    """What the rule of a run sees of one step after the other: creating one per step would cost a part of the step.

    ``step`` tells which batch is seen. It is drawn when a loss or a Hessian is asked for, which few rules do.
    """

    __slots__ = ("_batches", "step")

    def __init__(self, experiment: Experiment) -> None:
        """At the start, with nothing known of the gradient; see `at`."""
        start = np.array(experiment.start, experiment.precision.dtype)
        super().__init__(start, start, experiment.problem.evaluator(experiment.precision), experiment.problem.hessian)
        self.step, self._batches = 0, batches_of(experiment)

    def at(self, step: int, point: Point, gradient: Point, learning_rate: Any) -> "StepEvaluation":
        """Itself, now of that step, until the next call; arrays of shape (2,) or (2, n)."""
        self.step, self.point, self.gradient, self.learning_rate = step, point, gradient, learning_rate
        return self

    def evaluate_at(self, point: Point) -> tuple[Any, Point]:
        """Loss and gradient at another point, over the batch of the step if there is one."""
        return super().evaluate_at(point) if self._batches is None else self._batches.evaluator(self.step)(point)

    def hessian_at(self, point: ArrayLike) -> NDArray[np.float64]:
        """The Hessian at another point, over the batch of the step if there is one."""
        return super().hessian_at(point) if self._batches is None else self._batches.hessian(self.step, point)


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
