"""How steps become time: which moment of a run each frame of an animation shows."""

import math
from bisect import bisect_right
from functools import cache

import numpy as np
from numpy.typing import NDArray

from gdviz.animation.events import Steps, box_jumps, key_steps
from gdviz.animation.playback import BASE_SPEED, EASE_SPEED, eased, easing_seconds
from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
from gdviz.core.tables.numbers import with_decimal_point
from gdviz.scene.scene import Scene

FIRST_SECONDS, LAST_SECONDS = 1.0, 2.0
"""How long the first frame is held before anything moves, and the last one at the end."""
SLOW_STEPS, SLOW_SPEED = 10, 2.0
"""The number of slow steps, which leave time for explanation, and their speed in steps a second; then it grows."""
GROWTH = math.log(2.0) / 2.0
"""The speed grows as exp(GROWTH * seconds): it doubles every two seconds."""
MAX_RUSH_SECONDS = 12.0
"""The longest time for the steps after the slow ones; if they need more, the speed grows faster than GROWTH."""
MAX_EASED = EASE_SPEED * BASE_SPEED
"""Up to this many steps a second they can be followed one by one."""
SWEEP_SECONDS = 9.0
"""How long it takes to draw a range test."""
ROUNDING = 1e-9
"""A cursor this close to a step, in steps, is on it."""

Array = NDArray[np.float64]


@frozen
class Teach:
    """As a lecturer would do it: slow at first, then faster and faster, 8 to 20 seconds in all."""

    def frame_count(self, steps: int, frame_rate: int) -> int:
        """The number of frames for this many steps after the first one."""
        rush = math.log1p(_rushed(steps) * _growth(steps) / SLOW_SPEED) / _growth(steps)
        return round((FIRST_SECONDS + SLOW_STEPS / SLOW_SPEED + rush + LAST_SECONDS) * frame_rate)

    def cursor(self, steps: int, frame_rate: int) -> Array:
        """Where each frame is, in steps after the first one: the speed is SLOW_SPEED, then grows exponentially."""
        seconds = np.arange(self.frame_count(steps, frame_rate)) / frame_rate - FIRST_SECONDS
        slow = np.clip(seconds * SLOW_SPEED, 0.0, SLOW_STEPS)
        growth = _growth(steps)
        rush = SLOW_SPEED * np.expm1(growth * np.maximum(seconds - SLOW_STEPS / SLOW_SPEED, 0.0)) / growth
        return np.asarray(np.minimum(slow + rush, steps))

    def speed(self, step: int, steps: int, frame_rate: int) -> float:
        """In steps a second, on arrival at that step after the first one."""
        return SLOW_SPEED + _growth(steps) * _rushed(step)


@frozen
class Sweep:
    """All steps in the same time, however many there are: for a range test, whose curve is drawn from end to end."""

    def frame_count(self, steps: int, frame_rate: int) -> int:
        """Held at both ends, as for teaching."""
        return round((FIRST_SECONDS + SWEEP_SECONDS + LAST_SECONDS) * frame_rate)

    def cursor(self, steps: int, frame_rate: int) -> Array:
        """Where each frame is, in steps after the first one."""
        seconds = np.arange(self.frame_count(steps, frame_rate)) / frame_rate - FIRST_SECONDS
        return np.asarray(np.clip(seconds / SWEEP_SECONDS, 0.0, 1.0) * steps)

    def speed(self, step: int, steps: int, frame_rate: int) -> float:
        """The same for all steps, in steps a second."""
        return steps / SWEEP_SECONDS


@frozen
class Steady:
    """The same number of steps a second throughout."""

    steps_per_second: float

    def frame_count(self, steps: int, frame_rate: int) -> int:
        """Every step is shown for equally long; at least the first and the last one have a frame."""
        return max(round((steps + 1) / self.steps_per_second * frame_rate), min(steps + 1, 2))

    def cursor(self, steps: int, frame_rate: int) -> Array:
        """Spread over the whole number of frames, so that no step is lost if there is a frame for each."""
        count = self.frame_count(steps, frame_rate)
        return np.arange(count) * (steps + 1) / count

    def speed(self, step: int, steps: int, frame_rate: int) -> float:
        """The given speed."""
        return self.steps_per_second


@frozen
class EveryStep:
    """One frame for every step."""

    def frame_count(self, steps: int, frame_rate: int) -> int:
        """As many as there are steps, the first one included."""
        return steps + 1

    def cursor(self, steps: int, frame_rate: int) -> Array:
        """The steps themselves."""
        return np.arange(steps + 1, dtype=np.float64)

    def speed(self, step: int, steps: int, frame_rate: int) -> float:
        """One step a frame."""
        return float(frame_rate)


Pace = Teach | Sweep | Steady | EveryStep


def parse_pace(text: str) -> Pace:
    """``teach``, ``every-step`` or a number of steps a second; InputError for anything else."""
    if text == "teach":
        return Teach()
    if text == "every-step":
        return EveryStep()
    try:
        speed = float(with_decimal_point(text))
    except InputError as error:
        raise InputError(f"pace: {error}") from error
    except ValueError:
        speed = math.nan
    if not 0.01 <= speed <= 1e6:
        raise InputError(f"pace: {text!r} is not a pace; use teach, every-step, or steps a second from 0.01 to 1e6")
    return Steady(speed)


def moments(scene: Scene, pace: Pace, first: int, last: int, frame_rate: int) -> tuple[float, ...]:
    """The moment, in steps, that each frame shows, non-decreasing from step ``first`` to step ``last``.

    There are ``pace.frame_count(last - first, frame_rate)``, at least 2 if there is more than one step. They are whole
    steps, except where the box or the arrows grow between two and there is time to see it, as in
    `gdviz.animation.playback`. Where steps are skipped, the key steps (see `gdviz.animation.events`) still have a frame
    of their own.
    """
    shown = _along(scene, pace, first, last, frame_rate)
    skips = np.flatnonzero(np.diff(np.floor(shown)) > 1)
    if len(skips):
        # The part slow enough to follow, and the final hold, stay as they are.
        slow = bisect_right(shown, MAX_EASED, key=lambda step: pace.speed(int(step) - first, last - first, frame_rate))
        begin, end = min(int(skips[0]), slow), int(np.searchsorted(shown, last))
        keys = key_steps(scene, int(shown[begin]), last, end - begin - 1)
        shown = _with_keys(shown, keys, begin, end)
    return tuple(shown.tolist())


def _along(scene: Scene, pace: Pace, first: int, last: int, frame_rate: int) -> Array:
    """The moments at that pace, regardless of key steps."""
    steps = last - first
    cursor = first + pace.cursor(steps, frame_rate)
    nearest = np.rint(cursor)
    cursor = np.where(np.abs(cursor - nearest) < ROUNDING, nearest, cursor)
    shown = np.floor(cursor)
    goes_on = np.diff(shown, prepend=-1.0) == 0  # each step is first shown at rest
    if not scene.look.plays_parts:
        goes_on &= np.isin(shown, box_jumps(scene, first, last))
    for index in np.flatnonzero(goes_on):
        # The speed at the end of the step for all of its frames, so that the box grows without a halt.
        step = int(shown[index])
        speed = pace.speed(step + 1 - first, steps, frame_rate)
        if seconds := easing_seconds(scene, step, speed):
            shown[index] = eased(float(cursor[index]), speed, seconds)
    shown[-1] = last
    return np.asarray(shown)


def _rushed(step: int) -> int:
    return max(step - SLOW_STEPS, 0)


@cache
def _growth(steps: int) -> float:
    """GROWTH, or the growth with which the steps after the slow ones take MAX_RUSH_SECONDS, if that is more.

    They take log1p(steps * growth / SLOW_SPEED) / growth seconds. Solved for MAX_RUSH_SECONDS seconds as a fixed point:
    each round leaves at most 1 / (MAX_RUSH_SECONDS * GROWTH), a quarter, of the error.
    """
    growth = GROWTH
    for _ in range(40):
        growth = max(GROWTH, math.log1p(_rushed(steps) * growth / SLOW_SPEED) / MAX_RUSH_SECONDS)
    return growth


def _with_keys(shown: Array, keys: Steps, begin: int, end: int) -> Array:
    """The moments, changed between the frames ``begin`` and ``end`` so that each of the steps ``keys`` has a frame.

    Each key takes the first frame that shows it or something later, or if there are too many for that, one as near as
    possible: with ``f(k) - k`` non-decreasing the frames f(k) increase, and the mean of the highest value before and
    the lowest value after is the sequence of this kind whose greatest change is smallest.
    """
    order = np.arange(len(keys))
    wanted = np.searchsorted(shown, keys) - order
    between = (np.maximum.accumulate(wanted) + np.minimum.accumulate(wanted[::-1])[::-1]) // 2
    frames = np.clip(between, begin + 1, end - len(keys)) + order
    least, most = np.full(len(shown), shown[0]), np.full(len(shown), shown[-1])
    least[frames] = most[frames] = keys
    least, most = np.maximum.accumulate(least), np.minimum.accumulate(most[::-1])[::-1]
    return np.asarray(np.clip(shown, least, most))
