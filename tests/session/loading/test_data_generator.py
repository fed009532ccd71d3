"""The thread that generates data: what is wanted last comes, and nothing else does."""

import threading
import time

import numpy as np
import pytest

from gdviz.core.data.creation import generate
from gdviz.core.data.rows import PIECE_ROWS
from gdviz.core.data.settings import DataSettings
from gdviz.core.errors import InputError
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.right_of_way import LONGEST_WAIT, right_of_way
from gdviz.session.loading.data_generator import (
    AT_ONCE,
    DataGenerator,
    GenerationProgress,
    is_slow,
    with_generated_data,
)
from tests.recordings import LECTURE


@pytest.fixture
def made():
    """Makers that are stopped at the end, however the test ends."""
    makers = []

    def make(generate=with_generated_data):
        makers.append(DataGenerator(generate))
        return makers[-1]

    yield make
    for maker in makers:
        maker.stop()


def taken(maker):
    """Wait for what is made."""
    for _ in range(2000):
        found = maker.take()
        if found is not None:
            return found
        threading.Event().wait(0.005)
    raise AssertionError("nothing is made")


class Slow:
    """A way to make data that waits for the test between its parts."""

    def __init__(self):
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.asked = []

    def __call__(self, problem, settings, report):
        self.asked.append(settings.rows)
        report(0.4)
        self.begun.set()
        if settings.rows == 1:
            while not self.go_on.wait(0.005):
                report(0.4)
            report(0.9)
        return LinearRegression(generate(settings))


def test_few_rows_need_no_thread():
    assert not is_slow(DataSettings(rows=AT_ONCE))
    assert is_slow(DataSettings(rows=AT_ONCE + 1))


def test_it_makes_the_data_that_are_generated_without_it(made):
    maker = made()
    settings = DataSettings(rows=7_000, noise=0.2, seed=9)
    maker.submit((LECTURE, settings))
    found = taken(maker)
    assert (found.result.data.settings, found.refusal, found.error) == (settings, "", "")
    assert found.result == LinearRegression(generate(settings))
    assert not maker.is_busy
    assert maker.progress is None
    assert maker.take() is None


def test_what_is_wanted_last_comes_and_nothing_else(made):
    slow = Slow()
    maker = made(slow)
    maker.submit((LECTURE, DataSettings(rows=1)))
    assert slow.begun.wait(5)
    assert maker.is_busy
    for rows in (30, 40, 50):
        maker.submit((LECTURE, DataSettings(rows=rows)))
    assert taken(maker).result.data.x.size == 50
    assert slow.asked[0] == 1
    assert slow.asked[-1] == 50
    assert not slow.go_on.is_set(), "the first one was given up, not waited for"
    assert maker.take() is None


def test_what_is_going_on_is_said(made):
    slow = Slow()
    maker = made(slow)
    assert maker.progress is None
    maker.submit((LECTURE, DataSettings(rows=1)))
    assert slow.begun.wait(5)
    assert maker.progress == GenerationProgress(DataSettings(rows=1), 40)
    assert GenerationProgress(DataSettings(rows=10_000), 40).words == "generating 10,000 rows: 40 %"


def test_what_is_not_wanted_any_more_does_not_come(made):
    slow = Slow()
    maker = made(slow)
    maker.submit((LECTURE, DataSettings(rows=1)))
    assert slow.begun.wait(5)
    maker.submit(None)
    assert not maker.is_busy
    slow.go_on.set()
    maker.submit((LECTURE, DataSettings(rows=2)))
    assert taken(maker).result.data.settings.rows == 2


def test_stopping_does_not_wait_for_the_data(made):
    slow = Slow()
    maker = made(slow)
    maker.submit((LECTURE, DataSettings(rows=1)))
    assert slow.begun.wait(5)
    began = time.perf_counter()
    maker.stop()
    assert time.perf_counter() - began < 2.0
    assert not [thread for thread in threading.enumerate() if thread.name == "gdviz data"]
    assert maker.take() is None


def test_a_maker_that_was_never_asked_stops(made):
    maker = made()
    maker.stop()
    assert not maker.is_busy


def test_data_that_cannot_be_are_refused_in_one_line(made):
    def refuse(problem, settings, report):
        raise InputError("data: too large; use fewer rows")

    maker = made(refuse)
    maker.submit((LECTURE, DataSettings()))
    found = taken(maker)
    assert (found.result, found.refusal, found.error) == (None, "data: too large; use fewer rows", "")


def test_after_a_fault_the_next_map_is_computed(made):
    faults = [ZeroDivisionError("that went wrong")]

    def make(problem, settings, report):
        if faults:
            raise faults.pop()
        return problem

    maker = made(make)
    maker.submit((LECTURE, DataSettings()))
    assert "that went wrong" in taken(maker).error
    maker.submit((LECTURE, DataSettings()))
    assert taken(maker).result is LECTURE


def test_the_part_that_is_done_only_grows():
    parts = []
    problem = with_generated_data(LECTURE, DataSettings(rows=30_000, seed=6), parts.append)
    assert parts == sorted(parts)
    assert parts[0] == 0.0
    assert parts[-1] <= 1.0
    np.testing.assert_array_equal(problem.data.x, generate(DataSettings(rows=30_000, seed=6)).x)


@pytest.mark.parametrize("standardised", [False, True])
def test_every_part_of_the_work_can_be_given_up_soon(standardised):
    parts = []
    settings = DataSettings(rows=40 * PIECE_ROWS, standardised=standardised)
    with_generated_data(LECTURE, settings, parts.append)
    assert max(np.diff([*parts, 1.0])) < 0.05, "a longer part would hold up the window that is closed in the middle"


def test_the_work_waits_while_a_frame_is_composed(made):
    told, waited = threading.Event(), []

    def make(problem, settings, report):
        told.wait()
        begin = time.perf_counter()
        report(0.5)
        waited.append(time.perf_counter() - begin)
        return with_generated_data(problem, settings, lambda part: None)

    maker = made(make)
    with right_of_way:
        maker.submit((LinearRegression(), DataSettings(rows=50)))
        told.set()
        assert taken(maker).result.data.rows == 50
    assert waited[0] >= 0.9 * LONGEST_WAIT
