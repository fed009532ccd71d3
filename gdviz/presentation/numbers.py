"""Numbers as text for the screen: few digits, a true minus sign, and words for what is not finite."""

import math
from collections.abc import Sequence

import numpy as np

MINUS = "−"
SUPERSCRIPTS = dict(zip("−0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
"""The characters of an exponent, plain and superscript."""
_FIXED_FROM, _FIXED_TO = 1e-3, 1e5
NICE = (1.0, 2.0, 5.0)


def format_fixed(value: np.floating) -> str:
    """A number of ordinary size with three decimals, so that columns line up; others as `format_number`."""
    number = float(value) + 0.0  # -0.0 becomes 0.0
    familiar = number == 0 or 1e-3 <= abs(number) < 1e4
    return f"{number:.3f}".replace("-", MINUS) if familiar else format_number(number)


def signed_term(number: str) -> str:
    """A number as a summand: "+ 1.277", "− 1.277"."""
    return f"{number[0]} {number[1:]}" if number.startswith("−") else f"+ {number}"


def bracketed(number: str) -> str:
    """A number as a factor: negative ones in brackets."""
    return f"({number})" if number.startswith("−") else number


def format_number(value: float, digits: int = 4) -> str:
    """``value`` with at most ``digits`` significant digits, without trailing zeros: 0.7755, −1.037e24, 2.5e−07, inf.

    Fixed notation from 0.001 up to 100,000, with all integer digits; exponents beyond.
    """
    number = float(value)
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "inf" if number > 0 else f"{MINUS}inf"
    if number == 0:
        return "0"
    if _FIXED_FROM <= abs(number) < _FIXED_TO:
        text, exponent = f"{number:.{max(0, digits - 1 - math.floor(math.log10(abs(number))))}f}", ""
    else:
        text, _, exponent = f"{number:.{max(0, digits - 1)}e}".replace("e+", "e").partition("e")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return (f"{text}e{exponent}" if exponent else text).replace("-", MINUS)


def superscript(number: int) -> str:
    """An integer in superscript digits: ³⁸, ⁻³."""
    return "".join(SUPERSCRIPTS[sign] for sign in str(int(number)).replace("-", MINUS))


def power_of_ten(exponent: int) -> str:
    """A power of ten as written by hand: 1, 10, 10², 10⁻³."""
    if exponent == 0:
        return "1"
    return "10" if exponent == 1 else f"10{superscript(exponent)}"


def quantity(number: int, noun: str = "step") -> str:
    """ "1 step", "1,200 steps"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def overflow_text(value: float, dtype: np.dtype[np.floating]) -> str:
    """Where an infinite value lies: "beyond 3.4e38, the largest number of float32"."""
    largest = format_number(float(np.finfo(dtype).max), 3)
    if value > 0:
        return f"beyond {largest}, the largest number of {dtype}"
    return f"below {MINUS}{largest}, the lowest number of {dtype}"


def join_words(words: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def nice_ceiling(value: float) -> float:
    """The smallest of 1, 2, 5, 10, 20, 50, ... (and 0.5, 0.2, ...) that is not below ``value`` > 0."""
    exponent = math.floor(math.log10(value))
    candidates = (float(f"{factor:g}e{exponent}") for factor in (*NICE, 10.0))
    return next(nice for nice in candidates if nice >= value * (1 - 1e-12))
