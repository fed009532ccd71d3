"""Rates and momenta against PyTorch's; how the references were made says references/make_schedule_references.py."""

import json
from pathlib import Path

import numpy as np
import pytest

from gdviz.core.descent.schedules import SCHEDULES, Constant, make_schedule, selectable_schedules

REFERENCES = json.loads((Path(__file__).parent / "references" / "schedules.json").read_text())
RATE = REFERENCES["learning_rate"]
OF_LOSSES = [case for case in REFERENCES["cases"] if "losses" in case]
PREDETERMINED = [case for case in REFERENCES["cases"] if "losses" not in case]


def unpacked(values):
    return np.array([float(text) for text, count in values for _ in range(count)])


def named(cases):
    return [pytest.param(case, id=f"{case['name']} {' '.join(case['settings'])}") for case in cases]


@pytest.mark.parametrize("case", named(PREDETERMINED))
def test_rates_and_momenta_at_every_step(case):
    schedule = make_schedule(case["name"], RATE, case["settings"])
    found = [schedule(step) for step in range(200)]
    np.testing.assert_allclose(found, unpacked(case["rates"]), rtol=1e-12, atol=1e-16)
    assert schedule.sets_momentum == ("momenta" in case)
    if schedule.sets_momentum:
        momenta = [schedule.momentum(step) for step in range(200)]
        np.testing.assert_allclose(momenta, unpacked(case["momenta"]), rtol=1e-12)


@pytest.mark.parametrize("case", named(OF_LOSSES))
def test_rates_that_follow_the_losses(case):
    schedule, losses = make_schedule(case["name"], RATE, case["settings"]), unpacked(case["losses"])
    assert not schedule.is_predetermined
    state, found = schedule.init(), []
    for step, loss in enumerate(losses):
        rate, state = schedule.update(step, loss, state)
        found.append(float(rate))
    np.testing.assert_allclose(found, unpacked(case["rates"]), rtol=1e-12)


def test_losses_side_by_side_are_those_alone():
    schedule = make_schedule("reduce-on-plateau", RATE, {"factor": 0.5, "patience": 6})
    columns = np.stack([unpacked(case["losses"]) for case in OF_LOSSES], axis=1)
    beside, alone = schedule.init(), [schedule.init() for _ in OF_LOSSES]
    for step, losses in enumerate(columns):
        rates, beside = schedule.update(step, losses, beside)
        for place, loss in enumerate(losses):
            rate, alone[place] = schedule.update(step, loss, alone[place])
            assert np.broadcast_to(rates, len(losses))[place] == rate


def test_a_warm_up_before_what_follows_the_losses():
    """The base sees the losses from its own first step on only."""
    warmed = make_schedule("reduce-on-plateau", RATE, {"factor": 0.5, "patience": 2, "warmup_steps": 10})
    plain, losses = make_schedule("reduce-on-plateau", RATE, {"factor": 0.5, "patience": 2}), np.ones(60)
    state, before = warmed.init(), plain.init()
    for step, loss in enumerate(losses):
        rate, state = warmed.update(step, loss, state)
        if step < 10:
            assert rate == pytest.approx(RATE * (1 / 3 + 2 / 3 * step / 10))
        else:
            expected, before = plain.update(step - 10, loss, before)
            assert rate == expected


def test_references_cover_every_schedule():
    of_our_own = {"free", Constant.name} | {name for name, kind in SCHEDULES.items() if kind.sweeps}
    assert {case["name"] for case in REFERENCES["cases"]} >= {*selectable_schedules()} - of_our_own
