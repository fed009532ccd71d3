"""Range tests: the curve of loss against rate (also as CSV), and where the test stops."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from itertools import repeat
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from gdviz.core.analysis.default_rates import default_range
from gdviz.core.atomic import replacing
from gdviz.core.descent.checkpoint import start
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import descend, learning_rates, walk
from gdviz.core.descent.recording import Recording
from gdviz.core.descent.schedules import Constant, RangeTest, Schedule
from gdviz.core.descent.trace import write_columns
from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
from gdviz.core.long_work import report_part, worked
from gdviz.core.problems.capabilities import HasData, reads_no_rows
from gdviz.core.problems.problem import Problem
from gdviz.core.weak_cache import weak_cache

Array = NDArray[np.float64]

HEADER = ("learning_rate", "loss", "smoothed_loss")
AVERAGE_WEIGHT, LOSS_WEIGHT = 0.98, 0.02  # of the exponential moving average
STOP_FACTOR = 4.0  # the test stops when the shown loss exceeds the best so far by this factor
STEP_NANOSECONDS, CELL_NANOSECONDS = 10_000, 4  # about the time of a step, and of a row in it or of a run beside it
PARALLEL_RUNS = 256  # fresh starts computed side by side; more would not fit into the cache


@frozen(eq=False)
class Curve:
    """The rates tried so far and their losses, all of shape (n,) in double precision.

    smoothed: v/(1 - 0.98^(k+1)) with v = 0.98 v + 0.02 loss, as in fast.ai. shown: whichever of the two decides where
    the test stops and what it suggests. start_loss: that of the start, before any step.
    """

    learning_rates: Array
    losses: Array
    smoothed: Array
    shown: Array
    start_loss: float


def range_test_of(experiment: Experiment) -> RangeTest:
    """The schedule of a range test; ValueError if the experiment has another one."""
    if not isinstance(experiment.schedule, RangeTest):
        raise ValueError(f"the schedule is not a range test but {experiment.schedule}")
    return experiment.schedule


def range_test_or_default(experiment: Experiment) -> RangeTest:
    """The schedule itself if it is a range test, else one with the default rates of the problem."""
    if isinstance(experiment.schedule, RangeTest):
        return experiment.schedule
    return RangeTest(*default_range(experiment.problem, experiment.precision))


def with_schedule(experiment: Experiment, schedule: Schedule) -> Experiment:
    """The experiment with this schedule; for a range test, `as_range_test`."""
    if isinstance(schedule, RangeTest):
        return as_range_test(experiment, schedule)
    return replace(experiment, schedule=schedule)


def as_range_test(experiment: Experiment, schedule: RangeTest) -> Experiment:
    """The experiment with this range test as its schedule, and as many steps as it takes until it stops.

    It stops after the first rate whose shown loss exceeds four times the best so far. Infinity exceeds every number,
    NaN none. A negative loss stops it at once, since it is above four times itself.
    InputError for rates that the precision cannot represent.
    Source: fast.ai, LRFinder in fastai/callback/schedule.py, version 2.7.
    """
    _check_rates(experiment, schedule)
    sweep = replace(experiment, schedule=schedule, steps=schedule.last_step)
    return replace(sweep, steps=_last_step(sweep, schedule)) if schedule.stops else sweep


def curve(recording: Recording, step: int) -> Curve:
    """The curve of a range test's recording up to ``step``; with fresh starts, of completed rates only.

    With one step per rate the loss is that before the step, as in fast.ai; with K fresh steps, that after them.
    ValueError if the recording is not of a range test.
    """
    schedule = range_test_of(recording.experiment)
    rows = slice(schedule.rows_per_rate - 1, step + 1, schedule.rows_per_rate)
    rates, losses = (column[rows].astype(np.float64) for column in (recording.learning_rates, recording.losses))
    return _curve(schedule, rates, losses, float(recording.losses[0]) if len(recording) else math.nan)


def curve_from_fresh_starts(sweep: Experiment) -> Curve:
    """The curve of a whole range test from fresh starts, to the bit, but without its recording and much sooner.

    ValueError if the experiment is not such a test.
    """
    schedule = range_test_of(sweep)
    if not schedule.fresh_steps:
        raise ValueError("the range test is one continuous run")
    losses = np.array(list(_fresh_losses(sweep, schedule)))[: sweep.steps // schedule.rows_per_rate + 1]
    rates = np.array([schedule.rate(index) for index in range(len(losses))]).astype(sweep.precision.dtype)
    first = next(walk(sweep, start(sweep), learning_rates(sweep)))
    return _curve(schedule, rates.astype(np.float64), losses, float(first.loss))


def _curve(schedule: RangeTest, rates: Array, losses: Array, start_loss: float) -> Curve:
    smoothed = np.array(list(_smoothed(losses.tolist())), dtype=np.float64)
    return Curve(rates, losses, smoothed, smoothed if schedule.smoothed else losses, start_loss)


def has_stopped(found: Curve, experiment: Experiment) -> bool:
    """Whether the range test stops at the last rate of the curve; ValueError if it is not a range test."""
    known = found.shown[~np.isnan(found.shown)]
    may_stop = range_test_of(experiment).stops and len(known) > 0
    return may_stop and _stops_at(float(found.shown[-1]), float(known.min()))


def write_csv(recording: Recording, file: TextIO) -> None:
    """Write one line per rate; rates and losses round-trip in the run's precision, smoothed losses in double."""
    schedule = range_test_of(recording.experiment)
    rows = slice(schedule.rows_per_rate - 1, None, schedule.rows_per_rate)
    smoothed = curve(recording, recording.last_step).smoothed.tolist()
    write_columns(file, HEADER, (recording.learning_rates[rows], recording.losses[rows], smoothed))


def write_range_test(recording: Recording, path: Path) -> None:
    """Write the curve as a CSV file; InputError if it cannot be written."""
    with replacing(path) as temporary, temporary.open("w", newline="", encoding="ascii") as file:
        write_csv(recording, file)


def _check_rates(experiment: Experiment, schedule: RangeTest) -> None:
    precision = experiment.precision
    for name, rate in (("start", schedule.start), ("end", schedule.rate(schedule.number - 1))):
        with np.errstate(over="ignore"):
            rounded = float(precision.dtype.type(rate))
        if rounded == 0.0 or math.isinf(rounded):
            size = "large" if rounded else "small"
            given = getattr(schedule, name)
            raise InputError(f"range test: {name} {given:g} is too {size} for {precision}; use one such as 0.1")


def _last_step(sweep: Experiment, schedule: RangeTest) -> int:
    rest = tuple((field.name, getattr(sweep, field.name)) for field in fields(sweep) if field.name != "problem")
    return _found_last_step(sweep.problem, schedule, rest)


@weak_cache(64)
def _found_last_step(problem: Problem, schedule: RangeTest, rest: tuple[tuple[str, Any], ...]) -> int:
    """Where the test of an experiment with these other fields stops; many edits ask for the same one again."""
    sweep = Experiment(problem, **dict(rest))
    losses = _fresh_losses(sweep, schedule) if schedule.fresh_steps else _losses_along(sweep)
    best, report = math.inf, report_part.get()
    for index, loss in enumerate(_smoothed(losses) if schedule.smoothed else losses):
        report(index / schedule.number)
        best = min(best, loss)  # in this order of arguments NaN is never the best
        if _stops_at(loss, best):
            # A run has at least one step, which is one too many only if the first loss is negative.
            return max(1, (index + 1) * schedule.rows_per_rate - 1)
    return schedule.last_step


def _losses_along(sweep: Experiment) -> Iterator[float]:
    of_step = STEP_NANOSECONDS + CELL_NANOSECONDS * _rows_of_step(sweep)
    for chunk in descend(sweep):
        worked(of_step * len(chunk.losses))
        yield from chunk.losses.tolist()


def _rows_of_step(experiment: Experiment) -> int:
    """The rows that a step computes with."""
    problem, size = experiment.problem, experiment.batch_size
    if size is not None:
        return size
    return problem.data.rows if isinstance(problem, HasData) and not reads_no_rows(problem) else 1


def _stops_at(loss: float, best: float) -> bool:
    """Whether a range test stops at this shown loss; ``best`` may be the same loss."""
    return loss > STOP_FACTOR * best


def _fresh_losses(sweep: Experiment, schedule: RangeTest) -> Iterator[float]:
    """The loss after the fresh steps at each rate; rates side by side give the same bits, only faster."""
    constant, dtype = replace(sweep, schedule=Constant(schedule.start)), sweep.precision.dtype
    for first in range(0, schedule.number, PARALLEL_RUNS):
        indices = range(first, min(first + PARALLEL_RUNS, schedule.number))
        rates = np.array([schedule.rate(index) for index in indices]).astype(dtype)
        with np.errstate(all="ignore"):
            for step in walk(constant, start(constant, len(rates)), repeat(rates, schedule.rows_per_rate)):
                worked(STEP_NANOSECONDS + CELL_NANOSECONDS * _rows_of_step(sweep) * len(rates))
                losses = step.loss
        yield from losses.tolist()


def _smoothed(losses: Iterable[float]) -> Iterator[float]:
    average = 0.0
    for count, loss in enumerate(losses, 1):
        average = AVERAGE_WEIGHT * average + LOSS_WEIGHT * loss
        yield average / (1.0 - AVERAGE_WEIGHT**count)
