"""Numbers as text for the screen: few digits, a true minus sign, and words for what is not finite."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

# These three are also for the sentences of the core.
from gdviz.core.number_text import MINUS as MINUS
from gdviz.core.number_text import format_number as format_number
from gdviz.core.number_text import quantity as quantity

SUPERSCRIPTS = dict(zip("−0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
"""The characters of an exponent, plain and superscript."""
_FIXED_FROM, _FIXED_TO = 1e-3, 1e4
MOST_DIGITS, SMALLEST_FIXED = 9, 1e-5
"""The most digits of a number, though double precision has more; and what is the smallest without an exponent."""
NICE = (1.0, 2.0, 5.0)


def format_fixed(value: np.floating) -> str:
    """A number of ordinary size with three decimals, so that columns line up; others as `format_number`."""
    number = float(value) + 0.0  # -0.0 becomes 0.0
    familiar = number == 0 or _FIXED_FROM <= abs(number) < _FIXED_TO
    return f"{number:.3f}".replace("-", MINUS) if familiar else format_number(number)


def decimal_place(values: NDArray[np.float64]) -> int:
    """The decimal place of the first digit of the smallest value, 3 for 0.004; 0 if there is none but 0, inf, NaN."""
    sizes = np.abs(values[np.isfinite(values) & (values != 0)])
    return -math.floor(math.log10(sizes.min())) if len(sizes) else 0


def format_to(value: np.floating, place: int, fixed_to: float = _FIXED_TO) -> str:
    """A number of ordinary size down to that decimal place, at least the third, in as many digits as precision allows.

    Others, from ``fixed_to`` on, with an exponent and four digits.
    """
    number, most = float(value) + 0.0, min(np.finfo(value.dtype).precision + 1, MOST_DIGITS)
    least = max(10.0**-place, SMALLEST_FIXED) if place > 3 else _FIXED_FROM
    if not math.isfinite(number):
        return format_number(number)
    if number != 0 and not least <= abs(number) < fixed_to:
        return f"{number:.3e}".replace("e+", "e").replace("-", MINUS)
    whole = 1 + math.floor(math.log10(abs(number) or 1.0))
    return f"{number:.{max(3, min(place, most - whole))}f}".replace("-", MINUS)


def format_plain(value: float) -> str:
    """A number with at most four digits, without an exponent down to a millionth: 0.0001; others as `format_number`."""
    is_plain = 1e-6 <= abs(value) < _FIXED_FROM
    return np.format_float_positional(value, 4, fractional=False, trim="-") if is_plain else format_number(value)


def aligned(texts: Iterable[str]) -> list[str]:
    """Numbers with spaces before them, so that they end below one another; there is always room for a sign."""
    texts = list(texts)
    width = max(len(text.removeprefix(MINUS)) for text in texts) + 1
    return [text.rjust(width) for text in texts]


def signed_term(number: str) -> str:
    """A number as a summand: "+ 1.277", "− 1.277"."""
    return f"{number[0]} {number[1:]}" if number.startswith("−") else f"+ {number}"


def bracketed(number: str) -> str:
    """A number as a factor: negative ones in brackets."""
    return f"({number})" if number.startswith("−") else number


def format_grouped(value: float, decimals: int = 0) -> str:
    """A finite number in fixed notation, with commas from 10,000 up and without trailing zeros: 2000, −71,270, 0.35."""
    text = f"{float(value) + 0.0:{',' if abs(value) >= 1e4 else ''}.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", MINUS) if text != "-0" else "0"


def format_power(value: float, digits: int, fixed_to: float = 1e4) -> str:
    """A finite number as written by hand, with that many significant digits: 2.3·10⁶, −1.5·10⁻⁷; 0.35, 71,270.

    fixed_to: smaller numbers, but not those below 0.001, are in fixed notation, with all digits before the point.
    """
    mantissa, _, exponent = f"{float(value):.{digits - 1}e}".partition("e")
    power = int(exponent)
    if value == 0 or _FIXED_FROM <= abs(value) < fixed_to:
        return format_grouped(value, max(0, digits - 1 - power))
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}·10{superscript(power)}".replace("-", MINUS)


def superscript(number: int) -> str:
    """An integer in superscript digits: ³⁸, ⁻³."""
    return "".join(SUPERSCRIPTS[sign] for sign in str(int(number)).replace("-", MINUS))


def power_of_ten(exponent: int) -> str:
    """A power of ten as written by hand: 1, 10, 10², 10⁻³."""
    if exponent == 0:
        return "1"
    return "10" if exponent == 1 else f"10{superscript(exponent)}"


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
