"""The stretches of steps in which a value of a run is infinite or NaN, found while the run is recorded."""

from array import array
from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray


class Stretches:
    """The stretches of a column without finite values; the column may grow, but not change."""

    def __init__(self) -> None:
        """Of a column without a step."""
        self._turns = array("q")  # the steps from which on there are no finite values, and some again, in turns

    def extend(self, values: NDArray[np.floating], begin: int) -> bool:
        """Take the next values into account, from that of step ``begin`` on; return whether all are finite."""
        finite, was_finite = np.isfinite(values), len(self._turns) % 2 == 0
        all_finite = bool(finite.all())
        if not was_finite or not all_finite:
            turns = np.flatnonzero(np.diff(finite, prepend=was_finite))
            self._turns.extend((begin + turns).tolist())
        return all_finite

    def since(self, step: int) -> int:
        """The first step of the stretch that ``step`` is in; the step after it where it is in none."""
        turns = bisect_right(self._turns, step)
        return self._turns[turns - 1] if turns % 2 else step + 1

    def up_to(self, last: int) -> NDArray[np.int64]:
        """The stretches up to a step, each with its first step and the one after its last, shape (k, 2)."""
        turns = self._turns[: bisect_right(self._turns, last)]
        return np.array([*turns, last + 1][: len(turns) + len(turns) % 2], np.int64).reshape(-1, 2)


def common(stretches: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """The stretches that lie in all of these, each of shape (k, 2); shape (m, 2)."""
    edges = np.concatenate(stretches)
    places = np.concatenate([edges[:, 1], edges[:, 0]])  # at the same step, one ends before another begins
    order = np.argsort(places, kind="stable")
    depth = np.repeat([-1, 1], len(edges))[order].cumsum()
    full = np.flatnonzero(depth == len(stretches))
    return places[order][np.stack([full, full + 1], axis=1)]
