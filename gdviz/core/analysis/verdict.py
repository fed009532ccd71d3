"""The verdict on a run, one word and one sentence, based on its numbers alone and never flattering."""

import math
from dataclasses import dataclass
from enum import StrEnum
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from gdviz.core.analysis.mean_square import diverges_in_mean_square, stationary_excess_loss
from gdviz.core.analysis.range_test import range_test_of
from gdviz.core.descent.recording import Recording
from gdviz.core.precision import Precision
from gdviz.core.problems.problem import minimum_loss

CONVERGED_EXCESS = 1e-6  # converged: the fraction of the initial excess loss that may remain
ROUNDING_MARGIN = 4.0  # allowed error, in rounding errors
TAIL_STEPS = 512  # only the last quarter of a run is judged, at most this many steps
MIN_TURNS = 4  # fewer ever-wider turns may be a coincidence
MIN_SETTLED_STEPS = 32  # a shorter tail does not show whether a run has settled
SETTLED_RATIO = 0.25
"""Settled: the largest excess loss at the mean of the points, relative to the mean of their excess losses."""
MAX_CLIMB = 4.0  # by this factor the second half of a settled tail may exceed the first by chance
NOISE_FACTOR = 10.0
"""An excess loss above this multiple of a mini-batch run's noise floor is not due to noise."""


class Kind(StrEnum):
    """The verdicts, as displayed."""

    CONVERGED = "converged"
    SETTLED = "settled"
    """A mini-batch run that stays near the minimum, at its noise floor."""
    SLOW = "slow"
    ZIGZAG = "zigzag"
    DIVERGING = "diverging"
    RANGE_TEST = "range test"
    """No verdict: a growing rate says nothing about a run at one rate."""
    UNDER_WAY = "under way"
    """No verdict: without a known minimum, the remaining distance is unknown."""


@dataclass(frozen=True)
class Verdict:
    """The kind of run, and a sentence with the evidence."""

    kind: Kind
    sentence: str


_verdicts: WeakKeyDictionary[Recording, tuple[int, Verdict]] = WeakKeyDictionary()


def judge(recording: Recording) -> Verdict:
    """The verdict on the steps recorded so far (at least one), cached until more are recorded."""
    known = _verdicts.get(recording)
    if known is None or known[0] != len(recording):
        known = _verdicts[recording] = len(recording), _judge(recording)
    return known[1]


@np.errstate(all="ignore")
def _judge(recording: Recording) -> Verdict:
    if recording.experiment.schedule.sweeps:
        test = range_test_of(recording.experiment)
        steps = f"{test.fresh_steps} step{'' if test.fresh_steps == 1 else 's'} from the start at each rate"
        begun = steps if test.fresh_steps else "the rate grows at every step"
        return Verdict(Kind.RANGE_TEST, f"{begun} from {test.start:.3g} on")
    blow_up = _first_non_finite(recording)
    if blow_up:
        return Verdict(Kind.DIVERGING, blow_up)
    if not recording.experiment.problem.minima:
        return _under_way(recording)
    if _is_at_minimum(recording):
        last = float(recording.losses[-1])
        return Verdict(Kind.CONVERGED, f"at a minimum, to a millionth of the way down; loss {last:.3g}")
    return _settled(recording) or _under_way(recording)


def _under_way(recording: Recording) -> Verdict:
    first, last = float(recording.losses[0]), float(recording.losses[-1])
    tail, problem = _tail_length(len(recording)), recording.experiment.problem
    is_known = bool(problem.minima)
    if len(recording) > 1 and float(recording.losses[-tail:].min()) > first + _allowed_rise(recording):
        return Verdict(Kind.DIVERGING, f"the loss has grown from {first:.3g} to {last:.3g}")
    moved = np.diff(recording.points[-tail - 1 :].astype(np.float64), axis=0)
    if len(recording) > 1 and not moved.any():
        if not is_known:
            return Verdict(Kind.UNDER_WAY, "it does not move, and no minimum is known")
        return Verdict(Kind.SLOW, "it does not move, and this is no minimum")
    turns = np.einsum("ij,ij->i", moved[1:], moved[:-1]) < 0
    lengths = np.hypot(*moved.T)
    if turns.size >= MIN_TURNS and turns.all() and _grows(lengths):
        return Verdict(Kind.DIVERGING, f"each step turns back and is longer than the one before; loss {last:.3g}")
    if not is_known and turns.size >= MIN_TURNS and not problem.box.contains(recording.points[-1]) and _grows(lengths):
        return Verdict(Kind.DIVERGING, f"it runs away, each step longer than the one before; loss {last:.3g}")
    if turns.size and turns.mean() > 0.5 and _may_zigzag(recording):
        return Verdict(Kind.ZIGZAG, f"the steps turn back on themselves; loss {last:.3g}")
    if not is_known:
        return Verdict(Kind.UNDER_WAY, f"no minimum is known; loss {last:.3g} after {recording.last_step} steps")
    return Verdict(Kind.SLOW, f"not at a minimum yet; loss {last:.3g} after {recording.last_step} steps")


def _settled(recording: Recording) -> Verdict | None:
    """The verdict on a mini-batch run that wanders around the minimum without getting closer; None for any other.

    On the way down, the loss at the mean of its points is about as high as at the points themselves; around the minimum
    it is near the minimum, whatever the rule. The latter also holds for a run that jumps from side to side, but then
    the excess losses rise, or exceed what noise explains (or fall, if no formula is known for the noise floor).
    """
    size, length = recording.experiment.batch_size, _tail_length(len(recording))
    if size is None or length < MIN_SETTLED_STEPS or _is_beyond_limit(recording):
        return None
    points = recording.points[-length:].astype(np.float64)
    excess, at_mean = _excess_losses(recording, points), float(_excess_losses(recording, points.mean(axis=0)[None])[0])
    before, after, floor = excess[: length // 2].mean(), excess[length // 2 :].mean(), _noise_floor(recording)
    is_noise = excess.mean() <= NOISE_FACTOR * floor if floor is not None else before <= 2 * after
    if not is_noise or after > MAX_CLIMB * before or not at_mean <= SETTLED_RATIO * excess.mean():
        return None
    above = f"{excess.mean():.2g} above the minimum"
    return Verdict(Kind.SETTLED, f"{above}; on average, by the noise of batches of {size:,}")


def _excess_losses(recording: Recording, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The loss above the lowest minimum, which must be known, at points of shape (n, 2), shape (n,)."""
    problem = recording.experiment.problem
    lowest = minimum_loss(problem)
    assert lowest is not None
    return problem.loss(*points.T) - lowest


def _is_beyond_limit(recording: Recording) -> bool:
    rate, experiment = float(recording.learning_rates[-1]), recording.experiment.at(recording.last_step)
    steepest = _largest_curvature(recording)
    limit = experiment.optimizer.stability_limit(steepest) if steepest > 0.0 else None
    is_below = rate > 0.0 and (limit is None or rate < limit)
    return not is_below or diverges_in_mean_square(experiment, rate)


def _may_zigzag(recording: Recording) -> bool:
    """Whether reversing steps say anything about the rate; in a mini-batch run they may be due to noise."""
    rate, optimizer = float(recording.learning_rates[-1]), recording.experiment.optimizer_at(recording.last_step)
    if recording.experiment.batch_size is None or not (steepest := _largest_curvature(recording)) > 0.0:
        return True
    overshoot = optimizer.overshoot_rate(steepest)
    return overshoot is None or rate > overshoot


def _largest_curvature(recording: Recording) -> float:
    """The largest curvature at the last point."""
    hessian = recording.experiment.problem.hessian(recording.points[-1].astype(np.float64))
    return float(np.linalg.eigvalsh(hessian)[-1])


def _noise_floor(recording: Recording) -> float | None:
    """The mean excess loss that batch noise sustains at the current rate, if known."""
    return stationary_excess_loss(recording.experiment.at(recording.last_step), float(recording.learning_rates[-1]))


def _allowed_rise(recording: Recording) -> float:
    """How far rounding, and batch noise if the run starts at the minimum, may raise the loss above the initial one."""
    floor = _noise_floor(recording) or 0.0
    return ROUNDING_MARGIN * _eps(recording) * abs(float(recording.losses[0])) + NOISE_FACTOR * floor


def _grows(lengths: NDArray[np.float64]) -> bool:
    """Whether the lengths grow throughout without slowing down: approaching a cycle is not divergence."""
    growth = np.diff(lengths)
    half = len(growth) // 2
    return bool((growth > 0).all() and growth[-half:].sum() > growth[:half].sum())


def _tail_length(rows: int) -> int:
    # At least two, but never the start, with which they are compared.
    return max(1, min(max(2, rows // 4), TAIL_STEPS, rows - 1))


def _eps(recording: Recording) -> float:
    return float(np.finfo(recording.losses.dtype).eps)


def _first_non_finite(recording: Recording) -> str | None:
    found = recording.milestones
    names = recording.experiment.problem.parameters
    events: list[tuple[int | None, str]] = []
    # A run can recover from an infinite loss alone: the parameters are finite, and a smaller rate leads them back.
    if not np.isfinite(recording.losses[-1]):
        first = found.infinite_loss
        infinite = "minus infinity" if first is not None and recording.losses[first] < 0 else "infinite"
        events += [(first, f"the loss is {infinite}"), (found.nan_loss, "the loss is NaN")]
    for index, name in enumerate(names):
        events += [(found.infinite[index], f"{name} is infinite"), (found.nan[index], f"{name} is NaN")]
    if not np.isfinite(recording.gradients[-1]).all():
        events.append((recording.last_step, "the gradient is not finite"))
    happened = [(step, text) for step, text in events if step is not None]
    if not happened:
        return None
    step, text = min(happened, key=lambda event: event[0])
    return f"{text} from step {step}"


def _is_at_minimum(recording: Recording) -> bool:
    """Whether a Newton step from the last point would gain almost nothing, and the loss is convex there.

    g'H^-1 g / 2 is the loss above the minimum of the local quadratic, whatever the scaling of the parameters
    (Boyd and Vandenberghe, Convex Optimization (2004), section 9.5.1). Differences within rounding always count as
    reached: one rounding error of the loss, a few of the parameters. The gradient is that of all rows, since a batch's
    may be far off; and the tail of a mini-batch run must be there on average, not just pass by.
    """
    problem, eps = recording.experiment.problem, _eps(recording)
    point = recording.points[-1].astype(np.float64)
    hessian = problem.hessian(point)
    if not np.isfinite(hessian).all():
        return False
    first, last = float(recording.losses[0]), float(recording.losses[-1])
    if not np.isfinite(first):
        # Any loss would be within a millionth of an infinite descent; the problem's own start sets the scale instead.
        first = float(problem.loss(*problem.start))
    gain, steepest = _newton_gain(_full_gradient(recording), hessian, eps, abs(last))
    off = ROUNDING_MARGIN * eps * float(np.abs(point).max())
    rounding = max(eps * abs(last), 0.5 * steepest * off * off)
    allowed = max(CONVERGED_EXCESS * (first - last), rounding)
    if recording.experiment.batch_size is None:
        return gain <= allowed
    tail = recording.points[-_tail_length(len(recording)) :].astype(np.float64)
    return gain <= allowed and bool(_excess_losses(recording, tail).mean() <= allowed)


def _newton_gain(
    gradient: NDArray[np.float64], hessian: NDArray[np.float64], eps: float, loss: float
) -> tuple[float, float]:
    """The gain of a Newton step, NaN if it does not lead to a minimum, and the largest curvature."""
    eigenvalues, axes = np.linalg.eigh(hessian)
    along, steepest = axes.T @ gradient, float(np.abs(eigenvalues).max())
    # A flat axis (as with a single row of data) is harmless if the gradient along it is a rounding error of terms that
    # cancel: in a mean of squares these have size sqrt(2 * loss * curvature).
    flat = np.abs(eigenvalues) <= 1e-12 * steepest
    nothing = 1e-6 * np.abs(gradient).max() + 4.0 * eps * np.sqrt(2.0 * loss * steepest)
    if (eigenvalues[~flat] < 0).any() or (np.abs(along[flat]) > nothing).any():
        return math.nan, steepest
    return 0.5 * float((along[~flat] ** 2 / eigenvalues[~flat]).sum()), steepest


def _full_gradient(recording: Recording) -> NDArray[np.float64]:
    """The gradient over all rows at the last step, shape (2,), in double precision."""
    if recording.experiment.batch_size is None:
        gradient = recording.gradients[-1]
    else:
        evaluate = recording.experiment.problem.evaluator(Precision.FLOAT64)
        _, gradient = evaluate(recording.points[-1].astype(np.float64))
    return np.asarray(gradient, np.float64)
