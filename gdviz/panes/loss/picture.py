"""Loss against step as drawn: thinned without losing peaks, with marks where values become infinite or NaN."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.recording import Recording
from gdviz.core.descent.stretches import common
from gdviz.core.frozen import frozen
from gdviz.core.problems.problem import minimum_loss
from gdviz.panes.loss.changes import change_marks
from gdviz.panes.loss.marks import Mark, loss_marks
from gdviz.panes.loss.rates import RateStrip, build_rate_strip, handles_of
from gdviz.presentation.batch_notes import stationary_loss
from gdviz.presentation.curves import log10_of, padded_range
from gdviz.presentation.look import Look, LossScale, StepScale, View
from gdviz.presentation.numbers import format_number, nice_ceiling
from gdviz.presentation.run_names import STYLES, short_names
from gdviz.presentation.thinning import bucket_extremes, downsample, downsample_log

FIRST_WINDOW = 10
"""The axis shows at least this many steps."""


@frozen(eq=False)
class LossCurve:
    """The loss of one run up to the frame's step; steps and values are float64, shape (n,).

    ``values`` is log10(loss) on a logarithmic axis (of the loss above the lowest known minimum if that is below 0), and
    loss / 10**exponent on a linear one; NaN makes a gap.
    """

    style: int
    steps: NDArray[np.float64]
    values: NDArray[np.float64]
    current: tuple[float, float] | None


@frozen(eq=False)
class LossPicture:
    """Loss against step.

    step_range, value_range: of the axes, the latter in the scale of the curves' values (see LossCurve).
    step_scale: of the axis of steps.
    exponent: on a linear axis the values are in units of 10**exponent (0 on a logarithmic one).
    scale: always linear if no minimum is known and some loss is 0 or less, or if no loss has a logarithm.
    minimum: the value of the lowest known minimum; None if none is known, or it cannot be shown on this scale.
    noise_floors: of each mini-batch run that has one, its style and the value around which it settles.
    hatched: the intervals of steps, from and to, without any finite loss.
    note: text above the plot, may be empty.
    rates: the learning rates above it; None where all runs have a constant one.
    """

    scale: LossScale
    curves: tuple[LossCurve, ...]
    step_range: tuple[float, float]
    value_range: tuple[float, float]
    exponent: int
    minimum: float | None
    marks: tuple[Mark, ...]
    hatched: tuple[tuple[float, float], ...]
    note: str
    noise_floors: tuple[tuple[int, float], ...] = ()
    step_scale: StepScale = StepScale.LINEAR
    rates: RateStrip | None = None


def build_loss_picture(
    recordings: tuple[Recording, ...], step: int, look: Look, styles: Sequence[int] = STYLES
) -> LossPicture:
    """The loss of all recordings up to ``step``; the note is about the first one."""
    end, minimum = _window_end(recordings, step, look.view), minimum_loss(recordings[0].experiment.problem)
    scale = look.loss_scale
    if minimum is None and any((recording.losses <= 0).any() for recording in recordings):
        scale = LossScale.LINEAR
    # A loss below 0 has no logarithm, but its distance from the minimum does.
    base = minimum if scale is LossScale.LOG and minimum is not None and minimum < 0 else 0.0
    if all(_has_no_logarithm(recording, base) for recording in recordings):
        scale, base = LossScale.LINEAR, 0.0
    floors = [(style, stationary_loss(run.experiment)) for run, style in zip(recordings, styles, strict=False)]
    settled = [(style, floor - base) for style, floor in floors if floor is not None]
    columns = [(recording.losses, bucket_extremes(recording, "losses")) for recording in recordings]
    shown = [downsample(losses[: end + 1], known)[1] - base for losses, known in columns]
    lines = np.array([math.nan if minimum is None else minimum - base, *(floor for _, floor in settled)])
    value_range, exponent = _value_range(np.concatenate([*shown, lines]), scale)
    lowest, *values = (value if math.isfinite(value) else None for value in _scaled(lines, scale, exponent).tolist())
    hatched, runs = _hatched(recordings, step, end), zip(columns, styles, strict=False)
    thin = downsample_log if look.step_scale is StepScale.LOG else downsample
    thinned = [(thin(losses[: step + 1], known), style) for (losses, known), style in runs]
    curves = tuple(_curve(curve, scale, exponent, style, base) for curve, style in thinned)
    note = _note(recordings, step, scale, base)
    if not note and step > end:
        note = f"from step {hatched[-1][0]:,.0f} on no run has a loss that is a number: the axis ends here"
    if not note and scale is not look.loss_scale:
        note = "linear: a loss of 0 or less has no logarithm"
    return LossPicture(
        scale,
        curves,
        (0.0, float(end)),
        value_range,
        exponent,
        lowest,
        (*loss_marks(recordings, step), *change_marks(recordings, step, end)),
        hatched,
        note,
        tuple((style, value) for (style, _), value in zip(settled, values, strict=True) if value is not None),
        look.step_scale,
        build_rate_strip(recordings, step, styles),
    )


def _has_no_logarithm(recording: Recording, base: float) -> bool:
    """Whether no loss of a run, less ``base``, has a logarithm, as where it stays at a minimum with a loss of 0."""
    first = float(recording.losses[0])
    return math.isfinite(first) and first <= base and not (recording.losses > base).any()


def _window_end(recordings: tuple[Recording, ...], step: int, view: View) -> int:
    """The right end of the step axis: all steps when held, else a round number at or above the step.

    All too where the rates of the live run can be dragged: also those of steps that are still to come.
    """
    steps = max(recording.experiment.steps for recording in recordings)
    if view is View.HOLD or handles_of(recordings[0].experiment):
        return steps
    return min(steps, int(nice_ceiling(max(min(step, _all_non_finite(recordings)), FIRST_WINDOW))))


def _all_non_finite(recordings: Sequence[Recording]) -> float:
    """The first step at which every run has a non-finite parameter, where the axis stops growing; never for one run."""
    if len(recordings) == 1:
        return math.inf
    ends = [(*recording.milestones.infinite, *recording.milestones.nan) for recording in recordings]
    return max(min((at for at in steps if at is not None), default=math.inf) for steps in ends)


def _scaled(losses: NDArray[np.float64], scale: LossScale, exponent: int) -> NDArray[np.float64]:
    if scale is LossScale.LOG:
        return log10_of(losses)
    return np.where(np.isfinite(losses), losses / 10.0**exponent, np.nan)


def _hatched(recordings: tuple[Recording, ...], step: int, end: int) -> tuple[tuple[float, float], ...]:
    """The intervals up to ``step`` without any finite loss; one that is still going on extends to the right end."""
    last = min(step, max(recording.last_step for recording in recordings))
    shared = common([_without_loss(recording, last) for recording in recordings]).tolist()
    return tuple((float(first), float(after - 1) if after <= last else float(end)) for first, after in shared)


def _without_loss(recording: Recording, last: int) -> NDArray[np.int64]:
    """The stretches without a finite loss up to a step; a shorter run stays at its last loss."""
    own = min(last, recording.last_step)
    found = recording.without_loss.up_to(own)
    return np.where(found > own, last + 1, found)


def _value_range(losses: NDArray[np.float64], scale: LossScale) -> tuple[tuple[float, float], int]:
    """The range that holds the finite losses, and the power of ten of a linear axis."""
    losses = losses[np.isfinite(losses)]
    exponent = 0
    if scale is LossScale.LINEAR:
        largest = float(np.abs(losses).max(initial=0.0))
        if largest >= 1e5 or 0 < largest < 1e-3:
            exponent = max(-300, math.floor(math.log10(largest)))  # 10^-324 is zero
    values = _scaled(losses, scale, exponent)
    return padded_range(values, flat=float(np.nanmax(np.abs(values), initial=1.0))), exponent


def _curve(
    thinned: tuple[NDArray[np.int64], NDArray[np.float64]], scale: LossScale, exponent: int, style: int, base: float
) -> LossCurve:
    steps, losses = thinned
    values = _scaled(losses - base, scale, exponent)
    current = (float(steps[-1]), float(values[-1])) if np.isfinite(values[-1]) else None
    return LossCurve(style, steps.astype(np.float64), values, current)


def _note(recordings: Sequence[Recording], step: int, scale: LossScale, base: float) -> str:
    first = recordings[0]
    loss = float(first.losses[min(step, first.last_step)])
    if scale is LossScale.LOG and loss <= base:
        which = f"{short_names(recordings)[0]}: ".removeprefix(": ")
        return f"{which}loss = {format_number(loss)}: not on a logarithmic axis (L: linear)"
    return f"above the lowest minimum, {format_number(base)}" if base else ""
