"""Generates large data in a thread; a newer request cancels the older one."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass

from gdviz.core.errors import InputError
from gdviz.core.problems.capabilities import DataProblem, with_data
from gdviz.core.problems.dataset import DataSettings, generate
from gdviz.core.problems.large_regression import Report, share
from gdviz.core.problems.problem import curvature
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


@dataclass(frozen=True)
class GeneratedData:
    """What came of a request: the problem with its new data, one line on why there are none, or a fault's traceback."""

    settings: DataSettings
    problem: DataProblem | None = None
    refusal: str = ""
    error: str = ""


class SupersededError(Exception):
    """A newer request was made."""


Generate = Callable[[DataProblem, DataSettings, Report], DataProblem]
"""How a problem is given other data; the report may raise `SupersededError`, which has to pass through."""


def is_slow(settings: DataSettings) -> bool:
    """Whether it takes so long to generate these data that it must not be done between two frames."""
    return settings.rows > AT_ONCE


def with_generated_data(problem: DataProblem, settings: DataSettings, report: Report) -> DataProblem:
    """The problem with data generated from the settings, and all about them that takes long found already.

    InputError for settings from which no data can be generated.
    """
    data = generate(settings, share(report, 0.0, DRAWN))
    changed = with_data(problem, data)
    sample_surface(changed, changed.box)
    curvature(changed, changed.start)
    summary(data, share(report, DRAWN, 1.0))
    return changed


class DataGenerator:
    """Gives a problem other data; only `stop` waits for it."""

    def __init__(self, gate: FrameGate, generate: Generate = with_generated_data) -> None:
        """No thread yet. gate: closed while a frame is composed, for which the work then waits."""
        self.generate = generate
        """Does the work; tests put another one in its place."""
        self._gate = gate
        self._task: LatestTask[tuple[DataProblem, DataSettings]] = LatestTask("gdviz data", self._work)
        self._percent = 0
        self._generated: GeneratedData | None = None

    def submit(self, problem: DataProblem, settings: DataSettings) -> None:
        """Give the problem data from these settings, in the place of whatever was requested before."""
        with self._task.lock:
            self._percent, self._generated = 0, None
            self._task.submit((problem, settings))

    def cancel(self) -> None:
        """What was on its way does not come."""
        with self._task.lock:
            self._generated = None
            self._task.submit(None)

    @property
    def is_busy(self) -> bool:
        """Whether something may still come out of `take`."""
        with self._task.lock:
            return self._task.current is not None or self._generated is not None

    @property
    def progress(self) -> GenerationProgress | None:
        """What is on its way; None where nothing is."""
        with self._task.lock:
            request = self._task.current
            return GenerationProgress(request[1], self._percent) if request is not None else None

    def take(self) -> GeneratedData | None:
        """What came of the newest request, once; None while there is nothing."""
        with self._task.lock:
            generated, self._generated = self._generated, None
            return generated

    def stop(self) -> None:
        """End the thread and wait for it."""
        self.cancel()
        self._task.stop()

    def _work(self, request: tuple[DataProblem, DataSettings]) -> None:
        problem, settings = request
        try:
            changed = self.generate(problem, settings, lambda part: self._report(request, part))
            generated = GeneratedData(settings, changed)
        except SupersededError:
            return
        except InputError as error:
            generated = GeneratedData(settings, refusal=str(error))
        except BaseException:  # whatever it is, the window has to be told
            generated = GeneratedData(settings, error=traceback.format_exc())
        with self._task.lock:
            if self._task.end(request):
                self._generated = generated

    def _report(self, request: tuple[DataProblem, DataSettings], part: float) -> None:
        with self._task.lock:
            if self._task.current is not request:
                raise SupersededError
            self._percent = round(100 * part)
        self._gate.wait()
