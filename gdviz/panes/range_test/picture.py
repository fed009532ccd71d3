"""Loss against learning rate as drawn: the curve of a range test, and the rates that it suggests."""

import math
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from gdviz.core.analysis.range_test import Curve, curve, has_stopped, range_test_of
from gdviz.core.analysis.suggestions import CURVE_SUGGESTIONS, suggestions
from gdviz.core.analysis.trial_runs import TrialRuns
from gdviz.core.descent.recording import Recording
from gdviz.core.descent.schedules import RangeTest
from gdviz.core.frozen import frozen
from gdviz.core.problems.problem import minimum_loss
from gdviz.core.weak_cache import weak_cache
from gdviz.panes.range_test.sentences import BEYOND, DIVERGES, sentences, stop_sentences, truth
from gdviz.presentation.curves import gaps, log10_of, padded_range
from gdviz.presentation.numbers import format_number, overflow_text, quantity

Array = NDArray[np.float64]


RATE_ROUNDING = 1e-6
"""A rate of a sweep may be this far above the limit, relative to it, because it is rounded."""
FAR_BELOW = 6.0
"""A minimum this many decades below the whole curve would flatten it, and is not shown."""


@frozen
class Suggestion:
    """A suggested rate, None while it is not known yet, and the reason in one sentence.

    warning: that it is no rate to hold; empty where nothing of the kind is known. briefly: shorter reasons, the
    longest first.
    """

    name: str
    learning_rate: float | None
    explanation: str
    warning: str = ""
    briefly: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """The warning, if any, with the reason, the longest first."""
        before = f"{self.warning}; " if self.warning else ""
        return tuple(f"{before}{text}" for text in (self.explanation, *self.briefly))

    @property
    def place(self) -> float:
        """log10 of the rate; NaN if there is none."""
        return math.log10(self.learning_rate) if self.learning_rate else math.nan


@frozen
class Mark:
    """What happens at a rate (log10: ``place``): a short label, and a sentence."""

    place: float
    name: str
    explanation: str


@frozen(eq=False)
class Sweep:
    """What all frames of a range test have in common: the whole curve and its axes.

    curve: as recorded. learning_rates: shape (n,), as applied. rates, values, raw: shape (n,), log10 of the rates, of
    the shown losses and, if those are smoothed, of the losses themselves (else empty); NaN where there is no logarithm.
    minimum: log10 of the loss at the lowest known minimum; None if none is known, it is 0 or less, or FAR_BELOW.
    is_finite: shape (n,), of the losses. suggestions: with their rates, in the order of
    `gdviz.core.analysis.suggestions.SUGGESTIONS`. marks: where losses become infinite or NaN; stop: where and why the
    sweep stopped, if it has. additions: texts beside the title, the longest first. note: a line below it, may be empty.
    """

    curve: Curve
    learning_rates: Array
    rates: Array
    values: Array
    raw: Array
    rate_range: tuple[float, float]
    value_range: tuple[float, float]
    minimum: float | None
    is_finite: NDArray[np.bool_]
    suggestions: tuple[Suggestion, ...]
    marks: tuple[Mark, ...]
    stop: Mark | None
    additions: tuple[str, ...]
    note: str


# Cached until there are more rows.
@weak_cache(1)
def build_sweep(recording: Recording, last_step: int) -> Sweep:
    """Return the sweep of a recording so far; raise ValueError if it is not a range test's."""
    schedule, experiment = range_test_of(recording.experiment), recording.experiment
    found = curve(recording, last_step)
    suggested = suggestions(found, experiment)
    values, raw = log10_of(found.shown), log10_of(found.losses) if schedule.smoothed else np.empty(0)
    minimum = log10_of(np.array([minimum_loss(experiment.problem)], np.float64))
    if np.isfinite(values).any() and float(minimum[0]) < float(np.nanmin(values)) - FAR_BELOW:
        minimum[:] = np.nan
    shown = [values, raw, minimum]
    if schedule.fresh_steps and not schedule.smoothed:  # the marker is off the curve in between
        shown.append(log10_of(recording.losses.astype(np.float64)))
    stop = None
    if has_stopped(found, experiment):
        rate = float(found.learning_rates[-1])
        stop = Mark(math.log10(rate), *stop_sentences(rate, float(found.shown[-1])))
    explained = partial(sentences, found=found, suggested=suggested, experiment=experiment)
    has_gaps = (np.isfinite(found.shown) & (found.shown <= 0)).any()
    return Sweep(
        found,
        found.learning_rates,
        log10_of(found.learning_rates),
        values,
        raw,
        (math.log10(schedule.start), math.log10(schedule.end)),
        padded_range(np.concatenate(shown)),
        float(minimum[0]) if np.isfinite(minimum[0]) else None,
        np.isfinite(found.losses),
        tuple(_suggestion(name, rate, *explained(name)) for name, rate in suggested.items()),
        _marks(found, experiment.precision.dtype),
        stop,
        _additions(schedule),
        "a loss of 0 or less has no place on this axis" if has_gaps else "",
    )


def _suggestion(name: str, rate: float, explanation: str, *briefly: str) -> Suggestion:
    return Suggestion(name, rate, explanation, briefly=briefly)


def _marks(found: Curve, dtype: np.dtype[np.floating]) -> tuple[Mark, ...]:
    """Marks at the first inf, −inf and NaN of the loss, in the order of the rates."""
    firsts = [np.flatnonzero(is_such(found.losses))[:1] for is_such in (np.isposinf, np.isneginf, np.isnan)]
    marks = []
    for place in np.sort(np.concatenate(firsts)):
        rate, loss = float(found.learning_rates[place]), float(found.losses[place])
        why = "no longer a number" if math.isnan(loss) else overflow_text(loss, dtype)
        since = "first at" if np.isfinite(found.losses[place:]).any() else "from"
        label = f"loss = {format_number(loss)} {since} rate {format_number(rate, 3)}"
        marks.append(Mark(math.log10(rate), label, f"the loss is {why}"))
    return tuple(marks)


def _additions(schedule: RangeTest) -> tuple[str, ...]:
    how = ("one step at each, the point moves", "one moving point")
    if count := schedule.fresh_steps:
        how = (f"{quantity(count)} from the start at each", f"{quantity(count, 'fresh step')} at each")
    return (f"{how[0]}; smoothed as fast.ai does",) if schedule.smoothed else how


@frozen(eq=False)
class RatePicture:
    """A range test up to a step.

    count: how many of the sweep's rates are drawn. current: log10 of the current rate and loss, None if not finite.
    suggestions, marks, stop: those of the sweep that are known so far; suggestions from the curve are always there, at
    first without their rates. judged: the suggestions as they are at the end. hatched: the intervals of log10 rate
    without a finite loss; one at the end of the curve extends to the right end. is_over: whether the sweep is complete.
    truth: how far the method can be trusted here.
    """

    sweep: Sweep
    count: int
    current: tuple[float, float] | None
    suggestions: tuple[Suggestion, ...]
    marks: tuple[Mark, ...]
    stop: Mark | None
    hatched: tuple[tuple[float, float], ...]
    is_over: bool
    judged: tuple[Suggestion, ...]
    truth: str

    @property
    def rates(self) -> Array:
        """log10 of the rates up to the step."""
        return self.sweep.rates[: self.count]

    @property
    def values(self) -> Array:
        """log10 of the shown losses up to the step; NaN makes a gap."""
        return self.sweep.values[: self.count]

    @property
    def raw(self) -> Array:
        """log10 of the losses up to the step if the shown ones are smoothed; else empty."""
        return self.sweep.raw[: self.count]


def build_rate_picture(recording: Recording, step: int, trials: TrialRuns | None = None) -> RatePicture:
    """Return the picture of a range test up to ``step``; raise ValueError for a recording with another schedule.

    trials: what becomes of the suggested rates, as far as it is computed, of this range test or another one.
    """
    schedule, sweep = range_test_of(recording.experiment), build_sweep(recording, recording.last_step)
    step = min(step, recording.last_step)
    is_over = step == recording.experiment.steps
    count = min((step + 1) // schedule.rows_per_rate, len(sweep.rates))
    reached = float(sweep.rates[count - 1]) if count else -math.inf
    if schedule.smoothed:
        current = (reached, float(sweep.values[count - 1]) if count else math.nan)
    else:
        row = np.array([recording.learning_rates[step], recording.losses[step]], np.float64)
        current = tuple(log10_of(row).tolist())
    judged, said = _judged(recording, trials)
    return RatePicture(
        sweep,
        count,
        current if all(map(math.isfinite, current)) else None,
        judged if is_over else tuple(map(_during_sweep, judged)),
        tuple(mark for mark in sweep.marks if mark.place <= reached),
        sweep.stop if is_over else None,
        gaps(~sweep.is_finite[:count], sweep.rates, sweep.rate_range[1]),
        is_over,
        judged,
        said,
    )


def build_trials(recording: Recording) -> TrialRuns:
    """The runs by which the suggestions of a recorded range test are to be judged, none of them computed."""
    suggested = build_sweep(recording, recording.last_step).suggestions
    # What becomes of the limit is known.
    rates = (one.learning_rate for one in suggested if one.name != "limit")
    return TrialRuns(recording.experiment, tuple(rate for rate in rates if rate is not None))


def _judged(recording: Recording, trials: TrialRuns | None) -> tuple[tuple[Suggestion, ...], str]:
    """The suggestions with their warnings, and the truth about them."""
    known = trials if trials is not None and trials.experiment == recording.experiment else None
    suggested = build_sweep(recording, recording.last_step).suggestions
    diverging = [one.name for one in suggested if known and one.learning_rate and known.diverges(one.learning_rate)]
    return _with_warnings(recording, recording.last_step, tuple(diverging))


# The same in many frames.
@weak_cache(1)
def _with_warnings(
    recording: Recording, last_step: int, diverging: tuple[str, ...]
) -> tuple[tuple[Suggestion, ...], str]:
    sweep = build_sweep(recording, last_step)
    rates = {one.name: one.learning_rate for one in sweep.suggestions if one.learning_rate is not None}
    limit = rates.pop("limit", math.inf) * (1.0 + RATE_ROUNDING)
    warnings = {name: BEYOND for name, rate in rates.items() if rate > limit} | dict.fromkeys(diverging, DIVERGES)
    suggested = tuple(replace(one, warning=warnings.get(one.name, "")) for one in sweep.suggestions)
    return suggested, truth(sweep.curve, recording.experiment, diverging)


def _during_sweep(suggestion: Suggestion) -> Suggestion:
    """The suggestion during the sweep: without its rate and what becomes of it if that is found from the curve."""
    is_from_curve = suggestion.name in CURVE_SUGGESTIONS
    return replace(suggestion, learning_rate=None, warning="") if is_from_curve else suggestion
