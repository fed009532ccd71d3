"""The effective rate of each parameter against the step, on a logarithmic axis that stays calm."""

import math
from dataclasses import dataclass

import numpy as np

from gdviz.core.descent.recording import Recording
from gdviz.panes.effective_rate.rates import Array, Places, rates_of
from gdviz.presentation.curves import log10_of
from gdviz.presentation.look import Look, StepScale, View
from gdviz.presentation.numbers import join_words, nice_ceiling
from gdviz.presentation.run_names import short_names
from gdviz.presentation.thinning import BucketExtremes, downsample, downsample_log

FIRST_WINDOW = 10
"""The axis shows at least this many steps."""


@dataclass(frozen=True, eq=False)
class RateCurve:
    """A curve: its name, steps and log10 of the rates, both float64, shape (n,), NaN for a gap, and its last point."""

    name: str
    steps: Array
    values: Array
    current: tuple[float, float] | None


@dataclass(frozen=True, eq=False)
class EffectiveRatePicture:
    """The effective rates of the live run up to the frame's step.

    curves: of both parameters. learning_rate: None for a rule that takes none. step_range, value_range: of the axes,
    the latter in log10. run: its name where there are several. note: why there are gaps, may be empty.
    """

    curves: tuple[RateCurve, RateCurve]
    learning_rate: RateCurve | None
    step_range: tuple[float, float]
    value_range: tuple[float, float]
    step_scale: StepScale
    run: str
    note: str

    @property
    def description(self) -> str:
        """What is shown in words, for those who cannot see it."""
        what = f"effective rates of {join_words([curve.name for curve in self.curves])} against the step"
        return "; ".join(filter(None, [what, self.note]))


def build_effective_rate_picture(recordings: tuple[Recording, ...], step: int, look: Look) -> EffectiveRatePicture:
    """The effective rates of the first recording up to ``step``; the axes are those of all steps in the window."""
    live = recordings[0]
    last, end, names = min(step, live.last_step), _window_end(live, step, look.view), live.experiment.problem.parameters
    known, rows = rates_of(live), min(end, live.last_step) + 1
    rates = known.up_to(live, rows)[:, : last + 1]
    named = zip((*names, "learning rate"), rates, known.extremes_of_curves, strict=False)
    first, second, *given = (_curve(*curve, look.step_scale) for curve in named)
    return EffectiveRatePicture(
        (first, second),
        given[0] if given else None,
        (0.0, float(end)),
        _decades(*known.extremes(rows)),
        look.step_scale,
        short_names(recordings)[0],
        _note(known.gaps, last, names),
    )


def _window_end(recording: Recording, step: int, view: View) -> int:
    """The right end of the axis of steps: all when held, else a round number at or above the step."""
    steps = recording.experiment.steps
    return steps if view is View.HOLD else min(steps, int(nice_ceiling(max(step, FIRST_WINDOW))))


def _curve(name: str, rates: Array, known: BucketExtremes, step_scale: StepScale) -> RateCurve:
    thin = downsample_log if step_scale is StepScale.LOG else downsample
    steps, thinned = thin(rates, known)
    values = log10_of(thinned)
    current = (float(steps[-1]), float(values[-1])) if np.isfinite(values[-1]) else None
    return RateCurve(name, steps.astype(np.float64), values, current)


def _decades(lowest: float, highest: float) -> tuple[float, float]:
    """The whole decades that hold positive rates, with a margin; whole, so that the axis rarely changes."""
    if math.isnan(lowest):
        return -1.0, 1.0
    low, high = math.floor(math.log10(lowest)), math.ceil(math.log10(highest))
    margin = 0.05 * max(1, high - low)
    return low - margin, max(high, low + 1) + margin


def _note(gaps: dict[str, Places], last: int, names: tuple[str, str]) -> str:
    """Why there are gaps up to that step: of which parameters, and from which step on."""
    parts = []
    for reason, firsts in gaps.items():
        found = [(name, at) for name, at in zip(names, firsts, strict=True) if at is not None and at <= last]
        if found:
            begin = min(at for _, at in found)
            parts.append(f"{reason} ({', '.join(name for name, _ in found)}, first at step {begin:,})")
    return f"gaps where {'; '.join(parts)}" if parts else ""
