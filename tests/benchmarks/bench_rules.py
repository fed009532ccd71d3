"""The steps of the update rules against those of plain descent, and a map of rate and steps of Adam."""

import statistics
from collections.abc import Iterator
from dataclasses import replace

from measuring import processor_seconds, report, seconds

from gdviz.core.analysis.phase_map import MapGrid, phase_map
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import descend
from gdviz.core.descent.optimizers import OPTIMIZERS, Optimizer, make_optimizer
from gdviz.core.descent.schedules import Constant
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock

STEPS, REPEATS, SIDE = 2000, 15, 256
PLAIN = (
    Experiment(Rosenbrock(), schedule=Constant(1e-4), start=(-1.2, 1.0), steps=STEPS),
    Experiment(LinearRegression(), schedule=Constant(1e-3), start=(0.0, -1.0), steps=STEPS),
)
DEAREST: dict[str, dict[str, float | bool]] = {
    "rmsprop": {"centered": True, "momentum": 0.9, "weight_decay": 0.01},
    "nadam": {"decoupled_weight_decay": True, "weight_decay": 0.01},
}
"""Settings with which a step takes longest; measured besides the defaults."""
SURFACE = Experiment(Himmelblau(), schedule=Constant(0.01), steps=200)


def walk(experiment: Experiment) -> None:
    """Compute all steps."""
    for _ in descend(experiment):
        pass


def quotient(run: Experiment, plain: Experiment) -> float:
    """How much longer one takes than the other."""
    return processor_seconds(lambda: walk(run)) / processor_seconds(lambda: walk(plain))


def measured_rules() -> Iterator[tuple[str, Optimizer]]:
    """Each element-wise rule by what it is called here, first with its defaults."""
    for name, kind in OPTIMIZERS.items():
        if name != "gd" and kind.takes_learning_rate:
            yield name, make_optimizer(name, {})
            if name in DEAREST:
                yield f"{name} with all its terms", make_optimizer(name, DEAREST[name])


def main() -> None:
    """Each element-wise rule beside plain descent, in turns; then the map."""
    for plain in PLAIN:
        walk(plain)
        for name, rule in measured_rules():
            run = plain.with_optimizer(rule)
            ratio = statistics.median(quotient(run, plain) for _ in range(REPEATS))
            report(f"a step of {name} on {plain.problem.name}", ratio, "of plain descent's", "3 or less", ratio <= 3.0)
    adam = replace(SURFACE, optimizer=make_optimizer("adam", {}))
    grid = MapGrid(1e-4, 20.0, SIDE, tuple(range(1, SIDE + 1)))
    took = min(seconds(lambda: phase_map(adam, grid)) for _ in range(REPEATS))
    report(f"map, {SIDE} rates, {SIDE} steps, Adam on Himmelblau", took, "s", "0.3 or less", took <= 0.3)


main()
