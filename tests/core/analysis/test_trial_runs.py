"""The verdicts on suggested rates that are held constant."""

from dataclasses import replace

import pytest

from gdviz.core.analysis.range_test import as_range_test
from gdviz.core.analysis.trial_runs import TRIAL_STEPS, TrialRuns, compute, verdict_at
from gdviz.core.analysis.verdict import judge
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from tests.recordings import LECTURE

SWEEP = as_range_test(Experiment(LECTURE, start=LECTURE.start), RangeTest())


@pytest.mark.parametrize("rate", [1.68, 0.9, 0.5, 0.01])
@pytest.mark.parametrize("batch_size", [None, 10])
def test_a_verdict_is_that_of_the_run(rate, batch_size):
    sweep = replace(SWEEP, batch_size=batch_size, seed=3)
    run = Experiment(LECTURE, start=LECTURE.start, schedule=Constant(rate), steps=200, batch_size=batch_size, seed=3)
    assert verdict_at(sweep, rate) is judge(record(run)).kind
    assert TRIAL_STEPS == 200


def test_they_are_tried_one_by_one():
    found = list(dict.fromkeys(compute(SWEEP, (1.68, 0.5))))
    assert [len(trials.kinds) for trials in found] == [0, 1, 2]
    assert [trials.is_complete for trials in found] == [False, False, True]
    assert [trials.diverges(1.68) for trials in found] == [False, True, True]
    assert not found[-1].diverges(0.5)
    assert not found[-1].diverges(1.7)
    assert not TrialRuns(SWEEP, (1.68,)).diverges(1.68)
    assert found[-1].experiment == SWEEP


def test_a_rate_that_the_precision_does_not_have_has_no_verdict():
    assert verdict_at(SWEEP, 1e-60) is None
    assert verdict_at(SWEEP, 1e60) is None
