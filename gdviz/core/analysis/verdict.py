"""The verdict on a run in one word and one sentence, judged by its numbers and never kinder than they are."""

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

CONVERGED_EXCESS = 1e-6  # converged: the part of the loss above the minimum that may be left
ROUNDINGS = 4.0  # allowed error, in rounding errors
TAIL_STEPS = 512  # only the last quarter of a run is judged, and at most this many steps
LONG_ENOUGH = 4  # this many turns, each wider than the one before, are no accident
SETTLED_STEPS = 32  # A shorter tail does not show whether a run has settled
SETTLED_PART = 0.25
"""Settled: how high above the minimum the mean of the points may lie, in terms of their own mean height."""
MOST_CLIMB = 4.0  # how much higher than the first half the second half of a settled tail may be by chance, as a factor
BEYOND_NOISE = 10.0
"""A mini-batch run this many times as high above the minimum as its noise floor was not put there by noise."""


class Kind(StrEnum):
    """The verdicts, as shown."""

    CONVERGED = "converged"
    SETTLED = "settled"
    """A mini-batch run that stays around the minimum, at the height at which its batches keep it."""
    SLOW = "slow"
    ZIGZAG = "zigzag"
    DIVERGING = "diverging"
    RANGE_TEST = "range test"
    """No verdict: a rate that grows at every step says nothing about a run at one rate."""
    UNDER_WAY = "under way"
    """No verdict: where no minimum is known, nobody can say how far a run still has to go."""


@dataclass(frozen=True)
class Verdict:
    """The kind of run, and a sentence that gives the evidence."""

    kind: Kind
    sentence: str


_judged: WeakKeyDictionary[Recording, tuple[int, Verdict]] = WeakKeyDictionary()


def judge(recording: Recording) -> Verdict:
    """The verdict on the steps recorded so far (at least one), cached until there are more."""
    known = _judged.get(recording)
    if known is None or known[0] != len(recording):
        known = _judged[recording] = len(recording), _judge(recording)
    return known[1]


@np.errstate(all="ignore")
def _judge(recording: Recording) -> Verdict:
    if recording.experiment.schedule.sweeps:
        test = range_test_of(recording.experiment)
        steps = f"{test.fresh_steps} step{'' if test.fresh_steps == 1 else 's'} from the start at each rate"
        begun = steps if test.fresh_steps else "the rate grows at every step"
        return Verdict(Kind.RANGE_TEST, f"{begun} from {test.start:.3g} on")
    blow_up = _first_event(recording)
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
    if len(recording) > 1 and float(recording.losses[-tail:].min()) > first + _usual_rise(recording):
        return Verdict(Kind.DIVERGING, f"the loss has grown from {first:.3g} to {last:.3g}")
    moved = np.diff(recording.points[-tail - 1 :].astype(np.float64), axis=0)
    if len(recording) > 1 and not moved.any():
        if not is_known:
            return Verdict(Kind.UNDER_WAY, "it does not move, and no minimum is known")
        return Verdict(Kind.SLOW, "it does not move, and this is no minimum")
    turns = np.einsum("ij,ij->i", moved[1:], moved[:-1]) < 0
    lengths = np.hypot(*moved.T)
    if turns.size >= LONG_ENOUGH and turns.all() and _grows(lengths):
        return Verdict(Kind.DIVERGING, f"each step turns back and is longer than the one before; loss {last:.3g}")
    if not is_known and turns.size >= LONG_ENOUGH and not problem.box.holds(recording.points[-1]) and _grows(lengths):
        return Verdict(Kind.DIVERGING, f"it runs away, each step longer than the one before; loss {last:.3g}")
    if turns.size and turns.mean() > 0.5 and _may_zigzag(recording):
        return Verdict(Kind.ZIGZAG, f"the steps turn back on themselves; loss {last:.3g}")
    if not is_known:
        return Verdict(Kind.UNDER_WAY, f"no minimum is known; loss {last:.3g} after {recording.last_step} steps")
    return Verdict(Kind.SLOW, f"not at a minimum yet; loss {last:.3g} after {recording.last_step} steps")


def _settled(recording: Recording) -> Verdict | None:
    """The verdict on a mini-batch run that wanders around the minimum and comes no nearer; None for any other.

    Its own points give it away, whatever the rule: on the way down their mean is about as high above the minimum as
    they are, around the minimum it is near the minimum itself. That also holds for a run that jumps from side to side,
    which is told by its heights: they rise, or are beyond what noise can do (or fall, where no formula tells that).
    """
    size, length = recording.experiment.batch_size, _tail_length(len(recording))
    if size is None or length < SETTLED_STEPS or _is_beyond_limit(recording):
        return None
    points = recording.points[-length:].astype(np.float64)
    heights, of_mean = _heights(recording, points), float(_heights(recording, points.mean(axis=0)[None])[0])
    before, after, floor = heights[: length // 2].mean(), heights[length // 2 :].mean(), _floor(recording)
    is_noise = heights.mean() <= BEYOND_NOISE * floor if floor is not None else before <= 2 * after
    if not is_noise or after > MOST_CLIMB * before or not of_mean <= SETTLED_PART * heights.mean():
        return None
    above = f"{heights.mean():.2g} above the minimum"
    return Verdict(Kind.SETTLED, f"{above}; on average, by the noise of batches of {size:,}")


def _heights(recording: Recording, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far above the lowest minimum, which is known, the loss is at points of shape (n, 2), shape (n,)."""
    problem = recording.experiment.problem
    lowest = minimum_loss(problem)
    assert lowest is not None
    return problem.loss(*points.T) - lowest


def _is_beyond_limit(recording: Recording) -> bool:
    rate, experiment = float(recording.learning_rates[-1]), recording.experiment.at(recording.last_step)
    steepest = _steepest(recording)
    limit = experiment.optimizer.stability_limit(steepest) if steepest > 0.0 else None
    is_below = rate > 0.0 and (limit is None or rate < limit)
    return not is_below or diverges_in_mean_square(experiment, rate)


def _may_zigzag(recording: Recording) -> bool:
    """Whether turning steps say anything about the rate: those of a mini-batch run turn with its noise too."""
    rate, optimizer = float(recording.learning_rates[-1]), recording.experiment.optimizer_at(recording.last_step)
    if recording.experiment.batch_size is None or not (steepest := _steepest(recording)) > 0.0:
        return True
    overshoot = optimizer.overshoot_rate(steepest)
    return overshoot is None or rate > overshoot


def _steepest(recording: Recording) -> float:
    """The largest curvature at the last point."""
    hessian = recording.experiment.problem.hessian(recording.points[-1].astype(np.float64))
    return float(np.linalg.eigvalsh(hessian)[-1])


def _floor(recording: Recording) -> float | None:
    """How high above the minimum the noise of batches keeps a run at its current rate, on average."""
    return stationary_excess_loss(recording.experiment.at(recording.last_step), float(recording.learning_rates[-1]))


def _usual_rise(recording: Recording) -> float:
    """How far rounding, and the noise of batches for a run from the minimum, may lift the loss above the first one."""
    floor = _floor(recording) or 0.0
    return ROUNDINGS * _eps(recording) * abs(float(recording.losses[0])) + BEYOND_NOISE * floor


def _grows(lengths: NDArray[np.float64]) -> bool:
    """Whether each is larger than the one before, without slowing down: nearing a cycle is no divergence."""
    growth = np.diff(lengths)
    half = len(growth) // 2
    return bool((growth > 0).all() and growth[-half:].sum() > growth[:half].sum())


def _tail_length(rows: int) -> int:
    # At least two, but never the start itself, to which they are compared.
    return max(1, min(max(2, rows // 4), TAIL_STEPS, rows - 1))


def _eps(recording: Recording) -> float:
    return float(np.finfo(recording.losses.dtype).eps)


def _first_event(recording: Recording) -> str | None:
    found = recording.milestones
    names = recording.experiment.problem.parameters
    events: list[tuple[int | None, str]] = []
    # An infinite loss alone can be overcome: the parameters are still finite, and a smaller rate leads them back.
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
    """Whether a Newton step from the last point would gain next to nothing, in a place that curves upwards.

    g'H^-1 g / 2 is the loss above the minimum of the local quadratic, whatever the scaling of the parameters
    (Boyd and Vandenberghe, Convex Optimization (2004), section 9.5.1). What rounding hides always counts as reached:
    one rounding error of the loss, a few of the parameters. The gradient is that of all rows, since that of a batch may
    be far off; and a mini-batch run has to be there in its tail, on average, not just pass by.
    """
    problem, eps = recording.experiment.problem, _eps(recording)
    point = recording.points[-1].astype(np.float64)
    hessian = problem.hessian(point)
    if not np.isfinite(hessian).all():
        return False
    first, last = float(recording.losses[0]), float(recording.losses[-1])
    if not np.isfinite(first):
        # Any loss is within a millionth of an infinite way down; the problem's own start gives a measure instead.
        first = float(problem.loss(*problem.start))
    gain, steepest = _newton_gain(_full_gradient(recording), hessian, eps, abs(last))
    off = ROUNDINGS * eps * float(np.abs(point).max())
    rounding = max(eps * abs(last), 0.5 * steepest * off * off)
    allowed = max(CONVERGED_EXCESS * (first - last), rounding)
    if recording.experiment.batch_size is None:
        return gain <= allowed
    tail = recording.points[-_tail_length(len(recording)) :].astype(np.float64)
    return gain <= allowed and bool(_heights(recording, tail).mean() <= allowed)


def _newton_gain(
    gradient: NDArray[np.float64], hessian: NDArray[np.float64], eps: float, loss: float
) -> tuple[float, float]:
    """What a Newton step would gain, NaN where it leads to no minimum, and the largest curvature."""
    eigenvalues, axes = np.linalg.eigh(hessian)
    along, steepest = axes.T @ gradient, float(np.abs(eigenvalues).max())
    # A flat axis (of one row of data, say) is no obstacle where the gradient along it is a mere rounding error of terms
    # that cancel: in a mean of squares these are of the size sqrt(2 * loss * curvature).
    flat = np.abs(eigenvalues) <= 1e-12 * steepest
    nothing = 1e-6 * np.abs(gradient).max() + 4.0 * eps * np.sqrt(2.0 * loss * steepest)
    if (eigenvalues[~flat] < 0).any() or (np.abs(along[flat]) > nothing).any():
        return math.nan, steepest
    return 0.5 * float((along[~flat] ** 2 / eigenvalues[~flat]).sum()), steepest


def _full_gradient(recording: Recording) -> NDArray[np.float64]:
    """The gradient of all rows at the last step, shape (2,), in double precision."""
    if recording.experiment.batch_size is None:
        gradient = recording.gradients[-1]
    else:
        evaluate = recording.experiment.problem.evaluator(Precision.FLOAT64)
        _, gradient = evaluate(recording.points[-1].astype(np.float64))
    return np.asarray(gradient, np.float64)
