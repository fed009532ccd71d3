import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.errors import InputError
from gdviz.core.schedules import Changed, Constant, changed_from, changes

rates = st.floats(-10, 10)
edits = st.lists(st.tuples(st.integers(0, 30), rates), max_size=8)


def test_constant():
    assert [Constant(0.3)(step) for step in (0, 1, 10**6)] == [0.3] * 3


@pytest.mark.parametrize("rate", [math.nan, math.inf, -math.inf])
def test_rates_that_are_no_numbers(rate):
    for make in (lambda: Constant(rate), lambda: Changed(Constant(1.0), ((3, rate),))):
        with pytest.raises(InputError, match=r"learning_rate: .* take one such as"):
            make()


@pytest.mark.parametrize(("made", "told"), [(((-1, 0.1),), "-1 is no step"), (((5, 0.1), (5, 0.2)), "in order")])
def test_changes_that_cannot_be(made, told):
    with pytest.raises(InputError, match=told):
        Changed(Constant(1.0), made)


@settings(deadline=None)
@given(rates, edits)
def test_the_last_edit_decides_from_its_step_on(first, edits):
    schedule, table = Constant(first), [first] * 40
    for step, rate in edits:
        schedule = changed_from(schedule, step, rate)
        table[step:] = [rate] * (40 - step)
    assert [schedule(step) for step in range(40)] == table


@settings(deadline=None)
@given(rates, edits)
def test_changes_tell_the_whole_schedule(first, edits):
    schedule = Constant(first)
    for step, rate in edits:
        schedule = changed_from(schedule, step, rate)
    before, made = changes(schedule)
    assert isinstance(before, Constant)
    assert [step for step, _ in made] == sorted({step for step, _ in made})
    for step, rate in made:
        before = changed_from(before, step, rate)
    assert before == schedule
    assert hash(before) == hash(schedule)


def test_changing_again_at_the_same_step_replaces():
    schedule = changed_from(changed_from(changed_from(Constant(1.0), 5, 2.0), 9, 3.0), 5, 4.0)
    assert schedule == changed_from(Constant(1.0), 5, 4.0)
    assert changed_from(schedule, 0, 7.0) == Constant(7.0)


def test_a_slider_that_is_dragged_for_minutes_makes_no_tower():
    schedule = Constant(1.0)
    for step in range(1, 1500):
        schedule = changed_from(schedule, step, 1.0 + step)
    assert [schedule(0), schedule(1), schedule(1499), schedule(6000)] == [1.0, 2.0, 1500.0, 1500.0]
    assert hash(schedule) != hash(schedule.before)
    assert schedule != schedule.before
