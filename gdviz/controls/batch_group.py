"""The group of the control panel for what a step sees of the data: mean or sum of the squares, all rows or a batch."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gdviz.core.descent.experiment import Experiment
from gdviz.core.errors import InputError
from gdviz.core.problems.dataset import MAX_ROWS
from gdviz.core.problems.regression import LinearRegression
from gdviz.session.controls import in_words_of_the_window
from gdviz.widgets.buttons import Choice
from gdviz.widgets.form import Form
from gdviz.widgets.number_field import NumberField
from gdviz.widgets.plain import set_tooltip

REDUCTIONS = {"mean": "mean of squares", "sum": "sum of squares"}
ALL_ROWS = "all"
SEED_LABEL = 32
"""The width of that label in pixels at unit 1."""
BATCH_AND_SEED = {1: 4, 3: 3}
"""The columns of these fields and how they share what the labels leave."""


class BatchGroup(Form):
    """For problems with data only."""

    reduction_changed = Signal(str)
    """"mean" or "sum"."""
    batch_size_changed = Signal(object)
    """How many rows a step sees; None for all of them."""
    batch_seed_changed = Signal(object)
    """From which the batches are drawn; an object, since it may be larger than Qt's int."""
    rejected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until an experiment is shown."""
        # Without a heading: it belongs to the data, and the panel has to have room in a small window.
        super().__init__("", parent)
        self.setAccessibleName("loss and batches")
        self._experiment: Experiment | None = None
        self.reduction = Choice()
        for name, title in REDUCTIONS.items():
            self.reduction.addItem(title, name)
        self.reduction.setAccessibleName("loss")
        set_tooltip(self.reduction, "The mean hardly changes with the number of rows; the sum grows with it")
        hint = "How many rows a step sees, drawn anew for each step; empty for all of them"
        self.batch_size = NumberField("batch", int, (1, MAX_ROWS), hint, empty=ALL_ROWS)
        self.seed = NumberField("batch seed", int, (0, 2**63 - 1), "The same seed draws the same batches again")
        self.add_long("loss", self.reduction)
        self.add_pair(("batch", self.batch_size), ("seed", self.seed))
        self.reduction.activated.connect(lambda: self.reduction_changed.emit(self.reduction.currentData()))
        self.batch_size.set_check(self._batched)
        self.batch_size.committed.connect(self.batch_size_changed)
        self.seed.committed.connect(self.batch_seed_changed)
        for field in (self.batch_size, self.seed):
            field.rejected.connect(self.rejected)

    def _batched(self, size: int | None) -> object:
        """InputError where the data have no so large batches."""
        try:
            return None if self._experiment is None else replace(self._experiment, batch_size=size)
        except InputError as error:
            raise InputError(in_words_of_the_window(str(error))) from error

    def set_unit(self, unit: float) -> None:
        """Scale everything by that factor; the batch, of up to eight digits, gets what the label "seed" can spare."""
        super().set_unit(unit)
        self._grid.setColumnMinimumWidth(2, round(SEED_LABEL * unit))
        for column, stretch in BATCH_AND_SEED.items():
            self._grid.setColumnStretch(column, stretch)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show its reduction, batch size and seed; ``experiment`` is one with data."""
        self._experiment = experiment
        problem = experiment.problem
        if isinstance(problem, LinearRegression):
            self.reduction.setCurrentIndex(self.reduction.findData(problem.reduction))
        self.batch_size.show_value(experiment.batch_size)
        self.seed.show_value(experiment.seed)
        self.seed.setEnabled(experiment.batch_size is not None)
