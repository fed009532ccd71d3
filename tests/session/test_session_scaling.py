"""Own data in other units: standardised at once or in the background, undone, refused, and at their first rate."""

import numpy as np
import pytest

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.problems.problem import first_learning_rate
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.scenarios.library import load_scenario
from gdviz.core.scenarios.scenario import Scenario
from gdviz.session import edits
from gdviz.session.loading.data_generator import AT_ONCE, Standardising
from tests.session.driving import Driven, is_whole_and_right
from tests.session.test_session_data import made
from tests.tables import named

ROWS = {"few": 40, "many": AT_ONCE + 1}


def drive(rows, rate=None):
    size = np.random.default_rng(1).uniform(800.0, 4500.0, rows)
    problem = LinearRegression(named(size, 134.5 * size + 71_270.0))
    experiment = Experiment(
        problem, schedule=Constant(rate or first_learning_rate(problem)), start=problem.start, steps=5
    )
    driven = Driven(Scenario("Houses", experiment))
    driven.session.start()
    return driven.finish()


@pytest.fixture
def driving(qapp):
    """Sessions that are closed at the end."""
    opened = []

    def make(*arguments):
        opened.append(drive(*arguments))
        return opened[-1]

    yield make
    for driven in opened:
        driven.session.close()


def data(driven):
    return driven.session.state.experiment.problem.data


def rate(driven):
    return driven.session.state.experiment.schedule(0)


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_standardised_undone_and_redone(driving, rows):
    driven = driving(rows)
    before, slow = driven.session.state, first_learning_rate(driven.session.state.experiment.problem)
    driven.session.set_data(Standardising(True, False, rows))
    assert (data(driven) is before.experiment.problem.data) == (rows > AT_ONCE)
    assert driven.session.timeline.undo_name == "standardise x"
    made(driven)
    after = driven.session.state
    assert data(driven).are_standardised == (True, False)
    assert data(driven).x.std() == pytest.approx(1.0)
    assert rate(driven) == first_learning_rate(after.experiment.problem) > 1e6 * slow
    assert driven.notices[-1] == f"learning rate {rate(driven):g}, about 1/L of these data"
    assert is_whole_and_right(driven)
    driven.session.set_data(Standardising(True, True, rows))
    assert driven.session.timeline.undo_name == "standardise y"
    made(driven)
    assert data(driven).are_standardised == (True, True)
    for _ in range(2):
        driven.session.undo()
        made(driven)
    assert driven.session.state.experiment == before.experiment
    driven.session.redo()
    made(driven)
    assert driven.session.state.experiment == after.experiment
    driven.session.set_data(Standardising(False, False, rows))
    made(driven)
    assert driven.session.timeline.undo_name == "x as it is"
    assert driven.session.state.experiment == before.experiment


def test_a_rate_of_the_users_own_stays(driving):
    driven = driving(40, 1e-9)
    driven.session.set_data(Standardising(True, False, 40))
    assert rate(driven) == 1e-9
    assert driven.finish().session.timeline.undo_name == "standardise x"


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_beside_a_pinned_run_of_other_units_it_is_refused(driving, rows):
    driven = driving(rows)
    driven.session.apply(edits.pin)
    driven.session.set_data(Standardising(True, False, rows))
    assert driven.notices[-1] == "runs of different problems cannot share a surface; unpin them first (Shift+P)"
    assert data(driven).are_standardised == (False, False)
    assert not driven.session.timeline.generator.is_busy


def test_what_is_on_its_way_can_be_undone_and_stopped(driving):
    driven = driving(ROWS["many"])
    for leave in (driven.session.undo, driven.session.stop_computing):
        driven.session.set_data(Standardising(True, False, ROWS["many"]))
        leave()
        made(driven)
        assert data(driven).are_standardised == (False, False)


def test_a_column_that_cannot_be_standardised_is_named(driving):
    driven = driving(40)
    problem = LinearRegression(named([3.0, 3.0], [1.0, 2.0]))
    driven.session.open(Scenario("Flat", Experiment(problem, steps=5)))
    driven.session.set_data(Standardising(True, False, 2))
    assert driven.notices[-1].startswith("houses.csv: size is the same in every row and cannot be standardised")
    assert data(driven) == problem.data


def test_a_range_test_goes_on_and_the_run_before_it_gets_the_first_rate_too(driving):
    driven = driving(40)
    driven.session.apply(edits.toggle_range_test)
    driven.session.set_data(Standardising(True, False, 40))
    assert isinstance(driven.session.state.experiment.schedule, RangeTest)
    driven.finish().session.apply(edits.toggle_range_test)
    assert rate(driven) == first_learning_rate(driven.session.state.experiment.problem)


def test_the_scenario_units_is_standardised_at_its_rate():
    scenario = load_scenario("units")
    driven = Driven(scenario)
    driven.session.start()
    driven.session.set_data(Standardising(True, False, 100))
    driven.finish()
    assert driven.session.timeline.undo_name == "standardise x"
    assert (rate(driven), data(driven).drawn_x.tolist()) == (0.1, scenario.experiment.problem.data.x.tolist())
    assert data(driven).settings.standardised
    driven.session.undo()
    assert driven.finish().session.state.experiment == scenario.experiment
    driven.session.close()
