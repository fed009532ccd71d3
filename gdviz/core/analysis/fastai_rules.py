"""The rules by which fast.ai picks a rate from the curve of a range test, each as the index of a point.

Source: fast.ai, fastai/callback/schedule.py, version 2.7 (lr_find, minimum, steep, valley, slide).
"""

from bisect import bisect_left

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SLIDE_WIDTH, SLIDE_THRESHOLD = 15, 0.005


def steepness(rates: Array, losses: Array) -> Array:
    """The change of the loss per ln(rate) from each point to the next, shape (n - 1,); infinity where not finite."""
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        slopes = np.diff(losses) / np.diff(np.log(rates))
    return np.where(np.isfinite(slopes), slopes, np.inf)


def steep(rates: Array, losses: Array) -> int | None:
    """The steepest descent of the loss per ln(rate); infinite slopes are ignored."""
    slopes = steepness(rates, losses)
    return int(np.argmin(slopes)) if np.isfinite(slopes).any() else None


def valley(losses: Array) -> int:
    """The middle of the longest decreasing subsequence, as in fast.ai; of several, the one ending first.

    It is taken to begin its own length before its last point, however many points it skips. Its middle is a third plus
    half a third after that, each rounded down.
    """
    length, last = 1, 0
    tails: list[float] = []  # by length, the largest last loss of decreasing subsequences, negated
    for place, loss in enumerate(losses.tolist()):
        at = bisect_left(tails, -loss)
        tails[at : at + 1] = [-loss]
        if at + 1 > length:
            length, last = at + 1, place
    begin = last - length if length > 1 else 0
    section = (last - begin) / 3
    # A subsequence of length two at the start would begin before the first point, and fast.ai takes the last rate.
    return max(0, begin + int(section) + int(section / 2))


def slopes_agree(losses: Array, threshold: float) -> NDArray[np.bool_]:
    """Whether the slopes at each of the points and SLIDE_WIDTH later agree, shape (n - SLIDE_WIDTH,).

    A slope is the change of the loss from one rate to the next.
    """
    if len(losses) <= SLIDE_WIDTH:
        return np.zeros(0, np.bool_)
    with np.errstate(invalid="ignore", over="ignore"):
        slopes = np.gradient(losses)
        return ~(np.abs(slopes[SLIDE_WIDTH:] - slopes[:-SLIDE_WIDTH]) > threshold)


def slide(losses: Array) -> int | None:
    """Where an interval of 15 points, sliding left from the end, first has equal slopes at both ends."""
    if len(losses) <= SLIDE_WIDTH:
        return None
    same = slopes_agree(losses, SLIDE_THRESHOLD)
    agreeing = np.flatnonzero(same)
    # The last index where they still differ, not the first where they no longer do.
    return min(int(agreeing[-1]) + 1, len(same) - 1) if len(agreeing) else 0
