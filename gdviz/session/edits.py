"""The user's edits, except those of the data, as pure functions of the state; InputError where one is not possible."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gdviz.animation.camera_path import CameraKey
from gdviz.core.analysis.default_rates import with_fitting_rates
from gdviz.core.analysis.range_test import as_range_test, range_test_or_default, with_schedule
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import with_settings
from gdviz.core.descent.optimizers import make_optimizer
from gdviz.core.descent.schedules import Constant, RangeTest, fitted_settings
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import HasBatches, HasReduction, with_reduction
from gdviz.core.problems.reductions import Reduction
from gdviz.core.problems.registry import carried_over_data, make_problem
from gdviz.core.scenarios.races import Race, live_run
from gdviz.core.scenarios.scenario import MAX_RUNS, Scenario
from gdviz.panes.entry import Place
from gdviz.panes.registry import PANES, optional_panes, refusal, with_pane
from gdviz.presentation.look import SURFACE, Look
from gdviz.presentation.numbers import quantity
from gdviz.presentation.run_names import STYLES, describe_change, difference
from gdviz.session.edit_names import look_edit_name, reduction_edit_name
from gdviz.session.state import Change, State

DEFAULT_STEPS = 200
TOO_MANY_RUNS = "four runs at most; unpin one first (menu Run, Unpin one run), or all of them (Shift+P)"


# Scenarios


def open_scenario(state: State, scenario: Scenario, name: str = "") -> Change:
    """Load a scenario at its start, keeping only the look; ``name`` is its name in the list, or its file."""
    live, (own, *styles) = scenario.experiment, scenario.all_styles
    pinned = tuple(zip(scenario.others, styles, strict=True))
    loaded = State(scenario, live, name, own, pinned, state.look, state.landscape)
    cameras = state.cameras if scenario is state.scenario else ()
    loaded = replace(loaded, range_test=range_test_or_default(live), cameras=cameras)
    return Change(loaded.with_experiment(live), f"load {scenario.title}", go_to=0, play=False)


def reset(state: State) -> Change:
    """Return to the scenario as loaded."""
    title = state.scenario.title
    return replace(open_scenario(state, state.scenario, state.scenario_name), name="reset", notice=f"reset to {title}")


# The experiment


def change(state: State, **fields: Any) -> Change:
    """Replace fields of the experiment."""
    return with_experiment(state, replace(state.experiment, **fields))


def set_start(state: State, first: float, second: float) -> Change:
    """Set the starting point."""
    return change(state, start=(first, second))


def set_steps(state: State, steps: int) -> Change:
    """Set the number of steps; InputError in a range test, which takes one for each rate."""
    if state.is_range_test:
        raise InputError("steps: a range test takes one for each rate; change the number of rates, or end it (W)")
    return with_experiment(state, state.experiment.with_steps(steps), quantity(steps, "step"))


def set_learning_rate(state: State, learning_rate: float, from_step: int = 0) -> Change:
    """Set the rate of the whole run, or a constant one from a step on; ends a range test."""
    state.check_takes_rate()
    if state.is_range_test:
        return adopt_rate(state, learning_rate)
    experiment = state.experiment.with_learning_rate(learning_rate, from_step)
    said = f"learning rate {learning_rate:g} from step {from_step:,} on" if from_step else ""
    return with_experiment(state, experiment, from_step=from_step, notice=said)


def set_problem(state: State, name: str) -> Change:
    """Switch to another problem, at its own start and suggested rate; over the same data if both have some."""
    before = state.experiment
    if name == before.problem.name:
        return Change(state)
    problem = make_problem(name, carried_over_data(name, before.problem))
    rate, batch_size = problem.suggested_learning_rate, before.batch_size if isinstance(problem, HasBatches) else None
    fields = {"problem": problem, "start": problem.start, "batch_size": batch_size}
    after = before.with_optimizer(before.optimizer, schedule=before.schedule.with_rate(rate), **fields)
    sets_rate = before.optimizer.takes_learning_rate and not state.is_range_test
    said = f"learning rate {rate:g}, " if sets_rate else ""
    notice = f"{problem.title}: {said}the problem's own start"
    return with_experiment(state, after, go_to=0, notice=notice, name=f"problem {problem.title}")


def set_reduction(state: State, reduction: Reduction) -> Change:
    """Use the mean of the squares, half of it, or their sum; no change for a problem without a reduction."""
    problem = state.experiment.problem
    if not isinstance(problem, HasReduction):
        return Change(state)
    after = replace(state.experiment, problem=with_reduction(problem, reduction))
    return with_experiment(state, after, name=reduction_edit_name(reduction))


def set_optimizer(state: State, name: str, settings: dict[str, Any]) -> Change:
    """Set the optimizer and its settings; one that takes no learning rate sets the schedule aside for the next."""
    now, rule = state.experiment, make_optimizer(name, settings)
    if now.optimizer.takes_learning_rate == rule.takes_learning_rate:
        return with_experiment(state, now.with_optimizer(rule))
    if rule.takes_learning_rate:
        return with_experiment(state, now.with_optimizer(rule, schedule=state.schedule_set_aside))
    return with_experiment(replace(state, before_own_length=now), now.with_optimizer(rule))


def set_schedule(state: State, name: str, settings: dict[str, Any]) -> Change:
    """Set the schedule and its settings, at the same rate, those that depend on the run fitted to it.

    InputError in a range test.
    """
    if state.is_range_test:
        raise InputError("schedule: a range test sets the rate itself; end it first (W)")
    now = state.experiment
    fitted = fitted_settings(name, settings, now.schedule, now.steps, now.optimizer.has_momentum)
    return change(state, schedule=with_settings(now.schedule, name, fitted))


def drag_handle(state: State, index: int, step: int, rate: float) -> Change:
    """Move a handle of the schedule's curve to another step and rate."""
    now = state.experiment
    return with_experiment(state, replace(now, schedule=now.schedule.with_handle(index, step, rate)), "learning rates")


def set_precision(state: State, name: str) -> Change:
    """Set the precision by name."""
    if name not in list(Precision):
        raise InputError(f"precision: there is no {name!r}; use one of {', '.join(Precision)}")
    return change(state, precision=Precision(name))


def set_changes_from_here(state: State, chosen: bool) -> Change:
    """Set whether a new learning rate applies from the current step on; InputError for a rule that takes none."""
    state.check_takes_rate()
    name = "change the rate from this step on" if chosen else "change the rate of the whole run"
    return Change(replace(state, changes_from_here=chosen), name)


def open_run(state: State, learning_rate: float, step: int) -> Change:
    """Switch to the run with that constant rate, long enough to reach that step."""
    run = _without_range_test(state, learning_rate)
    experiment = replace(run, schedule=Constant(learning_rate), steps=max(run.steps, step))
    name = describe_change(state.experiment, experiment)
    return Change(state.with_experiment(experiment), name, go_to=step, play=False)


def with_experiment(state: State, after: Experiment, name: str = "", **rest: Any) -> Change:
    """Replace the experiment; a range test is repeated on the new one, at the same rates if these were chosen."""
    before = state.experiment
    if after == before:
        return Change(state)
    name = name or describe_change(before, after)
    if before.schedule.sweeps:
        after = with_schedule(after, with_fitting_rates(before.schedule, before, after.problem, after.precision))
    return Change(state.with_experiment(after), name, **rest)


# The range test


def toggle_range_test(state: State, step: int = 0) -> Change:
    """Start and play a range test of the current experiment, or leave it for the step of the run from before it."""
    if state.is_range_test:
        return _end_range_test(state, _without_range_test(state), "end of the range test")
    new = state.with_experiment(as_range_test(state.experiment, state.range_test))
    look = state.look
    for pane in optional_panes():  # the suggestions and the curve take their places
        look = pane.switched(look, False) if pane.is_on(look) else look
    said = "range test: click the curve to take that rate; W returns to the run"
    after = replace(new, before_range_test=state.experiment, step_before_range_test=step, look=look)
    return Change(after, "range test", said, go_to=0, play=True)


def set_range_test(state: State, test: RangeTest) -> Change:
    """Change the settings of the current range test and replay it."""
    if not state.is_range_test or test == state.experiment.schedule:
        return Change(state)
    new = replace(state.with_experiment(as_range_test(state.experiment, test)), range_test=test)
    return Change(new, "settings of the range test", go_to=0, play=True)


def adopt_rate(state: State, learning_rate: float) -> Change:
    """Give the run a rate picked from the range test."""
    if not state.is_range_test:
        return Change(state)
    run = _without_range_test(state, learning_rate)
    return _end_range_test(state, run, describe_change(state.experiment, replace(run, steps=state.experiment.steps)))


def _end_range_test(state: State, run: Experiment, name: str) -> Change:
    said = "back to the run; W shows the range test again"
    # Another run is seen from its start.
    step = state.step_before_range_test if run == state.before_range_test else 0
    return Change(state.with_experiment(run), name, said, go_to=step, play=False)


def _without_range_test(state: State, learning_rate: float | None = None) -> Experiment:
    """The experiment without its range test, with the schedule and length from before it.

    Problem, optimizer and the rest stay as they are now. If nothing came before, or another problem, it takes the
    problem's suggested rate. learning_rate: replaces that of the schedule, which the precision may no longer be able to
    hold.
    """
    now, before = state.experiment, state.before_range_test
    if not state.is_range_test:
        return now
    steps, schedule = (before.steps, before.schedule) if before is not None else (DEFAULT_STEPS, now.schedule)
    if learning_rate is None and (before is None or before.problem.name != now.problem.name):
        learning_rate = now.problem.suggested_learning_rate
    schedule = schedule if learning_rate is None else schedule.with_rate(learning_rate)
    return now.with_optimizer(now.optimizer, schedule=schedule, steps=steps)


# The runs beside the live one


def pin(state: State) -> Change:
    """Keep the live run for comparison with later changes."""
    if state.is_range_test:
        raise InputError("a range test cannot be pinned; go back to the run first (W)")
    if any(state.experiment.is_same_run(pinned) for pinned, _ in state.pinned):
        raise InputError("this run is already pinned; change something to compare it with")
    if len(state.pinned) == MAX_RUNS - 1:
        raise InputError(TOO_MANY_RUNS)
    after = replace(state, pinned=(*state.pinned, (state.experiment, state.style)))
    return Change(after, "pin", "pinned; change anything to see both runs")


def make_live(state: State, style: int) -> Change | None:
    """Let another of the runs that are shown be the live one; None if it is, or there is none of that style."""
    chosen = next((pin for pin in state.shown_pins if pin[1] == style), None)
    if chosen is None:
        return None
    run, _ = chosen
    live = state.experiment, state.style
    is_pinned = any(live[0].is_same_run(pinned) for pinned, _ in state.pinned)
    others = [pin if pin is not chosen else live for pin in state.pinned if not (pin is chosen and is_pinned)]
    name = difference([run, *(other for other, _ in others)]).names[0]
    after = replace(state, pinned=tuple(others), style=style).with_experiment(run)
    return Change(after, f"live run: {name}", f"{name} is the live run")


def unpin(state: State, index: int) -> Change:
    """Unpin a run by its index in the order of pinning; IndexError if there is none."""
    run = state.pinned_names[index]
    pinned = (*state.pinned[:index], *state.pinned[index + 1 :])
    return Change(replace(state, pinned=pinned), f"unpin {run}", f"unpinned: {run}")


def unpin_all(state: State) -> Change:
    """Show the live run alone."""
    if not state.pinned:
        raise InputError("no run is pinned")
    return Change(replace(state, pinned=(), style=STYLES[0]), "unpin all runs", "unpinned all runs")


def race(state: State, runs: Sequence[Experiment] = (), name: str = "race of four rates", notice: str = "") -> Change:
    """Show these runs side by side, in place of the present ones; four learning rates if none are given."""
    if state.is_range_test:
        raise InputError("a range test cannot race; go back to the run first (W)")
    runs = runs or Race("learning-rate").runs(state.experiment)
    live = live_run(state.experiment, runs)
    pinned = tuple((run, style) for run, style in zip(runs, STYLES, strict=False) if style != live)
    new = replace(state, pinned=pinned, style=live).with_experiment(runs[live])
    return Change(new, name, notice, go_to=0, play=True)


# The look


def set_look(state: State, **fields: Any) -> Change:
    """Change the look; InputError for an unavailable pane."""
    return _with_look(state, replace(state.look, **fields))


def toggle_pane(state: State, name: str) -> Change:
    """Switch a pane on or off, a large one back to the landscape; InputError if it is unavailable."""
    pane = PANES[name]
    is_on = pane.is_on(state.look)
    if is_on and pane.place is Place.LARGE:
        return set_look(state, pane=state.landscape)
    return _with_look(state, with_pane(state.look, pane, not is_on))


def _with_look(state: State, look: Look) -> Change:
    if (refused := refusal(look, state.experiment)) is not None:
        raise InputError(refused[1])
    return Change(replace(state, look=look), look_edit_name(state.look, look))


def keep_camera(state: State, step: int) -> Change:
    """Store the camera position at this step, replacing any stored there; InputError where no surface is shown."""
    if state.look.pane != SURFACE:
        raise InputError("only the surface has a camera; show it (V) to keep a camera position")
    others = [key for key in state.cameras if key.step != step]
    cameras = tuple(sorted([*others, CameraKey(step, state.look.camera)], key=lambda key: key.step))
    notice = f"camera kept at step {step:,} ({len(cameras)} position{'s' if len(cameras) > 1 else ''})"
    return Change(replace(state, cameras=cameras), "keep camera position", notice)


def forget_cameras(state: State) -> Change:
    """Discard all stored camera positions."""
    said = "camera positions forgotten" if state.cameras else "no camera positions to forget"
    return Change(replace(state, cameras=()), "forget camera positions", said)
