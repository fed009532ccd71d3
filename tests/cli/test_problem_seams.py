"""Problems that do not ship on the command line: options, traces, maps, range tests, pictures and animations."""

import csv
import io

import pytest

from gdviz.core.data.data_file import read_data_file
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.problems.registry import PROBLEMS
from tests.seams import Saddle, SmoothAbsolute, SteepSquares


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    for kind in (Saddle, SmoothAbsolute, SteepSquares):
        monkeypatch.setitem(PROBLEMS, kind.name, kind)


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def points(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("x,y\n0,1\n1,2\n2,4\n3,4\n")
    return path


@pytest.mark.parametrize("kind", [SmoothAbsolute, SteepSquares])
def test_a_trace_over_own_data_in_batches(kind, rows_of, points):
    arguments = ("--problem", kind.name, "--data", points, "--batch-size", "3", "--batch-seed", "7", "--steps", "12")
    rows = rows_of("trace", *arguments)
    problem = kind(read_data_file(points))
    rate = problem.suggested_learning_rate
    alone = record(Experiment(problem, schedule=Constant(rate), start=problem.start, steps=12, batch_size=3, seed=7))
    assert [row["loss"] for row in rows] == [str(loss) for loss in alone.losses]
    assert [row["gradient_w"] for row in rows] == [str(slope) for slope in alone.gradients[:, 0]]


def test_the_data_of_a_scenario_stay_with_another_problem(rows_of, points):
    kept = rows_of("trace", points, "--problem", "steep-squares", "--steps", "1")
    given = rows_of("trace", "--problem", "steep-squares", "--data", points, "--steps", "1")
    assert kept == given


@pytest.mark.parametrize("rows", ["30", "200"])
def test_rows_are_generated_for_any_problem_over_data(rows_of, rows):
    found = rows_of("trace", "--problem", "smooth-absolute", "--rows", rows, "--seed", "4", "--steps", "2")
    assert len(found) == 3


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("map", "--problem", "saddle", "--basins"), "--basins: Saddle has no known minimum for runs to reach"),
        (
            ("render", "--problem", "saddle", "-o", "a.png", "--pane", "basins"),
            "--pane: Saddle has no known minimum for runs to reach; choose another problem",
        ),
        (
            ("render", "--problem", "smooth-absolute", "-o", "a.png", "--tape"),
            "--tape: Smooth absolute error has no tape: its operations are not recorded",
        ),
        (
            ("trace", "--problem", "steep-squares", "--reduction", "sum"),
            "--reduction: the problem steep-squares has none",
        ),
        (("trace", "--problem", "saddle", "--reduction", "sum"), "--reduction: the problem saddle has no data"),
        (("trace", "--problem", "saddle", "--rows", "5"), "--rows: the problem saddle has no data"),
        (("trace", "--problem", "saddle", "--batch-size", "5"), "--batch-size: the problem saddle has no data"),
    ],
)
def test_what_there_is_not_is_said_in_a_line(gdviz, arguments, complaint):
    code, printed, said = gdviz(*arguments)
    assert (code, printed) == (2, "")
    assert said.startswith(f"gdviz: {complaint}")
    assert said.count("\n") == 1


@pytest.mark.parametrize("name", ["saddle", "smooth-absolute", "steep-squares"])
def test_maps_and_range_tests(rows_of, name):
    of_map = rows_of("map", "--problem", name, "--rates", "0.01:1:3", "--steps", "5")
    assert len(of_map) == 15
    swept = rows_of("range-test", "--problem", name, "--no-stop", "--rates", "0.001:1:20")
    assert len(swept) == 20


@pytest.mark.parametrize("name", ["saddle", "smooth-absolute", "steep-squares"])
@pytest.mark.parametrize("look", [(), ("--formula",), ("--pane", "map")], ids=["usual", "formula", "map"])
def test_pictures_and_animations(gdviz, tmp_path, name, look):
    code, printed, said = gdviz("render", "--problem", name, *look, "-o", tmp_path / "a.mp4", "--dry-run")
    assert (code, said) == (0, "")
    assert "a.mp4" in printed
    target = tmp_path / "small.gif"
    rows = () if name == "saddle" else ("--rows", "5")  # a map takes a while without a closed form
    size = ("--size", "480x300", "--steps", "0:3", "--pace", "every-step", "--samples", "0")
    code, _, said = gdviz("render", "--problem", name, *rows, *look, "-o", target, *size)
    assert (code, said.splitlines()[-1]) == (0, "small.gif: frame 4 of 4")
    assert target.read_bytes().startswith(b"GIF89a")


@pytest.mark.parametrize("size", [(), ("--batch-size", "8")], ids=["all rows", "batch"])
def test_a_picture_of_the_tape(gdviz, tmp_path, size):
    target = tmp_path / "tape.svg"
    code, _, said = gdviz(
        "render", "--problem", "steep-squares", "--tape", "--check", *size, "-o", target, "--step", "3"
    )
    assert (code, said) == (0, "")
    assert target.stat().st_size > 1000
