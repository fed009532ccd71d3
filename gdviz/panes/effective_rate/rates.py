"""The effective rates of a recording, each computed once, with the extremes of blocks of them."""

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.recording import Recording
from gdviz.core.long_work import worked
from gdviz.core.weak_cache import weak_cache
from gdviz.presentation.thinning import BucketExtremes

Array = NDArray[np.float64]
Places = tuple[int | None, int | None]

BLOCK = 8192
"""So many steps stay in the cache while they are computed, and have their extremes kept."""
STEP_NANOSECONDS = 100
"""About how long the rates of a step take: those of a million are found in the background."""


def effective_rates(recording: Recording, end: int, begin: int = 0) -> Array:
    """|learning rate * direction| / |gradient| of each parameter at the steps from begin to before end, shape (2, n).

    The step is that of the run, in its precision; the ratio is in double precision. 0/0 and the like are NaN.
    """
    rows = slice(begin, end)
    with np.errstate(all="ignore"):
        moved = np.abs(_moves(recording, rows)).astype(np.float64)
        return np.asarray(moved / np.abs(recording.gradients[rows].T.astype(np.float64)))


def _moves(recording: Recording, rows: slice) -> NDArray[np.floating]:
    """By how much each parameter is lowered at these steps, shape (2, n)."""
    directions, scales = recording.directions[rows].T, recording.experiment.optimizer.scales_with_rate
    return directions * recording.learning_rates[rows] if scales else directions


class EffectiveRates:
    """The effective rates of a recording, as far as they were asked for; it grows with the recording.

    Frames of one recording may be composed in several threads: two that add the same rates at once write the same.
    gaps: for each reason the first step at which each parameter has no rate that a logarithmic axis could show.
    """

    def __init__(self, recording: Recording) -> None:
        """Reserve the memory of all steps of the experiment; the system commits it only as it is filled."""
        steps, curves = recording.experiment.steps + 1, 2 + recording.experiment.optimizer.takes_learning_rate
        self.gaps: dict[str, Places] = {}
        self.extremes_of_curves = [BucketExtremes() for _ in range(curves)]
        self._values, self._rows = np.empty((curves, steps)), 0
        self._lowest, self._highest = np.full((2, steps // BLOCK + 1), np.nan)

    def up_to(self, recording: Recording, rows: int) -> Array:
        """The rates of both parameters and, if the rule takes one, the learning rate; shape (2 or 3, rows)."""
        while (begin := self._rows) < rows:
            end = min(rows, begin - begin % BLOCK + BLOCK)
            worked(STEP_NANOSECONDS * (end - begin))
            self._add(recording, begin, end)
            self._rows = max(self._rows, end)
        return self._values[:, :rows]

    def _add(self, recording: Recording, begin: int, end: int) -> None:
        added = self._values[:, begin:end]
        added[:2] = effective_rates(recording, end, begin)
        added[2:] = recording.learning_rates[begin:end]
        if not _has_place(added[:2]).all():
            self._find_gaps(recording, begin, end)
        if end % BLOCK == 0:
            block = end // BLOCK - 1
            self._lowest[block], self._highest[block] = _extremes(self._values[:, end - BLOCK : end])

    def extremes(self, rows: int) -> tuple[float, float]:
        """The lowest and the highest of the first so many rates that a logarithmic axis can show; NaN without any."""
        blocks = rows // BLOCK
        low, high = _extremes(self._values[:, blocks * BLOCK : rows])
        lowest = np.fmin.reduce(self._lowest[:blocks], initial=low)
        highest = np.fmax.reduce(self._highest[:blocks], initial=high)
        return float(lowest), float(highest)

    def _find_gaps(self, recording: Recording, begin: int, end: int) -> None:
        """Why effective rates have no place on the axis, and at which step of each parameter first."""
        rows = slice(begin, end)
        gradients = recording.gradients[rows].T
        with np.errstate(all="ignore"):
            moved = _moves(recording, rows)
        finite = np.isfinite(gradients) & np.isfinite(moved)
        reasons = {
            "the gradient is 0": finite & (gradients == 0.0),
            "the step is 0": finite & (gradients != 0.0) & (moved == 0.0),
            "gradient or step is not finite": ~finite,
        }
        for reason, (first, second) in reasons.items():
            known = self.gaps.get(reason, (None, None))
            self.gaps[reason] = _first(known[0], begin, first), _first(known[1], begin, second)


def _first(known: int | None, begin: int, where: NDArray[np.bool_]) -> int | None:
    return known if known is not None or not where.any() else begin + int(where.argmax())


def _has_place(rates: Array) -> NDArray[np.bool_]:
    """Which rates a logarithmic axis can show."""
    return np.isfinite(rates) & (rates > 0.0)


def _extremes(rates: Array) -> tuple[float, float]:
    has_place = _has_place(rates)
    shown = rates if has_place.all() else rates[has_place]
    return (float(shown.min()), float(shown.max())) if shown.size else (np.nan, np.nan)


rates_of = weak_cache(1)(EffectiveRates)
