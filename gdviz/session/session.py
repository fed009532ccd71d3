"""The session: applies edits to the state, keeps the computations in step with it, and emits what to show."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from gdviz.core.errors import InputError
from gdviz.core.problems.capabilities import DataProblem
from gdviz.core.scenarios.scenario import Scenario
from gdviz.session import data_edits, edits
from gdviz.session.controls import Controls, controls_of, with_field_name
from gdviz.session.latest_task import Outcome
from gdviz.session.loading.data_generator import DataGenerator, DataRequest
from gdviz.session.loading.opening import Opening
from gdviz.session.maps import ChartRunner
from gdviz.session.player import Player
from gdviz.session.runs import Runs
from gdviz.session.state import Change, State
from gdviz.session.ticker import Clock, Ticker
from gdviz.session.timeline import Moment, Timeline


class Session(QObject):
    """The application state: applies edits, runs computations and reports their results."""

    controls_changed = Signal(object)
    """A `Controls`."""
    paint_due = Signal()
    """What has changed is to be painted now, while the workers wait."""
    noticed = Signal(str)
    """One line about what was done."""
    refused = Signal(str)
    """What could not be done, in one line; empty once something else was done."""
    failed = Signal(str)
    """The traceback of an unexpected exception in a worker."""

    def __init__(
        self, scenario: Scenario, parent: QObject | None = None, name: str = "", clock: Clock = time.perf_counter
    ) -> None:
        """Compute nothing before `start`. clock: returns the time in seconds."""
        super().__init__(parent)
        self.state = State(scenario, scenario.experiment, name)
        self.runs = Runs(self.state)
        self.charts = ChartRunner()
        self.timeline = Timeline(DataGenerator(self.runs.gate))
        self.player = Player(self.runs, self.charts, self)
        self.player.moved.connect(self._wake)
        self.opening = Opening(self.runs.gate, clock, self)
        self.opening.begun.connect(self._wake)
        self.opening.noticed.connect(self.noticed)
        self.opening.noticed.connect(self.emit_controls)
        self.opening.scenario_read.connect(self.open)
        self.opening.data_read.connect(partial(self.apply, data_edits.set_columns))
        self._emitted: Controls | None = None
        self._refusals = 0
        self.timer = Ticker(clock, self)
        self.timer.timeout.connect(self.tick)

    @property
    def target_step(self) -> int:
        """The step of the live run at the cursor, or the one it will go to."""
        return min(self.player.target_step, self.state.experiment.steps)

    @property
    def is_computing(self) -> bool:
        """Whether a thread computes, generates or reads something."""
        tasks = (self.charts, self.runs.trial_runner, self.timeline.generator, self.opening)
        return self.runs.is_computing or any(task.is_busy for task in tasks)

    @property
    def is_busy(self) -> bool:
        """Whether anything moves or is being computed, so that the timer has to run."""
        return self.is_computing or self.player.is_moving

    # Commands

    def start(self) -> None:
        """Compute the initial scenario, with nothing to undo."""
        self.open(self.state.scenario, self.state.scenario_name)
        self.timeline.clear()
        self.emit_controls()

    def open(self, scenario: Scenario, name: str = "") -> None:
        """Load a scenario and compute its runs, even if it is the current one."""
        self._cancel_data()
        self._commit(edits.open_scenario(self.state, scenario, name), restart=True)

    def reset(self) -> None:
        """Return to the scenario as loaded, and recompute it."""
        self._cancel_data()
        self._commit(edits.reset(self.state), restart=True)

    def apply(self, edit: Callable[..., Change | None], *arguments: Any, **fields: Any) -> bool:
        """Apply an edit to the state; False if it changes nothing, waits for data, or is refused, which is reported."""
        change = self._attempt(partial(edit, self.state, *arguments, **fields))
        return change is not None and self._commit(change, self.timeline.drag_of(edit))

    def set_look(self, **fields: Any) -> None:
        """Change the look."""
        self.apply(edits.set_look, **fields)

    def report_error(self, line: str) -> None:
        """Report what could not be done, and show the actual state; an empty line clears the report."""
        self.refused.emit(with_field_name(line))
        self._refusals += 1
        self.emit_controls()

    def set_learning_rate(self, learning_rate: float) -> None:
        """Set the rate from the current step on while playing or if so chosen, else of the whole run."""
        from_step = self.target_step if self.player.playback.playing or self.state.changes_from_here else 0
        self.apply(edits.set_learning_rate, learning_rate, from_step)

    def scale_learning_rate(self, factor: float) -> None:
        """Multiply the current rate by ``factor``."""
        self.set_learning_rate(self.controls().learning_rate * factor)

    def set_problem(self, name: str) -> None:
        """Switch to another problem, and cancel data on their way."""
        if self.apply(edits.set_problem, name):
            self._cancel_data()
            self.emit_controls()

    def set_data(self, request: DataRequest) -> None:
        """Set other data; many rows are generated or standardised in the background and adopted when ready."""
        self.opening.cancel()
        self.apply(self.timeline.set_data, request)
        self._wake()

    def choose_columns(self) -> None:
        """Ask which columns of their table the data are to be; nothing where they are from none."""
        self._attempt(partial(self.opening.ask_columns, self.state))

    def _cancel_data(self) -> None:
        """Cancel data that are generated or read."""
        self.timeline.cancel_generation()
        self.opening.cancel()

    def show_run(self, learning_rate: float, step: int) -> None:
        """Show the run with that constant rate at that step, extended if it ends before."""
        self.player.playback.pause()
        if learning_rate == self.state.experiment.schedule.constant_rate and step <= self.state.experiment.steps:
            self.player.seek(step)
        else:
            self.apply(edits.open_run, learning_rate, step)

    def stop_computing(self) -> None:
        """Stop computing, generating and reading; the steps so far stay, and so do the data."""
        # Data arriving just now must not start another run.
        data = "; the data stay as they were" if self.timeline.generator.is_busy or self.opening.is_busy else ""
        self._cancel_data()
        steps = ""
        if self.runs.is_computing:
            self.runs.stop()
            self._drain()
            steps = f" after {self.runs.progress}"
        if steps or data:
            self.noticed.emit(f"stopped{steps}{data}")
            self.player.show()
            self.emit_controls()

    def close(self) -> None:
        """Stop the threads and the timer. Nothing is emitted afterwards."""
        self.timer.stop()
        self.runs.stop()
        self.charts.stop()
        self.runs.trial_runner.stop()
        self.timeline.generator.stop()
        self.opening.stop()

    # Undo and redo

    def undo(self) -> None:
        """Go back to before the newest edit, at the step of that moment, with the current theme and camera."""
        name = self.timeline.undo_name
        self.opening.cancel()
        if name and self.timeline.begin_undo(self._current_moment()):
            self._advance_history()
        elif name:
            self.timeline.cancel_generation()
            self.noticed.emit(f"undone: {name}")
            self.emit_controls()

    def redo(self) -> None:
        """Go forward to after the edit that was undone last."""
        self.opening.cancel()
        if self.timeline.redo_name:
            self.timeline.begin_redo(self._current_moment())
            self._advance_history()

    def _current_moment(self) -> Moment:
        return Moment(self.state, self.player.target_step)

    def _advance_history(self, *generated: DataProblem) -> None:
        """Complete the pending undo or redo, or wait for its data; some may have been generated for it."""
        change = self._attempt(partial(self.timeline.advance, self.state, generated))
        if change is not None:
            self._apply_change(change)
        else:
            self._announce_progress()
            self._wake()

    def _attempt(self, edit: Callable[[], Change | None]) -> Change | None:
        """The result of an edit; None if it is refused, which is reported."""
        try:
            return edit()
        except InputError as error:
            self.report_error(str(error))
            return None

    def _commit(self, change: Change, drag: object = None, restart: bool = False) -> bool:
        """Apply a change and record it for undo; False if it changes nothing."""
        after = change.state.with_available_panes()
        is_new = restart or after != self.state
        if is_new:
            self.timeline.record(self._current_moment(), after, change.name, drag)
            self._apply_change(change, restart)
        elif change.notice:
            self.noticed.emit(change.notice)
        return is_new

    def _apply_change(self, change: Change, restart: bool = False) -> None:
        """Take over the new state, and start, continue or stop its computations."""
        before, after = self.state, change.state.with_available_panes()
        self.state = after
        is_other_run = restart or after.experiment != before.experiment
        self.runs.follow(after, change.from_step, restart)
        self.player.follow(change, is_other_run, after.pinned != before.pinned)
        self.charts.follow(after.look.pane, after.experiment)
        if not is_other_run or after.look != before.look:
            self.player.show()
        self._wake()
        self.refused.emit("")
        if change.notice:
            self.noticed.emit(change.notice)

    def _wake(self) -> None:
        """Emit the controls, and start the timer if there is anything to do."""
        self.emit_controls()
        if self.is_busy:
            self.timer.begin()

    def tick(self) -> None:
        """Take over what has been computed, and advance by the elapsed time."""
        with self.runs.gate:
            self._drain()
            self.player.move(self.timer.elapsed())
            self.player.show()
            self.emit_controls()
            if is_computing := self.is_computing:
                self.paint_due.emit()
        self.timer.set_pace(is_computing)
        if not self.is_busy:
            self.timer.stop()

    def _drain(self) -> None:
        refusals, tracebacks = self.runs.drain()
        for refusal in refusals:
            self.refused.emit(refusal)
        for traceback in tracebacks:
            self.failed.emit(traceback)
        for charted in (self.charts.take(), self.runs.trial_runner.take()):
            if charted is not None and charted.refusal:
                self.refused.emit(charted.refusal)
            if charted is not None and charted.error:
                self.failed.emit(charted.error)
        if (generated := self.timeline.generator.take()) is not None:
            self._receive_data(generated)
        self.opening.take()
        self._announce_progress()

    def _announce_progress(self) -> None:
        if (progress_notice := self.timeline.progress_notice()) is not None:
            self.noticed.emit(progress_notice)

    def _receive_data(self, generated: Outcome[DataProblem]) -> None:
        edit = self.timeline.pending_edit
        if generated.result is None:
            self.timeline.cancel_generation()
            if generated.refusal:
                self.report_error(generated.refusal)
            else:
                self.failed.emit(generated.error)
        elif edit is None:
            self._advance_history(generated.result)
        elif (change := self._attempt(partial(self.timeline.adopt, self.state, generated.result))) is not None:
            self._commit(change, edit.drag)

    def emit_controls(self) -> None:
        """Emit the controls if they have changed."""
        controls = self.controls()
        if controls != self._emitted:
            self._emitted = controls
            self.controls_changed.emit(controls)

    def controls(self) -> Controls:
        """The current state of the controls."""
        return controls_of(self.state, self.runs, self.player, self.timeline, self.opening.name, self._refusals)
