import functools
import gc
import sys
import threading
import time
import tracemalloc
from pathlib import Path

import pytest

import gdviz
from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.loop import CHUNK_STEPS, descend
from gdviz.core.descent.recording import Recording, record
from gdviz.core.long_work import between_pieces
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.right_of_way import LONGEST_WAIT, right_of_way
from gdviz.session.runner import SWITCH_INTERVAL, Runner
from tests.recordings import lecture, same_columns

OURS = str(Path(gdviz.__file__).parent / "*")
"""The files of the package; a checkout may itself lie in a folder of that name, with all that is installed in it."""


@pytest.fixture
def runner():
    interval = sys.getswitchinterval()
    made = Runner()
    yield made
    made.stop()
    sys.setswitchinterval(interval)


def threads():
    return [thread for thread in threading.enumerate() if thread.name == "gdviz descent"]


def collect(runner, experiment):
    """What comes out of the runner until its last word."""
    recording = Recording(experiment)
    while True:
        finished = runner.channel.finished.wait(0.001)
        for chunk in runner.channel.drain():
            recording.append(chunk)
        if finished:
            return recording


def test_what_comes_out_is_the_run_bit_for_bit(runner):
    experiment = lecture(0.9, steps=5000)
    runner.start(experiment)
    assert runner.is_running
    assert same_columns(collect(runner, experiment), record(experiment))
    assert runner.channel.error is None
    assert runner.channel.drain() == []
    runner.join()
    assert not runner.is_running
    assert threads() == []


def test_it_can_begin_in_the_middle(runner):
    whole = record(lecture(0.1, steps=9000))
    changed = whole.experiment.with_learning_rate(0.3, 8500)
    recording, begin = whole.fork(changed, 8500)
    assert begin.step == len(recording) > 0
    runner.start(changed, begin)
    runner.join()
    for chunk in runner.channel.drain():
        recording.append(chunk)
    assert same_columns(recording, record(changed))


def test_before_the_first_start_nothing_runs(runner):
    assert not runner.is_running
    assert runner.channel.finished.is_set()
    assert runner.channel.drain() == []
    runner.stop()
    runner.join()


def test_the_interpreter_is_passed_on_often_while_it_runs(runner):
    runner.start(lecture(0.1))
    assert sys.getswitchinterval() == pytest.approx(SWITCH_INTERVAL)


@pytest.mark.unmeasured
def test_a_thousand_runs_leave_one_thread_and_no_memory(monkeypatch):
    monkeypatch.setattr("gdviz.session.runner.END_WAIT", 10.0)
    runner = Runner(functools.partial(descend, chunk_steps=8))
    recipes = [lecture(rate, steps=100_000) for rate in (0.1, 0.5, 0.9)]

    def ours():
        traces = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, OURS)])
        return sum(trace.size for trace in traces.traces)

    def start_and_stop(count):
        for index in range(count):
            runner.start(recipes[index % 3])
            assert len(threads()) == 1
            if index % 5 == 0:
                runner.stop()
                assert threads() == []
            if index % 3 == 0:
                runner.channel.drain()
        # The run that is on the way when it is measured has as many steps in its channel as it had time for.
        runner.stop()
        runner.channel.drain()
        gc.collect()

    start_and_stop(50)
    tracemalloc.start()
    try:
        start_and_stop(50)
        before = ours()
        start_and_stop(900)
        after = ours()
    finally:
        tracemalloc.stop()
    runner.stop()
    # A kilobyte left of each run would be 900 kB.
    assert after - before < 100_000


def test_a_new_run_has_a_new_channel_and_no_stale_steps(runner):
    old, new = lecture(0.9, steps=1_000_000), lecture(0.1, steps=300)
    for _ in range(20):
        runner.start(old)
        stale = runner.channel
        runner.start(new)
        assert runner.channel is not stale
        assert stale.stopping.is_set()
        assert stale.finished.wait(10)
        left = stale.drain()
        assert same_columns(collect(runner, new), record(new))
        assert stale.drain() == []
        assert all(chunk.learning_rates[0] == left[0].learning_rates[0] for chunk in left)


def test_a_new_run_does_not_wait_for_one_that_ends_late(monkeypatch):
    monkeypatch.setattr("gdviz.session.runner.END_WAIT", 0.0)
    go_on, begun = threading.Event(), threading.Event()

    def late(experiment, begin):
        if experiment.steps == 1:
            begun.set()
            go_on.wait(10)
        yield from descend(experiment, begin)

    runner = Runner(late)
    runner.start(lecture(0.9, steps=1))
    assert begun.wait(10)
    runner.start(lecture(0.9, steps=2))
    assert runner.is_ending
    assert same_columns(collect(runner, lecture(0.9, steps=2)), record(lecture(0.9, steps=2)))
    runner.start(lecture(0.9, steps=2))
    assert runner.channel.finished.wait(10)
    runner.take_end()
    assert runner.is_ending, "the end of a run does not wait for one that was left"
    timed = runner.clock.seconds_per_step
    go_on.set()
    runner.stop()
    assert timed == runner.clock.seconds_per_step, "the thread that was left times its own steps"
    assert not runner.is_ending
    assert not threads()


def test_it_stops_promptly_with_many_rows(runner):
    problem = LinearRegression(generate(DataSettings(rows=10_000)))
    runner.start(lecture(0.1, problem=problem, steps=1_000_000))
    assert threads()
    time.sleep(0.02)
    began = time.perf_counter()
    runner.stop()
    # All of it would take a minute.
    assert time.perf_counter() - began < 1.0
    assert runner.channel.finished.is_set()
    assert runner.channel.error is None


def test_however_soon_it_is_stopped_the_start_is_there(runner):
    for _ in range(50):
        runner.start(lecture(0.1, steps=1_000_000))
        channel = runner.channel
        runner.stop()
        chunks = channel.drain()
        assert chunks[0].begin.step == 0
        assert len(chunks[0].losses) == CHUNK_STEPS


@pytest.mark.parametrize("error", [ValueError("of the loop"), MemoryError("no room"), SystemExit("gone")])
def test_an_exception_is_its_last_word(error):
    def failing(experiment, begin):
        yield from list(descend(experiment, begin))[:2]
        raise error

    runner = Runner(failing)
    runner.start(lecture(0.1, steps=1000))
    assert runner.channel.finished.wait(5)
    runner.join()
    assert type(error).__name__ in runner.channel.error
    assert str(error) in runner.channel.error
    assert "failing" in runner.channel.error
    assert len(runner.channel.drain()) == 2
    # And it goes on.
    runner.start(lecture(0.1, steps=10))
    runner.stop()
    assert threads() == []


def test_a_window_at_work_slows_the_middle_of_a_step():
    def in_pieces(experiment, begin):
        for _ in range(3):
            between_pieces.get()()
        yield from descend(experiment, begin)

    runner = Runner(in_pieces)
    with right_of_way:
        began = time.perf_counter()
        runner.start(lecture(0.1, steps=1))
        assert runner.channel.finished.wait(10)
        assert time.perf_counter() - began > 3 * 0.9 * LONGEST_WAIT
    runner.join()


def test_a_window_at_work_slows_the_worker_and_never_stops_it():
    runner = Runner()
    chunks = 6
    with right_of_way:
        began = time.perf_counter()
        runner.start(lecture(0.1, steps=chunks * CHUNK_STEPS - 1))
        assert runner.channel.finished.wait(chunks * LONGEST_WAIT + 5)
        took = time.perf_counter() - began
    runner.join()
    assert len(runner.channel.drain()) == chunks
    assert took >= chunks * LONGEST_WAIT * 0.9
