"""A cursor over a recording: play, pause, step, seek and speed; it computes no step of the run."""

import math

BASE_SPEED = 4.0
"""Steps a second at speed 1."""
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 256.0, 1024.0, math.inf)
EASE_SECONDS = 0.25
"""How long the box takes to grow."""
EASE_SPEED = 2.0
"""Up to this speed there is time to watch the box grow between two steps; above, the cursor goes by whole steps."""


def eased(time: float, steps_per_second: float) -> float:
    """The moment that is shown when the cursor is at ``time``, in steps, and moves at that speed.

    A whole step, but shortly before the next one, where the box may be growing.
    """
    step = math.floor(time)
    if steps_per_second > EASE_SPEED * BASE_SPEED:
        return float(step)
    a_step = 1.0 / steps_per_second
    left = (step + 1 - time) * a_step
    # Where a step is shorter than that, the box grows all the while; on the step itself it is at rest all the same.
    return step + max(0.0, 1.0 - left / min(EASE_SECONDS, a_step))


class Playback:
    """Where we are in a recording. ``time`` is in steps; between two steps it is on its way to the next one."""

    def __init__(self) -> None:
        """Stand still at the start."""
        self._time = 0.0
        self.playing = False
        self.speed = 1.0

    @property
    def time(self) -> float:
        """The moment that is shown: a whole step, but shortly before the next one, where the box may be growing."""
        return eased(self._time, BASE_SPEED * self.speed)

    @property
    def step(self) -> int:
        """The step that is shown."""
        return math.floor(self._time)

    def seek(self, step: int, last: int) -> None:
        """Go to a step, at most to ``last``, and show it at rest."""
        self._time = float(max(0, min(step, last)))

    def play(self, end: int) -> None:
        """Go on by itself; from the start again if the cursor is at ``end``, the last step of the experiment."""
        if self.step >= end:
            self._time = 0.0
        self.playing = True

    def pause(self) -> None:
        """Stand still, on a whole step."""
        self.playing = False
        self._time = float(self.step)

    def faster(self, notches: int) -> None:
        """So many notches up (or down) the list of speeds."""
        nearest = min(range(len(SPEEDS)), key=lambda index: abs(_log(SPEEDS[index]) - _log(self.speed)))
        self.speed = SPEEDS[max(0, min(nearest + notches, len(SPEEDS) - 1))]

    def advance(self, seconds: float, last: int, end: int) -> None:
        """Let time pass. It waits at ``last`` for steps still being computed, and pauses at ``end``."""
        if not self.playing:
            return
        moved = seconds * BASE_SPEED * self.speed if math.isfinite(self.speed) else math.inf
        self._time = min(self._time + moved, float(last))
        if self.step >= end:
            self.pause()


def _log(speed: float) -> float:
    return math.log2(min(speed, 2.0**40))
