"""The range test of a run, and the run that is found on a map, in a session."""

import threading
import time
from dataclasses import replace

import pytest

from gdviz.core.analysis.default_rates import default_range
from gdviz.core.analysis.range_test import as_range_test
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.problems.surfaces import TwoWells
from gdviz.core.scenarios.library import load_scenario
from gdviz.panes.range_test.sentences import DIVERGES
from gdviz.presentation.look import TapeLook
from gdviz.session import data_edits, edits
from gdviz.session.edits import DEFAULT_STEPS
from gdviz.session.latest_task import Outcome
from tests.session.driving import is_whole_and_right, settled


@pytest.fixture
def swept(driven):
    """A session in whose run a range test was begun, and is computed."""
    driven.session.apply(edits.toggle_range_test)
    return driven.finish()


def test_a_range_test_is_played_from_its_start(swept):
    session = swept.session
    assert session.state.experiment.schedule == RangeTest()
    assert session.player.playback.playing
    assert session.player.playback.speed == 16.0
    swept.tick(1.0)
    assert 0 < session.player.frame.step <= 4 * 16
    assert "rates" in session.player.frame.pictures
    swept.tick(10.0)
    assert session.player.frame.step == session.state.experiment.steps
    assert not session.player.playback.playing
    assert is_whole_and_right(swept)


def test_it_tests_the_recipe_as_it_stands(driven):
    driven.session.apply(edits.set_optimizer, "momentum", {"momentum": 0.5})
    driven.session.apply(edits.change, start=(1.0, 2.0))
    before = driven.finish().session.state.experiment
    driven.session.apply(edits.toggle_range_test)
    driven.finish()
    assert driven.session.state.experiment == as_range_test(before, RangeTest())


def test_it_ends_where_it_began(swept):
    before = swept.session.state.scenario.experiment
    swept.session.apply(edits.toggle_range_test)
    swept.finish()
    session = swept.session
    assert session.state.experiment == before
    assert session.state.title == session.state.scenario.title
    assert session.player.frame.step == 0
    assert not session.player.playback.playing
    assert session.player.playback.speed == 1.0
    assert "rates" not in session.player.frame.pictures


def test_taking_a_rate_restores_the_length_of_the_run(swept):
    swept.session.apply(edits.adopt_rate, 0.17)
    swept.finish()
    assert swept.session.state.experiment == replace(swept.session.state.scenario.experiment, schedule=Constant(0.17))
    assert swept.notices[-1] == "back to the run; W shows the range test again"
    assert is_whole_and_right(swept)


def test_a_moved_slider_ends_it_too(swept):
    swept.session.set_learning_rate(0.3)
    swept.finish()
    assert swept.session.state.experiment.schedule == Constant(0.3)


def test_without_a_range_test_no_rate_is_taken(driven):
    before = driven.session.state.experiment
    driven.session.apply(edits.adopt_rate, 0.17)
    assert driven.session.state.experiment is before


@pytest.mark.parametrize(
    "change",
    [
        lambda session: session.apply(edits.change, start=(2.0, 2.0)),
        lambda session: session.apply(edits.set_optimizer, "nesterov", {"momentum": 0.9}),
        lambda session: session.apply(edits.set_precision, "float64"),
        lambda session: session.set_problem("two-wells"),
    ],
)
def test_a_changed_experiment_is_tested_anew_to_its_end(swept, change):
    change(swept.session)
    swept.finish()
    experiment = swept.session.state.experiment
    start, end = default_range(experiment.problem, experiment.precision)
    assert experiment == as_range_test(experiment, RangeTest(start, end))
    assert is_whole_and_right(swept)


def test_after_another_problem_the_rate_is_one_that_suits_it(swept):
    swept.session.set_problem("two-wells")
    swept.session.apply(edits.toggle_range_test)
    assert swept.finish().session.state.experiment.schedule == Constant(TwoWells.suggested_learning_rate)


def test_its_number_of_steps_follows_from_its_rates(swept):
    before = swept.session.state.experiment
    swept.session.apply(edits.set_steps, 50)
    assert swept.session.state.experiment is before
    assert swept.notices[-1].startswith("steps: a range test takes one for each rate")


def test_its_settings_are_kept_for_the_next_time(swept):
    wanted = RangeTest(0.01, 5.0, 50, fresh_steps=3)
    swept.session.apply(edits.set_range_test, wanted)
    assert swept.finish().session.state.experiment.schedule == wanted
    assert swept.session.player.playback.playing
    swept.session.apply(edits.toggle_range_test)
    swept.finish()
    swept.session.apply(edits.toggle_range_test)
    assert swept.finish().session.state.experiment.schedule == wanted


def test_settings_with_which_it_cannot_be_are_said_and_not_kept(swept):
    swept.session.apply(edits.set_range_test, RangeTest(1e-60, 1.0, 20))
    assert "float32" in swept.notices[-1]
    assert swept.session.state.experiment.schedule == RangeTest()
    swept.session.apply(edits.toggle_range_test)
    swept.finish()
    swept.session.apply(edits.toggle_range_test)
    assert swept.finish().session.state.experiment.schedule == RangeTest()


def test_its_title_says_what_it_is(swept):
    assert swept.session.player.frame.header.title == "Range test: Linear regression"


def test_leaving_it_returns_to_the_step_it_was_begun_at(driven):
    driven.at(57).session.apply(edits.toggle_range_test, 57)
    driven.finish().session.apply(edits.toggle_range_test, 120)
    assert driven.finish().session.player.frame.step == 57
    driven.session.apply(edits.toggle_range_test, 57)
    driven.finish().session.apply(edits.adopt_rate, 0.17)
    assert driven.finish().session.player.frame.step == 0, "another run is seen from its start"


def other_data(session):
    session.apply(data_edits.set_data, DataSettings(x_range=(0.0, 1000.0)))


def in_sums(session):
    session.apply(edits.set_reduction, "sum")


@pytest.mark.parametrize("change", [other_data, in_sums, lambda session: session.set_problem("rosenbrock")])
@pytest.mark.parametrize("is_shown", [True, False])
def test_default_rates_follow_what_is_tested(driven, change, is_shown):
    session = driven.session
    if is_shown:
        session.apply(edits.toggle_range_test)
        driven.finish()
    change(session)
    settled(driven)
    if not is_shown:
        session.apply(edits.toggle_range_test)
    experiment = driven.finish().session.state.experiment
    ends = default_range(experiment.problem, experiment.precision)
    assert ends != (RangeTest.start, RangeTest.end)
    assert experiment == as_range_test(experiment, RangeTest(*ends))
    assert session.state.range_test == experiment.schedule
    for _ in range(2):
        session.undo()
        settled(driven)
    assert session.state.range_test == RangeTest()


@pytest.mark.parametrize("change", [other_data, in_sums])
def test_chosen_rates_stay(swept, change):
    swept.session.apply(edits.set_range_test, RangeTest(1e-9, 10.0))
    change(swept.session)
    assert settled(swept).session.state.experiment.schedule == RangeTest(1e-9, 10.0)


def test_what_becomes_of_its_suggestions_is_computed_when_it_is_recorded(swept):
    session, deadline = swept.session, time.monotonic() + 10
    while session.runs.trials is None or not session.runs.trials.is_complete:
        assert time.monotonic() < deadline
        threading.Event().wait(0.002)
        swept.tick()
    session.player.seek_end()
    suggested = session.player.frame.pictures["suggestions"].suggestions
    assert [one.name for one in suggested if one.warning == DIVERGES] == ["minimum"]
    assert is_whole_and_right(swept)
    session.apply(edits.toggle_range_test)
    assert session.runs.trials is None


def test_a_range_test_scenario_has_no_run_to_return_to(drive):
    driven = drive(load_scenario("range-test")).finish()
    assert not driven.session.player.playback.playing
    assert driven.session.player.playback.speed == 16.0
    assert "rates" in driven.session.player.frame.pictures
    driven.session.apply(edits.toggle_range_test)
    assert driven.session.player.playback.speed == 1.0
    experiment = driven.finish().session.state.experiment
    assert experiment.schedule == Constant(experiment.problem.suggested_learning_rate)
    assert experiment.steps == DEFAULT_STEPS
    driven.session.apply(edits.toggle_range_test)
    assert driven.finish().session.state.experiment.schedule == driven.session.state.scenario.experiment.schedule


def test_another_scenario_is_played_as_fast_as_before(swept, drive):
    swept.session.apply(edits.toggle_range_test)
    swept.session.player.set_speed(2.0)
    swept.session.apply(edits.toggle_range_test)
    assert swept.session.player.playback.speed == 16.0
    swept.session.open(load_scenario("best"))
    assert swept.finish().session.player.playback.speed == 2.0


def test_it_takes_the_place_of_the_formula_and_the_tape(driven):
    driven.session.set_look(switched_on=frozenset({"formula"}), tape=TapeLook())
    driven.session.apply(edits.toggle_range_test)
    assert "formula" not in driven.finish().session.player.frame.pictures
    assert "tape" not in driven.session.player.frame.pictures


# The run of a cell of the map


def test_a_cell_is_the_run_with_that_rate_at_that_step(driven):
    driven.session.show_run(0.25, 40)
    session = driven.finish().session
    assert session.state.experiment == replace(session.state.scenario.experiment, schedule=Constant(0.25))
    assert session.player.frame.step == 40
    assert is_whole_and_right(driven)


def test_a_cell_beyond_the_end_makes_the_run_longer(driven):
    driven.session.show_run(0.9, 1000)
    session = driven.finish().session
    assert session.state.experiment.steps == 1000
    assert session.player.frame.step == 1000
    assert is_whole_and_right(driven)


def test_a_cell_of_the_run_that_is_shown_costs_no_new_run(driven):
    recording = driven.session.runs.live
    driven.session.show_run(0.9, 77)
    assert driven.session.runs.live is recording
    assert driven.session.player.frame.step == 77


def test_a_cell_during_a_range_test_is_of_the_run_before(swept):
    swept.session.show_run(0.25, 40)
    session = swept.finish().session
    assert session.state.experiment == replace(session.state.scenario.experiment, schedule=Constant(0.25))
    assert session.player.playback.speed == 1.0
    assert session.player.frame.step == 40


def test_a_cell_that_cannot_be_is_said_and_what_was_there_stays(driven):
    before = driven.session.state.experiment
    driven.session.show_run(1e300, 50)
    assert driven.session.state.experiment is before
    assert "too large for float32" in driven.notices[-1]


# The maps


def test_a_map_replaces_the_landscape_and_gives_it_back(driven):
    session = driven.session
    session.set_look(pane="contour")
    session.apply(edits.toggle_pane, "map")
    assert "map" in session.player.frame.pictures
    session.apply(edits.toggle_pane, "map")
    assert session.state.look.pane == "contour"
    assert "map" not in session.player.frame.pictures


def test_a_map_that_there_is_not_is_said(driven):
    driven.session.apply(edits.toggle_pane, "basins")
    assert driven.session.state.look.pane == "surface"
    assert "single minimum" in driven.notices[-1]


def test_a_problem_without_that_map_shows_the_landscape(drive):
    driven = drive(load_scenario("two-wells")).finish()
    driven.session.apply(edits.toggle_pane, "basins")
    assert "basins" in driven.session.player.frame.pictures
    driven.session.set_problem("linear-regression")
    driven.finish()
    assert driven.session.state.look.pane == "surface"
    assert "basins" not in driven.session.player.frame.pictures


def test_the_map_comes_while_nothing_else_happens(drive, qtbot):
    driven = drive(load_scenario("two-wells")).finish()
    driven.session.apply(edits.toggle_pane, "basins")
    assert driven.ticking
    qtbot.waitUntil(lambda: not driven.session.charts.is_busy, timeout=20_000)
    driven.tick()
    chart = driven.session.player.scene().chart
    assert chart.is_complete
    assert driven.session.player.frame is driven.frames[-1]
    assert not driven.ticking


@pytest.mark.parametrize("told", [("too many points", ""), ("", "Traceback")])
def test_why_there_is_no_map_is_said(driven, monkeypatch, told):
    refusal, error = told
    monkeypatch.setattr(driven.session.charts, "take", lambda: Outcome(refusal=refusal, error=error))
    driven.tick()
    assert (driven.notices[-1:], driven.failures) == ([refusal] if refusal else [], [error] if error else [])
