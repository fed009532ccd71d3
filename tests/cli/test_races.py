"""Races on the command line: each run is that of its own options, and what cannot race is told in one line."""

import pytest

from gdviz.core.scenarios.races import RACES
from tests.core.scenarios.test_races import FAULTS

STEPS = ("--steps", "5")


@pytest.mark.usefixtures("further_schedules")
@pytest.mark.parametrize(
    ("race", "runs"),
    [
        ("learning-rate=0.1,3", [("--learning-rate", "0.1"), ("--learning-rate", "3")]),
        (
            "optimizer=gd:0.1,nesterov:0.05",
            [("--learning-rate", "0.1"), ("--optimizer", "nesterov", "--learning-rate", "0.05")],
        ),
        ("schedule=constant,plateau", [(), ("--schedule", "plateau")]),
        ("start=0,-1;1.5,2;-1e-3,0", [("--start", "0", "-1"), ("--start", "1.5", "2"), ("--start", "-1e-3", "0")]),
    ],
    ids=list(RACES),
)
def test_each_run_is_that_of_its_own_options(output_of, race, runs):
    alone = [output_of("trace", "ten", *STEPS, *options) for options in runs]
    raced = [output_of("trace", "ten", f"--race={race}", *STEPS, "--run", run) for run in range(1, len(runs) + 1)]
    assert raced == alone
    assert len(set(alone)) == len(alone)


def test_rules_without_a_rate_have_that_of_their_range_test_which_is_told(gdviz):
    for place, name in enumerate(("gd", "momentum"), 1):
        code, printed, told = gdviz("trace", "--race=optimizer=gd,momentum", "--run", place, *STEPS)
        rate = printed.splitlines()[1].rpartition(",")[2]
        assert code == 0
        assert f"{name} at {float(rate):.3g}" in told
        assert told.endswith("each found by a range test of 50 steps from the start\n")
        assert told.startswith("gdviz: --race: ")
        assert told.count("\n") == 1
        _, curve, _ = gdviz(
            "range-test", "--optimizer", name, "--rates", f"{rate}:0.8:9", "--fresh-steps", 50, "--no-stop"
        )
        first, *others = (float(row.split(",")[1]) for row in curve.splitlines()[1:])
        assert first <= 2 * min(others)


def test_a_learning_rate_is_that_of_all_rules_that_race(output_of):
    options = ("--learning-rate", "0.05", *STEPS)
    raced = output_of("trace", "--race=optimizer=gd,momentum", *options, "--run", "2")
    assert raced == output_of("trace", "--optimizer", "momentum", *options)


def test_an_optimizer_with_its_settings_races_with_them(output_of):
    chosen = ("--optimizer", "momentum", "--momentum", "0.5", "--learning-rate", "0.05", *STEPS)
    raced = output_of("trace", "--race=optimizer=gd,momentum", *chosen, "--run", "2")
    assert raced == output_of("trace", *chosen)


def test_alone_it_is_the_four_rates_wherever_it_stands(output_of):
    usual = output_of("trace", "ten", "--race", *STEPS, "--run", "2")
    assert output_of("trace", "--race", "ten", *STEPS, "--run", "2") == usual
    assert output_of("trace", "ten", "--race=learning-rate=0.01,0.1,0.7,0.9", *STEPS, "--run", "2") == usual
    assert output_of("trace", "ten", "--race=learning-rate", *STEPS, "--run", "2") == usual


@pytest.mark.parametrize("what", ["optimizer", "start"])
def test_without_values_the_usual_ones_race(gdviz, what):
    code, printed, _ = gdviz("trace", "two-wells", f"--race={what}", *STEPS, "--run", "2")
    assert code == 0
    assert printed.count("\n") == 7


@pytest.mark.usefixtures("further_schedules")
@pytest.mark.parametrize(("written", "told"), FAULTS)
def test_what_cannot_race_is_told_in_one_line(gdviz, written, told):
    code, printed, said = gdviz("trace", "point-nine", f"--race={written}")
    assert (code, printed) == (2, "")
    assert said.startswith("gdviz: --race: ")
    assert told in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--race=start=0,1;1,2", "--start", "0", "0"), "--start: the race has starts of its own; give --race or"),
        (("range-test", "--race=optimizer"), "--race: a range test cannot race; use another scenario"),
    ],
)
def test_what_a_race_sets_cannot_be_set_beside_it(gdviz, options, told):
    code, _, said = gdviz("trace", *options)
    assert code == 2
    assert said.startswith(f"gdviz: {told}")


def test_the_steps_may_cut_changes_only_where_the_race_keeps_them(gdviz, tmp_path):
    written = 'title = "Changed"\n[schedule]\nlearning_rate = 0.1\nchanges = [[20, 0.01]]\n'
    (tmp_path / "changed.toml").write_text(written)
    options = ("trace", str(tmp_path / "changed.toml"), *STEPS)
    assert "changes of the learning rate after step 5 are left out" in gdviz(*options, "--race=start=0,1;1,2")[2]
    assert gdviz(*options, "--race")[2] == ""


@pytest.mark.usefixtures("further_schedules")
def test_pictures_of_a_race_have_a_title_for_all_of_it(jobs_of):
    for written in ("plateau,constant", "constant,plateau"):
        (job,) = jobs_of("render", "point-nine", f"--race=schedule={written}", "-o", "a.png")
        assert job.scene.title == "Linear regression"
        assert len(job.scene.recordings) == 2


def test_all_commands_that_race_say_how(gdviz):
    for command in ((), ("trace",), ("render",)):
        with pytest.raises(SystemExit):
            gdviz(*command, "--help")


@pytest.mark.parametrize("rate", [1, 0.5])
def test_a_rule_without_a_rate_takes_none_not_even_the_one_it_is_kept_with(gdviz, rate):
    code, printed, told = gdviz("trace", "--optimizer", "newton", "--learning-rate", rate, *STEPS)
    assert (code, printed) == (2, "")
    assert told == (
        "gdviz: --learning-rate: newton sets its own step length; leave the rate out, or choose another optimizer\n"
    )
