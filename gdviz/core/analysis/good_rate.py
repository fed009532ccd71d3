"""The learning rate at which a rule takes part in a race of rules, from a range test with fresh starts."""

from dataclasses import replace

import numpy as np

from gdviz.core.analysis.default_rates import default_range
from gdviz.core.analysis.range_test import Curve, curve_from_fresh_starts
from gdviz.core.analysis.suggestions import NoSuggestion, suggestions, why_none
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.schedules import RangeTest
from gdviz.core.errors import InputError

FRESH_STEPS, RATES_PER_DECADE, DECADES = 50, 20, 9
"""The rates are as many as that, from the lowest of the default range on, which spans five decades.

A rule whose steps are not as long as the gradient says may need higher ones.
"""
DIGITS = 3
AS_GOOD, FALL_LEFT = 2.0, 0.1
"""A rate is as good as the best where its loss is at most so many times as high, and no more of the fall is missing."""
TO_NEXT = DECADES - 1
"""So many decades from a test whose rates are too low or too high to the next.

One less than a test spans, so that its first and last rates, of which none is suggested, are tried again.
"""


def good_rate(experiment: Experiment) -> float:
    """The lowest rate, of 20 a decade, that is as good as any: see AS_GOOD and FALL_LEFT, for 50 steps from the start.

    It is rounded to three digits. The lowest, since with momentum the loss after 50 steps goes up and down with the
    rate, and is the least at some high one by chance; but the best one for a rule of which it is the first size alone.
    Whatever the experiment's schedule is, it is a range test from fresh starts that does not stop, and that is repeated
    at higher or lower rates where its own are too low or too high, as far as the precision goes. InputError if none of
    these tests suggests a rate.
    """
    low, _ = default_range(experiment.problem, experiment.precision)
    limits, direction = np.finfo(experiment.precision.dtype), 0
    while limits.tiny <= low and low * 10.0**DECADES <= limits.max:
        test = RangeTest(low, low * 10.0**DECADES, RATES_PER_DECADE * DECADES, FRESH_STEPS, stops=False)
        sweep = replace(experiment, schedule=test, steps=test.last_step)
        found = curve_from_fresh_starts(sweep)
        if (best := suggestions(found, sweep).get("minimum")) is not None:
            return _rounded(_lowest_as_good(found, best) if experiment.optimizer.reads_every_rate else best)
        wanted = _decades_to_next(found, why_none(found, sweep))
        if wanted == 0 or wanted == -direction:
            break
        low, direction = low * 10.0**wanted, wanted
    raise InputError(f"{experiment.optimizer.name}: its range test suggests no learning rate; give it one")


def _decades_to_next(found: Curve, why: NoSuggestion | None) -> int:
    """Where the rates of the next test are: above those of one that suggests nothing for this reason, below, or 0."""
    if why is NoSuggestion.TOO_SHORT:  # it falls only among the rates of which none is suggested
        is_low = np.nanargmin(found.losses) > len(found.losses) / 2
        return TO_NEXT if is_low else -TO_NEXT
    if why in (NoSuggestion.STILL_FALLS, NoSuggestion.IS_FLAT):
        return TO_NEXT
    return -TO_NEXT if why is NoSuggestion.RISES else 0


def _lowest_as_good(found: Curve, best: float) -> float:
    least = found.losses[found.learning_rates == best][0]
    more = FALL_LEFT * (found.start_loss - least)
    if least >= 0.0:  # of a loss below 0, twice is less
        more = min(more, (AS_GOOD - 1.0) * least)
    as_good = found.losses <= least + more
    return float(found.learning_rates[as_good][0])


def _rounded(rate: float) -> float:
    return float(f"{rate:.{DIGITS}g}")
