"""Loss against learning rate as it is drawn: the curve of a range test with what one picks from it, in words."""

import math
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np

from gdviz.core.descent.recording import Recording
from gdviz.panes.range_test.sweep import Array, Mark, Pick, Sweep, build_sweep, log10_of, range_test_of

OF_THE_CURVE = ("minimum", "tenth", "steep", "valley", "slide")
"""The picks that are known when the sweep has come to its end, and not before."""


@dataclass(frozen=True, eq=False)
class RatePicture:
    """A range test up to a step.

    count: so many of the sweep's rates are drawn. current: the place (log10 of rate and of loss) at which the run is,
    None where it has none. picks, marks, stop: those of the sweep as far as they are known by then; the picks of the
    curve are there from the beginning, without their rates. hatched: the stretches of log10 rate without a finite loss.
    is_over: whether the sweep is at its end.
    """

    sweep: Sweep
    count: int
    current: tuple[float, float] | None
    picks: tuple[Pick, ...]
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
    schedule, sweep, step = range_test_of(recording), _sweep(recording), min(step, recording.last_step)
    is_over = step == recording.experiment.steps
    count = min((step + 1) // schedule.rows_per_rate, len(sweep.rates))
    reached = float(sweep.rates[count - 1]) if count else -math.inf
    return RatePicture(
        sweep,
        count,
        _current(recording, step, sweep, count),
        sweep.picks if is_over else tuple(map(_unknown, sweep.picks)),
        tuple(mark for mark in sweep.marks if mark.place <= reached),
        sweep.stop if is_over else None,
        _hatched(sweep, count),
        is_over,
    )


_sweeps: WeakKeyDictionary[Recording, tuple[int, Sweep]] = WeakKeyDictionary()


def _sweep(recording: Recording) -> Sweep:
    """What was found out once is remembered for speed, until there are more rows."""
    rows, sweep = _sweeps.get(recording, (0, None))
    if sweep is None or rows != len(recording):
        sweep = build_sweep(recording)
        _sweeps[recording] = (len(recording), sweep)
    return sweep


def _unknown(pick: Pick) -> Pick:
    """The pick before the end of the sweep: without its rate, if that comes from the curve."""
    return replace(pick, learning_rate=None) if pick.name in OF_THE_CURVE else pick


def _current(recording: Recording, step: int, sweep: Sweep, count: int) -> tuple[float, float] | None:
    """The rate and the loss of the step; on a smoothed curve its last point."""
    if range_test_of(recording).smoothed:
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
    edges = np.flatnonzero(np.diff(gone.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    stretches = [(float(rates[begin]), float(rates[stop - 1])) for begin, stop in edges]
    if gone[-1]:
        stretches[-1] = (stretches[-1][0], end)
    return tuple(stretches)
