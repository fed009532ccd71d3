"""Curves of any length thinned to what can be seen of them, without losing a peak or a gap."""

import math

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.recording import Recording
from gdviz.core.weak_cache import weak_cache

Places = NDArray[np.int64]
Column = NDArray[np.floating]

BUCKETS = 1024
OCTAVE_BUCKETS = 128  # per doubling of the step on a logarithmic axis
PIECE = 65_536  # values looked at in one call: NumPy copies what is read-only


class BucketExtremes:
    """Where the extremes in the buckets of a column are, each found once; the column may grow, but not change.

    Frames of one recording may be composed in several threads: what two of them find is the same.
    """

    def __init__(self) -> None:
        """Find nothing yet."""
        self._found: dict[int, Places] = {}

    def of(self, column: Column, size: int) -> Places:
        """The places in each full bucket of that size, shape (n, 3), as in `_extremes`."""
        count, found = len(column) // size, self._found.get(size, np.empty((0, 3), np.int64))
        if len(found) < count:
            at_once, begin = max(1, PIECE // size), len(found)
            parts = [(first, min(first + at_once, count)) for first in range(begin, count, at_once)]
            new = [first * size + _extremes(column[first * size : end * size], size) for first, end in parts]
            self._found[size] = found = np.concatenate([found, *new])
        return found[:count]


@weak_cache(2)
def bucket_extremes(recording: Recording, column: str) -> BucketExtremes:
    """Those of the column of a recording with that name."""
    return BucketExtremes()


def downsample(values: Column, known: BucketExtremes | None = None) -> tuple[Places, NDArray[np.float64]]:
    """Steps and values of at most a few thousand points: per bucket the lowest and the highest value, and any gap.

    known: the extremes of the column whose first values these are.
    """
    count = len(values)
    if count <= 2 * BUCKETS:
        return np.arange(count), values.astype(np.float64)
    size = 2 ** math.ceil(math.log2(count / BUCKETS))
    known = known or BucketExtremes()
    return _at(values, [np.array([0, count - 1]), known.of(values, size).ravel(), _of_rest(values, size)])


def downsample_log(values: Column, known: BucketExtremes | None = None) -> tuple[Places, NDArray[np.float64]]:
    """`downsample` for a logarithmic axis: the first steps as they are, then as many buckets for each doubling."""
    count, known = len(values), known or BucketExtremes()
    places, size = [np.arange(min(2 * OCTAVE_BUCKETS, count)), np.array([count - 1])], 2
    while size * OCTAVE_BUCKETS < count:
        octave = values[: 2 * size * OCTAVE_BUCKETS]
        places += [known.of(octave, size)[OCTAVE_BUCKETS:].ravel(), _of_rest(octave, size)]
        size *= 2
    return _at(values, places)


def _at(values: Column, places: list[Places]) -> tuple[Places, NDArray[np.float64]]:
    """The places in their order, each once, and the values there."""
    steps = np.sort(np.concatenate(places))
    steps = steps[np.diff(steps, prepend=-1) > 0]  # np.unique would load all of numpy.ma, in the middle of a frame
    return steps, values[steps].astype(np.float64)


def _of_rest(values: Column, size: int) -> Places:
    """The places of the extremes of what is left after the last full bucket."""
    rest = len(values) % size
    return len(values) - rest + _extremes(values[len(values) - rest :], rest).ravel() if rest else np.empty(0, np.int64)


def _extremes(values: Column, size: int) -> Places:
    """The places of the lowest and the highest finite value of every bucket and of its first gap, shape (n, 3).

    Where there is no gap, the place of the lowest value again.
    """
    buckets = values.reshape(-1, size)
    finite = np.isfinite(buckets)
    if finite.all():  # the usual case, without copies
        lowest = gap = buckets.argmin(axis=1)
        highest = buckets.argmax(axis=1)
    else:
        lowest = np.where(finite, buckets, np.inf).argmin(axis=1)
        highest = np.where(finite, buckets, -np.inf).argmax(axis=1)
        gap = np.where(finite.all(axis=1), lowest, finite.argmin(axis=1))
    return np.stack([lowest, highest, gap], axis=1) + size * np.arange(len(buckets))[:, None]
