"""The ghost path at any step of a long run, where the optimizer's state has to be found first."""

import random

from measuring import median, report, seconds

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import Momentum, Nesterov
from gdviz.core.descent.recording import CHECKPOINT_STEPS, record
from gdviz.core.descent.schedules import Constant
from gdviz.core.problems.regression import LinearRegression
from gdviz.panes.landscape.ghost import build_ghost
from gdviz.panes.landscape.landscape import sample_surface

STEPS = 100_000


def main() -> None:
    """Steps from all over the run, and those that are farthest from the checkpoint before them."""
    problem = LinearRegression()
    surface = sample_surface(problem, problem.box)
    for optimizer in (Momentum(), Nesterov()):
        recording = record(Experiment(problem, optimizer, Constant(0.1), problem.start, STEPS))
        anywhere = random.Random(1).sample(range(STEPS), 100)
        farthest = range(CHECKPOINT_STEPS - 1, STEPS, 4 * CHECKPOINT_STEPS)
        for where, steps in (("at any step", anywhere), ("at the worst steps", farthest)):
            times = [seconds(lambda step=step: build_ghost(recording, step, surface)) for step in steps]  # noqa: B023
            middle = median(times) * 1e3
            report(f"ghost of {optimizer.name} {where}", middle, "ms", "5 or less", middle <= 5.0)


main()
