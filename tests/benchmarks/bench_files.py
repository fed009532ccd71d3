"""Data of files: how long a million rows of CSV and ten million of Parquet take to open, and what a step costs.

The window's stalls are measured while it reads: the longest time between two ticks of a timer.
"""

import subprocess
import sys
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from measuring import make_application, make_window, median, report, seconds, wait_until

from gdviz.core.data.creation import generate
from gdviz.core.data.data_file import read_data_file
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.problems.regression import LinearRegression

TEXT_ROWS, PARQUET_ROWS, SCALED_ROWS = 1_000_000, 10_000_000, 100_000_000
MOST_TEXT_SECONDS, MOST_SCALED_SECONDS, MOST_MEMORY = 2.0, 30.0, 1000
STEPS, REPEATS, GROWTH = 2000, 9, 1.5
"""A larger factor than this would be a cost of its own."""
OPEN = """
import sys, time
from pathlib import Path
begin = time.perf_counter()
from gdviz.core.data.data_file import read_data_file
from gdviz.core.scenarios.library import scenario_of_data
from gdviz.panes.data.density import summary
data = read_data_file(Path(sys.argv[1]))
scenario_of_data(data)
summary(data)
taken = time.perf_counter() - begin
lines = Path("/proc/self/status").read_text().splitlines()
most = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
print(taken, most)
"""
"""All that is needed before the first picture."""


def write_table(path: Path, rows: int) -> None:
    """Sizes and prices: as text with one and two decimals, as Parquet with all digits."""
    size, noise = "500 + 3500 * random()", "1e4 * random()"
    query = f"SELECT size, 100 * size + {noise} AS price FROM (SELECT {size} AS size FROM range({rows}))"
    if path.suffix == ".csv":
        query = f"SELECT round(size, 1) AS size, round(price, 2) AS price FROM ({query})"
    with duckdb.connect() as connection:
        connection.execute("SELECT setseed(0.5)")
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT {path.suffix[1:]})")


def opened(path: Path) -> tuple[float, float]:
    """The seconds until all is known, and the most megabytes of memory, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", OPEN, str(path)], check=True, capture_output=True, text=True)
    taken, most = map(float, done.stdout.split())
    return taken, most


def cost_of_steps(runs: list[Experiment]) -> list[float]:
    """Microseconds a step of each run, taken in turns; what is made once for a run is there before."""
    taken: list[list[float]] = [[] for _ in runs]
    for turn in range(REPEATS + 1):
        for times, experiment in zip(taken, runs, strict=True):
            cost = seconds(lambda experiment=experiment: record(experiment)) / experiment.steps * 1e6
            if turn:
                times.append(cost)
    return [median(times) for times in taken]


def against_generated(table: Path) -> None:
    """What a step of as many rows costs from a file and generated, and of a hundred rows."""
    datasets = [read_data_file(table), generate(DataSettings(rows=PARQUET_ROWS)), generate(DataSettings(rows=100))]
    runs = [
        Experiment(LinearRegression(data), schedule=Constant(1e-9), start=(0.0, 0.0), steps=STEPS) for data in datasets
    ]
    for size in (None, 1, 32):
        costs = cost_of_steps([replace(run, batch_size=size) for run in runs])
        told = "file {:.1f} us, generated {:.1f} us, 100 rows {:.1f} us".format(*costs)
        what = "a full-batch step" if size is None else f"a mini-batch step of {size}"
        growth = costs[0] / costs[1]
        report(
            f"{what}, {PARQUET_ROWS:,} rows ({told})", growth, "times as much", f"{GROWTH:g} or less", growth <= GROWTH
        )


def open_in_window(table: Path) -> tuple[float, float]:
    """The seconds from the request until the data are on the stage, and the longest of those without a tick."""
    from PySide6.QtCore import QEventLoop, Qt, QTimer

    window = make_window()
    window.start()
    session = window.session
    wait_until(lambda: session.runs.live.is_complete)
    loop = QEventLoop()
    QTimer.singleShot(1000, loop.quit)
    loop.exec()  # the first pictures of a window take longer than any later
    ticks = [time.perf_counter()]

    def tick() -> None:
        ticks.append(time.perf_counter())
        if session.state.experiment.problem.data.rows == TEXT_ROWS:
            loop.quit()

    timer = QTimer(window, interval=5, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start()
    window.files.load(str(table))
    loop.exec()  # unlike `wait_until` it takes no time from the thread that reads
    timer.stop()
    window.close()
    return ticks[-1] - ticks[0], max(later - earlier for earlier, later in pairwise(ticks))


def main() -> None:
    """Each file once before, so that it is in the system's cache."""
    with TemporaryDirectory() as folder:
        text, parquet = Path(folder, "houses.csv"), Path(folder, "houses.parquet")
        write_table(text, TEXT_ROWS)
        write_table(parquet, PARQUET_ROWS)
        taken = median([opened(text)[0] for _ in range(3)])
        report(
            f"{TEXT_ROWS:,} rows of CSV, opened",
            taken,
            "s",
            f"{MOST_TEXT_SECONDS:g} or less",
            taken <= MOST_TEXT_SECONDS,
        )
        make_application()
        taken, stalled = open_in_window(text)
        report(
            f"{TEXT_ROWS:,} rows of CSV, opened in the window",
            taken,
            "s",
            f"{MOST_TEXT_SECONDS:g} or less",
            taken <= MOST_TEXT_SECONDS,
        )
        report("the longest stall of the window meanwhile", stalled * 1e3, "ms", "100 or less", stalled <= 0.1)
        found = [opened(parquet) for _ in range(3)]
        taken, most = median([one for one, _ in found]), max(memory for _, memory in found)
        scaled = taken * SCALED_ROWS / PARQUET_ROWS
        what = f"{PARQUET_ROWS:,} rows of Parquet, opened in {taken:.2f} s: {SCALED_ROWS:,} by their number"
        report(what, scaled, "s", f"{MOST_SCALED_SECONDS:g} or less", scaled <= MOST_SCALED_SECONDS)
        report("the most memory of that", most, "MB", f"{MOST_MEMORY} or less", most <= MOST_MEMORY)
        against_generated(parquet)


main()
