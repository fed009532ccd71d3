"""Edits of the state and their undoing; the computations follow the state, and the controls show it."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from gdviz.core.errors import InputError
from gdviz.core.long_work import TooLongError, a_piece_at_most
from gdviz.core.problems.capabilities import DataProblem
from gdviz.core.right_of_way import right_of_way
from gdviz.core.scenarios.scenario import Scenario
from gdviz.session import data_edits, edits
from gdviz.session.background import Background
from gdviz.session.controls import Controls, controls_of, with_field_name
from gdviz.session.loading.data_generator import DataGenerator
from gdviz.session.loading.opening import Opening
from gdviz.session.maps import ChartRunner
from gdviz.session.player import Player
from gdviz.session.runs import Runs
from gdviz.session.slow_edits import EditRequest
from gdviz.session.state import Change, State
from gdviz.session.ticker import Clock, Ticker
from gdviz.session.timeline import Moment, Timeline


class Editing(QObject):
    """The state, what is computed for it, and the edits that change it; at once, or in the background."""

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
        self.timeline = Timeline(DataGenerator())
        self.player = Player(self.runs, self.charts, self)
        self.player.moved.connect(self._wake)
        self.opening = Opening(clock, self)
        self.opening.begun.connect(self._wake)
        self.opening.noticed.connect(self.noticed)
        self.opening.noticed.connect(self.emit_controls)
        self.opening.scenario_read.connect(self.open)
        self.opening.data_read.connect(partial(self.apply, data_edits.set_columns))
        composer = self.player.composer
        self.background = Background(self.runs, self.charts, self.timeline.generator, self.opening, composer, clock)
        self._emitted: Controls | None = None
        self._refusals = 0
        self.timer = Ticker(clock, self)
        """Runs while anything moves or is being computed."""

    @property
    def target_step(self) -> int:
        """The step of the live run at the cursor, or the one it will go to."""
        return min(self.player.target_step, self.state.experiment.steps)

    @property
    def is_computing(self) -> bool:
        """Whether a thread computes, generates or reads something."""
        return self.background.is_busy

    @property
    def is_busy(self) -> bool:
        """Whether anything moves or is being computed, so that the timer has to run."""
        return self.is_computing or self.player.is_moving

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
        return self._apply(EditRequest(edit, arguments, fields, self.timeline.drag_of(edit)))

    @right_of_way
    def _apply(self, request: EditRequest) -> bool:
        """Apply an edit at once, or in the background where that takes too long."""
        is_again = self.background.edits.is_making(request.edit)
        request = request.on(self.state)
        try:
            with a_piece_at_most():
                change = self._attempt(request.change)
        except TooLongError:
            # What switches something on, asked for twice, is not wanted.
            self.background.edits.submit(None if is_again and request.edit is edits.toggle_range_test else request)
            self._wake()
            return False
        if is_again:
            self.background.edits.submit(None)
        return change is not None and self._commit(change, request.drag)

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

    @right_of_way
    def _apply_change(self, change: Change, restart: bool = False) -> None:
        """Take over the new state, and start, continue or stop its computations."""
        before, after = self.state, change.state.with_available_panes()
        self.state = after
        is_other_run = restart or after.experiment != before.experiment
        self.runs.follow(after, change.from_step, restart)
        self.player.follow(change, is_other_run, after.pinned != before.pinned)
        self.charts.follow(after.look.pane, after.experiment)
        # A run that is computed already, as a pinned one may be, is there at once.
        if not is_other_run or after.look != before.look or not self.runs.is_computing:
            self.player.show()
        self._wake()
        self.refused.emit("")
        if change.notice:
            self.noticed.emit(change.notice)

    def _cancel_data(self) -> None:
        """Cancel data that are generated or read, and an edit that is on its way."""
        self.background.edits.submit(None)
        self.timeline.cancel_generation()
        self.opening.cancel()

    # Undo and redo

    def undo(self) -> None:
        """Go back to before the newest edit, at the step of that moment, with the current theme and camera.

        An edit that is on its way, or data, are the newest: these are only given up.
        """
        if self.background.edits.is_busy:
            self.stop_waiting()
            return
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
        self.background.edits.submit(None)
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

    def _announce_progress(self) -> None:
        if (progress_notice := self.timeline.progress_notice()) is not None:
            self.noticed.emit(progress_notice)

    def stop_waiting(self) -> None:
        """Give up the edit or the picture that is on its way; everything stays as it is."""
        self.background.give_up()
        self.noticed.emit("stopped; everything stays as it was")
        self.emit_controls()

    # What is shown

    def report_error(self, line: str) -> None:
        """Report what could not be done, and show the actual state; an empty line clears the report."""
        self.refused.emit(with_field_name(line))
        self._refusals += 1
        self.emit_controls()

    def _wake(self) -> None:
        """Emit the controls, and start the timer if there is anything to do."""
        self.emit_controls()
        if self.is_busy:
            self.timer.begin()

    def emit_controls(self) -> None:
        """Emit the controls if they have changed."""
        controls = self.controls()
        if controls != self._emitted:
            self._emitted = controls
            self.controls_changed.emit(controls)

    def controls(self) -> Controls:
        """The current state of the controls."""
        waiting, refusals = self.background.waiting, self._refusals
        return controls_of(self.state, self.runs, self.player, self.timeline, self.opening.name, waiting, refusals)
