"""The titles of runs to which no scenario gives one."""

from dataclasses import replace

import pytest

from gdviz.core.descent.optimizers import make_optimizer
from gdviz.core.descent.schedules import Constant, RangeTest, make_schedule
from gdviz.core.scenarios.scenario import title_of
from tests.recordings import lecture

PLAIN = lecture(0.1)
ADAM, MOMENTUM = (replace(PLAIN, optimizer=make_optimizer(name, {})) for name in ("adam", "momentum"))
EXPONENTIAL = make_schedule("exponential", 0.1, {})


@pytest.mark.parametrize(
    ("runs", "title"),
    [
        ((PLAIN,), "Linear regression"),
        ((ADAM,), "Adam: Linear regression"),
        ((replace(PLAIN, schedule=EXPONENTIAL),), "Exponential: Linear regression"),
        ((replace(ADAM, schedule=EXPONENTIAL),), "Adam, exponential: Linear regression"),
        ((replace(PLAIN, schedule=RangeTest(), steps=9),), "Range test: Linear regression"),
        ((ADAM, replace(ADAM, schedule=Constant(0.5))), "Adam: Linear regression"),
        ((ADAM, MOMENTUM), "Linear regression"),
        ((PLAIN, ADAM), "Linear regression"),
        ((ADAM, replace(ADAM, schedule=EXPONENTIAL)), "Adam: Linear regression"),
    ],
)
def test_a_title_tells_the_optimizer_and_the_schedule_that_all_runs_have(runs, title):
    assert title_of(*runs) == title
