"""The maps of rate and steps and of starting points, against the same cells run one by one."""

import random
import time
from collections.abc import Callable
from dataclasses import replace

from measuring import machine_speed, processor_seconds, report, seconds

from gdviz.core.analysis.basins import basin_map
from gdviz.core.analysis.phase_map import MapGrid, compute, default_grid, phase_map
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau

SIDE, STEPS = 256, 200
REPEATS, SAMPLE = 15, 150
LECTURE = Experiment(LinearRegression(), schedule=Constant(0.1), start=(0.0, -1.0), steps=STEPS)
SURFACE = Experiment(Himmelblau(), schedule=Constant(0.01), steps=STEPS)


def against_cells(what: str, whole: Callable[[], object], bar: float, cells: int, one: Callable[[], object]) -> None:
    """Report a whole map, and by how much it is faster than all cells alone: those are a sample, scaled up."""
    # The quickest of some: the same numbers are computed each time, and what disturbs only makes it slower.
    # As on the machine on which the bars were set.
    took = min(processor_seconds(whole) * machine_speed() for _ in range(REPEATS))
    alone = processor_seconds(lambda: [one() for _ in range(SAMPLE)]) * machine_speed() / SAMPLE * cells
    report(what, took * 1e3, "ms", f"{bar * 1e3:g} or less", took <= bar)
    told = f"against {cells:,} cells one by one ({alone:.0f} s, scaled up from {SAMPLE} of them)"
    report(f"  {told}", alone / took, "times as fast", "500 or more", alone >= 500 * took)


def main() -> None:
    """256 rates by all numbers of steps up to 200; 256 x 256 starting points; and what a window waits for."""
    draw = random.Random(1)
    grid = MapGrid(1e-4, 20.0, SIDE, tuple(range(1, STEPS + 1)))
    rates = grid.learning_rates.tolist()

    def cell(experiment: Experiment) -> object:
        schedule, steps = Constant(draw.choice(rates)), draw.choice(grid.steps)
        return record(replace(experiment, schedule=schedule, steps=steps))

    def start() -> object:
        first, second = SURFACE.problem.box.grid(SIDE)
        return record(replace(SURFACE, start=(draw.choice(first.tolist()), draw.choice(second.tolist()))))

    size, cells = f"{SIDE} rates, {STEPS} steps", SIDE * STEPS
    against_cells(f"map, {size}, quadratic", lambda: phase_map(LECTURE, grid), 0.015, cells, lambda: cell(LECTURE))
    against_cells(f"map, {size}, Himmelblau", lambda: phase_map(SURFACE, grid), 0.15, cells, lambda: cell(SURFACE))
    what = f"map of {SIDE} x {SIDE} starts, {STEPS} steps, Himmelblau"
    against_cells(what, lambda: basin_map(SURFACE, SURFACE.problem.box, SIDE), 0.15, SIDE * SIDE, start)
    whole = seconds(lambda: phase_map(LECTURE, default_grid(LECTURE)))
    print(f"      the map of the window, {SIDE} rates, {default_grid(LECTURE).steps[-1]:,} steps: {whole:.2f} s")
    pauses, begin = [], time.perf_counter()
    for _ in compute(LECTURE, default_grid(LECTURE)):
        now = time.perf_counter()
        pauses.append(now - begin)
        begin = now
    print(f"      and it can be looked at or cancelled every {max(pauses) * 1e3:.0f} ms or sooner")


main()
