"""A cursor over a recording: play, pause, step, seek and speed; it computes no step of the run."""

import math

from gdviz.scene.scene import USUAL_PACE, Scene

BASE_SPEED = USUAL_PACE
"""Steps a second at speed 1."""
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 256.0, 1024.0, math.inf)
EASE_SECONDS, PARTS_SECONDS = 0.25, 2.0
"""How long the box takes to grow, and how long a step takes in its parts."""
EASE_SPEED = 2.0
"""Up to this speed there is time to see the box grow between two steps; above it, the cursor moves by whole steps.

A step is shown in its parts up to a quarter of the base speed.
"""


def plays_parts(scene: Scene, step: int, steps_per_second: float = 0.0) -> bool:
    """Whether the arrows of this step grow one after the other: at that speed, or for a single step, there is time."""
    has_parts = scene.look.plays_parts and step < scene.recordings[0].last_step
    return has_parts and _has_time(steps_per_second, PARTS_SECONDS)


def _has_time(steps_per_second: float, seconds: float) -> bool:
    return steps_per_second * seconds <= EASE_SPEED * BASE_SPEED * EASE_SECONDS


def easing_seconds(scene: Scene, step: int, steps_per_second: float = 0.0) -> float:
    """How long it takes to show what happens between this step and the next; 0 if the picture stands still."""
    if plays_parts(scene, step, steps_per_second):
        return PARTS_SECONDS
    return EASE_SECONDS if scene.box_changes_after(step) else 0.0


def eased(time: float, steps_per_second: float, seconds: float = EASE_SECONDS) -> float:
    """The moment shown when the cursor is at ``time``, in steps, and moves at that speed.

    A whole step, except shortly before the next one, in the ``seconds`` in which something happens in between.
    """
    step = math.floor(time)
    if not _has_time(steps_per_second, seconds):
        return float(step)
    step_seconds = 1.0 / steps_per_second
    left = (step + 1 - time) * step_seconds
    # Where a step is shorter, it happens throughout; on the step itself the picture is still at rest.
    return step + max(0.0, 1.0 - left / min(seconds, step_seconds))


class Playback:
    """The position in a recording, in steps; between two steps it is on its way to the next one."""

    def __init__(self) -> None:
        """Paused at the start."""
        self._time = 0.0
        self.playing = False
        self.speed = 1.0

    def moment(self, seconds: float) -> float:
        """The moment shown where something happens for so long before the next step; see `eased`."""
        return eased(self._time, BASE_SPEED * self.speed, seconds) if seconds else float(self.step)

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
