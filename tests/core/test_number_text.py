"""Numbers in sentences."""

import math

import numpy as np
import pytest

from gdviz.core.number_text import format_number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (0.7755, "0.7755"),
        (-1.0, "−1"),
        (2.5, "2.5"),
        (1.4667, "1.467"),
        (12345.678, "12346"),
        (99999.0, "99999"),
        (1e5, "1e05"),
        (0.001, "0.001"),
        (0.00099, "9.9e−04"),
        (2.5e-7, "2.5e−07"),
        (1.0366e24, "1.037e24"),
        (-1.861e24, "−1.861e24"),
        (1e-300, "1e−300"),
        (math.inf, "inf"),
        (-math.inf, "−inf"),
        (math.nan, "NaN"),
        (np.float32(0.9), "0.9"),
        (np.float32(np.inf), "inf"),
    ],
)
def test_numbers_are_written_with_four_digits(value, text):
    assert format_number(value) == text


@pytest.mark.parametrize(("digits", "text"), [(1, "3"), (2, "3.1"), (3, "3.14"), (6, "3.14159")])
def test_the_number_of_digits_can_be_chosen(digits, text):
    assert format_number(math.pi, digits) == text


def test_whole_digits_are_never_dropped():
    assert format_number(54321.0, 2) == "54321"


def test_one_digit_with_an_exponent_has_no_point():
    assert format_number(3.4e38, 1) == "3e38"
