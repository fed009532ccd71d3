"""The map of starting points: each is where the run from there ends, however the work is divided."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.analysis.basins import (
    BASIN_CHUNK_SIZE,
    CAPTURE_RADIUS,
    MAX_SIDE,
    NOT_FINITE,
    NOWHERE,
    UNKNOWN,
    basin_map,
    compute,
)
from gdviz.core.box import Box
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import PiecewiseConstant, without_changes_after
from gdviz.core.descent.optimizers import GradientDescent, Momentum
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.errors import InputError
from gdviz.core.long_work import between_pieces
from gdviz.core.precision import Precision
from gdviz.core.problems.registry import PROBLEMS
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock, TwoWells
from tests.seams import WITH_RATE

HIMMELBLAU = Experiment(Himmelblau(), schedule=Constant(0.01))
rates = st.sampled_from([1e-3, 0.01, 0.03, 0.1, 0.3, 1.0])
schedules = st.one_of(
    st.builds(Constant, rates),
    st.builds(
        lambda before, step, after: PiecewiseConstant(Constant(before), ((step, after),)),
        rates,
        st.integers(1, 40),
        rates,
    ),
    st.builds(RangeTest, st.just(1e-3), st.just(0.1), st.just(61)),
)
experiments = st.builds(
    lambda schedule, steps, **rest: Experiment(schedule=without_changes_after(schedule, steps), steps=steps, **rest),
    problem=st.sampled_from([kind() for kind in PROBLEMS.values() if kind().minima]),
    optimizer=st.sampled_from([kind() for kind in WITH_RATE]),
    schedule=schedules,
    steps=st.integers(1, 60),
    precision=st.sampled_from(Precision),
)


def end_of_run(experiment, start):
    """Minimum and steps of one run, in plain words of the definition."""
    problem = experiment.problem
    recipe = {name: getattr(experiment, name) for name in ("problem", "optimizer", "schedule", "steps", "precision")}
    recording = record(Experiment(**recipe, start=start))
    (x, y), losses = recording.points[-1].tolist(), recording.losses.tolist()
    if not all(map(math.isfinite, (x, y, losses[-1]))):
        return NOT_FINITE, -1
    half_x, half_y = problem.box.half
    away = [max(abs(x - to_x) / half_x, abs(y - to_y) / half_y) for to_x, to_y in problem.minima]
    minimum = away.index(min(away))
    if away[minimum] > CAPTURE_RADIUS:
        return NOWHERE, -1
    bottom = float(problem.loss(*problem.minima[minimum]))
    goal = bottom + 0.01 * (losses[0] - bottom) if math.isfinite(losses[0]) else math.nan
    above = [step for step, loss in enumerate(losses) if not loss <= goal]
    return minimum, min(above[-1] + 1, experiment.steps) if above else 0


def assert_of_runs(found, sample):
    first, second = found.box.grid(found.side)
    for i, j in sample:
        expected = end_of_run(found.experiment, (float(first[i]), float(second[j])))
        assert (found.minimum[i, j], found.steps[i, j]) == expected


@pytest.mark.unmeasured
@settings(deadline=None, max_examples=60)
@given(experiments, st.integers(2, 5), st.floats(0.3, 3.0), st.integers(1, 9), st.integers(1, 500))
def test_every_start_ends_as_its_run_does(experiment, side, scale, points, cost):
    chunk_size = BASIN_CHUNK_SIZE._replace(runs=points, cost=cost)
    found = basin_map(experiment, experiment.problem.box.scaled(scale), side, chunk_size)
    assert found.is_complete
    assert (found.minimum.dtype, found.steps.dtype) == (np.int8, np.int32)
    assert found.minimum.shape == found.steps.shape == (side, side)
    assert_of_runs(found, np.ndindex(side, side))


@pytest.mark.parametrize(
    ("problem", "optimizer", "rate", "kinds"),
    [
        (Himmelblau(), GradientDescent(), 0.01, {0, 1, 2, 3}),
        (Himmelblau(), Momentum(), 0.01, {0, 1, 2, 3, NOT_FINITE}),
        (TwoWells(), GradientDescent(), 0.1, {0, 1}),
        (Rosenbrock(), GradientDescent(), 0.002, {NOWHERE, 0, NOT_FINITE}),
    ],
)
def test_a_sample_of_a_fine_map_against_runs(problem, optimizer, rate, kinds):
    found = basin_map(Experiment(problem, optimizer, Constant(rate)), problem.box, 100)
    assert kinds <= set(found.minimum.flat)
    sample = np.random.default_rng(1).integers(0, 100, (60, 2)).tolist()
    for kind in kinds:
        sample.append(np.argwhere(found.minimum == kind)[0].tolist())
    assert_of_runs(found, sample)


def test_two_wells_of_the_lecture():
    box = Box((1.8, 1.0), (0.1, 0.1))
    ends = [basin_map(Experiment(TwoWells(), schedule=Constant(rate)), box, 3) for rate in (0.1, 0.11, 0.25)]
    assert [found.minimum[1, 1] for found in ends] == [1, 0, NOT_FINITE]


def test_a_start_in_a_minimum_needs_no_steps():
    found = basin_map(HIMMELBLAU, Box((3.0, 2.0), (1.0, 1.0)), 3)
    assert (found.minimum[1, 1], found.steps[1, 1]) == (0, 0)
    assert (found.steps.ravel()[[0, 2, 6, 8]] > 0).all()


def test_a_start_that_is_near_but_slow_has_taken_all_steps():
    slow = Experiment(Himmelblau(), schedule=Constant(1e-6), steps=5)
    found = basin_map(slow, Box((3.0, 2.0), (0.01, 0.01)), 2)
    assert (found.minimum == 0).all()
    assert (found.steps == 5).all()


def test_a_start_that_the_precision_cannot_hold_is_not_finite():
    found = basin_map(HIMMELBLAU, Box((0.0, 0.0), (1e39, 1e39)), 2)
    assert (found.minimum == NOT_FINITE).all()


def test_the_map_grows_and_what_was_there_stays():
    chunk_size = BASIN_CHUNK_SIZE._replace(runs=10, cost=1000)  # so that it can also be left in the middle of a run
    growing = compute(HIMMELBLAU, Himmelblau().box, 8, 0.0, chunk_size)
    grown = [(part, part.minimum.copy(), part.steps.copy()) for part in growing]
    complete = grown[-1][0]
    assert [part.is_complete for part, *_ in grown] == [False] * (len(grown) - 1) + [True]
    known = [int((part.minimum != UNKNOWN).sum()) for part, *_ in grown]
    assert known == sorted(known)
    assert set(known) == {0, 10, 20, 30, 40, 50, 60, 64}
    for part, minimum, steps in grown:
        assert minimum.tobytes() == part.minimum.tobytes()
        assert steps.tobytes() == part.steps.tobytes()
        there = part.minimum != UNKNOWN
        assert (part.minimum[there] == complete.minimum[there]).all()
        assert (part.steps == np.where(there, complete.steps, -1)).all()
    with pytest.raises(ValueError, match="read-only"):
        complete.minimum[0, 0] = 1


def test_a_regression_has_one_minimum():
    experiment = Experiment(LinearRegression(), schedule=Constant(0.7))
    found = basin_map(experiment, experiment.problem.box, 9)
    assert (found.minimum == 0).all()
    assert_of_runs(found, [(0, 0), (3, 7)])


BAD = [
    (HIMMELBLAU, Himmelblau().box, 1, "1 points per side are not possible; use 2 to 2,048"),
    (HIMMELBLAU, Himmelblau().box, MAX_SIDE + 1, "2049 points per side are not possible"),
    (HIMMELBLAU, Box((0.0, 0.0), (math.inf, 1.0)), 4, "the view is too large for finite numbers"),
    (
        Experiment(Himmelblau(), steps=1_000_000),
        Himmelblau().box,
        256,
        "1,000,000 steps from 256 by 256 points are too many; use 15,258 steps",
    ),
    (
        Experiment(Himmelblau(), schedule=RangeTest(fresh_steps=2)),
        Himmelblau().box,
        4,
        "a range test with fresh starts has no such map; use a constant rate",
    ),
]


@pytest.mark.parametrize(("experiment", "box", "side", "message"), BAD)
def test_what_is_no_map_of_starts(experiment, box, side, message):
    with pytest.raises(InputError) as refused:
        compute(experiment, box, side)
    assert str(refused.value).startswith("map of starts: ")
    assert message in str(refused.value)


def test_the_work_can_be_ended_between_the_blocks_and_their_steps():
    calls, before = [], between_pieces.set(lambda: calls.append(1))
    experiment = Experiment(Himmelblau(), schedule=Constant(0.01), steps=200)
    try:
        basin_map(experiment, experiment.problem.box, 256)
    finally:
        between_pieces.reset(before)
    assert len(calls) >= 4
