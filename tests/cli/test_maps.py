"""`gdviz map` as a person meets it: what is printed, where, and with which exit code."""

import math

import numpy as np
import pytest

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
from gdviz.presentation.look import Theme


@pytest.mark.parametrize("precision", Precision)
def test_every_line_is_that_of_a_trace(rows_of, precision):
    arguments = ("--rates", "0.01:1000:7", "--steps", "150", "--dtype", precision, "--optimizer", "momentum")
    rows = rows_of("map", *arguments)
    assert list(rows[0]) == ["learning_rate", "step", "loss"]
    for index, rate in enumerate(np.geomspace(0.01, 1000.0, 7)):
        of_rate = rows[150 * index : 150 * (index + 1)]
        assert {row["learning_rate"] for row in of_rate} == {str(precision.dtype.type(rate))}
        assert [int(row["step"]) for row in of_rate] == list(range(1, 151))
        alone = Experiment(LinearRegression(), Momentum(), Constant(rate), (0.0, -1.0), 150, precision)
        assert [row["loss"] for row in of_rate] == [str(loss) for loss in record(alone).losses[1:]]
    losses = {row["loss"] for row in rows}
    assert {"inf", "nan"} <= losses


def test_the_usual_map(rows_of):
    rows = rows_of("map")
    assert len(rows) == 256 * 200
    assert (rows[0]["learning_rate"], rows[-1]["learning_rate"]) == ("1e-04", "20.0")
    # As many steps as the run has, and the rate of the run on the map.
    few = rows_of("map", "--steps", "2", "--learning-rate", "70")
    assert len(few) == 256 * 2
    assert few[-1]["learning_rate"] == "70.0"


def test_of_a_range_test_the_steps_are_those_of_the_map(rows_of):
    rows = rows_of("map", "range-test", "--rates", "0.1:0.1:1", "--steps", "300")
    assert [int(row["step"]) for row in rows] == list(range(1, 301))
    assert {row["learning_rate"] for row in rows} == {"0.1"}


def test_the_map_of_starting_points(rows_of):
    rows = rows_of("map", "--basins", "--problem", "himmelblau", "--learning-rate", "0.015", "--steps", "40")
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


def test_what_a_picture_shows(jobs_of):
    (job,) = jobs_of("map", "-o", "a.pdf", "--theme", "dark")
    assert (job.scene.look.pane, job.scene.look.theme, job.step) == ("map", Theme.DARK, 200)
    assert job.scene.recordings[0].experiment.schedule == Constant(0.9)
    (job,) = jobs_of("map", "-o", "a.pdf", "--rates", "0.1:1:5", "--steps", "3000", "--step", "7")
    grid = job.scene.chart.grid
    assert (grid.lowest, grid.highest, grid.columns, grid.steps[-1]) == (0.1, 1.0, 5, 3000)
    assert len(grid.steps) <= 256
    assert (job.step, job.scene.recordings[0].last_step, job.scene.title) == (7, 3000, "Linear regression")
    (job,) = jobs_of("map", "range-test", "-o", "a.pdf", "--steps", "500")
    assert job.scene.chart.grid.steps[-1] == 500
    assert isinstance(job.scene.recordings[0].experiment.schedule, RangeTest)
    (job,) = jobs_of("map", "two-wells", "--basins", "-o", "a.pdf")
    assert job.scene.look.pane == "basins"


def test_rates_as_they_are_typed():
    assert parse_rates("1e-4:10:200") == (1e-4, 10.0, 200)
    assert parse_rates(" 0.1 : 0.1 : 1 ") == (0.1, 0.1, 1)
    for text in ("", ":", "1:2", "1:2:3:4", "1:2:3.5", "1:2:", "x:2:3"):
        with pytest.raises(
            InputError, match=r"^--rates: .* is not possible; give the lowest, the highest and how many"
        ):
            parse_rates(text)
    assert math.isclose(parse_rates("1e-300:1e300:2")[1], 1e300)
