"""Reads what a person opens, a table or a scenario, in a thread; a newer request ends the older one."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field, replace
from functools import partial
from pathlib import Path

from gdviz.core.data.data_file import Columns, read_data_file, read_pasted
from gdviz.core.data.dataset import Dataset
from gdviz.core.data.rows import Report, share
from gdviz.core.errors import InputError, escape_controls
from gdviz.core.frozen import frozen
from gdviz.core.problems.capabilities import DataProblem, with_data
from gdviz.core.reading import log_refusal
from gdviz.core.scenarios.library import is_table, load_scenario, scenario_of_data
from gdviz.core.scenarios.scenario import Scenario
from gdviz.core.tables.columns import Column, choose
from gdviz.core.tables.interrupt import Interrupt, ReadingEndedError, interruptible
from gdviz.core.tables.pasted import pasted_file
from gdviz.core.tables.table import Table, open_table
from gdviz.session.latest_task import SupersededError
from gdviz.session.loading.loader import LOADED, Loader, find_ahead, standardised

PREVIEW_ROWS = 12


@frozen(eq=False)
class Request:
    """What is to be read.

    name: of a file, or what stands for it where the table was pasted as ``text``. columns: those that are x and y.
    asks: whether the columns are wanted, not the rows. problem: the one that gets the data; None to open them as a
    scenario.
    """

    name: str
    text: str | None = None
    columns: Columns = (None, None)
    asks: bool = False
    problem: DataProblem | None = None
    interrupt: Interrupt = field(default_factory=Interrupt, repr=False)


@frozen(eq=False)
class ColumnChoice:
    """A table of which two columns are to be chosen.

    chosen: the names of those that are x and y so far. preview: the first rows as text, with empty cells where there
    is no value.
    """

    request: Request
    rows: int
    columns: tuple[Column, ...]
    preview: tuple[tuple[str, ...], ...]
    chosen: tuple[str, str]

    def answered(self, x: str, y: str) -> Request:
        """The request for the rows of these columns."""
        return replace(self.request, columns=(x, y), asks=False, interrupt=Interrupt())


class _ChoiceNeededError(Exception):
    """Ends the reading of a table of which it is not clear what is x and y."""

    def __init__(self, choice: ColumnChoice) -> None:
        super().__init__()
        self.choice = choice


Found = Scenario | DataProblem | ColumnChoice
"""What is read: a scenario to open, the problem of the request over other data, or columns to choose from."""


@contextmanager
def faults_in_one_line(name: str) -> Iterator[None]:
    """Turn a bug in a loader into an InputError, which leaves the window open, and print its traceback."""
    try:
        yield
    except (InputError, SupersededError, ReadingEndedError):
        raise
    except Exception as error:
        print(*map(escape_controls, traceback.format_exc().splitlines()), sep="\n", file=sys.stderr)
        is_large = isinstance(error, MemoryError)
        reason = "not enough memory" if is_large else f"{type(error).__name__}: {error}"
        raise InputError(f"{name}: cannot be loaded: {reason}") from error


class TableReader(Loader[Request, Found]):
    """Reads tables and scenarios; `stop` does not wait for it for long."""

    def __init__(self) -> None:
        """No thread yet."""
        super().__init__("gdviz tables")

    def submit(self, request: Request | None) -> None:
        """Read this in the place of whatever was requested before; None for nothing."""
        with self.lock:
            if self.current is not None:
                self.current.interrupt.set()
            super().submit(request)

    def work(self, request: Request) -> Found:
        """What the request asks for, with all that takes long found already; InputError where it cannot be had."""
        with interruptible(request.interrupt), faults_in_one_line(request.name):
            try:
                return _read(request, self.report_of(request))
            except _ChoiceNeededError as needed:
                return needed.choice


def _read(request: Request, report: Report) -> Found:
    if request.asks:
        return _columns_of(request)
    if request.text is None and not is_table(Path(request.name)):
        scenario = load_scenario(request.name)
        find_ahead(scenario.experiment.problem, report)
        return scenario
    data, problem = _data_of(request), request.problem
    columns = (data if problem is None else problem.data).are_standardised
    data = standardised(data, columns, share(report, 0.0, LOADED))
    found: Scenario | DataProblem = scenario_of_data(data) if problem is None else with_data(problem, data)
    find_ahead(found.experiment.problem if isinstance(found, Scenario) else found, share(report, LOADED, 1.0))
    return found


def _data_of(request: Request) -> Dataset:
    inspect = partial(_check_choice, request) if request.columns == (None, None) else None
    with log_refusal():
        if request.text is not None:
            data = read_pasted(request.text, request.columns, inspect)
        else:
            data = read_data_file(Path(request.name), request.columns, inspect=inspect)
    if request.columns != (None, None) and data.reading is not None:
        # Whoever has chosen knows which are not used.
        data = replace(data, reading=replace(data.reading, unused=()))
    return data


def _check_choice(request: Request, table: Table) -> None:
    """Ask for columns where there are more than two of numbers, not counting those that number the rows."""
    if sum(column.is_numeric and not column.numbers_rows for column in table.columns) > 2:
        raise _ChoiceNeededError(_choice(request, table))


def _columns_of(request: Request) -> ColumnChoice:
    with log_refusal():
        if request.text is None:
            with open_table(Path(request.name)) as table:
                return _choice(request, table)
        with pasted_file(request.text) as path, open_table(path) as table:
            return _choice(request, table)


def _choice(request: Request, table: Table) -> ColumnChoice:
    numeric = {column.name for column in table.columns if column.is_numeric}
    # The file may have changed since its columns were chosen.
    known = request.columns if set(request.columns) <= numeric else (None, None)
    x, y = choose(table.source.path, table.columns, *known)
    return ColumnChoice(request, table.rows, table.columns, tuple(table.preview(PREVIEW_ROWS)), (x.name, y.name))
