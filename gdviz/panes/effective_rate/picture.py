"""The effective rate of each parameter against the step, on a logarithmic axis that stays calm."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.recording import Recording
from gdviz.presentation.curves import downsample, downsample_log, log10_of
from gdviz.presentation.look import Look, StepScale, View
from gdviz.presentation.numbers import join_words, nice_ceiling
from gdviz.presentation.run_names import short_names
from gdviz.presentation.weak_cache import weak_cache

FIRST_WINDOW = 10
"""The axis shows at least this many steps."""

Array = NDArray[np.float64]
Thin = Callable[[Array], tuple[NDArray[np.int64], Array]]


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


@dataclass(frozen=True, eq=False)
class _Window:
    """What all frames share whose axis of steps is the same.

    rates: see `effective_rates`. given: the learning rates in double precision, shape (n,), None for a rule that takes
    none. value_range: in log10. gaps: for each reason the first step at which each parameter has a gap, if any.
    """

    rates: Array
    given: Array | None
    value_range: tuple[float, float]
    gaps: dict[str, tuple[int | None, int | None]]


def effective_rates(recording: Recording, rows: int) -> Array:
    """|learning rate * direction| / |gradient| of each parameter at the first so many steps, shape (rows, 2).

    The step is that of the run, in its precision; the ratio is in double precision. 0/0 and the like are NaN.
    """
    with np.errstate(all="ignore"):
        moved = np.abs(_steps(recording, rows)).astype(np.float64)
        return np.asarray(moved / np.abs(recording.gradients[:rows].astype(np.float64)))


def _steps(recording: Recording, rows: int) -> NDArray[np.floating]:
    """By how much each parameter is lowered at the first so many steps, shape (rows, 2)."""
    return np.asarray(recording.step_factors[:rows, None] * recording.directions[:rows])


@weak_cache(2)
def _window(recording: Recording, rows: int) -> _Window:
    rates, given = effective_rates(recording, rows), None
    has_place = np.isfinite(rates) & (rates > 0.0)
    gaps = {} if has_place.all() else _gaps(recording, rows)
    shown = [rates[has_place]]
    if recording.experiment.optimizer.takes_learning_rate:
        given = recording.learning_rates[:rows].astype(np.float64)
        shown.append(given[given > 0.0])
    return _Window(rates, given, _decades(shown), gaps)


def build_effective_rate_picture(recordings: tuple[Recording, ...], step: int, look: Look) -> EffectiveRatePicture:
    """The effective rates of the first recording up to ``step``; the axes are those of all steps in the window."""
    live = recordings[0]
    last, end, names = min(step, live.last_step), _window_end(live, step, look.view), live.experiment.problem.parameters
    window = _window(live, min(end, live.last_step) + 1)
    thin = downsample_log if look.step_scale is StepScale.LOG else downsample
    first, second = (_curve(name, window.rates[: last + 1, place], thin) for place, name in enumerate(names))
    return EffectiveRatePicture(
        (first, second),
        None if window.given is None else _curve("learning rate", window.given[: last + 1], thin),
        (0.0, float(end)),
        window.value_range,
        look.step_scale,
        short_names(recordings)[0],
        _note(window.gaps, last, names),
    )


def _window_end(recording: Recording, step: int, view: View) -> int:
    """The right end of the axis of steps: all when held, else a round number at or above the step."""
    steps = recording.experiment.steps
    return steps if view is View.HOLD else min(steps, int(nice_ceiling(max(step, FIRST_WINDOW))))


def _curve(name: str, rates: Array, thin: Thin) -> RateCurve:
    steps, thinned = thin(rates)
    values = log10_of(thinned)
    current = (float(steps[-1]), float(values[-1])) if np.isfinite(values[-1]) else None
    return RateCurve(name, steps.astype(np.float64), values, current)


def _decades(shown: list[Array]) -> tuple[float, float]:
    """The whole decades that hold positive rates, with a margin; whole, so that the axis rarely changes."""
    ends = [end for rates in shown if len(rates) for end in (float(rates.min()), float(rates.max()))]
    if not ends:
        return -1.0, 1.0
    low, high = math.floor(math.log10(min(ends))), math.ceil(math.log10(max(ends)))
    margin = 0.05 * max(1, high - low)
    return low - margin, max(high, low + 1) + margin


def _gaps(recording: Recording, rows: int) -> dict[str, tuple[int | None, int | None]]:
    """Why effective rates of the first so many steps have no place on the axis, and at which step of each parameter."""
    gradients = recording.gradients[:rows]
    with np.errstate(all="ignore"):
        moved = _steps(recording, rows)
    finite = np.isfinite(gradients) & np.isfinite(moved)
    reasons = {
        "the gradient is 0": finite & (gradients == 0.0),
        "the step is 0": finite & (gradients != 0.0) & (moved == 0.0),
        "gradient or step is not finite": ~finite,
    }
    return {reason: (_first(where[:, 0]), _first(where[:, 1])) for reason, where in reasons.items()}


def _first(where: NDArray[np.bool_]) -> int | None:
    return int(where.argmax()) if where.any() else None


def _note(gaps: dict[str, tuple[int | None, int | None]], last: int, names: tuple[str, str]) -> str:
    """Why there are gaps up to that step: of which parameters, and from which step on."""
    parts = []
    for reason, firsts in gaps.items():
        found = [(name, at) for name, at in zip(names, firsts, strict=True) if at is not None and at <= last]
        if found:
            begin = min(at for _, at in found)
            parts.append(f"{reason} ({', '.join(name for name, _ in found)}, first at step {begin:,})")
    return f"gaps where {'; '.join(parts)}" if parts else ""
