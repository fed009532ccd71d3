"""The list of scenarios, and under it what the current one asks and proves."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gdviz.core.scenarios.scenario import Announcement, Scenario
from gdviz.plotting.fonts import text_font
from gdviz.controls.scenarios import ScenarioList
from gdviz.widgets.wrapped_label import WrappedLabel


class ScenarioPanel(QWidget):
    """A list to choose from; the words below are the current scenario's own."""

    scenario_chosen = Signal(str)
    """The name of the scenario."""

    def __init__(self, scenarios: Mapping[str, Announcement]) -> None:
        """The scenarios by their names, in their order."""
        super().__init__()
        self.list = ScenarioList(scenarios)
        self.list.scenario_chosen.connect(self.scenario_chosen)
        self.question, self.proves = WrappedLabel(), WrappedLabel()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list, 1)
        for label in (self.question, self.proves):
            layout.addWidget(label)

    def set_unit(self, unit: float) -> None:
        """Scale everything by that factor."""
        self.list.set_unit(unit)
        self.question.setFont(text_font(15 * unit, bold=True))
        self.proves.setFont(text_font(14 * unit))
        for label in (self.question, self.proves):
            label.setMargin(round(10 * unit))

    def show_current(self, name: str, scenario: Scenario) -> None:
        """Mark this scenario, if it is in the list, and show its words."""
        self.list.show_current(name)
        self.question.setText(scenario.question)
        self.proves.setText(scenario.proves)
