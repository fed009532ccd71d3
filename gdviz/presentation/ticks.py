"""Round numbers for axes: where the ticks are, and what is written at them."""

import math

from gdviz.presentation.numbers import format_number

NICE = (1.0, 2.0, 5.0)


def nice_at_least(value: float) -> float:
    """The smallest of 1, 2, 5, 10, 20, 50, ... (and 0.5, 0.2, ...) that is not below ``value`` > 0."""
    exponent = math.floor(math.log10(value))
    candidates = (float(f"{factor:g}e{exponent}") for factor in (*NICE, 10.0))
    return next(nice for nice in candidates if nice >= value * (1 - 1e-12))


def ticks(low: float, high: float, most: int = 6) -> tuple[tuple[float, str], ...]:
    """The round values from ``low`` to ``high`` with their labels, at most ``most`` steps of the axis."""
    span = high / 2 - low / 2
    if not (math.isfinite(span) and span > 0):
        return ()
    step = nice_at_least(span / most * 2)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    values = [index * step for index in range(first, last + 1)]
    return tuple((value, _label(value, step)) for value in values)


def _label(value: float, step: float) -> str:
    if 1e-4 < step < 1e4 and abs(value) < 1e5:
        decimals = max(0, -math.floor(math.log10(step) + 1e-9))
        return f"{value:.{decimals}f}".replace("-", "−")
    # As many digits as tell a tick from the next one, however far from zero they are.
    places = math.floor(math.log10(abs(value))) - math.floor(math.log10(step) + 1e-9) if value else 0
    return format_number(value, max(3, places + 1))
