"""What can be changed in a recipe, and what is refused."""

from dataclasses import replace

import pytest

from gdviz.core.dataset import DataSettings
from gdviz.core.errors import InputError
from gdviz.core.experiment import Experiment
from gdviz.core.problems import make_problem
from gdviz.core.regression import LinearRegression
from gdviz.core.schedules import Constant
from gdviz.model.recipe import (
    with_data,
    with_learning_rate,
    with_made,
    with_optimizer,
    with_precision,
    with_problem,
    with_reduction,
)

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


def test_other_data_are_still_summed_and_seen_in_batches():
    summed = replace(with_reduction(LECTURE, "sum"), batch_size=7)
    for changed in (with_data(summed, DataSettings(rows=7)), with_made(summed, LinearRegression(LECTURE.problem.data))):
        assert (changed.problem.reduction, changed.batch_size) == ("sum", 7)
    with pytest.raises(InputError, match=r"^batch_size: 7 is more than the data have; take 1 to 6$"):
        with_data(summed, DataSettings(rows=6))


def test_data_that_were_made_meanwhile_are_taken_as_they_are():
    made = LinearRegression(LECTURE.problem.data)
    assert with_made(LECTURE, made).problem is made


def test_batches_go_with_the_data():
    changed = with_problem(replace(LECTURE, batch_size=5, seed=3), "rosenbrock")
    assert (changed.batch_size, changed.seed) == (None, 3)
    for same in (with_reduction(changed, "sum"), with_made(changed, LinearRegression(LECTURE.problem.data))):
        assert same is changed


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
