"""The map of rate and steps: every cell is that of a run, however the work is divided."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.analysis import phase_map as maps
from gdviz.core.analysis.phase_map import (
    CHUNK_SIZE,
    MAX_CELLS,
    ChunkSize,
    MapGrid,
    compute,
    default_grid,
    log_spaced_steps,
    loss_targets,
    phase_map,
)
from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.experiment import MAX_STEPS, Experiment
from gdviz.core.descent.loop import walk
from gdviz.core.descent.optimizers import GradientDescent, Momentum, Nesterov
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.errors import InputError
from gdviz.core.long_work import between_pieces
from gdviz.core.precision import Precision
from gdviz.core.problems import row_wise
from gdviz.core.problems.problem import minimum_loss
from gdviz.core.problems.registry import PROBLEMS
from gdviz.core.problems.regression import LinearRegression
from tests.seams import RULES, WITH_RATE, Broken

LECTURE = Experiment(LinearRegression(), schedule=Constant(0.9), start=(0.0, -1.0))
problems = st.one_of(
    st.sampled_from([kind() for kind in PROBLEMS.values()]),
    st.builds(lambda rows: LinearRegression(generate(DataSettings(rows=rows))), st.integers(1, 40)),
)
experiments = st.builds(
    Experiment,
    problem=problems,
    optimizer=st.sampled_from([kind() for kind in WITH_RATE]),
    schedule=st.sampled_from([Constant(0.3), RangeTest(), RangeTest(fresh_steps=3)]),
    start=st.tuples(st.floats(-3, 3), st.floats(-3, 3)),
    steps=st.just(7),
    precision=st.sampled_from(Precision),
)
grids = st.builds(
    lambda lowest, factor, columns, steps: MapGrid(lowest, lowest * factor, columns, tuple(sorted(steps))),
    st.sampled_from([1e-4, 0.003, 0.1]),
    st.sampled_from([2.0, 1e3, 1e30]),
    st.integers(2, 9),
    st.sets(st.integers(1, 70), min_size=1, max_size=12),
)


def losses_of_runs(experiment, grid):
    """From each rate alone: shape (all steps from 0 on, columns)."""
    recipe = {name: getattr(experiment, name) for name in ("problem", "optimizer", "start", "precision")}
    runs = [Experiment(**recipe, schedule=Constant(rate), steps=grid.steps[-1]) for rate in grid.learning_rates]
    return np.stack([record(run).losses for run in runs], axis=1)


def first_arrival(losses, problem):
    minimum = minimum_loss(problem)
    for step, loss in enumerate(losses.tolist()):
        if minimum is not None and math.isfinite(losses[0]) and loss <= minimum + 0.01 * (float(losses[0]) - minimum):
            return step
    return -1


@pytest.mark.unmeasured
@settings(deadline=None, max_examples=60)
@given(experiments, grids, st.integers(1, 5), st.integers(1, 40), st.integers(1, 3000))
def test_every_cell_is_that_of_a_run(experiment, grid, columns, steps, cost):
    found = phase_map(experiment, grid, ChunkSize(columns, steps, cost))
    runs = losses_of_runs(experiment, grid)
    assert found.is_complete
    assert found.losses.dtype == experiment.precision.dtype
    assert found.losses.tobytes() == runs[list(grid.steps)].tobytes()
    assert found.needed.tolist() == [first_arrival(column, experiment.problem) for column in runs.T]


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("rule", [*WITH_RATE, *RULES, Broken])
@pytest.mark.parametrize("name", ["linear-regression", "rosenbrock", "himmelblau", "two-wells"])
def test_every_cell_is_that_of_a_run_whatever_the_rule(name, rule, precision):
    problem = PROBLEMS[name]()
    experiment = Experiment(problem, rule(), start=problem.start, precision=precision)
    grid = MapGrid(1e-4, 1e6, 5, (1, 2, 5, 20))
    found = phase_map(experiment, grid)
    assert found.losses.dtype == precision.dtype
    np.testing.assert_array_equal(found.losses, losses_of_runs(experiment, grid)[list(grid.steps)])


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("rule", [GradientDescent(), Momentum(), Nesterov()])
def test_cells_that_are_infinite_or_not_a_number(rule, precision):
    experiment = Experiment(LinearRegression(), rule, precision=precision)
    found = phase_map(experiment, MapGrid(1e-4, 1e6, 11, (1, 2, 5, 10, 20, 50, 100, 150)))
    assert {"finite", "inf", "nan"} == {
        "nan" if math.isnan(loss) else "inf" if math.isinf(loss) else "finite" for loss in found.losses.flat
    }


def test_the_lecture():
    rates = np.array([0.736, 0.77, 0.78, 0.9])
    grid = MapGrid(0.01, 0.9, 200, tuple(range(1, 201)))
    found = phase_map(LECTURE, grid)
    limit = grid.learning_rates < 0.7755
    assert np.isfinite(found.losses[:, limit]).all()
    assert (found.losses[-1, limit] < found.losses[0, limit]).all()
    assert (found.losses[-1, ~limit] > found.losses[0, ~limit]).all()
    assert np.isinf(found.losses[149, -1])
    assert np.isfinite(found.losses[148, -1])
    # The best constant rate needs the fewest steps; just below the limit it takes long, above it never happens.
    needed = [found.needed[np.abs(grid.learning_rates - rate).argmin()] for rate in rates]
    assert found.needed[~limit].tolist() == [-1] * int((~limit).sum())
    assert needed[2:] == [-1, -1]
    assert 0 < needed[0] < needed[1]


@settings(deadline=None, max_examples=30)
@given(experiments, grids, st.integers(1, 3))
def test_the_map_grows_from_below_and_what_was_there_stays(experiment, grid, columns):
    growing = compute(experiment, grid, 0.0, CHUNK_SIZE._replace(runs=columns, steps=8))
    grown = [(part, part.losses.copy()) for part in growing]
    complete = grown[-1][0]
    assert [part.is_complete for part, _ in grown] == [False] * (len(grown) - 1) + [True]
    assert len(grown) > grid.steps[-1] // 8
    for (part, losses), (following, _) in pairwise(grown):
        assert part.done <= following.done
        assert len(losses) == sum(step <= part.done for step in grid.steps)
        assert losses.tobytes() == part.losses.tobytes() == complete.losses[: len(losses)].tobytes()
        assert part.needed.tolist() == [n if n <= part.done else -1 for n in complete.needed.tolist()]
    with pytest.raises(ValueError, match="read-only"):
        complete.losses[0] = 0.0


def test_a_map_that_nobody_asks_for_is_not_computed(monkeypatch):
    taken = []

    def counted(*arguments):
        for step in walk(*arguments):
            taken.append(1)
            yield step

    monkeypatch.setattr(maps, "walk", counted)
    growing = compute(LECTURE, MapGrid(0.1, 1.0, 3, (1,)))
    assert len(taken) == 1  # the start, whose loss is what the others are judged by
    assert next(growing).is_complete
    assert len(taken) == 1 + 2


@settings(deadline=None, max_examples=60)
@given(
    rows=st.integers(1, 300),
    table_cells=st.integers(1, 2000),
    counts=st.lists(st.integers(0, 12), min_size=1, max_size=4),
    precision=st.sampled_from(Precision),
    scale=st.sampled_from([1.0, 1e18, 1e37, math.inf]),
    seed=st.integers(0, 100),
)
def test_many_points_have_the_bits_of_each_alone(rows, table_cells, counts, precision, scale, seed):
    generator = np.random.default_rng(seed)
    problems = [LinearRegression(generate(DataSettings(rows=rows))), *(kind() for kind in PROBLEMS.values())]
    for problem in problems:
        with pytest.MonkeyPatch.context() as patch, np.errstate(all="ignore"):
            patch.setattr(row_wise, "TABLE_CELLS", table_cells)
            evaluate, alone = problem.evaluator(precision), problem.evaluator(precision)
            points = [(generator.normal(size=(2, n)) * scale).astype(precision.dtype) for n in counts]
            found = [evaluate(some) for some in points]
            # Compared when all are there: no call may overwrite what an earlier one returned.
            for some, (losses, gradients) in zip(points, found, strict=True):
                assert losses.shape == some.shape[1:]
                assert losses.dtype == gradients.dtype == precision.dtype
                for column, point in enumerate(some.T):
                    loss, gradient = alone(point)
                    assert losses[column].tobytes() == loss.tobytes()
                    assert gradients[:, column].tobytes() == gradient.tobytes()


@settings(deadline=None)
@given(
    st.lists(st.floats(width=32), min_size=1, max_size=5),
    st.floats(-10, 10),
    st.floats(0, 1.001),
    st.sampled_from(Precision),
)
def test_rounded_goals_divide_losses_as_exact_ones_do(starts, minimum, part, precision):
    starts = np.array(starts)
    found = loss_targets(starts, minimum, precision.dtype)
    assert found.dtype == precision.dtype
    for begin, goal in zip(starts, found, strict=True):
        exact = minimum + 0.01 * (begin - minimum) if math.isfinite(begin) else math.nan
        with np.errstate(over="ignore"):
            near = np.array([exact, exact * part], np.float64).astype(precision.dtype)
        for loss in (*near, np.nextafter(near[0], np.inf), np.nextafter(near[0], -np.inf)):
            assert (loss <= goal) == (float(loss) <= exact)


def test_the_usual_grid_holds_the_rates_of_the_run():
    grid = default_grid(LECTURE)
    assert (grid.lowest, grid.highest, grid.columns) == (1e-4, 20.0, 256)
    assert (grid.steps[0], grid.steps[-1]) == (1, 10_000)
    assert 180 <= len(grid.steps) <= 256
    assert grid.learning_rates[0] == 1e-4
    assert grid.learning_rates[-1] == 20.0
    changed = LECTURE.with_learning_rate(300.0, 20).with_learning_rate(1e-6, 30).with_learning_rate(-1.0, 40)
    assert (default_grid(changed, 5).lowest, default_grid(changed, 5).highest) == (1e-6, 300.0)
    sweep = Experiment(LinearRegression(), schedule=RangeTest(1e-7, 100.0, 50), start=(0.0, -1.0), steps=49)
    assert (default_grid(sweep).lowest, default_grid(sweep).highest) == (1e-7, sweep.schedule(49))
    nothing = Experiment(LinearRegression(), schedule=Constant(0.0))
    assert default_grid(nothing).lowest == 1e-4


def test_the_usual_grid_goes_where_the_limit_is():
    sums = LinearRegression(generate(DataSettings(rows=20_000)), "sum")
    run = Experiment(sums, schedule=Constant(1e-6), start=(0.0, -1.0))
    grid = default_grid(run)
    assert (grid.lowest, grid.highest) == (1e-8, 2e-3)
    limit = 2.0 / np.linalg.eigvalsh(sums.hessian((0.0, 0.0)))[-1]
    assert 0.5 < (grid.learning_rates < limit).mean() < 0.9
    assert default_grid(replace(run, schedule=Constant(0.9))).highest == 0.9
    assert default_grid(replace(LECTURE, batch_size=1)) == default_grid(LECTURE)


def test_the_grid_stays_where_the_precision_has_no_such_rates():
    far = LinearRegression(from_points([1e22, 2e22, -1e22], [0.0, 1.0, 2.0], None, "far"))
    grid = default_grid(Experiment(far, schedule=Constant(0.1), start=(0.0, 0.0)))
    assert (grid.lowest, grid.highest) == (1e-4, 20.0)


@given(st.integers(1, MAX_STEPS))
def test_spaced_steps_rise_to_the_last_one(last):
    steps = log_spaced_steps(last)
    assert (steps[0], steps[-1]) == (1, last)
    assert all(before < after for before, after in pairwise(steps))
    assert len(steps) <= 256


def test_one_rate_is_a_map_too():
    found = phase_map(LECTURE, MapGrid(0.9, 0.9, 1, (200,)))
    assert found.losses.tolist() == [[math.inf]]


BAD = [
    ((1e-4, 10.0, 0, (1,)), "map: 0 rates are not possible; use 1 or more"),
    ((1e-4, 10.0, -3, (1,)), "map: -3 rates are not possible; use 1 or more"),
    ((0.0, 10.0, 5, (1,)), "map: the rate 0 is not possible; use a finite one above 0, such as 0.0001"),
    ((-1.0, 10.0, 5, (1,)), "map: the rate -1 is not possible"),
    ((1e-4, math.inf, 5, (1,)), "map: the rate inf is not possible"),
    ((math.nan, 10.0, 5, (1,)), "map: the rate nan is not possible"),
    ((10.0, 1.0, 5, (1,)), "map: the highest rate 1 is below the lowest, 10; swap them"),
    ((1.0, 10.0, 1, (1,)), "map: one rate cannot be both 1 and 10; use 2 or more"),
    ((1.0, 1.0, 4, (1,)), "map: 4 rates of 1 are all equal; use 1 or a higher end"),
    ((1e-4, 10.0, 10**9, (1,)), "map: 1,000,000,000 rates by 1 numbers of steps are too many cells; use 10,000,000"),
    ((1e-4, 10.0, MAX_CELLS // 2, (1, 2, 3)), "map: 5,000,000 rates by 3 numbers of steps are too many cells"),
    ((1e-4, 10.0, 5, ()), "map: no numbers of steps are given; use at least one, such as 200"),
    ((1e-4, 10.0, 5, (0, 1)), "map: 0 steps are not possible; use 1 to 1,000,000"),
    ((1e-4, 10.0, 5, (1, MAX_STEPS + 1)), "map: 1000001 steps are not possible; use 1 to 1,000,000"),
    ((1e-4, 10.0, 5, (1, 1)), "map: the numbers of steps do not increase; put them in order, each once"),
    ((1e-4, 10.0, 5, (1, 9, 3, 10)), "map: the numbers of steps do not increase"),
]


@pytest.mark.parametrize(("grid", "message"), BAD)
def test_what_is_no_grid(grid, message):
    with pytest.raises(InputError) as refused:
        MapGrid(*grid)
    assert str(refused.value).startswith(message)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("lowest", "highest", "message"),
    [
        (1.0, 1e39, "too large"),
        (1e-60, 1.0, "too small"),
        (0.1, 0.10000001, "not all different in float32; use fewer"),
    ],
)
def test_rates_that_the_precision_cannot_hold(lowest, highest, message):
    grid = MapGrid(lowest, highest, 3, (1,))
    with pytest.raises(InputError, match=message):
        compute(LECTURE, grid)
    wide = Experiment(LinearRegression(), Momentum(), start=(0.0, -1.0), precision=Precision.FLOAT64)
    assert phase_map(wide, grid).is_complete


def test_the_work_can_be_ended_every_few_steps():
    calls, before = [], between_pieces.set(lambda: calls.append(1))
    try:
        phase_map(LECTURE, default_grid(LECTURE))
    finally:
        between_pieces.reset(before)
    assert len(calls) > maps.DEFAULT_STEPS / CHUNK_SIZE.steps
