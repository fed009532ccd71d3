"""The orders of batches, against plain loops over the rows."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.analysis.mean_square import diverges_in_mean_square, mini_batch_limit, stationary_excess_loss
from gdviz.core.analysis.rate_limit import global_stability_limit
from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.evaluations import rows_at, tape_at
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import descend
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.precision import Precision
from gdviz.core.problems.batch_orders import BLOCK_ROWS, BatchOrder, row_source, steps_per_epoch
from gdviz.core.problems.permutation import permuted
from gdviz.core.problems.regression import LinearRegression

SHUFFLED, SEQUENTIAL = BatchOrder.SHUFFLED, BatchOrder.SEQUENTIAL
MANY = BLOCK_ROWS + 1  # from here on the permutation is computed place by place
X = [0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0]
Y = [0.5, 1.0, 0.75, 1.5, 1.25, 2.5, 2.0]
SEVEN = LinearRegression(from_points(X, Y, None, "seven"))


def rows_of(order, rows, size, seed, step):
    source = row_source(order, rows, size, seed)
    block, place = source.place(step)
    return source.draw(block)[place]


def epoch_of(order, rows, size, seed, epoch):
    """The batches of an epoch, one after another."""
    steps = steps_per_epoch(rows, size)
    return [rows_of(order, rows, size, seed, epoch * steps + step) for step in range(steps)]


def descend_in_a_loop(batches, rate, start):
    """Gradient descent over these lists of rows, in plain Python: the points."""
    w, b = start
    points = [(w, b)]
    for rows in batches:
        errors = [(w * X[row] + b - Y[row], X[row]) for row in rows]
        slope = sum(2 * error * x for error, x in errors) / len(rows)
        offset = sum(2 * error for error, _ in errors) / len(rows)
        w, b = w - rate * slope, b - rate * offset
        points.append((w, b))
    return points


def test_in_the_order_of_the_data_a_run_is_a_plain_loop_over_the_rows():
    experiment = Experiment(
        SEVEN, schedule=Constant(0.1), start=(0.0, -1.0), steps=9, precision=Precision.FLOAT64, batch_size=3
    )
    recording = record(replace(experiment, batch_order=SEQUENTIAL))
    batches = [[0, 1, 2], [3, 4, 5], [6]] * 3
    assert recording.points == pytest.approx(np.array(descend_in_a_loop(batches, 0.1, (0.0, -1.0))), rel=1e-12)


def test_shuffled_a_run_is_a_plain_loop_over_its_permutations():
    experiment = Experiment(
        SEVEN, schedule=Constant(0.1), start=(0.0, -1.0), steps=12, precision=Precision.FLOAT64, batch_size=2, seed=3
    )
    experiment = replace(experiment, batch_order=SHUFFLED)
    generator = np.random.Generator(np.random.Philox(key=3, counter=[0, 0, 1, 0]))
    shuffled = generator.permuted(np.tile(np.arange(7), (BLOCK_ROWS // 7, 1)), axis=1)
    batches = [epoch[begin : begin + 2] for epoch in shuffled[:3].tolist() for begin in (0, 2, 4, 6)]
    assert recording_rows(experiment, 12) == batches
    assert record(experiment).points == pytest.approx(np.array(descend_in_a_loop(batches, 0.1, (0.0, -1.0))), rel=1e-12)


def recording_rows(experiment, steps):
    return [rows_at(experiment, step).tolist() for step in range(steps)]


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from([SHUFFLED, SEQUENTIAL]),
    st.sampled_from([1, 2, 7, 100, 4096, BLOCK_ROWS, MANY, 40_000]),
    st.sampled_from([1, 2, 3, 50, 5000, 20_000]),
    st.sampled_from([0, 5, 2**63 - 1]),
    st.sampled_from([0, 1, 400]),
)
def test_every_epoch_sees_every_row_once(order, rows, size, seed, epoch):
    size = min(size, rows)
    steps = range(steps_per_epoch(rows, size))
    source, found = row_source(order, rows, size, seed), []
    drawn = (None, None)
    for step in steps:
        block, place = source.place(epoch * len(steps) + step)
        drawn = drawn if drawn[0] == block else (block, source.draw(block))
        found.append(drawn[1][place])
    assert [len(batch) for batch in found[:-1]] == [size] * (len(steps) - 1)
    assert len(found[-1]) == rows - size * (len(steps) - 1)
    seen = np.concatenate(found)
    assert np.sort(seen).tolist() == list(range(rows))
    if order is SEQUENTIAL:
        assert (np.diff(seen) == 1).all()


@pytest.mark.parametrize("rows", [100, MANY])
def test_epochs_and_seeds_have_orders_of_their_own(rows):
    epochs = [epoch_of(SHUFFLED, rows, rows // 2, seed, epoch) for seed in (0, 1) for epoch in (0, 1, 7)]
    orders = {np.concatenate(batches).tobytes() for batches in epochs}
    assert len(orders) == 6


@pytest.mark.parametrize("count", [2, 3, 4, 5, 100, 255, 256, 257, 70_000])
def test_the_permutation_computed_in_parts_is_one(count):
    keys = lambda: np.random.default_rng(4)  # noqa: E731
    whole = permuted(np.arange(count), count, keys())
    assert np.sort(whole).tolist() == list(range(count))
    middle = np.arange(count // 3, count // 2 + 1)
    assert permuted(middle, count, keys()).tolist() == whole[middle].tolist()


def test_large_permutations_look_random():
    """Fixed points are Poisson(1), neighbours are not kept, and halves of the epoch have equal shares of the rows."""
    count, fixed, kept = 100_000, [], []
    for seed in range(40):
        moved = permuted(np.arange(count), count, np.random.default_rng(seed))
        fixed.append(int((moved == np.arange(count)).sum()))
        kept.append(int((np.abs(np.diff(moved)) == 1).sum()))
        below = int((moved[: count // 2] < count // 2).sum())
        assert abs(below - count / 4) < 5 * np.sqrt(count) / 4  # five standard deviations: hypergeometric, sqrt(n)/4
        assert abs(np.corrcoef(np.arange(count), moved)[0, 1]) < 5 / np.sqrt(count)
    assert 20 < sum(fixed) < 65  # the sum of 40 is Poisson(40)
    assert 45 < sum(kept) < 125  # the sum of 40 is about Poisson(80)


def test_small_permutations_are_equally_likely():
    source = row_source(SHUFFLED, 3, 3, 0)
    counts = Counter(tuple(epoch) for block in range(3) for epoch in source.draw(block).reshape(-1, 3).tolist())
    expected = sum(counts.values()) / 6
    assert len(counts) == 6
    # Chi-squared with 5 degrees of freedom: above 26 once in 10^4.
    assert sum((count - expected) ** 2 for count in counts.values()) / expected < 26


def test_a_batch_of_ten_million_rows_needs_only_its_own():
    source = row_source(SHUFFLED, 10_000_000, 32, 0)
    block, place = source.place(10_000_000)
    drawn = source.draw(block)
    assert drawn.size <= BLOCK_ROWS
    assert len(set(drawn[place].tolist())) == 32
    assert 0 <= drawn.min() <= drawn.max() < 10_000_000


@pytest.mark.parametrize("order", [SHUFFLED, SEQUENTIAL])
@pytest.mark.parametrize("rows", [100, MANY])
def test_a_run_is_resumed_at_any_step(order, rows):
    problem = LinearRegression(generate(DataSettings(rows=rows)))
    experiment = Experiment(problem, start=(0.0, -1.0), steps=60, batch_size=rows // 7, seed=2, batch_order=order)
    whole = record(experiment)
    for step in (1, 13, 14, 33, 60):
        chunks = list(descend(experiment, whole.checkpoint(step)))
        assert np.concatenate([chunk.points for chunk in chunks]).tobytes() == whole.points[step:].tobytes()
        tape = tape_at(experiment, whole.points[step], step)
        assert tape.parameter_gradient().tobytes() == whole.gradients[step].tobytes()


def test_each_fresh_start_of_a_range_test_sees_the_batches_of_the_first():
    schedule = RangeTest(0.01, 1.0, 5, 8, stops=False)
    experiment = Experiment(SEVEN, schedule=schedule, steps=schedule.last_step, batch_size=3, batch_order=SHUFFLED)
    for step in range(9):
        assert rows_at(experiment, step).tolist() == rows_at(experiment, step + 9).tolist()


@pytest.mark.parametrize("order", [SHUFFLED, SEQUENTIAL])
def test_theory_speaks_of_batches_drawn_with_replacement_only(order):
    drawn = Experiment(LinearRegression(), schedule=Constant(0.1), batch_size=10)
    assert mini_batch_limit(drawn) is not None
    assert stationary_excess_loss(drawn) is not None
    run = replace(drawn, batch_order=order)
    assert mini_batch_limit(run) is stationary_excess_loss(run) is global_stability_limit(run) is None
    assert not diverges_in_mean_square(run, 100.0)
    whole = replace(run, batch_size=100)  # in every step all rows, though in another order
    assert global_stability_limit(whole) == global_stability_limit(Experiment(LinearRegression()))
