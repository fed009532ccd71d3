"""What a person does with the playback: play and pause, go to a step, change the speed."""

from typing import TYPE_CHECKING

from gdviz.model.cursor import Cursor
from gdviz.model.playback import Playback

if TYPE_CHECKING:
    from gdviz.model.session import Session


class Player:
    """Moves the cursor over the runs of a session; it computes no step."""

    def __init__(self, session: "Session") -> None:
        """At the start, and not playing."""
        self._session = session
        self.cursor = Cursor()

    @property
    def playback(self) -> Playback:
        """Where we are."""
        return self.cursor.playback

    def toggle_play(self) -> None:
        """Play or pause."""
        runs = self._session.runs
        if self.playback.playing:
            self.playback.pause()
        else:
            self.cursor.settle(runs.last_step)
            # A run that was stopped ends where it was stopped.
            self.playback.play(runs.end_step if runs.is_computing else runs.last_step)
        self._session.show()
        self._session.keep_ticking()

    def play_from_start(self) -> None:
        """Play from step 0 on, as soon as that is there."""
        self.cursor.want(0)
        self.playback.play(self._session.runs.end_step)
        self._session.keep_ticking()

    def step_by(self, steps: int) -> None:
        """Pause, and go so many steps forward or back; a single step forward lets the box grow before."""
        self.playback.pause()
        last = self._session.runs.last_step
        self.cursor.settle(last)
        now = self.playback.step
        if steps == 1 and 0 <= now < last and self._session.scene().grows_after(now):
            self.cursor.ease_on()
            self._session.keep_ticking()
        else:
            self.seek(now + steps)

    def seek(self, step: int) -> None:
        """Go to a step; if it is not computed yet, to the last one that is."""
        self.cursor.seek(step, self._session.runs.last_step)
        self._session.show()

    def seek_end(self) -> None:
        """Go to the last step; while the run is being computed, to the last one that is there."""
        self.seek(self._session.runs.end_step)

    def settle(self) -> None:
        """Show what has changed beside the live run; the step may have been one of a longer run that is gone."""
        if not self.cursor.is_under_way:
            self.seek(self.playback.step)

    def set_speed(self, speed: float) -> None:
        """So many times the base speed."""
        self.playback.speed = speed
        self._session.show()

    def change_speed(self, notches: int) -> None:
        """Faster or slower by notches."""
        self.playback.faster(notches)
        self._session.show()
