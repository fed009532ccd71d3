"""Everything the user has chosen, as one frozen value, and a change of it."""

from contextlib import suppress
from dataclasses import field, replace
from functools import cached_property

from gdviz.animation.camera_path import CameraKey
from gdviz.core.analysis.default_rates import with_fitting_rates
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import without_changes_after
from gdviz.core.descent.schedules import RangeTest, Schedule, fitted_to
from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
from gdviz.core.problems.capabilities import DataProblem, HasData
from gdviz.core.scenarios.scenario import Scenario, title_of
from gdviz.panes.entry import Place
from gdviz.panes.registry import refusal
from gdviz.presentation.look import LANDSCAPES, SURFACE, Look
from gdviz.presentation.run_names import STYLES, difference

DIFFERENT_PROBLEMS = "runs of different problems cannot share a surface; unpin them first (Shift+P)"


@frozen
class State:
    """What is to be shown; the session keeps the running computations in step with it.

    scenario_name: the name or the file of the loaded scenario. experiment: that of the live run. style: its colour,
    dash and marker. pinned: the pinned experiments with their styles. landscape: the pane to return to from a map.
    changes_from_here: whether a new learning rate applies from the current step on. range_test: the settings of the
    next one. before_range_test, step_before_range_test: the experiment and the step to return to from one. cameras: the
    stored positions. before_own_length: the experiment whose schedule was set aside for a rule without a learning rate.
    """

    scenario: Scenario
    experiment: Experiment
    scenario_name: str = ""
    style: int = STYLES[0]
    pinned: tuple[tuple[Experiment, int], ...] = ()
    look: Look = field(default_factory=Look)
    landscape: str = SURFACE
    changes_from_here: bool = False
    range_test: RangeTest = field(default_factory=RangeTest)
    before_range_test: Experiment | None = None
    step_before_range_test: int = 0
    cameras: tuple[CameraKey, ...] = ()
    before_own_length: Experiment | None = None

    @property
    def is_range_test(self) -> bool:
        """Whether the live run is a range test."""
        return self.experiment.schedule.sweeps

    @property
    def schedule_set_aside(self) -> Schedule | None:
        """The schedule that a rule without a learning rate has set aside; None where it is not possible any more."""
        now, before = self.experiment, self.before_own_length
        if before is None or (before.problem, before.precision) != (now.problem, now.precision):
            return None
        with suppress(InputError):  # it may be shorter than the run by now
            kept = fitted_to(without_changes_after(before.schedule, now.steps), before.steps, now.steps)
            return replace(before, steps=now.steps, schedule=kept).schedule
        return None

    @property
    def data_problem(self) -> DataProblem | None:
        """The problem of the live run; None for one without data."""
        problem = self.experiment.problem
        return problem if isinstance(problem, HasData) else None

    def check_unpinned(self) -> None:
        """Raise InputError if runs are pinned, which could not be beside one with other data."""
        if self.pinned:
            raise InputError(DIFFERENT_PROBLEMS)

    def check_takes_rate(self) -> None:
        """Raise InputError if the rule takes no learning rate."""
        if not (rule := self.experiment.optimizer).takes_learning_rate:
            told = f"{rule.name} sets its own step length"
            raise InputError(f"learning_rate: {told}; choose another optimizer to have one")

    @cached_property
    def shown_pins(self) -> tuple[tuple[Experiment, int], ...]:
        """The pinned runs that are drawn: none that equals the live run, and none beside a range test."""
        return tuple(pin for pin in self.pinned if not (self.is_range_test or self.experiment.is_same_run(pin[0])))

    @cached_property
    def pinned_names(self) -> tuple[str, ...]:
        """The names of the pinned runs, in the order of pinning."""
        pinned = [experiment for experiment, _ in self.pinned]
        is_pinned = any(self.experiment.is_same_run(run) for run in pinned)
        runs = pinned if is_pinned else [*pinned, self.experiment]
        return difference(runs).names[: len(pinned)] if len(runs) > 1 else ("this run",) * len(pinned)

    @cached_property
    def is_changed(self) -> bool:
        """Whether the runs are others than those of the scenario, so that what it says need not be true of them."""
        # Which of them is the live one is no matter.
        runs = {self.experiment, *(experiment for experiment, _ in self.pinned)}
        return runs != {self.scenario.experiment, *self.scenario.others}

    @cached_property
    def title(self) -> str:
        """The scenario's title, with a remark once the runs differ; of own data their file's name alone.

        That of the live run if it is a range test or has another problem, which the scenario's title does not fit.
        """
        scenario, problem = self.scenario, self.experiment.problem
        if scenario.keeps_title or not self.is_changed:
            return scenario.title
        if self.is_range_test or problem.name != scenario.experiment.problem.name:
            return title_of(self.experiment, *(experiment for experiment, _ in self.shown_pins))
        of_file = problem.data.title if isinstance(problem, HasData) else None
        return of_file or f"{scenario.title} (changed)"

    def as_scenario(self) -> Scenario:
        """The scenario with the current runs, to be saved."""
        # A single run and runs in the default order need no styles.
        styles = (self.style, *(style for _, style in self.shown_pins)) if self.shown_pins else ()
        styles = () if styles == STYLES[: len(styles)] else styles
        others = tuple(experiment for experiment, _ in self.shown_pins)
        return replace(self.scenario, experiment=self.experiment, others=others, styles=styles)

    def with_experiment(self, experiment: Experiment) -> "State":
        """Replace the live run; its style is that of an equal pinned run, else its own or the next free one.

        The next range test has the default rates of the new problem if it had those of the old one.
        InputError beside pinned runs with another problem, or other data.
        """
        if any(pinned.problem != experiment.problem for pinned, _ in self.pinned):
            raise InputError(DIFFERENT_PROBLEMS)
        same = [style for pinned, style in self.pinned if experiment.is_same_run(pinned)]
        taken = {style for pinned, style in self.pinned if not experiment.is_same_run(pinned)}
        style = same[0] if same else self.style
        if style in taken and not experiment.schedule.sweeps:
            style = next(free for free in STYLES if free not in taken)
        range_test = with_fitting_rates(self.range_test, self.experiment, experiment.problem, experiment.precision)
        return replace(self, experiment=experiment, style=style, range_test=range_test)

    def with_available_panes(self) -> "State":
        """Switch off panes that are unavailable for the experiment, a large one in favour of the landscape."""
        look = self.look
        while refused := refusal(look, self.experiment):
            pane, _ = refused
            is_large = pane.place is Place.LARGE
            look = replace(look, pane=self.landscape) if is_large else pane.switched(look, False)
        landscape = look.pane if look.pane in LANDSCAPES else self.landscape
        return replace(self, look=look, landscape=landscape)

    def with_view_of(self, other: "State") -> "State":
        """Take over from another state what undo ignores: theme, text size, camera, row of the tape."""
        look, seen = self.look, other.look
        tape = replace(look.tape, lit=seen.tape.lit if seen.tape is not None else None) if look.tape else None
        same = {name: getattr(seen, name) for name in ("theme", "text_scale", "camera", "transparent")}
        return replace(self, look=replace(look, tape=tape, **same))


@frozen
class Change:
    """A new state, and what accompanies it.

    name: of the edit, for undo ("learning rate 0.9"). notice: one line for the user. from_step: up to here the live run
    is unchanged. go_to: the step to show next. play: whether to play then; None to leave it.
    """

    state: State
    name: str = ""
    notice: str = ""
    from_step: int = 0
    go_to: int | None = None
    play: bool | None = None
