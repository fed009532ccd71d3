"""The control panel: problem, data, optimizer, learning rate and run."""

from dataclasses import replace
from functools import partial
from operator import attrgetter

from PySide6.QtCore import Signal

from gdviz.controls.data_group import BatchGroup, DataGroup
from gdviz.controls.optimizer_group import OptimizerGroup
from gdviz.controls.range_test_group import RangeTestGroup
from gdviz.core.descent.experiment import MAX_STEPS, Experiment
from gdviz.core.descent.schedules import RangeTest
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import HasData
from gdviz.core.problems.registry import PROBLEMS
from gdviz.presentation.scaling import condition_note
from gdviz.session.controls import Controls
from gdviz.widgets.buttons import Choice
from gdviz.widgets.form import Column, Form
from gdviz.widgets.number_field import NumberField

WIDTH = 270
_shown_part = attrgetter("experiment", "learning_rate", "zones.without_rate", "generation", "step_time", "refusals")
"""The part of the controls that the panel shows."""


class RunGroup(Form):
    """Steps, start and precision."""

    start_changed = Signal(float, float)

    def __init__(self) -> None:
        """Empty until an experiment is shown."""
        super().__init__("Run")
        self._experiment: Experiment | None = None
        self.steps = NumberField("steps", int, (1, MAX_STEPS), "How many steps the run takes")
        self.start_fields = (NumberField("start of the first parameter"), NumberField("start of the second parameter"))
        hint = "Single (float32) or double (float64) precision of every number of the run"
        self.precision = Choice("precision", hint, {precision.value: precision.value for precision in Precision})
        self._labels = self.add_pair(*(("", field) for field in self.start_fields))
        self.add_field("steps", self.steps)
        self.add_field("precision", self.precision)
        for place, field in enumerate(self.start_fields):
            field.set_check(partial(self._start_with, place))
            field.committed.connect(lambda value, place=place: self.start_changed.emit(*self._start_with(place, value)))

    def _start_with(self, place: int, value: float) -> tuple[float, float]:
        """Return the start with one coordinate replaced; InputError if the experiment cannot start there."""
        if self._experiment is None:
            raise InputError("start: no experiment yet; choose a scenario first")
        first, second = self._experiment.start
        start = (first, value) if place else (value, second)
        return replace(self._experiment, start=start).start

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the steps, the start (labelled with the problem's parameters) and the precision."""
        self._experiment = experiment
        self.steps.show_value(experiment.steps)
        self.precision.select(experiment.precision.value)
        names = experiment.problem.parameters
        self._labels[0].setText(f"start {names[0]}")
        self._labels[1].setText(names[1])
        for name, field, value in zip(names, self.start_fields, experiment.start, strict=True):
            field.describe(f"start {name}", f"The value of {name} at step 0")
            field.show_value(value)


class ControlPanel(Column):
    """Shows the experiment and requests changes. The width is fixed, so that the stage never moves."""

    def __init__(self) -> None:
        """Empty until controls are shown."""
        super().__init__(spacing=9)
        self._shown: Controls | None = None
        titles = {name: kind.title for name, kind in PROBLEMS.items()}
        self.problem = Choice("problem", "The loss to minimise", titles)
        self.data, self.batches, self.optimizer = DataGroup(), BatchGroup(), OptimizerGroup()
        self.range_test, self.run = RangeTestGroup(), RunGroup()
        problem_group = Form("Problem")
        problem_group.add_widget(self.problem)
        self.add(problem_group, self.data, self.batches, self.optimizer, self.range_test, self.run)
        self._column.addStretch(1)
        self.set_unit(1.0)

    def set_unit(self, unit: float) -> None:
        """Scale everything by a factor."""
        super().set_unit(unit)
        self.setFixedWidth(round(WIDTH * unit))
        self._column.setContentsMargins(*(round(10 * unit),) * 4)

    def show_controls(self, controls: Controls) -> None:
        """Show the current experiment; nothing is to be done where only the playback has moved on."""
        if self._shown is not None and _shown_part(self._shown) == _shown_part(controls):
            return
        self._shown, experiment = controls, controls.experiment
        self.problem.select(experiment.problem.name)
        self.data.setVisible(isinstance(experiment.problem, HasData))
        if isinstance(experiment.problem, HasData):
            condition = condition_note(experiment.problem)
            self.data.show_data(experiment.problem.data, controls.generation, controls.step_time, condition)
        self.batches.show_experiment(experiment)
        self.optimizer.show_controls(controls)
        self.range_test.setVisible(experiment.schedule.sweeps)
        if isinstance(experiment.schedule, RangeTest):
            self.range_test.show_range_test(experiment.schedule)
        self.run.show_experiment(experiment)
