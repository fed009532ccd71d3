"""Mini-batch runs averaged over all batches: the rate from which they diverge, and the loss at which they settle."""

from functools import lru_cache

import numpy as np

from gdviz.core.analysis.second_moments import NEGLIGIBLE, MiniBatchRun, axes_of, equations_at, stationary_moments
from gdviz.core.descent.experiment import Experiment
from gdviz.core.problems.capabilities import HasClosedForm

ROUNDING = 1e-9  # a spectral radius this close to 1 may be on either side of it
BISECTIONS = 44  # determine a limit to twelve digits
MAX_ERROR = 0.01  # the relative rounding error that a stationary excess may have


def diverges_in_mean_square(experiment: Experiment, learning_rate: float) -> bool:
    """Whether the mean squared distance to the minimum, over all batches, grows without bound at that rate.

    With A the Hessian of a batch, a step multiplies (distance, state) by a matrix M(A), and their mean second moments
    by the mean of M(A) x M(A), x being the Kronecker product: they grow if its spectral radius exceeds 1. M is linear
    in A, and for B rows drawn with replacement the mean of A x A is H x H plus 1/B times the covariance of the
    Hessians of single rows, H being the Hessian of all rows: the smaller the batch, the lower the limit, which is
    always below the full-batch one. Derived here; the tests confirm it by sums over all rows.
    Where the radius is 1 to rounding, as it always is along an axis of very small curvature, it decides nothing: then
    they grow if no moments with positive squares are stationary when noise is added to every component.
    False if unknown: no batches, rows drawn in another way, not least squares, moments beyond all numbers, or a rule
    whose step is not linear.
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
    batches, rows drawn in another way, not least squares, a varying rate, or a rule whose step is not linear. None too
    where it is ill-conditioned, very near the limit or with x within rounding of its mean: where rounding errors, as
    bounded from the solved system, may exceed MAX_ERROR of it. Never negative.
    """
    run = _mini_batch_run(experiment)
    if learning_rate is None:
        learning_rate = experiment.schedule.constant_rate
    if run is None or learning_rate is None or not learning_rate > 0.0:
        return None
    factor = _factor(experiment)
    if _diverges(run, learning_rate * factor):
        return None
    excess = _stationary_excess(run, learning_rate * factor)
    return None if excess is None else factor * excess


def _mini_batch_run(experiment: Experiment) -> MiniBatchRun | None:
    problem, size = experiment.problem, experiment.batch_size
    if size is None or not isinstance(problem, HasClosedForm):
        return None
    if not (experiment.draws_with_replacement and experiment.optimizer.is_linear):
        return None
    fit = problem.data.fit
    moments = (fit.minimum, 4.0 * fit.mean_square, fit.fourth, fit.error_second)
    return MiniBatchRun(experiment.optimizer, size, fit) if np.isfinite(moments).all() else None


def _factor(experiment: Experiment) -> float:
    assert isinstance(experiment.problem, HasClosedForm)
    return experiment.problem.form.factor


# Cached, like the two below: playback asks for the same numbers over and over.
@lru_cache(maxsize=256)
def _diverges(run: MiniBatchRun, rate: float) -> bool:
    if abs(rate) * axes_of(run.fit).curvatures[0] < NEGLIGIBLE:
        return rate < 0.0
    system = equations_at(run, rate)
    with np.errstate(all="ignore"):
        # In their own units; else the eigenvalue of a small curvature is rounded as one of the largest.
        reduction = system.matrix * system.units / system.units[:, None]
    if not np.isfinite(reduction).all():
        return True
    radius = np.abs(np.linalg.eigvals(np.eye(len(reduction)) - reduction)).max()
    if abs(radius - 1.0) > ROUNDING:
        return bool(radius > 1.0)
    everywhere = np.zeros(len(system.matrix))
    everywhere[system.squares] = system.units[system.squares] ** 2
    moments, _ = stationary_moments(system, everywhere)
    return not bool((moments[system.squares] > 0.0).all())


@lru_cache(maxsize=64)
def _limit(run: MiniBatchRun) -> float | None:
    """By bisection between 0 and the full-batch limit, beyond which it always diverges; None if that is unknown."""
    high = run.optimizer.stability_limit(float(axes_of(run.fit).curvatures[0]))
    if high is None:
        return None
    low = 0.0
    for _ in range(BISECTIONS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if _diverges.__wrapped__(run, middle) else (middle, high)
    return high


@lru_cache(maxsize=256)
def _stationary_excess(run: MiniBatchRun, rate: float) -> float | None:
    axes = axes_of(run.fit)
    if rate * axes.curvatures[0] < NEGLIGIBLE:
        return None
    system = equations_at(run, rate)
    moments, errors = stationary_moments(system, system.added)
    of_distance = system.squares[: len(axes.curvatures)]
    excess, error = float(moments[of_distance].sum()), float(errors[of_distance].sum()) * axes.rounding
    return excess if 0.0 <= error <= MAX_ERROR * excess else None
