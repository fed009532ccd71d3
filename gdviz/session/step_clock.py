"""How long a step of the descent takes, measured while it runs: the processor's time, without what is drawn beside."""

import time
from collections.abc import Iterable, Iterator

from gdviz.core.descent.loop import Chunk
from gdviz.core.descent.experiment import Experiment
from gdviz.core.problems.large_regression import DIRECT_ROWS
from gdviz.core.problems.regression import LinearRegression
from gdviz.presentation.numbers import format_number

UNITS = ((1e-6, 1e-9, "ns"), (1e-3, 1e-6, "µs"), (1.0, 1e-3, "ms"), (float("inf"), 1.0, "s"))
"""Below the first number of seconds a time is told in the unit, so many seconds long, of that name."""


class StepClock:
    """How long the steps of a run take: the worker lets its chunks pass through, the window asks at any time.

    The time is that of the worker's own thread: by the clock on the wall a step lasts as long as the frame that is
    painted meanwhile.
    """

    def __init__(self) -> None:
        """Nothing is measured yet."""
        self._measured = (0, 0.0)

    @property
    def seconds_per_step(self) -> float | None:
        """The mean of the run so far; None before it has measured any."""
        steps, seconds = self._measured
        return seconds / steps if steps else None

    def timed(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        """The chunks of another run as they come; only the wait for them counts, not what is done with them.

        The first one brings what is made once for a run, so that it counts only where there is no other.
        """
        self._measured, before = (0, 0.0), (0, 0.0)
        iterator, place = iter(chunks), 0
        while True:
            began = time.thread_time()
            chunk = next(iterator, None)
            if chunk is None:
                return
            steps, seconds = before if place != 1 else (0, 0.0)
            before = (steps + len(chunk.losses), seconds + time.thread_time() - began)
            self._measured, place = before, place + 1
            yield chunk


def is_closed_form(experiment: Experiment) -> bool:
    """Whether a step touches no row of the data: then more rows take no longer, and less than those it goes through."""
    problem = experiment.problem
    return isinstance(problem, LinearRegression) and experiment.batch_size is None and problem.rows > DIRECT_ROWS


def time_words(seconds_per_step: float | None, closed_form: bool = False) -> str:
    """The time per step in two digits: "2.4 µs per step"; empty where nothing is measured.

    closed_form: whether that is to be added, see `is_closed_form`.
    """
    if seconds_per_step is None:
        return ""
    size, unit = next((size, unit) for below, size, unit in UNITS if seconds_per_step < below)
    words = f"{format_number(float(f'{seconds_per_step / size:.2g}'), 2)} {unit} per step"
    return f"{words} (closed form)" if closed_form else words
