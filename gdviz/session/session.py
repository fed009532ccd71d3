"""The session: applies edits to the state, keeps the computations in step with it, and emits what is to be shown."""

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from gdviz.animation.playback import Playback
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import Recording
from gdviz.core.descent.schedules import Constant
from gdviz.core.errors import InputError
from gdviz.core.problems.dataset import DataSettings
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.scenarios.scenario import Scenario
from gdviz.presentation.look import Look
from gdviz.scene.frame import Frame
from gdviz.scene.scene import Scene
from gdviz.session import edits
from gdviz.session.compact import regressions
from gdviz.session.controls import Controls, controls_of, in_words_of_the_window
from gdviz.session.cursor import Cursor
from gdviz.session.data_generator import DataMaker, GeneratedData, GenerationProgress, is_slow
from gdviz.session.edit_names import name_of_data
from gdviz.session.edits import Change
from gdviz.session.history import Moment
from gdviz.session.map_runner import ChartRunner
from gdviz.session.maps import with_chart
from gdviz.session.runs import Runs
from gdviz.session.state import State
from gdviz.session.timeline import Timeline, WaitingEdit

TICK_MILLISECONDS = 16


class Session(QObject):
    """Emits a frame whenever the picture has changed. All views get the same one, and cannot show different steps."""

    frame_changed = Signal(object)
    """A `Frame`."""
    controls_changed = Signal(object)
    """A `Controls`."""
    noticed = Signal(str)
    """One line about what was done or could not be done."""
    failed = Signal(str)
    """The traceback of an unexpected exception in a worker."""

    def __init__(
        self,
        scenario: Scenario,
        parent: QObject | None = None,
        name: str = "",
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Ready to start: nothing is computed before `start`. clock: tells the time in seconds."""
        super().__init__(parent)
        self.state = State(scenario, scenario.experiment, name)
        self.timeline = Timeline()
        self.runs = Runs(self.state)
        self.charts = ChartRunner()
        self.data_maker = DataMaker(gate=self.runs.gate)
        self.cursor = Cursor()
        self.frame: Frame | None = None
        self._shown: tuple[Scene, list[int], float] | None = None
        self._emitted: Controls | None = None
        self._announced: GenerationProgress | None = None
        self._clock = clock
        self._ticked = clock()
        self._timer = QTimer(self, interval=TICK_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)

    # What is there

    @property
    def experiment(self) -> Experiment:
        """That of the live run."""
        return self.state.experiment

    @property
    def look(self) -> Look:
        """How it is looked at."""
        return self.state.look

    @property
    def recording(self) -> Recording:
        """The live run, as far as it is computed."""
        return self.runs.live

    @property
    def playback(self) -> Playback:
        """Where we are in the recording."""
        return self.cursor.playback

    @property
    def place(self) -> int:
        """The step of the cursor, or the one to which it is on its way while that is computed again."""
        return self.cursor.place(self.experiment.steps)

    # What is done

    def start(self) -> None:
        """Compute the scenario that it was made for. Nothing can be undone yet."""
        self.open(self.state.scenario, self.state.scenario_name)
        self.timeline.forget()
        self.emit_controls()

    def open(self, scenario: Scenario, name: str = "") -> None:
        """Load a scenario and compute it with the runs beside it, also one that is there."""
        self._cancel_generation()
        self._make(edits.open_scenario(self.state, scenario, name), anew=True)

    def reset(self) -> None:
        """Back to the scenario as it was loaded, computed anew."""
        self._cancel_generation()
        self._make(edits.reset(self.state), anew=True)

    def apply(self, edit: Callable[..., Change], *arguments: Any, **fields: Any) -> bool:
        """Apply an edit to the state; False where it changes nothing or, which is said, is not possible."""
        return self._apply(edit, *arguments, drag=self.timeline.drag_of(edit), **fields)

    def set_look(self, **fields: Any) -> None:
        """Change how the scene is looked at."""
        self.apply(edits.set_look, **fields)

    def report_error(self, line: str) -> None:
        """Say what could not be done, and show the controls as they really stand; an empty line takes that back."""
        self.noticed.emit(in_words_of_the_window(line))
        self._emitted = None
        self.emit_controls()

    def set_learning_rate(self, learning_rate: float) -> None:
        """From the current step on while playing or if so chosen, else for the whole run."""
        from_step = self.place if self.playback.playing or self.state.changes_from_here else 0
        self.apply(edits.set_learning_rate, learning_rate, from_step)

    def scale_learning_rate(self, factor: float) -> None:
        """The rate at the current step times ``factor``."""
        self.set_learning_rate(self.controls().learning_rate * factor)

    def set_problem(self, name: str) -> None:
        """Another problem; data that are on their way are not wanted any more."""
        if self.apply(edits.set_problem, name):
            self._cancel_generation()
            self.emit_controls()

    def set_data(self, settings: DataSettings) -> None:
        """Other data; many rows are generated in the background and taken when they are there."""
        problem = self.experiment.problem
        if not (isinstance(problem, LinearRegression) and is_slow(settings)):
            self._cancel_generation()
            self.apply(edits.set_data, settings)
            self.emit_controls()
            return
        try:
            edits.check_other_data(self.state)
        except InputError as error:
            self.report_error(str(error))
            return
        self._cancel_generation()
        name = name_of_data(problem.data.settings, settings)
        self.timeline.waiting = WaitingEdit(name, self.timeline.drag_of(edits.set_data))
        self._generate(problem, settings)

    def go_to(self, learning_rate: float, step: int) -> None:
        """The run with that constant rate, at that step; it is made longer where it ends before."""
        self.playback.pause()
        schedule = self.experiment.schedule
        is_this_run = isinstance(schedule, Constant) and schedule.learning_rate == learning_rate
        if is_this_run and step <= self.experiment.steps:
            self.seek(step)
        else:
            self.apply(edits.run_to, learning_rate, step)

    def stop_computing(self) -> None:
        """Stop what is being computed or generated; the steps so far stay, and so do the data."""
        # Data that come just now must not begin another run.
        data = "; the data stay as they were" if self.data_maker.is_busy else ""
        self._cancel_generation()
        steps = ""
        if self.runs.is_computing:
            self.runs.stop()
            self._drain()
            of_pinned = " of the longest run" if self.state.beside else ""
            steps = f" after {self.runs.last_step:,} of {self.runs.end_step:,} steps{of_pinned}"
        if steps or data:
            self.noticed.emit(f"stopped{steps}{data}")
            self.show()

    def close(self) -> None:
        """Stop the threads and the clock. Nothing is emitted any more."""
        self._timer.stop()
        self.runs.stop()
        self.charts.stop()
        self.data_maker.stop()

    # Undo and redo

    def undo(self) -> None:
        """Back to before the newest edit, to the step at which one stood, with the same theme and camera as now."""
        name = self.timeline.undo_name
        if name and self.timeline.back(self._here()):
            self._go_on()
        elif name:
            self._cancel_generation()
            self.noticed.emit(f"undone: {name}")
            self.emit_controls()

    def redo(self) -> None:
        """Forward again to after the edit that was undone last."""
        if self.timeline.redo_name:
            self.timeline.forth(self._here())
            self._go_on()

    def _here(self) -> Moment:
        return Moment(self.state, self.cursor.place(self.runs.end_step))

    def _go_on(self) -> None:
        """Go to the end of the way through the history, or let the data be generated that it needs."""
        if self.timeline.waiting is None:
            self.data_maker.cancel()
        try:
            end = self.timeline.advance(regressions(self.state))
        except InputError as error:
            self._cancel_generation()
            self.report_error(str(error))
            return
        if isinstance(end, LinearRegression):
            assert end.data.settings is not None
            self.timeline.waiting = None
            self._generate(end, end.data.settings)
            return
        if end.state.experiment.problem != self.experiment.problem:
            self.data_maker.cancel()
            self.timeline.waiting = None
        notice = self.timeline.arrive().done_words
        self._follow(Change(end.state.seen_as(self.state), notice=notice, go_to=end.step, play=False))

    # Data that are generated in the background

    def _generate(self, problem: LinearRegression, settings: DataSettings) -> None:
        self.data_maker.submit(problem, settings)
        self.emit_controls()
        self._keep_ticking()

    def _cancel_generation(self) -> None:
        self.timeline.forget_data()
        self.data_maker.cancel()

    def _take(self, generated: GeneratedData) -> None:
        waiting = self.timeline.waiting
        if generated.problem is None:
            self.timeline.forget_data()
            if generated.refusal:
                self.report_error(generated.refusal)
            else:
                self.failed.emit(generated.error)
        elif waiting is None:
            self.timeline.add_known(generated.problem)
            self._go_on()
        else:
            self.timeline.waiting = None
            self._apply(edits.take_generated, generated.problem, drag=waiting.drag)

    def _announce_way(self) -> None:
        """Say how far the data are for which undo or redo waits: the problem that is shown may have no panel for it."""
        way, progress = self.timeline.way, self.data_maker.progress
        if way is not None and progress is not None and progress != self._announced:
            self._announced = progress
            self.noticed.emit(f"{way.verb} {way.name}: {progress.words}")

    # Playback

    def toggle_play(self) -> None:
        """Play or pause."""
        self.cursor.toggle_play(self.runs.last_step, self.runs.end_step, self.runs.is_computing)
        self.show()
        self._keep_ticking()

    def step_by(self, steps: int) -> None:
        """Pause, and go so many steps forward or back; a single step forward lets the box grow before."""
        self.playback.pause()
        last = self.runs.last_step
        self.cursor.settle(last)
        now = self.playback.step
        if steps == 1 and 0 <= now < last and self.scene().grows_after(now):
            self.cursor.ease_on()
            self._keep_ticking()
        else:
            self.seek(now + steps)

    def seek(self, step: int) -> None:
        """Go to a step; if it is not computed yet, to the last one that is."""
        self.cursor.seek(step, self.runs.last_step)
        self.show()

    def seek_end(self) -> None:
        """Go to the last step; while the run is being computed, to the last one that is there."""
        self.seek(self.runs.end_step)

    def set_speed(self, speed: float) -> None:
        """So many times the base speed."""
        self.playback.speed = speed
        self.show()

    def change_speed(self, notches: int) -> None:
        """Faster or slower by notches."""
        self.playback.faster(notches)
        self.show()

    # Inside

    def _apply(self, edit: Callable[..., Change], *arguments: Any, drag: object, **fields: Any) -> bool:
        try:
            change = edit(self.state, *arguments, **fields)
        except InputError as error:
            self.report_error(str(error))
            return False
        return self._make(change, drag)

    def _make(self, change: Change, drag: object = None, anew: bool = False) -> bool:
        """Make the change true and remember how it was before; False where it changes nothing."""
        after = change.state.with_pane_offered()
        if after == self.state and not anew:
            if change.notice:
                self.noticed.emit(change.notice)
            return False
        if self.timeline.record(self._here(), after, change.name, drag) and self.timeline.way is not None:
            self._cancel_generation()  # the way began somewhere else
        self._follow(change, anew)
        return True

    def _follow(self, change: Change, anew: bool = False) -> None:
        """Take the new state, and start, follow or stop what is computed for it."""
        before, after = self.state, change.state.with_pane_offered()
        self.state = after
        is_other_run = anew or after.experiment != before.experiment
        self.runs.follow(after, change.from_step, anew)
        self._move_cursor(change, is_other_run, after.pinned != before.pinned)
        self.charts.follow(after.look.pane, after.experiment)
        if is_other_run and after.look == before.look:
            self.emit_controls()
        else:
            self.show()
        self._keep_ticking()
        if change.notice:
            self.noticed.emit(change.notice)

    def _move_cursor(self, change: Change, is_other_run: bool, has_other_pins: bool) -> None:
        cursor, runs, go_to = self.cursor, self.runs, change.go_to
        if change.play is False:
            self.playback.pause()
        if go_to is not None:
            cursor.want(go_to)
        if is_other_run or go_to is not None:
            # The place is kept over a change, also while the new run has not come so far yet.
            cursor.keep_place()
        if is_other_run:
            cursor.set_pace(self.experiment.schedule)
        elif go_to is not None and not runs.is_computing:
            cursor.seek(go_to, runs.last_step)
        elif has_other_pins and not cursor.is_under_way:
            # The step may have been one of a longer run that is gone.
            cursor.seek(self.playback.step, runs.last_step)
        if change.play:
            cursor.want(0)
            self.playback.play(runs.end_step)

    def _keep_ticking(self) -> None:
        if not self._timer.isActive() and self.is_busy:
            self._ticked = self._clock()
            self._timer.start()

    @property
    def is_ticking(self) -> bool:
        """Whether the clock goes on."""
        return self._timer.isActive()

    @property
    def is_busy(self) -> bool:
        """Whether something moves or is computed, for which the clock has to go on."""
        under_way = bool(len(self.recording)) and self.cursor.is_under_way
        moves = self.playback.playing or self.cursor.is_easing or under_way
        return self.runs.is_computing or self.charts.is_busy or self.data_maker.is_busy or moves

    def tick(self) -> None:
        """Take what has been computed, and move on by the time that has passed."""
        with self.runs.gate:
            now = self._clock()
            elapsed, self._ticked = now - self._ticked, now
            self._drain()
            self.cursor.move(elapsed, self.runs.last_step, self.runs.end_step, self.runs.is_computing)
            self.show()
        if not self.is_busy:
            self._timer.stop()

    def _drain(self) -> None:
        for traceback in self.runs.drain():
            self.failed.emit(traceback)
        problem, error = self.charts.take()
        if problem is not None:
            self.noticed.emit(problem)
        if error is not None:
            self.failed.emit(error)
        generated = self.data_maker.take()
        if generated is not None:
            self._take(generated)
        self._announce_way()

    # What is shown

    def scene(self) -> Scene:
        """What is shown, with the runs as far as they are recorded."""
        recordings, styles = self.runs.shown
        return with_chart(Scene(self.state.title, recordings, self.look, styles=styles), self.charts.chart)

    def show(self) -> None:
        """Show the moment at which the cursor stands, where that is another picture than the one that is shown."""
        if self.runs.last_step >= 0:
            scene, moment = self.scene(), self.moment
            content = (scene, [len(recording) for recording in scene.recordings], moment)
            if content != self._shown:
                self._shown = content
                self.frame = scene.frame(moment)
                self.frame_changed.emit(self.frame)
        self.emit_controls()

    @property
    def moment(self) -> float:
        """What is shown, in steps; between two steps the box grows."""
        step, moment = self.playback.step, self.cursor.moment
        # Between two steps only the box can move; where it does not, nothing is drawn again.
        return moment if moment > step and self.scene().grows_after(step) else float(step)

    def emit_controls(self) -> None:
        """Emit the controls where they have changed."""
        controls = self.controls()
        if controls != self._emitted:
            self._emitted = controls
            self.controls_changed.emit(controls)

    def controls(self) -> Controls:
        """The state of the controls as it is now."""
        return controls_of(self.state, self.runs, self.cursor, self.data_maker, self.timeline)
