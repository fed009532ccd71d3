"""What became of a run, in one word and one sentence, judged by its numbers and never kinder than they are."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gdviz.core.recording import Recording
from gdviz.core.schedules import RangeTest

CONVERGED_EXCESS = 1e-6
"""Converged: at most this part of the loss above the minimum is left."""
ROUNDINGS = 4.0
"""By so many rounding errors of their size a parameter and a loss may be off."""
TAIL_STEPS = 512
"""Only the last quarter of a run is judged, and at most so many steps."""
LONG_ENOUGH = 4
"""So many turns, each wider than the one before, are no accident."""


class Kind(StrEnum):
    """The verdicts, as shown."""

    CONVERGED = "converged"
    SLOW = "slow"
    ZIGZAG = "zigzag"
    DIVERGING = "diverging"
    RANGE_TEST = "range test"
    """No verdict: a rate that grows at every step says nothing of a run with one rate."""


@dataclass(frozen=True)
class Verdict:
    """The kind of run and a sentence that says by which sign."""

    kind: Kind
    sentence: str


@np.errstate(all="ignore")
def judge(recording: Recording) -> Verdict:
    """The verdict on the steps recorded so far (at least one)."""
    if isinstance(recording.experiment.schedule, RangeTest):
        return Verdict(Kind.RANGE_TEST, _sweep(recording.experiment.schedule))
    blow_up = _first_event(recording)
    if blow_up:
        return Verdict(Kind.DIVERGING, blow_up)
    first, last = float(recording.losses[0]), float(recording.losses[-1])
    tail = recording.losses[-_tail_length(len(recording)) :]
    if _is_at_minimum(recording):
        return Verdict(Kind.CONVERGED, f"at a minimum, to a millionth of the way down; loss {last:.3g}")
    if len(recording) > 1 and float(tail.min()) > first + ROUNDINGS * _eps(recording) * abs(first):
        return Verdict(Kind.DIVERGING, f"the loss has grown from {first:.3g} to {last:.3g}")
    moved = np.diff(recording.points[-_tail_length(len(recording)) - 1 :].astype(np.float64), axis=0)
    if len(recording) > 1 and not moved.any():
        return Verdict(Kind.SLOW, "it does not move, and this is no minimum")
    turns = np.einsum("ij,ij->i", moved[1:], moved[:-1]) < 0
    if turns.size >= LONG_ENOUGH and turns.all() and _grows(np.hypot(*moved.T)):
        return Verdict(Kind.DIVERGING, f"each step turns back and is longer than the one before; loss {last:.3g}")
    if turns.size and turns.mean() > 0.5:
        return Verdict(Kind.ZIGZAG, f"the steps turn back on themselves; loss {last:.3g}")
    return Verdict(Kind.SLOW, f"not at a minimum yet; loss {last:.3g} after {recording.last_step} steps")


def _sweep(schedule: RangeTest) -> str:
    count = schedule.fresh_steps
    if not count:
        return f"the rate grows at every step from {schedule.start:.3g} on"
    return f"{count} step{'' if count == 1 else 's'} from the start at each rate from {schedule.start:.3g} on"


def _grows(lengths: NDArray[np.float64]) -> bool:
    """Whether each is larger than the one before, and by no less at the end: a cycle that it nears is no divergence."""
    growth = np.diff(lengths)
    half = len(growth) // 2
    return bool((growth > 0).all() and growth[-half:].sum() > growth[:half].sum())


def _tail_length(rows: int) -> int:
    # At least two, but never the start itself, against which they are judged.
    return max(1, min(max(2, rows // 4), TAIL_STEPS, rows - 1))


def _eps(recording: Recording) -> float:
    return float(np.finfo(recording.losses.dtype).eps)


def _first_event(recording: Recording) -> str | None:
    found = recording.milestones
    names = recording.experiment.problem.parameters
    events: list[tuple[int | None, str]] = []
    # An infinite loss alone can be left behind: the parameters are still finite, and a smaller rate leads them back.
    if not np.isfinite(recording.losses[-1]):
        events += [(found.infinite_loss, "the loss is infinite"), (found.nan_loss, "the loss is NaN")]
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
    (Boyd and Vandenberghe, Convex Optimization (2004), section 9.5.1). Below the rounding error of the run's precision
    nothing can be told apart, so that much always counts as reached: an error of the loss, and a few of the parameters.
    """
    problem = recording.experiment.problem
    point = recording.points[-1].astype(np.float64)
    gradient = recording.gradients[-1].astype(np.float64)
    hessian = problem.hessian(point)
    if not np.isfinite(hessian).all():
        return False
    eigenvalues, axes = np.linalg.eigh(hessian)
    along = axes.T @ gradient
    first, last = float(recording.losses[0]), float(recording.losses[-1])
    if not np.isfinite(first):
        # Of an infinite way down any loss is within a millionth; the problem's own start gives a measure instead.
        first = float(problem.loss(*problem.start))
    eps, steepest = _eps(recording), float(np.abs(eigenvalues).max())
    # A flat axis (one row of data, say) is no obstacle where the gradient has nothing along it but the rounding errors
    # of a sum whose terms cancel: those of a mean of squares are of the size sqrt(2 * loss * curvature).
    flat = np.abs(eigenvalues) <= 1e-12 * steepest
    nothing = 1e-6 * np.abs(gradient).max() + 4.0 * eps * np.sqrt(2.0 * abs(last) * steepest)
    if (eigenvalues[~flat] < 0).any() or (np.abs(along[flat]) > nothing).any():
        return False
    gain = 0.5 * float((along[~flat] ** 2 / eigenvalues[~flat]).sum())
    off = ROUNDINGS * eps * float(np.abs(point).max())
    rounding = max(eps * abs(last), 0.5 * steepest * off * off)
    return gain <= max(CONVERGED_EXCESS * (first - last), rounding)
