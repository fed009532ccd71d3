"""The only descent loop: from a recipe to its steps, in chunks, never clamped and never stopped early."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.core.experiment import Experiment
from gdviz.core.problem import Evaluate, Point

CHUNK_STEPS = 64


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Where a run can be taken up again: the point and the optimizer's state on arrival at a step."""

    step: int
    point: Point
    state: Any


@dataclass(frozen=True, eq=False)
class Chunk:
    """Consecutive steps of a run, in its precision; row i belongs to step ``begin.step + i``.

    At each step: the point (n, 2) at which it stands, the loss (n,) and the gradient (n, 2) there, the direction
    (n, 2) and the learning rate (n,) with which it goes on: ``next point = point - learning_rate * direction``.
    """

    begin: Checkpoint
    points: NDArray[np.floating]
    losses: NDArray[np.floating]
    gradients: NDArray[np.floating]
    directions: NDArray[np.floating]
    learning_rates: NDArray[np.floating]


def start(experiment: Experiment) -> Checkpoint:
    """The checkpoint of step 0."""
    point = np.array(experiment.start, dtype=experiment.precision.dtype)
    return Checkpoint(0, point, experiment.optimizer.init(point))


def descend(experiment: Experiment, begin: Checkpoint | None = None, chunk_steps: int = CHUNK_STEPS) -> Iterator[Chunk]:
    """All steps of the run from ``begin`` (its start by default) to its last one, in chunks of ``chunk_steps``."""
    evaluate = experiment.problem.evaluator(experiment.precision)
    checkpoint = begin or start(experiment)
    while checkpoint.step <= experiment.steps:
        count = min(chunk_steps, experiment.steps + 1 - checkpoint.step)
        chunk, checkpoint = _advance(experiment, evaluate, checkpoint, count)
        yield chunk


def _advance(experiment: Experiment, evaluate: Evaluate, begin: Checkpoint, count: int) -> tuple[Chunk, Checkpoint]:
    dtype = experiment.precision.dtype
    points, gradients, directions = (np.empty((count, 2), dtype) for _ in range(3))
    losses = np.empty(count, dtype)
    schedule, update = experiment.schedule, experiment.optimizer.update
    point, state = begin.point, begin.state
    # Overflow to infinity and NaN are results here, not faults.
    with np.errstate(all="ignore"):
        rates = np.array([schedule(step) for step in range(begin.step, begin.step + count)]).astype(dtype)
        for row in range(count):
            loss, gradient = evaluate(point)
            direction, state = update(gradient, state)
            points[row], losses[row], gradients[row], directions[row] = point, loss, gradient, direction
            point = point - rates[row] * direction
    chunk = Chunk(begin, points, losses, gradients, directions, rates)
    return chunk, Checkpoint(begin.step + count, point, state)
