"""The pages of the race dialog: a list of numbers to type, or optimizers and schedules to tick."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import base_and_changes
from gdviz.core.descent.optimizers import OPTIMIZERS
from gdviz.core.descent.schedules import selectable_schedules
from gdviz.core.errors import InputError
from gdviz.core.scenarios.race_texts import Rule
from gdviz.core.scenarios.races import RACES, Race, run_with_schedule
from gdviz.presentation.numbers import format_number
from gdviz.presentation.race_words import rate_words, rates_note
from gdviz.presentation.run_names import schedule_words
from gdviz.session.rate_finder import Rates
from gdviz.widgets.buttons import CheckBox
from gdviz.widgets.number_field import number_text, read_number
from gdviz.widgets.plain import PlainLabel, WrappedLabel, escape_mnemonic, set_tooltip

RATE_WIDTH, NOTE_WIDTH = 7, 24
"""The widths of the field for a rate, and of the least room for a note, in text heights."""
SEEKING = "looking for its learning rate…"
GIVEN = "its own learning rate"
WITHOUT = "sets its own step length"


class RacePage(QWidget):
    """What is raced in one way."""

    changed = Signal()
    """Something was typed or ticked, or found."""

    def race(self) -> Race:
        """The race chosen here; InputError as long as it cannot begin."""
        raise NotImplementedError

    @property
    def note(self) -> str:
        """What there is to say about the race, if anything."""
        return ""


class TypedPage(RacePage):
    """Learning rates or starts, typed in one line as on the command line."""

    def __init__(self, what: str, prompt: str, usual: str) -> None:
        """``what`` is a key of `RACES`, ``prompt`` says what to type, and ``usual`` is there already."""
        super().__init__()
        self._what = what
        self.field = QLineEdit(usual)
        self.field.setAccessibleName(prompt)
        self.field.textChanged.connect(self.changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(PlainLabel(prompt))
        layout.addWidget(self.field)
        layout.addStretch(1)

    def race(self) -> Race:
        """The values in the field."""
        return Race(self._what, RACES[self._what].read(self.field.text()))


class TickedPage(RacePage):
    """A list to tick, scrollable, with a note beside each; a page may have a field between the two."""

    def __init__(self, heading: str, titles: Mapping[str, str], ticked: Iterable[str]) -> None:
        """``titles`` are those of the names that can be ticked."""
        super().__init__()
        self.boxes = {name: CheckBox(escape_mnemonic(title), name) for name, title in titles.items()}
        self.notes = {name: WrappedLabel() for name in titles}
        usual = set(ticked)
        for name, box in self.boxes.items():
            box.setChecked(name in usual)
            box.toggled.connect(self._on_toggled)
        self._content = QWidget()
        self.grid = QGridLayout(self._content)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setColumnStretch(2, 1)
        self.grid.setColumnMinimumWidth(2, NOTE_WIDTH * self.fontMetrics().height())
        middle = Qt.AlignmentFlag.AlignVCenter
        for row, name in enumerate(titles):
            self.notes[name].setAlignment(middle)
            self.grid.addWidget(self.boxes[name], row, 0, middle)
            self.grid.addWidget(self.notes[name], row, 2)
        self.grid.setRowStretch(len(titles), 1)
        self._area = _scroll_area(self._content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(PlainLabel(heading))
        layout.addWidget(self._area, 1)

    def fit(self) -> None:
        """Make the list wide enough; to be called when all its columns are filled."""
        bar = self._area.verticalScrollBar().sizeHint().width()
        self._area.setMinimumWidth(self._content.sizeHint().width() + bar)

    @property
    def ticked(self) -> tuple[str, ...]:
        """The names that are ticked, in order."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked())

    def _on_toggled(self) -> None:
        self.changed.emit()


def _scroll_area(content: QWidget) -> QScrollArea:
    """An area around the content that scrolls up and down only, without a frame."""
    area = QScrollArea()
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


class SchedulesPage(TickedPage):
    """Schedules to tick, with the settings that each would have."""

    def __init__(self, experiment: Experiment) -> None:
        """Tick the usual ones."""
        base, _ = base_and_changes(experiment.schedule)
        titles = {name: kind.title for name, kind in selectable_schedules().items()}
        heading = f"Two to four schedules, over the learning rate {format_number(base.base_rate)}"
        super().__init__(heading, titles, RACES["schedule"].usual(experiment))
        for name in titles:
            self.notes[name].setText(_settings(experiment, name))
        self.fit()

    def race(self) -> Race:
        """The schedules that are ticked."""
        return Race("schedule", self.ticked)


def _settings(experiment: Experiment, name: str) -> str:
    """The settings of the schedule in the experiment; why it is not possible there, if so."""
    try:
        return schedule_words(run_with_schedule(experiment, name).schedule).partition(", ")[2]
    except InputError as error:
        return str(error).partition(": ")[2]


class RulesPage(TickedPage):
    """Optimizers to tick, each with the rate that was found for it, unless one is typed."""

    def __init__(self, experiment: Experiment) -> None:
        """Tick the usual ones."""
        titles = {name: kind.title for name, kind in OPTIMIZERS.items()}
        usual = RACES["optimizer"].usual(experiment)
        heading = "Two to four optimizers, each at the learning rate that a range test finds, or another that you type"
        super().__init__(heading, titles, (name for name, _ in usual))
        self._found: dict[str, float | str] = {}
        self.fields = {name: QLineEdit() for name, kind in OPTIMIZERS.items() if kind.takes_learning_rate}
        for row, name in enumerate(titles):
            if name in self.fields:
                field = self.fields[name]
                field.setFixedWidth(RATE_WIDTH * self.fontMetrics().height())
                field.setAccessibleName(f"learning rate of {titles[name]}")
                set_tooltip(field, "Another learning rate; empty for that of its range test")
                field.textChanged.connect(self._on_typed)
                self.grid.addWidget(field, row, 1)
        self._show_notes()
        self.fit()

    @property
    def unknown(self) -> tuple[str, ...]:
        """The names of ticked optimizers whose rates are to be found."""
        return tuple(name for name in self.ticked if self._is_found(name) and name not in self._found)

    def show_rates(self, rates: Rates) -> None:
        """Show the rates that were found."""
        self._found.update(rates)
        self._show_notes()
        self.changed.emit()

    def race(self) -> Race:
        """The optimizers that are ticked, with their rates."""
        return Race("optimizer", tuple(self._rule(name) for name in self.ticked))

    @property
    def note(self) -> str:
        """The rates that were found."""
        found = [self._rule(name) for name in self.ticked if self._is_found(name)]
        return rates_note([(OPTIMIZERS[name].title_in_sentence(), rate) for name, rate in found])

    def _rule(self, name: str) -> Rule:
        if name not in self.fields:
            return name, None
        if not self._is_found(name):
            return name, self._typed(name)
        found = self._found.get(name)
        if found is None:
            raise InputError(f"{OPTIMIZERS[name].title}: {SEEKING}")
        if isinstance(found, str):
            raise InputError(found)
        return name, found

    def _is_found(self, name: str) -> bool:
        return name in self.fields and not self.fields[name].text().strip()

    def _typed(self, name: str) -> float:
        text = self.fields[name].text()
        value = read_number(text, float)
        if value is None:
            raise InputError(f"{OPTIMIZERS[name].title}: {text!r} is not a number; use one such as 0.1, or none")
        return float(value)

    def _show_notes(self) -> None:
        for name, note in self.notes.items():
            note.setText(self._note_of(name) if name in self.ticked else "")

    def _note_of(self, name: str) -> str:
        if name not in self.fields:
            return WITHOUT
        if not self._is_found(name):
            return GIVEN
        found = self._found.get(name, SEEKING)
        return found if isinstance(found, str) else rate_words(found)

    def _on_toggled(self) -> None:
        self._show_notes()
        super()._on_toggled()

    def _on_typed(self) -> None:
        self._show_notes()
        self.changed.emit()


def starts_text(starts: Sequence[tuple[float, float]]) -> str:
    """The starts as they are typed: "0,-1; 1,2"."""
    return "; ".join(",".join(map(number_text, start)) for start in starts)


def rates_text(rates: Sequence[float]) -> str:
    """The rates as they are typed: "0.01, 0.1"."""
    return ", ".join(map(number_text, rates))
