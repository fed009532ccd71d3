import threading
from dataclasses import replace

import pytest

from gdviz.core.descent.optimizers import Momentum
from gdviz.core.descent.recording import record
from gdviz.core.scenarios.library import load_scenario
from gdviz.core.scenarios.scenario import Scenario, read_scenario, write_scenario
from gdviz.presentation.legend import LegendEntry
from gdviz.session import edits
from tests.recordings import lecture, same_columns
from tests.session.driving import LONG, MANY_ROWS, SCENARIO, pinned_of

pytestmark = pytest.mark.unmeasured  # dear to measure; what it meets is met elsewhere

FULL = "four runs at most; unpin one first (menu Run, Unpin one run), or all of them (Shift+P)"
OTHER = "runs of different problems cannot share a surface; unpin them first (Shift+P)"


def shown(driven):
    """The styles and texts of the runs that are shown, by the legend; and the styles of the paths, live one first."""
    frame = driven.session.player.frame
    return {entry.style: entry.text for entry in frame.legend.entries}, [path.style for path in frame.landscape.paths]


def changed(driven, rate):
    driven.session.set_learning_rate(rate)
    return driven.finish()


def pinned_at(driven, *rates):
    for rate in rates:
        driven.session.apply(edits.pin)
        changed(driven, rate)
    return driven


def test_a_pinned_run_stays_beside_the_changed_one(driven):
    driven.at(7).session.apply(edits.pin)
    assert shown(driven) == ({}, [0])  # until something is changed there is but one run
    changed(driven, 0.1)
    assert shown(driven) == ({0: "0.9", 1: "0.1"}, [1, 0])
    assert driven.session.player.frame.legend.live == 1
    assert driven.session.player.frame.step == 7
    assert driven.session.controls().pinned == ("learning rate 0.9",)


def test_the_same_recipe_is_shown_once_and_in_its_style(driven):
    pinned_at(driven, 0.1, 0.7)
    changed(driven, 0.9)
    assert shown(driven) == ({0: "0.9", 1: "0.1"}, [0, 1])
    changed(driven, 0.3)
    assert shown(driven) == ({0: "0.9", 1: "0.1", 2: "0.3"}, [2, 0, 1])


def test_a_fourth_pin_is_refused_and_what_is_there_stays(driven):
    pinned_at(driven, 0.1, 0.7, 0.3)
    driven.session.apply(edits.pin)
    assert driven.notices[-1] == FULL
    assert shown(driven) == ({0: "0.9", 1: "0.1", 2: "0.7", 3: "0.3"}, [3, 0, 1, 2])
    driven.session.apply(edits.unpin, 1)
    assert driven.notices[-1] == "unpinned: learning rate 0.1"
    assert shown(driven)[0] == {0: "0.9", 2: "0.7", 3: "0.3"}
    pinned_at(driven, 0.5)
    assert shown(driven)[0] == {0: "0.9", 1: "0.5", 2: "0.7", 3: "0.3"}  # the style that was free


def test_the_same_run_is_pinned_once(driven):
    driven.session.apply(edits.pin)
    driven.session.apply(edits.pin)
    assert driven.notices[-1] == "this run is already pinned; change something to compare it with"
    assert driven.session.controls().pinned == ("this run",)


def test_other_problems_and_data_are_explained_and_not_taken(driven):
    driven.session.apply(edits.pin)
    before = driven.session.state.experiment
    driven.session.set_problem("rosenbrock")
    assert driven.notices[-1] == OTHER
    assert driven.session.state.experiment is before
    driven.session.apply(edits.unpin_all)
    driven.session.set_problem("rosenbrock")
    assert driven.session.state.experiment.problem.name == "rosenbrock"


def test_a_range_test_hides_the_pinned_runs_meanwhile(driven):
    pinned_at(driven, 0.1)
    driven.session.apply(edits.toggle_range_test)
    driven.finish().tick()
    assert shown(driven) == ({}, [0])
    for refused in (edits.pin, edits.race):
        driven.session.apply(refused)
        assert driven.notices[-1].startswith("a range test cannot ")
    driven.session.apply(edits.adopt_rate, 0.168)
    driven.finish()
    assert shown(driven) == ({0: "0.9", 1: "0.168"}, [1, 0])


def test_it_plays_to_the_end_of_the_longest_run(driven):
    driven.session.apply(edits.pin)
    driven.session.apply(edits.set_steps, 50)
    driven.finish()
    assert driven.session.controls().end == driven.session.controls().last_step == 200
    driven.session.player.toggle_play()
    driven.session.player.set_speed(64.0)
    driven.tick(0.5)
    assert driven.session.player.frame.header.counter == "step 128 / 200"
    assert len(driven.session.player.frame.pictures["loss"].curves[0].steps) == 51  # it stands at its end
    driven.tick(30.0)
    assert (driven.session.player.playback.step, driven.session.player.playback.playing) == (200, False)
    driven.session.apply(edits.unpin_all)
    assert (driven.session.player.frame.step, driven.session.player.frame.header.counter) == (50, "step 50 / 50")
    assert driven.session.player.frame.legend.live == 0
    driven.session.apply(edits.unpin_all)
    assert driven.notices[-1] == "no run is pinned"


def test_a_run_that_is_pinned_while_it_is_computed_is_finished(drive):
    scenario = replace(SCENARIO, experiment=lecture(0.1, problem=MANY_ROWS, steps=4000))
    driven = drive(scenario)
    driven.session.apply(edits.pin)
    driven.session.set_learning_rate(0.2)
    (pinned,) = pinned_of(driven.session)
    while driven.session.runs.is_computing:
        driven.tick()
    assert same_columns(pinned, record(scenario.experiment))
    assert same_columns(driven.session.runs.live, record(driven.session.state.experiment))


def test_runs_that_are_still_computed_are_waited_for(drive):
    driven = drive(LONG)
    driven.session.apply(edits.pin)
    driven.session.apply(edits.change, steps=5)
    driven.session.runs.runner.channel.finished.wait(5)
    driven.tick()
    (pinned,) = pinned_of(driven.session)
    assert driven.session.runs.live.is_complete
    assert driven.session.runs.last_step == pinned.last_step < LONG.experiment.steps
    driven.session.stop_computing()
    assert driven.notices[-1].endswith("of 40,000 steps of the longest run")
    assert not driven.session.runs.is_computing
    driven.session.player.toggle_play()
    driven.session.player.set_speed(float("inf"))
    driven.tick()
    driven.tick(1.0)
    assert driven.session.player.playback.step == pinned.last_step


def test_a_failure_in_a_pinned_run_is_told(driven):
    def fail(experiment, begin):
        raise RuntimeError("no such luck")
        yield

    driven.session.runs.descend = fail
    driven.session.apply(edits.race)
    while driven.session.runs.is_computing:
        driven.tick()
    assert "no such luck" in driven.failures[-1]


@pytest.mark.parametrize(("rate", "style"), [(0.1, 1), (0.5, 3)])
def test_a_race_with_one_click(driven, rate, style):
    changed(driven, rate)
    driven.session.apply(edits.set_optimizer, "momentum", {"momentum": 0.5})
    driven.at(20).session.apply(edits.race)
    assert driven.session.player.playback.playing
    while driven.session.runs.is_computing:
        driven.tick()
    assert shown(driven)[0] == {0: "0.01", 1: "0.1", 2: "0.7", 3: "0.9"}
    assert driven.session.player.frame.legend.live == style
    assert driven.session.player.frame.step == 0
    for pinned in pinned_of(driven.session):
        assert same_columns(pinned, record(pinned.experiment))
        assert pinned.experiment.optimizer == Momentum(0.5)
    driven.session.apply(edits.race)  # once more: the same runs
    driven.session.apply(edits.pin)
    assert driven.notices[-1] == FULL


RACE = Scenario("Race", lecture(0.1), others=(lecture(0.7), lecture(0.9)))


def test_a_scenario_brings_its_runs_and_reset_brings_them_back(drive):
    driven = drive(RACE)
    while driven.session.runs.is_computing:
        driven.tick()
    assert shown(driven) == ({0: "0.1", 1: "0.7", 2: "0.9"}, [0, 1, 2])
    assert driven.session.state.title == "Race"
    driven.session.apply(edits.unpin, 0)
    assert driven.session.state.title == "Race (changed)"
    changed(driven, 0.3)
    driven.session.reset()
    while driven.session.runs.is_computing:
        driven.tick()
    assert shown(driven) == ({0: "0.1", 1: "0.7", 2: "0.9"}, [0, 1, 2])
    assert driven.session.state.title == "Race"
    driven.session.open(SCENARIO)
    driven.finish()
    assert shown(driven) == ({}, [0])


def test_the_runs_are_saved_with_the_scenario(driven, tmp_path):
    pinned_at(driven, 0.1)
    driven.session.apply(edits.change, start=(1.0, 0.5))
    driven.session.apply(edits.pin)
    write_scenario(driven.session.state.as_scenario(), tmp_path / "mine.toml")
    again = read_scenario(tmp_path / "mine.toml")
    assert again == replace(SCENARIO, experiment=driven.session.state.experiment, others=(lecture(0.9),), styles=(1, 0))


def test_a_saved_race_keeps_its_colours_and_its_live_run(driven, drive, tmp_path):
    driven.session.apply(edits.race)
    while driven.session.runs.is_computing:
        driven.tick()
    driven.session.apply(edits.unpin, 1)  # a colour is free now, between the others
    before = shown(driven)
    assert before == ({0: "0.01", 2: "0.7", 3: "0.9"}, [3, 0, 2])
    write_scenario(driven.session.state.as_scenario(), tmp_path / "mine.toml")
    again = drive(read_scenario(tmp_path / "mine.toml"))
    while again.session.runs.is_computing:
        again.tick()
    assert shown(again) == before
    assert again.session.state.experiment == driven.session.state.experiment
    again.session.reset()
    while again.session.runs.is_computing:
        again.tick()
    assert shown(again) == before


def test_beside_other_runs_the_title_says_that_it_is_changed(driven):
    driven.session.apply(edits.race)  # of which 0.9 is the run of the scenario
    while driven.session.runs.is_computing:
        driven.tick()
    assert driven.session.state.experiment == SCENARIO.experiment
    assert driven.session.state.title == driven.session.player.frame.header.title == "Point nine (changed)"
    driven.session.apply(edits.unpin_all)
    assert driven.session.state.title == SCENARIO.title


def test_the_shipped_race_is_shown_in_its_order(drive):
    driven = drive(load_scenario("race"))
    while driven.session.runs.is_computing:
        driven.tick()
    driven.session.player.seek_end()
    rates = ("0.01", "0.1", "0.7", "0.9")
    assert driven.session.player.frame.legend.entries == tuple(map(LegendEntry, range(4), rates))


def test_a_run_equal_to_a_pinned_one_leaves_no_thread(drive):
    driven = drive(LONG)
    driven.session.apply(edits.pin)
    for rate in (0.2, 0.1, 0.3):  # 0.1 is the pinned one's
        driven.session.set_learning_rate(rate)
    descents = [thread for thread in threading.enumerate() if thread.name == "gdviz descent"]
    assert len(descents) <= 2
    driven.session.stop_computing()
