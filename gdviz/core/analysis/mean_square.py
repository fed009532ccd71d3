"""Mini-batch runs in the mean over all batches: from which rate they spread, how high above the minimum they settle."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.evaluation import Evaluation
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import Optimizer
from gdviz.core.descent.schedules import Constant
from gdviz.core.problems.large_regression import Fit
from gdviz.core.problems.regression import LinearRegression

Array = NDArray[np.float64]
ROUNDING = 1e-9
"""By so much may a factor lie above 1 that is 1 in truth: that of an axis along which nothing moves."""
HALVINGS = 44
"""So often the place of a limit is halved: to twelve digits."""
STILL = 1e-12
"""What moves by less than this part of the rest does not move: the rounding error of an axis without curvature."""


@dataclass(frozen=True)
class _Batched:
    """What decides the course of a mini-batch run but its rate, which is counted for the mean of the squares."""

    optimizer: Optimizer
    size: int
    fit: Fit


def spreads(experiment: Experiment, learning_rate: float) -> bool:
    """Whether the mean, over all batches, of the squared distance to the minimum grows without end at that rate.

    With A the Hessian of a batch, (distance, state) is multiplied with a matrix M(A) at each step, and the mean of its
    products (all pairs) with that of M(A) x M(A), x being the Kronecker product: it grows where this has an eigenvalue
    above 1 in size. M is linear in A, and for B rows drawn with replacement the mean of A x A is H x H plus a Bth of
    what it is for single rows beyond that, H being the Hessian of all rows: so the limit is below that of all rows, the
    more so the smaller the batch. Derived here; the tests have it from sums over all rows.
    False where that is not known: no batches, or a rule whose step is not linear.
    """
    run = _batched(experiment)
    return False if run is None else _spreads(run, learning_rate * _factor(experiment))


def limit_of_batches(experiment: Experiment) -> float | None:
    """The rate from which a mini-batch run `spreads`; None where that is not known, see there."""
    run = _batched(experiment)
    return None if run is None else _limit(run) / _factor(experiment)


def settled_excess(experiment: Experiment, learning_rate: float | None = None) -> float | None:
    """The mean of loss minus minimum once a mini-batch run has settled, at its own constant rate or at another one.

    The products of (distance, state) are multiplied as in `spreads`, and each step adds a Bth of the covariance of the
    gradients of single rows at the minimum, 4 E[r^2 (x, 1)(x, 1)'] with r the rows' residuals: they settle where both
    give the same products again. Times H/2 that is the excess. Exact, whatever the rate, but for the rounding errors of
    the run; for small rates and plain descent about the sum of rate var L / (B (2 - rate L)) over the curvatures L,
    with var the mean of r^2.
    None where nothing settles (a rate not above 0, or one at which it spreads) or nothing is known: no batches, a rate
    that changes, a rule whose step is not linear.
    """
    run, schedule = _batched(experiment), experiment.schedule
    if learning_rate is None:
        learning_rate = schedule.learning_rate if isinstance(schedule, Constant) else None
    if run is None or learning_rate is None or not learning_rate > 0.0 or spreads(experiment, learning_rate):
        return None
    return _factor(experiment) * _settled(run, learning_rate * _factor(experiment))


def _batched(experiment: Experiment) -> _Batched | None:
    problem, size = experiment.problem, experiment.batch_size
    if size is None or not isinstance(problem, LinearRegression) or not experiment.optimizer.is_linear:
        return None
    return _Batched(experiment.optimizer, size, problem.data.fit)


def _factor(experiment: Experiment) -> float:
    assert isinstance(experiment.problem, LinearRegression)
    return experiment.problem.form.factor


# Asked again and again with the same numbers as a run is played; so are the two below.
@lru_cache(maxsize=256)
def _spreads(run: _Batched, rate: float) -> bool:
    following = _following(run, rate)
    if not np.isfinite(following).all():
        return True
    return bool(np.abs(np.linalg.eigvals(following)).max() > 1.0 + ROUNDING)


@lru_cache(maxsize=64)
def _limit(run: _Batched) -> float:
    """Between 0 and the limit of all rows, from which it spreads whatever the batches."""
    of_all_rows = run.optimizer.stability_limit(float(np.linalg.eigvalsh(run.fit.hessian)[-1]))
    assert of_all_rows is not None  # a linear rule has one
    low, high = 0.0, of_all_rows
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if _spreads.__wrapped__(run, middle) else (middle, high)
    return high


@lru_cache(maxsize=256)
def _settled(run: _Batched, rate: float) -> float:
    of_gradient = _effect(run.optimizer, rate, 1.0, 0.0)
    added = np.kron(np.outer(of_gradient, of_gradient), _noise(run.fit)) / run.size
    stays = np.eye(16) - _following(run, rate)
    products = np.linalg.lstsq(stays, added.ravel(), rcond=STILL)[0].reshape(4, 4)
    return float((run.fit.hessian * products[:2, :2]).sum() / 2.0)


@np.errstate(all="ignore")
def _following(run: _Batched, rate: float) -> Array:
    """What a step multiplies the mean of the products of (distance, state) with, shape (16, 16)."""
    of_gradient, of_state = (_effect(run.optimizer, rate, *given) for given in ((1.0, 0.0), (0.0, 1.0)))
    hessian = run.fit.hessian
    beyond = _products(run.fit.raw_moments) - np.multiply.outer(hessian, hessian)
    kept = np.array([[1.0, 0.0], [0.0, 0.0]])
    gradients = np.outer(of_gradient, [1.0, 0.0])
    step = np.kron(kept + np.outer(of_state, [0.0, 1.0]), np.eye(2)) + np.kron(gradients, hessian)
    noise = np.einsum("ab,cd,ijkl->aickbjdl", gradients, gradients, beyond).reshape(16, 16)
    return np.asarray(np.kron(step, step) + noise / run.size)


def _noise(fit: Fit) -> Array:
    """The covariance of the gradients of single rows at the minimum, shape (2, 2)."""
    none, one, two = fit.error_moments
    return 4.0 * np.array([[two, one], [one, none]])


def _products(moments: tuple[float, ...]) -> Array:
    """The mean over the rows of the product of two entries (i, j) and (k, l) of a row's Hessian, shape (2, 2, 2, 2)."""
    products = np.empty((2, 2, 2, 2))
    for places in product((0, 1), repeat=4):
        products[places] = 4.0 * moments[4 - sum(places)]
    return products


def _effect(optimizer: Optimizer, rate: float, gradient: float, state: float) -> tuple[float, float]:
    """What a gradient and a state add to distance and state in a step."""
    one = np.ones(1)
    direction, following = optimizer.update(Evaluation(one, gradient * one), state * one)
    return -rate * float(direction[0]), 0.0 if following is None else float(following[0])
