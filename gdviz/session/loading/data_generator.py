"""Generates or standardises large data in a thread; a newer request cancels the older one."""

from collections.abc import Callable

from gdviz.core.data.creation import generate
from gdviz.core.data.dataset import Dataset
from gdviz.core.data.rows import Report, share, unreported
from gdviz.core.data.settings import DataSettings
from gdviz.core.frozen import frozen
from gdviz.core.problems.capabilities import DataProblem, with_data
from gdviz.session.loading.loader import LOADED, Loader, find_ahead, standardised

AT_ONCE = 20_000
"""Up to so many rows are there before the next frame, and need no thread."""


@frozen
class Standardising:
    """A request for the present data with these columns standardised; ``rows`` is how many there are."""

    x: bool
    y: bool
    rows: int


DataRequest = DataSettings | Standardising
"""Other data that a problem may be given: generated, or its own in other units."""


@frozen
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
    columns = request.x, request.y
    return problem.data if columns == problem.data.are_standardised else standardised(problem.data, columns, report)


def with_generated_data(problem: DataProblem, request: DataRequest, report: Report) -> DataProblem:
    """The problem with the data asked for, all that takes long found already; InputError if there can be none."""
    changed = with_data(problem, requested_data(problem, request, share(report, 0.0, LOADED)))
    find_ahead(changed, share(report, LOADED, 1.0))
    return changed


class DataGenerator(Loader[tuple[DataProblem, DataRequest], DataProblem]):
    """Gives a problem other data."""

    def __init__(self, generate: Generate = with_generated_data) -> None:
        """No thread yet."""
        super().__init__("gdviz data")
        self.generate = generate
        """Does the work; tests put another one in its place."""

    @property
    def progress(self) -> GenerationProgress | None:
        """What is on its way; None where nothing is."""
        with self.lock:
            return GenerationProgress(self.current[1], self.percent) if self.current is not None else None

    def work(self, request: tuple[DataProblem, DataRequest]) -> DataProblem:
        """The problem with the data asked for."""
        return self.generate(*request, self.report_of(request))
