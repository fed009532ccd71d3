"""Numbers in sentences: few digits, a true minus sign, words for what is not finite, and nouns in the plural."""

import math

MINUS = "−"
_FIXED_FROM, _FIXED_TO = 1e-3, 1e5


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


def quantity(number: int, noun: str = "step") -> str:
    """ "1 step", "1,200 steps"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
