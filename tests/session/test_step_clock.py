"""The time per step, measured on chunks that take as long as the test says."""

from dataclasses import dataclass

import numpy as np
import pytest

from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import descend
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau
from gdviz.session import runner as step_clock
from gdviz.session.runner import StepClock, is_closed_form, step_time_text
from tests.recordings import lecture


@dataclass
class Hand:
    """A clock that the test turns."""

    now: float = 100.0

    def thread_time(self):
        return self.now


@pytest.fixture
def hand(monkeypatch):
    clock = Hand()
    monkeypatch.setattr(step_clock, "time", clock)
    return clock


def chunks(hand, *times):
    """Chunks of 64 steps, each of which takes so many seconds."""
    for seconds, chunk in zip(times, descend(lecture(0.1, steps=1000), chunk_steps=64), strict=False):
        hand.now += seconds
        yield chunk


def test_nothing_is_said_before_anything_is_measured():
    assert StepClock().seconds_per_step is None
    assert step_time_text(None) == ""


def test_the_first_chunk_does_not_count(hand):
    clock = StepClock()
    found = []
    for _ in clock.timed(chunks(hand, 64.0, 0.64, 0.32, 0.64)):
        found.append(clock.seconds_per_step)
    assert found == pytest.approx([1.0, 0.01, 0.0075, 1.6 / 192])


def test_only_the_descent_counts(hand):
    clock = StepClock()
    for _ in clock.timed(chunks(hand, 1.0, 0.64, 0.64)):
        hand.now += 50.0
    assert clock.seconds_per_step == pytest.approx(0.01)


def test_another_run_is_measured_anew(hand):
    clock = StepClock()
    list(clock.timed(chunks(hand, 1.0, 0.64)))
    list(clock.timed(chunks(hand, 1.0, 6.4)))
    assert clock.seconds_per_step == pytest.approx(0.1)


def test_all_steps_pass_through():
    plain = np.concatenate([chunk.losses for chunk in descend(lecture(0.1))])
    timed = np.concatenate([chunk.losses for chunk in StepClock().timed(descend(lecture(0.1)))])
    np.testing.assert_array_equal(plain, timed)


def test_a_fault_of_the_descent_passes_through():
    def failing():
        yield from ()
        raise ZeroDivisionError("in the descent")

    with pytest.raises(ZeroDivisionError, match="in the descent"):
        list(StepClock().timed(failing()))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3.44e-7, "340 ns per step"),
        (2.44e-6, "2.4 µs per step"),
        (1.1e-3, "1.1 ms per step"),
        (0.25, "250 ms per step"),
        (12.0, "12 s per step"),
    ],
)
def test_a_time_is_told_in_two_digits(seconds, words):
    assert step_time_text(seconds) == words


@pytest.mark.parametrize(
    ("rows", "batch_size", "closed"), [(10_000, None, False), (10_001, None, True), (10_001, 100, False)]
)
def test_a_step_that_touches_no_row_says_so(rows, batch_size, closed):
    problem = LinearRegression(generate(DataSettings(rows=rows)))
    assert is_closed_form(lecture(0.1, problem=problem, batch_size=batch_size)) is closed
    assert step_time_text(1.3e-5, closed) == "13 µs per step" + (" (closed form)" if closed else "")


def test_a_surface_has_no_rows_and_no_closed_form():
    assert not is_closed_form(Experiment(Himmelblau()))
