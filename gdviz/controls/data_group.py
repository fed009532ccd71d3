"""The group of the control panel for the data of a regression."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from gdviz.controls.rows_slider import RowsSlider
from gdviz.core.problems.dataset import INLINE, MAX_ROWS, Dataset, DataSettings
from gdviz.session.data_generator import GenerationProgress
from gdviz.widgets.buttons import CheckBox
from gdviz.widgets.form import ALL, Form
from gdviz.widgets.number_field import Number, NumberField
from gdviz.widgets.plain import PlainLabel, set_tooltip

ENDS = ("x from", "x to")


class DataGroup(Form):
    """What the generator is told; for points of a file, where they came from and a way back to generated ones."""

    data_changed = Signal(object)
    """The new `DataSettings`."""
    rejected = Signal(str)
    rows_pressed = Signal()
    """What comes until `rows_released` is one drag of the slider."""
    rows_released = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until data are shown."""
        super().__init__("Data", parent)
        self._settings: DataSettings | None = None
        self._source_text = ""
        self._fields: dict[str, NumberField] = {}
        self._make("rows", NumberField("rows", int, (1, MAX_ROWS), "How many points are generated"))
        self._make("seed", NumberField("seed", int, (0, 2**63 - 1), "The same seed gives the same points again"))
        self._make("slope", NumberField("true slope", hint="The slope of the line that the points lie around"))
        self._make(
            "intercept", NumberField("true intercept", hint="Where the line that the points lie around has x = 0")
        )
        self._make(ENDS[0], NumberField(ENDS[0], hint="The smallest possible x"))
        self._make(ENDS[1], NumberField(ENDS[1], hint="The largest possible x"))
        self._make("noise", NumberField("noise", float, (0, None), "The standard deviation of y around the line"))
        self._slider, self._state = RowsSlider(), PlainLabel()
        self._standardised = CheckBox("standardise x", "Measure x from its mean, in units of its standard deviation")
        self._source, self._generate = PlainLabel(), QPushButton("Generate instead")
        self._arrange()
        self._slider.pressed.connect(self.rows_pressed)
        self._slider.released.connect(self.rows_released)
        self._slider.rows_wished.connect(lambda rows: self._emit("rows", rows))
        self._standardised.clicked.connect(lambda chosen: self._emit("standardised", chosen))
        self._generate.clicked.connect(lambda: self.data_changed.emit(DataSettings()))

    def _arrange(self) -> None:
        self.add_wide("rows", self._fields["rows"])
        self.add_line(self._slider)
        for first, second in (("slope", "intercept"), ENDS, ("noise", "seed")):
            self.add_pair((first, self._fields[first]), (second, self._fields[second]))
        self.add_line(self._standardised)
        self._state.setAccessibleName("state of the data")
        set_tooltip(self._state, "How long a step takes, without drawing it; of data on their way, how far they are")
        set_tooltip(self._generate, "Replace the points by generated ones")
        # Beside the heading, so that nothing jumps when there is nothing to say.
        self._grid.addWidget(self._state, 0, 0, 1, ALL, Qt.AlignmentFlag.AlignRight)
        for widget in (self._source, self._generate):
            self.add_line(widget)

    def _make(self, key: str, field: NumberField) -> None:
        self._fields[key] = field
        field.set_check(lambda value: self._changed(key, value))
        field.committed.connect(lambda value: self._emit(key, value))
        field.rejected.connect(self.rejected)

    def _emit(self, key: str, value: Number) -> None:
        self.data_changed.emit(self._changed(key, value))

    def _changed(self, key: str, value: Number) -> DataSettings:
        settings = self._settings or DataSettings()
        low, high = settings.x_range
        ends = {ENDS[0]: (value, high), ENDS[1]: (low, value)}
        change: dict[str, Any] = {"x_range": ends[key]} if key in ends else {key: value}
        return replace(settings, **change)

    def set_unit(self, unit: float) -> None:
        """Scale everything by that factor."""
        super().set_unit(unit)
        self._slider.set_unit(unit)

    def show_data(self, data: Dataset, generation: GenerationProgress | None = None, step_time: str = "") -> None:
        """Show the settings of generated data, or the source of others; of data on their way, what they will be.

        step_time: what is said of the time per step while nothing is on its way.
        """
        self._settings = settings = generation.settings if generation is not None else data.settings
        for key, field in self._fields.items():
            field.show_value(None if settings is None else _value(settings, key))
            field.setEnabled(settings is not None)
        self._slider.show_rows(settings.rows if settings is not None else None)
        self._slider.setVisible(settings is not None)
        self._standardised.setVisible(settings is not None)
        self._standardised.setChecked(settings is not None and settings.standardised)
        self._state.setText(generation.words if generation is not None else step_time)
        self._source_text = f"data from {_source(data)}"
        self._source.setVisible(settings is None)
        set_tooltip(self._source, f"The points come from {data.source}")
        self._source.setAccessibleName(self._source_text)
        self._generate.setVisible(settings is None)
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the name of the file to the new width."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        metrics = QFontMetrics(self._source.font())
        self._source.setText(metrics.elidedText(self._source_text, Qt.TextElideMode.ElideMiddle, self.width()))


def _source(data: Dataset) -> str:
    """The file's name without its folder; points that stand in the scenario's own file have no other name."""
    return "the scenario file" if data.source == INLINE else Path(data.source).name


def _value(settings: DataSettings, key: str) -> Number:
    value: Number = settings.x_range[ENDS.index(key)] if key in ENDS else getattr(settings, key)
    return value
