"""Mini-batch runs averaged over all batches: the rate from which they diverge, and the loss at which they settle."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gdviz.core.data.least_squares import Fit
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import Evaluation, Optimizer
from gdviz.core.problems.capabilities import HasClosedForm

Array = NDArray[np.float64]
ROUNDING = 1e-9  # rounding error of a spectral radius of exactly 1, along an axis without curvature
BISECTIONS = 44  # determine a limit to twelve digits
RANK_TOLERANCE = 1e-12
"""Relative singular values below this count as zero: rounding errors of an axis without curvature."""


@dataclass(frozen=True)
class _MiniBatchRun:
    """What determines a mini-batch run besides its learning rate, which is scaled to the mean of the squares."""

    optimizer: Optimizer
    size: int
    fit: Fit


def diverges_in_mean_square(experiment: Experiment, learning_rate: float) -> bool:
    """Whether the mean squared distance to the minimum, over all batches, grows without bound at that rate.

    With A the Hessian of a batch, a step multiplies (distance, state) by a matrix M(A), and their mean second moments
    by the mean of M(A) x M(A), x being the Kronecker product: they grow if its spectral radius exceeds 1. M is linear
    in A, and for B rows drawn with replacement the mean of A x A is H x H plus 1/B times the covariance of the
    Hessians of single rows, H being the Hessian of all rows: the smaller the batch, the lower the limit, which is
    always below the full-batch one. Derived here; the tests confirm it by sums over all rows.
    False if unknown: no batches, rows drawn in another way, not least squares, or a rule whose step is not linear.
    """
    run = _mini_batch_run(experiment)
    return run is not None and _diverges(run, learning_rate * _factor(experiment))


def mini_batch_limit(experiment: Experiment) -> float | None:
    """The rate from which a mini-batch run `diverges_in_mean_square`; None if unknown, see there."""
    run = _mini_batch_run(experiment)
    limit = None if run is None else _limit(run)
    return None if limit is None else limit / _factor(experiment)


def stationary_excess_loss(experiment: Experiment, learning_rate: float | None = None) -> float | None:
    """The mean excess over the minimum loss of a mini-batch run in its stationary state, at its own or another rate.

    A step multiplies the second moments of (distance, state) as in `diverges_in_mean_square`, and adds 1/B times the
    covariance of the gradients of single rows at the minimum, 4 E[r^2 (x, 1)(x, 1)'] with r the residuals. The excess
    is H/2 times the fixed point of this map. Exact at any rate, apart from the run's rounding errors; for small rates
    and plain descent about the sum of rate var L / (B (2 - rate L)) over the curvatures L, with var the mean of r^2.
    None if there is no stationary state (a rate not above 0, or one at which it diverges) or it is unknown: no
    batches, rows drawn in another way, not least squares, a varying rate, or a rule whose step is not linear.
    """
    run = _mini_batch_run(experiment)
    if learning_rate is None:
        learning_rate = experiment.schedule.constant_rate
    if run is None or learning_rate is None or not learning_rate > 0.0:
        return None
    factor = _factor(experiment)
    return None if _diverges(run, learning_rate * factor) else factor * _stationary_excess(run, learning_rate * factor)


def _mini_batch_run(experiment: Experiment) -> _MiniBatchRun | None:
    problem, size = experiment.problem, experiment.batch_size
    if size is None or not isinstance(problem, HasClosedForm):
        return None
    if not (experiment.draws_with_replacement and experiment.optimizer.is_linear):
        return None
    return _MiniBatchRun(experiment.optimizer, size, problem.data.fit)


def _factor(experiment: Experiment) -> float:
    assert isinstance(experiment.problem, HasClosedForm)
    return experiment.problem.form.factor


# Cached, like the two below: playback asks for the same numbers over and over.
@lru_cache(maxsize=256)
def _diverges(run: _MiniBatchRun, rate: float) -> bool:
    matrix = _second_moment_matrix(run, rate)
    if not np.isfinite(matrix).all():
        return True
    return bool(np.abs(np.linalg.eigvals(matrix)).max() > 1.0 + ROUNDING)


@lru_cache(maxsize=64)
def _limit(run: _MiniBatchRun) -> float | None:
    """By bisection between 0 and the full-batch limit, beyond which it always diverges; None if that is unknown."""
    high = run.optimizer.stability_limit(float(np.linalg.eigvalsh(run.fit.hessian)[-1]))
    if high is None:
        return None
    low = 0.0
    for _ in range(BISECTIONS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if _diverges.__wrapped__(run, middle) else (middle, high)
    return high


@lru_cache(maxsize=256)
def _stationary_excess(run: _MiniBatchRun, rate: float) -> float:
    of_gradient = _step_response(run.optimizer, rate, 1.0, 0.0)
    zeroth, first, second = run.fit.error_moments
    noise = 4.0 * np.array([[second, first], [first, zeroth]])  # covariance of single rows' gradients at the minimum
    added = np.kron(np.outer(of_gradient, of_gradient), noise) / run.size
    system = np.eye(16) - _second_moment_matrix(run, rate)
    products = np.linalg.lstsq(system, added.ravel(), rcond=RANK_TOLERANCE)[0].reshape(4, 4)
    return float((run.fit.hessian * products[:2, :2]).sum() / 2.0)


@np.errstate(all="ignore")
def _second_moment_matrix(run: _MiniBatchRun, rate: float) -> Array:
    """The matrix by which a step multiplies the mean second moments of (distance, state), shape (16, 16)."""
    of_gradient, of_state = (_step_response(run.optimizer, rate, *given) for given in ((1.0, 0.0), (0.0, 1.0)))
    hessian = run.fit.hessian
    # The mean over the rows of the product of entries (i, j) and (k, l) of a row's Hessian, shape (2, 2, 2, 2).
    products = 4.0 * np.array(run.fit.raw_moments)[4 - np.indices((2, 2, 2, 2)).sum(axis=0)]
    covariance = products - np.multiply.outer(hessian, hessian)
    keep_distance = np.array([[1.0, 0.0], [0.0, 0.0]])
    gradients = np.outer(of_gradient, [1.0, 0.0])
    step = np.kron(keep_distance + np.outer(of_state, [0.0, 1.0]), np.eye(2)) + np.kron(gradients, hessian)
    noise = np.einsum("ab,cd,ijkl->aickbjdl", gradients, gradients, covariance).reshape(16, 16)
    return np.asarray(np.kron(step, step) + noise / run.size)


def _step_response(optimizer: Optimizer, rate: float, gradient: float, state: float) -> tuple[float, float]:
    """The contribution of a gradient and a state to distance and state after a step."""
    one = np.ones(1)
    direction, next_state = optimizer.update(Evaluation(one, gradient * one), state * one)
    return -rate * float(direction[0]), 0.0 if next_state is None else float(next_state[0])
