"""The list of scenarios with their titles and questions, and below it the texts of the current one."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gdviz.core.scenarios.scenario import Scenario, ScenarioSummary
from gdviz.plotting.text import lines_within, shortened, text_font
from gdviz.widgets.claimed_keys import MOVE_KEYS, PRESS_KEYS
from gdviz.widgets.plain import WrappedLabel, set_tooltip
from gdviz.widgets.theme import TEXT_SIZE

NAME, QUESTION, IS_CURRENT = (Qt.ItemDataRole.UserRole + k for k in range(3))
QUESTION_SIZE = 13.5
"""Of the questions in the list, in pixels at unit 1."""
Index = QModelIndex | QPersistentModelIndex
Summaries = Callable[[], Mapping[str, ScenarioSummary]]
"""Reads the scenarios by their names, in their order."""


class ScenarioList(QListWidget):
    """A click, Enter or Space chooses a scenario; `show_current` marks the loaded one."""

    scenario_chosen = Signal(str)  # the name of the scenario
    claimed_keys = PRESS_KEYS | MOVE_KEYS  # which choose, and move in the list

    def __init__(self, read: Summaries) -> None:
        """Empty until first painted, so that a list in a hidden tab does not read all scenarios at the start."""
        super().__init__()
        self._read, self._current = read, ""
        self._delegate = _ScenarioDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName("scenarios")
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.itemClicked.connect(self._choose)

    def show_current(self, name: str) -> None:
        """Mark the named scenario as loaded, or none if it is not in the list."""
        self._current = name
        for item in map(self.item, range(self.count())):
            is_current = item.data(NAME) == name
            if is_current and not item.data(IS_CURRENT):
                self.setCurrentItem(item)
                self.scrollToItem(item)
            item.setData(IS_CURRENT, is_current)

    def set_unit(self, unit: float) -> None:
        """Scale everything by a factor."""
        self._delegate.unit = unit
        self.scheduleDelayedItemsLayout()

    def _choose(self, item: QListWidgetItem) -> None:
        # With the focus the list would take Space, which should play after a click.
        self.clearFocus()
        self.scenario_chosen.emit(item.data(NAME))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill the list when it is first painted; in a hidden tab it is shown, but not painted."""
        if not self.count():
            self._fill()
        super().paintEvent(event)

    def _fill(self) -> None:
        for name, scenario in self._read().items():
            item = QListWidgetItem(scenario.title, self)
            item.setData(NAME, name)
            item.setData(QUESTION, scenario.question)
            set_tooltip(item, "\n".join(text for text in (scenario.title, scenario.question) if text))
        self.doItemsLayout()  # which Qt would do after this paint, and before which nothing can be scrolled to
        self.show_current(self._current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the scenario under the cursor on Enter or Space."""
        if event.key() not in PRESS_KEYS:
            super().keyPressEvent(event)
        elif (item := self.currentItem()) is not None:
            self.scenario_chosen.emit(item.data(NAME))


class _ScenarioDelegate(QStyledItemDelegate):
    """Paints the title in one line, and below it the question in at most two; a bar marks the current scenario."""

    unit = 1.0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(round(120 * self.unit), round((66 if index.data(QUESTION) else 30) * self.unit))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        area, unit = option.rect, self.unit
        palette, state, role = option.palette, option.state, QPalette.ColorRole
        if index.data(IS_CURRENT) or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, palette.color(role.AlternateBase))
        if index.data(IS_CURRENT):
            bar = QRect(area.left(), area.top(), round(4 * unit), area.height())
            painter.fillRect(bar, palette.color(role.Highlight))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(palette.color(role.Highlight))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
        inner = area.adjusted(round(12 * unit), round(5 * unit), -round(8 * unit), -round(5 * unit))
        title = QRect(inner.left(), inner.top(), inner.width(), round(20 * unit))
        font = text_font(TEXT_SIZE * unit, bold=bool(index.data(IS_CURRENT)))
        self._write(painter, title, font, palette.color(role.Text), [index.data()])
        if index.data(QUESTION):
            below = QRect(inner.left(), title.bottom() + 1, inner.width(), inner.bottom() - title.bottom())
            quiet = palette.color(role.PlaceholderText)
            font = text_font(QUESTION_SIZE * unit)
            self._write(painter, below, font, quiet, two_lines(font, index.data(QUESTION), below.width()))
        painter.restore()

    @staticmethod
    def _write(painter: QPainter, area: QRect, font: QFont, colour: object, lines: Sequence[str]) -> None:
        painter.setFont(font)
        painter.setPen(colour)
        shown = "\n".join(shortened(font, line, area.width()) for line in lines)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def two_lines(font: QFont, text: str, width: float) -> list[str]:
    """The text in at most two lines, broken between words; the second may be wider."""
    first, *rest = lines_within(font, text, width) or [""]
    return [first, " ".join(rest)] if rest else [first]


class ScenarioPanel(QWidget):
    """The list of scenarios, and below it the texts of the current one."""

    def __init__(self, read: Summaries) -> None:
        """The scenarios are read when the list is first painted."""
        super().__init__()
        self.list = ScenarioList(read)
        self.question, self.proves = WrappedLabel(), WrappedLabel()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list, 1)
        for label in (self.question, self.proves):
            layout.addWidget(label)

    def set_unit(self, unit: float) -> None:
        """Scale everything by a factor."""
        self.list.set_unit(unit)
        self.question.setFont(text_font(TEXT_SIZE * unit, bold=True))
        self.proves.setFont(text_font(TEXT_SIZE * unit))
        for label in (self.question, self.proves):
            label.setMargin(round(10 * unit))

    def show_current(self, name: str, scenario: Scenario, is_changed: bool = False) -> None:
        """Mark a scenario, if it is in the list, and show its texts, dimmed where the runs are not its own any more."""
        self.list.show_current(name)
        self.question.setText(scenario.question)
        self.proves.setText(scenario.proves)
        self.proves.setEnabled(not is_changed)
