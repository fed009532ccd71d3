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
from gdviz.widgets.plain import set_tooltip


class OptimizerGroup(QWidget):
    """One number field for each field of the optimizer's dataclass: a further optimizer needs no change here."""

    optimizer_changed = Signal(str, object)
    """The name and a dict of all its settings."""
    learning_rate_changed = Signal(float)
    rejected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until controls are shown."""
        super().__init__(parent)
        self._unit = 1.0
        self._name = ""
        self._values: dict[str, Any] = {}
        self._fields: dict[str, NumberField] = {}
        self._top, self._settings, self._bottom = Form("Optimizer"), Form(), Form()
        self.choice, self.rate = Choice(), RateField()
        self.choice.offer(OPTIMIZERS)
        self.choice.setAccessibleName("optimizer")
        set_tooltip(self.choice, "The rule that turns the gradient into a step")
        self.choice.activated.connect(self._choose)
        self.rate.learning_rate_changed.connect(self.learning_rate_changed)
        self.rate.rejected.connect(self.rejected)
        self._top.add_line(self.choice)
        self._bottom.add_wide("learning rate", self.rate)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self._top, self._settings, self._bottom):
            column.addWidget(part)

    def set_unit(self, unit: float) -> None:
        """Scale everything by that factor."""
        self._unit = unit
        for part in (self._top, self._settings, self._bottom):
            part.set_unit(unit)
        column = self.layout()
        if column is not None:
            column.setSpacing(round(4 * unit))

    def show_controls(self, controls: Controls) -> None:
        """Show the optimizer, its settings, and the rate in force."""
        optimizer = controls.experiment.optimizer
        self.choice.setCurrentIndex(self.choice.findData(optimizer.name))
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
        self._fields = {}
        for setting in fields(OPTIMIZERS[self._name]):
            words = setting.name.replace("_", " ")
            field = NumberField(words, float, (None, None), f"{words} of the optimizer; usually {setting.default}")
            self._connect(field, setting.name)
            self._fields[setting.name] = field
            form.add_wide(words, field)
        form.set_unit(self._unit)
        form.setVisible(bool(self._fields))
        column = self.layout()
        if column is not None:
            column.replaceWidget(self._settings, form)
        self._settings.hide()
        self._settings.deleteLater()
        self._settings = form

    def _connect(self, field: NumberField, key: str) -> None:
        def changed(value: Number) -> dict[str, Any]:
            return {**self._values, key: value}

        field.set_check(lambda value: make_optimizer(self._name, changed(value)))
        field.committed.connect(lambda value: self.optimizer_changed.emit(self._name, changed(value)))
        field.rejected.connect(self.rejected)
