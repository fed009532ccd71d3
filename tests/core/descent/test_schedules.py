import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.descent.manual_changes import PiecewiseConstant, base_and_changes, with_rate_from
from gdviz.core.descent.schedules import MAX_FRESH_STEPS, MAX_RATES, Constant, RangeTest, make_schedule
from gdviz.core.descent.schedules.free import Free
from gdviz.core.errors import InputError
from tests.seams import Plateau

rates = st.floats(-10, 10)
edits = st.lists(st.tuples(st.integers(0, 30), rates), max_size=8)


def test_constant():
    assert [Constant(0.3)(step) for step in (0, 1, 10**6)] == [0.3] * 3


@pytest.mark.parametrize("rate", [math.nan, math.inf, -math.inf])
def test_rates_that_are_no_numbers(rate):
    for make in (lambda: Constant(rate), lambda: PiecewiseConstant(Constant(1.0), ((3, rate),))):
        with pytest.raises(InputError, match=r"learning_rate: .* use one such as"):
            make()


@pytest.mark.parametrize(("made", "told"), [(((-1, 0.1),), "-1 is not a step"), (((5, 0.1), (5, 0.2)), "in order")])
def test_changes_that_cannot_be(made, told):
    with pytest.raises(InputError, match=told):
        PiecewiseConstant(Constant(1.0), made)


@settings(deadline=None)
@given(rates, edits)
def test_the_last_edit_decides_from_its_step_on(first, edits):
    schedule, table = Constant(first), [first] * 40
    for step, rate in edits:
        schedule = with_rate_from(schedule, step, rate)
        table[step:] = [rate] * (40 - step)
    assert [schedule(step) for step in range(40)] == table


@settings(deadline=None)
@given(rates, edits)
def test_changes_tell_the_whole_schedule(first, edits):
    schedule = Constant(first)
    for step, rate in edits:
        schedule = with_rate_from(schedule, step, rate)
    before, made = base_and_changes(schedule)
    assert isinstance(before, Constant)
    assert [step for step, _ in made] == sorted({step for step, _ in made})
    for step, rate in made:
        before = with_rate_from(before, step, rate)
    assert before == schedule
    assert hash(before) == hash(schedule)


def test_changing_again_at_the_same_step_replaces():
    schedule = with_rate_from(with_rate_from(with_rate_from(Constant(1.0), 5, 2.0), 9, 3.0), 5, 4.0)
    assert schedule == with_rate_from(Constant(1.0), 5, 4.0)
    assert with_rate_from(schedule, 0, 7.0) == Constant(7.0)


@pytest.mark.unmeasured
def test_a_slider_that_is_dragged_for_minutes_makes_no_tower():
    schedule = Constant(1.0)
    for step in range(1, 1500):
        schedule = with_rate_from(schedule, step, 1.0 + step)
    assert [schedule(0), schedule(1), schedule(1499), schedule(6000)] == [1.0, 2.0, 1500.0, 1500.0]
    assert hash(schedule) != hash(schedule.base)
    assert schedule != schedule.base


@given(st.floats(1e-8, 1.0), st.floats(1.5, 1e8), st.integers(2, 500), st.integers(0, 7))
def test_rates_grow_by_one_factor_and_never_reach_the_end(start, ratio, number, fresh_steps):
    schedule = RangeTest(start, start * ratio, number, fresh_steps)
    rates = [schedule.rate(index) for index in range(number)]
    assert rates[0] == start
    assert rates[-1] * (start * ratio / start) ** (1 / number) == pytest.approx(start * ratio)
    assert [schedule(step) for step in range(schedule.last_step + 1)] == [
        rate for rate in rates for _ in range(fresh_steps + 1)
    ]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"start": 0.0}, "start 0 is not possible; use a rate above 0"),
        ({"start": -1.0}, "start -1 is not possible"),
        ({"end": math.inf}, "end inf is not possible"),
        ({"start": math.nan}, "start nan is not possible"),
        ({"start": 2.0, "end": 1.0}, "the end 1 is not above the start 2; make it larger"),
        ({"start": 2.0, "end": 2.0}, "not above"),
        ({"start": 5e-324, "end": 1e308}, "too wide; use a start closer to the end"),
        ({"number": 1}, "1 rates are not possible; use 2 to 10,000"),
        ({"number": MAX_RATES + 1}, "use 2 to"),
        ({"fresh_steps": -1}, "-1 fresh steps are not possible"),
        ({"fresh_steps": MAX_FRESH_STEPS + 1}, "use 0 to 99"),
    ],
)
def test_range_tests_that_cannot_be(settings, told):
    with pytest.raises(InputError, match="range test: ") as caught:
        RangeTest(**settings)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_range_test_takes_no_changes_in_its_middle():
    with pytest.raises(InputError, match="leave the changes out"):
        with_rate_from(RangeTest(), 5, 0.1)
    assert with_rate_from(RangeTest(), 0, 0.1) == Constant(0.1)


def test_what_a_schedule_says_of_itself():
    changed, jumps = with_rate_from(Plateau(0.1), 9, 0.3), with_rate_from(Constant(0.2), 9, 0.3)
    kinds = (Constant(0.2), jumps, Plateau(0.1), changed, RangeTest())
    assert [one.varies for one in kinds] == [False, False, True, True, True]
    assert [one.constant_rate for one in kinds] == [0.2, None, None, None, None]
    assert [one.base_rate for one in kinds] == [0.2, 0.2, 0.1, 0.1, 1e-4]
    assert [one.sweeps for one in kinds] == [False] * 4 + [True]
    assert [one.title for one in kinds] == ["Constant", "Constant", *["Halve on plateau"] * 2, "Range test"]
    assert RangeTest(fresh_steps=1).counter(5, 9) == "rate 3 / 200"
    assert changed.counter(1000, 2000) == "step 1,000 / 2,000"


def test_another_rate_keeps_the_schedule_but_not_the_changes():
    assert with_rate_from(Plateau(0.1, 0.7), 0, 0.3) == Plateau(0.3, 0.7)
    assert with_rate_from(with_rate_from(Plateau(0.1, 0.7), 9, 0.2), 0, 0.3) == Plateau(0.3, 0.7)
    assert with_rate_from(with_rate_from(Constant(0.1), 9, 0.2), 0, 0.3) == Constant(0.3)


@pytest.mark.parametrize(
    ("name", "settings", "told"),
    [
        ("linear", {}, "schedule: there is no 'linear'; use one of constant, range-test, "),
        ("plateau", {"steps": 3}, "schedule.steps: plateau has no such setting; it has factor, patience"),
        ("constant", {"factor": 3.0}, "schedule.factor: constant has no such setting; it has warmup_steps, "),
        ("plateau", {"factor": math.nan}, "schedule.factor: nan is not a finite number; use one such as 0.5"),
        ("plateau", {"patience": 1.5}, "schedule.patience: 1.5 is not a whole number; use one such as 3"),
        ("plateau", {"patience": True}, "schedule.patience: True is not a whole number; use one such as 3"),
        ("plateau", {"factor": "a"}, "schedule.factor: 'a' is not a finite number; use one such as 0.5"),
        ("range-test", {"stops": 1}, "schedule.stops: 1 is neither true nor false; use one of them"),
    ],
)
def test_schedules_that_cannot_be_made(further_schedules, name, settings, told):
    with pytest.raises(InputError) as caught:
        make_schedule(name, 0.1, settings)
    assert str(caught.value).startswith(told)


def test_a_whole_number_may_be_written_as_a_decimal(further_schedules):
    made = make_schedule("plateau", 1, {"patience": 4.0, "factor": 1})
    assert (made, type(made.patience), type(made.factor)) == (Plateau(1.0, 1.0, 4), int, float)


def test_a_scaled_curve_has_rates_that_can_be_read():
    scaled = Free(((0, 0.1), (10, 0.03))).with_rate(0.1953)
    assert scaled.points == ((0, 0.1953), (10, 0.05859))
