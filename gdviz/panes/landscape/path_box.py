"""The box that the path so far fills, with each parameter on its own level of the ladder 1, 2, 5, also below 1."""

import math
from collections.abc import Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from gdviz.core.box import Box
from gdviz.core.descent.recording import Recording
from gdviz.presentation.numbers import nice_ceiling

FILLED = 0.7
"""The largest part of the box's width that the path takes; with the ladder at least a quarter of it."""
CELLS = 4
"""The box is so many cells wide, and its edges lie on them, so that it stays put while the path grows within them."""
FINEST = 1e-11
"""The smallest box, as a part of the first one and of its coordinates: a thousandth of it is still above rounding."""
BLOCK = 1024
"""Steps per stored pair of extremes."""


class Extent(NamedTuple):
    """The least and the greatest value of each parameter, both of shape (2,)."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @property
    def moved(self) -> tuple[bool, bool]:
        """Which of the parameters have moved at all."""
        first, second = (self.low < self.high).tolist()
        return first, second


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
        whole = Extent(self.lows[begin:end].min(axis=0), self.highs[begin:end].max(axis=0))
        return _union([whole, *(_extremes(recording.points[rows]) for rows in ends)])

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
    for recording in recordings:
        last = min(step, recording.last_step)
        parts.append(_known.setdefault(recording, _Extremes()).between(recording, recording.run_start(last), last))
    return _union(parts)


def path_box(covered: Extent, first: Box, equal_axes: bool) -> Box | None:
    """The box that the path fills; None if nothing has moved, or the box would be beyond double precision.

    Its half-width along a parameter is that of the first box times the smallest of 1, 2, 5, 10, ... and 1/2, 1/5, ...
    at which the path takes at most FILLED of the width; that of the other parameter where one has not moved, and the
    larger one of both if the axes are equal. Its edges lie on multiples of a quarter of its width.
    """
    pairs = list(zip(covered.low.tolist(), covered.high.tolist(), first.half, strict=True))
    factors = [_factor(low, high, half) for (low, high, half), moved in zip(pairs, covered.moved, strict=True) if moved]
    if not factors:
        return None
    if equal_axes or len(factors) == 1:
        # One that has not moved must be shown as finely as its size allows, too.
        factors = [max(*factors, *(_finest(low, high, half) for low, high, half in pairs))] * 2
    if not all(math.isfinite(factor * half) for factor, half in zip(factors, first.half, strict=True)):
        return None
    sides = [_side(low, high, factor * half) for (low, high, half), factor in zip(pairs, factors, strict=True)]
    box = Box((sides[0][0], sides[1][0]), (sides[0][1], sides[1][1]))
    return box if box.is_finite else None


def _factor(low: float, high: float, half: float) -> float:
    # Halved before subtracting, since the difference may overflow.
    needed = (high / 2.0 - low / 2.0) / half / FILLED
    return max(_ladder(needed), _finest(low, high, half))


def _finest(low: float, high: float, half: float) -> float:
    return _ladder(FINEST * max(1.0, abs(low) / half, abs(high) / half))


def _ladder(value: float) -> float:
    return nice_ceiling(value) if 0 < value < math.inf else value


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
    return Extent(finite.min(axis=0, initial=np.inf), finite.max(axis=0, initial=-np.inf))


def _union(parts: Sequence[Extent]) -> Extent:
    lows, highs = zip(*parts, strict=True)
    return Extent(np.min(lows, axis=0), np.max(highs, axis=0))
