"""What the threads that load data have in common: their progress, and what they find ahead of the window."""

from gdviz.core.data.dataset import Dataset
from gdviz.core.data.least_squares import DIRECT_ROWS
from gdviz.core.data.rows import Report, share
from gdviz.core.data.standardise import standardise
from gdviz.core.problems.capabilities import HasData
from gdviz.core.problems.problem import Problem, curvature
from gdviz.core.right_of_way import right_of_way
from gdviz.panes.data.density import summary
from gdviz.panes.landscape.landscape import sample_surface
from gdviz.session.latest_task import LatestTask, Request, Result

LOADED = 0.6
"""About this part of the time goes into loading the rows, the rest into looking at them."""


class Loader(LatestTask[Request, Result]):
    """A thread whose progress is known; a newer request ends the older one, and only `stop` waits for the thread."""

    def __init__(self, name: str) -> None:
        """No thread yet. name: of the thread."""
        super().__init__(name)
        self.percent = 0
        """How much of the current request is done."""

    def submit(self, request: Request | None) -> None:
        """Load this in the place of whatever was requested before; None for nothing."""
        with self.lock:
            self.percent = 0
            super().submit(request)

    def report_of(self, request: Request) -> Report:
        """The report for the work on a request; it raises `SupersededError` after a newer one."""

        def report(part: float) -> None:
            with self.lock:
                self.check(request)
                self.percent = round(100 * part)
            right_of_way.wait()

        return report


def standardised(data: Dataset, columns: tuple[bool, bool], report: Report) -> Dataset:
    """The data with x standardised or not, and y, and what takes long with many rows found already.

    InputError where a column that is to be standardised is the same in every row.
    """
    changed = standardise(data, *columns, share(report, 0.0, 0.7))
    if changed.rows > DIRECT_ROWS:
        changed.prepare(share(report, 0.7, 1.0))
    return changed


def find_ahead(problem: Problem, report: Report) -> None:
    """Find now what takes long and is kept for the window: surface, curvature, and what is shown of the data."""
    sample_surface(problem, problem.box)
    curvature(problem, problem.start)
    if isinstance(problem, HasData):
        summary(problem.data, report)
        if problem.data.settings is None:
            _ = problem.data.distinct_x  # a note tells how many there are
