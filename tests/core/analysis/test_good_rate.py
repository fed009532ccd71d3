"""The rate of a rule in a race: what its range test suggests, from the same start."""

from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.analysis.default_rates import default_range
from gdviz.core.analysis.good_rate import good_rate
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import OPTIMIZERS, Momentum
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.surfaces import Himmelblau
from tests.recordings import lecture
from tests.seams import Broken, CountedMeans, Plateau, SignDescent


def by_hand(experiment):
    """A tenth of the rate with the lowest loss, from the run of a range test alone."""
    test = RangeTest(*default_range(experiment.problem, experiment.precision))
    run = record(replace(experiment, schedule=test, steps=test.last_step))
    losses = run.losses.astype(float)
    best = np.minimum.accumulate(losses)
    over = np.flatnonzero(losses > 4 * best)
    end = over[0] + 1 if len(over) else len(losses)
    losses, rates = losses[:end][20:-5], run.learning_rates[:end][20:-5]
    return rates[np.argmin(losses)] / rates.dtype.type(10)


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("rule", [kind() for kind in OPTIMIZERS.values()] + [SignDescent(), CountedMeans()])
@pytest.mark.parametrize("problem", ["lecture", "himmelblau"])
def test_it_is_a_tenth_of_the_minimum_of_the_range_test(rule, precision, problem):
    base = lecture(0.5) if problem == "lecture" else Experiment(Himmelblau(), start=(0.5, -0.5))
    experiment = replace(base, optimizer=rule, precision=precision)
    assert good_rate(experiment) == by_hand(experiment)


def test_neither_schedule_nor_length_of_the_run_matters():
    found = {good_rate(lecture(rate, steps=steps)) for rate, steps in ((0.1, 200), (3.0, 5))}
    assert found == {good_rate(replace(lecture(0.1), schedule=Plateau(0.1)))}


def test_it_depends_on_start_and_batches():
    base = lecture(0.1, optimizer=Momentum())
    assert len({good_rate(run) for run in (base, replace(base, start=(3.0, 3.0)), replace(base, batch_size=3))}) > 1


def test_where_the_range_test_finds_nothing_it_says_so():
    experiment = replace(lecture(0.1), optimizer=Broken(0.0), schedule=Constant(0.1))
    with pytest.raises(InputError, match="broken: its range test suggests no learning rate; give it one"):
        good_rate(experiment)
