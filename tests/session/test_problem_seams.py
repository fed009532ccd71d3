"""Problems that do not ship in a session: their data, their undo, and what is said where there is nothing to show."""

import pytest

from gdviz.core.analysis.verdict import Kind, judge
from gdviz.core.data.creation import from_points
from gdviz.core.data.settings import DataSettings
from gdviz.core.problems.registry import PROBLEMS
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.scenarios.scenario import Scenario
from gdviz.presentation.look import TapeLook
from gdviz.session import edits
from tests.recordings import lecture
from tests.seams import Saddle, SmoothAbsolute, SteepSquares
from tests.session.driving import is_whole_and_right, names, settled

pytestmark = pytest.mark.unmeasured  # dear to measure; what it meets is met elsewhere


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    for kind in (Saddle, SmoothAbsolute, SteepSquares):
        monkeypatch.setitem(PROBLEMS, kind.name, kind)


def over_steep_squares(drive, **fields):
    driven = drive()
    driven.session.set_problem("steep-squares")
    if fields:
        driven.session.apply(edits.change, **fields)
    return settled(driven)


def test_another_problem_over_data_is_over_the_same(drive):
    own = LinearRegression(from_points([0.0, 1.0, 2.0], [1.0, 2.0, 4.0], None, "mine.csv"))
    driven = drive(Scenario("Mine", lecture(0.1, problem=own, batch_size=2)))
    for name in ("smooth-absolute", "steep-squares", "linear-regression"):
        driven.session.set_problem(name)
        experiment = settled(driven).session.state.experiment
        assert (experiment.problem.name, experiment.batch_size) == (name, 2)
        assert experiment.problem.data is own.data
    assert driven.session.state.experiment.problem == own
    driven.session.set_problem("saddle")
    assert driven.session.state.experiment.batch_size is None


def test_few_rows_come_at_once_and_go_again(drive):
    driven = over_steep_squares(drive, batch_size=12)
    before = driven.session.state
    driven.session.set_data(DataSettings(rows=500, noise=0.2))
    assert isinstance(driven.session.state.experiment.problem, SteepSquares)
    assert driven.session.state.experiment.problem.data.rows == 500
    assert names(driven)[0] == "500 rows, noise 0.2"
    after = settled(driven).session.state
    driven.session.undo()
    assert driven.session.state == before
    assert is_whole_and_right(settled(driven))
    driven.session.redo()
    assert settled(driven).session.state == after
    assert is_whole_and_right(driven)


def test_many_rows_are_generated_aside_and_again_for_undo(drive, monkeypatch):
    monkeypatch.setattr("gdviz.session.loading.data_generator.AT_ONCE", 400)  # without a closed form many take long
    driven = over_steep_squares(drive, steps=20)
    session = driven.session
    session.set_data(DataSettings(rows=401))
    assert driven.controls[-1].generation.settings.rows == 401
    with_many = settled(driven).session.state
    assert session.state.experiment.problem.data.rows == 401
    assert "closed form" not in driven.controls[-1].step_time
    session.set_problem("saddle")
    session.undo()
    assert session.state.experiment.problem.name == "saddle"  # until they are there
    assert settled(driven).session.state == with_many
    assert driven.failures == []


def test_two_problems_over_the_same_data_come_back_as_they_were(drive):
    driven = drive()
    driven.session.set_data(DataSettings(rows=321))
    driven.session.set_problem("steep-squares")
    driven.session.set_problem("smooth-absolute")
    seen = []
    for _ in range(2):
        driven.session.undo()
        seen.append((driven.session.state.experiment.problem.name, driven.session.state.experiment.problem.data.rows))
    assert seen == [("steep-squares", 321), ("linear-regression", 321)]
    assert is_whole_and_right(settled(driven))


def test_what_it_has_not_changes_nothing_or_is_refused(drive):
    driven = over_steep_squares(drive)
    before = driven.session.state
    driven.session.apply(edits.set_reduction, "sum")
    assert driven.session.state == before
    driven.session.set_problem("smooth-absolute")
    driven.session.set_look(tape=TapeLook())
    assert driven.notices[-1] == "Smooth absolute error has no tape: its operations are not recorded"
    assert driven.session.state.look.tape is None


def test_a_tape_goes_with_the_problem_that_has_it(drive):
    driven = over_steep_squares(drive)
    driven.session.set_look(tape=TapeLook())
    assert "tape" in driven.session.player.frame.pictures
    driven.session.apply(edits.change, batch_size=9)
    assert settled(driven).session.player.frame.pictures["tape"].is_batch
    driven.session.set_problem("smooth-absolute")
    assert "tape" not in settled(driven).session.player.frame.pictures
    driven.session.undo()
    assert settled(driven).session.player.frame.pictures["tape"].is_batch
    assert driven.failures == []


def test_a_saddle_in_a_session(drive):
    driven = drive()
    session = driven.session
    session.set_look(pane="map")
    session.set_problem("saddle")
    session.apply(edits.set_steps, 600)
    settled(driven)
    zones = driven.controls[-1].zones
    assert (zones.overshoot, zones.limit) == (None, None)
    assert judge(session.runs.live).kind is Kind.DIVERGING
    session.apply(edits.toggle_pane, "basins")
    assert driven.notices[-1] == "Saddle has no known minimum for runs to reach; choose another problem"
    formula = frozenset({"formula"})
    for look in (
        {"switched_on": formula},
        {"switched_on": frozenset(), "tape": TapeLook(checked=True)},
        {"tape": None},
    ):
        session.set_look(**look)
        for step in (0, 150, 600):
            assert driven.at(step).session.player.frame.step == step
    session.apply(edits.pin)
    session.set_learning_rate(0.05)
    assert len(settled(driven).session.player.frame.pictures["loss"].curves) == 2
    session.apply(edits.unpin_all)
    session.apply(edits.toggle_range_test)
    assert "rates" in settled(driven).session.player.frame.pictures
    session.apply(edits.toggle_range_test)
    assert driven.failures == []


def test_the_map_of_starts_goes_where_no_minimum_is_known(drive):
    driven = drive()
    driven.session.set_problem("himmelblau")
    driven.session.apply(edits.toggle_pane, "basins")
    assert driven.session.state.look.pane == "basins"
    driven.session.set_problem("saddle")
    assert driven.session.state.look.pane == "surface"
    driven.session.set_problem("steep-squares")
    driven.session.apply(edits.toggle_pane, "basins")
    assert driven.session.state.look.pane == "basins"
    assert driven.failures == []
