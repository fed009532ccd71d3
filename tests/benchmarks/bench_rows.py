"""Regression on many rows: what a step costs, full batch and mini-batch, side by side for few and many of them."""

import time
from dataclasses import replace

from measuring import median, report, seconds

from gdviz.core.dataset import MAX_ROWS, DataSettings, generate
from gdviz.core.experiment import Experiment
from gdviz.core.recording import record
from gdviz.core.regression import LinearRegression
from gdviz.core.schedules import Constant

ROWS = (1_000, 100_000, MAX_ROWS)
STEPS, BATCH_STEPS, REPEATS = 200, 2000, 9
GROWTH = 1.5
"""A larger factor would be a cost that grows; this much is the cache, in which ten million rows have no room."""


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


main()
