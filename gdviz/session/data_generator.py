"""Generates or standardises large data in a thread; a newer request cancels the older one."""

from collections.abc import Callable
from dataclasses import dataclass

from gdviz.core.data.creation import generate
from gdviz.core.data.dataset import Dataset
from gdviz.core.data.least_squares import DIRECT_ROWS
from gdviz.core.data.rows import Report, share, unreported
from gdviz.core.data.settings import DataSettings
from gdviz.core.data.standardise import standardise
from gdviz.core.problems.capabilities import DataProblem, HasData, with_data
from gdviz.core.problems.problem import Problem, curvature
from gdviz.panes.data.density import summary
from gdviz.panes.landscape.landscape import sample_surface
from gdviz.session.latest_task import LatestTask
from gdviz.session.runner import FrameGate

AT_ONCE = 20_000
"""Up to so many rows are there before the next frame, and need no thread."""
DRAWN = 0.6
"""About this part of the time goes into drawing the rows, the rest into looking at them."""


@dataclass(frozen=True)
class Standardising:
    """A request for the present data with these columns standardised; ``rows`` is how many there are."""

    x: bool
    y: bool
    rows: int


DataRequest = DataSettings | Standardising
"""Other data that a problem may be given: generated, or its own in other units."""


@dataclass(frozen=True)
class GenerationProgress:
    """Data that are on their way; ``percent`` of them is done."""

    settings: DataRequest
    percent: int = 0

    @property
    def words(self) -> str:
        """What is going on, in one line."""
        doing = "generating" if isinstance(self.settings, DataSettings) else "scaling"
        return f"{doing} {self.settings.rows:,} rows: {self.percent} %"


Generate = Callable[[DataProblem, DataRequest, Report], DataProblem]
"""How a problem is given other data; the report may raise `SupersededError`, which has to pass through."""


def is_slow(request: DataRequest) -> bool:
    """Whether it takes so long to make these data that it must not be done between two frames."""
    return request.rows > AT_ONCE


def requested_data(problem: DataProblem, request: DataRequest, report: Report = unreported) -> Dataset:
    """The data asked for; InputError if there can be none."""
    if isinstance(request, DataSettings):
        return generate(request, report)
    data = standardise(problem.data, request.x, request.y, share(report, 0.0, 0.7))
    if data.rows > DIRECT_ROWS and data is not problem.data:
        data.prepare(share(report, 0.7, 1.0))
    return data


def with_generated_data(problem: DataProblem, request: DataRequest, report: Report) -> DataProblem:
    """The problem with the data asked for, all that takes long found already; InputError if there can be none."""
    changed = with_data(problem, requested_data(problem, request, share(report, 0.0, DRAWN)))
    find_ahead(changed, share(report, DRAWN, 1.0))
    return changed


def find_ahead(problem: Problem, report: Report) -> None:
    """Find now what takes long and is kept for the window: surface, curvature, and what is shown of the data."""
    sample_surface(problem, problem.box)
    curvature(problem, problem.start)
    if isinstance(problem, HasData):
        summary(problem.data, report)
        if problem.data.settings is None:
            _ = problem.data.distinct_x  # a note tells how many there are


class DataGenerator(LatestTask[tuple[DataProblem, DataRequest], DataProblem]):
    """Gives a problem other data; only `stop` waits for it."""

    def __init__(self, gate: FrameGate, generate: Generate = with_generated_data) -> None:
        """No thread yet. gate: closed while a frame is composed, for which the work then waits."""
        super().__init__("gdviz data")
        self.generate = generate
        """Does the work; tests put another one in its place."""
        self._gate = gate
        self._percent = 0

    def submit(self, request: tuple[DataProblem, DataRequest] | None) -> None:
        """Give the problem these data, in the place of whatever was requested before; None for none."""
        with self.lock:
            self._percent = 0
            super().submit(request)

    @property
    def progress(self) -> GenerationProgress | None:
        """What is on its way; None where nothing is."""
        with self.lock:
            return GenerationProgress(self.current[1], self._percent) if self.current is not None else None

    def work(self, request: tuple[DataProblem, DataRequest]) -> DataProblem:
        """The problem with the data asked for."""

        def report(part: float) -> None:
            with self.lock:
                self.publish(request)
                self._percent = round(100 * part)
            self._gate.wait()

        return self.generate(*request, report)
