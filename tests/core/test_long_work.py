"""Long work in pieces: how it is counted, refused and ended, and that its results do not depend on the pieces."""

import threading

import numpy as np
import pytest

from gdviz.core.analysis.range_test import as_range_test, curve_from_fresh_starts
from gdviz.core.data import rows
from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.checkpoint import start
from gdviz.core.descent.loop import walk
from gdviz.core.descent.schedules import RangeTest
from gdviz.core.long_work import (
    PIECE,
    TooLongError,
    a_piece_at_most,
    between_pieces,
    counted_pieces,
    report_part,
    worked,
)
from gdviz.core.precision import Precision
from gdviz.core.problems import batch_orders, batches
from gdviz.core.problems.batch_orders import BatchOrder, row_source
from gdviz.core.problems.batches import Batches
from gdviz.core.problems.regression import LinearRegression
from tests.recordings import lecture

ROWS, SIZE, PIECE_ROWS = 3000, 2500, 700
PROBLEM = LinearRegression(generate(DataSettings(rows=ROWS)))


class EndedError(Exception):
    """Ends work."""


def ending_after(count):
    """What ends work after so many pieces."""
    left = [count]

    def end():
        left[0] -= 1
        if not left[0]:
            raise EndedError

    return end


@pytest.fixture
def ended_at_once():
    token = between_pieces.set(ending_after(1))
    yield
    between_pieces.reset(token)


@pytest.fixture
def small_pieces(monkeypatch):
    for module in (rows, batch_orders, batches):
        monkeypatch.setattr(module, "PIECE_ROWS", PIECE_ROWS)


def test_pieces_are_counted_and_may_still_end_the_work():
    token = between_pieces.set(ending_after(2))
    try:
        with counted_pieces() as pieces:
            worked(PIECE - 1)
            assert pieces() == 0
            worked(1)
            assert pieces() == 1
            with pytest.raises(EndedError):
                worked(PIECE)
        with counted_pieces() as pieces:
            worked(PIECE - 1)
        assert pieces() == 0, "each counts its own"
    finally:
        between_pieces.reset(token)


def test_work_is_refused_after_a_piece_and_not_before():
    with a_piece_at_most():
        worked(PIECE - 1)
        with pytest.raises(TooLongError):
            worked(1)
    worked(10 * PIECE)  # elsewhere it is only counted


def test_what_was_done_before_does_not_count():
    worked(PIECE - 1)
    with a_piece_at_most():
        worked(PIECE - 1)


def test_each_thread_counts_its_own():
    worked(PIECE - 1)
    refused = []

    def other():
        with a_piece_at_most():
            worked(PIECE - 1)
            refused.append(False)

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert refused == [False]


@pytest.mark.parametrize("order", BatchOrder)
def test_rows_drawn_in_pieces_are_those_drawn_at_once(order, monkeypatch):
    source = row_source(order, 40_000, 20_000, 7)
    at_once = [source.draw(block) for block in range(5)]
    monkeypatch.setattr(batch_orders, "PIECE_ROWS", PIECE_ROWS)
    monkeypatch.setattr(rows, "PIECE_ROWS", PIECE_ROWS)
    for block, drawn in enumerate(at_once):
        assert np.array_equal(source.draw(block), drawn)


@pytest.mark.parametrize("order", BatchOrder)
@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("runs", [None, 3])
def test_steps_in_pieces_are_those_at_once(order, precision, runs, request):
    experiment = lecture(0.1, problem=PROBLEM, batch_size=SIZE, batch_order=order, precision=precision)
    rates = [precision.dtype.type(0.1)] * 4

    def steps():
        return [(step.loss, step.gradient) for step in walk(experiment, start(experiment, runs), rates)]

    at_once = steps()
    request.getfixturevalue("small_pieces")
    for (loss, gradient), (same_loss, same_gradient) in zip(steps(), at_once, strict=True):
        assert np.array_equal(loss, same_loss)
        assert np.array_equal(gradient, same_gradient)


@pytest.mark.parametrize("order", BatchOrder)
def test_a_batch_can_be_given_up(order, small_pieces, ended_at_once):
    with pytest.raises(EndedError):
        Batches(PROBLEM, SIZE, 0, Precision.FLOAT32, order=order).columns(0)


@pytest.mark.parametrize("pieces", range(1, 12))
def test_a_batch_can_be_given_up_at_any_piece(pieces, small_pieces):
    found = Batches(PROBLEM, SIZE, 0, Precision.FLOAT32)
    token = between_pieces.set(ending_after(pieces))
    try:
        with pytest.raises(EndedError):
            [found.evaluate(np.zeros((2, 2), np.float32), step) for step in range(4)]
    finally:
        between_pieces.reset(token)
    # And it can be asked again.
    whole = Batches(PROBLEM, SIZE, 0, Precision.FLOAT32)
    for step in range(4):
        assert np.array_equal(found.columns(step)[0], whole.columns(step)[0])


def test_a_long_range_test_tells_how_much_is_done_and_is_known_afterwards():
    experiment, schedule = lecture(0.1), RangeTest(1e-9, 2e-9, 3000)
    told = []
    token = report_part.set(told.append)
    try:
        with a_piece_at_most(), pytest.raises(TooLongError):
            as_range_test(experiment, schedule)
        found = as_range_test(experiment, schedule)
    finally:
        report_part.reset(token)
    assert 0.0 == told[0] < told[-1] <= 1.0
    with a_piece_at_most():
        assert as_range_test(experiment, schedule) == found


def test_a_search_from_fresh_starts_can_be_given_up():
    test = RangeTest(1e-3, 1.0, 1000, 99, stops=False)
    sweep = as_range_test(lecture(0.1), test)
    with a_piece_at_most(), pytest.raises(TooLongError):
        curve_from_fresh_starts(sweep)
