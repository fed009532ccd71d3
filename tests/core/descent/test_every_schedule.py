"""What every schedule that a run can use carries through the core, with and without a warm-up and a momentum."""

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.core.analysis.basins import basin_map
from gdviz.core.descent.checkpoint import Checkpoint, start
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import learning_rates, walk
from gdviz.core.descent.manual_changes import PiecewiseConstant, with_rate_from, with_settings
from gdviz.core.descent.optimizers import GradientDescent, Momentum, Nesterov, make_optimizer
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import (
    Constant,
    fitted_settings,
    make_schedule,
    schedule_settings,
    selectable_schedules,
    settings_of,
)
from gdviz.core.descent.schedules.free import Free
from gdviz.core.descent.settings import SEQUENCES, sequence_from, text_of
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.scenarios.library import load_scenario
from gdviz.core.scenarios.races import Race, run_with_schedule
from gdviz.core.scenarios.scenario import Scenario, read_scenario, write_scenario
from gdviz.presentation.run_names import difference, schedule_words
from tests.recordings import LECTURE, lecture, same_columns

NAMES = sorted(selectable_schedules())
each = pytest.mark.parametrize("name", NAMES)
with_warm_up = pytest.mark.parametrize("given", [{}, {"warmup_steps": 12}], ids=["", "warm-up"])


def fitted(name, given=(), optimizer=GradientDescent(), rate=0.4, steps=120, **rest):  # noqa: B008 - frozen
    """A run of the lecture's problem with the schedule as one who chooses it gets it."""
    settings = fitted_settings(name, dict(given), Constant(rate), steps, optimizer.has_momentum)
    schedule = make_schedule(name, rate, settings)
    return lecture(rate, schedule=schedule, optimizer=optimizer, steps=steps, **rest)


@each
@with_warm_up
@pytest.mark.parametrize("optimizer", [GradientDescent(), Momentum()], ids=["gd", "momentum"])
def test_a_run_is_taken_up_again_bit_for_bit(name, given, optimizer):
    experiment = fitted(name, given, optimizer)
    whole = record(experiment)
    assert len(whole.losses) == 121
    assert whole.learning_rates[0] == np.float32(experiment.schedule.first_rate)
    for step in (0, 7, 63, 119):
        with np.errstate(all="ignore"):
            rates = learning_rates(experiment, step)
            ahead = [one.point for one in islice(walk(experiment, whole.checkpoint(step), rates), 2)]
        np.testing.assert_array_equal(ahead, whole.points[step : step + 2])


@each
def test_runs_side_by_side_are_those_alone(name):
    base = fitted(name, {"warmup_steps": 3}, Momentum(), steps=40)
    starts = [(0.0, -1.0), (2.0, 1.0), (-3.0, 0.5)]
    points, first = np.array(starts, np.float32).T, start(base, 3)
    with np.errstate(all="ignore"):
        begin = Checkpoint(0, points, first.state, base.schedule.init())
        beside = list(walk(base, begin, learning_rates(base)))
    for place, own in enumerate(starts):
        alone = record(replace(base, start=own))
        np.testing.assert_array_equal([step.point[:, place] for step in beside], alone.points)


@each
def test_a_map_of_starts_is_of_the_schedule(name):
    wells = load_scenario("two-wells").experiment
    rate = wells.schedule.constant_rate
    settings = fitted_settings(name, {}, wells.schedule, 40, False)
    run = replace(wells, schedule=make_schedule(name, rate, settings), steps=40)
    found = basin_map(run, run.problem.box, 3)
    firsts, seconds = found.box.grid(3)
    for i, first in enumerate(firsts):
        for j, second in enumerate(seconds):
            alone = record(replace(run, start=(float(first), float(second))))
            end, minimum = alone.points[-1], int(found.minimum[i, j])
            if minimum >= 0:
                assert np.hypot(*(end - run.problem.minima[minimum])) < 0.5


@each
@with_warm_up
def test_a_file_has_all_of_it(name, given, tmp_path):
    """As the run of the file, as a run beside it, and with manual changes."""
    own, other = fitted(name, given, Momentum()), fitted(name, given, Momentum(), rate=0.2)
    changed = own.with_learning_rate(0.05, 60)
    for scenario in (Scenario("T", own, others=(other, lecture(0.3, steps=120))), Scenario("T", changed)):
        write_scenario(scenario, tmp_path / "a.toml")
        assert read_scenario(tmp_path / "a.toml") == scenario


@each
def test_a_file_that_gives_the_name_alone_is_fitted_to_its_run(name, tmp_path):
    rate = "" if name == "free" else "learning_rate = 0.4\n"
    text = f'title = "T"\nsteps = 333\n[optimizer]\nname = "momentum"\n[schedule]\nname = "{name}"\n{rate}'
    (tmp_path / "a.toml").write_text(text)
    found = read_scenario(tmp_path / "a.toml").experiment
    usual = LECTURE.suggested_learning_rate if name == "free" else 0.4
    assert found.schedule == fitted(name, {}, Momentum(), rate=usual, steps=333).schedule


@each
def test_its_name_settings_and_rate_tell_it(name):
    experiment = fitted(name, {"warmup_steps": 9}, Momentum())
    schedule = experiment.schedule
    assert make_schedule(name, schedule.base_rate, settings_of(schedule)) == schedule
    assert "warm-up of 9 steps" in schedule_words(schedule)
    assert schedule_words(fitted(name).schedule).startswith(selectable_schedules()[name].title)
    halved = schedule.with_rate(schedule.base_rate / 2)
    assert halved.base_rate == pytest.approx(schedule.base_rate / 2)
    assert type(halved) is type(schedule)
    assert halved.first_rate == pytest.approx(schedule.first_rate / 2)


@each
def test_what_tells_two_runs_apart_is_told(name):
    plain, warmed = fitted(name), fitted(name, {"warmup_steps": 10})
    assert len({*difference([plain, warmed]).names}) == 2
    if name != "constant":
        assert len({*difference([plain, lecture(0.4, steps=120)]).names}) == 2
    assert not plain.is_same_run(warmed)


@each
def test_every_setting_is_typed_as_it_is_told(name):
    for setting in schedule_settings(name).values():
        if setting.kind in SEQUENCES:
            assert sequence_from(text_of(setting.default), setting.kind) == setting.default
        assert setting.default_text


@each
def test_manual_changes_stand_on_it(name):
    schedule = fitted(name, {"warmup_steps": 4}).schedule
    changed = with_rate_from(schedule, 30, 0.25)
    assert isinstance(changed, PiecewiseConstant)
    assert changed.last_step == schedule.last_step
    assert changed.title == schedule.title
    kept = with_settings(changed, name, settings_of(schedule))
    assert kept == changed
    assert same_columns(record(lecture(0.4, schedule=kept, steps=50)), record(lecture(0.4, schedule=changed, steps=50)))


@pytest.mark.parametrize(("warm_up", "last"), [(0, 100), (20, 120)])
def test_one_cycle_ends(warm_up, last):
    schedule = make_schedule("one-cycle", 0.1, {"total_steps": 100, "warmup_steps": warm_up})
    assert record(lecture(0.1, schedule=schedule, steps=last)).is_complete
    with pytest.raises(InputError) as caught:
        lecture(0.1, schedule=schedule, steps=last + 1)
    assert str(caught.value) == f"steps: this one-cycle has at most {last}; use no more, or a longer schedule"
    with pytest.raises(InputError, match="at most"):
        lecture(0.1, schedule=with_rate_from(schedule, 9, 0.2), steps=last + 1)


@pytest.mark.parametrize("name", ["cyclic", "one-cycle"])
def test_the_momentum_cycles_only_where_the_rule_has_one(name):
    assert fitted(name, {}, Momentum()).schedule.sets_momentum
    assert not fitted(name).schedule.sets_momentum
    with pytest.raises(InputError) as caught:
        fitted(name, {"cycle_momentum": True})
    instead = "turn cycle_momentum off, or choose an optimizer that has one"
    assert str(caught.value) == f"schedule: {name} sets the momentum; {instead}"


@with_warm_up
@pytest.mark.parametrize("name", ["cyclic", "one-cycle"])
def test_with_a_rule_that_has_no_momentum_only_the_rate_cycles(name, given):
    run = fitted(name, given, Momentum()).with_learning_rate(0.2, 90)
    after = run.with_optimizer(make_optimizer("adam", {}))
    assert not after.schedule.sets_momentum
    assert [after.schedule(step) for step in range(120)] == [run.schedule(step) for step in range(120)]
    assert run.with_optimizer(Nesterov()).schedule == run.schedule
    # As in a race of both.
    first, second = Race("optimizer", (("momentum", 0.1), ("adam", 0.2))).runs(fitted(name, {}, Momentum()))
    assert (first.schedule.sets_momentum, second.schedule.sets_momentum) == (True, False)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("one-cycle", {"total_steps": 10**400}),
        ("reduce-on-plateau", {"cooldown": 2**63}),
        ("step", {"step_size": 1e300}),
        ("multi-step", {"milestones": (1, 10**12)}),
        ("constant", {"warmup_steps": 10**12}),
    ],
)
def test_steps_beyond_all_runs_are_no_setting(name, settings):
    (key,) = settings
    with pytest.raises(InputError) as caught:
        fitted(name, settings)
    assert str(caught.value) == f"schedule.{key}: this number is too large; use one up to 1,000,000,000"
    assert record(fitted(name, {key: (1, 10**9) if key == "milestones" else 10**9})).is_complete


@pytest.mark.parametrize(
    ("name", "settings", "told"),
    [
        ("step", {"step_size": 0}, "schedule.step_size: 0 is not possible; use 1 or more steps"),
        ("step", {"gamma": 1.5}, "schedule.gamma: 1.5 is not possible; use a factor above 0 and up to 1"),
        ("exponential", {"gamma": 0.0}, "schedule.gamma: 0 is not possible; use a factor above 0"),
        ("multi-step", {"milestones": (50, 20)}, "schedule.milestones: step 20 comes after step 50; use increasing"),
        ("multi-step", {"milestones": (0,)}, "schedule.milestones: 0 is not possible; use 1 or more"),
        ("multi-step", {"milestones": 3}, "schedule.milestones: 3 is not a list of steps; use one such as 100,150"),
        ("multi-step", {"milestones": (1.5,)}, "schedule.milestones: 1.5 is not a whole number; use one such as 50"),
        ("polynomial", {"power": -1.0}, "schedule.power: -1 is not possible; use 0 or more"),
        ("cosine", {"eta_min": -0.1}, "schedule.eta_min: -0.1 is not possible; use 0 or more"),
        ("cosine-restarts", {"t_mult": 0}, "schedule.t_mult: 0 is not possible; use 1 or more steps"),
        ("cyclic", {"div_factor": 0.5}, "schedule.div_factor: 0.5 is not possible; use 1 or more"),
        ("one-cycle", {"max_momentum": 1.0}, "schedule.max_momentum: 1 is not possible; use 0 or more, below 1"),
        ("one-cycle", {"pct_start": 0.001}, "schedule.pct_start: 0.001 of 200 steps is no whole step up; use more"),
        ("one-cycle", {"pct_start": 1.5}, "schedule.pct_start: 1.5 is not possible; use a part from 0 to 1"),
        ("reduce-on-plateau", {"factor": 1.0}, "schedule.factor: 1 is not possible; use a factor of 0 or more, below"),
        ("reduce-on-plateau", {"patience": -1}, "schedule.patience: -1 is not possible; use 0 or more steps"),
        ("free", {"points": ()}, "schedule.points: 0 points are not possible; use 1 to 1,000"),
        ("free", {"points": ((5, 0.1), (5, 0.2))}, "schedule.points: step 5 comes after step 5; use increasing"),
        ("free", {"points": ((-5, 0.1),)}, "schedule.points: -5 is not a step; use 0 or more"),
        ("free", {"points": ((5, np.inf),)}, "schedule.points: inf is not a finite number; use one such as 0.1"),
        ("free", {"points": (5,)}, "schedule.points: 5 is not a step and a number; use one such as (50, 0.1)"),
        ("constant", {"warmup_steps": -1}, "schedule.warmup_steps: -1 is not possible; use 0 or more steps"),
        ("constant", {"warmup_start_factor": 0.5}, "schedule.warmup_start_factor: there is no warm-up; give"),
        ("cosine", {"warmup_steps": 2, "warmup_start_factor": 2.0}, "schedule.warmup_start_factor: 2 is not possible"),
        ("range-test", {"warmup_steps": 2}, "schedule.warmup_steps: range-test has no such setting"),
    ],
)
def test_settings_out_of_range(name, settings, told):
    with pytest.raises(InputError) as caught:
        make_schedule(name, 0.1, settings)
    assert str(caught.value).startswith(told)
    assert "\n" not in str(caught.value)


@given(st.lists(st.tuples(st.integers(0, 300), st.floats(-2, 2)), min_size=1, max_size=8, unique_by=lambda one: one[0]))
def test_a_free_schedule_runs_straight_through_its_points(points):
    points = tuple(sorted(points))
    schedule = Free(points)
    steps, rates = zip(*points, strict=True)
    found = [schedule(step) for step in range(310)]
    np.testing.assert_allclose(found, np.interp(np.arange(310), steps, rates), rtol=1e-12, atol=1e-15)
    assert schedule.with_rate(schedule.base_rate) == schedule


@given(st.integers(0, 2), st.integers(-50, 400), st.floats(0, 2), st.integers(0, 20))
def test_a_handle_stays_between_its_neighbours(index, step, rate, warm_up):
    settings = {"points": ((0, 0.1), (50, 0.9), (200, 0.2)), "warmup_steps": warm_up}
    schedule = make_schedule("free", 0.1, settings)
    assert [schedule(step) for step, _ in schedule.handles] == [rate for _, rate in schedule.handles]
    moved = schedule.with_handle(index, step, rate)
    lowest, highest = ((0, 49), (1, 199), (51, 10**9))[index]
    expected = list(schedule.handles)
    expected[index] = (max(lowest + warm_up, min(step, highest + warm_up)), rate)
    assert list(moved.handles) == expected


@each
def test_in_a_race_it_is_fitted_to_the_run(name):
    found = run_with_schedule(lecture(0.4, steps=777, optimizer=Momentum()), name)
    assert found == fitted(name, {}, Momentum(), steps=777)


def test_points_lie_on_the_curve_of_the_schedule_before():
    cosine = make_schedule("cosine", 0.4, {"t_max": 100})
    points = fitted_settings("free", {}, cosine, 100, False)["points"]
    assert [step for step, _ in points] == [0, 20, 40, 60, 80, 100]
    assert [rate for _, rate in points] == pytest.approx([cosine(step) for step, _ in points], rel=1e-3, abs=1e-12)
    followed = make_schedule("reduce-on-plateau", 0.4, {})
    assert {rate for _, rate in fitted_settings("free", {}, followed, 100, False)["points"]} == {0.4}
    assert fitted_settings("free", {"points": ((3, 0.1),)}, cosine, 100, False) == {"points": ((3, 0.1),)}


def test_a_rate_that_single_precision_cannot_hold():
    smallest = make_schedule("cosine", 0.1, {"eta_min": 1e-60})
    with pytest.raises(InputError, match="1e-60 is 0 in single precision"):
        lecture(0.1, schedule=smallest)
    assert lecture(0.1, schedule=smallest, precision=Precision.FLOAT64)
    assert isinstance(fitted("free"), Experiment)
