"""Generates large data in a thread; a newer request cancels the older one."""

from collections.abc import Callable
from dataclasses import dataclass

from gdviz.core.problems.capabilities import DataProblem, HasData, with_data
from gdviz.core.problems.dataset import DataSettings, generate
from gdviz.core.problems.large_regression import Report, share
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
class GenerationProgress:
    """Data that are on their way; ``percent`` of them is done."""

    settings: DataSettings
    percent: int = 0

    @property
    def words(self) -> str:
        """What is going on, in one line."""
        return f"generating {self.settings.rows:,} rows: {self.percent} %"


Generate = Callable[[DataProblem, DataSettings, Report], DataProblem]
"""How a problem is given other data; the report may raise `SupersededError`, which has to pass through."""


def is_slow(settings: DataSettings) -> bool:
    """Whether it takes so long to generate these data that it must not be done between two frames."""
    return settings.rows > AT_ONCE


def with_generated_data(problem: DataProblem, settings: DataSettings, report: Report) -> DataProblem:
    """The problem with data from the settings, all that takes long found already; InputError if there can be none."""
    changed = with_data(problem, generate(settings, share(report, 0.0, DRAWN)))
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


class DataGenerator(LatestTask[tuple[DataProblem, DataSettings], DataProblem]):
    """Gives a problem other data; only `stop` waits for it."""

    def __init__(self, gate: FrameGate, generate: Generate = with_generated_data) -> None:
        """No thread yet. gate: closed while a frame is composed, for which the work then waits."""
        super().__init__("gdviz data")
        self.generate = generate
        """Does the work; tests put another one in its place."""
        self._gate = gate
        self._percent = 0

    def submit(self, request: tuple[DataProblem, DataSettings] | None) -> None:
        """Give the problem data from these settings, in the place of whatever was requested before; None for none."""
        with self.lock:
            self._percent = 0
            super().submit(request)

    @property
    def progress(self) -> GenerationProgress | None:
        """What is on its way; None where nothing is."""
        with self.lock:
            return GenerationProgress(self.current[1], self._percent) if self.current is not None else None

    def work(self, request: tuple[DataProblem, DataSettings]) -> DataProblem:
        """The problem with data from the settings."""

        def report(part: float) -> None:
            with self.lock:
                self.publish(request)
                self._percent = round(100 * part)
            self._gate.wait()

        return self.generate(*request, report)
