"""Mini-batch runs in the mean over all batches: the rate from which they diverge, and the loss at which they settle."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import Evaluation, Optimizer
from gdviz.core.problems.capabilities import HasClosedForm
from gdviz.core.problems.large_regression import Fit

Array = NDArray[np.float64]
ROUNDING = 1e-9  # how far above 1 rounding may put the factor of an axis along which nothing moves
HALVINGS = 44  # bisections that find a limit to twelve digits
STILL = 1e-12
"""What moves less than this, relative to the rest, stands still: the rounding error of an axis without curvature."""


@dataclass(frozen=True)
class _Batched:
    """What decides the course of a mini-batch run besides its rate, which is that for the mean of the squares."""

    optimizer: Optimizer
    size: int
    fit: Fit


def diverges_in_mean_square(experiment: Experiment, learning_rate: float) -> bool:
    """Whether the squared distance to the minimum, averaged over all batches, grows without end at that rate.

    With A the Hessian of a batch, a step multiplies (distance, state) with a matrix M(A), and the mean of its products
    (all pairs) with that of M(A) x M(A), x being the Kronecker product: it grows where this has an eigenvalue above 1
    in size. M is linear in A, and for B rows drawn with replacement the mean of A x A is H x H plus a Bth of what
    single rows add to it, H being the Hessian of all rows: the smaller the batch, the lower the limit, which is always
    below that of all rows. Derived here; the tests confirm it by sums over all rows.
    False where that is not known: no batches, no least squares, or a rule whose step is not linear.
    """
    run = _batched(experiment)
    return run is not None and _diverges(run, learning_rate * _factor(experiment))


def limit_of_batches(experiment: Experiment) -> float | None:
    """The rate from which a mini-batch run `diverges_in_mean_square`; None where that is not known, see there."""
    run = _batched(experiment)
    limit = None if run is None else _limit(run)
    return None if limit is None else limit / _factor(experiment)


def stationary_excess_loss(experiment: Experiment, learning_rate: float | None = None) -> float | None:
    """The mean of loss minus minimum once a mini-batch run has settled, at its own constant rate or at another one.

    A step multiplies the products of (distance, state) as in `diverges_in_mean_square`, and adds a Bth of the
    covariance of the gradients of single rows at the minimum, 4 E[r^2 (x, 1)(x, 1)'] with r the residuals. The excess
    is H/2 times the products that this maps to themselves. Exact at any rate, but for the run's rounding errors; for
    small rates and plain descent about the sum of rate var L / (B (2 - rate L)) over the curvatures L, with var the
    mean of r^2.
    None where nothing settles (a rate not above 0, or one at which it diverges) or nothing is known: no batches, no
    least squares, a rate that changes, a rule whose step is not linear.
    """
    run = _batched(experiment)
    if learning_rate is None:
        learning_rate = experiment.schedule.constant_rate
    if run is None or learning_rate is None or not learning_rate > 0.0:
        return None
    factor = _factor(experiment)
    return None if _diverges(run, learning_rate * factor) else factor * _stationary_excess(run, learning_rate * factor)


def _batched(experiment: Experiment) -> _Batched | None:
    problem, size = experiment.problem, experiment.batch_size
    if size is None or not isinstance(problem, HasClosedForm) or not experiment.optimizer.is_linear:
        return None
    return _Batched(experiment.optimizer, size, problem.data.fit)


def _factor(experiment: Experiment) -> float:
    assert isinstance(experiment.problem, HasClosedForm)
    return experiment.problem.form.factor


# Cached, as are the two below: playing a run asks for the same numbers again and again.
@lru_cache(maxsize=256)
def _diverges(run: _Batched, rate: float) -> bool:
    following = _following(run, rate)
    if not np.isfinite(following).all():
        return True
    return bool(np.abs(np.linalg.eigvals(following)).max() > 1.0 + ROUNDING)


@lru_cache(maxsize=64)
def _limit(run: _Batched) -> float | None:
    """Between 0 and the limit of all rows, from which it diverges whatever the batches; or None."""
    high = run.optimizer.stability_limit(float(np.linalg.eigvalsh(run.fit.hessian)[-1]))
    if high is None:
        return None
    low = 0.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if _diverges.__wrapped__(run, middle) else (middle, high)
    return high


@lru_cache(maxsize=256)
def _stationary_excess(run: _Batched, rate: float) -> float:
    of_gradient = _effect(run.optimizer, rate, 1.0, 0.0)
    none, one, two = run.fit.error_moments
    noise = 4.0 * np.array([[two, one], [one, none]])  # the covariance of the gradients of single rows at the minimum
    added = np.kron(np.outer(of_gradient, of_gradient), noise) / run.size
    stays = np.eye(16) - _following(run, rate)
    products = np.linalg.lstsq(stays, added.ravel(), rcond=STILL)[0].reshape(4, 4)
    return float((run.fit.hessian * products[:2, :2]).sum() / 2.0)


@np.errstate(all="ignore")
def _following(run: _Batched, rate: float) -> Array:
    """The matrix with which a step multiplies the mean of the products of (distance, state), shape (16, 16)."""
    of_gradient, of_state = (_effect(run.optimizer, rate, *given) for given in ((1.0, 0.0), (0.0, 1.0)))
    hessian = run.fit.hessian
    # The mean over the rows of the product of two entries (i, j) and (k, l) of a row's Hessian, shape (2, 2, 2, 2).
    products = 4.0 * np.array(run.fit.raw_moments)[4 - np.indices((2, 2, 2, 2)).sum(axis=0)]
    beyond = products - np.multiply.outer(hessian, hessian)
    kept = np.array([[1.0, 0.0], [0.0, 0.0]])
    gradients = np.outer(of_gradient, [1.0, 0.0])
    step = np.kron(kept + np.outer(of_state, [0.0, 1.0]), np.eye(2)) + np.kron(gradients, hessian)
    noise = np.einsum("ab,cd,ijkl->aickbjdl", gradients, gradients, beyond).reshape(16, 16)
    return np.asarray(np.kron(step, step) + noise / run.size)


def _effect(optimizer: Optimizer, rate: float, gradient: float, state: float) -> tuple[float, float]:
    """What a gradient and a state add to distance and state in a step."""
    one = np.ones(1)
    direction, following = optimizer.update(Evaluation(one, gradient * one), state * one)
    return -rate * float(direction[0]), 0.0 if following is None else float(following[0])
