"""What a user can do with the runs beside the live one, as pure functions; InputError where it is not possible."""

from dataclasses import replace

from gdviz.core.errors import InputError
from gdviz.core.scenarios.scenario import MOST_RUNS
from gdviz.presentation.run_names import STYLES, race_of
from gdviz.session.edits import Change
from gdviz.session.state import State

FULL = "four runs at most; let one go first (menu Run, Unpin one run), or all of them (Shift+P)"


def pin(state: State) -> Change:
    """Keep the live run beside what it is changed to."""
    if state.is_range_test:
        raise InputError("a range test cannot be pinned; go back to the run first (W)")
    if any(state.experiment.is_same_run(pinned) for pinned, _ in state.pinned):
        raise InputError("this run is pinned already; change something to compare it with")
    if len(state.pinned) == MOST_RUNS - 1:
        raise InputError(FULL)
    after = replace(state, pinned=(*state.pinned, (state.experiment, state.style)))
    return Change(after, "pin", "pinned; change anything, and both runs are shown")


def unpin(state: State, index: int) -> Change:
    """Let a pinned run go, in the order in which they were pinned; IndexError where there is none."""
    run = state.pinned_names[index]
    pinned = (*state.pinned[:index], *state.pinned[index + 1 :])
    return Change(replace(state, pinned=pinned), f"unpin {run}", f"unpinned: {run}")


def unpin_all(state: State) -> Change:
    """Show the live run alone."""
    if not state.pinned:
        raise InputError("no run is pinned")
    return Change(replace(state, pinned=(), style=STYLES[0]), "unpin all runs", "unpinned all runs")


def race(state: State) -> Change:
    """The experiment with a few learning rates side by side, in the place of what was pinned."""
    if state.is_range_test:
        raise InputError("a range test cannot race; go back to the run first (W)")
    experiments, live = race_of(state.experiment)
    pinned = tuple((one, style) for one, style in zip(experiments, STYLES, strict=True) if style != live)
    new = replace(state, pinned=pinned, style=live).with_experiment(experiments[live])
    return Change(new, "race of four rates", go_to=0, play=True)
