"""What can be changed in a recipe, and what is refused."""

import pytest

from gdviz.core.dataset import DataSettings
from gdviz.core.errors import InputError
from gdviz.core.experiment import Experiment
from gdviz.core.problems import make_problem
from gdviz.core.schedules import Constant
from gdviz.model.recipe import with_data, with_learning_rate, with_optimizer, with_precision, with_problem

LECTURE = Experiment(make_problem("linear-regression"), schedule=Constant(0.9), start=(0.0, -1.0))


def test_another_problem_brings_its_own_start_and_rate():
    changed = with_problem(LECTURE, "rosenbrock")
    assert (changed.start, changed.schedule(0)) == ((-1.2, 1.0), 0.001)
    assert with_problem(changed, "rosenbrock") is changed
    assert with_data(changed, DataSettings(seed=3)) is changed


def test_other_data_keep_everything_else():
    changed = with_data(LECTURE, DataSettings(rows=7, seed=3))
    assert changed.problem.data.x.size == 7
    assert (changed.start, changed.schedule, changed.steps) == (LECTURE.start, LECTURE.schedule, LECTURE.steps)


def test_a_rate_for_the_whole_run_forgets_the_changes():
    changed = with_learning_rate(LECTURE, 0.5, 20)
    assert [changed.schedule(step) for step in (0, 19, 20)] == [0.9, 0.9, 0.5]
    assert with_learning_rate(changed, 0.3, 0).schedule == Constant(0.3)


@pytest.mark.parametrize(
    "change",
    [
        lambda: with_precision(LECTURE, "float16"),
        lambda: with_optimizer(LECTURE, "sgd", {}),
        lambda: with_optimizer(LECTURE, "momentum", {"momentum": 2.0}),
        lambda: with_problem(LECTURE, "nowhere"),
        lambda: with_learning_rate(LECTURE, float("nan"), 0),
        lambda: with_learning_rate(LECTURE, float("inf"), 3),
    ],
)
def test_what_cannot_be_is_said_in_one_line(change):
    with pytest.raises(InputError) as refused:
        change()
    assert "\n" not in str(refused.value)
