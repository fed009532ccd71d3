"""What a user can do to the state, as pure functions; InputError where it is not possible."""

from dataclasses import replace
from typing import Any

from gdviz.animation.camera_path import CameraKey
from gdviz.core.analysis.range_test import as_range_test, range_test_or_default, with_schedule
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.hand_changes import with_settings
from gdviz.core.descent.optimizers import make_optimizer
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import (
    DataProblem,
    HasBatches,
    HasData,
    HasReduction,
    Reduction,
    with_data,
    with_reduction,
)
from gdviz.core.problems.dataset import DataSettings, generate
from gdviz.core.problems.registry import data_for, make_problem
from gdviz.core.scenarios.scenario import MOST_RUNS, Scenario
from gdviz.panes.entry import Place
from gdviz.panes.registry import PANES, optional_panes, refusal, with_pane
from gdviz.presentation.look import SURFACE, Look
from gdviz.presentation.run_names import STYLES, race_of, what_is_new
from gdviz.session.compact import over_data_of
from gdviz.session.edit_names import name_of_data, name_of_look
from gdviz.session.state import Change, State

USUAL_STEPS = 200
FULL = "four runs at most; let one go first (menu Run, Unpin one run), or all of them (Shift+P)"


# What is loaded


def open_scenario(state: State, scenario: Scenario, name: str = "") -> Change:
    """Load a scenario, known by its name in the list or its file, at its start; only the look stays."""
    live, (own, *styles) = scenario.experiment, scenario.all_styles
    pinned = tuple(zip(scenario.others, styles, strict=True))
    loaded = State(scenario, live, name, own, pinned, state.look, state.landscape)
    cameras = state.cameras if scenario is state.scenario else ()
    loaded = replace(loaded, range_test=range_test_or_default(live.schedule), cameras=cameras)
    return Change(loaded.with_experiment(live), f"load {scenario.title}", go_to=0, play=False)


def reset(state: State) -> Change:
    """Back to the scenario as it was loaded."""
    title = state.scenario.title
    return replace(open_scenario(state, state.scenario, state.scenario_name), name="reset", notice=f"reset to {title}")


# The experiment


def change(state: State, **fields: Any) -> Change:
    """Replace fields of the experiment."""
    return _with_experiment(state, replace(state.experiment, **fields))


def set_start(state: State, first: float, second: float) -> Change:
    """Another starting point."""
    return change(state, start=(first, second))


def set_steps(state: State, steps: int) -> Change:
    """Another number of steps; InputError in a range test, which has as many as it has rates."""
    if state.is_range_test:
        raise InputError("steps: a range test takes one for each rate; change the number of rates, or end it (W)")
    return change(state, steps=steps)


def set_learning_rate(state: State, learning_rate: float, from_step: int = 0) -> Change:
    """Another rate for the whole run, or a constant one from a step on; it ends a range test."""
    if state.is_range_test:
        return take_rate(state, learning_rate)
    experiment = state.experiment.with_learning_rate(learning_rate, from_step)
    said = f"learning rate {learning_rate:g} from step {from_step:,} on" if from_step else ""
    return _with_experiment(state, experiment, from_step=from_step, notice=said)


def set_problem(state: State, name: str) -> Change:
    """Another problem, from its own start and with a rate that suits it; over the same data if both have some."""
    before = state.experiment
    if name == before.problem.name:
        return Change(state)
    problem = make_problem(name, data_for(name, before.problem))
    rate, batch_size = problem.suggested_learning_rate, before.batch_size if isinstance(problem, HasBatches) else None
    schedule = before.schedule.with_rate(rate)
    after = replace(before, problem=problem, start=problem.start, schedule=schedule, batch_size=batch_size)
    said = "" if state.is_range_test else f"learning rate {rate:g}, "
    notice = f"{problem.title}: {said}the problem's own start"
    return _with_experiment(state, after, go_to=0, notice=notice, name=f"problem {problem.title}")


def set_data(state: State, settings: DataSettings) -> Change:
    """Other data, generated here; the same state for a problem without data."""
    problem = state.experiment.problem
    return (
        take_generated(state, with_data(problem, generate(settings))) if isinstance(problem, HasData) else Change(state)
    )


def take_generated(state: State, generated: DataProblem) -> Change:
    """Data that were generated meanwhile; the same state for a problem without data."""
    problem = state.experiment.problem
    if not isinstance(problem, HasData):
        return Change(state)
    settings = generated.data.settings
    name = name_of_data(problem.data.settings, settings) if settings is not None else ""
    after = over_data_of(problem, generated)
    return _with_experiment(state, replace(state.experiment, problem=after), name=name)


def set_reduction(state: State, reduction: Reduction) -> Change:
    """The mean or the sum of the squares; the same state for a problem that has neither."""
    problem = state.experiment.problem
    if not isinstance(problem, HasReduction):
        return Change(state)
    after = replace(state.experiment, problem=with_reduction(problem, reduction))
    return _with_experiment(state, after, name=f"{reduction} of the squares")


def set_optimizer(state: State, name: str, settings: dict[str, float]) -> Change:
    """Another optimizer, or other settings of the same."""
    return change(state, optimizer=make_optimizer(name, settings))


def set_schedule(state: State, name: str, settings: dict[str, Any]) -> Change:
    """Another schedule at the same rate, or other settings of the same; InputError in a range test."""
    if state.is_range_test:
        raise InputError("schedule: a range test sets the rate by itself; end it first (W)")
    return change(state, schedule=with_settings(state.experiment.schedule, name, settings))


def set_precision(state: State, name: str) -> Change:
    """Another precision, by its name."""
    if name not in list(Precision):
        raise InputError(f"precision: there is no {name!r}; take one of {', '.join(Precision)}")
    return change(state, precision=Precision(name))


def set_changes_from_here(state: State, chosen: bool) -> Change:
    """Whether a changed learning rate counts from the current step on."""
    name = "change the rate from this step on" if chosen else "change the rate of the whole run"
    return Change(replace(state, changes_from_here=chosen), name)


def run_to(state: State, learning_rate: float, step: int) -> Change:
    """The run with that constant rate, long enough to show that step."""
    run = _after_range_test(state, learning_rate)
    experiment = replace(run, schedule=Constant(learning_rate), steps=max(run.steps, step))
    name = what_is_new(state.experiment, experiment)
    return Change(state.with_experiment(experiment), name, go_to=step, play=False)


def _with_experiment(state: State, after: Experiment, name: str = "", **rest: Any) -> Change:
    """Another experiment; in the middle of a range test the same test of it, to where that one stops."""
    before = state.experiment
    if after == before:
        return Change(state)
    name = name or what_is_new(before, after)
    if before.schedule.sweeps:
        after = with_schedule(after, before.schedule)
    return Change(state.with_experiment(after), name, **rest)


# The range test


def toggle_range_test(state: State) -> Change:
    """Begin a range test of the experiment as it stands and play it, or come back from one."""
    if state.is_range_test:
        return _end_range_test(state, _after_range_test(state), "end of the range test")
    new = state.with_experiment(as_range_test(state.experiment, state.range_test))
    look = state.look
    for pane in optional_panes():  # the suggestions and the curve take their places
        look = pane.switched(look, False) if pane.is_on(look) else look
    said = "range test: a click on the curve takes that rate; W goes back to the run"
    after = replace(new, before_range_test=state.experiment, look=look)
    return Change(after, "range test", said, go_to=0, play=True)


def set_range_test(state: State, test: RangeTest) -> Change:
    """Other settings of the range test that is shown; it is played anew."""
    if not state.is_range_test or test == state.experiment.schedule:
        return Change(state)
    new = replace(state.with_experiment(as_range_test(state.experiment, test)), range_test=test)
    return Change(new, "settings of the range test", go_to=0, play=True)


def take_rate(state: State, learning_rate: float) -> Change:
    """Give the run a rate that the range test shows."""
    if not state.is_range_test:
        return Change(state)
    run = _after_range_test(state, learning_rate)
    return _end_range_test(state, run, what_is_new(state.experiment, replace(run, steps=state.experiment.steps)))


def _end_range_test(state: State, run: Experiment, name: str) -> Change:
    said = "back to the run; W shows the range test again"
    return Change(state.with_experiment(run), name, said, go_to=0, play=False)


def _after_range_test(state: State, learning_rate: float | None = None) -> Experiment:
    """The experiment without its range test: with the schedule and the length from before the test.

    Problem, optimizer and all else stay as they are now. Where nothing was before, or another problem, it has a rate
    that suits the problem. learning_rate: in the place of that of the schedule, which the precision may be unable to
    hold by now.
    """
    now, before = state.experiment, state.before_range_test
    if not state.is_range_test:
        return now
    steps, schedule = (before.steps, before.schedule) if before is not None else (USUAL_STEPS, now.schedule)
    if learning_rate is None and (before is None or before.problem.name != now.problem.name):
        learning_rate = now.problem.suggested_learning_rate
    return replace(now, schedule=schedule if learning_rate is None else schedule.with_rate(learning_rate), steps=steps)


# The runs beside the live one


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


# The look


def set_look(state: State, **fields: Any) -> Change:
    """Change how the scene is looked at; InputError for a pane that there is not."""
    return _with_look(state, replace(state.look, **fields))


def toggle_pane(state: State, name: str) -> Change:
    """Switch a pane on or off, the large one to the landscape again; InputError where there is no such pane."""
    pane = PANES[name]
    is_on = pane.is_on(state.look)
    if is_on and pane.place is Place.LARGE:
        return set_look(state, pane=state.landscape)
    return _with_look(state, with_pane(state.look, pane, not is_on))


def _with_look(state: State, look: Look) -> Change:
    if (refused := refusal(look, state.experiment)) is not None:
        raise InputError(refused[1])
    return Change(replace(state, look=look), name_of_look(state.look, look))


def keep_camera(state: State, step: int) -> Change:
    """Keep where the surface is seen from at this step, in the place of what was kept there, for an animation."""
    if state.look.pane != SURFACE:
        return Change(state, notice="only the surface has a camera; show it (V) to keep a camera position")
    others = [key for key in state.cameras if key.step != step]
    cameras = tuple(sorted([*others, CameraKey(step, state.look.camera)], key=lambda key: key.step))
    notice = f"camera kept at step {step:,} ({len(cameras)} position{'s' if len(cameras) > 1 else ''})"
    return Change(replace(state, cameras=cameras), "keep camera position", notice)


def forget_cameras(state: State) -> Change:
    """Keep no camera position any more."""
    said = "the camera positions are forgotten" if state.cameras else "no camera position is kept"
    return Change(replace(state, cameras=()), "forget camera positions", said)
