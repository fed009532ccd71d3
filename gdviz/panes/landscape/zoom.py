"""The zoom levels of the view, boxes 1, 2, 5, 10, ... times as wide as the first, and which level a run needs."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterator
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from gdviz.core.box import Box
from gdviz.core.descent.recording import Recording
from gdviz.core.problems.first_boxes import box_with_equal_axes
from gdviz.core.problems.problem import Problem
from gdviz.core.weak_cache import weak_cache
from gdviz.presentation.look import Look
from gdviz.presentation.numbers import superscript

Reach = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""From finite points, shape (n, 2), to the factor by which a first box must grow to hold each, shape (n,)."""

_MANTISSAS = (1, 2, 5)
_LAST_LEVEL = 3 * 307


def factor(level: int) -> float:
    """The width of a level's box relative to the first one: 1, 2, 5, 10, 20, 50, ..."""
    return float(f"{_MANTISSAS[level % 3]}e{level // 3}")


def zoom_label(level: int) -> str:
    """The label of a level: ``view ×5``, ``view ×2000``, ``view ×2·10²³``."""
    mantissa, exponent = _MANTISSAS[level % 3], level // 3
    if exponent <= 3:
        return f"view ×{mantissa * 10**exponent}"
    lead = "" if mantissa == 1 else f"{mantissa}·"
    return f"view ×{lead}10{superscript(exponent)}"


def first_box(problem: Problem, look: Look) -> Box:
    """The box that is shown at first, with the axes of that look; all levels and exits are relative to it."""
    return box_with_equal_axes(problem) if look.equal_axes else problem.box


@weak_cache(2)
def top_zoom_level(problem: Problem, first: Box) -> int:
    """The highest level at which the loss is finite in double precision on the whole box."""
    levels = range(1, _LAST_LEVEL + 1)
    return bisect_left(levels, True, key=lambda level: not has_finite_loss(problem, first.scaled(factor(level))))


def has_finite_loss(problem: Problem, box: Box) -> bool:
    """Whether box and loss are finite in double precision, on the whole box."""
    if not box.is_finite:
        return False
    first, second = box.grid(5)
    return bool(np.isfinite(problem.loss(first[:, None], second[None, :])).all())


class _ZoomHistory:
    """The steps at which each run of a recording first needed a higher level, and at which it left the first box."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.seen = 0
        self.steps: list[int] = []
        self.levels: list[int] = []
        self.exits: list[int] = []
        self._was_inside = False

    def extend(self, recording: Recording) -> None:
        """Process the rows recorded since the last call."""
        points = recording.points[self.seen :].astype(np.float64)
        is_finite = np.isfinite(points).all(axis=1)
        with np.errstate(over="ignore", invalid="ignore"):
            reach = np.where(is_finite, np.minimum(self.reach(points), factor(_LAST_LEVEL)), 0.0)
        is_inside = is_finite & (reach <= 1.0)
        for begin, end in _run_intervals(recording, self.seen):
            first, rows = recording.run_start(begin), slice(begin - self.seen, end - self.seen)
            if begin == first > 0:  # a new run: back to the box that holds the start
                self._note(begin, float(reach[rows.start]))
            self._note_levels(reach[rows], begin)
            self._note_exit(is_inside[rows], begin, first)
        self.seen = len(recording)

    def _note_levels(self, reach: NDArray[np.float64], begin: int) -> None:
        highest = np.maximum.accumulate(reach)
        limit = factor(self.levels[-1]) if self.levels else 0.0
        while (offset := int(np.searchsorted(highest, limit, side="right"))) < len(highest):
            self._note(begin + offset, float(highest[offset]))
            limit = factor(self.levels[-1])

    def _note(self, step: int, reach: float) -> None:
        self.steps.append(step)
        self.levels.append(_level_for(reach))

    def _note_exit(self, is_inside: NDArray[np.bool_], begin: int, first: int) -> None:
        was_inside = np.concatenate([[self._was_inside and begin > first], is_inside[:-1]])
        left = np.flatnonzero(was_inside & ~is_inside)
        if len(left) and not (self.exits and self.exits[-1] >= first):
            self.exits.append(begin + int(left[0]))
        self._was_inside = bool(is_inside[-1])


def _run_intervals(recording: Recording, first: int) -> Iterator[tuple[int, int]]:
    """Yield the half-open intervals of steps from ``first`` on, one for each run in the recording."""
    count, again = len(recording), recording.experiment.restart_every or len(recording)
    while first < count:
        end = min(first - first % again + again, count)
        yield first, end
        first = end


def _level_for(reach: float) -> int:
    if reach <= 1.0:
        return 0
    levels = range(max(0, 3 * int(np.floor(np.log10(reach))) - 1), _LAST_LEVEL)
    return next((level for level in levels if factor(level) >= reach), _LAST_LEVEL)


_histories: WeakKeyDictionary[Recording, dict[Hashable, _ZoomHistory]] = WeakKeyDictionary()


def _history(recording: Recording, key: Hashable, reach: Reach) -> _ZoomHistory:
    history = _histories.setdefault(recording, {}).setdefault(key, _ZoomHistory(reach))
    if history.seen < len(recording):
        history.extend(recording)
    return history


def _landscape_history(recording: Recording, first: Box) -> _ZoomHistory:
    return _history(recording, first, first.reach)


def zoom_level_for(recording: Recording, step: int, key: Hashable, reach: Reach) -> int:
    """The lowest level that holds all finite points up to ``step``, measured by ``reach``, which is cached by ``key``.

    If the recording holds many runs (see `Experiment.restart_every`), only the points of the one at ``step`` count.
    """
    history = _history(recording, key, reach)
    index = bisect_right(history.steps, step) - 1
    return history.levels[index] if index >= 0 else 0


def zoom_level_at(recording: Recording, step: int, first: Box) -> int:
    """The lowest level whose box holds the path up to the step before ``step`` (at least the start)."""
    last = max(step - 1, recording.run_start(step))
    level = zoom_level_for(recording, last, first, first.reach)
    return min(level, top_zoom_level(recording.experiment.problem, first))


def highest_zoom_level(recording: Recording, first: Box) -> int:
    """The highest level that any step needs, an upper bound of `zoom_level_at`."""
    highest = max(_landscape_history(recording, first).levels, default=0)
    return min(highest, top_zoom_level(recording.experiment.problem, first))


def zoom_steps(recording: Recording, first: Box) -> tuple[int, ...]:
    """The steps that needed a higher level than all before; `zoom_level_at` grows only right after one of them."""
    return tuple(_landscape_history(recording, first).steps)


def exit_step_at(recording: Recording, step: int, first: Box) -> int | None:
    """The first step up to ``step`` that leaves the first box; None if there is none.

    If the recording holds many runs, only the one at ``step`` counts.
    """
    exits = _landscape_history(recording, first).exits
    index = bisect_left(exits, recording.run_start(step))
    return exits[index] if index < len(exits) and exits[index] <= step else None
