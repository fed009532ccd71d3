"""The exact solution on a quadratic, against runs that take each step."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gdviz.core.analysis.quadratic import (
    MANY_STEPS,
    TOLERANCE,
    StepsToTolerance,
    crawling_limit,
    has_exact_solution,
    steps_to_tolerance,
)
from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.checkpoint import start
from gdviz.core.descent.experiment import MAX_STEPS, Experiment
from gdviz.core.descent.loop import walk
from gdviz.core.descent.optimizers import Evaluation, GradientDescent, Momentum, Nesterov
from gdviz.core.descent.schedules import Constant
from gdviz.core.precision import Precision
from gdviz.core.problems.problem import curvature, minimum_loss
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau
from tests.seams import SignDescent

pytestmark = pytest.mark.unmeasured  # dear to measure; what it meets is met elsewhere

LECTURE = LinearRegression()
RULES = [GradientDescent(), Momentum(), Nesterov(), Momentum(0.0), Nesterov(0.99)]
momenta = st.sampled_from([0.0, 0.3, 0.9, 0.99])
rules = st.one_of(st.just(GradientDescent()), st.builds(Momentum, momenta), st.builds(Nesterov, momenta))


def experiment(optimizer=GradientDescent(), problem=LECTURE, start=(0.0, -1.0)):  # noqa: B008 - frozen
    return Experiment(problem, optimizer, start=start, precision=Precision.FLOAT64)


def limit_of(recipe):
    return recipe.optimizer.stability_limit(curvature(recipe.problem, recipe.start).largest)


def parts_left(recipe, rate, steps):
    """What is left of the start's loss at each step of a run in double precision."""
    rates = [np.float64(rate)] * (steps + 1)
    with np.errstate(all="ignore"):
        points = np.array([step.point for step in walk(recipe, start(recipe), rates)])
        above = recipe.problem.loss(*points.T) - minimum_loss(recipe.problem)
        left = above / above[0]
    return left[: int(np.isfinite(left).cumprod().sum())]


@settings(deadline=None, max_examples=60)
@given(
    optimizer=rules,
    seed=st.integers(0, 1000),
    rows=st.integers(2, 30),
    width=st.floats(0.2, 5.0),
    begin=st.tuples(st.floats(-3, 3), st.floats(-3, 3)),
    part=st.floats(0.02, 1.2),
)
def test_it_is_the_first_such_step_of_the_run(optimizer, seed, rows, width, begin, part):
    data = DataSettings(rows=rows, x_range=(0.0, width), seed=seed, noise=0.1)
    recipe = experiment(optimizer, LinearRegression(generate(data)), begin)
    assume(math.dist(begin, recipe.problem.minima[0]) > 0.1)
    left = parts_left(recipe, part * limit_of(recipe), 600)
    found = steps_to_tolerance(recipe, part * limit_of(recipe))
    assume(not (np.abs(left - 0.01) < 1e-11).any())
    arrived = np.flatnonzero(left <= 0.01)
    if arrived.size:
        assert found.steps == arrived[0]
    else:
        assert found.steps is None or found.steps > 600
    if found.always_rises:
        assert found.is_unreachable
        assert (np.diff(left) > 0).all()


@pytest.mark.parametrize("optimizer", RULES, ids=str)
def test_below_the_limit_it_arrives_and_beyond_it_never(optimizer):
    recipe = experiment(optimizer)
    assert steps_to_tolerance(recipe, 0.97 * limit_of(recipe)).steps is not None
    never = StepsToTolerance(None, is_unreachable=True, always_rises=True)
    assert steps_to_tolerance(recipe, 1.2 * limit_of(recipe)) == never


@pytest.mark.parametrize(("rate", "steps"), [(1e-4, 12466), (1e-3, 1246), (0.1, 12), (0.5, 3), (0.77, 163)])
def test_the_lectures_rates_arrive_at_the_step_of_the_run(rate, steps):
    assert steps_to_tolerance(experiment(), rate) == StepsToTolerance(steps)
    left = parts_left(experiment(), rate, steps)
    assert left[-1] <= 0.01 < left[:-1].min()


@pytest.mark.parametrize("rate", [0.9, 1.0, 10.0])
def test_nothing_will_ever_help_the_lectures_large_rates(rate):
    assert steps_to_tolerance(experiment(), rate) == StepsToTolerance(None, is_unreachable=True, always_rises=True)


@pytest.mark.parametrize("optimizer", RULES, ids=str)
@pytest.mark.parametrize("rate", [0.0, -0.1])
def test_what_stays_or_goes_uphill_never_arrives(optimizer, rate):
    found = steps_to_tolerance(experiment(optimizer), rate)
    assert found == StepsToTolerance(None, is_unreachable=True, always_rises=rate < 0)


def test_at_the_limit_itself_it_swings_for_ever():
    assert steps_to_tolerance(experiment(), limit_of(experiment())) == StepsToTolerance(None, is_unreachable=True)


@pytest.mark.parametrize("optimizer", RULES, ids=str)
def test_a_rate_that_rounding_makes_nothing_of_is_not_never(optimizer):
    assert steps_to_tolerance(experiment(optimizer), 1e-20) == StepsToTolerance(None, is_unreachable=False)


def test_more_than_the_most_steps_is_not_never():
    late = steps_to_tolerance(experiment(), 1e-6)
    assert late == StepsToTolerance(None, is_unreachable=False)
    in_time = steps_to_tolerance(experiment(), 1.25e-6)
    assert in_time.steps is not None
    assert in_time.steps == pytest.approx(12466 * 1e-4 / 1.25e-6, rel=1e-3)
    assert in_time.steps <= MAX_STEPS


def test_it_may_arrive_before_it_diverges():
    """Nearly all of the start lies along the flat axis, and the little along the steep one grows but slowly."""
    hessian = LECTURE.hessian((0.0, 0.0))
    _, axes = np.linalg.eigh(hessian)
    begin = np.array(LECTURE.minima[0]) + axes @ np.array([1.0, 1e-9])
    recipe = experiment(start=tuple(begin.tolist()))
    rate = 1.05 * limit_of(recipe)
    left = parts_left(recipe, rate, 1000)
    assert left[-1] > 1.0
    assert steps_to_tolerance(recipe, rate) == StepsToTolerance(int(np.argmax(left <= 0.01)))


@pytest.mark.parametrize("optimizer", RULES, ids=str)
@pytest.mark.parametrize("rate", [1e10, 1e300, 1.7e308])
def test_a_rate_of_any_size_has_an_answer(optimizer, rate):
    never = StepsToTolerance(None, is_unreachable=True, always_rises=True)
    assert steps_to_tolerance(experiment(optimizer), rate) == never


@pytest.mark.parametrize("optimizer", RULES, ids=str)
def test_a_start_at_the_minimum_needs_no_step(optimizer):
    assert steps_to_tolerance(experiment(optimizer, start=LECTURE.minima[0]), 0.9) == StepsToTolerance(0)


def test_a_flat_direction_is_no_obstacle():
    """With one x in all rows, only one combination of the parameters matters."""
    problem = LinearRegression(from_points([2.0, 2.0], [1.0, 3.0], None, "two points"))
    recipe = experiment(problem=problem, start=(5.0, 7.0))
    left = parts_left(recipe, 0.05, 20)
    assert steps_to_tolerance(recipe, 0.05) == StepsToTolerance(int(np.argmax(left <= 0.01)))
    assert steps_to_tolerance(recipe, 0.05).steps == 4


@pytest.mark.parametrize("far", [1e-150, 1e300])
def test_the_way_may_be_of_any_length(far):
    problem = LinearRegression(from_points([-1.0, 1.0], [0.0, 0.0], None, "a line through the origin"))
    near = experiment(problem=problem, start=(1.0, -2.0))
    assert steps_to_tolerance(experiment(problem=problem, start=(far, -2 * far)), 0.1) == steps_to_tolerance(near, 0.1)
    assert steps_to_tolerance(near, 0.1) == StepsToTolerance(11)


def test_the_start_is_rounded_as_the_run_rounds_it():
    """In single precision a start at the minimum is beside it, and from there the way is as long as any."""
    minimum = LECTURE.minima[0]
    rounded = tuple(np.array(minimum, np.float32).astype(np.float64).tolist())
    found = steps_to_tolerance(Experiment(LECTURE, start=minimum), 0.1)
    assert found == steps_to_tolerance(experiment(start=rounded), 0.1)
    assert found.steps > 0


def test_where_there_is_no_exact_course_it_says_so():
    recipe = Experiment(Himmelblau())
    assert not has_exact_solution(recipe)
    assert has_exact_solution(experiment())
    with pytest.raises(ValueError, match="gd on himmelblau"):
        steps_to_tolerance(recipe, 0.01)


def test_a_rule_that_is_not_linear_has_no_exact_course():
    recipe = Experiment(LECTURE, SignDescent())
    assert not has_exact_solution(recipe)
    with pytest.raises(ValueError, match="sign on linear-regression"):
        steps_to_tolerance(recipe, 0.01)


def test_what_was_found_is_remembered():
    found = steps_to_tolerance(experiment(start=(0.25, -1.5)), 0.123)
    longer = Experiment(LECTURE, schedule=Constant(0.5), start=(0.25, -1.5), steps=7, precision=Precision.FLOAT64)
    assert steps_to_tolerance(longer, 0.123) is found


# The rate up to which it crawls


def steps_along_the_valley(optimizer, problem, rate):
    """After how many steps a simulated run that starts off the minimum along the smallest curvature stays within it."""
    smallest = float(np.linalg.eigvalsh(problem.hessian(problem.start))[0])
    away, outside = np.ones(1), 0
    state = optimizer.init(away)
    for step in range(1, 2 * MANY_STEPS):
        direction, state = optimizer.update(Evaluation(away, smallest * away), state)
        away = away - rate * direction
        outside = step if away[0] ** 2 > TOLERANCE else outside
    return outside + 1


@settings(max_examples=30, deadline=None)
@given(
    optimizer=st.one_of(
        st.just(GradientDescent()), *(st.builds(rule, st.floats(0.0, 0.95)) for rule in (Momentum, Nesterov))
    ),
    spread=st.floats(0.3, 3.0),
    centre=st.floats(-2.0, 2.0),
)
def test_from_the_crawling_limit_on_the_slowest_direction_needs_fewer_steps(optimizer, spread, centre):
    x = centre + spread * np.linspace(-1.0, 1.0, 20)
    problem = LinearRegression(from_points(x, 0.1 * x + 0.5, DataSettings(), "test"))
    limit = crawling_limit(problem, optimizer, np.array(problem.start))
    margin = 1e-6 if isinstance(optimizer, GradientDescent) else 0.05  # a buffer that starts empty costs a few steps
    assert steps_along_the_valley(optimizer, problem, limit * (1.0 - margin)) > MANY_STEPS
    assert steps_along_the_valley(optimizer, problem, limit * (1.0 + margin)) <= MANY_STEPS


def test_no_rate_makes_up_for_a_memory_that_is_too_long():
    limit = crawling_limit(LECTURE, Momentum(0.999), np.zeros(2))
    assert limit == math.inf
    assert steps_along_the_valley(Momentum(0.999), LECTURE, 0.1) > MANY_STEPS


def test_where_the_crawling_limit_is_unknown():
    hill, well = np.zeros(2), np.array([3.0, 2.0])
    assert crawling_limit(Himmelblau(), GradientDescent(), hill) is None
    smallest = float(np.linalg.eigvalsh(Himmelblau().hessian(well))[0])
    assert crawling_limit(Himmelblau(), GradientDescent(), well) == pytest.approx(0.0023 / smallest, rel=2e-3)
    assert crawling_limit(LECTURE, SignDescent(), hill) is None
    assert crawling_limit(LECTURE, GradientDescent(weight_decay=0.1), hill) is None
