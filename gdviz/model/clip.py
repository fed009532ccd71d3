"""Clipping straight segments at the walls of the unit box, in double precision, before anything is drawn."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def clip_segments(begin: Array, end: Array) -> tuple[Array, Array, NDArray[np.bool_]]:
    """The parts of the segments ``begin`` to ``end``, shapes (m, 2), that lie in [-1, 1] x [-1, 1].

    Returns both ends of every part, shape (m, 2), and which segments have a visible part, shape (m,); the ends of the
    others mean nothing. All coordinates must be finite; they may be as large as double precision permits.
    Source: Liang and Barsky, "A New Concept and Method for Line Clipping", ACM Transactions on Graphics 3 (1984).
    """
    # In units of the larger coordinate, so that the difference of 1e308 and -1e308 does not overflow.
    scale = np.maximum(1.0, np.maximum(np.abs(begin), np.abs(end)).max(axis=1, initial=0.0))[:, None]
    delta = end / scale - begin / scale
    enter, leave = np.zeros(len(begin)), np.ones(len(begin))
    visible = np.ones(len(begin), dtype=bool)
    for axis in (0, 1):
        for sign in (1.0, -1.0):
            toward = sign * delta[:, axis]
            room = 1.0 / scale[:, 0] - sign * begin[:, axis] / scale[:, 0]
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                crossing = room / toward
            enter = np.where(toward < 0, np.maximum(enter, crossing), enter)
            leave = np.where(toward > 0, np.minimum(leave, crossing), leave)
            visible &= (toward != 0) | (room >= 0)
    visible &= enter <= leave
    first, last = (_along(begin, end, part[:, None]) for part in (enter, leave))
    return first, last, visible


def _along(begin: Array, end: Array, part: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        point = begin * (1.0 - part) + end * part
    # Exact at the ends; on a wall, rounding may leave the result a little outside.
    point = np.where(part == 0.0, begin, np.where(part == 1.0, end, point))
    return np.where(np.isfinite(part) & (part > 0.0) & (part < 1.0), np.clip(point, -1.0, 1.0), point)
