"""What a user can do to the state, as pure functions: what comes of it, what it is called, and what is refused."""

from dataclasses import replace
from functools import partial

import pytest

from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.errors import InputError
from gdviz.core.problems.batch_orders import BatchOrder
from gdviz.core.scenarios.scenario import Scenario
from gdviz.presentation.look import BoxChoice, Camera, DataPane, LossScale, StepScale, TapeLook, Theme, View
from gdviz.session import edits
from gdviz.session.state import State
from tests.recordings import lecture

LECTURE = State(Scenario("Point nine", lecture(0.9)), lecture(0.9))
SWEPT = edits.toggle_range_test(LECTURE).state
PINNED = edits.set_learning_rate(edits.pin(LECTURE).state, 0.1).state


def done(edit, *arguments, state=LECTURE, **fields):
    """The state after an edit."""
    return edit(state, *arguments, **fields).state


def test_another_problem_brings_its_own_start_and_rate():
    changed = done(edits.set_problem, "rosenbrock")
    assert (changed.experiment.start, changed.experiment.schedule(0)) == ((-1.2, 1.0), 0.001)
    assert done(edits.set_problem, "rosenbrock", state=changed) == changed


def test_batches_go_with_the_data():
    changed = done(edits.set_problem, "rosenbrock", state=done(edits.change, batch_size=5, seed=3))
    assert (changed.experiment.batch_size, changed.experiment.seed) == (None, 3)
    assert done(edits.set_reduction, "sum", state=changed) == changed


def test_a_rate_for_the_whole_run_forgets_the_changes():
    changed = done(edits.set_learning_rate, 0.5, 20)
    assert [changed.experiment.schedule(step) for step in (0, 19, 20)] == [0.9, 0.9, 0.5]
    assert done(edits.set_learning_rate, 0.3, state=changed).experiment.schedule == Constant(0.3)


def test_a_rate_ends_a_range_test_and_restores_the_length():
    assert SWEPT.is_range_test
    assert done(edits.set_learning_rate, 0.2, state=SWEPT).experiment == lecture(0.2)
    assert done(edits.toggle_range_test, state=SWEPT).experiment == LECTURE.experiment
    assert done(edits.adopt_rate, 0.2) == LECTURE


def test_a_pinned_run_keeps_its_style_beside_another():
    assert edits.pin(LECTURE).state.shown_pins == ()
    assert (PINNED.shown_pins, PINNED.style) == (((lecture(0.9), 0),), 1)
    assert done(edits.unpin_all, state=PINNED) == replace(LECTURE, experiment=lecture(0.1))


def test_loading_keeps_the_look_and_nothing_else():
    before = replace(PINNED, look=replace(PINNED.look, ghost=True), changes_from_here=True)
    ten = Scenario("Ten", lecture(10.0), others=(lecture(1.0),), styles=(2, 0))
    after = done(edits.open_scenario, ten, "ten", state=before)
    assert after == State(ten, lecture(10.0), "ten", 2, ((lecture(1.0), 0),), before.look)
    assert done(edits.reset, state=done(edits.change, steps=3, state=after)) == after


@pytest.mark.parametrize(
    ("edit", "arguments", "name"),
    [
        (edits.set_learning_rate, (0.25,), "learning rate 0.25"),
        (edits.set_learning_rate, (0.5, 20), "learning rate 0.5 from step 20"),
        (edits.set_start, (0.3, -1.0), "start (0.3, −1)"),
        (edits.set_steps, (1000,), "1,000 steps"),
        (edits.set_optimizer, ("momentum", {"momentum": 0.5}), "momentum 0.5"),
        (edits.set_precision, ("float64",), "float64"),
        (edits.set_problem, ("rosenbrock",), "problem Rosenbrock"),
        (edits.set_reduction, ("sum",), "sum of the squares"),
        (edits.set_reduction, ("half-mean",), "half the mean of the squares"),
        (partial(edits.change, batch_order=BatchOrder.SHUFFLED), (), "shuffled each epoch"),
        (edits.open_run, (0.25, 40), "learning rate 0.25"),
        (edits.toggle_range_test, (), "range test"),
        (edits.pin, (), "pin"),
        (edits.race, (), "race of four rates"),
        (edits.reset, (), "reset"),
        (edits.open_scenario, (Scenario("Ten", lecture(10.0)),), "load Ten"),
        (edits.set_changes_from_here, (True,), "change the rate from this step on"),
        (edits.toggle_pane, ("map",), "map of rate and steps"),
        (edits.keep_camera, (3,), "keep camera position"),
    ],
)
def test_an_edit_has_a_name(edit, arguments, name):
    assert edit(LECTURE, *arguments).name == name


@pytest.mark.parametrize(
    ("edit", "arguments", "name"),
    [
        (edits.adopt_rate, (0.17,), "learning rate 0.17"),
        (edits.toggle_range_test, (), "end of the range test"),
        (edits.set_range_test, (RangeTest(number=50),), "settings of the range test"),
        (edits.set_start, (1.0, 2.0), "start (1, 2)"),
    ],
)
def test_an_edit_in_a_range_test_has_a_name(edit, arguments, name):
    assert edit(SWEPT, *arguments).name == name


def test_unpinning_is_called_after_the_run():
    assert edits.unpin(PINNED, 0).name == "unpin learning rate 0.9"
    assert edits.unpin_all(PINNED).name == "unpin all runs"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"pane": "contour"}, "contour"),
        ({"data_pane": DataPane.HISTOGRAMS}, "histograms"),
        ({"data_pane": DataPane.RATE}, "effective rate"),
        ({"loss_scale": LossScale.LINEAR}, "linear loss"),
        ({"step_scale": StepScale.LOG}, "logarithmic steps"),
        ({"view": View.HOLD}, "hold the view"),
        ({"ghost": True}, "show next steps"),
        ({"inside": True}, "show inside the rule"),
        ({"switched_on": frozenset({"formula"})}, "show analytic solution"),
        ({"tape": TapeLook()}, "show tape"),
        ({"multiples": True}, "side by side"),
        ({"same_view": True}, "same view"),
        ({"box": BoxChoice.PATH}, "zoom to the path"),
        ({"equal_axes": True}, "equal axes"),
        ({"theme": Theme.DARK, "text_scale": 1.2, "camera": Camera(1.0)}, ""),
    ],
)
def test_a_look_has_a_name_where_undo_takes_it_back(fields, name):
    changed = edits.set_look(LECTURE, **fields)
    assert changed.name == name
    assert (changed.state.with_view_of(LECTURE) != LECTURE) == bool(name)


def test_pointing_at_a_tape_row_is_no_edit_but_a_check_is():
    taped = done(edits.set_look, tape=TapeLook())
    lit = edits.set_look(taped, tape=TapeLook(lit=3))
    assert (lit.name, lit.state.with_view_of(taped)) == ("", taped)
    assert edits.set_look(taped, tape=TapeLook(lit=3, checked=True)).name == "show finite differences"
    assert edits.set_look(lit.state, tape=None).name == "hide tape"


@pytest.mark.parametrize(
    ("edit", "arguments", "state"),
    [
        (edits.set_precision, ("float16",), LECTURE),
        (edits.set_optimizer, ("sgd", {}), LECTURE),
        (edits.set_optimizer, ("momentum", {"momentum": 2.0}), LECTURE),
        (edits.set_problem, ("nowhere",), LECTURE),
        (edits.set_learning_rate, (float("nan"),), LECTURE),
        (edits.set_learning_rate, (float("inf"), 3), LECTURE),
        (edits.set_steps, (5,), SWEPT),
        (edits.pin, (), SWEPT),
        (edits.race, (), SWEPT),
        (edits.set_problem, ("rosenbrock",), PINNED),
        (edits.unpin_all, (), LECTURE),
        (edits.toggle_pane, ("basins",), LECTURE),
    ],
)
def test_what_cannot_be_is_said_in_one_line(edit, arguments, state):
    with pytest.raises(InputError) as refused:
        edit(state, *arguments)
    assert "\n" not in str(refused.value)
