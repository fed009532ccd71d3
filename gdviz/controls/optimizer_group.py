"""The control-panel group for the optimizer, its settings, the learning rate and its schedule."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Signal

from gdviz.controls.rate_bar import RATE_HINT, show_rate
from gdviz.core.descent.manual_changes import base_and_changes
from gdviz.core.descent.optimizers import OPTIMIZERS, make_optimizer, optimizer_settings
from gdviz.core.descent.schedules import make_schedule, schedule_settings, selectable_schedules, settings_of
from gdviz.core.descent.settings import SEQUENCES, Setting
from gdviz.session.controls import Controls
from gdviz.widgets.buttons import Choice, Switch
from gdviz.widgets.form import Column, Form
from gdviz.widgets.number_field import NumberField
from gdviz.widgets.plain import WrappedLabel
from gdviz.widgets.sequence_field import SequenceField


class KindFields(Column):
    """A choice among kinds, such as optimizers, with a field for each setting of the chosen one, by its type."""

    changed = Signal(str, object)  # the name, and a dict of all its settings

    def __init__(
        self,
        what: str,
        hint: str,
        titles: Mapping[str, str],
        settings: Callable[[str], Mapping[str, Setting]],
        check: Callable[[str, dict[str, Any]], object],
        heading: str = "",
    ) -> None:
        """Empty until a kind is shown. what: what is chosen, such as "optimizer"; titles: of the kinds, by name.

        settings: returns the settings of the named kind. check: raises InputError for invalid values. heading: shown
        above the choice; without one the choice has a label.
        """
        super().__init__()
        self._what, self._settings_of, self._check = what, settings, check
        self._name, self._shown = "", tuple[str, ...]()
        self._values: dict[str, Any] = {}
        self._fields: dict[str, NumberField | Switch] = {}
        self.choice = Choice(what, hint, titles)
        self.choice.chosen.connect(self._choose)
        top = Form(heading)
        if heading:
            top.add_widget(self.choice)
        else:
            top.add_field(what, self.choice)
        self.add(top, Form())

    def show_kind(self, name: str, values: dict[str, Any]) -> None:
        """Show the named kind and the values of its settings, those that are not given at their defaults.

        A setting without effect, because the one that it needs is 0 or off, has no field.
        """
        self.choice.select(name)
        known = self._settings_of(name)
        self._values = values = {key: setting.default for key, setting in known.items()} | values
        shown = tuple(_in_effect(values, known))
        if (name, shown) != (self._name, self._shown):
            self._name, self._shown = name, shown
            self._rebuild_fields()
        for key, field in self._fields.items():
            if isinstance(field, Switch):
                field.setChecked(values[key])
            else:
                field.show_value(values[key])

    def _choose(self, name: str) -> None:
        # What depends on the run is left to be fitted to it.
        known = self._settings_of(name)
        usual = {key: setting.default for key, setting in known.items() if not setting.words}
        self.changed.emit(name, _in_effect(usual, known))

    def _rebuild_fields(self) -> None:
        old_form, form = self._parts.pop(), Form()
        self._fields = {}
        known = self._settings_of(self._name)
        for key in self._shown:
            label, setting = key.replace("_", " "), known[key]
            hint = f"{label} of the {self._what}; usually {setting.default_text}"
            if setting.kind is bool:
                self._fields[key] = switch = Switch(label, hint)
                switch.clicked.connect(lambda checked, key=key: self._emit(key, checked))
                form.add_widget(switch)
            else:
                self._fields[key] = field = _field(label, setting, hint)
                field.set_check(partial(self._check_value, key))
                field.committed.connect(partial(self._emit, key))
                form.add_field(label, field)
        form.set_unit(self._unit)
        self.add(form)
        form.setVisible(bool(self._fields))
        old_form.hide()
        old_form.deleteLater()

    def _check_value(self, key: str, value: Any) -> None:
        self._check(self._name, self._changed_by(key, value))

    def _emit(self, key: str, value: Any) -> None:
        self.changed.emit(self._name, self._changed_by(key, value))

    def _changed_by(self, key: str, value: Any) -> dict[str, Any]:
        """All values that have an effect, with another one under this key."""
        return _in_effect({**self._values, key: value}, self._settings_of(self._name))


class ScheduleFields(KindFields):
    """The schedule and its settings except the learning rate."""

    def __init__(self) -> None:
        """Empty until controls are shown."""
        titles = {name: kind.title for name, kind in selectable_schedules().items()}
        self._rate = 0.0
        super().__init__(
            "schedule",
            "How the learning rate changes from step to step",
            titles,
            schedule_settings,
            lambda name, settings: make_schedule(name, self._rate, settings),
        )

    def show_controls(self, controls: Controls) -> None:
        """Show the schedule without manual changes; hidden without a rate, and in a range test, which sets them."""
        schedule, _ = base_and_changes(controls.experiment.schedule)
        self.setVisible(not (schedule.sweeps or controls.zones.without_rate))
        if not schedule.sweeps:
            self._rate = schedule.base_rate
            self.show_kind(schedule.name, settings_of(schedule))


class OptimizerGroup(Column):
    """The optimizer and its settings, above the learning rate and its schedule."""

    def __init__(self) -> None:
        """Empty until controls are shown."""
        super().__init__()
        titles = {name: kind.title for name, kind in OPTIMIZERS.items()}
        hint = "The rule that turns the gradient into a step"
        self.kind = KindFields("optimizer", hint, titles, optimizer_settings, make_optimizer, heading="Optimizer")
        self.rate, self.schedule = NumberField("learning rate", hint=RATE_HINT), ScheduleFields()
        self._without_rate, rate_form = WrappedLabel(), Form()
        self._rate_label = rate_form.add_field("learning rate", self.rate)
        rate_form.add_widget(self._without_rate)
        self.add(self.kind, rate_form, self.schedule)

    def show_controls(self, controls: Controls) -> None:
        """Show the optimizer, its settings, the current rate, and the schedule."""
        optimizer = controls.experiment.optimizer
        self.kind.show_kind(optimizer.name, settings_of(optimizer))
        show_rate(self.rate, controls)
        without_rate = controls.zones.without_rate
        self._rate_label.setEnabled(not without_rate)
        self._without_rate.setText(f"None: {without_rate}")
        self._without_rate.setVisible(bool(without_rate))
        self.schedule.show_controls(controls)


def _in_effect(values: Mapping[str, Any], known: Mapping[str, Setting]) -> dict[str, Any]:
    """The values without those of settings that have no effect, because the one that they need is 0 or off."""
    return {key: value for key, value in values.items() if values.get(known[key].needs, not known[key].needs)}


def _field(label: str, setting: Setting, hint: str) -> NumberField:
    if setting.kind in SEQUENCES:
        return SequenceField(label, setting, hint)
    return NumberField(label, setting.kind, hint=hint)
