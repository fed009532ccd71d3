"""The one object that knows what is going on and tells of changes: the recipe, the run, the playback and the look."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from gdviz.core.errors import InputError
from gdviz.core.experiment import Experiment
from gdviz.core.recording import Recording
from gdviz.core.scenario import Scenario
from gdviz.model import recipe
from gdviz.model.as_scenario import scenario_for, title_for
from gdviz.model.chart_runner import ChartRunner
from gdviz.model.charts import offers, with_chart
from gdviz.model.controls import Controls, controls_of, in_words_of_the_window
from gdviz.model.data_maker import DataMaker
from gdviz.model.editor import Editor
from gdviz.model.frame import Frame
from gdviz.model.kept_cameras import KeptCameras
from gdviz.model.look import LANDSCAPES, Look, Pane
from gdviz.model.other_data import OtherData
from gdviz.model.playback import Playback
from gdviz.model.player import Player
from gdviz.model.race_editor import RaceEditor
from gdviz.model.runs import Runs
from gdviz.model.scene import Scene

TICK_MILLISECONDS = 16


class Session(QObject):
    """Takes intents, owns the runner, and emits a frame whenever the picture has changed.

    All views are given the same frame, so that they cannot show different steps.
    """

    frame_changed = Signal(object)
    """A `Frame`."""
    controls_changed = Signal(object)
    """A `Controls`."""
    noticed = Signal(str)
    """One line about what was done or could not be done."""
    failed = Signal(str)
    """The traceback of an exception that nobody thought of, from the worker."""

    def __init__(self, scenario: Scenario, parent: QObject | None = None) -> None:
        """Ready to start: nothing is computed before `open`."""
        super().__init__(parent)
        self.runs = Runs(scenario.experiment)
        self.charts = ChartRunner()
        self.data_maker = DataMaker(gate=self.runs.gate)
        self.player = Player(self)
        self.editor = Editor(self)
        self.race_editor = RaceEditor(self)
        self.other_data = OtherData(self)
        self.look = Look()
        self.scenario = scenario
        self.frame: Frame | None = None
        self.landscape = Pane.SURFACE
        """The pane to which one comes back from a map."""
        self.kept_cameras = KeptCameras()
        self._shown: tuple[Scene, list[int], float] | None = None
        self._told: Controls | None = None
        self._ticked = time.perf_counter()
        self._timer = QTimer(self, interval=TICK_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    # What is loaded

    def open(self, scenario: Scenario) -> None:
        """Load a scenario and compute it with the runs beside it; the cursor stands at the start, nothing is pinned."""
        if scenario is not self.scenario:
            self.kept_cameras.forget()
        self.scenario = scenario
        self.editor.begin()
        self.data_maker.forget()
        self.playback.pause()
        self.player.cursor.want(0)
        own, *styles = scenario.all_styles
        self.runs.pinned.line_up(list(zip(scenario.others, styles, strict=True)), own, self.runs.runner)
        self._compute(scenario.experiment)

    def reset(self) -> None:
        """Back to the scenario as it was loaded."""
        self.open(self.scenario)
        self.noticed.emit(f"reset to {self.scenario.title}")

    def close(self) -> None:
        """Stop the threads and the clock. Nothing is emitted any more."""
        self._timer.stop()
        self.runs.stop()
        self.charts.stop()
        self.data_maker.stop()

    @property
    def experiment(self) -> Experiment:
        """The recipe of the live run."""
        return self.runs.experiment

    @property
    def recording(self) -> Recording:
        """The live run, as far as it is computed."""
        return self.runs.live

    @property
    def playback(self) -> Playback:
        """Where we are in the recording."""
        return self.player.cursor.playback

    @property
    def title(self) -> str:
        """The scenario's title while its recipe is untouched, else what it is a run of."""
        return title_for(self.scenario, self.runs)

    def current_scenario(self) -> Scenario:
        """The scenario with the recipe and the runs beside it as they stand now, to be saved."""
        return scenario_for(self.scenario, self.runs)

    # What is changed in the recipe

    def change_to(self, make: Callable[[], Experiment], from_step: int = 0, at_step: int | None = None) -> bool:
        """Compute another recipe, which differs from ``from_step`` on; False where it is none or the same one.

        A range test that is under way is made anew of the changed recipe. at_step: where to go then; None to stay.
        """
        return self.take_up(lambda: recipe.kept_in_range_test(self.experiment, make()), from_step, at_step)

    def take_up(self, make: Callable[[], Experiment], from_step: int = 0, at_step: int | None = None) -> bool:
        """`change_to` with the recipe just as it is made."""
        try:
            experiment = make()
            self.runs.pinned.check_problem(experiment.problem)
        except InputError as error:
            self.refuse(str(error))
            return False
        if experiment == self.experiment:
            return False
        if at_step is not None:
            self.player.cursor.want(at_step)
        self._compute(experiment, from_step)
        return True

    def refuse(self, line: str) -> None:
        """Say what could not be done, and show the controls as they really stand; an empty line takes that back."""
        self.noticed.emit(in_words_of_the_window(line))
        self._told = None
        self.tell_controls()

    def stop_computing(self) -> None:
        """Stop what is being computed or made; the steps so far stay, and so do the data."""
        # Data that come just now must not begin another run.
        data = "; the data stay as they were" if self.other_data.give_up() else ""
        steps = ""
        if self.runs.is_computing:
            self.runs.stop()
            self._drain()
            of_pinned = " of the longest run" if self.runs.beside else ""
            steps = f" after {self.runs.last_step:,} of {self.runs.end_step:,} steps{of_pinned}"
        if steps or data:
            self.noticed.emit(f"stopped{steps}{data}")
            self.show()

    # Look

    def set_look(self, **fields: Any) -> None:
        """Change how the scene is looked at."""
        look = replace(self.look, **fields)
        if look != self.look:
            self.look = look
            self._follow_charts()
            self.show()

    def toggle_chart(self, pane: Pane) -> None:
        """Show a map in the place of the landscape, or the landscape again; why not, where there is no such map."""
        if self.look.pane is pane:
            self.set_look(pane=self.landscape)
            return
        problem = offers(pane, self.experiment)
        if problem is not None:
            self.refuse(problem)
        else:
            self.set_look(pane=pane)

    def keep_camera(self) -> None:
        """Keep where the surface is seen from, for an animation that comes by there at this step."""
        self.noticed.emit(self.kept_cameras.keep(self.place, self.look))

    def forget_cameras(self) -> None:
        """Keep no camera position any more."""
        self.noticed.emit(self.kept_cameras.forget())

    # Inside

    def _compute(self, experiment: Experiment, from_step: int = 0) -> None:
        # The place is kept over a change, also while the new run has not come so far yet.
        self.player.cursor.keep_place()
        self.runs.start(experiment, from_step)
        self.editor.set_pace()
        self._follow_charts()
        self.tell_controls()
        self.keep_ticking()

    def _follow_charts(self) -> None:
        if offers(self.look.pane, self.experiment) is not None:
            self.look = replace(self.look, pane=self.landscape)
        elif self.look.pane in LANDSCAPES:
            self.landscape = self.look.pane
        self.charts.follow(self.look.pane, self.experiment)
        self.keep_ticking()

    def keep_ticking(self) -> None:
        """Let the clock go on as long as something moves or is computed."""
        if not self._timer.isActive() and self._is_busy():
            self._ticked = time.perf_counter()
            self._timer.start()

    def _is_busy(self) -> bool:
        under_way = bool(len(self.recording)) and self.player.cursor.is_under_way
        moves = self.playback.playing or self.player.cursor.is_easing or under_way
        return self.runs.is_computing or self.charts.is_busy or self.data_maker.is_busy or moves

    def _tick(self) -> None:
        with self.runs.gate:
            now = time.perf_counter()
            elapsed, self._ticked = now - self._ticked, now
            self._drain()
            self.player.cursor.move(elapsed, self.runs.last_step, self.runs.end_step, self.runs.is_computing)
            self.show()
        if not self._is_busy():
            self._timer.stop()

    def _drain(self) -> None:
        for traceback in self.runs.drain():
            self.failed.emit(traceback)
        problem, error = self.charts.take()
        if problem is not None:
            self.noticed.emit(problem)
        if error is not None:
            self.failed.emit(error)
        self.other_data.take_up()

    @property
    def place(self) -> int:
        """The step of the cursor, or the one to which it is on its way while that is computed again."""
        return self.player.cursor.place(self.experiment.steps)

    def scene(self) -> Scene:
        """What is shown, with the runs as far as they are recorded."""
        recordings, styles = self.runs.shown
        return with_chart(Scene(self.title, recordings, self.look, styles=styles), self.charts.chart)

    def show(self) -> None:
        """Show the moment at which the cursor stands, where that is another picture than the one that is shown."""
        if self.runs.last_step >= 0:
            scene, moment = self.scene(), self._moment()
            content = (scene, [len(recording) for recording in scene.recordings], moment)
            if content != self._shown:
                self._shown = content
                self.frame = scene.frame(moment)
                self.frame_changed.emit(self.frame)
        self.tell_controls()

    def _moment(self) -> float:
        step, moment = self.playback.step, self.player.cursor.moment
        # Between two steps only the box can move; where it does not, nothing is drawn again.
        return moment if moment > step and self.scene().grows_after(step) else float(step)

    def tell_controls(self) -> None:
        """Tell of the controls where they have changed."""
        controls = self.controls()
        if controls != self._told:
            self._told = controls
            self.controls_changed.emit(controls)

    def controls(self) -> Controls:
        """The state of the controls as it is now."""
        return controls_of(self)
