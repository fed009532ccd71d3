"""Recordings made to measure, and comparisons that look into every array of a frame."""

import functools
from dataclasses import fields, is_dataclass

import numpy as np

from gdviz.core.descent.checkpoint import Checkpoint, start
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import Chunk
from gdviz.core.descent.optimizers import Momentum
from gdviz.core.descent.recording import Recording, record
from gdviz.core.descent.schedules import Constant
from gdviz.core.precision import Precision
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock

EPS = float(np.finfo(np.float64).eps)
LECTURE = LinearRegression()


def lecture(rate, **others):
    """The lecture's run with a learning rate."""
    return Experiment(**{"problem": LECTURE, "start": (0.0, -1.0), "schedule": Constant(rate), **others})


EXPERIMENTS = {
    "point-nine": lecture(0.9),
    "one": lecture(1.0),
    "ten": lecture(10.0),
    "tenth": lecture(0.1),
    "momentum": lecture(1.9, optimizer=Momentum()),
    "one in double precision": lecture(1.0, precision=Precision.FLOAT64),
    "valley": Experiment(Rosenbrock(), schedule=Constant(0.01), start=(-1.2, 1.0), precision=Precision.FLOAT64),
    "four wells": Experiment(Himmelblau(), schedule=Constant(0.05), start=(0.0, 0.0)),
}


@functools.cache
def recorded(name):
    """The complete recording of one of `EXPERIMENTS`."""
    return record(EXPERIMENTS[name])


def invented(points=None, losses=None, problem=LECTURE, precision=Precision.FLOAT64, chunks=None, steps=None):
    """A recording with these points or losses, whatever descent would have done; in chunks of these sizes."""
    count = len(points) if points is not None else len(losses)
    points = np.zeros((count, 2)) if points is None else np.asarray(points, dtype=np.float64)
    losses = np.ones(count) if losses is None else np.asarray(losses, dtype=np.float64)
    recording = Recording(Experiment(problem, steps=steps or max(count - 1, 1), precision=precision))
    begin = 0
    for size in chunks or [count]:
        append(recording, points[begin : begin + size], losses[begin : begin + size])
        begin += size
    return recording


def append(recording, points, losses):
    """Add rows to an invented recording."""
    dtype = recording.experiment.precision.dtype
    with np.errstate(over="ignore"):
        points, losses = np.asarray(points).astype(dtype), np.asarray(losses).astype(dtype)
    zeros = np.zeros_like(points)
    begin = Checkpoint(len(recording), start(recording.experiment).point, None)
    recording.append(Chunk(begin, points, losses, zeros, zeros, np.ones_like(losses)))


def partial(recording, count):
    """The same run, of which only the first ``count`` steps have been computed."""
    new = Recording(recording.experiment)
    extend(new, recording, count)
    return new


def extend(new, recording, count):
    """Let a partial copy of the recording grow to ``count`` steps."""
    rows = slice(len(new), count)
    columns = (recording.points, recording.losses, recording.gradients, recording.directions, recording.learning_rates)
    begin = recording.checkpoint(len(new))
    new.append(Chunk(begin, *(column[rows] for column in columns)))


def numbers(value, place=""):
    """Every array and every float inside of a value made of dataclasses, tuples and the like, with its place."""
    if isinstance(value, (np.ndarray, float)):
        yield place, np.asarray(value)
    elif isinstance(value, (tuple, list)):
        for index, part in enumerate(value):
            yield from numbers(part, f"{place}[{index}]")
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from numbers(part, f"{place}[{key!r}]")
    elif is_dataclass(value):
        for field in fields(value):
            yield from numbers(getattr(value, field.name), f"{place}.{field.name}")


def equal(one, two):
    """Whether two values are equal down to the last bit of every array in them (NaN equals NaN)."""
    if type(one) is not type(two):
        return False
    if isinstance(one, float) and np.isnan(one):
        return bool(np.isnan(two))
    if isinstance(one, np.ndarray):
        return one.dtype == two.dtype and np.array_equal(one, two, equal_nan=one.dtype.kind == "f")
    if isinstance(one, (tuple, list)):
        return len(one) == len(two) and all(map(equal, one, two))
    if isinstance(one, dict):
        return equal([*one], [*two]) and equal([*one.values()], [*two.values()])
    if is_dataclass(one):
        return all(equal(getattr(one, field.name), getattr(two, field.name)) for field in fields(one))
    return one == two


def same_columns(one, two, count=None):
    """Whether the first ``count`` steps of two recordings (all of them by default) are equal bit for bit."""
    if count is None and len(one) != len(two):
        return False
    return all(
        left[:count].tobytes() == right[:count].tobytes()
        for left, right in (
            (one.points, two.points),
            (one.losses, two.losses),
            (one.gradients, two.gradients),
            (one.directions, two.directions),
            (one.learning_rates, two.learning_rates),
        )
    )
