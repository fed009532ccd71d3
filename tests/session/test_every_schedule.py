"""Every schedule in a session: chosen, undone, warmed up, seen as a ghost, raced, saved, and drawn on maps."""

import pytest

from gdviz.core.descent.schedules import Constant, fitted_settings, make_schedule, selectable_schedules, settings_of
from gdviz.core.scenarios.races import RACE_RATES
from gdviz.core.scenarios.scenario import read_scenario, write_scenario
from gdviz.session import edits
from tests.session.driving import is_whole_and_right, settled

NAMES = [name for name in selectable_schedules() if name != "constant"]
each = pytest.mark.parametrize("name", NAMES)


@each
@pytest.mark.parametrize("optimizer", ["gd", "momentum"])
def test_it_is_chosen_warmed_up_and_undone(driven, name, optimizer):
    session = driven.session
    session.apply(edits.set_optimizer, optimizer, {})
    session.apply(edits.set_schedule, name, {})
    driven.finish()
    settings = fitted_settings(name, {}, Constant(0.9), 200, optimizer == "momentum")
    chosen = make_schedule(name, 0.9, settings)
    assert session.state.experiment.schedule == chosen
    assert is_whole_and_right(driven)
    assert session.player.frame.pictures["loss"].rates is not None
    session.apply(edits.set_schedule, name, settings_of(chosen) | {"warmup_steps": 10})
    assert is_whole_and_right(driven.finish())
    assert session.timeline.undo_name
    session.undo()
    assert session.state.experiment.schedule == chosen
    session.undo()
    assert session.state.experiment.schedule == Constant(0.9)
    assert driven.finish().session.player.frame.pictures["loss"].rates is None


@each
def test_ghost_formula_maps_race_and_file_go_with_it(driven, name, tmp_path):
    session = driven.session
    session.apply(edits.set_schedule, name, {"warmup_steps": 5})
    session.set_learning_rate(0.3)
    driven.finish().at(50)
    session.set_look(ghost=True, switched_on=frozenset({"formula"}))
    frame = session.player.frame
    assert frame.landscape.paths[0].ghost is not None
    assert frame.pictures["formula"].learning_rate == session.runs.live.rate_at(50)
    session.apply(edits.toggle_pane, "map")
    settled(driven)
    assert "the colours are of constant rates" in session.player.frame.pictures["map"].outside
    session.apply(edits.race)
    while session.runs.is_computing:
        driven.finish().tick()
    runs = [session.state.experiment, *(run for run, _ in session.state.pinned)]
    assert sorted(run.schedule.base_rate for run in runs) == pytest.approx(list(RACE_RATES))
    assert {run.schedule.name for run in runs} == {name}
    saved = session.state.as_scenario()
    write_scenario(saved, tmp_path / "a.toml")
    read = read_scenario(tmp_path / "a.toml")
    assert (read.experiment, read.others) == (saved.experiment, saved.others)


def test_a_drag_of_a_handle_is_one_edit(driven):
    session = driven.session
    session.apply(edits.set_schedule, "free", {"points": ((0, 0.1), (100, 0.5), (200, 0.2))})
    before = driven.finish().session.state
    session.timeline.begin_drag()
    for step in (90, 80, 70):
        session.apply(edits.drag_handle, 1, step, step / 100)
    session.timeline.end_drag()
    assert session.state.experiment.schedule.handles == ((0, 0.1), (70, 0.7), (200, 0.2))
    assert is_whole_and_right(driven.finish())
    assert session.timeline.undo_name == "learning rates"
    session.undo()
    assert session.state.experiment == before.experiment


@pytest.mark.parametrize("steps", [300, 120])
@pytest.mark.parametrize(
    ("name", "key"), [("one-cycle", "total_steps"), ("polynomial", "total_steps"), ("cosine", "t_max")]
)
@pytest.mark.parametrize("warming", [0, 20])
def test_a_schedule_as_long_as_the_run_stays_as_long(driven, name, key, warming, steps):
    session = driven.session
    session.apply(edits.set_schedule, name, {"warmup_steps": warming})
    before = session.state.experiment.with_learning_rate(0.05, 30)
    session.apply(edits.with_experiment, before)
    assert settings_of(before.schedule.base)[key] == 200 - warming
    session.apply(edits.set_steps, steps)
    after = driven.finish().session.state.experiment
    assert (settings_of(after.schedule.base)[key], after.steps) == (steps - warming, steps)
    assert after.schedule.changes == ((30, 0.05),)
    assert after.schedule.base == make_schedule(name, 0.9, settings_of(before.schedule.base) | {key: steps - warming})
    assert session.timeline.undo_name == f"{steps} steps"
    session.undo()
    assert session.state.experiment == before


def test_a_length_of_its_own_stays_and_is_not_left_behind_by_a_longer_run(driven):
    session = driven.session
    session.apply(edits.set_schedule, "one-cycle", {"total_steps": 250})
    session.apply(edits.set_steps, 300)
    assert driven.notices[-1] == "steps: this one-cycle has at most 250; use no more, or a longer schedule"
    assert session.state.experiment.steps == 200
    session.apply(edits.set_steps, 240)
    assert is_whole_and_right(driven.finish())
    assert session.state.experiment.schedule.total_steps == 250
    session.apply(edits.set_steps, 3)
    assert session.state.experiment.steps == 3
