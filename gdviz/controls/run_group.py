"""The group of the control panel for the length, the start and the precision of the run."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gdviz.core.descent.experiment import MAX_STEPS, Experiment
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
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
