"""The fixed ladder of boxes, and which of them holds the path up to a step."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from gdviz.core.box import Box
from gdviz.core.descent.recording import Recording
from gdviz.core.problems.problem import Problem
from gdviz.presentation.numbers import superscript
from gdviz.presentation.weak_cache import weakly_kept

_MANTISSAS = (1, 2, 5)
_TOP_RUNG = 3 * 307


def factor(rung: int) -> float:
    """How many times wider the box of that rung is than the first one: 1, 2, 5, 10, 20, 50, ..."""
    return float(f"{_MANTISSAS[rung % 3]}e{rung // 3}")


def odometer(rung: int) -> str:
    """The rung as people read it: ``view ×5``, ``view ×20``, ``view ×2·10²³``."""
    mantissa, exponent = _MANTISSAS[rung % 3], rung // 3
    if exponent <= 1:
        return f"view ×{mantissa * 10**exponent}"
    lead = "" if mantissa == 1 else f"{mantissa}·"
    return f"view ×{lead}10{superscript(exponent)}"


@weakly_kept(1)
def top_rung(problem: Problem) -> int:
    """The highest rung on which the loss is finite in double precision on the whole box."""
    low, high = 0, _TOP_RUNG
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _is_finite(problem, problem.box.scaled(factor(middle))) else (low, middle - 1)
    return low


def _is_finite(problem: Problem, box: Box) -> bool:
    if not box.is_finite:
        return False
    first, second = box.grid(5)
    return bool(np.isfinite(problem.loss(first[:, None], second[None, :])).all())


Reach = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""From finite points, shape (n, 2), to the factor by which a first box must grow to hold each, shape (n,)."""


class _Climb:
    """At which steps a run first needed which rung; extended as the recording grows."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.seen = 0
        self.steps: list[int] = []
        self.rungs: list[int] = []

    def extend(self, recording: Recording) -> None:
        """Look at the rows that have come since; the cost is that of the new rows."""
        points = recording.points[self.seen :].astype(np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            reach = np.minimum(self.reach(points), factor(_TOP_RUNG))
        reach = np.where(np.isfinite(points).all(axis=1), reach, 0.0)
        for begin, end in _runs(recording, self.seen):
            if begin == recording.run_begin(begin) > 0:  # down again to the box that holds the start
                self._note(begin, float(reach[begin - self.seen]))
            self._climb(reach[begin - self.seen : end - self.seen], begin)
        self.seen = len(recording)

    def _climb(self, reach: NDArray[np.float64], first: int) -> None:
        highest = np.maximum.accumulate(reach)
        offset = 0
        while offset < len(highest):
            limit = factor(self.rungs[-1]) if self.rungs else 0.0
            offset = int(np.searchsorted(highest, limit, side="right"))
            if offset < len(highest):
                self._note(first + offset, float(highest[offset]))

    def _note(self, step: int, reach: float) -> None:
        self.steps.append(step)
        self.rungs.append(_rung_for(reach))


def _runs(recording: Recording, first: int) -> Iterator[tuple[int, int]]:
    """The stretches of steps from ``first`` on that belong to one run each: where each begins, and ends before."""
    count, again = len(recording), recording.experiment.restart_every or len(recording)
    while first < count:
        end = min(first - first % again + again, count)
        yield first, end
        first = end


def _rung_for(reach: float) -> int:
    if reach <= 1.0:
        return 0
    rung = max(0, 3 * int(np.floor(np.log10(reach))) - 1)
    while rung < _TOP_RUNG and factor(rung) < reach:
        rung += 1
    return rung


_climbs: WeakKeyDictionary[Recording, dict[str, _Climb]] = WeakKeyDictionary()


def climbed(recording: Recording, step: int, what: str, reach: Reach) -> int:
    """The smallest rung that holds all finite points up to ``step``, by the measure ``reach`` with the name ``what``.

    Only those of the run that stands at ``step``, where one recording holds many (see `Experiment.restart_every`).
    A function of the recording and the step alone; what was found out once is remembered for speed.
    """
    climb = _climb(recording, what, reach)
    index = bisect_right(climb.steps, step) - 1
    return climb.rungs[index] if index >= 0 else 0


def _climb(recording: Recording, what: str, reach: Reach) -> _Climb:
    climb = _climbs.setdefault(recording, {}).setdefault(what, _Climb(reach))
    if climb.seen < len(recording):
        climb.extend(recording)
    return climb


def rung_at(recording: Recording, step: int) -> int:
    """The smallest rung whose box holds the path up to the step before ``step`` (the start at least)."""
    problem = recording.experiment.problem
    needed = climbed(recording, max(step - 1, recording.run_begin(step)), "landscape", problem.box.reach)
    return min(needed, top_rung(problem))


def highest_rung(recording: Recording) -> int:
    """The highest rung that any of the steps needs; `rung_at` is nowhere above it."""
    problem = recording.experiment.problem
    return min(max(_climb(recording, "landscape", problem.box.reach).rungs, default=0), top_rung(problem))


def climbing_steps(recording: Recording) -> tuple[int, ...]:
    """The steps that needed a higher rung than all before them: `rung_at` grows behind one of these or nowhere."""
    return tuple(_climb(recording, "landscape", recording.experiment.problem.box.reach).steps)


class _Exit:
    """The first step of a recording that leads out of the first box; looked for as the recording grows."""

    def __init__(self) -> None:
        self.seen = 0
        self.step: int | None = None
        self.was_inside = False

    def extend(self, recording: Recording) -> None:
        """Look at the rows that have come since, unless it is found."""
        inside = recording.experiment.problem.box.reach(recording.points[self.seen :]) <= 1.0
        left = np.flatnonzero(np.concatenate([[self.was_inside], inside[:-1]]) & ~inside)
        if len(left):
            self.step = self.seen + int(left[0])
        self.seen, self.was_inside = len(recording), bool(inside[-1])


_exits: WeakKeyDictionary[Recording, _Exit] = WeakKeyDictionary()


def left_at(recording: Recording, step: int) -> int | None:
    """The first step up to ``step`` that leads from inside the first box to outside of it; None if there is none.

    Of the run that stands at ``step``, where one recording holds many.
    """
    if recording.experiment.restart_every:
        return _left_within(recording, recording.run_begin(step), step)
    found = _exits.setdefault(recording, _Exit())
    if found.step is None and found.seen < len(recording):
        found.extend(recording)
    return found.step if found.step is not None and found.step <= step else None


def _left_within(recording: Recording, first: int, last: int) -> int | None:
    inside = recording.experiment.problem.box.reach(recording.points[first : last + 1]) <= 1.0
    left = np.flatnonzero(inside[:-1] & ~inside[1:])
    return first + 1 + int(left[0]) if len(left) else None
