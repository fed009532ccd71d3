"""The session: an application's state, the commands that need more than an edit, and what is done as time passes."""

import time
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from gdviz.core.problems.capabilities import DataProblem
from gdviz.core.right_of_way import right_of_way
from gdviz.core.scenarios.scenario import Scenario
from gdviz.session import data_edits, edits
from gdviz.session.editing import Editing
from gdviz.session.latest_task import Outcome
from gdviz.session.loading.data_generator import DataRequest, is_slow
from gdviz.session.slow_edits import EditRequest
from gdviz.session.state import Change
from gdviz.session.ticker import Clock


class Session(Editing):
    """The application state: applies edits, runs computations and reports their results."""

    def __init__(
        self, scenario: Scenario, parent: QObject | None = None, name: str = "", clock: Clock = time.perf_counter
    ) -> None:
        """Compute nothing before `start`. clock: returns the time in seconds."""
        super().__init__(scenario, parent, name, clock)
        self.timer.timeout.connect(self.tick)

    # Commands

    def start(self) -> None:
        """Compute the initial scenario, with nothing to undo."""
        self.open(self.state.scenario, self.state.scenario_name)
        self.timeline.clear()
        self.emit_controls()

    def set_look(self, **fields: Any) -> None:
        """Change the look."""
        self.apply(edits.set_look, **fields)

    def set_learning_rate(self, learning_rate: float) -> None:
        """Set the rate from the current step on while playing or if so chosen, else of the whole run."""
        from_step = self.target_step if self.player.playback.playing or self.state.changes_from_here else 0
        self.apply(edits.set_learning_rate, learning_rate, from_step)

    def scale_learning_rate(self, factor: float) -> None:
        """Multiply the current rate by ``factor``."""
        self.set_learning_rate(self.controls().learning_rate * factor)

    def set_problem(self, name: str) -> None:
        """Switch to another problem, and cancel data on their way."""
        if self.apply(edits.set_problem, name) or self.background.edits.is_making(edits.set_problem):
            self.timeline.cancel_generation()
            self.opening.cancel()
            self.emit_controls()

    def set_data(self, request: DataRequest) -> None:
        """Set other data; many rows are generated or standardised in the background and adopted when ready."""
        self.opening.cancel()
        if is_slow(request):
            self._attempt(partial(self.timeline.generate, self.state, request))
        else:
            self.timeline.cancel_generation()
            self.apply(data_edits.set_data, request)
        self._wake()

    def choose_columns(self) -> None:
        """Ask which columns of their table the data are to be; nothing where they are from none."""
        self._attempt(partial(self.opening.ask_columns, self.state))

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
        data = data or ("; everything stays as it was" if self.background.is_waiting else "")
        self._cancel_data()
        self.background.give_up()
        steps = ""
        if self.runs.is_computing:
            self.runs.leave()
            self._drain()
            steps = f" after {self.runs.progress}"
        if steps or data:
            self.noticed.emit(f"stopped{steps}{data}")
            self.player.show()
            self.emit_controls()

    def close(self) -> None:
        """Stop the threads and the timer. Nothing is emitted afterwards."""
        self.timer.stop()
        self.background.stop()

    # Progress

    def tick(self) -> None:
        """Take over what has been computed, and advance by the elapsed time."""
        with right_of_way:
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
        if (edited := self.background.edits.take()) is not None:
            self._receive_edit(edited)
        self.opening.take()
        if failure := self.player.take_frame():
            self.failed.emit(failure)
        self._announce_progress()

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
        else:
            self.timeline.pending_edit = None
            self._apply(EditRequest(data_edits.adopt_data, (generated.result,), drag=edit.drag))

    def _receive_edit(self, edited: Outcome[tuple[EditRequest, Change | None]]) -> None:
        if edited.result is None:
            (self.report_error if edited.refusal else self.failed.emit)(edited.refusal or edited.error)
            return
        request, change = edited.result
        if change is not None and request.state is self.state:
            self._commit(change, request.drag)
        else:  # something else was changed meanwhile
            self._apply(request)
