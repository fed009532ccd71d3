"""Fewer points of a curve that look the same."""

import math

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1024


def thin(losses: NDArray[np.floating]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Steps and losses of at most a few thousand points; of every bucket the lowest and the highest loss, and a gap."""
    count = len(losses)
    if count <= 2 * BUCKETS:
        return np.arange(count), losses.astype(np.float64)
    size = 2 ** math.ceil(math.log2(count / BUCKETS))
    whole = count // size * size
    rows = [np.array([0, count - 1]), _outstanding(losses[:whole].reshape(-1, size))]
    if whole < count:
        rows.append(whole + _outstanding(losses[whole:].reshape(1, -1)))
    steps = np.sort(np.concatenate(rows))
    steps = steps[np.diff(steps, prepend=-1) > 0]  # np.unique would load all of numpy.ma, in the middle of a frame
    return steps, losses[steps].astype(np.float64)


def _outstanding(buckets: NDArray[np.floating]) -> NDArray[np.int64]:
    """The places of the lowest and the highest finite loss of every bucket, and of its first gap if it has one."""
    begin = np.arange(len(buckets)) * buckets.shape[1]
    finite = np.isfinite(buckets)
    if finite.all():  # the usual case, without a copy of a million losses
        return np.concatenate([begin + buckets.argmin(axis=1), begin + buckets.argmax(axis=1)])
    lowest = np.where(finite, buckets, np.inf).argmin(axis=1)
    highest = np.where(finite, buckets, -np.inf).argmax(axis=1)
    with_gap = ~finite.all(axis=1)
    gap = finite.argmin(axis=1)[with_gap]
    return np.concatenate([begin + lowest, begin + highest, begin[with_gap] + gap])
