"""The box that the path so far fills, with each parameter on its own level of the ladder 1, 2, 5, also below 1."""

import math
from collections.abc import Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from gdviz.core.box import Box
from gdviz.core.descent.recording import Recording
from gdviz.core.long_work import worked
from gdviz.presentation.numbers import nice_ceiling

FILLED = 0.7
"""The largest part of the box's width that the path takes; with the ladder at least a quarter of it."""
CELLS = 4
"""The box is so many cells wide, and centred on those that the path has reached: it stays put while no other is."""
FINEST = 1e-11
"""The smallest box, as a part of the first one and of its coordinates: a thousandth of it is still above rounding."""
BLOCK = 1024
"""Steps per stored pair of extremes."""
EXTENT_NANOSECONDS = 40_000
"""About what the extent of a run takes."""


class Extent(NamedTuple):
    """The least and the greatest value of each parameter, and whether a run has moved along it; all of shape (2,)."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    moved: NDArray[np.bool_]


class _Extremes:
    """The extremes of the finite points in each full block of a recording that may still grow."""

    def __init__(self) -> None:
        self.lows, self.highs = np.empty((0, 2)), np.empty((0, 2))

    def between(self, recording: Recording, first: int, last: int) -> Extent:
        """The extremes of the steps from ``first`` to ``last``."""
        self._extend(recording)
        begin, end = -(-first // BLOCK), (last + 1) // BLOCK
        if begin >= end:
            return _extremes(recording.points[first : last + 1])
        ends = (slice(first, begin * BLOCK), slice(end * BLOCK, last + 1))
        parts = [_extremes(recording.points[rows]) for rows in ends]
        low = np.min([*self.lows[begin:end], *(part.low for part in parts)], axis=0)
        high = np.max([*self.highs[begin:end], *(part.high for part in parts)], axis=0)
        return Extent(low, high, low < high)

    def _extend(self, recording: Recording) -> None:
        seen, count = len(self.lows), len(recording) // BLOCK
        if seen < count:
            found = [_extremes(recording.points[at * BLOCK : (at + 1) * BLOCK]) for at in range(seen, count)]
            self.lows = np.concatenate([self.lows, [one.low for one in found]])
            self.highs = np.concatenate([self.highs, [one.high for one in found]])


_known: WeakKeyDictionary[Recording, _Extremes] = WeakKeyDictionary()


def extent(recordings: Sequence[Recording], step: int) -> Extent:
    """What the runs have covered up to a step, counting finite points only; inf and -inf if there is none.

    A shorter run stays at its end. If a recording holds many runs, only the one at ``step`` counts.
    """
    parts = []
    worked(EXTENT_NANOSECONDS * len(recordings))
    for recording in recordings:
        last = min(step, recording.last_step)
        parts.append(_known.setdefault(recording, _Extremes()).between(recording, recording.run_start(last), last))
    return _union(parts)


def path_box(covered: Extent, first: Box, equal_axes: bool) -> Box | None:
    """The box that the path fills; None if nothing has moved, or the box would be beyond double precision.

    Its half-width along a parameter is that of the first box times the smallest of 1, 2, 5, 10, ... and 1/2, 1/5, ...
    at which the path takes at most FILLED of the width; no less than that of the other parameter where one has not
    moved, and the larger of both if the axes are equal.
    """
    if not covered.moved.any():
        return None
    pairs = list(zip(covered.low.tolist(), covered.high.tolist(), first.half, strict=True))
    factors = [_factor(low, high, half) for low, high, half in pairs]
    factors = [
        max(factors) if equal_axes or not moved else own for own, moved in zip(factors, covered.moved, strict=True)
    ]
    if not all(math.isfinite(factor * half) for factor, half in zip(factors, first.half, strict=True)):
        return None
    sides = [_side(low, high, factor * half) for (low, high, half), factor in zip(pairs, factors, strict=True)]
    box = Box((sides[0][0], sides[1][0]), (sides[0][1], sides[1][1]))
    return box if box.is_finite else None


def _factor(low: float, high: float, half: float) -> float:
    # Halved before subtracting, since the difference may overflow.
    needed = (high / 2.0 - low / 2.0) / half / FILLED
    finest = FINEST * max(1.0, abs(low) / half, abs(high) / half)
    wanted = max(needed, finest)
    return nice_ceiling(wanted) if wanted < math.inf else wanted


def _side(low: float, high: float, half: float) -> tuple[float, float]:
    """Centre and half-width of the cells that hold the interval, of which it takes CELLS or fewer.

    Both ends are rounded outwards and only ever move apart while the half-width is the same, so that the centre takes
    a few values and does not hover between two.
    """
    cell = 2.0 * half / CELLS
    return (math.floor(low / cell) + math.ceil(high / cell)) / 2.0 * cell, half


def _extremes(points: NDArray[np.floating]) -> Extent:
    """Of the finite ones among points of shape (n, 2), n = 0 included."""
    finite = points[np.isfinite(points).all(axis=1)].astype(np.float64)
    low, high = finite.min(axis=0, initial=np.inf), finite.max(axis=0, initial=-np.inf)
    return Extent(low, high, low < high)


def _union(parts: Sequence[Extent]) -> Extent:
    lows, highs, moved = zip(*parts, strict=True)
    return Extent(np.min(lows, axis=0), np.max(highs, axis=0), np.any(moved, axis=0))
