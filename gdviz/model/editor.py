"""What a person changes in the recipe of the run: its rate, problem, optimizer and length, and the range test of it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gdviz.core.dataset import DataSettings
from gdviz.core.experiment import Experiment
from gdviz.core.problems import uses_data
from gdviz.core.range_test import as_range_test
from gdviz.core.regression import Reduction
from gdviz.core.schedules import Constant, RangeTest
from gdviz.model import recipe
from gdviz.model.data_maker import is_slow
from gdviz.model.playback import BASE_SPEED, SPEEDS

if TYPE_CHECKING:
    from gdviz.model.session import Session

SWEEP_SECONDS = 4.0
"""About so long a range test takes to be drawn."""


def sweep_speed(schedule: RangeTest) -> float:
    """The speed at which a range test is played."""
    wanted = schedule.last_step / BASE_SPEED / SWEEP_SECONDS
    return next(speed for speed in SPEEDS if speed >= wanted)


class Editor:
    """Turns wishes into another recipe for the session; what cannot be is said there, and what was there stays."""

    def __init__(self, session: "Session") -> None:
        """Nothing is changed yet."""
        self._session = session
        self.changes_from_here = False
        self._before: Experiment | None = None
        self._speed: float | None = None
        self._range_test = RangeTest()

    @property
    def _experiment(self) -> Experiment:
        return self._session.experiment

    def begin(self) -> None:
        """Another scenario is there: changes are for the whole run, and there is no run to come back to."""
        self.changes_from_here = False
        self._before = None
        schedule = self._session.scenario.experiment.schedule
        self._range_test = schedule if isinstance(schedule, RangeTest) else RangeTest()

    def set_changes_from_here(self, chosen: bool) -> None:
        """Whether a changed learning rate counts from the current step on."""
        self.changes_from_here = chosen
        self._session.tell_controls()

    def change(self, **fields: Any) -> None:
        """Replace fields of the experiment."""
        self._session.change_to(lambda: replace(self._experiment, **fields))

    def set_steps(self, steps: int) -> None:
        """Another number of steps."""
        self._session.change_to(lambda: recipe.with_steps(self._experiment, steps))

    def set_learning_rate(self, learning_rate: float) -> None:
        """Another rate: from the current step on while playing or if so chosen, else for the whole run.

        It ends a range test, and is that of the run which takes its place.
        """
        if self.is_range_test:
            self.take_rate(learning_rate)
            return
        from_step = self._session.place if self._session.playback.playing or self.changes_from_here else 0
        changed = self._session.change_to(
            lambda: recipe.with_learning_rate(self._experiment, learning_rate, from_step), from_step
        )
        if changed and from_step:
            self._session.noticed.emit(f"learning rate {learning_rate:g} from step {from_step:,} on")

    def scale_learning_rate(self, factor: float) -> None:
        """The rate at the current step times ``factor``."""
        self.set_learning_rate(self._session.controls().learning_rate * factor)

    def set_problem(self, name: str) -> None:
        """Another problem, from its own start and with a rate that suits it."""
        if self._session.change_to(lambda: recipe.with_problem(self._experiment, name), at_step=0):
            self._session.data_maker.forget()
            problem, schedule = self._experiment.problem, self._experiment.schedule
            rate = f"learning rate {schedule.learning_rate:g}, " if isinstance(schedule, Constant) else ""
            self._session.noticed.emit(f"{problem.title}: {rate}the problem's own start")

    def set_data(self, settings: DataSettings) -> None:
        """Generate other data for a problem that uses data; many rows are taken up when they are there."""
        if uses_data(self._experiment.problem.name) and is_slow(settings):
            self._session.other_data.make(settings)
            return
        self._session.data_maker.forget()
        self._session.change_to(lambda: recipe.with_data(self._experiment, settings))
        self._session.tell_controls()

    def set_reduction(self, reduction: Reduction) -> None:
        """The mean or the sum of the squares, for a problem that uses data."""
        self._session.change_to(lambda: recipe.with_reduction(self._experiment, reduction))

    def set_optimizer(self, name: str, settings: dict[str, float]) -> None:
        """Another optimizer, or other settings of the same."""
        self._session.change_to(lambda: recipe.with_optimizer(self._experiment, name, settings))

    def set_precision(self, name: str) -> None:
        """float32 or float64."""
        self._session.change_to(lambda: recipe.with_precision(self._experiment, name))

    def go_to(self, learning_rate: float, step: int) -> None:
        """The run with that constant rate, at that step; it is made longer where it ends before."""
        session, schedule = self._session, self._experiment.schedule
        session.playback.pause()
        is_this_run = isinstance(schedule, Constant) and schedule.learning_rate == learning_rate
        if is_this_run and step <= self._experiment.steps:
            session.player.seek(step)
        else:
            session.take_up(lambda: recipe.reaching(self._run, learning_rate, step), at_step=step)

    # The range test

    @property
    def is_range_test(self) -> bool:
        """Whether the run is one."""
        return isinstance(self._experiment.schedule, RangeTest)

    @property
    def _run(self) -> Experiment:
        """The recipe of the run, in a range test that of the one to come back to."""
        return recipe.after_range_test(self._experiment, self._before) if self.is_range_test else self._experiment

    def toggle_range_test(self) -> None:
        """Begin a range test of the recipe as it stands and play it, or come back from one."""
        if self.is_range_test:
            self._end_range_test(None)
            return
        session, before = self._session, self._experiment
        if session.take_up(lambda: as_range_test(before, self._range_test), at_step=0):
            self._before = before
            session.set_look(formula=False, tape=None)  # in their places stand the picks and the curve
            session.player.play_from_start()
            session.noticed.emit("range test: a click on the curve takes that rate; W goes back to the run")

    def set_pace(self) -> None:
        """Play a range test so fast that its curve is seen to be drawn, and a run after it as fast as one before it."""
        playback, schedule = self._session.playback, self._experiment.schedule
        if isinstance(schedule, RangeTest):
            if self._speed is None:
                self._speed = playback.speed
            playback.speed = max(playback.speed, sweep_speed(schedule))
        elif self._speed is not None:
            playback.speed, self._speed = self._speed, None

    def set_range_test(self, schedule: RangeTest) -> None:
        """Other settings of the range test that is shown; it is made anew and played."""
        if self.is_range_test and self._session.take_up(lambda: as_range_test(self._experiment, schedule), at_step=0):
            self._range_test = schedule
            self._session.player.play_from_start()

    def take_rate(self, learning_rate: float) -> None:
        """Apply a rate that a range test shows to the run."""
        if self.is_range_test:
            self._end_range_test(learning_rate)

    def _end_range_test(self, learning_rate: float | None) -> None:
        session = self._session
        # The precision may be another one by now, which cannot hold the rate that was before.
        if not session.take_up(
            lambda: recipe.after_range_test(self._experiment, self._before, learning_rate), at_step=0
        ):
            return
        session.playback.pause()
        session.noticed.emit("back to the run; W shows the range test again")
