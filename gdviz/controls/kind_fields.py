"""A choice among the kinds of a registry, such as the optimizers, with a field for each setting of the chosen one."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gdviz.core.descent.settings import Setting
from gdviz.widgets.buttons import CheckBox, Choice, commit_typing, keeps
from gdviz.widgets.form import Form
from gdviz.widgets.number_field import NumberField


class KindFields(QWidget):
    """A further kind needs no change here: its fields are made from its settings, by their types."""

    changed = Signal(str, object)  # the name and a dict of all its settings
    rejected = Signal(str)

    def __init__(
        self,
        what: str,
        hint: str,
        titles: Mapping[str, str],
        settings: Callable[[str], Mapping[str, Setting]],
        check: Callable[[str, dict[str, Any]], object],
        heading: str = "",
    ) -> None:
        """Empty until a kind is shown. what: what is chosen, such as "optimizer"; titles: of the kinds, by their names.

        settings: those of a kind by its name. check: raises InputError for values that are not possible. heading: above
        the choice; without one it stands behind its name.
        """
        super().__init__()
        self._what, self._settings_of, self._check = what, settings, check
        self._unit, self._name = 1.0, ""
        self._values: dict[str, Any] = {}
        self._fields: dict[str, NumberField | Switch] = {}
        self._top, self._settings = Form(heading), Form()
        self.choice = Choice(what, hint, titles)
        self.choice.activated.connect(self._choose)
        if heading:
            self._top.add_line(self.choice)
        else:
            self._top.add_wide(what, self.choice)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for part in (self._top, self._settings):
            self._column.addWidget(part)

    def set_unit(self, unit: float) -> None:
        """Scale everything by that factor."""
        self._unit = unit
        for part in (self._top, self._settings):
            part.set_unit(unit)
        self._column.setSpacing(round(4 * unit))

    def show_kind(self, name: str, values: dict[str, Any]) -> None:
        """Show the kind of that name, and the values of all its settings."""
        self.choice.select(name)
        self._values = values
        if name != self._name:
            self._name = name
            self._make_fields()
        for key, field in self._fields.items():
            if isinstance(field, Switch):
                field.setChecked(values[key])
            else:
                field.show_value(values[key])

    def _choose(self) -> None:
        name = self.choice.currentData()
        self.changed.emit(name, {key: setting.default for key, setting in self._settings_of(name).items()})

    def _make_fields(self) -> None:
        form = Form()
        form.rejected.connect(self.rejected)
        self._fields = {}
        for key, setting in self._settings_of(self._name).items():
            words = key.replace("_", " ")
            if setting.kind is bool:
                self._fields[key] = self._switch(key, words, setting)
                form.add_line(self._fields[key])
            else:
                self._fields[key] = self._number_field(key, words, setting)
                form.add_wide(words, self._fields[key])
        form.set_unit(self._unit)
        self._column.replaceWidget(self._settings, form)
        form.setVisible(bool(self._fields))
        self._settings.hide()
        self._settings.deleteLater()
        self._settings = form

    def _switch(self, key: str, words: str, setting: Setting) -> "Switch":
        switch = Switch(words, f"{words} of the {self._what}; usually {'on' if setting.default else 'off'}")
        switch.clicked.connect(lambda checked: self._emit(key, checked))
        return switch

    def _number_field(self, key: str, words: str, setting: Setting) -> NumberField:
        field = NumberField(words, setting.kind, hint=f"{words} of the {self._what}; usually {setting.default}")
        field.set_check(lambda value: self._check(self._name, {**self._values, key: value}))
        field.committed.connect(partial(self._emit, key))
        return field

    def _emit(self, key: str, value: Any) -> None:
        self.changed.emit(self._name, {**self._values, key: value})


class Switch(CheckBox):
    """In the window, where Space plays: it takes the focus by Tab only, and keeps Space while it has it."""

    def __init__(self, text: str, hint: str) -> None:
        """As a check box."""
        super().__init__(text, hint)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def event(self, event: QEvent) -> bool:
        """With the focus, Space switches it."""
        return keeps(event, frozenset({Qt.Key.Key_Space})) or super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a number that is being typed first."""
        commit_typing(self)
        super().mousePressEvent(event)
