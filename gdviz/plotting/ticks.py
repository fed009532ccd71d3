"""The positions and labels of the ticks of an axis: pure arithmetic, no painting."""

import math
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise, product

from gdviz.core.frozen import frozen
from gdviz.presentation.numbers import MINUS, format_power, nice_ceiling, power_of_ten

MAX_TICKS = 6
_LARGEST_DECADE = 308
_NICE = (1.0, 2.0, 5.0, 10.0, 20.0)
_LESS_NICE = (3.0, 4.0, 6.0, 8.0)
"""Used where the nice ones would leave a single tick."""
_BETWEEN = {2: 1, 3: 1, 5: 1, 10: 5, 20: 10, 50: 10, 100: 50, 200: 100, 500: 100}
"""By the number of decades between labels, the number between unlabelled ticks."""


@frozen
class Ticks:
    """Labelled ticks (value on the axis, label), and the values of unlabelled ones."""

    major: tuple[tuple[float, str], ...]
    minor: tuple[float, ...] = ()


# Frames repeat the ticks of the frame before, and try some ten times until they fit.
@lru_cache(maxsize=512)
def linear_ticks(low: float, high: float, most: int = MAX_TICKS) -> Ticks:
    """Round numbers from ``low`` to ``high``, at most ``most``."""
    step = _nice_step(low, high, most)
    values = _multiples(low, high, step)
    largest = max(map(abs, values), default=0.0)
    is_fixed = largest == 0 or (largest < 1e5 and step >= 1e-4)
    labels = ["0" if abs(value) < step / 2 else _label(value, step, is_fixed) for value in values]
    return Ticks(tuple(zip(values, labels, strict=True)))


@lru_cache(maxsize=512)
def even_ticks(low: float, high: float, most: int = MAX_TICKS) -> Ticks:
    """Round numbers from ``low`` to ``high`` with at most ``most`` steps between them; zero has decimals too."""
    span = high / 2 - low / 2  # halved, since the whole may overflow
    if not (math.isfinite(span) and span > 0):
        return Ticks(())
    step = nice_ceiling(span / most * 2)
    is_usual = 1e-4 < step < 1e4
    values = _multiples(low, high, step)
    return Ticks(tuple((value, _label(value, step, is_usual and abs(value) < 1e5)) for value in values))


@lru_cache(maxsize=512)
def whole_ticks(low: float, high: float, most: int = MAX_TICKS) -> Ticks:
    """Integers only, for steps; with commas between thousands."""
    step = max(1.0, _nice_step(low, high, most))
    return Ticks(tuple((value, f"{round(value):,}".replace("-", MINUS)) for value in _multiples(low, high, step)))


@lru_cache(maxsize=512)
def log_ticks(low: float, high: float, most: int = MAX_TICKS) -> Ticks:
    """Ticks of an axis of log10 values, from ``low`` to ``high``.

    Powers of ten where there are enough of them; in a short range also 2 and 5, or 3, or plain numbers.
    """
    low, high = max(low, -_LARGEST_DECADE), min(high, _LARGEST_DECADE)
    if high - low >= 1.5 and math.floor(high) - math.ceil(low) >= 1:
        return _decades(low, high, most)
    for factors in ((1, 2, 5), (1, 2, 3, 5, 7)):
        found = _factors_of_decades(low, high, factors)
        if 3 <= len(found.major) <= most:
            return found
    sparse: tuple[tuple[int, ...], ...] = ((1, 3), (1,)) if most <= 3 else ()
    for fewer in sparse:  # far apart, unlike plain numbers
        found = _factors_of_decades(low, high, fewer)
        if 2 <= len(found.major) <= most:
            return found
    plain = linear_ticks(10.0**low, 10.0**high, most)
    return Ticks(tuple((math.log10(value), label) for value, label in plain.major if value > 0))


@lru_cache(maxsize=512)
def log_step_ticks(low: float, high: float, most: int = MAX_TICKS) -> Ticks:
    """Ticks of a logarithmic axis from step 0 to ``high``: 0, and the powers of ten; in a short range also 2 and 5.

    Of many powers of ten every second, third, ... one; step 1, next to 0, is the first to go.
    """
    exponents = range(math.floor(math.log10(max(high, 1.0)) + 1e-9) + 1)
    short = [factor * 10**exponent for exponent in exponents for factor in (1, 2, 5)]
    ways = [[step for step in short if step <= high]]
    for stride in range(1, len(exponents) + 1):
        powers = [10**exponent for exponent in exponents if exponent % stride == 0]
        ways += [powers, powers[1:]]
    chosen = next(way for way in ways if len(way) < most)
    major = tuple((float(step), f"{step:,}") for step in (0, *chosen))
    steps = (factor * 10**exponent for exponent in exponents for factor in range(1, 10))
    return Ticks(major, tuple(float(step) for step in steps if step <= high and step not in chosen))


def fit_ticks(choose: Callable[[int], Ticks], place: Callable[[float], float], extent: Callable[[str], float]) -> Ticks:
    """The most ticks whose labels stand clear of each other: ``extent`` is a label's size along the axis, gap included.

    choose: from the most ticks to the ticks; place: from a value to pixels.
    """
    for most in range(MAX_TICKS, 1, -1):
        ticks = choose(most)
        spans = sorted((place(value), extent(label) / 2) for value, label in ticks.major)
        if all(left + half <= right - other for (left, half), (right, other) in pairwise(spans)):
            return ticks
    return Ticks(choose(2).major[:1])


def _nice_step(low: float, high: float, most: int) -> float:
    rough = (high - low) / max(1, most)
    if not rough > 0 or not math.isfinite(rough):
        return 1.0
    decade = 10.0 ** math.floor(math.log10(rough))
    counts = {factor: len(_multiples(low, high, factor * decade)) for factor in (*_NICE, *_LESS_NICE)}
    chosen = next((factor for factor in _NICE if counts[factor] <= most), _NICE[-1])
    if counts[chosen] < 2:
        chosen = next((factor for factor in _LESS_NICE if 2 <= counts[factor] <= most), chosen)
    return chosen * decade


def _multiples(low: float, high: float, step: float) -> list[float]:
    slack = 1e-9 * high - 1e-9 * low  # since the difference may overflow
    first, last = math.ceil((low - slack) / step), math.floor((high + slack) / step)
    return [index * step for index in range(first, last + 1)]


def _label(value: float, step: float, is_fixed: bool) -> str:
    if is_fixed:
        decimals = max(0, -math.floor(math.log10(step) + 1e-9))
        return f"{value:.{decimals}f}".replace("-", MINUS)
    # Enough digits to tell a tick from the next one, however far from zero.
    places = math.floor(math.log10(abs(value))) - math.floor(math.log10(step) + 1e-9) if value else 0
    text = format_power(value, max(3, places + 1), fixed_to=1e5)
    return text.replace("1·", "") if text.lstrip(MINUS).startswith("1·") else text


def _decades(low: float, high: float, most: int) -> Ticks:
    decades = range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
    stride = next(s for s in (1, *_BETWEEN) if sum(decade % s == 0 for decade in decades) <= most)
    major = tuple((float(decade), power_of_ten(decade)) for decade in decades if decade % stride == 0)
    if stride == 1:
        factors: tuple[int, ...] = tuple(range(2, 10)) if high - low <= 3 else (2, 5) if high - low <= 4 else ()
        around = range(decades.start - 1, decades.stop + 1)
        values = (decade + math.log10(factor) for decade in around for factor in factors)
        minor = tuple(value for value in values if low <= value <= high)
    else:
        fine = _BETWEEN[stride]
        minor = tuple(float(decade) for decade in decades if decade % stride and decade % fine == 0)
    return Ticks(major, minor)


def _factors_of_decades(low: float, high: float, factors: tuple[int, ...]) -> Ticks:
    pairs = product(range(math.floor(low), math.floor(high) + 1), factors)
    ticks = ((decade + math.log10(factor), _factor_label(factor, decade)) for decade, factor in pairs)
    return Ticks(tuple((value, label) for value, label in ticks if low - 1e-9 <= value <= high + 1e-9))


def _factor_label(factor: int, decade: int) -> str:
    if -3 <= decade <= 4:
        return f"{factor * 10**decade:,}" if decade >= 0 else f"{factor * 10.0**decade:.{-decade}f}"
    return power_of_ten(decade) if factor == 1 else f"{factor}·{power_of_ten(decade)}"
