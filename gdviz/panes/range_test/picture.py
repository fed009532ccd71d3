"""Loss against learning rate as it is drawn: the curve of a range test with what one picks from it, in words."""

import math
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from gdviz.core.analysis.range_test import FROM_CURVE, Curve, curve, has_stopped, range_test_of, suggestions
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import Recording
from gdviz.core.descent.schedules import RangeTest
from gdviz.core.problems.problem import minimum_loss
from gdviz.panes.range_test.sentences import sentence, stop_sentences, truth
from gdviz.presentation.curves import padded_range, stretches
from gdviz.presentation.numbers import format_number
from gdviz.presentation.weak_cache import weakly_kept

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Suggestion:
    """A rate that is worth a mark, and why in one sentence; None for a rate that is not known yet."""

    name: str
    learning_rate: float | None
    explanation: str

    @property
    def place(self) -> float:
        """Its log10; NaN where it has none."""
        return math.log10(self.learning_rate) if self.learning_rate else math.nan


@dataclass(frozen=True)
class Mark:
    """What happens at a rate, ``place`` as log10: a short label, and a sentence."""

    place: float
    name: str
    explanation: str


@dataclass(frozen=True, eq=False)
class Sweep:
    """What is the same in all frames of a range test: the whole curve and the axes that it is drawn on.

    learning_rates: shape (n,), as they were applied. rates, values, raw: shape (n,), log10 of the rates, of the shown
    losses and, where those are smoothed, of the losses themselves (else empty); NaN what has no place on the axis.
    minimum: log10 of the loss at the lowest known minimum; None where none is known, or it is not above zero.
    is_finite: shape (n,), whether the losses are numbers. suggestions: with their rates, in the order of
    `gdviz.core.analysis.range_test.SUGGESTIONS`. marks: where the losses stop being numbers; stop: where and why the
    sweep stopped, if it has. truth: what is true of the method. additions: what follows the title, the longest first.
    note: a line below it, or nothing.
    """

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
    truth: str
    additions: tuple[str, ...]
    note: str


# Remembered until there are more rows.
@weakly_kept(1)
def build_sweep(recording: Recording, last_step: int) -> Sweep:
    """The sweep of a recording, as far as that goes; ValueError if it is no range test's."""
    schedule, experiment = range_test_of(recording.experiment), recording.experiment
    found = curve(recording, last_step)
    suggested = suggestions(found, experiment)
    rates, values = log10_of(found.learning_rates), log10_of(found.shown)
    raw = log10_of(found.losses) if schedule.smoothed else np.empty(0)
    minimum = float(log10_of(np.array([minimum_loss(experiment.problem)], np.float64))[0])
    explained = partial(sentence, found=found, suggested=suggested, experiment=experiment)
    return Sweep(
        found.learning_rates,
        rates,
        values,
        raw,
        (math.log10(schedule.start), math.log10(schedule.end)),
        padded_range(np.concatenate([values, raw, [minimum], _on_the_way(recording)])),
        minimum if math.isfinite(minimum) else None,
        np.isfinite(found.losses),
        tuple(Suggestion(name, rate, explained(name)) for name, rate in suggested.items()),
        _marks(found, recording),
        _stop(found, experiment),
        truth(found, suggested, experiment),
        _additions(schedule),
        _note(found),
    )


def _on_the_way(recording: Recording) -> Array:
    """log10 of the losses where the marker goes and the curve does not: on the steps from a fresh start."""
    schedule = range_test_of(recording.experiment)
    goes = schedule.fresh_steps and not schedule.smoothed
    return log10_of(recording.losses.astype(np.float64)) if goes else np.empty(0)


def log10_of(values: Array) -> Array:
    """log10 of what is finite and above zero, NaN of the rest."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.isfinite(values) & (values > 0), np.log10(values), np.nan)


def _marks(found: Curve, recording: Recording) -> tuple[Mark, ...]:
    precision = recording.experiment.precision
    largest = format_number(float(np.finfo(precision.dtype).max), 3)
    kinds = (
        (np.isposinf(found.losses), "inf", f"the loss is beyond {largest}, the largest number of {precision}"),
        (np.isneginf(found.losses), "−inf", f"the loss is below −{largest}, the lowest number of {precision}"),
        (np.isnan(found.losses), "NaN", "the loss is not a number any more"),
    )
    marks = []
    for happened, what, why in kinds:
        if happened.any():
            rate = float(found.learning_rates[happened.argmax()])
            marks.append(Mark(math.log10(rate), f"loss = {what} from rate {format_number(rate, 3)}", why))
    return tuple(sorted(marks, key=lambda mark: mark.place))


def _stop(found: Curve, experiment: Experiment) -> Mark | None:
    if not has_stopped(found, experiment):
        return None
    rate = float(found.learning_rates[-1])
    return Mark(math.log10(rate), *stop_sentences(rate, float(found.shown[-1])))


def _additions(schedule: RangeTest) -> tuple[str, ...]:
    count = schedule.fresh_steps
    steps = "step" if count == 1 else "steps"
    moving = ("one step at each, the point moves", "one moving point")
    fresh = (f"{count} {steps} from the start at each", f"{count} fresh {steps} at each")
    how = fresh if count else moving
    return (f"{how[0]}; smoothed as fast.ai does",) if schedule.smoothed else how


def _note(found: Curve) -> str:
    if (np.isfinite(found.shown) & (found.shown <= 0)).any():
        return "a loss of 0 or less has no place on this axis"
    return ""


@dataclass(frozen=True, eq=False)
class RatePicture:
    """A range test up to a step.

    count: so many of the sweep's rates are drawn. current: the place (log10 of rate and of loss) at which the run is,
    None where it has none. suggestions, marks, stop: those of the sweep as far as they are known by then; suggestions
    from the curve are there from the beginning, without their rates. hatched: the stretches of log10 rate without a
    finite loss. is_over: whether the sweep is at its end.
    """

    sweep: Sweep
    count: int
    current: tuple[float, float] | None
    suggestions: tuple[Suggestion, ...]
    marks: tuple[Mark, ...]
    stop: Mark | None
    hatched: tuple[tuple[float, float], ...]
    is_over: bool

    @property
    def rates(self) -> Array:
        """log10 of the rates up to the step."""
        return self.sweep.rates[: self.count]

    @property
    def values(self) -> Array:
        """log10 of the shown losses up to the step; NaN where there is a gap."""
        return self.sweep.values[: self.count]

    @property
    def raw(self) -> Array:
        """log10 of the losses up to the step where the shown ones are smoothed; else empty."""
        return self.sweep.raw[: self.count]


def build_rate_picture(recording: Recording, step: int) -> RatePicture:
    """The picture of a range test's recording up to ``step``; ValueError for a recording with another schedule."""
    schedule, sweep = range_test_of(recording.experiment), build_sweep(recording, recording.last_step)
    step = min(step, recording.last_step)
    is_over = step == recording.experiment.steps
    count = min((step + 1) // schedule.rows_per_rate, len(sweep.rates))
    reached = float(sweep.rates[count - 1]) if count else -math.inf
    return RatePicture(
        sweep,
        count,
        _current(recording, step, sweep, count),
        sweep.suggestions if is_over else tuple(map(_unknown, sweep.suggestions)),
        tuple(mark for mark in sweep.marks if mark.place <= reached),
        sweep.stop if is_over else None,
        _hatched(sweep, count),
        is_over,
    )


def _unknown(suggestion: Suggestion) -> Suggestion:
    """The suggestion before the end of the sweep: without its rate, if that comes from the curve."""
    return replace(suggestion, learning_rate=None) if suggestion.name in FROM_CURVE else suggestion


def _current(recording: Recording, step: int, sweep: Sweep, count: int) -> tuple[float, float] | None:
    """The rate and the loss of the step; on a smoothed curve its last point."""
    if range_test_of(recording.experiment).smoothed:
        rate, value = (float(column[count - 1]) if count else math.nan for column in (sweep.rates, sweep.values))
    else:
        rate, value = (
            float(log10_of(column[step : step + 1].astype(np.float64))[0])
            for column in (recording.learning_rates, recording.losses)
        )
    return (rate, value) if math.isfinite(rate) and math.isfinite(value) else None


def _hatched(sweep: Sweep, count: int) -> tuple[tuple[float, float], ...]:
    """Where the loss is infinite or NaN; the last stretch, if the sweep ends with it, reaches to the right end."""
    gone = ~sweep.is_finite[:count]
    if not gone.any():
        return ()
    rates, end = sweep.rates, sweep.rate_range[1]
    found = [(float(rates[begin]), float(rates[stop - 1])) for begin, stop in stretches(gone)]
    if gone[-1]:
        found[-1] = (found[-1][0], end)
    return tuple(found)
