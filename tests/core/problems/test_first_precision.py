"""In which precision a run on the user's own data begins."""

import numpy as np
import pytest

from gdviz.core.data.creation import from_points
from gdviz.core.data.standardise import standardise
from gdviz.core.descent.recording import record
from gdviz.core.precision import Precision
from gdviz.core.problems.first_precision import fault_in_single, first_precision
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.scenarios.library import scenario_of_data

SINGLE, DOUBLE = Precision
WIDE = [
    (1e34, 1.0, "the first rate, 1e-69, is 0 or almost"),
    (1e20, 1.0, "the first rate, 1e-41, is 0 or almost"),
    (1.0, 1e25, "the loss at the start is infinite"),
]


def own(x_unit, y_unit):
    return from_points(x_unit * np.array([1.0, 2.0, 3.0]), y_unit * np.array([1.0, 3.0, 2.0]), None, "rows")


@pytest.mark.parametrize(("x_unit", "y_unit", "fault"), WIDE)
def test_data_that_single_precision_cannot_begin_with_open_in_double(x_unit, y_unit, fault):
    experiment = scenario_of_data(own(x_unit, y_unit)).experiment
    assert fault_in_single(experiment.problem) == fault
    assert experiment.precision is DOUBLE
    losses = record(experiment).losses
    assert np.isfinite(losses).all()
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("unit", [1e-300, 1e-20, 1.0, 1e6])
def test_others_open_in_single(unit):
    assert first_precision(LinearRegression(own(unit, 1.0))) is SINGLE


def test_standardising_changes_the_precision_with_the_rate_unless_it_was_chosen():
    data = own(1e34, 1.0)
    experiment = scenario_of_data(data).experiment
    scaled = LinearRegression(standardise(data, x=True, y=False))
    there = experiment.with_own_data(scaled)
    assert there.precision is SINGLE
    assert there.with_own_data(experiment.problem) == experiment
    chosen = scenario_of_data(own(1.0, 1.0)).experiment
    assert chosen.with_own_data(experiment.problem).precision is DOUBLE
