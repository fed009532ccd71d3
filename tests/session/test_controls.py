from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.descent.optimizers import Momentum, Nesterov
from gdviz.core.descent.recording import record
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock, TwoWells
from gdviz.core.scenarios.library import load_scenario
from gdviz.session.controls import zones
from tests.recordings import EXPERIMENTS, lecture


def test_the_zones_of_the_lecture():
    found = zones(lecture(0.9), (0.0, -1.0))
    assert found.limit == pytest.approx(0.7755, abs=5e-5)
    assert found.overshoot == pytest.approx(0.7755 / 2, abs=5e-5)
    assert not found.here
    assert zones(lecture(0.1), (1e30, np.nan)) == found
    assert found.crawling == pytest.approx(0.0023 / 0.13481, rel=2e-3)


@pytest.mark.parametrize("optimizer", [None, Momentum(0.5), Nesterov(0.5)])
def test_beyond_the_limit_it_diverges_and_below_it_does_not(optimizer):
    changed = {} if optimizer is None else {"optimizer": optimizer}
    limit = zones(lecture(0.1, **changed), (0.0, -1.0)).limit
    below, above = (record(lecture(limit * factor, steps=2000, **changed)) for factor in (0.97, 1.03))
    assert below.losses[-1] < below.losses[0]
    assert not above.losses[-100:].max() <= above.losses[0]  # it may be NaN


def test_zones_of_small_batches_end_where_these_diverge():
    single = zones(lecture(0.1, batch_size=1), (0.0, -1.0))
    assert single.names == ("1/L =", "limit of batches of 1:")
    assert single.limit == pytest.approx(0.6935, abs=6e-5)
    assert single.overshoot == zones(lecture(0.1), (0.0, -1.0)).overshoot
    assert zones(lecture(0.1, batch_size=100), (0.0, -1.0)).limit == pytest.approx(0.7750, abs=6e-5)
    heavy = zones(lecture(0.1, batch_size=1, optimizer=Momentum(0.5)), (0.0, -1.0))
    assert heavy.limit < zones(lecture(0.1, optimizer=Momentum(0.5)), (0.0, -1.0)).limit
    assert heavy.names[1] == "limit of batches of 1:"


def test_elsewhere_than_on_a_quadratic_they_hold_here():
    experiment = EXPERIMENTS["valley"]
    one, other = zones(experiment, (-1.2, 1.0)), zones(experiment, (1.0, 1.0))
    assert one.here
    assert other.here
    largest = np.linalg.eigvalsh(Rosenbrock().hessian((1.0, 1.0)))[-1]
    assert other.limit == pytest.approx(2 / largest)
    assert one.limit < other.limit


@pytest.mark.parametrize("point", [(0.0, 0.0), (np.nan, 0.0), (np.inf, 1.0), (1e200, 1e200)])
def test_where_the_curvature_says_nothing(point):
    found = zones(replace(EXPERIMENTS["four wells"], problem=Himmelblau()), point)
    if point == (0.0, 0.0):  # a hill
        assert np.linalg.eigvalsh(Himmelblau().hessian(point)).max() < 0
    assert found.overshoot is None
    assert found.limit is None
    assert found.here


def test_off_a_quadratic_the_zones_do_not_wander_while_it_plays(drive):
    driven = drive(load_scenario("two-wells")).finish()
    seen = []
    for step in (0, 1, 5, 20):
        driven.at(step)
        seen.append(driven.session.controls().zones)
    assert seen[0].here
    assert seen == [seen[0]] * 4
    # Those of the well near the start, in which a rate of 0.1 ends, not of the steep start.
    assert seen[0].limit == pytest.approx(2 / np.linalg.eigvalsh(TwoWells().hessian((0.960, 0.0)))[-1], rel=1e-2)
