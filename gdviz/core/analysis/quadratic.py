"""The exact solution of a linear rule at a constant rate on a quadratic loss: how many steps a run needs."""

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gdviz.core.analysis.principal_axes import principal_axes
from gdviz.core.descent import checkpoint as descent
from gdviz.core.descent.experiment import MAX_STEPS, Experiment
from gdviz.core.descent.optimizers import Evaluation, Optimizer
from gdviz.core.descent.schedules import Constant
from gdviz.core.frozen import frozen
from gdviz.core.precision import Precision
from gdviz.core.problems.problem import Problem

Array = NDArray[np.float64]

TOLERANCE = 0.01  # the fraction of the initial excess over the minimum that may remain
MANY_STEPS = 1000
"""A run that needs more than these to get and stay within TOLERANCE crawls."""
BLOCK = 4096  # steps searched at a time


@frozen
class StepsToTolerance:
    """After how many steps the run first reaches TOLERANCE; None if not within MAX_STEPS.

    is_unreachable: whether no number of steps suffices (``steps`` is None then).
    always_rises: whether that is because every step increases the loss.
    """

    steps: int | None
    is_unreachable: bool = False
    always_rises: bool = False


@frozen
class _LinearRun:
    """What determines a run: the rule, its rate, and each axis's curvature and share of the initial excess loss."""

    optimizer: Optimizer
    rate: float
    eigenvalues: tuple[float, ...]
    shares: tuple[float, ...]


def has_exact_solution(experiment: Experiment) -> bool:
    """Whether `steps_to_tolerance` applies: a quadratic loss with a minimum, a linear rule, and no batches."""
    problem = experiment.problem
    has_minimum = problem.is_quadratic and bool(problem.minima)
    return has_minimum and experiment.batch_size is None and experiment.optimizer.is_linear


def steps_to_tolerance(experiment: Experiment, learning_rate: float) -> StepsToTolerance:
    """After how many steps at that constant rate at most TOLERANCE of the initial excess over the minimum remains.

    In exact arithmetic, but from the start rounded to the run's precision. ValueError if there is no exact solution
    (see `has_exact_solution`), InputError for a rate that the run's precision cannot represent.
    """
    if not has_exact_solution(experiment):
        raise ValueError(f"{experiment.optimizer.name} on {experiment.problem.name} has no exact solution")
    at_rate = replace(experiment, schedule=Constant(float(learning_rate)), steps=1)
    with np.errstate(all="ignore"):
        return _first_within_tolerance(_linear_run(at_rate))


def crawling_limit(problem: Problem, optimizer: Optimizer, point: Array) -> float | None:
    """The rate up to which a run needs more than MANY_STEPS steps to get and stay within TOLERANCE; None if unknown.

    From the worst start; infinite where the rule's memory is so long that no rate needs fewer. Of all directions, that
    of the smallest curvature mu > 0 takes longest: there a step scales the distance, in the end, by the largest root r
    of the step's matrix, and the excess loss by r^2. So r = TOLERANCE^(1/(2 MANY_STEPS)), and for plain descent, with
    r = 1 - rate mu, the limit is (1 - r)/mu = 0.0023/mu. The rate stands in one row of the matrix, which makes
    det(matrix - r) linear in it. Batches that are drawn with replacement do the same on average, and other losses than
    a quadratic near a minimum at ``point``.
    """
    if not optimizer.is_linear:
        return None
    curvatures, _ = principal_axes(problem, point)
    flat = Precision.FLOAT64.rounding(float(np.abs(curvatures).max()))
    curved = curvatures[curvatures > flat]
    if not len(curved) or (curvatures < -flat).any():
        return None
    return _crawling_product(optimizer) / float(curved.min())


@lru_cache(maxsize=64)
def _crawling_product(optimizer: Optimizer) -> float:
    """The crawling limit for a curvature of 1."""
    root, one = TOLERANCE ** (0.5 / MANY_STEPS), np.ones(1)
    steps = [_step_matrices(optimizer, one, rate)[0] for rate in (0.0, 1.0)]
    at_zero, at_one = (float(np.linalg.det(step - root * np.eye(len(step)))) for step in steps)
    product = at_zero / (at_zero - at_one)
    if not product > 0.0 or _spectral_radius(_step_matrices(optimizer, one, product)[0]) > root * (1.0 + 1e-9):
        return math.inf
    return product


def _linear_run(experiment: Experiment) -> _LinearRun:
    """The run of an experiment with a constant rate."""
    problem, start = experiment.problem, descent.start(experiment).point.astype(np.float64)
    eigenvalues, axes = principal_axes(problem, start)
    nearest = min(problem.minima, key=lambda minimum: float(problem.loss(*minimum)))
    along = axes.T @ (start / 2.0 - np.array(nearest) / 2.0)  # halved, so that the difference is always finite
    along /= np.abs(along).max() or 1.0
    losses = eigenvalues * along**2
    shares = tuple((losses / (losses.sum() or 1.0)).tolist())
    return _LinearRun(experiment.optimizer, experiment.schedule.first_rate, tuple(eigenvalues.tolist()), shares)


def _step_matrices(optimizer: Optimizer, eigenvalues: Array, learning_rate: float) -> Array:
    """The matrices of one step of (distance, state) along axes of these curvatures, shape (m, n, n), from the rule."""
    one, none = np.ones_like(eigenvalues), np.zeros_like(eigenvalues)
    empty = optimizer.init(none)
    columns = [_after_step(optimizer, one, empty, eigenvalues, learning_rate)]
    if empty is not None:
        columns.append(_after_step(optimizer, none, one, eigenvalues, learning_rate))
    return np.stack(columns, axis=-1)


def _after_step(optimizer: Optimizer, distance: Array, state: Array | None, eigenvalues: Array, rate: float) -> Array:
    """Distance and state after a step along each of m axes, shape (m, n)."""
    direction, next_state = optimizer.update(Evaluation(distance, eigenvalues * distance), state)
    moved = distance - rate * direction
    return np.stack([moved] if next_state is None else [moved, next_state], axis=-1)


# Cached by these numbers, since caching by the experiment would keep all its data alive.
@lru_cache(maxsize=256)
def _first_within_tolerance(run: _LinearRun) -> StepsToTolerance:
    """Search step by step, in blocks, since with momentum the loss oscillates.

    At step k an axis contributes d(k)^2, where (d, s)(k) = matrix^k (sqrt(share), 0). Flat axes are left out.
    """
    contributes = np.array(run.shares) > 0.0
    shares, eigenvalues = np.array(run.shares)[contributes], np.array(run.eigenvalues)[contributes]
    # The spectral radius is a fallback for an unknown limit: at a tiny rate it is rounded to 1.
    limits = [run.optimizer.stability_limit(float(value)) for value in eigenvalues]
    matrices = _step_matrices(run.optimizer, eigenvalues, run.rate)
    pairs = zip(limits, matrices, strict=True)
    is_past = [_spectral_radius(matrix) > 1.0 if limit is None else run.rate >= limit for limit, matrix in pairs]
    grows = np.array(is_past, np.bool_) | (not run.rate > 0.0)
    to_distance, over_block = _powers(matrices)
    at = np.zeros(to_distance.shape[:2])
    at[:, 0] = np.sqrt(shares)
    for begin in range(0, MAX_STEPS + 1, BLOCK):
        excess = np.einsum("mnk,mn->mk", to_distance, at) ** 2
        reached = excess.sum(axis=0) <= TOLERANCE
        if reached.any():
            steps = begin + int(reached.argmax())
            return StepsToTolerance(steps if steps <= MAX_STEPS else None)
        growing = excess[grows]
        if _diverges(growing):
            total = excess.sum(axis=0)
            rises = not (np.diff(total[np.isfinite(total)]) <= 0.0).any()
            return StepsToTolerance(None, is_unreachable=True, always_rises=begin == 0 and rises)
        at = np.einsum("mij,mj->mi", over_block, at)
    # Axes that neither grow nor shrink (at a rate of 0, or exactly the limit) do not count as diverging.
    return StepsToTolerance(None, is_unreachable=not growing[:, -1].sum() <= TOLERANCE)


def _spectral_radius(matrix: Array) -> float:
    """The largest absolute eigenvalue; infinity if the matrix overflows double precision."""
    return float(np.abs(np.linalg.eigvals(matrix)).max()) if np.isfinite(matrix).all() else math.inf


def _diverges(excess: Array) -> bool:
    """Whether a growing axis stays above TOLERANCE for good; ``excess`` holds the value at each step, shape (m, BLOCK).

    Such an axis has one eigenvalue of size at least 1 and one below, d(k) = a r^k + b q^k: over steps of equal parity
    it may shrink at first and then grows. Infinity and NaN come from overflow.
    """
    is_above = ~(excess <= TOLERANCE).any(axis=1)
    first, last = excess[:, :2], excess[:, -2:]
    has_grown = ~(last <= first) | np.isinf(last)
    return bool((is_above & has_grown.all(axis=1)).any())


def _powers(matrices: Array) -> tuple[Array, Array]:
    """The first rows of powers 0 to BLOCK - 1 of each matrix, shape (m, n, BLOCK), and the power BLOCK."""
    axes, size, _ = matrices.shape
    powers = np.broadcast_to(np.eye(size)[:1], (axes, 1, size))
    factor = matrices
    while powers.shape[1] < BLOCK:
        powers = np.concatenate([powers, powers @ factor], axis=1)
        factor = factor @ factor
    return np.ascontiguousarray(powers.swapaxes(1, 2)), factor
