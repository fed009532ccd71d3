import copy
import math
import pickle
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.checkpoint import Checkpoint, start
from gdviz.core.descent.experiment import MAX_STEPS, OWN_STEPS, Experiment
from gdviz.core.descent.loop import Chunk, descend
from gdviz.core.descent.optimizers import GradientDescent, Momentum, Nesterov
from gdviz.core.descent.optimizers.curved import BFGS
from gdviz.core.descent.recording import Milestones, Recording, record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock

pytestmark = pytest.mark.unmeasured  # dear to measure; what it meets is met elsewhere

COLUMNS = ("points", "losses", "gradients", "directions", "learning_rates")
optimizers = st.one_of(
    st.just(GradientDescent()), st.builds(Momentum, st.floats(0, 0.99)), st.builds(Nesterov, st.floats(0, 0.99))
)
experiments = st.builds(
    Experiment,
    problem=st.sampled_from([LinearRegression(), Rosenbrock(), Himmelblau()]),
    optimizer=optimizers,
    # Up to rates at which everything overflows, so that NaN and infinity take part.
    schedule=st.builds(Constant, st.sampled_from([1e-4, 0.01, 0.1, 0.9, 10.0, -0.1, 1e30])),
    start=st.tuples(st.floats(-3, 3), st.floats(-3, 3)),
    steps=st.integers(1, 60),
    precision=st.sampled_from(Precision),
)


def bits(recording: Recording) -> list[bytes]:
    return [getattr(recording, column).tobytes() for column in COLUMNS]


def in_chunks(experiment: Experiment, sizes) -> Recording:
    """Recorded in chunks of changing size, each taken up from where the one before ended."""
    recording, begin = Recording(experiment), None
    for size in sizes:
        chunk = next(descend(experiment, begin, size), None)
        if chunk is None:
            break
        recording.append(chunk)
        # A second chunk of the same loop begins where the first ends.
        pair = list(zip(range(2), descend(experiment, chunk.begin, len(chunk.losses)), strict=False))
        begin = pair[1][1].begin if len(pair) == 2 else None
        if begin is None:
            break
    return recording


@settings(deadline=None, max_examples=80)
@given(experiments, st.integers(1, 70), st.lists(st.integers(1, 20), min_size=61, max_size=61))
def test_the_chunks_make_no_difference(experiment, size, sizes):
    whole = bits(record(experiment))
    equal_chunks = Recording(experiment)
    for chunk in descend(experiment, chunk_steps=size):
        assert len(chunk.losses) <= size
        equal_chunks.append(chunk)
    assert equal_chunks.is_complete
    assert bits(equal_chunks) == whole
    odd_chunks = in_chunks(experiment, sizes)
    assert odd_chunks.is_complete
    assert bits(odd_chunks) == whole
    assert odd_chunks.milestones == equal_chunks.milestones == record(experiment).milestones


def test_equal_recipes_give_equal_bits():
    make = [
        Experiment(LinearRegression(generate(DataSettings(seed=3))), Nesterov(), Constant(rate), begin)
        for rate, begin in ((1, (0, -1)), (1.0, (0.0, -1.0)))
    ]
    assert make[0] == make[1]
    assert hash(make[0]) == hash(make[1])
    assert bits(record(make[0])) == bits(record(make[1]))


@settings(deadline=None, max_examples=150)
@given(
    experiment=experiments,
    recorded=st.integers(1, 61),
    at=st.integers(0, 70),
    rate=st.sampled_from([0.0, 0.05, 0.5, 3.0]),
    chunk_steps=st.integers(1, 20),
    spacing=st.integers(1, 25),
    steps=st.integers(1, 80),
)
def test_a_cut_recording_grows_on_as_if_never_cut(experiment, recorded, at, rate, chunk_steps, spacing, steps):
    old = Recording(experiment, spacing)
    for chunk in descend(experiment, chunk_steps=chunk_steps):
        if len(old) >= recorded:
            break
        old.append(chunk)
    before = bits(old)
    changed = experiment.with_learning_rate(rate, min(at, experiment.steps))
    if at > experiment.steps:
        # Nothing but the number of steps differs; it may be smaller too.
        changed = Experiment(**{**vars(experiment), "steps": steps})
        at = min(steps, experiment.steps) + 1
    new, begin = old.fork(changed, at)
    kept = len(new)
    assert kept <= min(at, len(old))
    # Not more is computed again than lies between two checkpoints.
    assert kept >= min(at, old.last_step, changed.steps) - max(spacing, chunk_steps) - chunk_steps
    assert (begin is None) == (len(old) == 0) or begin.step == kept
    for chunk in descend(changed, begin, chunk_steps):
        new.append(chunk)
    assert new.is_complete
    assert bits(new) == bits(record(changed))
    assert new.milestones == record(changed).milestones
    assert bits(old) == before
    # And once more, from the recording that was itself cut.
    again, begin = new.fork(experiment, min(at, experiment.steps))
    for chunk in descend(experiment, begin, chunk_steps):
        again.append(chunk)
    assert bits(again) == bits(record(experiment))


@settings(deadline=None, max_examples=80)
@given(experiments, st.integers(1, 20), st.integers(1, 40), st.integers(0, 5))
def test_a_run_can_be_taken_up_at_every_step(experiment, chunk_steps, spacing, fresh_steps):
    if fresh_steps:
        sweep = RangeTest(1e-3, 10.0, 12, fresh_steps)
        experiment = replace(experiment, schedule=sweep, steps=min(experiment.steps, sweep.last_step))
    recording = Recording(experiment, spacing)
    for chunk in descend(experiment, chunk_steps=chunk_steps):
        recording.append(chunk)
    for step in sorted(range(experiment.steps + 1), key=lambda step: step % 3):  # on from the one before, and back
        (chunk,) = descend(experiment, recording.checkpoint(step), chunk_steps=experiment.steps + 1)
        for column in COLUMNS:
            assert getattr(chunk, column).tobytes() == getattr(recording, column)[step:].tobytes()
        assert recording.run_start(step) == (step // (fresh_steps + 1) * (fresh_steps + 1) if fresh_steps else 0)


def test_the_next_checkpoint_is_one_update_away(monkeypatch):
    recording, updated = record(Experiment(Rosenbrock(), BFGS(), OWN_STEPS, (-1.2, 1.0), 100)), []
    recording.checkpoint(90)
    monkeypatch.setattr(BFGS, "following", lambda rule, seen, state, direction: updated.append(seen))
    recording.checkpoint(91)
    assert len(updated) == 1


@pytest.mark.parametrize("step", [-1, 4, 100])
def test_a_step_that_is_not_recorded_has_no_checkpoint(step):
    experiment = Experiment(Himmelblau(), Momentum(), Constant(1e-3), steps=100)
    recording = Recording(experiment)
    recording.append(next(descend(experiment, chunk_steps=4)))
    with pytest.raises(IndexError, match=f"step {step} is not recorded"):
        recording.checkpoint(step)
    assert recording.checkpoint(3).step == 3


def test_a_cut_of_an_empty_recording_starts_again():
    experiment = Experiment(Himmelblau(), steps=3)
    new, begin = Recording(experiment).fork(experiment, 2)
    assert (len(new), begin) == (0, None)


def test_a_cut_behind_the_end_of_a_shorter_run():
    long, short = (Experiment(Himmelblau(), steps=steps) for steps in (50, 10))
    recording = Recording(long, checkpoint_steps=1)
    for chunk in descend(long, chunk_steps=1):
        recording.append(chunk)
    new, begin = recording.fork(short, 40)
    for chunk in descend(short, begin):
        new.append(chunk)
    assert bits(new) == bits(record(short))


def test_checkpoints_are_kept_at_their_distance():
    experiment = Experiment(Himmelblau(), Momentum(), Constant(1e-3), steps=95)
    recording = Recording(experiment, checkpoint_steps=10)
    for chunk in descend(experiment, chunk_steps=5):
        recording.append(chunk)
    taken_up = {len(recording.fork(experiment, step)[0]) for step in range(96)}
    assert taken_up == set(range(0, 96, 10))


@settings(deadline=None, max_examples=60)
@given(experiments)
def test_each_step_follows_from_the_row_before(experiment):
    recording = record(experiment)
    dtype = experiment.precision.dtype
    assert {getattr(recording, column).dtype for column in COLUMNS} == {dtype}
    assert recording.points[0].tolist() == [dtype.type(value) for value in experiment.start]
    with np.errstate(all="ignore"):
        step = recording.learning_rates[:-1, None] * recording.directions[:-1]
        np.testing.assert_array_equal(recording.points[1:], recording.points[:-1] - step)
        evaluate = experiment.problem.evaluator(experiment.precision)
        for row in range(len(recording)):
            loss, gradient = evaluate(recording.points[row])
            np.testing.assert_array_equal(recording.losses[row], loss)
            np.testing.assert_array_equal(recording.gradients[row], gradient)


def test_a_changed_rate_is_applied_from_its_step_on():
    experiment = Experiment(LinearRegression(), schedule=Constant(0.1), steps=10).with_learning_rate(0.5, 4)
    recording = record(experiment)
    assert recording.learning_rates.tolist() == [np.float32(0.1)] * 4 + [0.5] * 7
    before = record(Experiment(LinearRegression(), schedule=Constant(0.1), steps=10))
    assert (recording.points[:5] == before.points[:5]).all()
    assert (recording.points[5] != before.points[5]).any()
    assert experiment.with_learning_rate(0.2).schedule == Constant(0.2)


def test_runs_go_on_through_infinity_to_their_last_step():
    recording = record(Experiment(LinearRegression(), schedule=Constant(10.0), start=(0.0, -1.0), steps=500))
    assert len(recording) == 501
    assert np.isnan(recording.points[29:]).all()


def chunk_at(begin: int, rows: int) -> Chunk:
    table = np.zeros((rows, 2), np.float32)
    return Chunk(Checkpoint(begin, table[0], None), table, table[:, 0], table, table, table[:, 0])


@pytest.mark.parametrize(("begin", "rows"), [(0, 2), (4, 1), (2, 2), (6, 1), (5, 7)])
def test_append_takes_only_what_follows(begin, rows):
    recording = Recording(Experiment(Himmelblau(), steps=10))
    recording.append(chunk_at(0, 5))
    before = bits(recording)
    with pytest.raises(ValueError, match=rf"steps {begin} to {begin + rows - 1} do not follow step 4"):
        recording.append(chunk_at(begin, rows))
    assert bits(recording) == before
    recording.append(chunk_at(5, 6))
    assert recording.is_complete


def test_another_thread_sees_a_step_with_all_that_belongs_to_it():
    """Whatever line of `append` the threads are switched at."""
    recording, seen = Recording(Experiment(Himmelblau(), steps=10)), set()

    def look(frame, event, argument):
        lengths = {len(getattr(recording, name)) for name in COLUMNS}
        assert lengths == {len(recording)}
        seen.update(lengths)
        if len(recording):
            assert recording.checkpoint(len(recording) - 1).step == len(recording) - 1
        if len(recording) > 5:
            assert recording.milestones.nan_loss == 6
        return look

    chunks = chunk_at(0, 5), chunk_at(5, 6)
    chunks[1].losses[1] = math.nan
    tracing = sys.gettrace()
    sys.settrace(look)
    try:
        for chunk in chunks:
            recording.append(chunk)
    finally:
        sys.settrace(tracing)
    assert seen == {0, 5, 11}


@settings(deadline=None, max_examples=40)
@given(experiments, st.integers(0, 8))
def test_a_pickled_recording_is_the_same_and_takes_no_more_rows(experiment, chunks):
    recording = Recording(experiment)
    for chunk, _ in zip(descend(experiment, chunk_steps=9), range(chunks), strict=False):
        recording.append(chunk)
    restored = pickle.loads(pickle.dumps(recording))
    assert bits(restored) == bits(recording)
    assert restored.experiment == experiment
    assert restored.milestones == recording.milestones
    assert (len(restored), restored.is_complete) == (len(recording), recording.is_complete)
    before = bits(restored)
    with pytest.raises(ValueError, match="do not follow step"):
        restored.append(chunk_at(len(restored), 1))
    with pytest.raises(ValueError, match="read-only"):
        restored.points[:1] = 1.0
    assert bits(restored) == before
    # It can be the beginning of another run all the same.
    new, begin = restored.fork(experiment, 30)
    for chunk in descend(experiment, begin):
        new.append(chunk)
    assert bits(new) == bits(record(experiment))


def test_only_the_recorded_rows_are_pickled():
    long = Experiment(Himmelblau(), steps=MAX_STEPS)
    recording = Recording(long)
    recording.append(next(descend(long, chunk_steps=100)))
    assert len(pickle.dumps(recording)) < 100 * 8 * 4 + 2000
    assert len(recording) == 100  # and the original has its room still
    recording.append(chunk_at(100, 5))


def test_a_copy_stays_as_it_is_while_the_original_grows():
    """An export packs one in a thread."""
    recording = Recording(Experiment(Himmelblau(), schedule=Constant(0.01), steps=100), checkpoint_steps=8)
    chunks = descend(recording.experiment, chunk_steps=8)
    recording.append(next(chunks))
    copied = copy.copy(recording)
    packed = pickle.dumps(copied)
    infinite = next(chunks)
    recording.append(replace(infinite, losses=np.full_like(infinite.losses, np.inf)))
    assert recording.milestones.infinite_loss == 8
    assert pickle.dumps(copied) == packed


def test_columns_are_read_only_views_that_stay_valid():
    experiment = Experiment(Himmelblau(), steps=20)
    recording = Recording(experiment)
    assert (len(recording), recording.last_step, recording.is_complete) == (0, -1, False)
    chunks = descend(experiment, chunk_steps=7)
    recording.append(next(chunks))
    early = recording.points
    kept = early.copy()
    for chunk in chunks:
        recording.append(chunk)
    assert (recording.last_step, recording.is_complete) == (20, True)
    assert early.tobytes() == kept.tobytes()
    for column in COLUMNS:
        rows = getattr(recording, column)
        assert len(rows) == 21
        with pytest.raises(ValueError, match="read-only"):
            rows[0] = 1.0


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(*[st.sampled_from([0.0, 1.5, math.inf, -math.inf, math.nan])] * 3), min_size=1, max_size=30))
def test_milestones_are_the_first_of_their_kind(rows):
    recording = Recording(Experiment(Himmelblau(), steps=len(rows)))
    table = np.array(rows, np.float32)
    for row, values in enumerate(table):
        point, loss = values[None, :2], values[2:]
        recording.append(Chunk(Checkpoint(row, point[0], None), point, loss, point, point, loss))

    def first(column, test):
        return next((row for row, values in enumerate(rows) if test(values[column])), None)

    assert recording.milestones == Milestones(
        first(2, math.isinf),
        first(2, math.isnan),
        (first(0, math.isinf), first(1, math.isinf)),
        (first(0, math.isnan), first(1, math.isnan)),
    )


def test_start_is_cast_to_the_precision():
    checkpoint = start(Experiment(Himmelblau(), start=(0.1, 2.0)))
    assert (checkpoint.step, checkpoint.point.dtype) == (0, np.float32)
    assert checkpoint.point[0] == np.float32(0.1)


def test_nothing_is_left_to_do_behind_the_last_step():
    experiment = Experiment(Himmelblau(), steps=3)
    assert list(descend(experiment, Checkpoint(4, np.zeros(2, np.float32), None))) == []


@pytest.mark.parametrize("steps", [0, -1, MAX_STEPS + 1, 10**12])
def test_numbers_of_steps_that_cannot_be(steps):
    with pytest.raises(InputError, match=f"^steps: {steps} is not possible; use 1 to 1,000,000 steps$"):
        Experiment(Himmelblau(), steps=steps)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_starts_that_are_no_point(value):
    with pytest.raises(InputError, match=f"start: b = {value} is not a finite number; use one such as -1"):
        Experiment(LinearRegression(), start=(0.0, value))


@pytest.mark.parametrize("value", [1e300, -1e39])
def test_numbers_beyond_the_precision(value):
    with pytest.raises(InputError, match=r"start: x = .* is too large for float32; use one up to 3\.4e38"):
        Experiment(Himmelblau(), start=(value, 0.0))
    for schedule in (Constant(value), Constant(0.1)):
        with pytest.raises(InputError, match=r"learning_rate: .* is too large for float32; use one up to 3\.4e38"):
            Experiment(Himmelblau(), schedule=schedule).with_learning_rate(value, 5)
    far = record(Experiment(Himmelblau(), start=(value, 0.0), steps=1, precision=Precision.FLOAT64))
    assert far.points[0, 0] == value
