"""Routes the window's messages: to the status bar, or to a bar over the stage that stays until read."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QStatusBar

from gdviz.core.descent.experiment import Experiment
from gdviz.core.errors import printable
from gdviz.presentation.data_notes import data_notes
from gdviz.presentation.look import Look
from gdviz.presentation.palette import PALETTES
from gdviz.session.controls import Controls
from gdviz.session.state import State
from gdviz.stage.arrangement import unit_of
from gdviz.stage.stage import Stage
from gdviz.widgets.message_bar import MessageBar, Tone

NOTICE_MILLISECONDS = 8000
MOVES = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show)
DATA, READING, HINT = "data", "reading", "hint"
"""Topics of the bar; the others are those of `refusal_of`."""


class Messages(QObject):
    """All messages of the window.

    Notices of what was done are in the status bar for a few seconds. Refusals, notes about the user's own data and the
    progress of reading are in the bar, which lies over the top of the stage and is in no picture of it.
    """

    def __init__(self, stage: Stage, status_bar: QStatusBar) -> None:
        """No messages yet; the bar has the stage's parent."""
        super().__init__(stage)
        self._stage, self._status_bar = stage, status_bar
        parent = stage.parentWidget()
        assert parent is not None, "the bar is no part of the stage"
        self.bar = MessageBar(parent)
        self._noted: tuple[object, ...] = (None, None, None)
        self._notes: tuple[str, ...] = ()
        self._look = Look()
        stage.installEventFilter(self)

    def notice(self, line: str) -> None:
        """Show what was done."""
        self._status_bar.showMessage(printable(line), NOTICE_MILLISECONDS)

    def refusal_of(self, topic: str) -> Callable[[str], None]:
        """The slot for refusals of a topic; an empty line withdraws the last one."""
        return partial(self._refuse, topic)

    def _refuse(self, topic: str, line: str) -> None:
        self.bar.set_message(topic, (line,) if line else (), Tone.REFUSAL)

    def hint(self, line: str) -> None:
        """Show what would be done; empty for nothing."""
        self.bar.set_message(HINT, (line,) if line else (), Tone.PROGRESS)

    def show_controls(self, controls: Controls, state: State) -> None:
        """Show what is being read or waited for, and the notes on the data if they have changed."""
        self._look = controls.look
        self._place()
        doing = f"reading {controls.reading}" if controls.reading else controls.waiting
        reading = f"{doing}; Esc cancels" if doing else ""
        self.bar.set_message(READING, (reading,) if reading else (), Tone.PROGRESS)
        self._show_notes(controls.experiment, state)

    def _show_notes(self, experiment: Experiment, state: State) -> None:
        about = (state.scenario, experiment.problem, experiment.precision)
        if any(one is not other for one, other in zip(about, self._noted, strict=True)):
            is_opened, self._noted = self._noted[0] is not state.scenario, about
            before, self._notes = self._notes, tuple(map(printable, data_notes(experiment)))
            new = [note for note in self._notes if is_opened or note not in before]
            still = [note for note in self.bar.lines_of(DATA) if note in self._notes and note not in new]
            self.bar.set_message(DATA, (*still, *new), Tone.NOTE)

    def _place(self) -> None:
        stage = self._stage
        unit = unit_of(stage.width(), stage.height(), self._look.text_scale)
        self.bar.place(stage.geometry(), unit, PALETTES[self._look.theme])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the stage's geometry."""
        if event.type() in MOVES:
            self._place()
        return False
