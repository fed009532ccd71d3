"""`gdviz map` as a person meets it: what is printed, where, and with which exit code."""

import csv
import io
import math
import os
import subprocess
import sys

import numpy as np
import pytest

from gdviz.cli.main import run
from gdviz.cli.options import parse_rates
from gdviz.core.analysis.basins import basin_map
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import Momentum
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau
from gdviz.export.job import PictureJob
from gdviz.presentation.look import Pane, Theme


def out(capsys, *arguments):
    """Exit code, standard output and standard error of one call."""
    code = run(["map", *arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def rows_of(capsys, *arguments):
    code, printed, complaint = out(capsys, *arguments)
    assert (code, complaint) == (0, "")
    return list(csv.DictReader(io.StringIO(printed)))


@pytest.mark.parametrize("precision", Precision)
def test_every_line_is_that_of_a_trace(capsys, precision):
    arguments = ("--rates", "0.01:1000:7", "--steps", "150", "--dtype", precision, "--optimizer", "momentum")
    rows = rows_of(capsys, *arguments)
    assert list(rows[0]) == ["learning_rate", "step", "loss"]
    for index, rate in enumerate(np.geomspace(0.01, 1000.0, 7)):
        of_rate = rows[150 * index : 150 * (index + 1)]
        assert {row["learning_rate"] for row in of_rate} == {str(precision.dtype.type(rate))}
        assert [int(row["step"]) for row in of_rate] == list(range(1, 151))
        alone = Experiment(LinearRegression(), Momentum(), Constant(rate), (0.0, -1.0), 150, precision)
        assert [row["loss"] for row in of_rate] == [str(loss) for loss in record(alone).losses[1:]]
    losses = {row["loss"] for row in rows}
    assert {"inf", "nan"} <= losses


def test_the_usual_map(capsys):
    rows = rows_of(capsys)
    assert len(rows) == 256 * 200
    assert (rows[0]["learning_rate"], rows[-1]["learning_rate"]) == ("1e-04", "20.0")
    # As many steps as the run has, and the rate of the run on the map.
    few = rows_of(capsys, "--steps", "2", "--learning-rate", "70")
    assert len(few) == 256 * 2
    assert few[-1]["learning_rate"] == "70.0"


def test_of_a_range_test_the_steps_are_those_of_the_map(capsys):
    rows = rows_of(capsys, "range-test", "--rates", "0.1:0.1:1", "--steps", "300")
    assert [int(row["step"]) for row in rows] == list(range(1, 301))
    assert {row["learning_rate"] for row in rows} == {"0.1"}


def test_a_file_instead_of_standard_output(capsys, tmp_path):
    target = tmp_path / "a.csv"
    target.write_text("old")
    arguments = ("--rates", "0.1:1:3", "--steps", "4")
    code, _, told = out(capsys, *arguments, "-o", str(target))
    assert (code, target.read_text()) == (2, "old")
    assert told.endswith("a.csv: is there already; add --force to replace it, or take another name\n")
    assert out(capsys, *arguments, "-o", str(target), "--force") == (0, "", "")
    assert target.read_text() == out(capsys, *arguments)[1]
    assert os.listdir(tmp_path) == ["a.csv"]


def test_the_map_of_starting_points(capsys):
    rows = rows_of(capsys, "--basins", "--problem", "himmelblau", "--learning-rate", "0.015", "--steps", "40")
    assert list(rows[0]) == ["x", "y", "minimum_x", "minimum_y", "steps"]
    problem = Himmelblau()
    expected = basin_map(Experiment(problem, schedule=Constant(0.015), steps=40), problem.box, 256)
    assert len(rows) == 256 * 256
    assert {-2, -1, 0, 1, 2, 3} == set(expected.minimum.flat)
    first, second = expected.box.grid(256)
    for place in range(0, len(rows), 97):
        row, (i, j) = rows[place], divmod(place, 256)
        assert (row["x"], row["y"]) == (str(np.float32(first[i])), str(np.float32(second[j])))
        minimum, found = int(expected.minimum[i, j]), (row["minimum_x"], row["minimum_y"])
        if minimum < 0:
            assert (*found, row["steps"]) == (("nan", "nan", "") if minimum == -2 else ("", "", ""))
        else:
            assert found == tuple(str(np.float32(value)) for value in problem.minima[minimum])
            assert int(row["steps"]) == expected.steps[i, j]


@pytest.mark.parametrize(
    "arguments", [["--rates", "0.1:1:5", "a.png"], ["--basins", "--problem", "two-wells", "a.svg"]]
)
def test_a_picture(capsys, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    *settings, name = arguments
    assert out(capsys, *settings, "--size", "640x360", "--steps", "40", "-o", name) == (0, "", "")
    assert (tmp_path / name).read_bytes().startswith(b"\x89PNG" if name == "a.png" else b"<?xml")
    code, _, complaint = out(capsys, *settings, "-o", name)
    assert (code, complaint.count("\n")) == (2, 1)
    assert "is there already" in complaint


def drawn(capsys, monkeypatch, *arguments) -> PictureJob:
    """The job that the options ask for."""
    jobs = []
    monkeypatch.setattr("gdviz.cli.render.carry_out", lambda wanted, force: jobs.extend(wanted) or [])
    assert out(capsys, *arguments) == (0, "", "")
    (job,) = jobs
    return job


def test_what_a_picture_shows(capsys, monkeypatch):
    job = drawn(capsys, monkeypatch, "-o", "a.pdf", "--theme", "dark")
    assert (job.scene.look.pane, job.scene.look.theme, job.step) == (Pane.MAP, Theme.DARK, 200)
    assert job.scene.recordings[0].experiment.schedule == Constant(0.9)
    job = drawn(capsys, monkeypatch, "-o", "a.pdf", "--rates", "0.1:1:5", "--steps", "3000", "--step", "7")
    grid = job.scene.phase_map.grid
    assert (grid.lowest, grid.highest, grid.columns, grid.steps[-1]) == (0.1, 1.0, 5, 3000)
    assert len(grid.steps) <= 256
    assert (job.step, job.scene.recordings[0].last_step, job.scene.title) == (7, 3000, "Linear regression")
    job = drawn(capsys, monkeypatch, "range-test", "-o", "a.pdf", "--steps", "500")
    assert job.scene.phase_map.grid.steps[-1] == 500
    assert isinstance(job.scene.recordings[0].experiment.schedule, RangeTest)
    job = drawn(capsys, monkeypatch, "two-wells", "--basins", "-o", "a.pdf")
    assert job.scene.look.pane is Pane.BASINS


BAD = [
    (["--rates", "1:0.1:5"], "--rates: 0.1 is below 1; give the lowest rate first"),
    (["--rates", "0:1:5"], "--rates: 0 is no rate"),
    (["--rates", "1e-4:10:0"], "--rates: 0 rates are not possible"),
    (["--rates", "1e-4:10:-4"], "--rates: -4 rates are not possible"),
    (["--rates", "1e-4:10:1"], "--rates: one rate cannot be both 0.0001 and 10"),
    (["--rates", "1e-4:10:1000000000"], "--rates: 1,000,000,000 rates by 200 numbers of steps are too many cells"),
    (["--rates", "1e-4:10:1000", "--steps", "1000000"], "are too many cells; take 10,000,000 at most"),
    (["--rates", "1e-4:10:1" + "0" * 5000], "is not possible"),
    (["--rates", "a:b"], "--rates: 'a:b'"),
    (["--rates", "1e-4:inf:10"], "--rates: inf is no rate"),
    (["--rates", "nan:10:10"], "--rates: nan is no rate"),
    (["--rates", "1:1e39:3"], "too large for float32"),
    (["--rates", "1e-60:1:3"], "--rates: the rate 1e-60 is too small for float32"),
    (["--steps", "0"], "steps: 0 is not possible; take 1 to 1,000,000 steps"),
    (["--steps", "1000000000000"], "steps: 1000000000000 is not possible"),
    (["range-test", "--steps", "1000000000000"], "steps: 1000000000000 is not possible"),
    (["--steps", "inf"], "--steps: 'inf' is no whole number; take one such as 200"),
    (["--basins"], "has one minimum, the same from every start"),
    (["--basins", "-o", "a.png"], "has one minimum, the same from every start"),
    (["--basins", "--problem", "himmelblau", "--steps", "1000000"], "--steps: 1,000,000 steps from 256 by 256"),
    (["--basins", "--rates", "1e-4:10:5"], "--rates: a map of starting points is for one rate"),
    (["-o", "a.txt"], "a.txt: a map is written as one of .csv, .png, .svg, .pdf"),
    (["-o", "a.mp4"], "a.mp4: a map is written as one of .csv, .png, .svg, .pdf"),
    (["-o", "no/such/a.csv"], "there is no folder no/such; make it"),
    (["-o", "no/such/a.png"], "there is no folder"),
    (["-o", "a.png", "--pane", "surface"], "--pane: a map is drawn in the pane map; leave it out"),
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


def test_rates_as_they_are_typed():
    assert parse_rates("1e-4:10:200") == (1e-4, 10.0, 200)
    assert parse_rates(" 0.1 : 0.1 : 1 ") == (0.1, 0.1, 1)
    for text in ("", ":", "1:2", "1:2:3:4", "1:2:3.5", "1:2:", "x:2:3"):
        with pytest.raises(
            InputError, match=r"^--rates: .* is not possible; give the lowest, the highest and how many"
        ):
            parse_rates(text)
    assert math.isclose(parse_rates("1e-300:1e300:2")[1], 1e300)


def test_numbers_need_neither_display_nor_qt(tmp_path):
    code = (
        "import sys; from gdviz.cli.main import run; assert run(['map', '-o', 'a.csv', '--rates', '0.1:1:3']) == 0;"
        "sys.exit(any(name.partition('.')[0] in ('PySide6', 'pyqtgraph', 'OpenGL') for name in sys.modules))"
    )
    environment = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert os.listdir(tmp_path) == ["a.csv"]
