"""Whether a run is at a minimum: whether what is left to gain is next to nothing, compared with what there was."""

import math

import numpy as np

from gdviz.core.analysis.walked_steps import Array, WalkedSteps
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import HasClosedForm, loss_above_minimum
from gdviz.core.problems.problem import minimum_loss

CONVERGED_PART = 1e-6  # at a minimum at most this part of the start's loss above it is left
NEAR_PART = 0.01  # of the loss at the minimum


def is_at_minimum(walked: WalkedSteps) -> bool:
    """Whether the run is at a minimum, by numbers in double precision; the problem must have a known one.

    The next step must not lead away from it: a run with momentum may pass through. The tail of a mini-batch run must be
    there on average.
    """
    return _is_at_bottom(walked) if walked.experiment.problem.is_quadratic else _is_at_local_minimum(walked)


def _is_at_bottom(walked: WalkedSteps) -> bool:
    """Of a quadratic, whose loss above its minimum is known exactly.

    Besides a millionth of the start's, as much is allowed as rounding hides: in the loss, and in the point where the
    start itself is the minimum but for that. Elsewhere rounding of the point is no excuse: with a stiff axis it may
    keep a run far up a valley. Nor is it enough for a line to come down from far above the rows: what is left must be
    little beside the loss at the minimum, or beside what the slope gains.
    """
    problem, eps, lowest = walked.experiment.problem, walked.eps, minimum_loss(walked.experiment.problem)
    assert lowest is not None
    begin, of_point = walked.first_above, walked.rounding_at_minimum
    if not math.isfinite(walked.first_loss):
        # Any loss would be within a millionth of an infinite descent; the problem's own start sets the scale instead.
        begin = float(loss_above_minimum(problem, np.array(problem.start)[None])[0])
    part = CONVERGED_PART * begin
    if isinstance(problem, HasClosedForm) and problem.form.gain_of_slope > 0.0:
        part = min(part, max(NEAR_PART * lowest, CONVERGED_PART * problem.form.gain_of_slope))
    allowed = max(part, eps * abs(lowest), of_point if begin <= of_point else 0.0)
    if not walked.above[-1] <= allowed:
        return False
    if walked.experiment.batch_size is not None:
        return bool(walked.above[-walked.tail :].mean() <= allowed)
    return bool(loss_above_minimum(problem, _next_point(walked)[None])[0] <= allowed)


def _next_point(walked: WalkedSteps) -> Array:
    recording, step = walked.recording, walked.step
    direction, rate = recording.directions[step].astype(np.float64), float(recording.step_factors[step])
    return np.asarray(walked.points[-1] - rate * direction)


def _is_at_local_minimum(walked: WalkedSteps) -> bool:
    """Whether a Newton step from the current point would gain almost nothing, and the loss is convex there.

    g'H^-1 g / 2 is the loss above the minimum of the local quadratic, whatever the scaling of the parameters
    (Boyd and Vandenberghe, Convex Optimization (2004), section 9.5.1). Differences within rounding always count as
    reached: one rounding error of the loss, a few of each parameter. The gradient is that of all rows in double
    precision, since a batch's may be far off, and rounding hides the smaller of two very different components.
    """
    problem, point = walked.experiment.problem, walked.points[-1]
    hessian = problem.hessian(point)
    if not np.isfinite(hessian).all():
        return False
    first, last = walked.first_loss, float(walked.losses[-1])
    if not math.isfinite(first):
        first = float(problem.loss(*problem.start))
    _, gradient = problem.evaluator(Precision.FLOAT64)(point)
    gain = _newton_gain(np.asarray(gradient, np.float64), hessian, walked.eps, abs(last))
    allowed = max(CONVERGED_PART * (first - last), walked.eps * abs(last), walked.rounding_at_minimum)
    if walked.experiment.batch_size is None or not gain <= allowed:
        return gain <= allowed
    return bool(walked.above[-walked.tail :].mean() <= allowed)


def _newton_gain(gradient: Array, hessian: Array, eps: float, loss: float) -> float:
    """The gain of a Newton step, NaN if it does not lead to a minimum."""
    eigenvalues, axes = np.linalg.eigh(hessian)
    along, steepest = axes.T @ gradient, float(np.abs(eigenvalues).max())
    # A flat axis is harmless if the gradient along it is a rounding error of terms that cancel: in a mean of squares
    # these have size sqrt(2 * loss * curvature).
    flat = np.abs(eigenvalues) <= 1e-12 * steepest
    nothing = 1e-6 * np.abs(gradient).max() + 4.0 * eps * np.sqrt(2.0 * loss * steepest)
    if (eigenvalues[~flat] < 0).any() or (np.abs(along[flat]) > nothing).any():
        return math.nan
    return 0.5 * float((along[~flat] ** 2 / eigenvalues[~flat]).sum())
