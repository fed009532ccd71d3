"""The control panel: problem, data, optimizer, learning rate and run."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gdviz.controls.batch_group import BatchGroup
from gdviz.controls.data_group import DataGroup
from gdviz.controls.optimizer_group import OptimizerGroup
from gdviz.controls.range_test_group import RangeTestGroup
from gdviz.core.descent.experiment import MAX_STEPS, Experiment
from gdviz.core.descent.schedules import RangeTest
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.registry import PROBLEMS, uses_data
from gdviz.core.problems.regression import LinearRegression
from gdviz.session.controls import Controls
from gdviz.widgets.buttons import Choice
from gdviz.widgets.form import Form
from gdviz.widgets.number_field import NumberField
from gdviz.widgets.plain import set_tooltip


class RunGroup(Form):
    """Steps, start and precision."""

    steps_changed = Signal(int)
    start_changed = Signal(float, float)
    precision_chosen = Signal(str)
    rejected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until an experiment is shown."""
        super().__init__("Run", parent)
        self._experiment: Experiment | None = None
        self.steps = NumberField("steps", int, (1, MAX_STEPS), "How many steps the run takes")
        self.start_fields = (NumberField("start of the first parameter"), NumberField("start of the second parameter"))
        self.precision = Choice()
        for precision in Precision:
            self.precision.addItem(precision.value, precision.value)
        self.precision.setAccessibleName("precision")
        set_tooltip(self.precision, "Single (float32) or double (float64) precision of every number of the run")
        self._labels = self.add_pair(*zip(("", ""), self.start_fields, strict=True))
        self.add_wide("steps", self.steps)
        self.add_wide("precision", self.precision)
        self.steps.committed.connect(lambda value: self.steps_changed.emit(value))
        self.precision.activated.connect(lambda: self.precision_chosen.emit(self.precision.currentData()))
        for place in range(2):
            self._connect_start(place)
        for field in (self.steps, *self.start_fields):
            field.rejected.connect(self.rejected)

    def _connect_start(self, place: int) -> None:
        field = self.start_fields[place]
        field.set_check(lambda value: self._started(place, value))
        field.committed.connect(lambda value: self.start_changed.emit(*self._started(place, value)))

    def _started(self, place: int, value: float) -> tuple[float, float]:
        """The start with one of its two numbers replaced; InputError where the experiment cannot begin there."""
        if self._experiment is None:
            raise InputError("start: there is no experiment yet; choose a scenario first")
        first, second = self._experiment.start
        start = (first, value) if place else (value, second)
        return replace(self._experiment, start=start).start

    def show_experiment(self, experiment: Experiment) -> None:
        """Show its steps, its start under the names of the problem's parameters, and its precision."""
        self._experiment = experiment
        self.steps.show_value(experiment.steps)
        self.precision.setCurrentIndex(self.precision.findData(experiment.precision.value))
        names = experiment.problem.parameters
        for label, text in zip(self._labels, (f"start {names[0]}", names[1]), strict=True):
            label.setText(text)
        for name, field, value in zip(names, self.start_fields, experiment.start, strict=True):
            field.describe(f"start {name}", f"Where {name} begins, at step 0")
            field.show_value(value)


WIDTH = 270


class ControlPanel(QWidget):
    """Shows the recipe and says what is to be changed in it; its width is fixed, so that the stage never moves."""

    problem_chosen = Signal(str)
    data_changed = Signal(object)
    """The new `DataSettings`."""
    rows_pressed = Signal()
    """What comes until `rows_released` is one drag of the slider."""
    rows_released = Signal()
    reduction_changed = Signal(str)
    """"mean" or "sum" of the squares."""
    batch_size_changed = Signal(object)
    """How many rows a step sees; None for all of them."""
    batch_seed_changed = Signal(object)
    """From which the batches are drawn."""
    optimizer_changed = Signal(str, object)
    """The name and a dict of all its settings."""
    learning_rate_changed = Signal(float)
    steps_changed = Signal(int)
    range_test_changed = Signal(object)
    """The new `RangeTest`."""
    start_changed = Signal(float, float)
    precision_chosen = Signal(str)
    rejected = Signal(str)
    """One line: what was typed and what would be right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until controls are shown."""
        super().__init__(parent)
        self.problem, self.data, self.optimizer, self.run = Choice(), DataGroup(), OptimizerGroup(), RunGroup()
        self.range_test, self.batches = RangeTestGroup(), BatchGroup()
        self.problem.offer(PROBLEMS)
        self.problem.setAccessibleName("problem")
        set_tooltip(self.problem, "The loss that is minimised")
        self._problem_group = Form("Problem")
        self._problem_group.add_line(self.problem)
        self._column = QVBoxLayout(self)
        self._groups = (self._problem_group, self.data, self.batches, self.optimizer, self.range_test, self.run)
        for group in self._groups:
            self._column.addWidget(group)
        self._column.addStretch(1)
        self._connect()
        self.set_unit(1.0)

    def _connect(self) -> None:
        self.problem.activated.connect(lambda: self.problem_chosen.emit(self.problem.currentData()))
        self.data.data_changed.connect(self.data_changed)
        self.data.rows_pressed.connect(self.rows_pressed)
        self.data.rows_released.connect(self.rows_released)
        self.batches.reduction_changed.connect(self.reduction_changed)
        self.batches.batch_size_changed.connect(self.batch_size_changed)
        self.batches.batch_seed_changed.connect(self.batch_seed_changed)
        self.optimizer.optimizer_changed.connect(self.optimizer_changed)
        self.optimizer.learning_rate_changed.connect(self.learning_rate_changed)
        self.run.steps_changed.connect(self.steps_changed)
        self.run.start_changed.connect(self.start_changed)
        self.run.precision_chosen.connect(self.precision_chosen)
        self.range_test.range_test_changed.connect(self.range_test_changed)
        for group in (self.data, self.batches, self.optimizer, self.range_test, self.run):
            group.rejected.connect(self.rejected)

    def set_unit(self, unit: float) -> None:
        """Scale everything by that factor."""
        self.setFixedWidth(round(WIDTH * unit))
        self._column.setContentsMargins(*(round(10 * unit),) * 4)
        self._column.setSpacing(round(9 * unit))
        for group in self._groups:
            group.set_unit(unit)

    def show_controls(self, controls: Controls) -> None:
        """Show the recipe as it stands."""
        experiment = controls.experiment
        self.problem.setCurrentIndex(self.problem.findData(experiment.problem.name))
        for group in (self.data, self.batches):
            group.setVisible(uses_data(experiment.problem.name))
        if isinstance(experiment.problem, LinearRegression):
            self.data.show_data(experiment.problem.data, controls.generation, controls.step_time)
            self.batches.show_experiment(experiment)
        self.optimizer.show_controls(controls)
        self.range_test.setVisible(isinstance(experiment.schedule, RangeTest))
        if isinstance(experiment.schedule, RangeTest):
            self.range_test.show_range_test(experiment.schedule)
        self.run.show_experiment(experiment)
