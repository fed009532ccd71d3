"""Generates large data in a thread: the newest wish wins, and nobody waits for it."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace

from gdviz.core.dataset import DataSettings, generate
from gdviz.core.errors import InputError
from gdviz.core.large_regression import Report, share
from gdviz.core.problem import curvature
from gdviz.core.regression import LinearRegression
from gdviz.model.density import summary
from gdviz.model.newest_wish import NewestWish
from gdviz.model.runner import FrameGate
from gdviz.model.terrain import sample_surface

AT_ONCE = 20_000
"""Up to so many rows are there before the next frame, and need no thread."""
DRAWN = 0.6
"""About this part of the time goes into drawing the rows, the rest into looking at them."""


@dataclass(frozen=True)
class Making:
    """Data that are on their way; ``percent`` of them is done."""

    settings: DataSettings
    percent: int = 0

    @property
    def words(self) -> str:
        """What is going on, in one line."""
        return f"generating {self.settings.rows:,} rows: {self.percent} %"


@dataclass(frozen=True)
class Made:
    """What came of a wish: the problem with its new data, or one line on why there are none, or a fault's traceback."""

    settings: DataSettings
    problem: LinearRegression | None = None
    refusal: str = ""
    error: str = ""


class SupersededError(Exception):
    """Something else is wanted by now."""


Make = Callable[[LinearRegression, DataSettings, Report], LinearRegression]
"""How a problem is given other data; the report may raise `SupersededError`, which has to pass through."""


def is_slow(settings: DataSettings) -> bool:
    """Whether it takes so long to generate these data that it must not be done between two frames."""
    return settings.rows > AT_ONCE


def with_data(problem: LinearRegression, settings: DataSettings, report: Report) -> LinearRegression:
    """The problem with data generated from the settings, and all about them that takes long found already.

    InputError for settings from which no data can be generated.
    """
    data = generate(settings, share(report, 0.0, DRAWN))
    made = replace(problem, data=data)
    sample_surface(made, made.box)
    curvature(made, made.start)
    summary(data, share(report, DRAWN, 1.0))
    return made


class DataMaker:
    """Gives a regression other data; it never makes anyone wait but in `stop`."""

    def __init__(self, make: Make = with_data, gate: FrameGate | None = None) -> None:
        """No thread yet, and nothing is wanted. ``make`` does the work; tests put another one in its place.

        gate: closed while a frame is composed, for which the work then waits, as the window would for it.
        """
        self._make, self._gate = make, gate or FrameGate()
        self._wishes: NewestWish[tuple[LinearRegression, DataSettings]] = NewestWish("gdviz data", self._fulfil)
        self._percent = 0
        self._made: Made | None = None

    def want(self, problem: LinearRegression, settings: DataSettings) -> None:
        """Give the problem data from these settings, in the place of whatever was wanted before."""
        with self._wishes.lock:
            self._percent, self._made = 0, None
            self._wishes.want((problem, settings))

    def forget(self) -> None:
        """Want nothing any more: what was on its way does not come."""
        with self._wishes.lock:
            self._made = None
            self._wishes.want(None)

    @property
    def is_busy(self) -> bool:
        """Whether something may still come out of `take`."""
        with self._wishes.lock:
            return self._wishes.wish is not None or self._made is not None

    @property
    def making(self) -> Making | None:
        """What is on its way; None where nothing is."""
        with self._wishes.lock:
            wish = self._wishes.wish
            return Making(wish[1], self._percent) if wish is not None else None

    def take(self) -> Made | None:
        """What came of the newest wish, once; None while there is nothing."""
        with self._wishes.lock:
            made, self._made = self._made, None
            return made

    def stop(self) -> None:
        """End the thread and wait for it."""
        self.forget()
        self._wishes.stop()

    def _fulfil(self, wish: tuple[LinearRegression, DataSettings]) -> None:
        problem, settings = wish
        try:
            made = Made(settings, self._make(problem, settings, lambda part: self._tell(wish, part)))
        except SupersededError:
            return
        except InputError as error:
            made = Made(settings, refusal=str(error))
        except BaseException:  # whatever it is, the window has to be told
            made = Made(settings, error=traceback.format_exc())
        with self._wishes.lock:
            if self._wishes.end(wish):
                self._made = made

    def _tell(self, wish: tuple[LinearRegression, DataSettings], part: float) -> None:
        with self._wishes.lock:
            if self._wishes.wish is not wish:
                raise SupersededError
            self._percent = round(100 * part)
        self._gate.wait()
