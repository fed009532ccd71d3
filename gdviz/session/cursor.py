"""The cursor of the window over a run that may still be computed: where it is, wants to be, and on its way to."""

from gdviz.animation.playback import BASE_SPEED, EASE_SECONDS, SPEEDS, Playback
from gdviz.core.descent.schedules import RangeTest, Schedule

SWEEP_SECONDS = 4.0
"""About so long a range test takes to be drawn."""


def sweep_speed(schedule: RangeTest) -> float:
    """The speed at which a range test is played."""
    wanted = schedule.last_step / BASE_SPEED / SWEEP_SECONDS
    return next(speed for speed in SPEEDS if speed >= wanted)


class Cursor:
    """A playback that keeps its place while a changed run is computed anew, and lets the box grow before a step."""

    def __init__(self) -> None:
        """Stand still at the start."""
        self.playback = Playback()
        self._wanted: int | None = None
        self._eased: float | None = None
        self._speed_before: float | None = None

    @property
    def is_easing(self) -> bool:
        """Whether the box grows before a single step."""
        return self._eased is not None

    @property
    def is_under_way(self) -> bool:
        """Whether it is to go somewhere as soon as that is computed."""
        return self._wanted is not None

    @property
    def moment(self) -> float:
        """What is shown, in steps; between two steps it is on its way to the next one."""
        return self.playback.time if self._eased is None else self.playback.step + self._eased

    def place(self, end: int) -> int:
        """The step, or the one to which it is on its way while that is computed again; at most ``end``."""
        return min(self.playback.step if self._wanted is None else self._wanted, end)

    def want(self, step: int) -> None:
        """Go to a step as soon as it is computed."""
        self._wanted = step

    def keep_place(self) -> None:
        """Come back to where it is, or to where it was going, when another run has been computed so far."""
        self._wanted = self._wanted if self._wanted is not None else self.playback.step
        self._eased = None

    def seek(self, step: int, last: int) -> None:
        """Go to a step, at most to ``last``, at once."""
        self._wanted = self._eased = None
        self.playback.seek(step, max(last, 0))

    def toggle_play(self, last: int, end: int, is_computing: bool) -> None:
        """Play or pause; a run that was stopped ends at its ``last`` step, another one at ``end``."""
        if self.playback.playing:
            self.playback.pause()
        else:
            self.settle(last)
            self.playback.play(end if is_computing else last)

    def set_pace(self, schedule: Schedule) -> None:
        """Play a range test so fast that its curve is seen to be drawn, and a run after it as fast as one before it."""
        playback = self.playback
        if isinstance(schedule, RangeTest):
            if self._speed_before is None:
                self._speed_before = playback.speed
            playback.speed = max(playback.speed, sweep_speed(schedule))
        elif self._speed_before is not None:
            playback.speed, self._speed_before = self._speed_before, None

    def ease_on(self) -> None:
        """Go one step on, after the box has grown."""
        self._eased = 0.0

    def settle(self, last: int) -> None:
        """End a growing of the box at once, on the step it leads to."""
        if self._eased is not None:
            self._eased = None
            self.playback.seek(self.playback.step + 1, last)

    def move(self, elapsed: float, last: int, end: int, is_computing: bool) -> None:
        """Let so many seconds pass; ``last`` is the last step that is there (-1 for none), ``end`` that of the run."""
        if last < 0:
            if not is_computing:  # nothing will come that could be played
                self.playback.pause()
        elif self._wanted is not None:
            self.playback.seek(self._wanted, last)
            if self._wanted <= last or not is_computing:
                self._wanted = None
        elif self._eased is not None:
            self._eased += elapsed / EASE_SECONDS
            if self._eased >= 1.0:
                self.settle(last)
        else:
            self.playback.advance(elapsed, last, end)
            if not is_computing and self.playback.playing and self.playback.step >= last:
                self.playback.pause()
