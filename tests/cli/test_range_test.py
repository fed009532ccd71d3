"""`gdviz range-test` as a person meets it: what is printed, where, and with which exit code."""

import csv
import io

import numpy as np
import pytest

from gdviz.core.analysis.range_test import as_range_test, curve
from gdviz.core.analysis.suggestions import SUGGESTIONS, suggestions
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import Momentum
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import RangeTest
from gdviz.core.precision import Precision
from gdviz.core.problems.registry import make_problem
from gdviz.core.problems.regression import LinearRegression
from tests.data_sets import KILOMETRES

LECTURE = Experiment(LinearRegression(), start=(0.0, -1.0))


def assert_is_curve(rows, experiment, schedule):
    recording = record(as_range_test(experiment, schedule))
    found, number = curve(recording, recording.last_step), experiment.precision.dtype.type
    assert [number(row["learning_rate"]) for row in rows] == found.learning_rates.tolist()
    np.testing.assert_array_equal([number(row["loss"]) for row in rows], found.losses)
    np.testing.assert_array_equal([float(row["smoothed_loss"]) for row in rows], found.smoothed)


def test_the_curve_of_the_lecture(rows_of):
    rows = rows_of("range-test")
    assert list(rows[0]) == ["learning_rate", "loss", "smoothed_loss"]
    assert rows[0]["learning_rate"] == "1e-04"
    assert_is_curve(rows, LECTURE, RangeTest())


def test_its_settings(rows_of):
    arguments = ("--rates", "1e-5:1:60", "--fresh-steps", "3", "--smooth", "--no-stop", "--dtype", "float64")
    rows = rows_of("range-test", *arguments, "--problem", "himmelblau", "--optimizer", "momentum", "--momentum", "0.5")
    problem = make_problem("himmelblau")
    configuration = Experiment(problem, Momentum(0.5), start=problem.start, precision=Precision.FLOAT64)
    assert len(rows) == 60
    assert_is_curve(rows, configuration, RangeTest(1e-5, 1.0, 60, 3, smoothed=True, stops=False))


def test_the_number_of_steps_is_that_of_the_rates(rows_of):
    assert_is_curve(rows_of("range-test", "--steps", "30"), LECTURE, RangeTest(number=30))
    assert_is_curve(rows_of("range-test", "--steps", "30", "--rates", "1e-3:1:30"), LECTURE, RangeTest(1e-3, 1.0, 30))


def test_settings_of_a_scenario_are_the_defaults(rows_of, tmp_path):
    scenario = tmp_path / "mine.toml"
    scenario.write_text(
        'title = "Mine"\nstart = [0, -1]\n[schedule]\nname = "range-test"\n'
        "start = 1e-3\nend = 1.0\nnumber = 50\nsmoothed = true\nstops = false\n"
    )
    assert_is_curve(rows_of("range-test", str(scenario)), LECTURE, RangeTest(1e-3, 1.0, 50, smoothed=True, stops=False))
    arguments = ("--steps", "40", "--fresh-steps", "2", "--no-smooth", "--stop")
    assert_is_curve(rows_of("range-test", str(scenario), *arguments), LECTURE, RangeTest(1e-3, 1.0, 40, fresh_steps=2))


@pytest.mark.parametrize("dtype", Precision)
def test_picks(rows_of, dtype):
    rows = rows_of("range-test", "--picks", "--dtype", dtype)
    assert [row["pick"] for row in rows] == list(SUGGESTIONS)
    recording = record(as_range_test(Experiment(LECTURE.problem, start=LECTURE.start, precision=dtype), RangeTest()))
    expected = suggestions(curve(recording, recording.last_step), recording.experiment)
    found = {row["pick"]: row["learning_rate"] for row in rows}
    assert float(found["limit"]) == expected["limit"]
    assert float(found["best"]) == expected["best"]
    rates = [row["learning_rate"] for row in rows_of("range-test", "--dtype", dtype)]
    for name in ("minimum", "steep", "valley", "slide"):
        assert found[name] in rates
        assert float(dtype.dtype.type(found[name])) == expected[name]
    assert float(dtype.dtype.type(found["tenth"])) == expected["tenth"]


def test_a_pick_that_diverges_says_so(rows_of):
    verdicts = {row["pick"]: row["after_200_steps"] for row in rows_of("range-test", "--picks")}
    assert verdicts["minimum"] == "diverging"
    assert "diverging" not in (verdicts["tenth"], verdicts["steep"], verdicts["valley"], verdicts["best"])


@pytest.fixture
def of_kilometres(gdviz, tmp_path):
    """The rows that are printed of a range test on unscaled data, of which there is a note besides."""
    path = tmp_path / "kilometres.csv"
    path.write_text("x,y\n" + "".join(f"{x},{y}\n" for x, y in zip(*KILOMETRES, strict=True)))

    def rows(*options):
        code, printed, told = gdviz("range-test", path, *options)
        assert (code, told.count("\n")) == (0, 1)
        return list(csv.DictReader(io.StringIO(printed)))

    return rows


def test_the_rates_follow_the_data_and_fastais_rules_are_there(of_kilometres):
    assert of_kilometres()[0]["learning_rate"] == "1e-14"
    picks = {row["pick"]: float(row["learning_rate"]) for row in of_kilometres("--picks")}
    theirs = {row["pick"]: float(row["learning_rate"]) for row in of_kilometres("--picks", "--rules", "fastai")}
    assert picks["minimum"] == theirs["minimum"]
    assert picks["slide"] < theirs["slide"]  # theirs is where the loss does not fall


def test_where_nothing_is_picked_it_says_why(gdviz):
    code, printed, told = gdviz("range-test", "--picks", "--rates", "10:1e6:100")
    assert code == 0
    assert [row["pick"] for row in csv.DictReader(io.StringIO(printed))] == ["limit", "best"]
    assert told.startswith("gdviz: The loss rises from the first rates on")
    assert told.endswith("Use rates from 0.0001 to 10.\n")


def test_the_rules_of_a_file_are_the_defaults(gdviz, tmp_path):
    path = tmp_path / "a.toml"
    path.write_text('title = "A"\n[schedule]\nname = "range-test"\nfastai_rules = true\n')
    options = ("--picks", "--rates", "1e-5:0.001:100")
    theirs = gdviz("range-test", path, *options)
    assert theirs == gdviz("range-test", path, *options, "--rules", "fastai")
    assert theirs != gdviz("range-test", path, *options, "--rules", "checked")


def test_picks_of_a_surface_have_neither_limit_nor_best(gdviz):
    code, printed, told = gdviz("range-test", "--picks", "--problem", "rosenbrock")
    assert (code, told) == (0, "gdviz: no limit is known, so it is not among the picks\n")
    assert [line.split(",")[0] for line in printed.splitlines()] == ["pick", *SUGGESTIONS[:5]]


def test_with_a_file_the_suggestions_are_still_printed(output_of, tmp_path):
    curve = output_of("range-test")
    target = tmp_path / "a.csv"
    assert output_of("range-test", "--picks", "-o", target).startswith("pick,learning_rate,after_200_steps\n")
    assert target.read_text() == curve
