"""The command line as a person meets it: what is printed, where, and with which exit code."""

import contextlib
import csv
import io
import os
import subprocess
import sys

import numpy as np
import pytest

from gdviz.core.scenarios.library import shipped
from gdviz.presentation.look import BoxChoice, Theme


def test_trace_prints_the_lecture(gdviz):
    code, printed, _ = gdviz("trace")
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert code == 0
    assert printed.splitlines()[0] == "step,w,b,loss,gradient_w,gradient_b,learning_rate"
    assert len(rows) == 201
    assert [round(float(row["w"]), 3) for row in rows[:6]] == [0, 1.467, -0.623, 2.006, -1.584, 3.056]
    assert [round(float(row["b"]), 3) for row in rows[:6]] == [-1, 1.795, -1.814, 3.029, -3.304, 5.120]
    assert f"{float(rows[200]['w']):.3e}" == "-1.037e+24"
    assert rows[149]["loss"] != "inf"
    assert rows[150]["loss"] == "inf"


def test_trace_names_the_parameters_of_a_surface(gdviz):
    _, printed, _ = gdviz("trace", "--problem", "rosenbrock", "--steps", "3")
    assert printed.splitlines()[0] == "step,x,y,loss,gradient_x,gradient_y,learning_rate"
    assert printed.splitlines()[1].startswith("0,-1.2,1.0,")


def test_trace_with_the_state_of_the_rule(gdviz, tmp_path):
    rule = ("--optimizer", "adam", "--learning-rate", "0.1", "--steps", "3")
    code, printed, _ = gdviz("trace", *rule, "--state")
    rows = list(csv.DictReader(io.StringIO(printed)))
    names = [f"{name}_{parameter}" for name in ("m", "s", "m_hat", "s_hat", "d", "step") for parameter in "wb"]
    assert code == 0
    assert list(rows[0])[7:] == names
    assert all(abs(float(row["step_w"]) - 0.1 * float(row["d_w"])) < 1e-7 for row in rows)
    assert gdviz("trace", *rule, "--state", "-o", str(tmp_path / "a.csv"))[0] == 0
    assert (tmp_path / "a.csv").read_text() == printed
    assert gdviz("trace", *rule)[1].splitlines()[0] == "step,w,b,loss,gradient_w,gradient_b,learning_rate"


def test_trace_spells_what_is_no_number(gdviz):
    _, printed, _ = gdviz("trace", "ten")
    rows = list(csv.reader(io.StringIO(printed)))
    words = {value for row in rows[1:] for value in row if value.lstrip("-").isalpha()}
    assert words == {"inf", "-inf", "nan"}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_numbers_of_a_trace_come_back_bit_for_bit(gdviz, rows_of, tmp_path, dtype):
    arguments = ("trace", "--dtype", dtype, "--optimizer", "momentum", "--learning-rate", "0.1")
    rows = rows_of(*arguments)
    assert gdviz(*arguments, "-o", tmp_path / "t.npz") == (0, "", "")
    with np.load(tmp_path / "t.npz") as archive:
        assert [*archive] == [*rows[0], "x_name", "y_name"]
        for name in rows[0]:
            again = np.array([row[name] for row in rows]).astype(archive[name].dtype)
            assert np.array_equal(again, archive[name], equal_nan=True)
        assert archive["w"].dtype == dtype


def test_options_override_the_scenario(rows_of):
    arguments = ("too-timid", "--learning-rate", "-0.5", "--start", "2", "3", "--steps", "4", "--optimizer", "nesterov")
    rows = rows_of("trace", *arguments, "--momentum", "0.5")
    assert len(rows) == 5
    assert (rows[0]["w"], rows[0]["b"], rows[0]["learning_rate"]) == ("2.0", "3.0", "-0.5")


@pytest.mark.parametrize(
    "changed", [("--optimizer", "momentum"), ("--dtype", "float64"), ("--seed", "7"), ("--problem", "himmelblau")]
)
def test_a_changed_range_test_stops_where_it_should(rows_of, changed):
    trace, curve = rows_of("trace", "range-test", *changed), rows_of("range-test", "range-test", *changed)
    assert [row["learning_rate"] for row in trace] == [row["learning_rate"] for row in curve]


def test_one_rate_replaces_a_range_test_by_a_usual_run(gdviz):
    _, printed, _ = gdviz("trace", "range-test", "--learning-rate", "0.3")
    assert len(printed.splitlines()) == 202
    assert len(gdviz("trace", "range-test", "--learning-rate", "0.3", "--steps", "7")[1].splitlines()) == 9


def test_batches_of_rows_from_the_command_line(output_of, tmp_path):
    batched = ("--batch-size", "4", "--rows", "50", "--steps", "9")
    first = output_of("trace", *batched)
    assert output_of("trace", *batched) == first
    assert output_of("trace", *batched, "--batch-seed", "1") != first
    assert output_of("trace", *batched, "--seed", "1") != first
    every = output_of("trace", "--rows", "50", "--steps", "9")
    assert every != first
    assert output_of("trace", "--rows", "50", "--steps", "9", "--batch-size", "all", "--batch-seed", "1") == every
    (tmp_path / "points.csv").write_text("x,y\n0,1\n1,3\n")
    assert len(output_of("trace", tmp_path / "points.csv", "--batch-size", "2", "--steps", "3").splitlines()) == 5


def test_the_sum_of_squares_from_the_command_line(rows_of):
    few = ("--rows", "8", "--steps", "5", "--dtype", "float64")
    total = rows_of("trace", *few, "--learning-rate", "0.01", "--reduction", "sum")
    mean = rows_of("trace", *few, "--learning-rate", "0.08", "--reduction", "mean")
    for summed, averaged in zip(total, mean, strict=True):
        assert float(summed["loss"]) == pytest.approx(8 * float(averaged["loss"]))
        assert float(summed["w"]) == pytest.approx(float(averaged["w"]))


def test_the_order_of_batches_from_the_command_line(output_of, rows_of):
    few = ("trace", "--rows", "50", "--steps", "9", "--batch-size", "25")
    orders = ("with-replacement", "shuffled", "sequential")
    outputs = {order: output_of(*few, "--batch-order", order) for order in orders}
    assert len(set(outputs.values())) == 3
    assert output_of(*few) == outputs["with-replacement"]
    shuffled = output_of(*few, "--batch-order", "shuffled", "--batch-seed", "4")
    assert shuffled not in outputs.values()
    assert output_of(*few, "--batch-order", "shuffled", "--batch-seed", "4") == shuffled
    in_order = (*few, "--batch-order", "sequential")
    assert output_of(*in_order, "--batch-seed", "4") == outputs["sequential"]
    start = ("--start", "0", "-1", "--learning-rate", "0")
    halves = [float(row["gradient_b"]) for row in rows_of(*in_order, *start)][:2]
    assert sum(halves) / 2 == pytest.approx(float(rows_of(*few[:-2], *start)[0]["gradient_b"]), rel=1e-6)


def test_half_the_mean_from_the_command_line(rows_of):
    half = rows_of("trace", "--steps", "50", "--learning-rate", "1.8", "--reduction", "half-mean", "--dtype", "float64")
    mean = rows_of("trace", "--steps", "50", "--learning-rate", "0.9", "--dtype", "float64")
    for halved, whole in zip(half, mean, strict=True):
        assert (halved["w"], halved["b"]) == (whole["w"], whole["b"])
        assert all(float(halved[key]) == float(whole[key]) / 2 for key in ("loss", "gradient_w", "gradient_b"))


def test_standardised_from_the_command_line(output_of, tmp_path):
    few = ("--steps", "5")
    raw, standardised = output_of("trace", *few), output_of("trace", *few, "--standardised")
    assert standardised != raw
    assert output_of("trace", *few, "--no-standardised") == raw
    (tmp_path / "points.csv").write_text("x,y\n0,1\n1,3\n")
    one_step = output_of("trace", tmp_path / "points.csv", "--standardised", "--learning-rate", "0.5", "--steps", "1")
    assert one_step.splitlines()[-1].startswith("1,1.0,2.0,0.0,0.0,0.0")  # x is -1 and 1
    assert one_step == output_of(
        "trace", "--data", tmp_path / "points.csv", "--standardised", "--learning-rate", "0.5", "--steps", "1"
    )


def test_standardised_points_of_a_scenario_stay_these_points(output_of, tmp_path):
    given = "title = 'T'\nsteps = 4\n[schedule]\nlearning_rate = 0.1\n[data]\nx = [0, 1, 5]\ny = [1, 3, 2]\n"
    (tmp_path / "raw.toml").write_text(given)
    (tmp_path / "measured.toml").write_text(given + "standardised = true\n")
    raw, measured = tmp_path / "raw.toml", tmp_path / "measured.toml"
    assert output_of("trace", raw, "--standardised") == output_of("trace", measured)
    assert output_of("trace", measured, "--no-standardised") == output_of("trace", raw)
    assert output_of("trace", measured, "--learning-rate", "0.2") == output_of(
        "trace", raw, "--standardised", "--learning-rate", "0.2"
    )


def test_data_from_a_file(gdviz, tmp_path):
    (tmp_path / "points.csv").write_text("x,y\n0,1\n1,3\n")
    _, printed, _ = gdviz("trace", tmp_path / "points.csv", "--steps", "2000", "--dtype", "float64")
    last = printed.splitlines()[-1].split(",")
    assert float(last[1]) == pytest.approx(2, abs=1e-6)
    assert float(last[2]) == pytest.approx(1, abs=1e-6)


def test_scenarios_lists_what_is_shipped(gdviz):
    code, printed, _ = gdviz("scenarios")
    assert code == 0
    assert [line.split()[0] for line in printed.splitlines()] == list(shipped())


def bare_environment():
    """The environment of a machine without a display."""
    displays = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return {key: value for key, value in os.environ.items() if key not in displays}


@pytest.mark.parametrize(
    ("arguments", "begin"),
    [
        (["trace", "--steps", "2"], "step,w,b,"),
        (["map", "--rates", "0.1:1:3"], "learning_rate,step,"),
        (["range-test", "--picks", "-o", "a.csv"], "pick,learning_rate,after_200_steps\nminimum,"),
    ],
)
def test_numbers_need_neither_display_nor_qt(tmp_path, arguments, begin):
    code = (
        f"import sys; from gdviz.cli.main import run; assert run({arguments}) == 0;"
        "sys.exit(any(name.partition('.')[0] in ('PySide6', 'pyqtgraph', 'OpenGL') for name in sys.modules))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=bare_environment(), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(begin)


def test_the_window_is_asked_for_a_look(gdviz, monkeypatch):
    asked = []
    monkeypatch.setattr("gdviz.main_window.app.run_window", lambda *given: asked.append(given[2]) or 0)
    monkeypatch.setattr("gdviz.export.display.reachable_display", contextlib.nullcontext)
    assert gdviz("race", "--theme", "dark", "--box", "path", "--equal-axes", "--inside") == (0, "", "")
    assert gdviz("race") == (0, "", "")
    dark = {"theme": Theme.DARK, "box": BoxChoice.PATH, "equal_axes": True, "inside": True}
    assert asked == [dark, {"equal_axes": False, "inside": False}]


@pytest.mark.parametrize("display", [None, ":987"])
def test_a_window_without_a_display_is_exit_code_three(display):
    environment = bare_environment() | ({"DISPLAY": display} if display else {})
    done = subprocess.run([sys.executable, "-m", "gdviz"], env=environment, capture_output=True, text=True)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "display" in done.stderr


def test_trace_of_one_of_several_runs(gdviz):
    traces = [gdviz("trace", "race", *options)[1] for options in ((), ("--run", "1"), ("--run", "4"))]
    assert traces[0] == traces[1]
    rates = [trace.splitlines()[1].rpartition(",")[2] for trace in traces]
    assert rates == ["0.01", "0.01", "0.9"]


@pytest.mark.parametrize(
    ("scenario", "number", "told"),
    [("race", "0", "use 1 to 4"), ("race", "5", "use 1 to 4"), ("point-nine", "2", "there is only run 1")],
)
def test_a_run_that_is_not_there(gdviz, scenario, number, told):
    code, printed, said = gdviz("trace", scenario, "--run", number)
    assert (code, printed) == (2, "")
    assert said == f"gdviz: --run: there is no run {number} here; {told}\n"


def test_options_are_for_each_of_several_runs(gdviz):
    _, printed, _ = gdviz("trace", "race", "--steps", "3", "--dtype", "float64", "--run", "3")
    rows = printed.splitlines()
    assert len(rows) == 5
    assert rows[1].endswith(",0.7")
    assert len(rows[2]) > 80  # in double precision
    # With one rate for all of them there is one run.
    code, _, said = gdviz("trace", "race", "--learning-rate", "0.5", "--run", "2")
    assert (code, said) == (2, "gdviz: --run: there is no run 2 here; there is only run 1\n")


def test_the_race_of_a_configuration(gdviz):
    runs = [gdviz("trace", "ten", "--race", "--steps", "5", "--run", run)[1] for run in (1, 2, 3, 4)]
    alone = [
        gdviz("trace", "ten", "--steps", "5", "--learning-rate", rate)[1] for rate in ("0.01", "0.1", "0.7", "0.9")
    ]
    assert runs == alone
    # A scenario that has these runs already keeps its words, and one with others loses its own.
    assert gdviz("trace", "the-trade", "--race", "--steps", "5", "--run", "4")[1] == alone[3]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--race", "--learning-rate", "0.5"), "--learning-rate: the race has learning rates of its own"),
        (("range-test", "--race"), "--race: a range test cannot race"),
    ],
)
def test_a_race_that_cannot_be(gdviz, options, told):
    code, printed, said = gdviz("trace", *options)
    assert (code, printed) == (2, "")
    assert said.startswith(f"gdviz: {told}")
    assert said.count("\n") == 1


@pytest.mark.parametrize("command", ["map", "range-test"])
def test_a_map_needs_runs_that_differ_in_their_rates_alone(gdviz, tmp_path, command):
    assert gdviz(command, "race", "--rates", "0.01:1:10")[::2] == (0, "")
    file = tmp_path / "two.toml"
    other = '[[runs]]\nlearning_rate = 0.1\n[runs.optimizer]\nname = "momentum"\n'
    file.write_text(f'title = "Two"\nproblem = "himmelblau"\n\n[schedule]\nlearning_rate = 0.01\n\n{other}')
    code, printed, said = gdviz(command, file, "--rates", "0.01:1:10")
    assert (code, printed) == (2, "")
    assert said == (
        "gdviz: the runs of this scenario differ in more than the learning rate; use one with a single run\n"
    )


HOSTILE = "\x1b]0;gone\x07\u202e\n"


def test_nothing_from_a_file_or_a_name_is_printed_raw(gdviz, tmp_path):
    (tmp_path / "a.toml").write_text('"\\u001b]0;gone\\u0007" = 1\n[schedule]\nlearning_rate = "\\u001b[2J\\n"')
    calls = (
        ["trace", tmp_path / "a.toml"],
        ["trace", HOSTILE],
        ["trace", f"{HOSTILE}.toml"],
        ["trace", "--data", f"{HOSTILE}.csv"],
        ["trace", "--problem", HOSTILE],
        ["trace", f"--{HOSTILE}"],
        ["trace", "-o", f"{HOSTILE}.txt"],
        ["render", "-o", f"{HOSTILE}.txt"],
        ["map", "--rates", HOSTILE],
        ["range-test", "--rates", HOSTILE * 1000],
        ["scenarios", HOSTILE],
    )
    for call in calls:
        code, printed, told = gdviz(*call)
        assert (code, printed) == (2, "")
        assert told.endswith("\n")
        assert told[:-1].isprintable()
        assert len(told) <= len("gdviz: \n") + 300


def test_fewer_steps_than_the_scenario_has_changes(gdviz):
    whole, part = (gdviz("trace", "rescue", *more)[1].splitlines() for more in ([], ["--steps", "10"]))
    assert part == whole[:12]
    told = gdviz("trace", "rescue", "--steps", "10")[2]
    assert told == "gdviz: --steps: the changes of the learning rate after step 10 are left out\n"
    assert gdviz("trace", "rescue", "--steps", "150")[2] == ""
    assert gdviz("")[0] == gdviz("", "ten")[0] == 2
    code, _, told = gdviz("map", "rescue", "--steps", "10", "--rates", "0.1:1:3")
    assert (code, told) == (0, "")


def test_which_numbers_are_possible_depends_on_the_precision(gdviz):
    for rate in ("1e-50", "1e39"):
        assert gdviz("trace", "--learning-rate", rate, "--dtype", "float64", "--steps", "1")[0] == 0
        assert gdviz("trace", "--learning-rate", rate, "--steps", "1")[0] == 2


def test_runs_that_become_the_same_in_single_precision_are_one(gdviz, tmp_path):
    path = tmp_path / "a.TOML"
    runs = "[[runs]]\nlearning_rate = 0.10000000001\n"
    path.write_text(f'title = "a"\nprecision = "float64"\n[schedule]\nlearning_rate = 0.1\n{runs}')
    assert gdviz("trace", path, "--run", "2")[0] == 0
    code, _, told = gdviz("trace", path, "--run", "2", "--dtype", "float32")
    assert (code, told) == (2, "gdviz: --run: there is no run 2 here; there is only run 1\n")
