"""A cursor over a recording: play, pause, step, seek and speed; it computes no step of the run."""

import math

BASE_SPEED = 4.0
"""Steps a second at speed 1."""
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 256.0, 1024.0, math.inf)
EASE_SECONDS = 0.25
"""How long the box takes to grow."""
EASE_SPEED = 2.0
"""Up to this speed there is time to see the box grow between two steps; above it, the cursor moves by whole steps."""


def eased(time: float, steps_per_second: float) -> float:
    """The moment shown when the cursor is at ``time``, in steps, and moves at that speed.

    A whole step, except shortly before the next one, when the box may be growing.
    """
    step = math.floor(time)
    if steps_per_second > EASE_SPEED * BASE_SPEED:
        return float(step)
    step_seconds = 1.0 / steps_per_second
    left = (step + 1 - time) * step_seconds
    # Where a step is shorter than EASE_SECONDS, the box grows throughout; on the step itself it is still at rest.
    return step + max(0.0, 1.0 - left / min(EASE_SECONDS, step_seconds))


class Playback:
    """The position in a recording, in steps; between two steps it is on its way to the next one."""

    def __init__(self) -> None:
        """Paused at the start."""
        self._time = 0.0
        self.playing = False
        self.speed = 1.0

    @property
    def time(self) -> float:
        """The moment shown; see `eased`."""
        return eased(self._time, BASE_SPEED * self.speed)

    @property
    def step(self) -> int:
        """The step shown."""
        return math.floor(self._time)

    def seek(self, step: int, last: int) -> None:
        """Go to a step, at most to ``last``, and show it at rest."""
        self._time = float(max(0, min(step, last)))

    def play(self, end: int) -> None:
        """Start playing; from the start again if the cursor is at ``end``, the last step of the experiment."""
        if self.step >= end:
            self._time = 0.0
        self.playing = True

    def pause(self) -> None:
        """Stop on a whole step."""
        self.playing = False
        self._time = float(self.step)

    def faster(self, notches: int) -> None:
        """Move this many places up the list of speeds, or down if negative."""
        self.speed = SPEEDS[max(0, min(SPEEDS.index(self.speed) + notches, len(SPEEDS) - 1))]

    def advance(self, seconds: float, last: int, end: int) -> None:
        """Let time pass. The cursor waits at ``last`` for steps still being computed, and pauses at ``end``."""
        if not self.playing:
            return
        moved = seconds * BASE_SPEED * self.speed if math.isfinite(self.speed) else math.inf
        self._time = min(self._time + moved, float(last))
        if self.step >= end:
            self.pause()
