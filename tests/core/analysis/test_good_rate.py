"""The rate of a rule in a race: what its range test suggests, from the same start."""

from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.analysis.default_rates import default_range
from gdviz.core.analysis.good_rate import good_rate
from gdviz.core.analysis.range_test import as_range_test, curve
from gdviz.core.analysis.suggestions import NoSuggestion, why_none
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import OPTIMIZERS, GradientDescent, Momentum
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock
from tests.recordings import lecture
from tests.seams import Broken, CountedMeans, Plateau, SignDescent


def by_hand(experiment, factor):
    """A tenth of the rate with the lowest loss, from the run of a range test alone; its rates times a factor."""
    start, end = (rate * factor for rate in default_range(experiment.problem, experiment.precision))
    test = RangeTest(start, end)
    run = record(replace(experiment, schedule=test, steps=test.last_step))
    losses = run.losses.astype(float)
    best = np.minimum.accumulate(losses)
    over = np.flatnonzero(losses > 4 * best)
    end = over[0] + 1 if len(over) else len(losses)
    losses, rates = losses[:end][20:-5], run.learning_rates[:end][20:-5]
    return rates[np.argmin(losses)] / rates.dtype.type(10)


RATED = [kind() for kind in (*OPTIMIZERS.values(), SignDescent, CountedMeans) if kind.takes_learning_rate]


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("rule", RATED, ids=lambda rule: rule.name)
@pytest.mark.parametrize("problem", ["lecture", "himmelblau"])
def test_it_is_a_tenth_of_the_minimum_of_the_range_test(rule, precision, problem):
    base = lecture(0.5) if problem == "lecture" else Experiment(Himmelblau(), start=(0.5, -0.5))
    experiment = replace(base, optimizer=rule, precision=precision)
    # A rule whose steps follow the gradient finds it at the default rates.
    factors = (1,) if rule.is_linear else (1, 10, 100, 1000)
    found = good_rate(experiment)
    assert any(found == pytest.approx(by_hand(experiment, factor), rel=1e-6) for factor in factors)


def test_rates_that_are_too_low_for_the_rule_are_raised():
    """On Rosenbrock's function 2/L allows steps of 0.001, with which a rule of that step length arrives nowhere."""
    experiment = Experiment(Rosenbrock(), CountedMeans(), start=Rosenbrock().start)
    low = default_range(experiment.problem, experiment.precision)
    sweep = as_range_test(experiment, RangeTest(*low))
    assert why_none(curve(record(sweep), sweep.steps), sweep) is NoSuggestion.STILL_FALLS
    found = good_rate(experiment)
    assert found > low[1] / 10
    assert found == pytest.approx(by_hand(experiment, 100), rel=1e-6)


def test_rates_that_are_too_high_are_lowered():
    class Fast(GradientDescent):
        """Gradient descent in other units of the rate."""

        def update(self, evaluation, state):
            return evaluation.gradient * evaluation.gradient.dtype.type(1e7), None

    plain, fast = (good_rate(lecture(0.1, optimizer=rule)) for rule in (GradientDescent(), Fast()))
    assert fast == pytest.approx(plain / 1e7, rel=0.1)


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
