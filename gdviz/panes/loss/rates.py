"""The learning rate against step as drawn above the loss: only where it varies, on an axis that stands still."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gdviz.core.analysis.rate_limit import global_stability_limit, limit_name
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import base_and_changes
from gdviz.core.descent.optimizers import Optimizer
from gdviz.core.descent.recording import Recording
from gdviz.core.descent.schedules import Schedule
from gdviz.core.frozen import frozen
from gdviz.core.weak_cache import weak_cache
from gdviz.presentation.curves import PADDING, log10_of
from gdviz.presentation.numbers import format_number
from gdviz.presentation.thinning import bucket_extremes, downsample

Array = NDArray[np.float64]
MOST_SAMPLES, LIMIT_SAMPLES = 2048, 65
"""The most steps at which a schedule is asked for its rates, and for the limits of the momentum that it sets."""
DECADE, SMALL_PART = 10.0, 0.25
"""The axis is logarithmic where more than this part of the rates are more than a decade below the highest.

A cosine, a straight line and one cycle, which are that small at their ends only, keep their shapes.
"""
BEYOND = 1e300
"""No axis reaches as far as this, since its length would overflow; rates beyond it are gaps."""
ROOM_FOR_NAME = 0.52
"""The part of the axis above a limit, whose name needs a place."""
NEAR = {False: 2.0, True: 10.0}
"""How far beyond the rates, as a factor, a limit is still on the axis: a linear one, and a logarithmic one."""


@frozen(eq=False)
class RateCurve:
    """The rates of one run: up to the frame's step, and of all steps, or all that are computed if the losses decide.

    Steps and values are float64, shape (n,); the values are in the scale of the strip, NaN makes a gap.
    is_known: whether the rates of all steps are known in advance, and so are shown; else they only reserve their room.
    """

    style: int
    steps: Array
    values: Array
    all_steps: Array
    all_values: Array
    is_known: bool

    @property
    def current(self) -> tuple[float, float] | None:
        """The step and rate of the frame; None if it is not on the axis."""
        if not len(self.values) or not math.isfinite(self.values[-1]):
            return None
        return float(self.steps[-1]), float(self.values[-1])


@frozen(eq=False)
class LimitCurve:
    """A stability limit: a level line, or a curve where the schedule sets the momentum. ``label``: as "2/L = 0.76".

    style: of the run that it holds for; None if it holds for several, or there is only one.
    """

    style: int | None
    steps: Array
    values: Array
    label: str


@frozen(eq=False)
class RateStrip:
    """The rates of all runs and their limits. Values are log10(rate) if ``is_log``; the range is that of the axis.

    handles: step and value of the points by which the first run's curve can be dragged.
    """

    is_log: bool
    curves: tuple[RateCurve, ...]
    limits: tuple[LimitCurve, ...]
    value_range: tuple[float, float]
    handles: tuple[tuple[float, float], ...] = ()

    def rate(self, value: float) -> float:
        """The rate of a value, with as many digits as one can read off."""
        return float(f"{10.0**value if self.is_log else value:.3g}")


def build_rate_strip(recordings: Sequence[Recording], step: int, styles: Sequence[int]) -> RateStrip | None:
    """The strip of the rates up to ``step``; None if all runs have a constant rate.

    Runs whose rule takes no rate, or reads that of the first step only, are not on it. The axis depends on the runs
    alone, not on the step, so that it stands still while a run is played.
    """
    handled = handles_of(recordings[0].experiment)
    rated = [place for place, one in enumerate(recordings) if _reads_rates(one.experiment.optimizer)]
    recordings, styles = [recordings[place] for place in rated], [styles[place] for place in rated]
    if not any(recording.experiment.schedule.constant_rate is None for recording in recordings):
        return None
    known = [_all_rates(recording) for recording in recordings]
    rates = np.concatenate([values for _, values in known])
    rates = rates[np.abs(rates) < BEYOND]
    small = np.count_nonzero(rates < rates.max(initial=0.0) / DECADE)
    is_log = bool((rates > 0).all() and small > SMALL_PART * len(rates))
    limits = _limits([recording.experiment for recording in recordings], styles)
    limits = [limit for limit in limits if _is_near(limit, rates, is_log)]
    curves = [
        _curve(recording, step, style, steps, all_rates, is_log)
        for recording, style, (steps, all_rates) in zip(recordings, styles, known, strict=False)
    ]
    scaled_limits = (LimitCurve(one.style, one.steps, _scaled(one.values, is_log), one.label) for one in limits)
    points = np.array(handled, np.float64).reshape(-1, 2)
    handles = zip(points[:, 0].tolist(), _scaled(points[:, 1], is_log).tolist(), strict=True)
    lines = np.concatenate([limit.values for limit in limits] or [np.empty(0)])
    value_range = _value_range(rates, lines, is_log)
    return RateStrip(is_log, tuple(curves), tuple(scaled_limits), value_range, tuple(handles))


def handles_of(experiment: Experiment) -> tuple[tuple[int, float], ...]:
    """The steps and rates at which the curve of the rates can be dragged; none where the rule never reads them."""
    return experiment.schedule.handles if _reads_rates(experiment.optimizer) else ()


def _reads_rates(rule: Optimizer) -> bool:
    return rule.takes_learning_rate and rule.reads_every_rate


def _scaled(rates: Array, is_log: bool) -> Array:
    return log10_of(rates) if is_log else np.where(np.abs(rates) < BEYOND, rates, np.nan)


def _value_range(rates: Array, limits: Array, is_log: bool) -> tuple[float, float]:
    """The range that holds all rates and limits, on a linear axis with 0, and has room for a limit's name above it."""
    values, lines = (log10_of(some) if is_log else some for some in (rates, limits))
    shown = np.concatenate([values, lines, [] if is_log else [0.0]])
    low, high = float(shown.min()), float(shown.max())
    span = high - low or 1.0
    return low - PADDING * span, max(high + PADDING * span, *(lines + ROOM_FOR_NAME * span), -math.inf)


def _curve(recording: Recording, step: int, style: int, steps: Array, rates: Array, is_log: bool) -> RateCurve:
    walked, until_now = _thinned(recording, step + 1)
    until = walked.astype(np.float64), _scaled(until_now, is_log)
    return RateCurve(style, *until, steps, _scaled(rates, is_log), recording.experiment.schedule.is_predetermined)


def _all_rates(recording: Recording) -> tuple[Array, Array]:
    """The steps and rates of the whole run, or of what is computed if the losses decide."""
    schedule = recording.experiment.schedule
    if schedule.is_predetermined:
        return _sampled(schedule, recording.experiment.steps)
    steps, rates = _thinned(recording, len(recording))
    return np.append(0.0, steps), np.append(schedule.first_rate, rates)


def _thinned(recording: Recording, count: int) -> tuple[NDArray[np.int64], Array]:
    return downsample(recording.learning_rates[:count], bucket_extremes(recording, "learning_rates"))


@lru_cache(maxsize=32)
def _sampled(schedule: Schedule, steps: int) -> tuple[Array, Array]:
    """Rates at evenly spaced steps, all of them in a short run, and on both sides of each manual change."""
    changed = [at for step, _ in base_and_changes(schedule)[1] for at in (step - 1, step)]
    spaced = np.linspace(0, steps, min(steps + 1, MOST_SAMPLES)).round().astype(int).tolist()
    asked = sorted({*spaced, *changed})
    return np.array(asked, np.float64), np.array([schedule(step) for step in asked])


def _limits(experiments: Sequence[Experiment], styles: Sequence[int]) -> list[LimitCurve]:
    """The limit of each run that has one; a single one for runs that have the same."""
    found: list[LimitCurve] = []
    for style, run in zip(styles, experiments, strict=False):
        steps, values = _limit(run)
        same = next((place for place, one in enumerate(found) if np.array_equal(one.values, values)), None)
        if same is not None:
            found[same] = replace(found[same], style=None)
        elif len(values):
            found.append(LimitCurve(style if len(experiments) > 1 else None, steps, values, _label(run, values)))
    return found


@weak_cache(1)
def _limit(experiment: Experiment) -> tuple[Array, Array]:
    """Steps and limits: at both ends, or at many steps where the schedule sets the momentum; empty for no limit.

    Not for batches whose momentum changes: no theory knows a limit of those.
    """
    ends = np.array([0.0, experiment.steps])
    if not experiment.schedule.sets_momentum:
        limit = global_stability_limit(experiment)
        return (ends, np.full(2, limit)) if limit is not None else (np.empty(0), np.empty(0))
    if experiment.batch_size is not None:
        return np.empty(0), np.empty(0)
    steps = np.unique(np.linspace(0, experiment.steps, LIMIT_SAMPLES).round())
    limits = [global_stability_limit(experiment.at(int(step))) for step in steps]
    if any(limit is None for limit in limits):
        return np.empty(0), np.empty(0)
    return steps, np.array(limits, np.float64)


def _label(experiment: Experiment, limits: Array) -> str:
    low, high = (format_number(value, 3) for value in (float(limits.min()), float(limits.max())))
    name = limit_name(experiment)
    return f"{name} {low}" if low == high else f"{name.removesuffix(' =')}: {low} to {high}"


def _is_near(limit: LimitCurve, rates: Array, is_log: bool) -> bool:
    """Whether the limit is on the axis of these rates, or so near that it can be added."""
    if not len(rates) or not np.isfinite(limit.values).all():
        return False
    lowest, highest, near = float(rates.min()), float(rates.max()), NEAR[is_log]
    is_above = limit.values.min() > near * highest
    is_below = limit.values.max() < (lowest / near if is_log else 0.0)
    return not is_above and not is_below
