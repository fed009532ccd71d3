"""Curves before drawing: clipped to the unit box, their gaps, and the ranges of axes."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PADDING = 0.06  # margin of an axis beyond its values, as a fraction of their span
_WALLS = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
"""The position of each wall, which is also its outward normal."""

HUGE = 1e150


def clip_segments(begin: Array, end: Array) -> tuple[Array, Array, NDArray[np.bool_]]:
    """The parts of the segments ``begin`` to ``end``, shapes (m, 2), that lie in [-1, 1] x [-1, 1].

    Returns both ends of every part, shape (m, 2), and which segments have a visible part, shape (m,); the ends of the
    others are meaningless. All coordinates must be finite, but may be of any size.
    Source: Liang and Barsky, "A New Concept and Method for Line Clipping", ACM Transactions on Graphics 3 (1984).
    """
    begins_at, ends_at = (np.abs(places).max(axis=1, initial=0.0) for places in (begin, end))
    if max(begins_at.max(initial=0.0), ends_at.max(initial=0.0)) <= 1.0:  # the usual case: all is inside
        return begin, end, np.full(len(begin), True)
    # Measured from the end nearer to the box, so that rounding errors are of its size: next to the other end, the whole
    # box may be smaller than one rounding error.
    turned = (begins_at > ends_at)[:, None]
    near, far = np.where(turned, end, begin), np.where(turned, begin, end)
    # Huge ones in units of the largest coordinate, so that the difference of 1e308 and -1e308 does not overflow; others
    # as they are, since a quotient has a rounding error that a tiny difference may be as small as.
    largest = np.abs(far).max(axis=1, initial=0.0)[:, None]
    scale = np.where(largest > HUGE, largest, 1.0)
    toward = (far / scale - near / scale) @ _WALLS.T
    room = (1.0 - near @ _WALLS.T) / scale
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        crossing = room / toward
    entering = np.where(toward < 0, crossing, -np.inf)
    leaving = np.where(toward > 0, crossing, np.inf)
    enter, leave = np.maximum(entering.max(axis=1), 0.0), np.minimum(leaving.min(axis=1), 1.0)
    visible = ((toward != 0) | (room >= 0)).all(axis=1) & (enter <= leave)
    first = _point_along(near, far, enter, enter > 0.0, entering.argmax(axis=1))
    last = _point_along(near, far, leave, leave < 1.0, leaving.argmin(axis=1))
    return np.where(turned, last, first), np.where(turned, first, last), visible


def _point_along(near: Array, far: Array, part: Array, on_wall: NDArray[np.bool_], wall: NDArray[np.intp]) -> Array:
    part = np.clip(part, 0.0, 1.0)[:, None]
    point = np.clip(near * (1.0 - part) + far * part, -1.0, 1.0)
    # On a wall, one coordinate is exactly the wall's own.
    return np.where(on_wall[:, None] & (_WALLS[wall] != 0.0), _WALLS[wall], point)


def padded_range(values: Array, flat: float = 1.0) -> tuple[float, float]:
    """An axis range with a margin around the finite values, by default -1 to 1; ``flat``: the span of equal values."""
    values = values[np.isfinite(values)]
    if not len(values):
        return -1.0, 1.0
    low, high = float(values.min()), float(values.max())
    span = high - low or flat
    return low - PADDING * span, high + PADDING * span


def log10_of(values: Array) -> Array:
    """log10 of finite positive values, NaN for the rest."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.isfinite(values) & (values > 0), np.log10(values), np.nan)


def gaps(is_missing: NDArray[np.bool_], places: NDArray[np.generic], end: float) -> tuple[tuple[float, float], ...]:
    """Ranges of an axis, from and to, whose positions, shape (n,), have no value; a final one goes on to the end."""
    edges = np.flatnonzero(np.diff(is_missing.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    found = [(float(places[begin]), float(places[stop - 1])) for begin, stop in edges]
    if found and is_missing[-1]:
        found[-1] = (found[-1][0], end)
    return tuple(found)
