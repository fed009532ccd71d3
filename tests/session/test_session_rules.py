"""Rules that take no learning rate, in a session: what goes, what comes back, and what is refused."""

from dataclasses import replace

import pytest

from gdviz.controls.rate_scale import scale_of, zone_labels
from gdviz.core.analysis.rate_limit import OWN_LENGTH
from gdviz.core.data.creation import from_points
from gdviz.core.descent.experiment import OWN_STEPS
from gdviz.core.descent.optimizers import make_optimizer
from gdviz.core.descent.schedules import Constant, make_schedule
from gdviz.core.errors import InputError
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock
from gdviz.core.scenarios.scenario import Scenario
from gdviz.panes.registry import PANES
from gdviz.session import data_edits, edits
from gdviz.session.controls import zones
from gdviz.session.state import State
from tests.recordings import lecture
from tests.seams import WITHOUT_RATE

NAMES = [kind.name for kind in WITHOUT_RATE]


def state_of(experiment):
    return State(Scenario("Rules", experiment), experiment)


def with_rule(name, state=None):
    return edits.set_optimizer(state or state_of(lecture(0.3)), name, {}).state


@pytest.mark.parametrize("name", NAMES)
def test_choosing_it_sets_the_rate_aside_and_another_rule_has_one_again(name):
    state = with_rule(name)
    assert (state.experiment.schedule, state.experiment.optimizer.name) == (OWN_STEPS, name)
    assert with_rule("adam", state).experiment.schedule == Constant(0.3)
    first = with_rule("adam", state_of(state.experiment)).experiment
    assert first.schedule.constant_rate == pytest.approx(0.38, abs=0.01)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "edit",
    [
        lambda state: edits.set_learning_rate(state, 0.5),
        lambda state: edits.set_learning_rate(state, 0.5, 7),
        lambda state: edits.open_run(state, 0.5, 7),
        edits.toggle_range_test,
        edits.race,
        lambda state: edits.toggle_pane(state, "map"),
    ],
    ids=["rate", "rate from a step", "rate of a map", "range test", "race", "map"],
)
def test_what_needs_a_rate_is_refused_in_one_sentence(name, edit):
    told = r"(sets its own step length|takes no learning rate).*; (leave|use|choose|race) "
    with pytest.raises(InputError, match=told) as caught:
        edit(with_rule(name))
    assert len(str(caught.value)) <= 140


@pytest.mark.parametrize("name", NAMES)
def test_it_is_refused_in_a_range_test_and_takes_the_map_away(name):
    swept = edits.toggle_range_test(state_of(lecture(0.3))).state
    with pytest.raises(InputError, match=r"range test: .* sets its own step length"):
        with_rule(name, swept)
    mapped = edits.toggle_pane(state_of(lecture(0.3)), "map").state
    assert PANES["map"].is_on(mapped.look)
    assert not PANES["map"].is_on(with_rule(name, mapped).with_available_panes().look)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "exact"])
def test_another_problem_keeps_the_rule(name):
    change = edits.set_problem(with_rule(name), "rosenbrock")
    assert isinstance(change.state.experiment.problem, Rosenbrock)
    assert (change.state.experiment.schedule, change.state.experiment.optimizer.name) == (OWN_STEPS, name)
    assert "learning rate" not in change.notice


def test_an_exact_line_search_stays_on_a_quadratic():
    with pytest.raises(InputError, match="exact is for quadratic losses"):
        edits.set_problem(with_rule("exact"), "rosenbrock")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("batch_size", [None, 10])
def test_the_slider_says_what_the_rule_does_as_far_as_there_is_room(name, batch_size):
    experiment = lecture(1.0, optimizer=make_optimizer(name, {}), batch_size=batch_size)
    runs = [experiment] if name == "exact" else [experiment, with_rule(name, state_of(surface())).experiment]
    for run in runs:
        found = zones(run, run.start)
        said = make_optimizer(name, {}).step_length
        assert said not in ("", OWN_LENGTH)
        whole = f"no learning rate: {said}"
        for width, text in ((1200.0, whole), (8.0 * len(whole) - 1.0, said), (8.0 * len(said) - 1.0, OWN_LENGTH)):
            labels = zone_labels(found, scale_of(found), width, 8.0, lambda text: 8.0 * len(text))
            assert [label.text for label in labels] == [text]


@pytest.mark.parametrize("name", NAMES)
def test_other_data_and_other_columns_keep_the_rule(name):
    own = state_of(lecture(0.3, problem=LinearRegression(from_points([1.0, 2.0, 4.0], [3.0, 1.0, 2.0], None, "a"))))
    for edit in (data_edits.set_columns, data_edits.adopt_data):
        other = LinearRegression(from_points([10.0, 20.0, 40.0], [3.0, 1.0, 2.0], None, "b"))
        change = edit(with_rule(name, own), other)
        assert change.state.experiment.problem == other
        assert (change.state.experiment.schedule, change.state.experiment.optimizer.name) == (OWN_STEPS, name)
        assert "learning rate" not in change.notice


def surface():
    return lecture(0.01, problem=Himmelblau(), start=(0.0, 0.0))


@pytest.mark.parametrize("name", NAMES)
def test_the_schedule_comes_back_with_a_rule_that_takes_a_rate(name):
    cosine = make_schedule("cosine", 0.3, {"t_max": 200})
    for schedule in (Constant(0.3), cosine, lecture(0.3).with_learning_rate(0.1, 50).schedule):
        before = state_of(lecture(0.3, schedule=schedule))
        assert with_rule("gd", with_rule(name, before)).experiment == before.experiment
        other = next(one for one in NAMES if one != name)
        assert with_rule("gd", with_rule(other, with_rule(name, before))).experiment == before.experiment
    # A schedule as long as the run stays so, changes beyond its end go.
    shorter = edits.set_steps(with_rule(name, state_of(lecture(0.3, schedule=cosine))), 40).state
    assert with_rule("adam", shorter).experiment.schedule == make_schedule("cosine", 0.3, {"t_max": 40})
    changed = edits.set_steps(with_rule(name, state_of(lecture(0.3).with_learning_rate(0.1, 50))), 40).state
    assert with_rule("gd", changed).experiment.schedule == Constant(0.3)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_possible_any_more_does_not_come_back(name):
    cycle = make_schedule("one-cycle", 0.3, {"total_steps": 250})
    longer = edits.set_steps(with_rule(name, state_of(lecture(0.3, schedule=cycle))), 300).state
    other = replace(longer, before_own_length=replace(longer.before_own_length, problem=Himmelblau()))
    for state in (longer, other):
        assert with_rule("gd", state).experiment.schedule.constant_rate == pytest.approx(0.38, abs=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_from_this_step_on_is_refused_as_the_rate_is(name):
    for edit, value in ((edits.set_changes_from_here, True), (edits.set_learning_rate, 0.5)):
        with pytest.raises(InputError) as caught:
            edit(with_rule(name), value)
        told = f"learning_rate: {name} sets its own step length; choose another optimizer to have one"
        assert str(caught.value) == told
