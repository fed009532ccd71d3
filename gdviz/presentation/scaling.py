"""How columns were standardised, a line in the data's own units, and the cost of not standardising, in words."""

import math
from collections.abc import Callable

from gdviz.core.analysis.conditioning import poor_conditioning
from gdviz.core.data.dataset import Dataset, Scale
from gdviz.core.problems.problem import Problem
from gdviz.presentation.column_names import in_sentence
from gdviz.presentation.numbers import MINUS, format_grouped, format_number, format_power, join_words, signed_term

Wordings = tuple[str, ...]
"""Alternative wordings, the longest first: names are shortened for lack of room, never numbers."""

SYMBOLS = ("x", "y")
NAME_LENGTHS = (40, 24, 16, 10, 6)
"""The characters of a column's name in each of the wordings."""
DIGITS = 4
_FIXED_SPREAD, _FIXED_MEAN = (1e-3, 1e7), 1e12
"""Scales are written without a power of ten where the spread is in this range, and the mean below that number."""
_FIXED_TO = 1e7
"""Slopes and intercepts are written without a power of ten below this number, as prices are."""


def standardised_columns(data: Dataset) -> str:
    """ "standardised x", "standardised x and y"; empty if neither is."""
    symbols = [symbol for symbol, is_so in zip(SYMBOLS, data.are_standardised, strict=True) if is_so]
    return f"standardised {join_words(symbols)}" if symbols else ""


def scale_wordings(data: Dataset) -> tuple[Wordings, Wordings]:
    """How x was standardised, "x = (size − 2000) / 794", and how y; empty for one that was not.

    The mean is rounded where the spread is, so that a value converted with them is true to 0.1 % of the spread.
    """
    found = []
    for symbol, name, scale, is_so in zip(SYMBOLS, data.names, data.scales, data.are_standardised, strict=True):
        found.append((*_shortening(_scale_text(symbol, scale), name), f"standardised {symbol}") if is_so else ())
    return found[0], found[1]


def own_line_wordings(data: Dataset, slope: float, intercept: float, lead: str = "") -> Wordings:
    """The line in the data's own units, "in own units: price = 134.5 · size + 71,270"; empty if those are used anyway.

    slope, intercept: in the units of the run, which may be infinite or NaN. lead: which line it is. The shorter ones do
    not say whose units they are, which the names do, unless the columns have none.
    """
    before = f"{lead} " if lead else ""
    if not any(data.are_standardised):
        return ()
    own = data.in_own_units(slope, intercept)
    if all(map(math.isfinite, (slope, intercept))) and not all(map(math.isfinite, own)):
        return (f"{before}in own units: beyond double precision", f"{lead}: beyond float64".lstrip(": "))
    first, second = (_format_own(value, _digits_of_slope(data.scales[0])) for value in own)

    def line(names: tuple[str, ...]) -> str:
        return f"{names[1]} = {first} · {names[0]} {signed_term(second)}"

    shorter = _shortening(line, *data.names)
    full = shorter[0]
    prefixed = f"{before}in own units: {full}"
    if data.names == SYMBOLS:
        return prefixed, f"own units: {full}"
    return (prefixed, *(f"{lead}: {text}".lstrip(": ") for text in shorter))


def condition_note(problem: Problem) -> str:
    """What it costs that x is not standardised, in one sentence; empty if it is little."""
    found = poor_conditioning(problem)
    if found is None:
        return ""
    number, length = _about(found.number), _about(found.length)
    return f"condition number {number}: the valley is {length} times as long as it is wide, and descent creeps along it"


def _about(value: float) -> str:
    rounded = float(f"{value:.1e}")
    return f"{rounded:,.0f}" if rounded < 1e5 else format_power(rounded, 2)


def _shortening(text: Callable[[tuple[str, ...]], str], *names: str) -> Wordings:
    """The text with ever shorter names, each once."""
    wordings = (text(tuple(in_sentence(name, most) for name in names)) for most in NAME_LENGTHS)
    return tuple(dict.fromkeys(wordings))


def _scale_text(symbol: str, scale: Scale) -> Callable[[tuple[str, ...]], str]:
    mean, spread = _format_scale(scale)

    def text(names: tuple[str, ...]) -> str:
        # An unnamed column has the same symbol as its standardised values.
        own = f"raw {symbol}" if names[0] == symbol else names[0]
        less = signed_term(mean[1:] if mean.startswith(MINUS) else f"{MINUS}{mean}")
        return f"{symbol} = {own} / {spread}" if mean == "0" else f"{symbol} = ({own} {less}) / {spread}"

    return text


def _format_scale(scale: Scale) -> tuple[str, str]:
    """Mean and spread, both to the last digit of the spread."""
    place = math.floor(math.log10(scale.spread)) - (DIGITS - 1)
    low, high = _FIXED_SPREAD
    if low <= scale.spread < high and abs(scale.mean) < _FIXED_MEAN:
        mean, spread = (format_grouped(round(value, -place), max(0, -place)) for value in (scale.mean, scale.spread))
        return mean, spread
    digits = math.floor(math.log10(abs(scale.mean))) - place + 1 if scale.mean else 0
    return format_power(scale.mean, digits, 0.0) if digits > 0 else "0", format_power(scale.spread, DIGITS, 0.0)


def _digits_of_slope(x: Scale) -> int:
    """Enough digits to keep the line in place at the data, whose x may all be near 2000."""
    away = abs(x.mean) / x.spread
    return DIGITS + (math.floor(math.log10(away)) if away >= 1.0 else 0)


def _format_own(value: float, digits: int) -> str:
    return format_power(value, digits, _FIXED_TO) if math.isfinite(value) else format_number(value)
