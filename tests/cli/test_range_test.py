"""`gdviz range-test` as a person meets it: what is printed, where, and with which exit code."""

import csv
import io
import os
import subprocess
import sys

import numpy as np
import pytest

from gdviz.cli.main import run
from gdviz.core.analysis.range_test import SUGGESTIONS, as_range_test, curve, suggestions
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import Momentum
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import RangeTest
from gdviz.core.precision import Precision
from gdviz.core.problems.registry import make_problem
from gdviz.core.problems.regression import LinearRegression

LECTURE = Experiment(LinearRegression(), start=(0.0, -1.0))


def out(capsys, *arguments):
    """Exit code, standard output and standard error of one call."""
    code = run(["range-test", *arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def rows_of(capsys, *arguments):
    code, printed, complaint = out(capsys, *arguments)
    assert (code, complaint) == (0, "")
    return list(csv.DictReader(io.StringIO(printed)))


def assert_is_curve(rows, experiment, schedule):
    recording = record(as_range_test(experiment, schedule))
    found, number = curve(recording, recording.last_step), experiment.precision.dtype.type
    assert [number(row["learning_rate"]) for row in rows] == found.learning_rates.tolist()
    np.testing.assert_array_equal([number(row["loss"]) for row in rows], found.losses)
    np.testing.assert_array_equal([float(row["smoothed_loss"]) for row in rows], found.smoothed)


def test_the_curve_of_the_lecture(capsys):
    rows = rows_of(capsys)
    assert list(rows[0]) == ["learning_rate", "loss", "smoothed_loss"]
    assert rows[0]["learning_rate"] == "1e-04"
    assert_is_curve(rows, LECTURE, RangeTest())


def test_its_settings(capsys):
    arguments = ("--rates", "1e-5:1:60", "--fresh-steps", "3", "--smooth", "--no-stop", "--dtype", "float64")
    rows = rows_of(capsys, *arguments, "--problem", "himmelblau", "--optimizer", "momentum", "--momentum", "0.5")
    problem = make_problem("himmelblau")
    recipe = Experiment(problem, Momentum(0.5), start=problem.start, precision=Precision.FLOAT64)
    assert len(rows) == 60
    assert_is_curve(rows, recipe, RangeTest(1e-5, 1.0, 60, 3, smoothed=True, stops=False))


def test_the_number_of_steps_is_that_of_the_rates(capsys):
    assert_is_curve(rows_of(capsys, "--steps", "30"), LECTURE, RangeTest(number=30))
    assert_is_curve(rows_of(capsys, "--steps", "30", "--rates", "1e-3:1:30"), LECTURE, RangeTest(1e-3, 1.0, 30))


def test_settings_of_a_scenario_are_the_defaults(capsys, tmp_path):
    scenario = tmp_path / "mine.toml"
    scenario.write_text(
        'title = "Mine"\nstart = [0, -1]\n[schedule]\nname = "range-test"\n'
        "start = 1e-3\nend = 1.0\nnumber = 50\nsmoothed = true\nstops = false\n"
    )
    assert_is_curve(rows_of(capsys, str(scenario)), LECTURE, RangeTest(1e-3, 1.0, 50, smoothed=True, stops=False))
    arguments = ("--steps", "40", "--fresh-steps", "2", "--no-smooth", "--stop")
    assert_is_curve(rows_of(capsys, str(scenario), *arguments), LECTURE, RangeTest(1e-3, 1.0, 40, fresh_steps=2))


@pytest.mark.parametrize("dtype", Precision)
def test_picks(capsys, dtype):
    rows = rows_of(capsys, "--picks", "--dtype", dtype)
    assert [row["pick"] for row in rows] == list(SUGGESTIONS)
    recording = record(as_range_test(Experiment(LECTURE.problem, start=LECTURE.start, precision=dtype), RangeTest()))
    expected = suggestions(curve(recording, recording.last_step), recording.experiment)
    found = {row["pick"]: row["learning_rate"] for row in rows}
    assert float(found["limit"]) == expected["limit"]
    assert float(found["best"]) == expected["best"]
    rates = [row["learning_rate"] for row in rows_of(capsys, "--dtype", dtype)]
    for name in ("minimum", "steep", "valley", "slide"):
        assert found[name] in rates
        assert float(dtype.dtype.type(found[name])) == expected[name]
    assert float(dtype.dtype.type(found["tenth"])) == expected["tenth"]


def test_picks_of_a_surface_have_neither_limit_nor_best(capsys):
    rows = rows_of(capsys, "--picks", "--problem", "rosenbrock")
    assert [row["pick"] for row in rows] == list(SUGGESTIONS[:5])


def test_a_file_instead_of_standard_output(capsys, tmp_path):
    _, printed, _ = out(capsys)
    target = tmp_path / "a.csv"
    target.write_text("old")
    code, _, told = out(capsys, "-o", str(target))
    assert (code, target.read_text()) == (2, "old")
    assert told.endswith("a.csv: is there already; add --force to replace it, or take another name\n")
    assert out(capsys, "-o", str(target), "--force") == (0, "", "")
    assert target.read_text() == printed
    code, printed, _ = out(capsys, "--picks", "-o", str(target), "--force")
    assert (code, printed.splitlines()[0]) == (0, "pick,learning_rate")


@pytest.mark.parametrize("name", ["a.png", "a.svg"])
def test_a_picture(capsys, tmp_path, name):
    target = tmp_path / name
    arguments = ("--pane", "contour", "--size", "640x360", "--steps", "40", "-o", str(target))
    assert out(capsys, *arguments) == (0, "", "")
    assert target.read_bytes().startswith(b"\x89PNG" if name == "a.png" else b"<?xml")
    code, _, complaint = out(capsys, *arguments)
    assert (code, complaint.count("\n")) == (2, 1)
    assert "is there already" in complaint


BAD = [
    (["--rates", "0:1:5"], "0 "),
    (["--rates", "1:0.1:5"], "0.1 "),
    (["--rates", "1:1:5"], "the end 1 is not above the start 1"),
    (["--rates", "1e-4:10:1"], "1 rates are not possible"),
    (["--rates", "1e-4:10:10001"], "10001 rates are not possible"),
    (["--rates", "a:b"], "'a:b'"),
    (["--rates", "1e-4:10"], "'1e-4:10'"),
    (["--rates", "nan"], "'nan'"),
    (["--rates", "1e-4:inf:10"], "inf"),
    (["--rates", "nan:10:10"], "nan"),
    (["--rates", "1e-60:1:10"], "start 1e-60 is too small for float32"),
    (["--steps", "1"], "1 rates are not possible"),
    (["--steps", "0"], "0 rates are not possible"),
    (["--steps", "inf"], "--steps: 'inf' is no whole number; take one such as 200"),
    (["--steps", "30", "--rates", "1e-4:10:20"], "--steps: 30 rates contradict --rates 1e-4:10:20"),
    (["--fresh-steps", "-1"], "--fresh-steps: -1 is not possible; take 0 to 99"),
    (["--fresh-steps", "100"], "--fresh-steps: 100 is not possible; take 0 to 99"),
    (["--learning-rate", "0.1"], "--learning-rate: a range test tries"),
    (["-o", "a.txt"], "a.txt: a range test is written as one of .csv, .png, .svg, .pdf"),
    (["-o", "a.mp4"], "a.mp4: a range test is written as one of .csv, .png, .svg, .pdf"),
    (["-o", "no/such/a.csv"], "there is no folder no/such; make it"),
    (["-o", "no/such/a.png"], "there is no folder"),
    (["-o", "a.png", "--step", "900"], "--step: 900 is not in this run"),
    (["-o", "a.csv", "--theme", "dark"], "--theme: is for pictures"),
    (["--text-scale", "1.5"], "--text-scale: is for pictures"),
    (["nowhere"], "no scenario 'nowhere'"),
    (["--colour"], "--colour: there is no such option"),
]


@pytest.mark.parametrize(("arguments", "expected"), BAD)
def test_bad_input_is_one_line_and_exit_code_two(capsys, tmp_path, monkeypatch, arguments, expected):
    monkeypatch.chdir(tmp_path)
    code, printed, complaint = out(capsys, *arguments)
    assert (code, printed) == (2, "")
    assert complaint.startswith("gdviz: ")
    assert complaint.count("\n") == 1
    assert expected in complaint
    assert list(tmp_path.iterdir()) == []


def test_numbers_need_neither_display_nor_qt(tmp_path):
    code = (
        "import sys; from gdviz.cli.main import run; assert run(['range-test', '-o', 'a.csv', '--picks']) == 0;"
        "sys.exit(any(name.partition('.')[0] in ('PySide6', 'pyqtgraph', 'OpenGL') for name in sys.modules))"
    )
    environment = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("pick,learning_rate\nminimum,")
    assert os.listdir(tmp_path) == ["a.csv"]
