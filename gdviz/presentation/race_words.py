"""Where the learning rates of a race of rules come from, in words."""

from collections.abc import Sequence

from gdviz.core.analysis.good_rate import FRESH_STEPS
from gdviz.core.scenarios.race_texts import Rule
from gdviz.presentation.numbers import format_number, join_words

FOUND = f"found by a range test of {FRESH_STEPS} steps from the start"
DIGITS = 3


def rate_words(rate: float) -> str:
    """A found rate: "0.447, found by a range test of 50 steps from the start"."""
    return f"{format_number(rate, DIGITS)}, {FOUND}"


def rates_note(found: Sequence[Rule]) -> str:
    """The rates found for rules: "gd at 0.447 and momentum at 0.0447, each found by a range test …"."""
    rules = [f"{name} at {format_number(rate, DIGITS)}" for name, rate in found if rate is not None]
    if not rules:
        return ""
    return f"{join_words(rules)}, {'each ' if len(rules) > 1 else ''}{FOUND}"
