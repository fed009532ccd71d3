"""The group of the control panel for the optimizer, its settings and the learning rate."""

from dataclasses import fields
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gdviz.controls.rate_bar import RateField
from gdviz.core.descent.optimizers import OPTIMIZERS, make_optimizer, optimizer_settings
from gdviz.session.controls import Controls
from gdviz.widgets.buttons import Choice
from gdviz.widgets.form import Form
from gdviz.widgets.number_field import Number, NumberField


class OptimizerGroup(QWidget):
    """One number field for each field of the optimizer's dataclass: a further optimizer needs no change here."""

    optimizer_changed = Signal(str, object)  # the name and a dict of all its settings
    learning_rate_changed = Signal(float)
    rejected = Signal(str)

    def __init__(self) -> None:
        """Empty until controls are shown."""
        super().__init__()
        self._unit = 1.0
        self._name = ""
        self._values: dict[str, Any] = {}
        self._fields: dict[str, NumberField] = {}
        self._top, self._settings, self._bottom = Form("Optimizer"), Form(), Form()
        titles = {name: kind.title for name, kind in OPTIMIZERS.items()}
        self.choice = Choice("optimizer", "The rule that turns the gradient into a step", titles)
        self.rate = RateField()
        self.choice.activated.connect(self._choose)
        self.rate.learning_rate_changed.connect(self.learning_rate_changed)
        self._top.add_line(self.choice)
        self._bottom.add_wide("learning rate", self.rate)
        self._bottom.rejected.connect(self.rejected)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for part in (self._top, self._settings, self._bottom):
            self._column.addWidget(part)

    def set_unit(self, unit: float) -> None:
        """Scale everything by that factor."""
        self._unit = unit
        for part in (self._top, self._settings, self._bottom):
            part.set_unit(unit)
        self._column.setSpacing(round(4 * unit))

    def show_controls(self, controls: Controls) -> None:
        """Show the optimizer, its settings, and the current rate."""
        optimizer = controls.experiment.optimizer
        self.choice.select(optimizer.name)
        self._values = {key: getattr(optimizer, key) for key in optimizer_settings(optimizer.name)}
        if optimizer.name != self._name:
            self._name = optimizer.name
            self._make_fields()
        for key, field in self._fields.items():
            field.show_value(self._values[key])
        self.rate.show_controls(controls)

    def _choose(self) -> None:
        name = self.choice.currentData()
        self.optimizer_changed.emit(name, optimizer_settings(name))

    def _make_fields(self) -> None:
        form = Form()
        form.rejected.connect(self.rejected)
        self._fields = {}
        for setting in fields(OPTIMIZERS[self._name]):
            words = setting.name.replace("_", " ")
            field = NumberField(words, hint=f"{words} of the optimizer; usually {setting.default}")
            self._connect(field, setting.name)
            self._fields[setting.name] = field
            form.add_wide(words, field)
        form.set_unit(self._unit)
        form.setVisible(bool(self._fields))
        self._column.replaceWidget(self._settings, form)
        self._settings.hide()
        self._settings.deleteLater()
        self._settings = form

    def _connect(self, field: NumberField, key: str) -> None:
        def changed(value: Number) -> dict[str, Any]:
            return {**self._values, key: value}

        field.set_check(lambda value: make_optimizer(self._name, changed(value)))
        field.committed.connect(lambda value: self.optimizer_changed.emit(self._name, changed(value)))
