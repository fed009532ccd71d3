"""The bare descent loop: steps a second of processor time, as on the machine on which the bars were set."""

from dataclasses import replace

from measuring import machine_speed, median, processor_seconds, report

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import descend
from gdviz.core.descent.optimizers import Momentum
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.precision import Precision
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock

STEPS, ROUNDS = 6000, 9
LINE = Experiment(LinearRegression(), schedule=Constant(1e-3), start=(0.0, -1.0), steps=STEPS)
VALLEY = Experiment(Rosenbrock(), schedule=Constant(1e-4), start=(-1.2, 1.0), steps=STEPS)
FRESH = RangeTest(1e-4, 1.0, STEPS // 6, 5, stops=False)
RUNS = {
    "regression of 100 rows": (LINE, 290_000),
    "its momentum": (replace(LINE, optimizer=Momentum()), 174_000),
    "its batches of 32": (replace(LINE, batch_size=32), 124_000),
    "its fresh starts": (replace(LINE, schedule=FRESH, steps=FRESH.last_step), 197_000),
    "Rosenbrock": (VALLEY, 560_000),
    "Rosenbrock, double precision": (replace(VALLEY, precision=Precision.FLOAT64), 640_000),
    "Himmelblau": (Experiment(Himmelblau(), schedule=Constant(1e-3), steps=STEPS), 520_000),
    "Himmelblau's momentum": (Experiment(Himmelblau(), Momentum(), Constant(1e-3), steps=STEPS), 285_000),
}
"""Each with its bar: 2.4 times the steps before the loop was lean, of a surface 2.5, and 1.7 of what is not plain."""


def walk(experiment: Experiment) -> None:
    """Compute all steps."""
    for _ in descend(experiment):
        pass


def main() -> None:
    """Each run in turns with the calibration."""
    for what, (experiment, bar) in RUNS.items():
        walk(experiment)
        rates = [
            (experiment.steps + 1) / processor_seconds(lambda run=experiment: walk(run)) / machine_speed()
            for _ in range(ROUNDS)
        ]
        report(f"bare loop, {what}", median(rates), "steps/s", f"{bar:,} or more", median(rates) >= bar)


main()
