"""The exact course of a rule with a constant rate on a quadratic loss: how many steps it takes, without taking them."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent import loop as descent
from gdviz.core.descent.experiment import MAX_STEPS, Experiment
from gdviz.core.descent.optimizers import Evaluation, Optimizer
from gdviz.core.descent.schedules import Constant

Array = NDArray[np.float64]

TOLERANCE = 0.01  # the part of the start's loss above the minimum that may be left where a run has arrived
BLOCK = 4096  # steps that are searched at a time


@dataclass(frozen=True)
class StepsToTolerance:
    """After how many steps the run first arrives; None where it does not within MAX_STEPS.

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


def has_exact_course(experiment: Experiment) -> bool:
    """Whether `steps_needed` can tell: a quadratic loss with a minimum, a linear rule, and no batches."""
    problem = experiment.problem
    is_certain = problem.is_quadratic and bool(problem.minima) and experiment.batch_size is None
    return is_certain and experiment.optimizer.is_linear


def steps_needed(experiment: Experiment, learning_rate: float) -> StepsToTolerance:
    """After how many steps at that constant rate at most TOLERANCE of the start's loss above the minimum is left.

    In exact arithmetic, but from the start as the run's precision rounds it. ValueError where there is no exact course
    (see `has_exact_course`), InputError for a rate that the run's precision cannot hold.
    """
    if not has_exact_course(experiment):
        raise ValueError(f"{experiment.optimizer.name} on {experiment.problem.name} has no exact course")
    at_rate = replace(experiment, schedule=Constant(float(learning_rate)), steps=1)
    with np.errstate(all="ignore"):
        return _first_arrival(_course(at_rate))


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
    shares = tuple((losses / (losses.sum() or 1.0)).tolist())
    return _Course(experiment.optimizer, experiment.schedule.first_rate, tuple(eigenvalues.tolist()), shares)


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


# Cached by these numbers, not by the experiment, which would be kept with all its data.
@lru_cache(maxsize=256)
def _first_arrival(course: _Course) -> StepsToTolerance:
    """Searched step by step, in blocks: with momentum the loss swings.

    At the step k, d(k)^2 is left along an axis, where (d, s)(k) = matrix^k (sqrt(share), 0). Flat axes are left out.
    """
    there = np.array(course.shares) > 0.0
    shares, eigenvalues = np.array(course.shares)[there], np.array(course.eigenvalues)[there]
    # The roots are asked only where the rule does not know its limit: those of a tiny rate are rounded to 1.
    limits = [course.optimizer.stability_limit(float(value)) for value in eigenvalues]
    matrices = _matrices(course.optimizer, eigenvalues, course.rate)
    pairs = zip(limits, matrices, strict=True)
    past = [_root(matrix) > 1.0 if limit is None else course.rate >= limit for limit, matrix in pairs]
    grows = np.array(past, np.bool_) | (not course.rate > 0.0)
    to_distance, over_block = _powers(matrices)
    at = np.zeros(to_distance.shape[:2])
    at[:, 0] = np.sqrt(shares)
    for begin in range(0, MAX_STEPS + 1, BLOCK):
        left = np.einsum("mnk,mn->mk", to_distance, at) ** 2
        arrived = left.sum(axis=0) <= TOLERANCE
        if arrived.any():
            steps = begin + int(arrived.argmax())
            return StepsToTolerance(steps if steps <= MAX_STEPS else None)
        grown = left[grows]
        if _is_lost(grown):
            whole = left.sum(axis=0)
            rises = not (np.diff(whole[np.isfinite(whole)]) <= 0.0).any()  # as long as it is finite
            return StepsToTolerance(None, is_never=True, always_rises=begin == 0 and rises)
        at = np.einsum("mij,mj->mi", over_block, at)
    # What neither grows nor shrinks (at a rate of 0, or exactly the limit) was not found lost.
    return StepsToTolerance(None, is_never=not grown[:, -1].sum() <= TOLERANCE)


def _root(matrix: Array) -> float:
    """The size of the largest eigenvalue; infinity where the matrix is beyond double precision."""
    return float(np.abs(np.linalg.eigvals(matrix)).max()) if np.isfinite(matrix).all() else math.inf


def _is_lost(left: Array) -> bool:
    """Whether along a growing axis too much is left for good; ``left`` is what is left at each step, shape (m, BLOCK).

    Such an axis has one root of at least 1 and one below, d(k) = a r^k + b q^k: over steps of equal parity it may
    shrink at first and then grows. Infinity and NaN are what is beyond double precision.
    """
    too_much = ~(left <= TOLERANCE).any(axis=1)
    first, last = left[:, :2], left[:, -2:]
    grown = ~(last <= first) | np.isinf(last)
    return bool((too_much & grown.all(axis=1)).any())


def _powers(matrices: Array) -> tuple[Array, Array]:
    """The first rows of the powers 0 to BLOCK - 1 of each matrix, shape (m, n, BLOCK), and the power BLOCK."""
    axes, size, _ = matrices.shape
    powers = np.broadcast_to(np.eye(size)[:1], (axes, 1, size))
    factor = matrices
    while powers.shape[1] < BLOCK:
        powers = np.concatenate([powers, powers @ factor], axis=1)
        factor = factor @ factor
    return np.ascontiguousarray(powers.swapaxes(1, 2)), factor
