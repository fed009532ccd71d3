"""Schedules on the command line: every setting is an option, and what is not possible is told in one line."""

import numpy as np
import pytest

from gdviz.core.analysis.basins import basin_map
from gdviz.core.descent.optimizers import Momentum, make_optimizer
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, fitted_settings, make_schedule, selectable_schedules
from gdviz.core.problems.registry import make_problem
from gdviz.core.scenarios.library import load_scenario
from tests.recordings import lecture
from tests.seams import Cycle, Plateau


def rates(rows):
    return np.array([row["learning_rate"] for row in rows], np.float32)


@pytest.mark.usefixtures("further_schedules")
@pytest.mark.parametrize(
    ("arguments", "run"),
    [
        (("--schedule", "plateau"), lecture(0.9, schedule=Plateau(0.9))),
        (
            ("--schedule", "plateau", "--schedule-factor", "0.1", "--schedule-patience", "1", "--learning-rate", "2"),
            lecture(0.9, schedule=Plateau(2.0, 0.1, 1)),
        ),
        (
            ("--schedule", "cycle", "--schedule-steps", "7", "--optimizer", "momentum", "--learning-rate", "0.05"),
            lecture(0.9, schedule=Cycle(0.05, 7), optimizer=Momentum()),
        ),
    ],
    ids=["plateau", "its settings", "cycle"],
)
def test_the_trace_is_that_of_the_schedule(rows_of, arguments, run):
    found, expected = rows_of("trace", *arguments), record(run)
    np.testing.assert_array_equal(rates(found), expected.learning_rates)
    np.testing.assert_array_equal(np.array([row["loss"] for row in found], np.float32), expected.losses)


@pytest.mark.usefixtures("further_schedules")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--schedule", "linear"), "--schedule: there is no 'linear'; use one of {names}"),
        (("--schedule", "range-test"), "--schedule: there is no 'range-test'; use one of {names}"),
        (("--schedule",), "--schedule: a value is missing; use NAME: {names}"),
        (("--schedule-factor", "x"), "--schedule-factor: 'x' is not a number; use one such as 0.1"),
        (("--schedule-patience", "1.5"), "--schedule-patience: '1.5' is not a whole number; use one such as 10"),
        (("--schedule-patience", "1"), "--schedule-patience: constant has no such setting; it has {warm_up}"),
        (
            ("--schedule", "plateau", "--schedule-factor", "nan"),
            "--schedule-factor: nan is not a finite number; use one such as 0.5",
        ),
        (
            ("--schedule", "plateau", "--schedule-steps", "9"),
            "--schedule-steps: plateau has no such setting; it has factor, patience, {warm_up}",
        ),
        (
            ("--schedule", "plateau", "--learning-rate", "1e39"),
            "--learning-rate: 1e+39 is too large for float32; use one up to 3.4e38",
        ),
        (("--schedule", "cycle"), "--schedule: cycle sets the momentum; choose an optimizer that has one"),
    ],
)
def test_what_is_not_possible_names_the_option(gdviz, arguments, told):
    told = told.format(names=", ".join(selectable_schedules()), warm_up="warmup_steps, warmup_start_factor")
    assert gdviz("trace", *arguments) == (2, "", f"gdviz: {told}\n")


@pytest.mark.usefixtures("further_schedules")
def test_a_scenario_with_a_schedule_keeps_what_is_not_said(rows_of, tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        'title = "T"\nstart = [0.0, -1.0]\n[schedule]\nlearning_rate = 0.9\nname = "plateau"\npatience = 1\n'
        "changes = [[30, 0.05]]\n"
    )
    found = rates(rows_of("trace", path, "--schedule-factor", "0.25"))
    expected = record(lecture(0.9, schedule=Plateau(0.9, 0.25, 1)).with_learning_rate(0.05, 30)).learning_rates
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(
        rates(rows_of("trace", path, "--learning-rate", "0.7")),
        record(lecture(0.9, schedule=Plateau(0.7, 0.5, 1))).learning_rates,
    )
    (*_, last) = rates(rows_of("trace", path, "--schedule", "constant"))
    assert last == np.float32(0.9)


@pytest.mark.usefixtures("further_schedules")
def test_other_problems_races_and_range_tests(rows_of, gdviz):
    assert rates(rows_of("trace", "--schedule", "plateau", "--problem", "rosenbrock"))[0] == np.float32(0.001)
    raced = rows_of("trace", "--race", "--schedule", "plateau", "--run", "3", "--steps", "30")
    np.testing.assert_array_equal(rates(raced), record(lecture(0.9, schedule=Plateau(0.7), steps=30)).learning_rates)
    suggested = make_problem("linear-regression").suggested_learning_rate
    assert rates(rows_of("trace", "range-test", "--schedule", "plateau"))[0] == np.float32(suggested)
    told = "gdviz: --schedule: a range test sets the rate itself; leave the schedule out\n"
    assert gdviz("range-test", "--schedule", "plateau") == (2, "", told)


@pytest.mark.usefixtures("further_schedules")
def test_maps_of_a_run_with_a_schedule(rows_of, monkeypatch):
    monkeypatch.setattr("gdviz.cli.maps.FINE_SIDE", 6)
    found = rows_of("map", "two-wells", "--basins", "--schedule", "plateau", "--steps", "40")
    run = load_scenario("two-wells").experiment
    rate = run.schedule.constant_rate
    expected = basin_map(lecture(rate, problem=run.problem, schedule=Plateau(rate), steps=40), run.problem.box, 6)
    assert [int(row["steps"] or -1) for row in found] == expected.steps.ravel().tolist()
    rated = ("--rates", "0.1:1:3", "--steps", "9")
    assert rows_of("map", *rated, "--schedule", "plateau") == rows_of("map", *rated)


@pytest.mark.usefixtures("further_schedules")
def test_what_is_drawn_has_the_schedule(jobs_of, gdviz, tmp_path):
    arguments = ("render", "ten", "--schedule", "plateau", "--steps", "40")
    (job,) = jobs_of(*arguments, "-o", "a.mp4", "--pane", "map")
    assert job.animation.scene.title == "Halve on plateau: Linear regression"
    assert job.animation.scene.recordings[0].experiment.schedule == Plateau(10.0)
    code, told, complaint = gdviz(*arguments, "-o", tmp_path / "a.gif", "--dry-run")
    assert (code, complaint, "a.gif" in told) == (0, "", True)


@pytest.mark.usefixtures("further_schedules", "qapp")
def test_a_small_clip_with_captions(gdviz, tmp_path):
    target, captions = tmp_path / "a.gif", tmp_path / "a.vtt"
    arguments = ("--schedule", "plateau", "--schedule-patience", "2", "--steps", "20", "--size", "480x300")
    code, _, _ = gdviz("render", *arguments, "--pace", "20", "--fps", "20", "-o", target, "--captions", captions)
    assert (code, target.stat().st_size > 0) == (0, True)
    assert "learning rate 0.9 (Halve on plateau, factor 0.5, patience 2)" in " ".join(captions.read_text().split())


@pytest.mark.parametrize("name", selectable_schedules())
@pytest.mark.parametrize("optimizer", ["gd", "momentum"])
def test_every_schedule_by_its_name_is_fitted_to_the_run(rows_of, name, optimizer):
    found = rates(rows_of("trace", "--schedule", name, "--optimizer", optimizer, "--steps", "30"))
    settings = fitted_settings(name, {}, Constant(0.9), 30, optimizer == "momentum")
    run = lecture(0.9, schedule=make_schedule(name, 0.9, settings), optimizer=make_optimizer(optimizer, {}), steps=30)
    np.testing.assert_array_equal(found, record(run).learning_rates)


def test_help_tells_the_default_of_each_schedule(gdviz, capsys):
    with pytest.raises(SystemExit):
        gdviz("trace", "--help")
    told = " ".join(capsys.readouterr().out.split())
    assert "--schedule-gamma X default: 0.1 (step, multi-step), 0.98 (exponential), 1 (cyclic)" in told
    assert "--schedule-div-factor X default: 4 (cyclic), 25 (one-cycle)" in told
    assert "--schedule-total-steps N default: the steps of the run (polynomial, one-cycle)" in told
    assert "--schedule-milestones N,N,... default: 100,150 (multi-step)" in told
    assert "--schedule-warmup-steps N before any schedule; default: 0" in told


def test_sequences_are_typed_with_commas(rows_of):
    found = rates(rows_of("trace", "--schedule", "multi-step", "--schedule-milestones", "2, 3", "--steps", "4"))
    np.testing.assert_allclose(found, [0.9, 0.9, 0.09, 0.009, 0.009], rtol=1e-6)
    found = rates(rows_of("trace", "--schedule", "free", "--schedule-points", "0:0.1,4:0.5", "--steps", "4"))
    np.testing.assert_allclose(found, [0.1, 0.2, 0.3, 0.4, 0.5], rtol=1e-6)


def test_a_rate_for_the_free_schedule_is_that_of_the_curve_on_which_its_points_lie(gdviz, rows_of, tmp_path):
    free = "trace", "--schedule", "free", "--steps", "4"
    np.testing.assert_allclose(rates(rows_of(*free, "--learning-rate", "0.1")), [0.1] * 5, rtol=1e-6)
    path = tmp_path / "s.toml"
    path.write_text('title = "s"\nsteps = 4\n[schedule]\nname = "free"\npoints = [[0, 0.1], [4, 0.5]]')
    found = rates(rows_of("trace", str(path), "--schedule", "free", "--learning-rate", "0.25"))
    np.testing.assert_allclose(found, [0.05, 0.1, 0.15, 0.2, 0.25], rtol=1e-6)
    code, _, told = gdviz(*free, "--schedule-points", "0:0.1,4:0.5", "--learning-rate", "0.1")
    assert code == 2
    assert "--learning-rate: the points of the schedule free are its rates; leave one of them out" in told


def test_a_constant_schedule_is_what_it_was(rows_of):
    assert (
        rates(rows_of("trace", "--steps", "3")).tolist()
        == record(lecture(0.9, schedule=Constant(0.9), steps=3)).learning_rates.tolist()
    )


def test_a_scenario_whose_momentum_cycles_takes_a_rule_without_one(gdviz, tmp_path):
    path = tmp_path / "s.toml"
    schedule = '[schedule]\nname = "one-cycle"\nlearning_rate = 0.1'
    path.write_text(f'title = "s"\nsteps = 9\n[optimizer]\nname = "momentum"\n{schedule}')
    for more in ([], ["--no-schedule-cycle-momentum"], ["--schedule", "cosine"]):
        assert gdviz("trace", str(path), "--optimizer", "adam", *more)[0] == 0
    told = "one-cycle sets the momentum; turn cycle_momentum off, or choose an optimizer"
    assert told in gdviz("trace", str(path), "--optimizer", "adam", "--schedule-cycle-momentum")[2]


@pytest.mark.parametrize("length", ["", "total_steps = 40\n"], ids=["fitted", "as long"])
def test_a_cycle_as_long_as_its_file_is_as_long_as_the_run(rows_of, tmp_path, length):
    """As with `--schedule one-cycle`, which has the same rates."""
    table = f'[schedule]\nname = "one-cycle"\nlearning_rate = 0.5\n{length}'
    (tmp_path / "a.toml").write_text(f'title = "T"\nsteps = 40\n{table}[[runs]]\nsteps = 60\n')
    beside = load_scenario(str(tmp_path / "a.toml")).others[0]
    assert (beside.steps, beside.schedule.total_steps) == (60, 60)
    cycle = ("--schedule", "one-cycle", "--learning-rate", "0.5")
    for steps in ("60", "25"):
        wanted = rates(rows_of("trace", "point-nine", *cycle, "--steps", steps))
        for options in ((), ("--schedule", "one-cycle")):
            found = rates(rows_of("trace", str(tmp_path / "a.toml"), "--steps", steps, *options))
            np.testing.assert_array_equal(found, wanted)


def test_a_length_that_is_asked_for_is_not_changed(gdviz):
    told = "gdviz: --steps: this one-cycle has at most 150; use no more, or a longer schedule\n"
    assert gdviz("trace", "one-cycle", "--steps", "200", "--schedule-total-steps", "150") == (2, "", told)
