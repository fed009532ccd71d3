"""Other data for the live run, as pure functions of the state: what comes of it, and what it is called."""

from dataclasses import replace

import pytest

from gdviz.core.data.creation import from_points
from gdviz.core.data.settings import DataSettings
from gdviz.core.data.standardise import standardise
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.scenarios.library import scenario_of_data
from gdviz.core.scenarios.scenario import Scenario
from gdviz.session import data_edits, edits
from gdviz.session.state import State
from tests.recordings import lecture

LECTURE = State(Scenario("Point nine", lecture(0.9)), lecture(0.9))


def done(edit, *arguments, state=LECTURE, **fields):
    """The state after an edit."""
    return edit(state, *arguments, **fields).state


def test_a_problem_without_data_gets_none():
    before = done(edits.set_problem, "rosenbrock")
    assert done(data_edits.set_data, DataSettings(seed=3), state=before) == before
    for adopt in (data_edits.adopt_data, data_edits.set_columns):
        assert done(adopt, LinearRegression(), state=before) == before


def test_other_data_keep_everything_else():
    before, after = LECTURE.experiment, done(data_edits.set_data, DataSettings(rows=7, seed=3)).experiment
    assert after.problem.data.x.size == 7
    assert replace(after, problem=before.problem) == before


def test_other_data_are_still_summed_and_seen_in_batches():
    summed = done(edits.change, batch_size=7, state=done(edits.set_reduction, "sum"))
    plain = LinearRegression(summed.experiment.problem.data)
    for changed in (
        done(data_edits.set_data, DataSettings(rows=7), state=summed),
        done(data_edits.adopt_data, plain, state=summed),
    ):
        assert (changed.experiment.problem.reduction, changed.experiment.batch_size) == ("sum", 7)
    with pytest.raises(InputError, match=r"^batch_size: 7 is more than there are rows; use 1 to 6$"):
        data_edits.set_data(summed, DataSettings(rows=6))


def test_generated_data_are_taken_as_they_are():
    generated = done(data_edits.set_data, DataSettings(rows=7)).experiment.problem
    assert done(data_edits.adopt_data, generated).experiment.problem is generated


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (DataSettings(rows=10_000), "10,000 rows"),
        (DataSettings(rows=1), "1 row"),
        (DataSettings(slope=2.0, seed=3), "true slope 2, seed 3"),
        (DataSettings(x_range=(-1.0, 2.5)), "x from -1 to 2.5"),
        (DataSettings(standardised=True), "standardise x"),
    ],
)
def test_generated_data_are_called_after_what_differs(settings, name):
    assert data_edits.set_data(LECTURE, settings).name == name


def test_generated_data_in_the_place_of_a_file_have_a_name():
    own = LinearRegression(from_points([0.0, 1.0, 2.0], [1.0, 2.0, 2.5], None, "own.csv"))
    state = replace(LECTURE, experiment=replace(LECTURE.experiment, problem=own))
    assert data_edits.set_data(state, DataSettings()).name == "generated data"


def test_other_columns_and_standardising_bring_the_precision_that_holds_them():
    def own(unit):
        return LinearRegression(from_points([unit, 2 * unit, 3 * unit], [1, 3, 2], None, "/some/table.csv"))

    usual, wide = own(1.0), own(1e34)
    opened = scenario_of_data(usual.data)
    state = State(opened, opened.experiment)
    there = done(data_edits.set_columns, wide, state=state)
    assert (state.experiment.precision, there.experiment.precision) == (Precision.FLOAT32, Precision.FLOAT64)
    scaled = LinearRegression(standardise(wide.data, x=True, y=False))
    assert done(data_edits.adopt_data, scaled, state=there).experiment.precision is Precision.FLOAT32
    assert done(data_edits.set_columns, usual, state=there).experiment.precision is Precision.FLOAT32
