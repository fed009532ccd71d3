"""Schedules that follow the losses or set the momentum, in a session: everything that one can do to a run."""

from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.analysis.rate_limit import stability_limit
from gdviz.core.descent.manual_changes import PiecewiseConstant
from gdviz.core.descent.optimizers import Momentum
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest, fitted_settings, make_schedule
from gdviz.core.problems.problem import curvature
from gdviz.core.scenarios.library import load_scenario
from gdviz.core.scenarios.races import RACE_RATES
from gdviz.core.scenarios.scenario import Scenario, read_scenario, write_scenario
from gdviz.session import edits
from tests.recordings import LECTURE, lecture, same_columns
from tests.seams import Cycle, Plateau
from tests.session.driving import is_whole_and_right, settled

pytestmark = pytest.mark.usefixtures("further_schedules")

FACTOR_HALF = {"factor": 0.5, "patience": 3}
WORDS = f"schedule {Plateau.title.lower()}"


@pytest.fixture
def plateau(driven):
    """A session whose run was given the schedule, computed."""
    driven.session.apply(edits.set_schedule, "plateau", FACTOR_HALF)
    return driven.finish()


@pytest.fixture
def cycle(drive):
    """A session with a schedule that sets the momentum, computed."""
    return drive(Scenario("C", lecture(0.1, schedule=Cycle(0.1), optimizer=Momentum()))).finish()


def schedule(driven):
    return driven.session.state.experiment.schedule


def test_it_is_chosen_and_undone_by_its_name(plateau):
    session = plateau.session
    assert session.state.experiment.schedule == Plateau(0.9)
    assert is_whole_and_right(plateau)
    assert session.timeline.undo_name == WORDS
    assert session.state.title == "Point nine (changed)"
    session.apply(edits.set_schedule, "plateau", {"factor": 0.5, "patience": 7})
    assert session.timeline.undo_name == "patience 7"
    session.apply(edits.set_schedule, "constant", {})
    assert session.timeline.undo_name == "schedule constant"
    for _ in range(3):
        session.undo()
    assert (session.state.experiment.schedule, session.state.title) == (Constant(0.9), "Point nine")
    session.redo()
    assert session.state.experiment.schedule == Plateau(0.9)


def test_the_slider_moves_the_rate_of_the_schedule(plateau):
    session = plateau.at(200).session
    assert plateau.session.runs.live.learning_rates[-1] < 0.9
    assert session.controls().learning_rate == 0.9
    session.scale_learning_rate(0.5)
    assert schedule(plateau.finish()) == Plateau(0.45)
    assert session.controls().learning_rate == 0.45
    assert session.timeline.undo_name == "learning rate 0.45"
    assert is_whole_and_right(plateau)


def test_from_a_step_on_a_rate_takes_the_place_of_the_schedule(plateau):
    session = plateau.at(40).session
    before = session.runs.live
    session.apply(edits.set_changes_from_here, True)
    assert session.controls().learning_rate == float(before.learning_rates[40])
    session.set_learning_rate(0.05)
    plateau.finish()
    assert schedule(plateau) == PiecewiseConstant(Plateau(0.9), ((40, 0.05),))
    np.testing.assert_array_equal(session.runs.live.losses[:41], before.losses[:41])
    assert (session.runs.live.learning_rates[40:] == np.float32(0.05)).all()
    assert plateau.notices[-1] == "learning rate 0.05 from step 40 on"
    assert is_whole_and_right(plateau)
    session.apply(edits.set_schedule, "plateau", {"factor": 0.25, "patience": 3})
    assert schedule(plateau) == PiecewiseConstant(Plateau(0.9, 0.25), ((40, 0.05),))
    session.apply(edits.set_changes_from_here, False)
    session.set_learning_rate(0.3)
    assert schedule(plateau) == Plateau(0.3, 0.25)


def test_while_it_plays_the_rate_in_force_is_shown(plateau):
    session = plateau.at(0).session
    session.player.toggle_play()
    plateau.tick(1.0)
    step = session.target_step
    assert session.controls().learning_rate == float(session.runs.live.learning_rates[step])


def test_it_is_pinned_and_raced(plateau):
    session = plateau.session
    session.apply(edits.pin)
    session.apply(edits.set_schedule, "constant", {})
    plateau.finish()
    assert session.controls().pinned == (WORDS,)
    legend = session.player.frame.legend
    assert (legend.title, [entry.text for entry in legend.entries]) == (
        "schedule",
        [Plateau.title.lower(), "constant"],
    )
    session.apply(edits.unpin_all)
    session.apply(edits.set_schedule, "plateau", FACTOR_HALF)
    session.apply(edits.race)
    while session.runs.is_computing:
        plateau.finish().tick()
    runs = [session.state.experiment, *(run for run, _ in session.state.pinned)]
    assert sorted(run.schedule.base_rate for run in runs) == list(RACE_RATES)
    assert {type(run.schedule) for run in runs} == {Plateau}
    assert [entry.text for entry in session.player.frame.legend.entries] == ["0.01", "0.1", "0.7", "0.9"]


def test_a_range_test_goes_back_to_the_schedule(plateau):
    session = plateau.session
    session.apply(edits.toggle_range_test)
    assert schedule(plateau.finish()) == RangeTest()
    refused = len(plateau.notices)
    session.apply(edits.set_schedule, "constant", {})
    assert plateau.notices[refused] == "schedule: a range test sets the rate itself; end it first (W)"
    session.apply(edits.toggle_range_test)
    assert schedule(plateau.finish()) == Plateau(0.9)
    session.apply(edits.toggle_range_test)
    session.apply(edits.adopt_rate, 0.2)
    assert schedule(plateau.finish()) == Plateau(0.2)
    assert session.timeline.undo_name == "learning rate 0.2 (Halve on plateau)"


def test_another_problem_keeps_the_schedule(plateau):
    plateau.session.set_problem("rosenbrock")
    assert schedule(plateau.finish()) == Plateau(0.001)
    assert is_whole_and_right(plateau)


def test_the_map_is_of_constant_rates_and_says_so(plateau):
    session = plateau.at(200).session
    session.apply(edits.toggle_pane, "map")
    settled(plateau)
    frame = session.player.frame
    assert "the colours are of constant rates" in frame.pictures["map"].outside
    assert frame.pictures["map"].runs[0].current[0] == pytest.approx(np.log10(session.runs.live.learning_rates[-1]))
    session.show_run(0.3, 20)
    assert schedule(plateau.finish()) == Constant(0.3)


def test_the_map_of_starts_is_of_the_schedule(drive):
    run = load_scenario("two-wells").experiment
    rate = run.schedule.constant_rate
    driven = drive(Scenario("B", replace(run, schedule=Plateau(rate), steps=40))).finish()
    driven.session.apply(edits.toggle_pane, "basins")
    while driven.session.charts.is_busy:
        driven.tick()
    assert driven.session.charts.chart.is_complete
    assert driven.session.charts.chart.experiment.schedule == Plateau(rate)
    driven.session.player.show()
    assert "basins" in driven.session.player.frame.pictures


def test_the_momentum_of_the_schedule_counts(cycle):
    session = cycle.at(100).session
    at = session.state.experiment.optimizer_at(100)
    assert at == Momentum(Cycle(0.1).momentum(100))
    largest = curvature(LECTURE, LECTURE.start).largest
    assert session.controls().zones.limit == stability_limit(session.state.experiment.at(100), largest)
    assert session.controls().zones.limit == pytest.approx(at.stability_limit(largest))
    session.apply(edits.toggle_pane, "map")
    settled(cycle)
    assert "the colours are of constant rates and a momentum of 0.9" in session.player.frame.pictures["map"].outside
    assert is_whole_and_right_but_for_maps(cycle)


def is_whole_and_right_but_for_maps(driven):
    return same_columns(driven.session.runs.live, record(driven.session.state.experiment)) and driven.failures == []


def test_a_rule_without_momentum_is_refused_in_words(cycle):
    cycle.session.apply(edits.set_optimizer, "gd", {})
    assert cycle.notices[-1] == "schedule: cycle sets the momentum; choose an optimizer that has one"
    assert cycle.session.state.experiment.optimizer == Momentum()


def test_ghost_formula_and_tape_go_with_it(cycle, plateau):
    for driven in (cycle, plateau):
        session = driven.at(50).session
        session.set_look(ghost=True, switched_on=frozenset({"formula"}))
        frame = session.player.frame
        assert frame.landscape.paths[0].ghost is not None
        assert frame.pictures["formula"].learning_rate == session.runs.live.rate_at(50)
        assert frame.header.counter == "step 50 / 200"


def test_it_is_saved_as_it_stands(plateau, tmp_path):
    session = plateau.session
    session.apply(edits.pin)
    session.set_learning_rate(0.5)
    saved = session.state.as_scenario()
    write_scenario(saved, tmp_path / "a.toml")
    read = read_scenario(tmp_path / "a.toml")
    assert (read.experiment, read.others) == (saved.experiment, saved.others)
    session.open(read)
    assert schedule(plateau.finish()) == Plateau(0.5)


def test_a_range_test_is_left_for_the_cycle_also_with_another_rule(drive):
    settings = fitted_settings("one-cycle", {}, Constant(0.1), 60, True)
    cycling = make_schedule("one-cycle", 0.1, settings)
    driven = drive(Scenario("C", lecture(0.1, schedule=cycling, optimizer=Momentum(), steps=60))).finish()
    driven.session.apply(edits.toggle_range_test, 0)
    driven.session.apply(edits.set_optimizer, "adam", {})
    driven.session.apply(edits.toggle_range_test, 0)
    assert not driven.session.state.is_range_test
    assert driven.session.state.experiment.schedule == replace(cycling, cycle_momentum=False)
