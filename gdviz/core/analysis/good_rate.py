"""The learning rate at which a rule takes part in a race of rules: a tenth of its range test's minimum."""

from gdviz.core.analysis.range_test import as_range_test, curve, range_test_or_default
from gdviz.core.analysis.suggestions import suggestions
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.errors import InputError


def good_rate(experiment: Experiment) -> float:
    """A tenth of the rate with the lowest loss in a range test of the experiment, whatever its own schedule.

    It is what the range test suggests as ``tenth`` from the same start, at the test's default rates.
    InputError if the losses of the test suggest nothing.
    """
    sweep = as_range_test(experiment, range_test_or_default(experiment))
    found = suggestions(curve(record(sweep), sweep.steps), sweep)
    if "tenth" not in found:
        raise InputError(f"{experiment.optimizer.name}: its range test suggests no learning rate; give it one")
    return found["tenth"]
