"""Classifies the cells of the map of rate and steps into regions that can be named."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]
Marks = NDArray[np.bool_]

WITHIN = -2.0 + 1e-6
"""log10 of the relative loss at which a run counts as converged, 1 %, with an allowance for rounding."""
NOTICEABLE = 0.01
"""A smaller change of log10 of the loss cannot be seen."""
STAYING = 2
"""What holds in the tail of the map, from its last step divided by this on, is taken to hold forever."""


class Region(IntEnum):
    """The kind of a cell."""

    NONE = 0
    HELPS = 1
    WITHIN = 2
    WORSENS = 3
    WORSE = 4
    ELSEWHERE = 5
    INFINITE = 6
    NAN = 7


REGION_WORDS = {
    Region.HELPS: "more steps help",
    Region.WITHIN: "within 1 %",
    Region.WORSENS: "every step makes it worse",
    Region.WORSE: "worse than the start",
    Region.ELSEWHERE: "in a higher minimum",
    Region.INFINITE: "infinite",
    Region.NAN: "NaN",
}


@dataclass(frozen=True, eq=False)
class Cells:
    """What the regions are derived from.

    steps: shape (rows,), increasing. values: shape (rows, columns), log10 of the loss above the minimum, relative to
    the start's if ``from_start``. below_limit: shape (columns,), whether the rate is below the limit, if any.
    """

    steps: NDArray[np.int64]
    values: Values
    from_start: bool
    below_limit: Marks


def worsening(cells: Cells) -> Marks:
    """Which columns, shape (columns,), are above the limit and have no row better than the one before, or the start.

    For plain descent on a quadratic the same holds for the steps between the rows: the loss is convex in the number of
    steps, a sum of c q^t with c >= 0 and q >= 0.
    """
    if not cells.from_start or not len(cells.values):
        return np.zeros_like(cells.below_limit)
    before = np.vstack([np.zeros_like(cells.values[:1]), cells.values[:-1]])
    better = np.asarray((cells.values < before).any(axis=0))
    return np.logical_not(better | cells.below_limit)


def classified(cells: Cells, higher_minima: tuple[float, ...]) -> NDArray[np.int8]:
    """The `Region` of every cell, shape (rows, columns).

    higher_minima: log10 of the losses, like ``values``, of the known minima that are not the lowest.
    """
    values, found = cells.values, np.zeros(cells.values.shape, np.int8)
    if not len(values):
        return found
    last_part = cells.steps * STAYING >= cells.steps[-1]
    better = values > _to_come(values[last_part]) + NOTICEABLE
    found[better & cells.below_limit & ~last_part[:, None]] = Region.HELPS
    if cells.from_start:
        found[(values > NOTICEABLE) & (found == Region.NONE)] = Region.WORSE
        found[(values > 0.0) & worsening(cells)] = Region.WORSENS
    for height in higher_minima:
        found[_lasting(np.abs(values - height) <= NOTICEABLE, last_part)] = Region.ELSEWHERE
    if cells.from_start:
        found[values <= WITHIN] = Region.WITHIN
    found[np.isposinf(values)] = Region.INFINITE
    found[np.isnan(values)] = Region.NAN
    return found


def _to_come(last: Values) -> Values:
    """The highest value in the tail of each column, shape (columns,); infinity where it has not settled.

    A loss that oscillates forever is no better for being low now and then: it must stay within 1 %, or fall.
    """
    with np.errstate(invalid="ignore"):
        is_falling = (last[1:] <= last[:-1] + NOTICEABLE).all(axis=0)
        is_settled = (last <= WITHIN).all(axis=0) | (is_falling & (last < np.inf).all(axis=0))
    worst: Values = np.where(is_settled, last.max(axis=0), np.float32(np.inf))
    return worst


def _lasting(is_so: Marks, last_part: Marks) -> Marks:
    """Where the condition holds from that row to the last one, and throughout the tail."""
    lasts: Marks = np.logical_and.accumulate(is_so[::-1], axis=0)[::-1]
    return lasts & is_so[last_part].all(axis=0)
