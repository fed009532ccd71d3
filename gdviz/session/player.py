"""The player: moves the cursor along runs that may still be computing, and emits the frame at the cursor."""

from PySide6.QtCore import QObject, Signal

from gdviz.animation.playback import BASE_SPEED, EASE_SECONDS, SPEEDS, Playback, easing_seconds, plays_parts
from gdviz.core.descent.schedules import Schedule
from gdviz.scene.sameness import is_same
from gdviz.scene.scene import Frame, Scene
from gdviz.session.frames import FrameComposer, Moment
from gdviz.session.maps import ChartRunner
from gdviz.session.runs import Runs
from gdviz.session.state import Change

SWEEP_SECONDS = 4.0
"""The approximate duration of playing a range test."""


class Player(QObject):
    """Keeps its position while a changed run is recomputed, and eases the picture before a single step."""

    frame_changed = Signal(object)
    """A `Frame`, whenever the picture changes. All views get the same one, and cannot show different steps."""
    moved = Signal()
    """The user has moved, started or stopped the cursor."""

    def __init__(self, runs: Runs, charts: ChartRunner, parent: QObject) -> None:
        """Stand at the start, showing nothing yet."""
        super().__init__(parent)
        self._runs, self._charts = runs, charts
        self.playback = Playback()
        """The cursor."""
        self.frame: Frame | None = None
        self.composer = FrameComposer()
        """Composes the frames that take long."""
        self._shown: Moment | None = None
        self._target: int | None = None
        self._eased: float | None = None
        self._speed_before: float | None = None

    # Position

    @property
    def target_step(self) -> int:
        """The current step, or the one it will go to once that is recomputed."""
        return min(self.playback.step if self._target is None else self._target, self._runs.end_step)

    @property
    def is_easing(self) -> bool:
        """Whether the box or the arrows are growing before a single step."""
        return self._eased is not None

    @property
    def is_seeking(self) -> bool:
        """Whether it will go to a step once that is computed."""
        return self._target is not None

    @property
    def is_moving(self) -> bool:
        """Whether it moves as time passes."""
        return self.playback.playing or self.is_easing or (self.is_seeking and len(self._runs.live) > 0)

    @property
    def moment(self) -> float:
        """What is shown, in steps; between two steps the box or the arrows grow."""
        step = self.playback.step
        if self._eased is None and not self.playback.playing:
            return float(step)
        seconds = easing_seconds(self.scene(), step, self._steps_per_second)
        if self._eased is None or not seconds:
            return self.playback.moment(seconds)
        return step + self._eased

    @property
    def _steps_per_second(self) -> float:
        """The speed at which it plays; 0 for a single step, which takes its time."""
        return BASE_SPEED * self.playback.speed if self.playback.playing else 0.0

    # User commands

    def toggle_play(self) -> None:
        """Play or pause; a stopped run ends at its last computed step."""
        if self.playback.playing:
            self.playback.pause()
        else:
            self._finish_easing()
            self.playback.play(self._runs.end_step if self._runs.is_computing else self._runs.last_step)
        self._notify()

    def step_by(self, steps: int) -> None:
        """Pause and move by so many steps; a single step forward first shows what happens on the way."""
        self.playback.pause()
        self._finish_easing()
        now = self.playback.step
        if steps == 1 and 0 <= now < self._runs.last_step and easing_seconds(self.scene(), now):
            self._eased = 0.0
            self.moved.emit()
        else:
            self.seek(now + steps)

    def seek(self, step: int) -> None:
        """Go to a step, or to the last one computed so far."""
        self._jump_to(step)
        self._notify()

    def seek_end(self) -> None:
        """Go to the last step, or to the last one computed so far."""
        self.seek(self._runs.end_step)

    def set_speed(self, speed: float) -> None:
        """Set the speed as a multiple of the base speed."""
        self.playback.speed = speed
        self._notify()

    def change_speed(self, notches: int) -> None:
        """Move this many places up the list of speeds, or down if negative."""
        self.playback.faster(notches)
        self._notify()

    def _notify(self) -> None:
        self.show()
        self.moved.emit()

    # Progress

    def follow(self, change: Change, is_other_run: bool, has_other_pins: bool) -> None:
        """Go where the change leads, or keep the position; the runs are already those of the new state."""
        go_to = change.go_to
        if change.play is False:
            self.playback.pause()
        if is_other_run or go_to is not None:
            # The position survives a change, even while the new run has not got that far.
            target_step = self.playback.step if self._target is None else self._target
            self._target, self._eased = target_step if go_to is None else go_to, None
        if is_other_run:
            self._adjust_speed(self._runs.live.experiment.schedule)
        elif go_to is not None and not self._runs.is_computing:
            self._jump_to(go_to)
        elif has_other_pins and not self.is_seeking:
            # The longer run that had this step may be gone.
            self._jump_to(self.playback.step)
        if change.play:
            self._target = 0
            self.playback.play(self._runs.end_step)

    def move(self, elapsed: float) -> None:
        """Advance by so many seconds."""
        last, is_computing = self._runs.last_step, self._runs.is_computing
        if last < 0:
            if not is_computing:  # there is nothing to play
                self.playback.pause()
        elif self._target is not None:
            self.playback.seek(self._target, last)
            if self._target <= last or not is_computing:
                self._target = None
        elif self._eased is not None:
            # If the look has changed on the way, there may be nothing left to ease.
            self._eased += elapsed / (easing_seconds(self.scene(), self.playback.step) or EASE_SECONDS)
            if self._eased >= 1.0:
                self._finish_easing()
        else:
            self.playback.advance(elapsed, last, self._runs.end_step)
            if not is_computing and self.playback.playing and self.playback.step >= last:
                self.playback.pause()

    def _jump_to(self, step: int) -> None:
        self._target = self._eased = None
        self.playback.seek(step, max(self._runs.last_step, 0))

    def _finish_easing(self) -> None:
        """Finish the growth at once, on the step it leads to."""
        if self._eased is not None:
            self._eased = None
            self.playback.seek(self.playback.step + 1, self._runs.last_step)

    def _adjust_speed(self, schedule: Schedule) -> None:
        """Speed up for a range test, so that its curve is seen being drawn, and restore the speed after it."""
        playback = self.playback
        if schedule.sweeps:
            if self._speed_before is None:
                self._speed_before = playback.speed
            wanted = max(playback.speed, (schedule.last_step or 0) / BASE_SPEED / SWEEP_SECONDS)
            playback.speed = next(speed for speed in SPEEDS if speed >= wanted)
        elif self._speed_before is not None:
            playback.speed, self._speed_before = self._speed_before, None

    # Display

    def scene(self) -> Scene:
        """The scene, with the runs as far as they are recorded."""
        recordings, styles = self._runs.shown
        state, charts, trials = self._runs.state, self._charts, self._runs.trials
        question = "" if state.is_changed else state.scenario.question
        return Scene(state.title, recordings, state.look, charts.chart, styles, trials, question)

    def show(self) -> None:
        """Show the moment at the cursor, unless it is already shown."""
        if not len(self._runs.live):  # not computed yet, or stopped in the middle of a long first step
            return
        scene = self.scene()
        in_parts = plays_parts(scene, self.playback.step, self._steps_per_second)
        pace = BASE_SPEED * self.playback.speed
        moment = Moment(scene, self.moment, in_parts, tuple(map(len, scene.recordings)), pace)
        if moment != self._shown:
            frame = self.composer.compose(moment, self.playback.playing)
            if frame is not None:
                self._show_frame(moment, frame)

    def take_frame(self) -> str:
        """Show the frame that was composed in the background, if there is a new one; the traceback where it failed."""
        outcome = self.composer.take()
        if outcome is not None and outcome.result is not None:
            self._show_frame(outcome.result.moment, outcome.result.frame)
        return outcome.refusal or outcome.error if outcome is not None else ""

    def _show_frame(self, moment: Moment, frame: Frame) -> None:
        self._shown = moment
        if not is_same(frame, self.frame):  # while the cursor stands still, a run that grows seldom changes the picture
            self.frame = frame
            self.frame_changed.emit(frame)
