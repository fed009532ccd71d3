"""The group of the control panel for the range test: its rates, its starts, and how its loss is looked at."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from gdviz.core.descent.schedules import MAX_FRESH_STEPS, MAX_RATES, RangeTest
from gdviz.widgets.buttons import CheckBox, Choice, keeps
from gdviz.widgets.form import Form
from gdviz.widgets.number_field import NumberField
from gdviz.widgets.plain import set_tooltip

USUAL_FRESH_STEPS = 5
MOVING, FRESH = "one moving point", "fresh start at each rate"


class RangeTestGroup(Form):
    """Shows a range test and says which other one is wanted."""

    range_test_changed = Signal(object)
    """The new `RangeTest`."""
    rejected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """The usual range test, until one is shown."""
        super().__init__("Range test", parent)
        self._schedule, self._fresh_steps = RangeTest(), USUAL_FRESH_STEPS
        self._fields = {
            "start": NumberField("first rate", hint="The learning rate of the first step"),
            "end": NumberField(
                "end of the rates", hint="The learning rate that the steps grow towards, without reaching it"
            ),
            "number": NumberField("number of rates", int, (2, MAX_RATES), "How many learning rates are tried"),
            "fresh_steps": NumberField(
                "fresh steps", int, (1, MAX_FRESH_STEPS), "How many steps from the start are taken at each rate"
            ),
        }
        self.starts = Choice()
        self.starts.addItems([MOVING, FRESH])
        self.starts.setAccessibleName("start of each rate")
        set_tooltip(self.starts, "Whether the rates share one path, or each begins at the start again")
        self.smoothed = _Switch("smooth as fast.ai does", "Show and judge a running average of the loss")
        self.stops = _Switch(
            "stop at 4 times the best", "End where the shown loss exceeds four times the lowest so far"
        )
        self._lay_out()
        self._connect()
        self.show_range_test(self._schedule)

    def _lay_out(self) -> None:
        self.add_pair(("from", self._fields["start"]), ("to", self._fields["end"]))
        self.add_wide("number of rates", self._fields["number"])
        self.add_line(self.starts)
        self.add_wide("fresh steps", self._fields["fresh_steps"])
        self.add_line(self.smoothed)
        self.add_line(self.stops)

    def _connect(self) -> None:
        for name, field in self._fields.items():
            self._connect_field(name, field)
        self.starts.activated.connect(self._choose_starts)
        self.smoothed.clicked.connect(lambda checked: self._change(smoothed=checked))
        self.stops.clicked.connect(lambda checked: self._change(stops=checked))

    def _connect_field(self, name: str, field: NumberField) -> None:
        field.set_check(lambda value: self._changed(**{name: value}))
        field.committed.connect(lambda value: self._change(**{name: value}))
        field.rejected.connect(self.rejected)

    def _choose_starts(self) -> None:
        fresh = self.starts.currentText() == FRESH
        self._change(fresh_steps=self._fresh_steps if fresh else 0)

    def _changed(self, **settings: Any) -> RangeTest:
        """The range test with other settings; InputError where these do not fit."""
        return replace(self._schedule, **settings)

    def _change(self, **settings: Any) -> None:
        changed = self._changed(**settings)
        if changed != self._schedule:
            # Shown at once: the next change is one of this range test, whenever the window comes to show it.
            self.show_range_test(changed)
            self.range_test_changed.emit(changed)

    def show_range_test(self, schedule: RangeTest) -> None:
        """Show its settings; of one moving point the fresh steps that it would have otherwise."""
        self._schedule = schedule
        self._fresh_steps = schedule.fresh_steps or self._fresh_steps
        for name in ("start", "end", "number"):
            self._fields[name].show_value(getattr(schedule, name))
        self._fields["fresh_steps"].show_value(self._fresh_steps)
        self._fields["fresh_steps"].setEnabled(schedule.fresh_steps > 0)
        self.starts.setCurrentText(FRESH if schedule.fresh_steps else MOVING)
        self.smoothed.setChecked(schedule.smoothed)
        self.stops.setChecked(schedule.stops)


class _Switch(CheckBox):
    """In the window, where Space plays: it takes the focus by Tab only, and keeps Space while it has it."""

    def __init__(self, text: str, hint: str) -> None:
        super().__init__(text, hint)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def event(self, event: QEvent) -> bool:
        """With the focus, Space switches it."""
        return keeps(event, frozenset({Qt.Key.Key_Space})) or super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Whoever types a number and then clicks here means that number: the field is left, and commits."""
        focused = QApplication.focusWidget()
        if focused is not None and focused is not self:
            focused.clearFocus()
        super().mousePressEvent(event)
