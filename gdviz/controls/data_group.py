"""The groups of the control panel for a regression: its data, and its loss and batches."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from gdviz.controls.rows_slider import RowsSlider
from gdviz.core.data.dataset import GENERATED, INLINE, Dataset
from gdviz.core.data.settings import MAX_ROWS, DataSettings
from gdviz.core.descent.experiment import Experiment
from gdviz.core.errors import InputError
from gdviz.core.problems.batch_orders import BatchOrder
from gdviz.core.problems.capabilities import HasBatches, HasReduction
from gdviz.plotting.text import shortened
from gdviz.presentation.numbers import quantity
from gdviz.presentation.run_names import BATCH_ORDER_WORDS
from gdviz.session.controls import with_field_name
from gdviz.session.loading.data_generator import GenerationProgress, Standardising
from gdviz.widgets.buttons import CheckBox, Choice
from gdviz.widgets.form import COLUMNS, Form
from gdviz.widgets.number_field import NumberField
from gdviz.widgets.plain import PlainLabel, WrappedLabel, set_tooltip

ENDS = ("x from", "x to")
SEEDS = (0, 2**63 - 1)
REDUCTIONS = {"mean": "mean of squares", "sum": "sum of squares", "half-mean": "half the mean of squares"}
ALL_ROWS = "all"
SEED_LABEL = 32  # the width of that label in pixels at unit 1
BATCH_AND_SEED = {1: 4, 3: 3}  # the columns of these fields, and how they share what the labels leave


class DataGroup(Form):
    """The settings of the generator or, for points of a file, their origin and a way back to generated ones."""

    data_changed = Signal(object)  # the new `DataSettings`, or the `Standardising` of the user's own data
    columns_wanted = Signal()  # the user wants to choose other columns of the table

    def __init__(self) -> None:
        """Empty until data are shown."""
        super().__init__("Data")
        self._settings: DataSettings | None = None
        self._own: Dataset | None = None
        self._source_text = ""
        self._fields = {
            "rows": NumberField("rows", int, (1, MAX_ROWS), "How many points are generated"),
            "seed": NumberField("seed", int, SEEDS, "The same seed gives the same points again"),
            "slope": NumberField("true slope", hint="The slope of the line that the points lie around"),
            "intercept": NumberField("true intercept", hint="Where the line that the points lie around has x = 0"),
            ENDS[0]: NumberField(ENDS[0], hint="The smallest possible x"),
            ENDS[1]: NumberField(ENDS[1], hint="The largest possible x"),
            "noise": NumberField("noise", float, (0, None), "The standard deviation of y around the line"),
        }
        self.slider, self._state = RowsSlider(), PlainLabel()
        self._standardised = [
            CheckBox(f"standardise {name}", f"Measure {name} from its mean, in units of its standard deviation")
            for name in "xy"
        ]
        self._condition, self._improve = WrappedLabel(), QPushButton("Standardise x")
        self._source, self._generate = PlainLabel(), QPushButton("Generate instead")
        self.columns_button = QPushButton("Columns…")
        labels = [self.add_field("rows", self._fields["rows"])]
        self.add_widget(self.slider)
        for first, second in (("slope", "intercept"), ENDS, ("noise", "seed")):
            labels += self.add_pair((first, self._fields[first]), (second, self._fields[second]))
        self._of_generator = (*labels, *self._fields.values(), self.slider)
        row = self._grid.rowCount()
        for place, box in enumerate(self._standardised):
            self._grid.addWidget(box, row, 2 * place, 1, 2)
        for widget in (self._source, self.columns_button, self._generate, self._condition, self._improve):
            self.add_widget(widget)
        self._state.setAccessibleName("state of the data")
        set_tooltip(self._state, "How long a step takes, without drawing it; or the progress of new data")
        set_tooltip(self.columns_button, "Choose which columns of the table are x and y")
        set_tooltip(self._generate, "Replace the points by generated ones")
        # Beside the heading, so that nothing moves when it is empty.
        self._grid.addWidget(self._state, 0, 0, 1, COLUMNS, Qt.AlignmentFlag.AlignRight)
        for key, field in self._fields.items():
            field.set_check(partial(self._changed, key))
            field.committed.connect(partial(self._emit, key))
        self.slider.rows_requested.connect(partial(self._emit, "rows"))
        for box in self._standardised:
            box.clicked.connect(lambda: self._standardise(*(box.isChecked() for box in self._standardised)))
        self._improve.clicked.connect(lambda: self._standardise(True, self._standardised[1].isChecked()))
        self.columns_button.clicked.connect(self.columns_wanted)
        self._generate.clicked.connect(lambda: self.data_changed.emit(DataSettings()))

    def _emit(self, key: str, value: Any) -> None:
        self.data_changed.emit(self._changed(key, value))

    def _standardise(self, x: bool, y: bool) -> None:
        """Request generated data with other settings, or the same points in other units."""
        if self._own is not None:
            self.data_changed.emit(Standardising(x, y, self._own.rows))
        else:
            self.data_changed.emit(replace(self._settings or DataSettings(), standardised=x, standardised_y=y))

    def _changed(self, key: str, value: Any) -> DataSettings:
        """The settings with one of them changed; InputError if it is not possible."""
        settings = self._settings or DataSettings()
        if key in ENDS:
            low, high = settings.x_range
            key, value = "x_range", (value, high) if key == ENDS[0] else (low, value)
        return replace(settings, **{key: value})

    def show_data(
        self, data: Dataset, generation: GenerationProgress | None = None, step_time: str = "", condition: str = ""
    ) -> None:
        """Show the settings of generated data (the requested ones while generating) or the source of others.

        step_time: the time per step in words, shown while nothing is generated. condition: why x should be
        standardised, in a sentence; empty for no reason.
        """
        request = generation.settings if generation is not None else None
        self._settings = settings = request if isinstance(request, DataSettings) else data.settings
        self._own = None if data.source == GENERATED or isinstance(request, DataSettings) else data
        are_standardised = data.are_standardised
        if isinstance(request, Standardising):
            are_standardised = request.x, request.y
        elif settings is not None:
            are_standardised = settings.standardised, settings.standardised_y
        for box, is_so in zip(self._standardised, are_standardised, strict=True):
            box.setChecked(is_so)
        self._condition.setText(condition)
        for of_condition in (self._condition, self._improve):
            _set_shown(of_condition, bool(condition) and not are_standardised[0])
        values: dict[str, Any] = {}
        if settings is not None:
            values = {**vars(settings), **dict(zip(ENDS, settings.x_range, strict=True))}
            self.slider.show_rows(settings.rows)
        for key, field in self._fields.items():
            field.show_value(values.get(key))
        self._state.setText(generation.words if generation is not None else step_time)
        # The file's name without its folder; points in the scenario's own file have no other name.
        name = "the scenario file" if data.source == INLINE else Path(data.source).name
        is_pasted = data.reading is not None and data.reading.pasted is not None
        self._source_text = f"{quantity(data.rows, 'row')} from {'the clipboard' if is_pasted else name}"
        set_tooltip(self._source, f"The points come from {data.source}")
        self._source.setAccessibleName(self._source_text)
        for of_generator in self._of_generator:
            _set_shown(of_generator, settings is not None)
        for of_file in (self._source, self._generate):
            _set_shown(of_file, settings is None)
        _set_shown(self.columns_button, settings is None and data.reading is not None)
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the name of the file to the new width."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        middle = Qt.TextElideMode.ElideMiddle
        self._source.setText(shortened(self._source.font(), self._source_text, self.width(), middle))


def _set_shown(widget: QWidget, shown: bool) -> None:
    """Show or hide; a button that hides itself gives no other field the focus, which would take the window's keys."""
    if not shown and widget.hasFocus():
        widget.clearFocus()
    widget.setVisible(shown)


class BatchGroup(Form):
    """The reduction of the squares and the batches, each shown only if the problem has it."""

    def __init__(self) -> None:
        """Empty until an experiment is shown."""
        # Without a heading: it belongs to the data, and the panel has to fit into a small window.
        super().__init__()
        self.setAccessibleName("loss and batches")
        self._experiment: Experiment | None = None
        hint = "The mean hardly changes with the number of rows; the sum grows with it; half the mean doubles the limit"
        self.reduction = Choice("loss", hint, REDUCTIONS)
        hint = "How many rows a step sees; empty for all of them"
        self.batch_size = NumberField("batch", int, (1, None), hint, empty=ALL_ROWS)
        self.seed = NumberField("batch seed", int, SEEDS, "The same seed draws the same batches again")
        self._of_reduction = (self.add_field("loss", self.reduction, columns=1), self.reduction)
        labels = self.add_pair(("batch", self.batch_size), ("seed", self.seed))
        hint = "How the rows of a batch are chosen; an epoch is one pass over all rows"
        self.order = Choice("batch order", hint, {order.value: words for order, words in BATCH_ORDER_WORDS.items()})
        self._of_order = (self.add_field("order", self.order, columns=1), self.order)
        self._of_batches = (*labels, self.batch_size, self.seed)
        self.batch_size.set_check(self._check_batch)

    def _check_batch(self, size: int | None) -> None:
        """InputError for a batch size that the data do not allow."""
        try:
            if self._experiment is not None:
                replace(self._experiment, batch_size=size)
        except InputError as error:
            raise InputError(with_field_name(str(error))) from error

    def set_unit(self, unit: float) -> None:
        """Scale everything by that factor; the batch, of up to eight digits, gets what the label "seed" can spare."""
        super().set_unit(unit)
        self._grid.setColumnMinimumWidth(2, round(SEED_LABEL * unit))
        for column, stretch in BATCH_AND_SEED.items():
            self._grid.setColumnStretch(column, stretch)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show its reduction, and batch size, seed and order."""
        self._experiment, problem = experiment, experiment.problem
        has_reduction, has_batches = isinstance(problem, HasReduction), isinstance(problem, HasBatches)
        self.setVisible(has_reduction or has_batches)
        # Without a batch size the order has no effect, and its row would push the panel out of a small window.
        has_order = has_batches and experiment.batch_size is not None
        parts = (self._of_reduction, has_reduction), (self._of_batches, has_batches), (self._of_order, has_order)
        for widgets, there in parts:
            for widget in widgets:
                widget.setVisible(there)
        if isinstance(problem, HasReduction):
            self.reduction.select(problem.reduction)
        self.batch_size.show_value(experiment.batch_size)
        self.seed.show_value(experiment.seed)
        self.order.select(experiment.batch_order.value)
        has_size = experiment.batch_size is not None
        self.seed.setEnabled(has_size and experiment.batch_order is not BatchOrder.SEQUENTIAL)
