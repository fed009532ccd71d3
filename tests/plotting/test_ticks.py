import math
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gdviz.plotting.ticks import even_ticks, log_step_ticks
from gdviz.presentation.numbers import nice_ceiling
from tests.shown_numbers import number_of

LADDER = [Fraction(mantissa) * Fraction(10) ** exponent for exponent in range(-40, 41) for mantissa in (1, 2, 5)]


@given(st.floats(1e-39, 1e39))
def test_a_nice_number_is_the_smallest_of_the_ladder(value):
    nice = nice_ceiling(value)
    smallest = next(step for step in LADDER if step >= Fraction(value) * (1 - Fraction(1, 10**11)))
    assert nice == float(smallest)


@pytest.mark.parametrize("value", [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 1e-7, 1e22, 5e-300, 2e300])
def test_a_nice_number_is_itself(value):
    assert nice_ceiling(value) == value


@given(st.floats(-1e300, 1e300), st.floats(1e-300, 1e300), st.integers(2, 10))
def test_ticks_are_even_round_and_inside(low, span, most):
    high = low + span
    assume(high - low > 1e-9 * max(abs(low), abs(high)))
    found = even_ticks(low, high, most).major
    values = [value for value, _ in found]
    assert len(values) <= most + 1
    step = nice_ceiling((high - low) / most)
    slack = 1e-6 * step + 1e-14 * max(abs(low), abs(high))
    assert all(low - slack <= value <= high + slack for value in values)
    assert all(abs(b - a - step) <= slack for a, b in pairwise(values))
    # None is missing: before the first and behind the last there is no room for another one.
    if values:
        assert values[0] - step < low + slack
        assert values[-1] + step > high - slack


@given(st.floats(-1e200, 1e200), st.floats(1e-200, 1e200))
def test_labels_tell_ticks_apart_and_say_where_they_are(low, span):
    high = low + span
    assume(high - low > 1e-6 * max(abs(low), abs(high)))
    found = even_ticks(low, high).major
    labels = [label for _, label in found]
    assert len(set(labels)) == len(labels)
    for value, label in found:
        assert abs(number_of(label) - value) <= 0.01 * (high - low)


def test_labels_have_as_many_decimals_as_the_step_needs():
    assert [label for _, label in even_ticks(-0.5, 0.5).major] == ["−0.4", "−0.2", "0.0", "0.2", "0.4"]
    assert [label for _, label in even_ticks(-4.0, 4.0).major] == ["−4", "−2", "0", "2", "4"]
    assert [label for _, label in even_ticks(-4e6, 4e6).major] == ["−4·10⁶", "−2·10⁶", "0", "2·10⁶", "4·10⁶"]


@pytest.mark.parametrize(
    ("low", "high"), [(1.0, 1.0), (2.0, 1.0), (0.0, math.inf), (math.nan, 1.0), (-math.inf, math.inf)]
)
def test_no_ticks_where_there_is_no_range(low, high):
    assert even_ticks(low, high).major == ()


def test_the_widest_range_has_ticks():
    values = [value for value, _ in even_ticks(-1.7e308, 1.7e308).major]
    assert len(values) > 2
    assert all(math.isfinite(value) for value in values)


@pytest.mark.parametrize(
    ("high", "most", "shown"),
    [
        (10, 6, [0, 1, 2, 5, 10]),
        (3, 6, [0, 1, 2]),
        (50, 6, [0, 1, 10]),
        (200, 6, [0, 1, 10, 100]),
        (1_000_000, 6, [0, 1, 100, 10_000, 1_000_000]),
        (1_000_000, 4, [0, 100, 10_000, 1_000_000]),
        (1_000_000, 2, [0, 10_000]),
        (1, 2, [0, 1]),
    ],
)
def test_ticks_of_a_logarithmic_axis_of_steps(high, most, shown):
    ticks = log_step_ticks(0.0, high, most)
    assert ticks.major == tuple((float(step), f"{step:,}") for step in shown)
    assert not {value for value, _ in ticks.major} & set(ticks.minor)
    assert all(0 < value <= high for value in ticks.minor)
