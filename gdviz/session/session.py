"""The session: applies edits to the state, keeps the computations in step with it, and emits what is to be shown."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from gdviz.core.errors import InputError
from gdviz.core.problems.capabilities import DataProblem, HasData
from gdviz.core.problems.dataset import DataSettings
from gdviz.core.scenarios.scenario import Scenario
from gdviz.session import edits
from gdviz.session.controls import Controls, controls_of, in_words_of_the_window
from gdviz.session.data_generator import DataGenerator, is_slow
from gdviz.session.edit_names import name_of_data
from gdviz.session.latest_task import Outcome
from gdviz.session.maps import ChartRunner
from gdviz.session.player import Player
from gdviz.session.runs import Runs
from gdviz.session.state import OTHER_PROBLEM, Change, State
from gdviz.session.timeline import Moment, Timeline, WaitingEdit

TICK_MILLISECONDS = 16
Clock = Callable[[], float]


class Session(QObject):
    """Application state: applies edits, runs computations, and tells what has come of them."""

    controls_changed = Signal(object)
    """A `Controls`."""
    noticed = Signal(str)
    """One line about what was done or could not be done."""
    failed = Signal(str)
    """The traceback of an unexpected exception in a worker."""

    def __init__(
        self, scenario: Scenario, parent: QObject | None = None, name: str = "", clock: Clock = time.perf_counter
    ) -> None:
        """Ready to start: nothing is computed before `start`. clock: tells the time in seconds."""
        super().__init__(parent)
        self.state = State(scenario, scenario.experiment, name)
        self.runs = Runs(self.state)
        self.charts = ChartRunner()
        self.timeline = Timeline(DataGenerator(self.runs.gate))
        self.player = Player(self.runs, self.charts, self)
        self.player.moved.connect(self._go_on)
        self._emitted: Controls | None = None
        self._clock = clock
        self._ticked = clock()
        self.timer = QTimer(self, interval=TICK_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
        """Ticks while something moves or is computed."""
        self.timer.timeout.connect(self.tick)

    @property
    def place(self) -> int:
        """The step of the live run at which the cursor stands, or to which it is on its way."""
        return min(self.player.place, self.state.experiment.steps)

    @property
    def is_busy(self) -> bool:
        """Whether something moves or is computed, for which the clock has to go on."""
        threads = (self.runs.is_computing, self.charts.is_busy, self.timeline.generator.is_busy)
        return any(threads) or self.player.is_moving

    # What is done

    def start(self) -> None:
        """Compute the scenario that it was made for. Nothing can be undone yet."""
        self.open(self.state.scenario, self.state.scenario_name)
        self.timeline.forget()
        self.emit_controls()

    def open(self, scenario: Scenario, name: str = "") -> None:
        """Load a scenario and compute it with the runs beside it, also one that is there."""
        self.timeline.forget_data()
        self._make(edits.open_scenario(self.state, scenario, name), anew=True)

    def reset(self) -> None:
        """Back to the scenario as it was loaded, computed anew."""
        self.timeline.forget_data()
        self._make(edits.reset(self.state), anew=True)

    def apply(self, edit: Callable[..., Change], *arguments: Any, **fields: Any) -> bool:
        """Apply an edit to the state; False where it changes nothing or, which is said, is not possible."""
        change = self._attempt(partial(edit, self.state, *arguments, **fields))
        return change is not None and self._make(change, self.timeline.drag_of(edit))

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
        from_step = self.place if self.player.playback.playing or self.state.changes_from_here else 0
        self.apply(edits.set_learning_rate, learning_rate, from_step)

    def scale_learning_rate(self, factor: float) -> None:
        """The rate at the current step times ``factor``."""
        self.set_learning_rate(self.controls().learning_rate * factor)

    def set_problem(self, name: str) -> None:
        """Another problem; data that are on their way are not wanted any more."""
        if self.apply(edits.set_problem, name):
            self.timeline.forget_data()
            self.emit_controls()

    def set_data(self, settings: DataSettings) -> None:
        """Other data; many rows are generated in the background and taken when they are there."""
        problem = self.state.experiment.problem
        if not (isinstance(problem, HasData) and is_slow(settings)):
            self.timeline.forget_data()
            self.apply(edits.set_data, settings)
            self.emit_controls()
        elif self.state.pinned:
            self.report_error(OTHER_PROBLEM)
        else:
            edit = WaitingEdit(name_of_data(problem.data.settings, settings), self.timeline.drag_of(edits.set_data))
            self.timeline.wait(edit, problem, settings)
            self._go_on()

    def go_to(self, learning_rate: float, step: int) -> None:
        """The run with that constant rate, at that step; it is made longer where it ends before."""
        self.player.playback.pause()
        if learning_rate == self.state.experiment.schedule.constant_rate and step <= self.state.experiment.steps:
            self.player.seek(step)
        else:
            self.apply(edits.run_to, learning_rate, step)

    def stop_computing(self) -> None:
        """Stop what is being computed or generated; the steps so far stay, and so do the data."""
        # Data that come just now must not begin another run.
        data = "; the data stay as they were" if self.timeline.generator.is_busy else ""
        self.timeline.forget_data()
        steps = ""
        if self.runs.is_computing:
            self.runs.stop()
            self._drain()
            of_pinned = " of the longest run" if self.state.beside else ""
            steps = f" after {max(0, self.runs.last_step):,} of {self.runs.end_step:,} steps{of_pinned}"
        if steps or data:
            self.noticed.emit(f"stopped{steps}{data}")
            self.player.show()
            self.emit_controls()

    def close(self) -> None:
        """Stop the threads and the clock. Nothing is emitted any more."""
        self.timer.stop()
        self.runs.stop()
        self.charts.stop()
        self.timeline.generator.stop()

    # Undo and redo

    def undo(self) -> None:
        """Back to before the newest edit, to the step at which one stood, with the same theme and camera as now."""
        name = self.timeline.undo_name
        if name and self.timeline.back(self._here()):
            self._go_through_history()
        elif name:
            self.timeline.forget_data()
            self.noticed.emit(f"undone: {name}")
            self.emit_controls()

    def redo(self) -> None:
        """Forward again to after the edit that was undone last."""
        if self.timeline.redo_name:
            self.timeline.forth(self._here())
            self._go_through_history()

    def _here(self) -> Moment:
        return Moment(self.state, self.player.place)

    def _go_through_history(self, *generated: DataProblem) -> None:
        """Go to the end of the way, or wait for the data that it needs; some may have been generated for it."""
        change = self._attempt(partial(self.timeline.advance, self.state, generated))
        if change is not None:
            self._follow(change)
        else:
            self._tell_news()
            self._go_on()

    def _attempt(self, edit: Callable[[], Change | None]) -> Change | None:
        """What comes of an edit; None where it is not possible, which is said."""
        try:
            return edit()
        except InputError as error:
            self.report_error(str(error))
            return None

    def _make(self, change: Change, drag: object = None, anew: bool = False) -> bool:
        """Make the change true and remember how it was before; False where it changes nothing."""
        after = change.state.with_pane_offered()
        is_new = anew or after != self.state
        if is_new:
            self.timeline.record(self._here(), after, change.name, drag)
            self._follow(change, anew)
        elif change.notice:
            self.noticed.emit(change.notice)
        return is_new

    def _follow(self, change: Change, anew: bool = False) -> None:
        """Take the new state, and start, follow or stop what is computed for it."""
        before, after = self.state, change.state.with_pane_offered()
        self.state = after
        is_other_run = anew or after.experiment != before.experiment
        self.runs.follow(after, change.from_step, anew)
        self.player.follow(change, is_other_run, after.pinned != before.pinned)
        self.charts.follow(after.look.pane, after.experiment)
        if not is_other_run or after.look != before.look:
            self.player.show()
        self._go_on()
        if change.notice:
            self.noticed.emit(change.notice)

    def _go_on(self) -> None:
        """Emit the controls as they are now, and let the clock go on if there is something to do."""
        self.emit_controls()
        if not self.timer.isActive() and self.is_busy:
            self._ticked = self._clock()
            self.timer.start()

    def tick(self) -> None:
        """Take what has been computed, and move on by the time that has passed."""
        with self.runs.gate:
            now = self._clock()
            elapsed, self._ticked = now - self._ticked, now
            self._drain()
            self.player.move(elapsed)
            self.player.show()
            self.emit_controls()
        if not self.is_busy:
            self.timer.stop()

    def _drain(self) -> None:
        refusals, tracebacks = self.runs.drain()
        for refusal in refusals:
            self.noticed.emit(refusal)
        for traceback in tracebacks:
            self.failed.emit(traceback)
        if (charted := self.charts.take()) is not None:
            if charted.refusal:
                self.noticed.emit(charted.refusal)
            if charted.error:
                self.failed.emit(charted.error)
        if (generated := self.timeline.generator.take()) is not None:
            self._take(generated)
        self._tell_news()

    def _tell_news(self) -> None:
        if (news := self.timeline.news()) is not None:
            self.noticed.emit(news)

    def _take(self, generated: Outcome[DataProblem]) -> None:
        waiting = self.timeline.waiting
        if generated.result is None:
            self.timeline.forget_data()
            tell, line = (
                (self.report_error, generated.refusal) if generated.refusal else (self.failed.emit, generated.error)
            )
            tell(line)
        elif waiting is None:
            self._go_through_history(generated.result)
        else:
            self.timeline.waiting = None
            change = self._attempt(partial(edits.take_generated, self.state, generated.result))
            if change is not None:
                self._make(change, waiting.drag)

    def emit_controls(self) -> None:
        """Emit the controls where they have changed."""
        controls = self.controls()
        if controls != self._emitted:
            self._emitted = controls
            self.controls_changed.emit(controls)

    def controls(self) -> Controls:
        """The state of the controls as it is now."""
        return controls_of(self.state, self.runs, self.player, self.timeline)
