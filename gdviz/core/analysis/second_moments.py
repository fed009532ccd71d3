"""Second moments of mini-batch runs over all batches, as linear equations that are well scaled wherever x is."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.core.data.least_squares import Fit
from gdviz.core.descent.optimizers import Evaluation, Optimizer
from gdviz.core.frozen import frozen
from gdviz.core.precision import Precision

Array = NDArray[np.float64]
EPS = Precision.FLOAT64.eps
NEGLIGIBLE = 1e-50
"""A smaller product of rate and curvature, or a smaller ratio of two curvatures, moves nothing in any run."""


@frozen
class MiniBatchRun:
    """What determines a mini-batch run besides its learning rate, which is scaled to the mean of the squares.

    size: the rows of a batch, drawn with replacement. fit: its moments must be finite.
    """

    optimizer: Optimizer
    size: int
    fit: Fit


class Axes(NamedTuple):
    """The rows along the principal axes of the Hessian, scaled so that the mean of squares is the squared distance.

    With a distance a_i and a curvature L_i along an axis, y_i = sqrt(L_i / 2) a_i: the excess loss is the sum of y_i^2.
    A row is a vector z whose mean of z z' is the identity, and a step of plain descent is y <- y - rate L z (z'y + r).
    Then no number is much larger than another, wherever x is and whatever its unit; rates and curvatures come in by
    their products alone.

    curvatures: descending, shape (k,); an axis without curvature is left out. covariance: of the z z' of single rows,
    shape (k, k, k, k). noise: the mean of r^2 z z', shape (k, k). rounding: the relative error of these.
    """

    curvatures: Array
    covariance: Array
    noise: Array
    rounding: float


class _Equations(NamedTuple):
    """The equations of the stationary second moments of y and the state at any rate, m = k (2k + 1) of them.

    Polynomials of degree 2 in s, the rate times the largest curvature: coefficients first.
    matrix: how much a step reduces each moment, as a linear function of all, shape (3, m, m). sizes: the same with all
    terms counted positive, the scale of its rounding errors. added: what the noise of the batches adds, (3, m).
    first, second: the components that each moment is the mean product of, those of y before those of the state.
    """

    matrix: Array
    sizes: Array
    added: Array
    first: NDArray[np.intp]
    second: NDArray[np.intp]


class System(NamedTuple):
    """The equations at one rate; units: the expected magnitude of each moment; squares: the places of the squares."""

    matrix: Array
    sizes: Array
    added: Array
    units: Array
    squares: NDArray[np.intp]


@lru_cache(maxsize=64)
def axes_of(fit: Fit) -> Axes:
    """The scaled rows; one axis where x is the same in every row to rounding, or its deviation is negligible."""
    mean, spread = fit.mean, math.sqrt(fit.variance)
    if spread <= Precision.FLOAT64.rounding(mean) or spread < NEGLIGIBLE:
        return Axes(np.array([2.0 * (mean * mean + 1.0)]), np.zeros((1, 1, 1, 1)), np.array([[fit.minimum]]), EPS)
    # With t = (x - mean) / spread, a row (x, 1) is [[spread, mean], [0, 1]] (t, 1), and (t, 1) has the mean square I.
    # The singular values of this matrix are the roots of L / 2, and its right singular vectors turn (t, 1) into z.
    largest = (mean * mean + 1.0 + fit.variance + math.hypot(mean * mean + 1.0 - fit.variance, 2.0 * spread * mean)) / 2
    curvatures = 2.0 * np.array([largest, fit.variance / largest])
    angle = math.atan2(2.0 * spread * mean, fit.variance - mean * mean - 1.0) / 2.0
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    steep, heavy = fit.third / spread**3, fit.fourth / spread**4
    # The covariance of t t, t 1, 1 t and 1 1, from the central moments of x; 1 1 does not vary.
    pairs = np.array([[heavy - 1.0, steep, steep, 0.0], [steep, 1.0, 1.0, 0.0], [steep, 1.0, 1.0, 0.0], [0.0] * 4])
    twice = np.kron(turn, turn)
    cross = fit.error_first / spread
    noise = turn @ np.array([[fit.error_second / fit.variance, cross], [cross, fit.minimum]]) @ turn.T
    count = 2 if curvatures[1] > NEGLIGIBLE * curvatures[0] else 1
    covariance = (twice @ pairs @ twice.T).reshape(2, 2, 2, 2)[:count, :count, :count, :count]
    return Axes(curvatures[:count], covariance, noise[:count, :count], EPS * (1.0 + abs(mean) / spread))


def stationary_moments(system: System, added: Array) -> tuple[Array, Array]:
    """The stationary moments if each step adds these, and bounds of their errors for a relative rounding error of 1.

    The bound |M^-1| (|M| |moments| + |added|), entry by entry, does not depend on how rows and columns are scaled
    (Skeel, Scaling for numerical stability in Gaussian elimination, Journal of the ACM 26 (1979)).
    NaN if there are none.
    """
    with np.errstate(all="ignore"):
        scaled = system.matrix * system.units
        rows = np.abs(scaled).max(axis=1)
        try:
            inverse = np.linalg.inv(scaled / rows[:, None])
        except np.linalg.LinAlgError:
            inverse = np.full_like(scaled, np.nan)
        moments = inverse @ (added / rows)
        errors = np.abs(inverse) @ ((system.sizes * system.units @ np.abs(moments) + np.abs(added)) / rows)
        return system.units * moments, system.units * errors


@np.errstate(all="ignore")
def equations_at(run: MiniBatchRun, rate: float) -> System:
    """The equations at a rate; infinite or NaN where it is too large for any number."""
    equations, curvatures = _equations(run), axes_of(run.fit).curvatures
    products, first, second = rate * curvatures, equations.first, equations.second
    powers = (rate * curvatures[0]) ** np.arange(3.0)
    matrix, sizes, added = (
        np.tensordot(signed, each, 1)
        for signed, each in ((powers, equations.matrix), (np.abs(powers), equations.sizes), (powers, equations.added))
    )
    magnitude = np.concatenate([np.abs(products), np.ones(len(products))])
    units = np.minimum(magnitude[first], magnitude[second])
    return System(matrix, sizes, added, units, np.flatnonzero(first == second))


@lru_cache(maxsize=64)
def _equations(run: MiniBatchRun) -> _Equations:
    """The equations from what a step changes: a small curvature would be lost in a difference from 1."""
    axes = axes_of(run.fit)
    count = len(axes.curvatures)
    moved, kept, added, carried = _step_response(run.optimizer)
    scale, one, none = np.diag(axes.curvatures / axes.curvatures[0]), np.eye(count), np.zeros((count, count))
    # A step adds -change (y, state) and, of the batch's error in the gradients z (z'y + r), -along (error).
    change = np.stack(
        [
            np.block([[none, none], [-added * one, (1.0 - carried) * one]]),
            np.block([[moved * scale, kept * scale], [none, none]]),
        ]
    )
    along = np.stack([np.vstack([none, -added * one]), np.vstack([moved * scale, none])])
    fixed = np.stack([np.eye(2 * count), np.zeros((2 * count, 2 * count))])
    errors = _product(along, along) / run.size
    # Of entries (i, k) and (j, l), by which the moment (k, l) of y contributes to the moment (i, j) of z z'y.
    covariance = axes.covariance.transpose(0, 2, 1, 3).reshape(count**2, count**2)
    seen = np.kron(np.eye(count, 2 * count), np.eye(count, 2 * count))
    parts = _product(change, fixed), _product(fixed, change), -_product(change, change), -errors @ covariance @ seen
    first, second = np.triu_indices(2 * count)
    places, mirrored = 2 * count * first + second, 2 * count * second + first

    def of_pairs(matrix: Array) -> Array:
        """The same with the two orders of a pair counted together."""
        both = matrix[:, places]
        return both[..., places] + np.where(first == second, 0.0, both[..., mirrored])

    matrix, sizes = (of_pairs(np.sum(terms, axis=0)) for terms in (parts, np.abs(parts)))
    return _Equations(matrix, sizes, (errors @ axes.noise.ravel())[:, places], first, second)


def _product(one: Array, two: Array) -> Array:
    """The coefficients of the Kronecker product of two matrices of polynomials of degree 1, coefficients first."""
    low, middle = np.kron(one[0], two[0]), np.kron(one[0], two[1]) + np.kron(one[1], two[0])
    return np.stack([low, middle, np.kron(one[1], two[1])])


def _step_response(optimizer: Optimizer) -> tuple[float, float, float, float]:
    """What a gradient of 1 and a state of 1 contribute to the direction, and what to the next state."""
    one, directions, states = np.ones(1), list[float](), list[float]()
    for gradient, state in ((1.0, 0.0), (0.0, 1.0)):
        direction, next_state = optimizer.update(Evaluation(one, gradient * one), state * one)
        directions.append(float(direction[0]))
        states.append(0.0 if next_state is None else float(next_state[0]))
    return directions[0], directions[1], states[0], states[1]
