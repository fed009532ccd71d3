"""The group of the control panel for the optimizer, its settings, the learning rate and the schedule of that."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gdviz.controls.kind_fields import KindFields
from gdviz.controls.rate_bar import RateField
from gdviz.core.descent.hand_changes import changes
from gdviz.core.descent.optimizers import OPTIMIZERS, make_optimizer, optimizer_settings
from gdviz.core.descent.schedules import make_schedule, offered_schedules, schedule_settings, settings_of
from gdviz.core.descent.settings import Setting
from gdviz.session.controls import Controls
from gdviz.widgets.form import Form


class OptimizerGroup(QWidget):
    """The optimizer with its settings, and below it the learning rate and its schedule."""

    optimizer_changed = Signal(str, object)  # the name and a dict of all its settings
    learning_rate_changed = Signal(float)
    rejected = Signal(str)

    def __init__(self) -> None:
        """Empty until controls are shown."""
        super().__init__()
        titles = {name: kind.title for name, kind in OPTIMIZERS.items()}
        hint = "The rule that turns the gradient into a step"
        self._kind = KindFields("optimizer", hint, titles, _optimizer_settings, make_optimizer, heading="Optimizer")
        self.choice = self._kind.choice
        self.rate, self.schedule, self._bottom = RateField(), ScheduleFields(), Form()
        self.rate.learning_rate_changed.connect(self.learning_rate_changed)
        self._bottom.add_wide("learning rate", self.rate)
        self._kind.changed.connect(self.optimizer_changed)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._parts = (self._kind, self._bottom, self.schedule)
        for part in self._parts:
            self._column.addWidget(part)
            part.rejected.connect(self.rejected)

    def set_unit(self, unit: float) -> None:
        """Scale everything by that factor."""
        for part in self._parts:
            part.set_unit(unit)
        self._column.setSpacing(round(4 * unit))

    def show_controls(self, controls: Controls) -> None:
        """Show the optimizer, its settings, the current rate, and the schedule."""
        optimizer = controls.experiment.optimizer
        values = {key: getattr(optimizer, key) for key in optimizer_settings(optimizer.name)}
        self._kind.show_kind(optimizer.name, values)
        self.rate.show_controls(controls)
        self.schedule.show_controls(controls)


def _optimizer_settings(name: str) -> dict[str, Setting]:
    return {key: Setting(float, default) for key, default in optimizer_settings(name).items()}


class ScheduleFields(KindFields):
    """The schedule with its settings but for the learning rate; not there where only one can be chosen."""

    def __init__(self) -> None:
        """Empty until controls are shown."""
        titles = {name: kind.title for name, kind in offered_schedules().items()}
        super().__init__("schedule", "How the learning rate goes on", titles, schedule_settings, self._made)
        self._has_choice, self._rate = len(titles) > 1, 0.0

    def show_controls(self, controls: Controls) -> None:
        """Show the schedule as it is without changes made by hand; nothing in a range test, which is none."""
        schedule, _ = changes(controls.experiment.schedule)
        self.setVisible(self._has_choice and not schedule.sweeps)
        if not schedule.sweeps:
            self._rate = schedule.base_rate
            self.show_kind(schedule.name, settings_of(schedule))

    def _made(self, name: str, settings: dict[str, Any]) -> object:
        return make_schedule(name, self._rate, settings)
