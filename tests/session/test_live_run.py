"""Another of several runs becomes the live one."""

from gdviz.core.scenarios.library import load_scenario
from gdviz.session import edits
from gdviz.session.runs import Runs
from gdviz.session.state import State


def race():
    return edits.open_scenario(
        State(load_scenario("race"), load_scenario("race").experiment), load_scenario("race")
    ).state


def test_a_pinned_run_becomes_the_live_one_and_the_live_one_is_pinned_in_its_place():
    before = race()
    run, style = before.pinned[1]
    change = edits.make_live(before, style)
    after = change.state
    assert (after.experiment, after.style) == (run, style)
    assert after.pinned[1] == (before.experiment, before.style)
    assert {after.pinned[0], after.pinned[2]} == {before.pinned[0], before.pinned[2]}
    assert change.name.startswith("live run: ")
    assert not after.is_changed
    assert edits.make_live(after, before.style).state == before


def test_the_live_run_and_an_unknown_style_change_nothing():
    before = race()
    assert edits.make_live(before, before.style) is None
    alone = State(before.scenario, before.experiment)
    assert edits.make_live(alone, 3) is None


def test_a_live_run_that_is_pinned_too_is_not_pinned_twice():
    before = race()
    two = edits.unpin(edits.unpin(before, 0).state, 0).state
    pinned = edits.pin(two).state
    after = edits.make_live(pinned, before.pinned[2][1]).state
    assert [one for one, _ in after.pinned] == [before.experiment]


def test_what_is_computed_of_it_is_taken_over():
    before = race()
    runs = Runs(before)
    runs.follow(before, restart=True)
    while runs.is_computing:
        runs.drain()
    chosen, style = before.pinned[2]
    old, (recording, _) = runs.live, runs.pinned[chosen]
    after = edits.make_live(before, style).state
    runs.follow(after)
    assert runs.live is recording
    assert runs.pinned[before.experiment][0] is old
    assert not runs.is_computing
    runs.stop()
