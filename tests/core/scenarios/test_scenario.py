"""What is read from a scenario file, and what holds where it says nothing."""

from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import PiecewiseConstant
from gdviz.core.descent.optimizers import GradientDescent, Nesterov
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.precision import Precision
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau
from gdviz.core.scenarios.scenario import Scenario, read_scenario
from tests.core.scenarios.scenario_files import data, runs, schedule, top, write


def test_defaults(tmp_path):
    scenario = read_scenario(write(tmp_path, top("")))
    experiment = Experiment(LinearRegression(), GradientDescent(), Constant(0.1), (0.0, -1.0), 200, Precision.FLOAT32)
    assert scenario == Scenario("a", experiment, "", "")


def test_everything_given(tmp_path):
    text = """\ufefftitle = "T"
question = "Q?"
proves = "P."
problem = "himmelblau"
start = [1, -2.5]
steps = 30
precision = "float64"
[optimizer]
name = "nesterov"
momentum = 0
[schedule]
name = "constant"
learning_rate = 1
changes = [[20, 0.5], [10, 0.25]]
"""
    scenario = read_scenario(write(tmp_path, text))
    changed = PiecewiseConstant(Constant(1.0), ((10, 0.25), (20, 0.5)))
    experiment = Experiment(Himmelblau(), Nesterov(0.0), changed, (1.0, -2.5), 30, Precision.FLOAT64)
    assert scenario == Scenario("T", experiment, "Q?", "P.")


def test_the_start_is_the_problems_own(tmp_path):
    assert read_scenario(write(tmp_path, top('problem = "rosenbrock"'))).experiment.start == (-1.2, 1.0)


def test_best_is_the_best_of_these_data(tmp_path):
    text = schedule('learning_rate = "best"\n[data]\nrows = 20\nx_range = [0, 4]\nseed = 2')
    x = generate(DataSettings(rows=20, x_range=(0.0, 4.0), seed=2)).x.astype(np.float64)
    smallest, largest = np.linalg.eigvalsh(2 * np.array([[np.mean(x * x), x.mean()], [x.mean(), 1]]))
    rate = read_scenario(write(tmp_path, text)).experiment.schedule.learning_rate
    assert rate == pytest.approx(2 / (smallest + largest))


@pytest.mark.parametrize(("seed", "is_known"), [("seed = 5\n", True), ("", False)])
def test_points_have_a_true_line_only_with_a_seed(tmp_path, seed, is_known):
    (tmp_path / "p.csv").write_text("x,y\n1,2\n3,4\n")
    for points in ('file = "p.csv"', "x = [1, 3]\ny = [2, 4]"):
        found = read_scenario(write(tmp_path, data(f"{seed}{points}"))).experiment.problem.data
        assert found.x.tolist() == [1.0, 3.0]
        assert found.y.tolist() == [2.0, 4.0]
        assert (found.noise is not None) == is_known


def test_a_run_shares_what_it_does_not_say(tmp_path):
    text = runs("changes = [[5, 0.3]]", "learning_rate = 0.2", "[runs.optimizer]\nmomentum = 0.5")
    text += '[optimizer]\nname = "nesterov"\nmomentum = 0.7\n'
    scenario = read_scenario(write(tmp_path, text))
    recipe = scenario.experiment
    assert scenario.others == (
        recipe.with_learning_rate(0.3, 5),
        recipe.with_learning_rate(0.2),
        replace(recipe, optimizer=Nesterov(0.5)),
    )
    # The changes stay, unless they are given: then those of the run take their place.
    changed = 'title = "a"\n[schedule]\nlearning_rate = 0.1\nchanges = [[3, 0.5]]\n'
    changed += "[[runs]]\nlearning_rate = 0.2\n[[runs]]\nchanges = []\n"
    kept, dropped = read_scenario(write(tmp_path, changed)).others
    assert kept.schedule == PiecewiseConstant(Constant(0.2), ((3, 0.5),))
    assert dropped.schedule == Constant(0.1)


def test_a_range_test_needs_nothing_but_its_name(tmp_path):
    path = write(tmp_path, schedule('name = "range-test"'))
    assert read_scenario(path).experiment.schedule == RangeTest()


@pytest.mark.parametrize(
    ("given", "ends"), [("", (1e-6, 0.1)), ("start = 1e-12", (1e-12, 0.1)), ("end = 1", (1e-6, 1))]
)
def test_a_range_test_without_rates_has_those_that_fit_its_data(tmp_path, given, ends):
    points = schedule(f'name = "range-test"\n{given}') + "[data]\nx = [10, 20, 40]\ny = [1, 2, 3]\n"
    assert read_scenario(write(tmp_path, points)).experiment.schedule == RangeTest(*ends)


def test_points_of_a_file_are_standardised_when_they_are_read(tmp_path):
    (tmp_path / "p.csv").write_text("x,y\n10,2\n30,4\n")
    for points in ('file = "p.csv"', "x = [10, 30]\ny = [2, 4]"):
        found = read_scenario(write(tmp_path, data(f"standardised = true\n{points}"))).experiment.problem.data
        assert (found.x.tolist(), found.drawn_x.tolist(), found.y.tolist()) == ([-1, 1], [10, 30], [2, 4])
        assert found.true_line is None


def test_a_run_without_a_style_has_the_next_that_is_free(tmp_path):
    runs = "[[runs]]\nlearning_rate = 0.2\n[[runs]]\nlearning_rate = 0.3\nstyle = 1\n"
    assert read_scenario(write(tmp_path, top("style = 2") + runs)).styles == (1, 2, 0)
