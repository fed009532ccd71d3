"""Classifies the cells of the map of rate and steps into regions that can be named."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from gdviz.core.frozen import frozen

Values = NDArray[np.float32]
Mask = NDArray[np.bool_]

LOG_TOLERANCE = -2.0 + 1e-6
"""log10 of the relative loss at which a run counts as converged, 1 %, with an allowance for rounding."""
VISIBLE_CHANGE = 0.01
"""A smaller change of log10 of the loss cannot be seen."""
TAIL_FACTOR = 2
"""What holds in the tail of the map, from its last step divided by this on, is taken to hold forever."""


class Region(IntEnum):
    """The kind of a cell."""

    NONE = 0
    IMPROVING = 1
    WITHIN_TOLERANCE = 2
    WORSENING = 3
    WORSE_THAN_START = 4
    HIGHER_MINIMUM = 5
    INFINITE = 6
    NAN = 7


REGION_WORDS = {
    Region.IMPROVING: "more steps help",
    Region.WITHIN_TOLERANCE: "within 1 %",
    Region.WORSENING: "every step makes it worse",
    Region.WORSE_THAN_START: "worse than the start",
    Region.HIGHER_MINIMUM: "in a higher minimum",
    Region.INFINITE: "infinite",
    Region.NAN: "NaN",
}


@frozen(eq=False)
class Cells:
    """What the regions are derived from.

    steps: shape (rows,), increasing. values: shape (rows, columns), log10 of the loss above the minimum, relative to
    the start's if ``from_start``. below_limit: shape (columns,), whether the rate is below the limit, if any.
    """

    steps: NDArray[np.int64]
    values: Values
    from_start: bool
    below_limit: Mask


def worsening_columns(cells: Cells) -> Mask:
    """Which columns, shape (columns,), are above the limit and have no row better than the one before, or the start.

    For plain descent on a quadratic the same holds for the steps between the rows: the loss is convex in the number of
    steps, a sum of c q^t with c >= 0 and q >= 0.
    """
    if not cells.from_start or not len(cells.values):
        return np.zeros_like(cells.below_limit)
    before = np.vstack([np.zeros_like(cells.values[:1]), cells.values[:-1]])
    better = np.asarray((cells.values < before).any(axis=0))
    return np.logical_not(better | cells.below_limit)


def classify(cells: Cells, higher_minima: tuple[float, ...]) -> NDArray[np.int8]:
    """The `Region` of every cell, shape (rows, columns).

    higher_minima: log10 of the losses, like ``values``, of the known minima that are not the lowest.
    """
    values, found = cells.values, np.zeros(cells.values.shape, np.int8)
    if not len(values):
        return found
    is_tail = cells.steps * TAIL_FACTOR >= cells.steps[-1]
    better = values > _worst_in_tail(values[is_tail]) + VISIBLE_CHANGE
    found[better & cells.below_limit & ~is_tail[:, None]] = Region.IMPROVING
    if cells.from_start:
        found[(values > VISIBLE_CHANGE) & (found == Region.NONE)] = Region.WORSE_THAN_START
        found[(values > 0.0) & worsening_columns(cells)] = Region.WORSENING
    for height in higher_minima:
        found[_holds_to_the_end(np.abs(values - height) <= VISIBLE_CHANGE, is_tail)] = Region.HIGHER_MINIMUM
    if cells.from_start:
        found[values <= LOG_TOLERANCE] = Region.WITHIN_TOLERANCE
    found[np.isposinf(values)] = Region.INFINITE
    found[np.isnan(values)] = Region.NAN
    return found


def _worst_in_tail(last: Values) -> Values:
    """The highest value in the tail of each column, shape (columns,); infinity where it has not settled.

    A loss that oscillates forever is no better for being low now and then: it must stay within 1 %, or fall.
    """
    with np.errstate(invalid="ignore"):
        is_falling = (last[1:] <= last[:-1] + VISIBLE_CHANGE).all(axis=0)
        is_settled = (last <= LOG_TOLERANCE).all(axis=0) | (is_falling & (last < np.inf).all(axis=0))
    worst: Values = np.where(is_settled, last.max(axis=0), np.float32(np.inf))
    return worst


def _holds_to_the_end(is_so: Mask, is_tail: Mask) -> Mask:
    """Where the condition holds from that row to the last one, and throughout the tail."""
    lasts: Mask = np.logical_and.accumulate(is_so[::-1], axis=0)[::-1]
    return lasts & is_so[is_tail].all(axis=0)
