"""The player: moves the cursor along runs that may still be computed, and emits the frame at which it stands."""

from PySide6.QtCore import QObject, Signal

from gdviz.animation.playback import BASE_SPEED, EASE_SECONDS, SPEEDS, Playback
from gdviz.core.descent.schedules import Schedule
from gdviz.scene.scene import Frame, Scene
from gdviz.session.maps import ChartRunner
from gdviz.session.runs import Runs
from gdviz.session.state import Change

SWEEP_SECONDS = 4.0
"""About how long it takes to draw a range test."""


class Player(QObject):
    """Keeps its place while a changed run is computed anew, and lets the box grow before a single step."""

    frame_changed = Signal(object)
    """A `Frame`, whenever the picture is another one. All views get the same, and cannot show different steps."""
    moved = Signal()
    """The user has moved the cursor, started or stopped it."""

    def __init__(self, runs: Runs, charts: ChartRunner, parent: QObject) -> None:
        """Stand still at the start; nothing is shown yet."""
        super().__init__(parent)
        self._runs, self._charts = runs, charts
        self.playback = Playback()
        """Where the cursor is."""
        self.frame: Frame | None = None
        self._shown: tuple[Scene, list[int], float] | None = None
        self._target: int | None = None
        self._eased: float | None = None
        self._speed_before: float | None = None

    # Where it is

    @property
    def place(self) -> int:
        """The step at which it stands, or to which it is on its way while that is computed again."""
        return min(self.playback.step if self._target is None else self._target, self._runs.end_step)

    @property
    def is_easing(self) -> bool:
        """Whether the box grows before a single step."""
        return self._eased is not None

    @property
    def is_under_way(self) -> bool:
        """Whether it goes somewhere as soon as that is computed."""
        return self._target is not None

    @property
    def is_moving(self) -> bool:
        """Whether it moves as time passes."""
        return self.playback.playing or self.is_easing or (self.is_under_way and len(self._runs.live) > 0)

    @property
    def moment(self) -> float:
        """What is shown, in steps; between two steps the box grows."""
        step = self.playback.step
        moment = self.playback.time if self._eased is None else step + self._eased
        # Where the box does not grow, nothing is drawn again.
        return moment if moment > step and self.scene().grows_after(step) else float(step)

    # What the user does

    def toggle_play(self) -> None:
        """Play or pause; a run that was stopped ends where it was."""
        if self.playback.playing:
            self.playback.pause()
        else:
            self._settle()
            self.playback.play(self._runs.end_step if self._runs.is_computing else self._runs.last_step)
        self._tell()

    def step_by(self, steps: int) -> None:
        """Pause, and go so many steps forward or back; a single step forward lets the box grow before."""
        self.playback.pause()
        self._settle()
        now = self.playback.step
        if steps == 1 and 0 <= now < self._runs.last_step and self.scene().grows_after(now):
            self._eased = 0.0
            self.moved.emit()
        else:
            self.seek(now + steps)

    def seek(self, step: int) -> None:
        """Go to a step; if it is not computed yet, to the last one that is."""
        self._go(step)
        self._tell()

    def seek_end(self) -> None:
        """Go to the last step; while the run is being computed, to the last one that is there."""
        self.seek(self._runs.end_step)

    def set_speed(self, speed: float) -> None:
        """So many times the base speed."""
        self.playback.speed = speed
        self._tell()

    def change_speed(self, notches: int) -> None:
        """Faster or slower by notches."""
        self.playback.faster(notches)
        self._tell()

    def _tell(self) -> None:
        self.show()
        self.moved.emit()

    # What happens to it

    def follow(self, change: Change, is_other_run: bool, has_other_pins: bool) -> None:
        """Go where the change leads, or keep the place; the runs are those of the new state by now."""
        go_to = change.go_to
        if change.play is False:
            self.playback.pause()
        if is_other_run or go_to is not None:
            # The place is kept over a change, also while the new run has not come so far yet.
            place = self.playback.step if self._target is None else self._target
            self._target, self._eased = place if go_to is None else go_to, None
        if is_other_run:
            self._set_pace(self._runs.live.experiment.schedule)
        elif go_to is not None and not self._runs.is_computing:
            self._go(go_to)
        elif has_other_pins and not self.is_under_way:
            # The step may have been one of a longer run that is gone.
            self._go(self.playback.step)
        if change.play:
            self._target = 0
            self.playback.play(self._runs.end_step)

    def move(self, elapsed: float) -> None:
        """Let so many seconds pass."""
        last, is_computing = self._runs.last_step, self._runs.is_computing
        if last < 0:
            if not is_computing:  # nothing will come that could be played
                self.playback.pause()
        elif self._target is not None:
            self.playback.seek(self._target, last)
            if self._target <= last or not is_computing:
                self._target = None
        elif self._eased is not None:
            self._eased += elapsed / EASE_SECONDS
            if self._eased >= 1.0:
                self._settle()
        else:
            self.playback.advance(elapsed, last, self._runs.end_step)
            if not is_computing and self.playback.playing and self.playback.step >= last:
                self.playback.pause()

    def _go(self, step: int) -> None:
        self._target = self._eased = None
        self.playback.seek(step, max(self._runs.last_step, 0))

    def _settle(self) -> None:
        """End a growing of the box at once, on the step it leads to."""
        if self._eased is not None:
            self._eased = None
            self.playback.seek(self.playback.step + 1, self._runs.last_step)

    def _set_pace(self, schedule: Schedule) -> None:
        """Play a range test so fast that its curve is seen to be drawn, and a run after it as fast as one before it."""
        playback = self.playback
        if schedule.sweeps:
            if self._speed_before is None:
                self._speed_before = playback.speed
            wanted = max(playback.speed, (schedule.last_step or 0) / BASE_SPEED / SWEEP_SECONDS)
            playback.speed = next(speed for speed in SPEEDS if speed >= wanted)
        elif self._speed_before is not None:
            playback.speed, self._speed_before = self._speed_before, None

    # What is shown

    def scene(self) -> Scene:
        """What is shown, with the runs as far as they are recorded."""
        recordings, styles = self._runs.shown
        state = self._runs.state
        return Scene(state.title, recordings, state.look, self._charts.chart, styles)

    def show(self) -> None:
        """Show the moment at which the cursor stands, unless that picture is shown already."""
        if self._runs.last_step < 0:
            return
        scene, moment = self.scene(), self.moment
        content = (scene, [len(recording) for recording in scene.recordings], moment)
        if content != self._shown:
            self._shown = content
            self.frame = scene.frame(moment)
            self.frame_changed.emit(self.frame)
