"""The descent loop: computes the steps of an experiment in chunks, never clamped and never stopped early."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice, repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.checkpoint import Checkpoint, start
from gdviz.core.descent.evaluations import StepEvaluation, batches_of
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.lean import LeanRun, can_be_lean
from gdviz.core.problems.problem import Point

CHUNK_STEPS = 128
CHUNK_ROWS = 2_000_000  # drawn for the batches of a chunk: the steps on very large ones are there one after the other


@dataclass(frozen=True, eq=False)
class Chunk:
    """Consecutive steps of a run, in its precision; row i belongs to step ``begin.step + i``.

    For each step: the point (n, 2), the loss (n,) and gradient (n, 2) there, the direction (n, 2) and the learning rate
    (n,), where ``next point = point - learning_rate * direction``, or ``point - direction`` for a rule that does not
    scale with the rate. In a mini-batch run the gradient is that of the step's batch, while the loss is over all rows.
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


def walk(experiment: Experiment, begin: Checkpoint, learning_rates: Iterable[Any]) -> Iterator[Step]:
    """Yield a step for each learning rate, starting from a checkpoint, with the experiment's problem and optimizer.

    For a rate of None the schedule is queried, which sees the losses as they are computed.
    The checkpoint may hold n points, shape (2, n): then n runs advance side by side, each bit-identical to a run on its
    own, and a learning rate is one number for all or an array of shape (n,). Rates must be in the run's precision.
    In a mini-batch run all n see the same batches, and every restart sees the same ones again.
    Overflow and NaN are results, not errors: call this with NumPy's warnings about them disabled.
    """
    schedule, seen, update = experiment.schedule, StepEvaluation(experiment), experiment.optimizer.update
    evaluate, batches = experiment.problem.evaluator(experiment.precision), batches_of(experiment)
    point, state, schedule_state = begin.point, begin.state, begin.schedule_state
    first, restart_every, sets_momentum = start(experiment), experiment.restart_every, schedule.sets_momentum
    scales = experiment.optimizer.scales_with_rate
    for number, learning_rate in enumerate(learning_rates, begin.step):
        if restart_every and number % restart_every == 0:
            point, state = first.point, first.state
        loss, gradient = evaluate(point) if batches is None else batches.evaluate(point, number)
        if sets_momentum:
            update = experiment.optimizer_at(number).update
        next_schedule_state = schedule_state
        if learning_rate is None:
            rate, next_schedule_state = schedule.update(number, loss, schedule_state)
            learning_rate = np.asarray(rate, point.dtype)[()]
        direction, next_state = update(seen.at(number, point, gradient, learning_rate), state)
        yield Step(point, state, loss, gradient, direction, learning_rate, schedule_state)
        point = point - (learning_rate * direction if scales else direction)
        state, schedule_state = next_state, next_schedule_state


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
    schedule, seen, rule = experiment.schedule, StepEvaluation(experiment), experiment.optimizer
    needs_losses, sets_momentum = not schedule.is_predetermined, schedule.sets_momentum
    state, schedule_state = begin.state, begin.schedule_state
    rows = zip(points, gradients, directions, rates, strict=True)
    for number, (point, gradient, direction, rate) in enumerate(rows, begin.step):
        if sets_momentum:
            rule = experiment.optimizer_at(number)
        if needs_losses:
            _, schedule_state = schedule.update(number, losses[number - begin.step], schedule_state)
        state = rule.following(seen.at(number, point, gradient, rate), state, direction)
    return Checkpoint(begin.step + len(points), begin.point, state, schedule_state)


def descend(experiment: Experiment, begin: Checkpoint | None = None, chunk_steps: int = CHUNK_STEPS) -> Iterator[Chunk]:
    """Compute all steps from ``begin`` (by default the start) to the last, in chunks of ``chunk_steps``.

    With very large batches the chunks have fewer steps.
    """
    checkpoint = begin or start(experiment)
    chunk_steps = min(chunk_steps, max(1, CHUNK_ROWS // (experiment.batch_size or 1)))
    rates = learning_rates(experiment, checkpoint.step)
    lean = LeanRun(experiment, checkpoint) if can_be_lean(experiment) else None
    walking = walk(experiment, checkpoint, rates)
    for number in range(checkpoint.step, experiment.steps + 1, chunk_steps):
        with np.errstate(all="ignore"):
            if lean is not None:
                chunk = Chunk(lean.checkpoint, *lean.advance(islice(rates, chunk_steps)))
            else:
                chunk = _chunk(number, list(islice(walking, chunk_steps)), experiment.precision.dtype)
        yield chunk


def learning_rates(experiment: Experiment, first: int = 0) -> Iterator[Any]:
    """The rates of the steps from ``first`` to the last, in the run's precision (infinite on overflow).

    None for each if the schedule has to see the losses first.
    """
    schedule, dtype, end = experiment.schedule, experiment.precision.dtype, experiment.steps + 1
    if not schedule.is_predetermined:
        return repeat(None, end - first)
    if schedule.constant_rate is not None:
        return repeat(np.array(schedule.constant_rate).astype(dtype)[()], end - first)
    blocks = (range(begin, min(begin + CHUNK_STEPS, end)) for begin in range(first, end, CHUNK_STEPS))
    return chain.from_iterable(np.array([schedule(step) for step in block]).astype(dtype) for block in blocks)


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
