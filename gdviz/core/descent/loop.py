"""The one descent loop: computes the steps of an experiment in chunks, never clamped and never stopped early."""

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
    """What a run is resumed from: the point and the states of optimizer and schedule before a step."""

    step: int
    point: Point
    state: Any
    schedule_state: Any = None
    """None for a schedule whose rates are predetermined."""


@dataclass(frozen=True, eq=False)
class Chunk:
    """Consecutive steps of a run, in its precision; row i belongs to step ``begin.step + i``.

    For each step: the point (n, 2), the loss (n,) and gradient (n, 2) there, the direction (n, 2) and the learning rate
    (n,), where ``next point = point - learning_rate * direction``. In a mini-batch run the gradient is that of the
    step's batch, while the loss is over all rows.
    """

    begin: Checkpoint
    points: NDArray[np.floating]
    losses: NDArray[np.floating]
    gradients: NDArray[np.floating]
    directions: NDArray[np.floating]
    learning_rates: NDArray[np.floating]


class Step(NamedTuple):
    """One step of a walk: the point and the states before it, and the update from there."""

    point: Point
    state: Any
    loss: Any
    gradient: Point
    direction: Point
    learning_rate: Any
    schedule_state: Any


def start(experiment: Experiment, runs: int | None = None) -> Checkpoint:
    """The checkpoint of step 0; with ``runs`` runs side by side its point has shape (2, runs)."""
    point = np.array(experiment.start, dtype=experiment.precision.dtype)
    if runs is not None:
        point = np.repeat(point[:, np.newaxis], runs, axis=1)
    return Checkpoint(0, point, experiment.optimizer.init(point), experiment.schedule.init())


def walk(experiment: Experiment, begin: Checkpoint, learning_rates: Iterable[Any]) -> Iterator[Step]:
    """Yield a step for each learning rate, starting from a checkpoint, with the experiment's problem and optimizer.

    For a rate of None the schedule is queried, which sees the losses as they are computed.
    The checkpoint may hold n points, shape (2, n): then n runs advance side by side, each bit-identical to a run on its
    own, and a learning rate is one number for all or an array of shape (n,). Rates must be in the run's precision.
    In a mini-batch run all n see the same batches, and every restart sees the same ones again.
    Overflow and NaN are results, not errors: call this with NumPy's warnings about them disabled.
    """
    schedule, evaluation_at, update = experiment.schedule, evaluation_factory(experiment), experiment.optimizer.update
    evaluate, batches = experiment.problem.evaluator(experiment.precision), _batches(experiment)
    point, state, schedule_state = begin.point, begin.state, begin.schedule_state
    first, restart_every, sets_momentum = start(experiment), experiment.restart_every, schedule.sets_momentum
    for number, learning_rate in enumerate(learning_rates, begin.step):
        if restart_every and number % restart_every == 0:
            point, state = first.point, first.state
        if batches is None:
            loss, gradient = evaluate(point)
        else:
            loss, gradient = batches.evaluate(point, number)
        if sets_momentum:
            update = experiment.optimizer_at(number).update
        next_schedule_state = schedule_state
        if learning_rate is None:
            rate, next_schedule_state = schedule.update(number, loss, schedule_state)
            learning_rate = np.asarray(rate, point.dtype)[()]
        direction, next_state = update(evaluation_at(number, point, gradient, learning_rate), state)
        yield Step(point, state, loss, gradient, direction, learning_rate, schedule_state)
        point, state, schedule_state = point - learning_rate * direction, next_state, next_schedule_state


def replay(
    experiment: Experiment,
    begin: Checkpoint,
    points: NDArray[np.floating],
    losses: NDArray[np.floating],
    gradients: NDArray[np.floating],
    directions: NDArray[np.floating],
    rates: NDArray[np.floating],
) -> Checkpoint:
    """The checkpoint after n recorded steps that start at ``begin``: shapes (n, 2), (n,), (n, 2), (n, 2) and (n,).

    Its point is that of ``begin``. No loss is recomputed unless the rule asks for more than the gradient.
    """
    schedule, evaluation_at, rule = experiment.schedule, evaluation_factory(experiment), experiment.optimizer
    needs_losses, sets_momentum = not schedule.is_predetermined, schedule.sets_momentum
    state, schedule_state = begin.state, begin.schedule_state
    rows = zip(points, gradients, directions, rates, strict=True)
    for number, (point, gradient, direction, rate) in enumerate(rows, begin.step):
        if sets_momentum:
            rule = experiment.optimizer_at(number)
        if needs_losses:
            _, schedule_state = schedule.update(number, losses[number - begin.step], schedule_state)
        state = rule.following(evaluation_at(number, point, gradient, rate), state, direction)
    return Checkpoint(begin.step + len(points), begin.point, state, schedule_state)


def evaluation_factory(experiment: Experiment) -> Callable[[int, Point, Point, Any], Evaluation]:
    """Return a function from step number, point, gradient and rate to what the rule sees, valid until the next call."""
    hessian_at, batches = experiment.problem.hessian, _batches(experiment)
    if batches is None:
        first = start(experiment).point
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
    if (batches := _batches(experiment)) is not None:
        return batches.tape(point, step)
    assert isinstance(experiment.problem, HasTape)
    return experiment.problem.tape(point, experiment.precision)


def rows_at(experiment: Experiment, step: int) -> NDArray[np.int64] | None:
    """Indices of the rows in a step's batch; None if it sees all rows."""
    batches = _batches(experiment)
    return None if batches is None else batches.rows(step)


def _batches(experiment: Experiment) -> Batches | None:
    problem, size = experiment.problem, experiment.batch_size
    if size is None or not isinstance(problem, HasBatches):
        return None
    return Batches(
        problem, size, experiment.seed, experiment.precision, experiment.restart_every, experiment.batch_order
    )


def descend(experiment: Experiment, begin: Checkpoint | None = None, chunk_steps: int = CHUNK_STEPS) -> Iterator[Chunk]:
    """Compute all steps from ``begin`` (by default the start) to the last, in chunks of ``chunk_steps``."""
    checkpoint = begin or start(experiment)
    walking = walk(experiment, checkpoint, learning_rates(experiment, checkpoint.step))
    for number in range(checkpoint.step, experiment.steps + 1, chunk_steps):
        with np.errstate(all="ignore"):
            steps = list(islice(walking, chunk_steps))
        yield _chunk(number, steps, experiment.precision.dtype)


def learning_rates(experiment: Experiment, first: int = 0) -> Iterator[Any]:
    """The rates of the steps from ``first`` to the last, in the run's precision (infinite on overflow).

    None for each if the schedule has to see the losses first.
    """
    schedule, dtype, end = experiment.schedule, experiment.precision.dtype, experiment.steps + 1
    if not schedule.is_predetermined:
        yield from repeat(None, end - first)
        return
    for begin in range(first, end, CHUNK_STEPS):
        rates = [schedule(step) for step in range(begin, min(begin + CHUNK_STEPS, end))]
        yield from np.array(rates).astype(dtype)


def _chunk(number: int, steps: list[Step], dtype: np.dtype[np.floating]) -> Chunk:
    return Chunk(
        Checkpoint(number, steps[0].point, steps[0].state, steps[0].schedule_state),
        _stacked([step.point for step in steps]),
        np.array([step.loss for step in steps], dtype),
        _stacked([step.gradient for step in steps]),
        _stacked([step.direction for step in steps]),
        np.array([step.learning_rate for step in steps], dtype),
    )


def _stacked(column: list[Point]) -> NDArray[np.floating]:
    return np.concatenate(column).reshape(-1, 2)
