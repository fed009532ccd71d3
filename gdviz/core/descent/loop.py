"""The only descent loop: computes the steps of an experiment in chunks, never clamped and never stopped early."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import Evaluation
from gdviz.core.problems.batches import Batches
from gdviz.core.problems.capabilities import HasBatches, HasBatchTape, HasTape
from gdviz.core.problems.problem import Point
from gdviz.core.problems.tape import Tape

CHUNK_STEPS = 64


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Where a run can be resumed: the point and the states of optimizer and schedule on arrival at a step."""

    step: int
    point: Point
    state: Any
    plan: Any = None
    """The state of the schedule; None for one that has its rates beforehand."""


@dataclass(frozen=True, eq=False)
class Chunk:
    """Consecutive steps of a run, in its precision; row i belongs to step ``begin.step + i``.

    At each step: the point (n, 2) at which it stands, the loss (n,) and the gradient (n, 2) there, the direction
    (n, 2) and the learning rate (n,) with which it goes on: ``next point = point - learning_rate * direction``. In a
    mini-batch run the gradient is that of the step's batch, while the loss is that of all rows.
    """

    begin: Checkpoint
    points: NDArray[np.floating]
    losses: NDArray[np.floating]
    gradients: NDArray[np.floating]
    directions: NDArray[np.floating]
    learning_rates: NDArray[np.floating]


class Step(NamedTuple):
    """What is known at one step of a walk: where it stands, on arrival, and how it goes on."""

    point: Point
    state: Any
    loss: Any
    gradient: Point
    direction: Point
    learning_rate: Any
    plan: Any
    """The state of the schedule, on arrival."""


def start(experiment: Experiment, runs: int | None = None) -> Checkpoint:
    """The checkpoint of step 0; for ``runs`` runs side by side, its point has the shape (2, runs)."""
    point = np.array(experiment.start, dtype=experiment.precision.dtype)
    if runs is not None:
        point = np.repeat(point[:, np.newaxis], runs, axis=1)
    return Checkpoint(0, point, experiment.optimizer.init(point), experiment.schedule.init())


def walk(experiment: Experiment, begin: Checkpoint, learning_rates: Iterable[Any]) -> Iterator[Step]:
    """A step for each of these learning rates, from a checkpoint on, with the experiment's problem and optimizer.

    Where a rate is None the schedule is asked, which sees the losses as they come.
    The checkpoint may hold n points, shape (2, n): then n runs go side by side, each with the same bits as alone, and a
    learning rate is one number for all of them or an array of shape (n,). All rates must have the run's precision.
    In a mini-batch run all n see the same batches, and each fresh start sees those of the first.
    Overflow and NaN are results here, not errors: call it with NumPy's warnings about them off.
    """
    schedule, seen, update = experiment.schedule, evaluations(experiment), experiment.optimizer.update
    evaluate, batches = experiment.problem.evaluator(experiment.precision), _batches(experiment)
    point, state, plan = begin.point, begin.state, begin.plan
    first, again, sets_momentum = start(experiment), experiment.restart_every, schedule.sets_momentum
    for number, learning_rate in enumerate(learning_rates, begin.step):
        if again and number % again == 0:
            point, state = first.point, first.state
        if batches is None:
            loss, gradient = evaluate(point)
        else:
            loss, gradient = batches.evaluate(point, number)
        if sets_momentum:
            update = experiment.optimizer_at(number).update
        following_plan = plan
        if learning_rate is None:
            rate, following_plan = schedule.follow(number, loss, plan)
            learning_rate = np.asarray(rate, point.dtype)[()]
        direction, following = update(seen(number, point, gradient), state)
        yield Step(point, state, loss, gradient, direction, learning_rate, plan)
        point, state, plan = point - learning_rate * direction, following, following_plan


def retraced(
    experiment: Experiment,
    begin: Checkpoint,
    points: NDArray[np.floating],
    losses: NDArray[np.floating],
    gradients: NDArray[np.floating],
) -> Checkpoint:
    """The checkpoint behind recorded steps, n of them from ``begin`` on: shapes (n, 2), (n,) and (n, 2).

    Its point is that of ``begin``. No loss is computed again, unless the rule asks for more than the gradient.
    """
    schedule, seen, update = experiment.schedule, evaluations(experiment), experiment.optimizer.update
    follows, sets_momentum = not schedule.is_planned, schedule.sets_momentum
    state, plan = begin.state, begin.plan
    for number, (point, gradient) in enumerate(zip(points, gradients, strict=True), begin.step):
        if sets_momentum:
            update = experiment.optimizer_at(number).update
        if follows:
            _, plan = schedule.follow(number, losses[number - begin.step], plan)
        _, state = update(seen(number, point, gradient), state)
    return Checkpoint(begin.step + len(points), begin.point, state, plan)


def evaluations(experiment: Experiment) -> Callable[[int, Point, Point], Evaluation]:
    """From the number of a step, its point and its gradient to what the rule sees there, until it is called again."""
    hessian_at, batches = experiment.problem.hessian, _batches(experiment)
    if batches is None:
        first = start(experiment).point
        seen = Evaluation(first, first, experiment.problem.evaluator(experiment.precision), hessian_at)

        def of_all_rows(number: int, point: Point, gradient: Point) -> Evaluation:
            # One for each step would take a twentieth of the step.
            seen.point, seen.gradient = point, gradient
            return seen

        return of_all_rows

    def of_batch(number: int, point: Point, gradient: Point) -> Evaluation:
        # Only what is asked for is drawn again.
        return Evaluation(
            point, gradient, lambda at: batches.evaluator(number)(at), lambda at: batches.hessian(number, at)
        )

    return of_batch


def has_tape(experiment: Experiment) -> bool:
    """Whether there is a `tape_at` its steps."""
    return isinstance(experiment.problem, HasTape if experiment.batch_size is None else HasBatchTape)


def tape_at(experiment: Experiment, point: Point, step: int) -> Tape:
    """The operations of the loss whose gradient the run follows at a step: of all rows, or of that step's batch."""
    if (batches := _batches(experiment)) is not None:
        return batches.tape(point, step)
    assert isinstance(experiment.problem, HasTape)
    return experiment.problem.tape(point, experiment.precision)


def rows_at(experiment: Experiment, step: int) -> NDArray[np.int64] | None:
    """The places in the data of the rows that a step sees, counted from 0; None where it sees all of them."""
    batches = _batches(experiment)
    return None if batches is None else batches.rows(step)


def _batches(experiment: Experiment) -> Batches | None:
    problem, size = experiment.problem, experiment.batch_size
    if size is None or not isinstance(problem, HasBatches):
        return None
    return Batches(problem, size, experiment.seed, experiment.precision, experiment.restart_every)


def descend(experiment: Experiment, begin: Checkpoint | None = None, chunk_steps: int = CHUNK_STEPS) -> Iterator[Chunk]:
    """All steps of the run from ``begin`` (by default its start) to the last, in chunks of ``chunk_steps``."""
    checkpoint = begin or start(experiment)
    walking = walk(experiment, checkpoint, learning_rates(experiment, checkpoint.step))
    for number in range(checkpoint.step, experiment.steps + 1, chunk_steps):
        with np.errstate(all="ignore"):
            steps = list(islice(walking, chunk_steps))
        yield _chunk(number, steps, experiment.precision.dtype)


def learning_rates(experiment: Experiment, first: int = 0) -> Iterator[Any]:
    """The rates of the steps from ``first`` to the last, in the run's precision (infinite where too large for it).

    None for each where the schedule has to see the losses first.
    """
    schedule, dtype, end = experiment.schedule, experiment.precision.dtype, experiment.steps + 1
    if not schedule.is_planned:
        yield from repeat(None, end - first)
        return
    for begin in range(first, end, CHUNK_STEPS):
        rates = [schedule(step) for step in range(begin, min(begin + CHUNK_STEPS, end))]
        yield from np.array(rates).astype(dtype)


def _chunk(number: int, steps: list[Step], dtype: np.dtype[np.floating]) -> Chunk:
    return Chunk(
        Checkpoint(number, steps[0].point, steps[0].state, steps[0].plan),
        _rows([step.point for step in steps]),
        np.array([step.loss for step in steps], dtype),
        _rows([step.gradient for step in steps]),
        _rows([step.direction for step in steps]),
        np.array([step.learning_rate for step in steps], dtype),
    )


def _rows(column: list[Point]) -> NDArray[np.floating]:
    return np.concatenate(column).reshape(-1, 2)
