"""The learning rate at which a rule takes part in a race of rules: a tenth of its range test's minimum."""

from dataclasses import replace

from gdviz.core.analysis.range_test import as_range_test, curve, range_test_or_default
from gdviz.core.analysis.suggestions import NoSuggestion, suggestions, why_none
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import RangeTest
from gdviz.core.errors import InputError

MOST_TESTS = 5
DECADES = {NoSuggestion.STILL_FALLS: 1, NoSuggestion.IS_FLAT: 1, NoSuggestion.RISES: -1}
"""Where a test suggests nothing because its rates are too low or too high: where the next one's are."""


def good_rate(experiment: Experiment) -> float:
    """A tenth of the rate with the lowest loss in a range test of the experiment, whatever its own schedule.

    It is what the range test suggests as ``tenth`` from the same start, at the test's default rates. These follow the
    curvature, and a rule whose steps are not as long as the gradient says may need others: where the loss still falls
    when they end, the test is repeated at rates ten times as high, and where it rises at once at a tenth of them, up to
    10,000 times. InputError if none of these tests suggests a rate.
    """
    test, direction = range_test_or_default(experiment), 0
    for _ in range(MOST_TESTS):
        sweep = as_range_test(experiment, test)
        found = curve(record(sweep), sweep.steps)
        if (tenth := suggestions(found, sweep).get("tenth")) is not None:
            return tenth
        why = why_none(found, sweep)
        wanted = DECADES.get(why, 0) if why is not None else 0
        if wanted == 0 or wanted == -direction:
            break
        test, direction = _moved(test, wanted), wanted
    raise InputError(f"{experiment.optimizer.name}: its range test suggests no learning rate; give it one")


def _moved(test: RangeTest, decades: int) -> RangeTest:
    """The test at rates that many decades higher."""
    # Read as decimals: a product such as 1e-4 * 1e-11 is not 1e-15.
    start, end = (float(f"{rate * 10.0**decades:.6g}") for rate in (test.start, test.end))
    return replace(test, start=start, end=end)
