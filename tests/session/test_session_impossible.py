"""An impossible experiment is refused in one notice, all stays as it was, and what is shown can be saved and read."""

import pytest

from gdviz.core.descent.manual_changes import MAX_CHANGES, PiecewiseConstant
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.scenarios.scenario import Scenario, read_scenario, write_scenario
from gdviz.session import edits
from tests.recordings import lecture


def saved(session, folder):
    """The scenario as it stands, which is the same when it is read again."""
    scenario = session.state.as_scenario()
    write_scenario(scenario, folder / "a.toml")
    assert read_scenario(folder / "a.toml") == scenario
    return scenario


def with_a_change(session):
    session.player.seek(150)
    session.apply(edits.set_changes_from_here, True)
    session.set_learning_rate(0.5)
    session.apply(edits.set_changes_from_here, False)


def with_a_tiny_rate(session):
    session.apply(edits.set_precision, "float64")
    session.set_learning_rate(1e-50)


def with_a_fine_range_test(session):
    session.apply(edits.set_precision, "float64")
    session.apply(edits.toggle_range_test)
    session.apply(edits.set_range_test, RangeTest(0.1, 0.1000001, 100))


CASES = {
    "fewer steps than changes": (
        with_a_change,
        lambda session: session.apply(edits.set_steps, 149),
        "changes of the learning rate: step 150 is after the last one, 149; use an earlier step, or more steps",
    ),
    "a tiny rate": (
        lambda session: None,
        lambda session: session.set_learning_rate(1e-50),
        "learning rate: 1e-50 is 0 in single precision; use a larger one such as 1e-30, or precision float64",
    ),
    "single precision for a tiny rate": (
        with_a_tiny_rate,
        lambda session: session.apply(edits.set_precision, "float32"),
        "learning rate: 1e-50 is 0 in single precision",
    ),
    "single precision for a fine range test": (
        with_a_fine_range_test,
        lambda session: session.apply(edits.set_precision, "float32"),
        "range test: 100 rates from 0.1 to 0.1000001 are not all different in float32",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_is_refused_and_nothing_changes(driven, tmp_path, case):
    prepare, change, told = CASES[case]
    prepare(driven.session)
    driven.finish()
    before, notices = driven.session.state.experiment, len(driven.notices)
    change(driven.session)
    assert len(driven.notices) == notices + 1
    assert driven.notices[-1].startswith(told)
    assert driven.session.state.experiment is before
    assert driven.session.controls().experiment is before
    saved(driven.finish().session, tmp_path)


def test_one_cannot_come_back_to_a_rate_that_is_0_by_now(driven):
    session = driven.session
    with_a_tiny_rate(session)
    session.apply(edits.toggle_range_test)
    session.apply(edits.set_precision, "float32")
    swept = driven.finish().session.state.experiment
    session.apply(edits.toggle_range_test)
    assert driven.notices[-1].startswith("learning rate: 1e-50 is 0 in single precision")
    assert session.state.experiment is swept
    session.apply(edits.adopt_rate, 0.25)
    assert driven.finish().session.state.experiment.schedule == Constant(0.25)


def test_runs_equal_in_single_precision_are_shown_once(driven, tmp_path):
    session = driven.session
    session.apply(edits.pin)
    session.set_learning_rate(session.state.experiment.schedule(0) + 1e-12)
    driven.finish()
    assert len(session.runs.shown[0]) == 1
    assert saved(session, tmp_path).others == ()
    session.apply(edits.pin)
    assert driven.notices[-1].startswith("this run is already pinned")
    session.apply(edits.set_precision, "float64")
    assert len(driven.finish().session.runs.shown[0]) == 2
    assert len(saved(session, tmp_path).others) == 1


def test_changes_are_refused_when_there_are_too_many(drive):
    made = tuple((step, 0.1) for step in range(1, MAX_CHANGES + 1))
    experiment = lecture(0.1, schedule=PiecewiseConstant(Constant(0.1), made), steps=MAX_CHANGES + 9)
    driven = drive(Scenario("T", experiment)).finish()
    before = driven.session.state.experiment
    driven.session.player.seek(MAX_CHANGES + 5)
    driven.session.apply(edits.set_changes_from_here, True)
    driven.session.set_learning_rate(0.3)
    assert driven.notices[-1] == "changes of the learning rate: 10,001 are too many; use 10,000 at most"
    assert driven.session.state.experiment is before
