"""Where the learning rates of a race of rules come from, in words."""

from collections.abc import Sequence

from gdviz.core.scenarios.race_texts import Rule
from gdviz.presentation.numbers import format_number, join_words

TENTH = "a tenth of its range test's minimum"
DIGITS = 3


def rate_words(rate: float) -> str:
    """A found rate: "0.0781, a tenth of its range test's minimum"."""
    return f"{format_number(rate, DIGITS)}, {TENTH}"


def rates_note(found: Sequence[Rule]) -> str:
    """The rates found for rules: "gd at 0.0781 and momentum at 0.012, each a tenth of its range test's minimum"."""
    rules = [f"{name} at {format_number(rate, DIGITS)}" for name, rate in found if rate is not None]
    if not rules:
        return ""
    return f"{join_words(rules)}, {'each ' if len(rules) > 1 else ''}{TENTH}"
