"""Opens tables and scenarios in the background, and asks which columns of a table are x and y."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from gdviz.core.scenarios.scenario import Scenario
from gdviz.core.tables.pasted import CLIPBOARD
from gdviz.session.loading.table_reader import ColumnChoice, Request, TableReader
from gdviz.session.state import State

SHOWN_AFTER = 0.15
"""Seconds after which it is shown that something is being read: a small file would only flicker."""


class Opening(QObject):
    """What is on its way from a file or the clipboard; until it is there, everything stays as it was."""

    begun = Signal()
    """Something is to be read; `take` has to be called until it is."""
    noticed = Signal(str)
    """One line about what was done."""
    refused = Signal(str)
    """Why something cannot be opened, in one line; empty once something has been opened."""
    choice_wanted = Signal(object)
    """A `ColumnChoice`, to be answered with `read`."""
    scenario_read = Signal(object, str)
    """A `Scenario`, and the name of its file."""
    data_read = Signal(object)
    """A `DataProblem` over other columns of its table."""

    def __init__(self, clock: Callable[[], float], parent: QObject) -> None:
        """No thread yet. clock: returns the time in seconds."""
        super().__init__(parent)
        self._reader, self._clock = TableReader(), clock
        self._request: Request | None = None
        self._began = 0.0

    def open_file(self, name: str) -> None:
        """Read a scenario or a table, and ask for columns where the table has several that are possible."""
        self.read(Request(name))

    def open_pasted(self, text: str) -> None:
        """Read a table that was copied elsewhere, as a file."""
        self.read(Request(CLIPBOARD, text))

    def ask_columns(self, state: State) -> None:
        """Ask which columns of their table the data are to be; nothing where they are from none.

        InputError beside pinned runs.
        """
        state.check_unpinned()
        problem = state.data_problem
        reading = problem.data.reading if problem is not None else None
        if reading is not None:
            self.read(Request(str(reading.file), reading.pasted, reading.columns, asks=True, problem=problem))

    def read(self, request: Request) -> None:
        """Read this, in the place of anything that is on its way; an earlier refusal is taken back."""
        self.refused.emit("")
        self._request, self._began = request, self._clock()
        self._reader.submit(request)
        self.begun.emit()

    def cancel(self) -> bool:
        """Leave everything as it is; whether anything was on its way."""
        was_reading, self._request = self._request is not None, None
        self._reader.submit(None)
        return was_reading

    def cancel_reading(self) -> None:
        """Leave everything as it is, and report that, if anything was on its way."""
        if self.cancel():
            self.noticed.emit("reading stopped; everything stays as it was")

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._request = None
        self._reader.stop()

    @property
    def is_busy(self) -> bool:
        """Whether `take` may still find something."""
        return self._request is not None

    @property
    def name(self) -> str:
        """The name of what is being read, once that takes a while; empty otherwise."""
        takes_long = self._request is not None and self._clock() - self._began >= SHOWN_AFTER
        return self._request.name if takes_long and self._request is not None else ""

    def take(self) -> None:
        """Pass on what has been read, if it is complete."""
        outcome, request = self._reader.take(), self._request
        if outcome is None or request is None:
            return
        self._request, found = None, outcome.result
        if found is None:
            self.refused.emit(outcome.refusal or outcome.error.splitlines()[-1])
        elif isinstance(found, ColumnChoice):
            self.choice_wanted.emit(found)
        else:
            self.refused.emit("")
            if isinstance(found, Scenario):
                self.scenario_read.emit(found, request.name)
            else:
                self.data_read.emit(found)
