"""The noise floor and the limit of mini-batch runs wherever x is: against exact arithmetic and many runs at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.analysis.mean_square import diverges_in_mean_square, mini_batch_limit, stationary_excess_loss
from gdviz.core.descent.optimizers import GradientDescent, Momentum, Nesterov
from tests.core.analysis.noise_references import RULES, ExactNoise, Recipe, random_recipe, simulated
from tests.data_sets import DATA_SETS

pytestmark = pytest.mark.unmeasured  # dear to measure; what it meets is met elsewhere

SMALL = [name for name, (x, _) in DATA_SETS.items() if len(x) <= 24]


def check_exactly(recipe, tolerance):
    """The excess and the limit of a recipe, to a relative tolerance and to a part in a billion."""
    experiment = recipe.experiment
    limit = mini_batch_limit(experiment)
    found = stationary_excess_loss(experiment, recipe.share * limit)
    assert found >= 0.0
    assert found == pytest.approx(float(ExactNoise(recipe, recipe.share * limit).excess), rel=tolerance, abs=0.0)
    assert ExactNoise(recipe, (1.0 - 1e-9) * limit).settles
    assert not ExactNoise(recipe, (1.0 + 1e-9) * limit).settles


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_excess_and_limit_are_those_of_exact_arithmetic(seed):
    check_exactly(random_recipe(seed, most_rows=8), 1e-6)


@pytest.mark.parametrize("share", [1e-9, 0.5, 0.999])
@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_the_share_of_the_limit_does_not_matter(rule, share):
    for seed in range(2):
        drawn = random_recipe(seed, most_rows=6)
        check_exactly(Recipe(drawn.x, drawn.y, rule, drawn.size, drawn.reduction, share), 1e-6)


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("rule", [GradientDescent(), Momentum(0.9), Nesterov(0.9)], ids=repr)
def test_data_as_people_have_them_have_the_floor_of_exact_arithmetic(name, rule):
    recipe = Recipe(*(tuple(column) for column in DATA_SETS[name]), rule, 2, "mean", 0.5)
    exact = ExactNoise(recipe, 0.5 * mini_batch_limit(recipe.experiment))
    found = stationary_excess_loss(recipe.experiment, float(exact.rate))
    assert found >= 0.0
    assert found == pytest.approx(float(exact.excess), rel=1e-4, abs=1e-20)


def test_decades_in_batches_of_two_with_momentum_have_a_floor_above_the_minimum():
    recipe = Recipe(*DATA_SETS["decades"], Momentum(0.9), 2, "mean", 0.0)  # was -0.0073
    found = stationary_excess_loss(recipe.experiment, 5e-8)
    assert found == pytest.approx(0.0160027, rel=1e-5)
    assert found == pytest.approx(float(ExactNoise(recipe, 5e-8).excess), rel=1e-8)
    mean, error = simulated(recipe, 5e-8, 2000, 400, 150)
    assert mean == pytest.approx(found, rel=0.02)
    assert error < 0.01 * found


@pytest.mark.parametrize("seed", range(10))
def test_many_runs_settle_at_the_floor(seed):
    recipe = random_recipe(100 + seed, most_rows=12)
    recipe = Recipe(recipe.x, recipe.y, recipe.rule, recipe.size, recipe.reduction, 0.05 + 0.5 * recipe.share)
    rate = recipe.share * mini_batch_limit(recipe.experiment)
    mean, error = simulated(recipe, rate, 1500, 700, 300, seed)
    assert mean == pytest.approx(stationary_excess_loss(recipe.experiment, rate), rel=0.1)
    assert error < 0.03 * mean


@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_a_slow_axis_neither_spreads_nor_hides_that_the_other_does(rule):
    recipe = Recipe((1e6 - 1, 1e6 + 2, 1e6), (1.0, 3.0, 0.0), rule, 1, "mean", 0.0)
    run = recipe.experiment
    limit = mini_batch_limit(run)
    for share in (1e-6, 0.3, 0.9, 1.0 - 1e-9):
        assert not diverges_in_mean_square(run, share * limit)
    for share in (-1.0, -1e-9, 1.0 + 1e-9, 1.1, 1e3):
        assert diverges_in_mean_square(run, share * limit)
