"""Whether a mini-batch run spreads: below the stability limit its few rows can drive it apart all the same."""

from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from gdviz.core.experiment import Experiment
from gdviz.core.optimizers import Optimizer
from gdviz.core.quadratic import LINEAR_RULES
from gdviz.core.regression import LinearRegression

Array = NDArray[np.float64]
ROUNDING = 1e-9
"""By so much may a factor lie above 1 that is 1 in truth: that of an axis along which nothing moves."""


def spreads(experiment: Experiment, learning_rate: float) -> bool:
    """Whether the mean, over all batches, of the squared distance to the minimum grows without end at that rate.

    With A the Hessian of a batch, (distance, state) is multiplied with a matrix M(A) at each step, and the mean of its
    products (all pairs) with that of M(A) x M(A), x being the Kronecker product: it grows where this has an eigenvalue
    above 1 in size. M is linear in A, and for B rows drawn with replacement the mean of A x A is H x H plus a Bth of
    what it is for single rows beyond that, H being the Hessian of all rows: so the limit is below that of all rows, the
    more so the smaller the batch. Derived here; the tests have
    it from sums over all rows.
    False where that is not known: no batches, or a rule whose step is not linear.
    """
    problem, size = experiment.problem, experiment.batch_size
    if size is None or not isinstance(problem, LinearRegression) or not isinstance(experiment.optimizer, LINEAR_RULES):
        return False
    fit, factor = problem.data.fit, problem.form.factor
    return _spreads(experiment.optimizer, learning_rate * factor, size, fit.raw_moments)


# Asked again and again with the same numbers as a run is played.
@lru_cache(maxsize=256)
def _spreads(optimizer: Optimizer, rate: float, size: int, moments: tuple[float, ...]) -> bool:
    """The same for the mean of the squares; moments: the means of 1, x, x^2, x^3 and x^4."""
    hessian = 2.0 * np.array([[moments[2], moments[1]], [moments[1], moments[0]]])
    beyond = _products(moments) - np.multiply.outer(hessian, hessian)
    with np.errstate(all="ignore"):
        of_gradient, of_state = (_effect(optimizer, rate, *given) for given in ((1.0, 0.0), (0.0, 1.0)))
        kept = np.array([[1.0, 0.0], [0.0, 0.0]])
        gradients = np.outer(of_gradient, [1.0, 0.0])
        step = np.kron(kept + np.outer(of_state, [0.0, 1.0]), np.eye(2)) + np.kron(gradients, hessian)
        noise = np.einsum("ab,cd,ijkl->aickbjdl", gradients, gradients, beyond).reshape(16, 16)
        following = np.kron(step, step) + noise / size
        if not np.isfinite(following).all():
            return True
        return bool(np.abs(np.linalg.eigvals(following)).max() > 1.0 + ROUNDING)


def _products(moments: tuple[float, ...]) -> Array:
    """The mean over the rows of the product of two entries (i, j) and (k, l) of a row's Hessian, shape (2, 2, 2, 2)."""
    products = np.empty((2, 2, 2, 2))
    for places in product((0, 1), repeat=4):
        products[places] = 4.0 * moments[4 - sum(places)]
    return products


def _effect(optimizer: Optimizer, rate: float, gradient: float, state: float) -> tuple[float, float]:
    """What a gradient and a state add to distance and state in a step."""
    one = np.ones(1)
    direction, following = optimizer.update(gradient * one, state * one)
    return -rate * float(direction[0]), 0.0 if following is None else float(following[0])
