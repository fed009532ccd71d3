"""Numbers as they stand on the screen."""

import pytest

from gdviz.presentation.numbers import power_of_ten, superscript


@pytest.mark.parametrize(("number", "text"), [(0, "⁰"), (38, "³⁸"), (-3, "⁻³"), (1967, "¹⁹⁶⁷")])
def test_superscripts(number, text):
    assert superscript(number) == text


@pytest.mark.parametrize(("exponent", "text"), [(0, "1"), (1, "10"), (2, "10²"), (-3, "10⁻³"), (38, "10³⁸")])
def test_powers_of_ten(exponent, text):
    assert power_of_ten(exponent) == text
