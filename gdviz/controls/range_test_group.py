"""The control-panel group for the range test: its rates, its starts, and how its loss is judged."""

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal

from gdviz.core.descent.schedules import MAX_FRESH_STEPS, MAX_RATES, RangeTest
from gdviz.widgets.buttons import Choice, Switch
from gdviz.widgets.form import Form
from gdviz.widgets.number_field import NumberField

DEFAULT_FRESH_STEPS = 5
MOVING, FRESH = "one moving point", "fresh start at each rate"


class RangeTestGroup(Form):
    """Shows a range test and requests changes to it."""

    range_test_changed = Signal(object)  # the new `RangeTest`

    def __init__(self) -> None:
        """Shows the default range test until another is shown."""
        super().__init__("Range test")
        self._schedule, self._fresh_steps = RangeTest(), DEFAULT_FRESH_STEPS
        fresh_hint = "The number of steps taken from the start at each rate"
        end_hint = "The learning rate that the steps approach without reaching it"
        self._fields = {
            "start": NumberField("first rate", hint="The learning rate of the first step"),
            "end": NumberField("end of the rates", hint=end_hint),
            "number": NumberField("number of rates", int, (2, MAX_RATES), "The number of learning rates to try"),
            "fresh_steps": NumberField("fresh steps", int, (1, MAX_FRESH_STEPS), fresh_hint),
        }
        hint = "Whether the rates share one path or each starts afresh"
        self.starts = Choice("start of each rate", hint, {MOVING: MOVING, FRESH: FRESH})
        self.smoothed = Switch("smooth as fast.ai does", "Show and judge a running average of the loss")
        self.stops = Switch("stop at 4 times the best", "Stop when the loss shown exceeds four times the lowest so far")
        hint = "Pick rates by fast.ai's own rules, even where the loss does not fall"
        self.fastai_rules = Switch("fast.ai's own rules", hint)
        self.add_pair(("from", self._fields["start"]), ("to", self._fields["end"]))
        self.add_field("number of rates", self._fields["number"])
        self.add_widget(self.starts)
        self.add_field("fresh steps", self._fields["fresh_steps"])
        self.add_widget(self.smoothed)
        self.add_widget(self.stops)
        self.add_widget(self.fastai_rules)
        for name, field in self._fields.items():
            field.set_check(partial(self._with_setting, name))
            field.committed.connect(partial(self._change, name))
        self.starts.chosen.connect(self._choose_starts)
        self.smoothed.clicked.connect(lambda checked: self._change("smoothed", checked))
        self.stops.clicked.connect(lambda checked: self._change("stops", checked))
        self.fastai_rules.clicked.connect(lambda checked: self._change("fastai_rules", checked))
        self.show_range_test(self._schedule)

    def _choose_starts(self, starts: str) -> None:
        self._change("fresh_steps", self._fresh_steps if starts == FRESH else 0)

    def _with_setting(self, name: str, value: Any) -> RangeTest:
        """Return the range test with a setting changed; InputError if the value is invalid."""
        return replace(self._schedule, **{name: value})

    def _change(self, name: str, value: Any) -> None:
        changed = self._with_setting(name, value)
        if changed != self._schedule:
            # Shown at once: the next change builds on this one, whenever the window catches up.
            self.show_range_test(changed)
            self.range_test_changed.emit(changed)

    def show_range_test(self, schedule: RangeTest) -> None:
        """Show its settings; for one moving point, still show the number of fresh steps last used."""
        self._schedule = schedule
        self._fresh_steps = schedule.fresh_steps or self._fresh_steps
        for name in ("start", "end", "number"):
            self._fields[name].show_value(getattr(schedule, name))
        self._fields["fresh_steps"].show_value(self._fresh_steps)
        self._fields["fresh_steps"].setEnabled(schedule.fresh_steps > 0)
        self.starts.select(FRESH if schedule.fresh_steps else MOVING)
        self.smoothed.setChecked(schedule.smoothed)
        self.stops.setChecked(schedule.stops)
        self.fastai_rules.setChecked(schedule.fastai_rules)
