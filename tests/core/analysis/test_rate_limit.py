"""The limit of the rate, its name, and the rates that are shown around it."""

import math
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gdviz.core.analysis.mean_square import mini_batch_limit
from gdviz.core.analysis.rate_limit import limit_name, rate_range_around, stability_limit
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import Momentum
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau

RUN = Experiment(LinearRegression(), start=(0.0, -1.0))
LARGEST = float(np.linalg.eigvalsh(RUN.problem.hessian((0.0, 0.0)))[-1])


def test_over_all_rows_it_is_that_of_the_rule():
    assert stability_limit(RUN, LARGEST) == 2.0 / LARGEST
    assert limit_name(RUN) == "2/L ="
    heavy = replace(RUN, optimizer=Momentum(0.5))
    assert (stability_limit(heavy, LARGEST), limit_name(heavy)) == (3.0 / LARGEST, "limit")
    assert stability_limit(Experiment(Himmelblau()), 4.0) == 0.5


def test_of_batches_it_is_that_of_the_mean_square_and_says_so():
    single = replace(RUN, batch_size=1)
    assert stability_limit(single, LARGEST) == mini_batch_limit(single) < 0.9 * stability_limit(RUN, LARGEST)
    assert limit_name(single) == "limit of batches of 1:"
    assert limit_name(replace(RUN, batch_size=100)) == "limit of batches of 100:"


def test_the_ends_stay_while_the_limit_is_well_inside():
    for limit in (0.0142, 0.0274, 0.7755, 9.9, None, math.inf, math.nan, 0.0):
        assert rate_range_around(limit, 1e-5, 20.0) == (1e-5, 20.0)


def test_they_move_with_the_limit_by_whole_decades():
    assert rate_range_around(7.885e-6, 1e-5, 20.0) == (1e-9, 2e-3)
    assert rate_range_around(7.885e-6, 1e-4, 20.0) == (1e-8, 2e-3)
    assert rate_range_around(0.007755, 1e-5, 20.0) == (1e-6, 2.0)
    assert rate_range_around(300.0, 1e-5, 20.0) == (1e-3, 2000.0)


@given(st.floats(-30, 30))
def test_at_least_half_lies_below_the_limit_and_some_above_it(exponent):
    limit = 10.0**exponent
    low, high = rate_range_around(limit, 1e-5, 20.0)
    assert math.log10(limit / low) >= 0.5 * math.log10(high / low) - 1e-6
    assert high >= 2.0 * limit * (1 - 1e-6)
