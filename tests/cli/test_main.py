"""The command line as a person meets it: what is printed, where, and with which exit code."""

import csv
import io
import os
import subprocess
import sys

import numpy as np
import pytest

from gdviz.cli.main import run
from gdviz.core.scenarios.library import shipped


def out(capsys, *arguments):
    """Exit code, standard output and standard error of one call."""
    code = run(arguments)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_trace_prints_the_lecture(capsys):
    code, printed, _ = out(capsys, "trace")
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert code == 0
    assert printed.splitlines()[0] == "step,w,b,loss,gradient_w,gradient_b,learning_rate"
    assert len(rows) == 201
    assert [round(float(row["w"]), 3) for row in rows[:6]] == [0, 1.467, -0.623, 2.006, -1.584, 3.056]
    assert [round(float(row["b"]), 3) for row in rows[:6]] == [-1, 1.795, -1.814, 3.029, -3.304, 5.120]
    assert f"{float(rows[200]['w']):.3e}" == "-1.037e+24"
    assert rows[149]["loss"] != "inf"
    assert rows[150]["loss"] == "inf"


def test_trace_names_the_parameters_of_a_surface(capsys):
    _, printed, _ = out(capsys, "trace", "--problem", "rosenbrock", "--steps", "3")
    assert printed.splitlines()[0] == "step,x,y,loss,gradient_x,gradient_y,learning_rate"
    assert printed.splitlines()[1].startswith("0,-1.2,1.0,")


def test_trace_spells_what_is_no_number(capsys):
    _, printed, _ = out(capsys, "trace", "ten")
    rows = list(csv.reader(io.StringIO(printed)))
    words = {value for row in rows[1:] for value in row if value.lstrip("-").isalpha()}
    assert words == {"inf", "-inf", "nan"}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_numbers_of_a_trace_come_back_bit_for_bit(capsys, tmp_path, dtype):
    _, printed, _ = out(capsys, "trace", "--dtype", dtype, "--optimizer", "momentum", "--learning-rate", "0.1")
    assert (
        run(
            [
                "trace",
                "--dtype",
                dtype,
                "--optimizer",
                "momentum",
                "--learning-rate",
                "0.1",
                "-o",
                str(tmp_path / "t.npz"),
            ]
        )
        == 0
    )
    rows = list(csv.DictReader(io.StringIO(printed)))
    with np.load(tmp_path / "t.npz") as archive:
        for name in archive.files:
            again = np.array([row[name] for row in rows]).astype(archive[name].dtype)
            assert np.array_equal(again, archive[name], equal_nan=True)
        assert archive["w"].dtype == dtype


def test_options_override_the_scenario(capsys):
    arguments = ("too-timid", "--learning-rate", "-0.5", "--start", "2", "3", "--steps", "4", "--optimizer", "nesterov")
    _, printed, _ = out(capsys, "trace", *arguments, "--momentum", "0.5")
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert len(rows) == 5
    assert (rows[0]["w"], rows[0]["b"], rows[0]["learning_rate"]) == ("2.0", "3.0", "-0.5")


@pytest.mark.parametrize(
    "changed", [("--optimizer", "momentum"), ("--dtype", "float64"), ("--seed", "7"), ("--problem", "himmelblau")]
)
def test_a_changed_range_test_stops_where_it_should(capsys, changed):
    _, trace, complaint = out(capsys, "trace", "range-test", *changed)
    _, curve, _ = out(capsys, "range-test", "range-test", *changed)
    assert complaint == ""
    rates = [[row["learning_rate"] for row in csv.DictReader(io.StringIO(text))] for text in (trace, curve)]
    assert rates[0] == rates[1]


def test_one_rate_in_the_place_of_a_range_test_is_a_run_of_the_usual_length(capsys):
    _, printed, _ = out(capsys, "trace", "range-test", "--learning-rate", "0.3")
    assert len(printed.splitlines()) == 202
    assert len(out(capsys, "trace", "range-test", "--learning-rate", "0.3", "--steps", "7")[1].splitlines()) == 9


def rows_of(capsys, *arguments):
    code, printed, complaint = out(capsys, "trace", *arguments)
    assert (code, complaint) == (0, "")
    return printed


def test_batches_of_rows_from_the_command_line(capsys, tmp_path):
    batched = ("--batch-size", "4", "--rows", "50", "--steps", "9")
    first = rows_of(capsys, *batched)
    assert rows_of(capsys, *batched) == first
    assert rows_of(capsys, *batched, "--batch-seed", "1") != first
    assert rows_of(capsys, *batched, "--seed", "1") != first
    every = rows_of(capsys, "--rows", "50", "--steps", "9")
    assert every != first
    assert rows_of(capsys, "--rows", "50", "--steps", "9", "--batch-size", "all", "--batch-seed", "1") == every
    (tmp_path / "points.csv").write_text("x,y\n0,1\n1,3\n")
    assert len(rows_of(capsys, str(tmp_path / "points.csv"), "--batch-size", "2", "--steps", "3").splitlines()) == 5


def test_the_sum_of_squares_from_the_command_line(capsys):
    few = ("--rows", "8", "--steps", "5", "--dtype", "float64")
    total = csv.DictReader(io.StringIO(rows_of(capsys, *few, "--learning-rate", "0.01", "--reduction", "sum")))
    mean = csv.DictReader(io.StringIO(rows_of(capsys, *few, "--learning-rate", "0.08", "--reduction", "mean")))
    for summed, averaged in zip(total, mean, strict=True):
        assert float(summed["loss"]) == pytest.approx(8 * float(averaged["loss"]))
        assert float(summed["w"]) == pytest.approx(float(averaged["w"]))


def test_standardised_from_the_command_line(capsys, tmp_path):
    few = ("--steps", "5")
    raw, standardised = rows_of(capsys, *few), rows_of(capsys, *few, "--standardised")
    assert standardised != raw
    assert rows_of(capsys, *few, "--no-standardised") == raw
    (tmp_path / "points.csv").write_text("x,y\n0,1\n1,3\n")
    one_step = rows_of(capsys, str(tmp_path / "points.csv"), "--standardised", "--learning-rate", "0.5", "--steps", "1")
    assert one_step.splitlines()[-1].startswith("1,1.0,2.0,0.0,0.0,0.0")  # x is -1 and 1
    assert one_step == rows_of(
        capsys, "--data", str(tmp_path / "points.csv"), "--standardised", "--learning-rate", "0.5", "--steps", "1"
    )


def test_standardised_points_of_a_scenario_stay_these_points(capsys, tmp_path):
    given = "title = 'T'\nsteps = 4\n[schedule]\nlearning_rate = 0.1\n[data]\nx = [0, 1, 5]\ny = [1, 3, 2]\n"
    (tmp_path / "raw.toml").write_text(given)
    (tmp_path / "measured.toml").write_text(given + "standardised = true\n")
    raw, measured = str(tmp_path / "raw.toml"), str(tmp_path / "measured.toml")
    assert rows_of(capsys, raw, "--standardised") == rows_of(capsys, measured)
    assert rows_of(capsys, measured, "--no-standardised") == rows_of(capsys, raw)
    assert rows_of(capsys, measured, "--learning-rate", "0.2") == rows_of(
        capsys, raw, "--standardised", "--learning-rate", "0.2"
    )


def test_data_from_a_file(capsys, tmp_path):
    (tmp_path / "points.csv").write_text("x,y\n0,1\n1,3\n")
    _, printed, _ = out(capsys, "trace", str(tmp_path / "points.csv"), "--steps", "2000", "--dtype", "float64")
    last = printed.splitlines()[-1].split(",")
    assert float(last[1]) == pytest.approx(2, abs=1e-6)
    assert float(last[2]) == pytest.approx(1, abs=1e-6)


BAD = [
    (["nowhere"], "no scenario 'nowhere'; take one of point-nine, one"),
    (["trac", "--steps", "3"], "no scenario 'trac' (did you mean trace?); take one of"),
    (["trace", "point-nin"], "no scenario 'point-nin' (did you mean point-nine?); take one of"),
    (["missing.toml"], "missing.toml: cannot be read"),
    (["trace", "--rows", "1", "--standardised"], "x is the same in every row and cannot be standardised"),
    (
        ["trace", "--problem", "rosenbrock", "--standardised"],
        "--standardised: the problem rosenbrock has no data; leave it out",
    ),
    (["trace", "--problem", "ackleey"], "problem: there is no 'ackleey'"),
    (["trace", "--optimizer", "sgd"], "optimizer: there is no 'sgd'"),
    (["trace", "--optimizer", "gd", "--momentum", "0.9"], "gd has no such setting"),
    (
        ["trace", "--optimizer", "momentum", "--momentum", "1.5"],
        "--momentum: 1.5 is not possible; take a number from 0 to below 1",
    ),
    (["trace", "--learning-rate", "nan"], "--learning-rate: nan is not a finite number; take one such as 0.1"),
    (["trace", "--learning-rate", "fast"], "--learning-rate: 'fast' is no number; take one such as 0.1"),
    (["trace", "--steps", "1000000000000"], "steps: 1000000000000 is not possible"),
    (["trace", "--steps", "0"], "steps: 0 is not possible"),
    (["trace", "--start", "inf", "0"], "start: w = inf"),
    (["trace", "--dtype", "float16"], "--dtype: there is no 'float16'"),
    (["trace", "--seed", "-1"], "--seed: -1 is no seed; take a whole number from 0 to 2^63 - 1"),
    (["trace", "--problem", "rosenbrock", "--seed", "1"], "--seed: the problem rosenbrock has no data; leave it out"),
    (["trace", "--data", "none.csv"], "none.csv: cannot be read"),
    (["trace", "--data", "none.csv", "--rows", "5"], "--rows: data read from a file are not generated; give --data or"),
    (["trace", "--data", "none.csv", "--seed", "5"], "--seed: data read from a file are not generated; give --data or"),
    (["trace", "--rows", "0"], "--rows: 0 is not possible; take 1 to 10,000,000 rows"),
    (["trace", "--rows", "99999999999"], "--rows: 99999999999 is not possible; take 1 to 10,000,000 rows"),
    (["trace", "--batch-size", "101"], "--batch-size: 101 is more than the data have; take 1 to 100"),
    (["trace", "--batch-size", "0"], "--batch-size: 0 is not possible; take 1 to 100"),
    (["trace", "--batch-size", "half"], "--batch-size: 'half' is no whole number; take one such as 32, or all"),
    (["trace", "--batch-seed", "-1"], "--batch-seed: -1 is no seed; take a whole number"),
    (["trace", "--problem", "rosenbrock", "--batch-size", "2"], "--batch-size: the problem rosenbrock has no data"),
    (["trace", "--problem", "rosenbrock", "--reduction", "sum"], "--reduction: the problem rosenbrock has no data"),
    (["trace", "--reduction", "median"], "reduction: there is no 'median'; take one of mean, sum"),
    (["trace", "-o", "trace.txt"], "trace.txt: a trace is written as .csv or .npz"),
    (["trace", "-o", "no/such/folder/trace.csv"], "there is no folder no/such/folder; make it, or take another name"),
    (["trace", ""], "the name of the scenario is empty; give a name or a file"),
    (["render", "-o", "clip.mp4/"], "--output: ends as the name of a folder does; give the name of a file"),
    (["trace", "--colour"], "--colour: there is no such option; take one of those that gdviz trace --help lists"),
    (["render"], "--output: is missing; take OUT: what to write"),
    (["render", "-o", "x.bmp"], "x.bmp: .bmp is no ending known here"),
    (["render", "-o", "x.png", "--size", "big"], "size: 'big'"),
    (["render", "-o", "x.png", "--size", "10x10"], "size: 10x10 is not possible"),
    (["render", "-o", "x.png", "--step", "201"], "--step: 201 is not in this run"),
    (["render", "-o", "x.png", "--theme", "pink"], "--theme: there is no 'pink'"),
    (["render", "-o", "no/such/x.png"], "there is no folder"),
]


@pytest.mark.parametrize(("arguments", "expected"), BAD)
def test_bad_input_is_one_line_and_exit_code_two(capsys, tmp_path, monkeypatch, arguments, expected):
    monkeypatch.chdir(tmp_path)
    code, printed, complaint = out(capsys, *arguments)
    assert code == 2
    assert printed == ""
    assert complaint.startswith("gdviz: ")
    assert complaint.count("\n") == 1
    assert expected in complaint
    assert list(tmp_path.iterdir()) == []


def test_scenarios_lists_what_is_shipped(capsys):
    code, printed, _ = out(capsys, "scenarios")
    assert code == 0
    assert [line.split()[0] for line in printed.splitlines()] == list(shipped())


def bare_environment():
    """The environment of a machine without a display."""
    return {
        key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }


def test_trace_needs_neither_display_nor_qt():
    code = (
        "import sys; from gdviz.cli.main import run; run(['trace', '--steps', '2']);"
        "sys.exit(any(name.partition('.')[0] in ('PySide6', 'pyqtgraph', 'OpenGL') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=bare_environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 4


@pytest.mark.parametrize("display", [None, ":987"])
def test_a_window_without_a_display_is_exit_code_three(display):
    environment = bare_environment() | ({"DISPLAY": display} if display else {})
    done = subprocess.run([sys.executable, "-m", "gdviz"], env=environment, capture_output=True, text=True)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "display" in done.stderr


def test_a_reader_that_has_had_enough_is_no_error():
    done = subprocess.run(
        f"{sys.executable} -m gdviz trace --steps 100000 | head -n 1", shell=True, capture_output=True, text=True
    )
    assert done.stdout.startswith("step,w,b")
    assert done.stderr == ""


# Several runs


def test_trace_of_one_of_several_runs(capsys):
    traces = [out(capsys, "trace", "race", *options)[1] for options in ((), ("--run", "1"), ("--run", "4"))]
    assert traces[0] == traces[1]
    rates = [trace.splitlines()[1].rpartition(",")[2] for trace in traces]
    assert rates == ["0.01", "0.01", "0.9"]


@pytest.mark.parametrize(
    ("scenario", "number", "told"),
    [
        ("race", "0", "take 1 to 4"),
        ("race", "5", "take 1 to 4"),
        ("point-nine", "2", "there is but run 1"),
    ],
)
def test_a_run_that_is_not_there(capsys, scenario, number, told):
    code, printed, said = out(capsys, "trace", scenario, "--run", number)
    assert (code, printed) == (2, "")
    assert said == f"gdviz: --run: there is no run {number} here; {told}\n"


def test_options_are_for_each_of_several_runs(capsys):
    _, printed, _ = out(capsys, "trace", "race", "--steps", "3", "--dtype", "float64", "--run", "3")
    rows = printed.splitlines()
    assert len(rows) == 5
    assert rows[1].endswith(",0.7")
    assert len(rows[2]) > 80  # in double precision
    # With one rate for all of them there is one run.
    code, _, said = out(capsys, "trace", "race", "--learning-rate", "0.5", "--run", "2")
    assert (code, said) == (2, "gdviz: --run: there is no run 2 here; there is but run 1\n")


def test_the_race_of_a_recipe(capsys):
    runs = [out(capsys, "trace", "ten", "--race", "--steps", "5", "--run", str(run))[1] for run in (1, 2, 3, 4)]
    alone = [
        out(capsys, "trace", "ten", "--steps", "5", "--learning-rate", rate)[1]
        for rate in ("0.01", "0.1", "0.7", "0.9")
    ]
    assert runs == alone
    # A scenario that has these runs already keeps its words, and one with others loses its own.
    assert out(capsys, "trace", "the-trade", "--race", "--steps", "5", "--run", "4")[1] == alone[3]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--race", "--learning-rate", "0.5"), "--learning-rate: the race has rates of its own"),
        (("range-test", "--race"), "--race: a range test cannot race"),
    ],
)
def test_a_race_that_cannot_be(capsys, options, told):
    code, printed, said = out(capsys, "trace", *options)
    assert (code, printed) == (2, "")
    assert said.startswith(f"gdviz: {told}")
    assert said.count("\n") == 1


@pytest.mark.parametrize("command", ["map", "range-test"])
def test_what_is_made_of_one_recipe_needs_runs_that_differ_in_their_rates_alone(capsys, tmp_path, command):
    assert out(capsys, command, "race", "--rates", "0.01:1:10")[::2] == (0, "")
    file = tmp_path / "two.toml"
    other = '[[runs]]\nlearning_rate = 0.1\n[runs.optimizer]\nname = "momentum"\n'
    file.write_text(f'title = "Two"\nproblem = "himmelblau"\n\n[schedule]\nlearning_rate = 0.01\n\n{other}')
    code, printed, said = out(capsys, command, str(file), "--rates", "0.01:1:10")
    assert (code, printed) == (2, "")
    assert said == (
        "gdviz: the runs of this scenario differ in more than the learning rate; take one with a single run\n"
    )


HOSTILE = "\x1b]0;gone\x07\u202e\n"


def test_nothing_from_a_file_or_a_name_reaches_the_terminal_raw(capsys, tmp_path):
    (tmp_path / "a.toml").write_text('"\\u001b]0;gone\\u0007" = 1\n[schedule]\nlearning_rate = "\\u001b[2J\\n"')
    calls = (
        ["trace", str(tmp_path / "a.toml")],
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
        code, printed, told = out(capsys, *call)
        assert (code, printed) == (2, "")
        assert told.endswith("\n")
        assert told[:-1].isprintable()
        assert len(told) <= len("gdviz: \n") + 300


def test_fewer_steps_than_the_scenario_has_changes(capsys):
    whole, part = (out(capsys, "trace", "rescue", *more)[1].splitlines() for more in ([], ["--steps", "10"]))
    assert part == whole[:12]
    told = out(capsys, "trace", "rescue", "--steps", "10")[2]
    assert told == "gdviz: --steps: the changes of the learning rate after step 10 are left out\n"
    assert out(capsys, "trace", "rescue", "--steps", "150")[2] == ""
    assert out(capsys, "")[0] == out(capsys, "", "ten")[0] == 2
    code, _, told = out(capsys, "map", "rescue", "--steps", "10", "--rates", "0.1:1:3")
    assert (code, told) == (0, "")


def test_a_number_is_possible_or_not_in_the_precision_that_is_asked_for(capsys):
    for rate in ("1e-50", "1e39"):
        assert out(capsys, "trace", "--learning-rate", rate, "--dtype", "float64", "--steps", "1")[0] == 0
        assert out(capsys, "trace", "--learning-rate", rate, "--steps", "1")[0] == 2


def test_runs_that_become_the_same_in_single_precision_are_one(capsys, tmp_path):
    path = tmp_path / "a.TOML"
    runs = "[[runs]]\nlearning_rate = 0.10000000001\n"
    path.write_text(f'title = "a"\nprecision = "float64"\n[schedule]\nlearning_rate = 0.1\n{runs}')
    assert out(capsys, "trace", str(path), "--run", "2")[0] == 0
    code, _, told = out(capsys, "trace", str(path), "--run", "2", "--dtype", "float32")
    assert (code, told) == (2, "gdviz: --run: there is no run 2 here; there is but run 1\n")
