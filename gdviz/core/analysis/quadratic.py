"""The exact course of a rule with a constant rate on a quadratic loss: how many steps it takes, without taking them."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent import loop as descent
from gdviz.core.descent.evaluation import Evaluation
from gdviz.core.descent.experiment import MAX_STEPS, Experiment
from gdviz.core.descent.optimizers import Optimizer
from gdviz.core.descent.schedules import Constant

Array = NDArray[np.float64]

PART_LEFT = 0.01
"""A run has arrived where at most this part of the start's loss above the minimum is left."""
BLOCK = 4096
"""So many steps are looked at in one go."""


@dataclass(frozen=True)
class Arrival:
    """After how many steps the run has arrived for the first time; None where it has not within MAX_STEPS.

    is_never: whether it never will, however many steps it takes (``steps`` is None then).
    always_rises: whether it never will because each of its steps makes the loss larger.
    """

    steps: int | None
    is_never: bool = False
    always_rises: bool = False


@dataclass(frozen=True)
class _Course:
    """What decides a course: the rule, its rate, and of each axis its curvature and its share of the start's loss."""

    optimizer: Optimizer
    rate: float
    eigenvalues: tuple[float, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class _Axes:
    """The start along the axes of curvature, m of them.

    shares: of the start's loss, shape (m,). grows: whether what is left along an axis does not vanish, shape (m,).
    matrices: one step of (distance, state) along each axis, shape (m, n, n).
    """

    shares: Array
    matrices: Array
    grows: NDArray[np.bool_]


def has_exact_course(experiment: Experiment) -> bool:
    """Whether `steps_needed` can tell: the loss is quadratic, the rule linear, and no batch is drawn by chance."""
    is_certain = experiment.problem.is_quadratic and experiment.batch_size is None
    return is_certain and experiment.optimizer.is_linear


def steps_needed(experiment: Experiment, learning_rate: float) -> Arrival:
    """After how many steps at that constant rate PART_LEFT of the start's loss above the minimum is left, at most.

    In exact arithmetic: of the run's precision only the rounded start is taken. ValueError where there is no exact
    course (see `has_exact_course`), InputError for a rate that the run's precision cannot hold.
    """
    if not has_exact_course(experiment):
        raise ValueError(f"{experiment.optimizer.name} on {experiment.problem.name} has no exact course")
    asked = replace(experiment, schedule=Constant(float(learning_rate)), steps=1)
    with np.errstate(all="ignore"):
        return _arrival(_course(asked))


# Found again by these numbers and not by the experiment, which would be kept with all its data.
@lru_cache(maxsize=256)
def _arrival(course: _Course) -> Arrival:
    with np.errstate(all="ignore"):  # a run that grows may overflow here too
        return _searched(_axes(course))


def _course(experiment: Experiment) -> _Course:
    """That of an experiment with a constant rate."""
    problem, start = experiment.problem, descent.start(experiment).point.astype(np.float64)
    eigenvalues, axes = np.linalg.eigh(problem.hessian(start))
    nearest = min(problem.minima, key=lambda minimum: float(problem.loss(*minimum)))
    along = axes.T @ (start / 2.0 - np.array(nearest) / 2.0)  # halves, whose difference is always finite
    along /= np.abs(along).max() or 1.0
    # An eigenvalue of this size is a rounding error of the largest: zero in truth.
    eigenvalues[eigenvalues <= 4.0 * np.finfo(np.float64).eps * eigenvalues[-1]] = 0.0
    losses = eigenvalues * along**2
    shares = losses / (losses.sum() or 1.0)
    return _Course(
        experiment.optimizer, experiment.schedule.first_rate, tuple(eigenvalues.tolist()), tuple(shares.tolist())
    )


def _axes(course: _Course) -> _Axes:
    """The axes along which something of the start's loss lies: a flat one has nothing to be gained."""
    optimizer, rate = course.optimizer, course.rate
    eigenvalues, shares = np.array(course.eigenvalues), np.array(course.shares)
    there = shares > 0.0
    # Asked of the rule, not of the roots: of a tiny rate they are 1 after rounding.
    limits = [optimizer.stability_limit(float(value)) for value in eigenvalues[there]]
    grows = [rate <= 0.0 or (limit is not None and rate >= limit) for limit in limits]
    return _Axes(shares[there], _matrices(optimizer, eigenvalues[there], rate), np.array(grows, np.bool_))


def _matrices(optimizer: Optimizer, eigenvalues: Array, learning_rate: float) -> Array:
    """One step of (distance, state) along axes of these curvatures, shape (m, n, n), by asking the rule itself."""
    one, none = np.ones_like(eigenvalues), np.zeros_like(eigenvalues)
    empty = optimizer.init(none)
    columns = [_stepped(optimizer, one, empty, eigenvalues, learning_rate)]
    if empty is not None:
        columns.append(_stepped(optimizer, none, one, eigenvalues, learning_rate))
    return np.stack(columns, axis=-1)


def _stepped(optimizer: Optimizer, distance: Array, state: Array | None, eigenvalues: Array, rate: float) -> Array:
    """Distance and state after a step, shape (m, n), for each of m axes."""
    direction, following = optimizer.update(Evaluation(distance, eigenvalues * distance), state)
    moved = distance - rate * direction
    return np.stack([moved] if following is None else [moved, following], axis=-1)


def _searched(axes: _Axes) -> Arrival:
    """The first step with at most PART_LEFT, block by block: with momentum it swings, so each step has to be looked at.

    At the step k, d(k)^2 is left along an axis, where (d, s)(k) = matrix^k (sqrt(share), 0).
    """
    to_distance, over_block = _powers(axes.matrices)
    at = np.zeros(axes.matrices.shape[:2])
    at[:, 0] = np.sqrt(axes.shares)
    for begin in range(0, MAX_STEPS + 1, BLOCK):
        left = np.einsum("mnk,mn->mk", to_distance, at) ** 2
        arrived = left.sum(axis=0) <= PART_LEFT
        if arrived.any():
            steps = begin + int(arrived.argmax())
            return Arrival(steps) if steps <= MAX_STEPS else Arrival(None)
        grown = left[axes.grows]
        if _is_lost(grown):
            return Arrival(None, is_never=True, always_rises=begin == 0 and _rises(left.sum(axis=0)))
        at = np.einsum("mij,mj->mi", over_block, at)
    # What neither grows nor shrinks (a rate of 0, or of just the limit) was never seen to grow.
    return Arrival(None, is_never=not grown[:, -1].sum() <= PART_LEFT)


def _is_lost(left: Array) -> bool:
    """Whether along one of the axes that grow too much is left for good; what is left at the steps, (m, BLOCK).

    Of such an axis one root is at least 1 and the other below, so that d(k) = a r^k + b q^k: over steps of equal parity
    its size shrinks at first, perhaps, and then grows. Infinity and NaN are what is beyond double precision.
    """
    too_much = ~(left <= PART_LEFT).any(axis=1)
    first, last = left[:, :2], left[:, -2:]
    grown = ~(last <= first) | np.isinf(last)
    return bool((too_much & grown.all(axis=1)).any())


def _rises(left: Array) -> bool:
    """Whether what is left, shape (BLOCK,), grows with each step, as far as double precision reaches."""
    return not (np.diff(left[np.isfinite(left)]) <= 0.0).any()


def _powers(matrices: Array) -> tuple[Array, Array]:
    """The first rows of the powers 0 to BLOCK - 1 of each matrix, shape (m, n, BLOCK), and the power BLOCK."""
    axes, size, _ = matrices.shape
    powers = np.broadcast_to(np.eye(size)[:1], (axes, 1, size))
    factor = matrices
    while powers.shape[1] < BLOCK:
        powers = np.concatenate([powers, powers @ factor], axis=1)
        factor = factor @ factor
    return np.ascontiguousarray(powers.swapaxes(1, 2)), factor
