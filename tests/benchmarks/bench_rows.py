"""Regression on many rows: what a step costs, full batch and mini-batch, and how long the window stands still."""

import resource
import sys
import time
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from measuring import make_application, make_window, median, report, seconds, wait_until

from gdviz.core.data.creation import generate
from gdviz.core.data.settings import MAX_ROWS, DataSettings
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.problems.regression import LinearRegression

if TYPE_CHECKING:
    from gdviz.main_window.window import MainWindow

ROWS = (100, 10_000, 1_000_000, MAX_ROWS)
STEPS, BATCH_STEPS, REPEATS = 200, 2000, 9
GROWTH = 1.5
"""A larger factor would be a cost that grows; this much is the cache, in which ten million rows have no room."""
CHANGES, MOST_STANDSTILL = 5, 100
"""So often the rows are changed in the window, there and back, which must not stand still for more milliseconds."""
LEAST_SECONDS = 0.8
"""So long the window is watched at least, so that the first frames of the new data are painted by then."""
MOST_MEMORY = 1000
"""Megabytes."""


def run(rows: int) -> Experiment:
    """The lecture's run on so many rows, which are there already when it is measured."""
    return Experiment(LinearRegression(generate(DataSettings(rows=rows))), schedule=Constant(0.1), start=(0.0, -1.0))


def cost_of_steps(runs: list[Experiment]) -> list[float]:
    """Microseconds a step of each run, taken in turns, so that what disturbs one disturbs all."""
    taken: list[list[float]] = [[] for _ in runs]
    for _ in range(REPEATS):
        for times, experiment in zip(taken, runs, strict=True):
            times.append(seconds(lambda experiment=experiment: record(experiment)) / experiment.steps * 1e6)
    return [median(times) for times in taken]


def against_rows(what: str, runs: list[Experiment]) -> None:
    """Report by what factor a step costs more with the most rows than with the fewest."""
    costs = cost_of_steps(runs)
    told = ", ".join(f"{rows:,} rows {cost:.1f} us" for rows, cost in zip(ROWS, costs, strict=True))
    growth = costs[-1] / costs[0]
    report(f"{what} ({told})", growth, "times as much", f"{GROWTH:g} or less", growth <= GROWTH)


def main() -> None:
    """What steps cost, and then the window, while nothing else is in the memory."""
    steps()
    in_a_window()


def steps() -> None:
    """200 full-batch steps on ten million rows; and the cost of a step against the number of rows."""
    begin = time.perf_counter()
    runs = [run(rows) for rows in ROWS]
    print(f"      generating {sum(ROWS):,} rows and fitting them: {time.perf_counter() - begin:.2f} s")
    took = median([seconds(lambda: record(runs[-1])) for _ in range(REPEATS)])
    report(f"{STEPS} full-batch steps on {MAX_ROWS:,} rows", took * 1e3, "ms", "100 or less", took <= 0.1)
    against_rows("a full-batch step", [replace(experiment, steps=BATCH_STEPS) for experiment in runs])
    for size in (1, 32):
        batched = [replace(experiment, steps=BATCH_STEPS, batch_size=size) for experiment in runs]
        against_rows(f"a mini-batch step of {size}", batched)


def in_a_window() -> None:
    """The rows there and back in the window while a run plays: how long it stands still, and the memory it takes."""
    make_application()
    window = make_window()
    window.start()
    wait_until(lambda: window.session.runs.live.is_complete)
    standstill(window, ROWS[0])  # all is painted once
    playing = [standstill(window, ROWS[0]) for _ in range(CHANGES)]
    changing = [standstill(window, rows) for _ in range(CHANGES) for rows in (MAX_ROWS, ROWS[0])]
    print(f"      the longest standstill while only a run plays: {max(playing):.0f} ms")
    what = f"the longest standstill over {len(changing)} changes of the rows, {median(changing):.0f} ms as a rule"
    report(what, max(changing), "ms", f"{MOST_STANDSTILL} or less", max(changing) <= MOST_STANDSTILL)
    most = highest_memory()
    report("the most memory of the whole application", most, "MB", f"{MOST_MEMORY} or less", most <= MOST_MEMORY)
    window.close()
    window.deleteLater()


def standstill(window: "MainWindow", rows: int) -> float:
    """The most milliseconds between two turns of the window, while a run plays and data of so many rows come."""
    from PySide6.QtCore import QTimer

    session, ticks = window.session, [time.perf_counter()]
    end = ticks[0] + LEAST_SECONDS
    timer = QTimer(interval=1)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start()
    session.player.seek(0)
    if not session.player.playback.playing:
        session.player.toggle_play()
    session.set_data(DataSettings(rows=rows))
    wait_until(lambda: session.state.experiment.problem.data.rows == rows and time.perf_counter() > end)
    timer.stop()
    return 1e3 * max(after - before for before, after in pairwise(ticks))


def highest_memory() -> float:
    """The most megabytes that were resident so far."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


main()
