"""The rate of a rule in a race: found by a range test from fresh starts."""

from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.analysis.default_rates import default_range
from gdviz.core.analysis.good_rate import good_rate
from gdviz.core.analysis.verdict import Kind, judge
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import OPTIMIZERS, GradientDescent, Momentum
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.problem import minimum_loss
from gdviz.core.problems.surfaces import Himmelblau
from tests.data_sets import DATA_SETS, opened
from tests.recordings import lecture
from tests.seams import Broken, CountedMeans, Plateau, SignDescent

HOPELESS = "80 rows of x at 0 ± 10000"  # most of its loss is of the intercept, for which the limit is far too low
FALL = 0.1  # of the best fall, which may be missing


def run_at(experiment, rate):
    return record(replace(experiment, schedule=Constant(rate), steps=50)).losses.astype(float)


def losses_by_hand(experiment, low, decades=9):
    """Rates, 20 a decade, and the loss after 50 steps at each of them, run by run."""
    rates = [low * 10.0 ** (index / 20) for index in range(20 * decades)]
    return rates, np.array([run_at(experiment, rate)[-1] for rate in rates])


def by_hand(experiment):
    low, _ = default_range(experiment.problem, experiment.precision)
    rates, losses = losses_by_hand(experiment, low)
    first, least = run_at(experiment, rates[0])[0], np.nanmin(losses[18:-5])
    if not experiment.optimizer.scales_with_rate:
        return rates[18 + int(np.nanargmin(losses[18:-5]))]
    return rates[np.flatnonzero(losses <= least + min(least, FALL * (first - least)))[0]]


RATED = [kind() for kind in (*OPTIMIZERS.values(), SignDescent, CountedMeans) if kind.takes_learning_rate]


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("rule", RATED, ids=lambda rule: rule.name)
@pytest.mark.parametrize("problem", ["lecture", "himmelblau"])
def test_it_is_the_lowest_rate_that_is_as_good_as_any_from_fresh_starts(rule, precision, problem):
    base = lecture(0.5) if problem == "lecture" else Experiment(Himmelblau(), start=(0.5, -0.5))
    experiment = replace(base, optimizer=rule, precision=precision)
    found = good_rate(experiment)
    assert found == pytest.approx(by_hand(experiment), rel=0.005)  # three digits
    assert found == float(f"{found:.3g}")


@pytest.mark.parametrize("name", ["gd", "momentum", "rmsprop", "adam"])
@pytest.mark.parametrize("problem", ["lecture", "himmelblau"])
def test_the_usual_race_arrives(name, problem):
    base = lecture(0.5) if problem == "lecture" else Experiment(Himmelblau(), start=(0.5, -0.5))
    experiment = replace(base, optimizer=OPTIMIZERS[name](), steps=200)
    run = record(replace(experiment, schedule=Constant(good_rate(experiment))))
    assert judge(run, 200).kind is Kind.CONVERGED


@pytest.mark.parametrize("name", ["gd", "momentum", "rmsprop", "adam"])
@pytest.mark.parametrize("data", [name for name in DATA_SETS if name != HOPELESS])
def test_on_any_data_most_of_the_possible_fall_is_done_in_200_steps(data, name):
    """Also of rules whose steps are as long as the rate, from 1e-15 to 10 here."""
    experiment = opened(data, optimizer=OPTIMIZERS[name](), steps=200)
    losses = record(replace(experiment, schedule=Constant(good_rate(experiment)))).losses.astype(float)
    least = minimum_loss(experiment.problem)
    assert losses[-1] - least < 0.4 * (losses[0] - least)


def test_rates_that_are_too_low_for_the_rule_are_raised():
    """In kilometres 2/L is 1e-12, with which steps of that length arrive nowhere."""
    experiment = opened("kilometres", optimizer=OPTIMIZERS["adam"]())
    low, _ = default_range(experiment.problem, experiment.precision)
    assert good_rate(experiment) > low * 1e9


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
