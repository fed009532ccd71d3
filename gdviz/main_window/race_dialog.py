"""The dialog that asks what to race: learning rates, optimizers, schedules or starts."""

from functools import partial

from PySide6.QtCore import QObject, QSize, QTimer, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QVBoxLayout, QWidget

from gdviz.core.descent.experiment import Experiment
from gdviz.core.errors import InputError
from gdviz.core.scenarios.races import RACES
from gdviz.main_window.race_pages import RacePage, RulesPage, SchedulesPage, TypedPage, rates_text, starts_text
from gdviz.session import edits
from gdviz.session.controls import Controls
from gdviz.session.rate_finder import RateFinder, RateRequest
from gdviz.session.session import Session
from gdviz.widgets.buttons import Choice
from gdviz.widgets.plain import PlainLabel, WrappedLabel

POLL_MILLISECONDS = 16
NUMBERS = {2: "two", 3: "three", 4: "four"}
PROBLEM_LINES = 2.5  # the room for the line that says why a race cannot begin, in text heights
SCREEN_FRACTION = 0.9


class RaceDialog(QDialog):
    """Asks what to race; window-modal. OK can be pressed as soon as the race can begin."""

    chosen = Signal(object, str, str)
    """The runs, the name of the edit, and a notice, as `edits.race` takes them."""
    failed = Signal(str)
    """The traceback of an unexpected exception while looking for rates."""

    def __init__(self, experiment: Experiment, finder: RateFinder, parent: QWidget) -> None:
        """Offer races of the experiment, first of the usual learning rates; those of optimizers the finder finds."""
        super().__init__(parent)
        self.setWindowTitle("Race")
        self._experiment = experiment
        self._runs: tuple[Experiment, ...] = ()
        self.choice = Choice("what to race", "", {what: f"{kind.noun}s".capitalize() for what, kind in RACES.items()})
        self.rules = RulesPage(experiment)
        self.pages = _pages(experiment, self.rules)
        self.problem = WrappedLabel()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setDefault(True)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._finder = finder
        self._timer = QTimer(self, interval=POLL_MILLISECONDS)
        self._timer.timeout.connect(self._take_rates)
        for page in self.pages.values():
            page.hide()
        self._lay_out()
        self.choice.currentIndexChanged.connect(self._follow)
        for page in self.pages.values():
            page.changed.connect(self._follow)
        if not experiment.optimizer.takes_learning_rate:  # there are no rates to race
            self.choice.select("optimizer")
        self._follow()
        self.choice.setFocus()

    def _lay_out(self) -> None:
        top, label = QHBoxLayout(), PlainLabel("&Race")
        label.setBuddy(self.choice)
        top.addWidget(label)
        top.addWidget(self.choice, 1)
        # As high from the start as its text may get, so that nothing moves.
        self.problem.setFixedHeight(round(PROBLEM_LINES * self.fontMetrics().height()))
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        for page in self.pages.values():
            layout.addWidget(page, 1)
        layout.addWidget(self.problem)
        layout.addWidget(self.buttons)

    @property
    def page(self) -> RacePage:
        """The page of what is to be raced."""
        return self.pages[self.choice.currentData()]

    def _follow(self) -> None:
        """Show the page, look for rates that it needs, and say why its race cannot begin, if so."""
        if not self.page.isVisibleTo(self):
            self._show_page()
        self._find_rates()
        try:
            self._runs, problem = self.page.race().runs(self._experiment), ""
        except InputError as error:
            self._runs, problem = (), str(error).removeprefix("race: ")
        self.problem.setText(problem)
        self.ok.setEnabled(bool(self._runs))

    def _show_page(self) -> None:
        """Show the page alone, and make the dialog as high as it needs."""
        for page in self.pages.values():
            page.setVisible(page is self.page)
        layout = self.layout()
        assert layout is not None
        layout.activate()
        wanted = self.sizeHint().expandedTo(QSize(self.width() if self.isVisible() else 0, 0))
        self.resize(wanted.boundedTo(self.screen().availableSize() * SCREEN_FRACTION))

    def _find_rates(self) -> None:
        wanted = self.rules.unknown if self.page is self.rules else ()
        current = self._finder.current
        if wanted and (current is None or not set(wanted) <= {*current.names}):
            self._finder.submit(RateRequest(self._experiment, wanted))
            self._timer.start()

    def _take_rates(self) -> None:
        outcome = self._finder.take()
        if not self._finder.is_busy:
            self._timer.stop()
        if outcome is not None and outcome.result is not None:
            self.rules.show_rates(outcome.result)
        elif outcome is not None:
            self.failed.emit(outcome.error)

    def show_controls(self, controls: Controls) -> None:
        """Close the dialog if the experiment is no longer the one that it is about."""
        if controls.experiment != self._experiment and self.isVisible():
            self.reject()

    def accept(self) -> None:
        """Close and emit the race."""
        what, runs = self.choice.currentData(), self._runs
        note = self.page.note
        super().accept()
        name = f"race of {NUMBERS[len(runs)]} {RACES[what].noun}s"
        self.chosen.emit(runs, name, f"race: {note}" if note else "")

    def done(self, result: int) -> None:
        """Stop looking for rates, and close."""
        self._timer.stop()
        self._finder.submit(None)
        super().done(result)
        self.deleteLater()


def _pages(experiment: Experiment, rules: RulesPage) -> dict[str, RacePage]:
    """The pages by what they race, in the order of `RACES`."""
    rates, starts = (RACES[what].usual(experiment) for what in ("learning-rate", "start"))
    names = ", ".join(experiment.problem.parameters)
    return {
        "learning-rate": TypedPage(
            "learning-rate", "Two to four learning rates, with commas between", rates_text(rates)
        ),
        "optimizer": rules,
        "schedule": SchedulesPage(experiment),
        "start": TypedPage("start", f"Two to four starts {names}, with semicolons between", starts_text(starts)),
    }


class Races(QObject):
    """Opens the dialog, and owns the thread that finds rates."""

    def __init__(self, session: Session, window: QWidget) -> None:
        """``window`` is the parent of the dialog."""
        super().__init__(window)
        self._session, self._window = session, window
        self._finder = RateFinder()

    def open(self) -> None:
        """Ask what to race, and start the race; in a range test say that it cannot."""
        session = self._session
        if session.state.is_range_test:
            session.apply(edits.race)
            return
        dialog = RaceDialog(session.state.experiment, self._finder, self._window)
        dialog.chosen.connect(partial(session.apply, edits.race))
        dialog.failed.connect(session.failed)
        session.controls_changed.connect(dialog.show_controls)
        dialog.open()

    def close(self) -> None:
        """End the thread."""
        self._finder.stop()
