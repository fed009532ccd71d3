"""The dialog that shows the first rows of a table, for choosing two of its columns."""

from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gdviz.core.errors import printable
from gdviz.core.tables.columns import LONGEST_NAME, Column
from gdviz.core.tables.numbers import DecimalMark
from gdviz.session.loading.table_reader import ColumnChoice
from gdviz.widgets.buttons import Choice
from gdviz.widgets.plain import PlainLabel, WrappedLabel, window_title
from gdviz.widgets.theme import TEXT_SIZE

LONGEST_CELL = 40
SIZE, SCREEN_FRACTION = (680, 440), 0.9
"""The dialog's size in pixels at the usual text size, and the largest fraction of the screen that it takes."""
ROW_HEIGHT, MIN_COLUMN_WIDTH = 1.6, 6.0
"""In text heights."""
MARK = 0.25
"""The opacity of the highlight behind the chosen columns."""
FACTS = ("type", "missing")
"""The headings of the lines above the rows."""
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


def type_of(column: Column) -> str:
    """The type of a column in words."""
    if not column.is_numeric:
        return "text" if column.values else "empty"
    return "numbers with decimal commas" if column.decimal_mark is DecimalMark.COMMA else "numbers"


class Preview(QAbstractTableModel):
    """The columns with their types and missing values, and the first rows."""

    def __init__(self, choice: ColumnChoice, parent: QWidget) -> None:
        """Mark the columns chosen so far."""
        super().__init__(parent)
        self._choice, self._chosen = choice, choice.chosen

    def mark(self, chosen: tuple[str, str]) -> None:
        """Mark these columns as x and y."""
        self._chosen = chosen
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Facts and rows."""
        return 0 if parent.isValid() else len(FACTS) + len(self._choice.preview)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """All columns of the table."""
        return 0 if parent.isValid() else len(self._choice.columns)

    def lengths(self) -> list[int]:
        """The length of the longest cell of each column, including its name."""
        cells = zip(*self._choice.preview, strict=True) if self._choice.preview else ((),) * self.columnCount()
        known = [max(len(column.name) + len("x = "), len(type_of(column))) for column in self._choice.columns]
        return [min(max(length, *map(len, column)), LONGEST_CELL) for length, column in zip(known, cells, strict=True)]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        """The names of the columns, with their use as x or y, and the row numbers."""
        if role == Role.FontRole and orientation is Qt.Orientation.Horizontal:
            return _bold() if self._is_chosen(section) else None
        if role != Role.DisplayRole:
            return None
        if orientation is Qt.Orientation.Vertical:
            return FACTS[section] if section < len(FACTS) else f"{section - len(FACTS) + 1}"
        name = self._choice.columns[section].name
        uses = [use for use, chosen in zip("xy", self._chosen, strict=True) if chosen == name]
        return " = ".join((*uses, printable(name, LONGEST_NAME)))

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        """The text of a cell, on one line, or the colour of a chosen column."""
        if role == Role.BackgroundRole and self._is_chosen(index.column()):
            colour = QColor(QApplication.palette().color(QPalette.ColorRole.Highlight))
            colour.setAlphaF(MARK)
            return colour
        if role == Role.TextAlignmentRole and self._choice.columns[index.column()].is_numeric:
            return RIGHT
        return self._text(index.row(), index.column()) if role == Role.DisplayRole else None

    def _text(self, row: int, place: int) -> str:
        column = self._choice.columns[place]
        if row < len(FACTS):
            return type_of(column) if row == 0 else f"{column.missing:,}" if column.missing else "none"
        return printable(self._choice.preview[row - len(FACTS)][place], LONGEST_CELL)

    def _is_chosen(self, place: int) -> bool:
        return self._choice.columns[place].name in self._chosen


def _bold() -> QFont:
    font = QApplication.font()
    font.setBold(True)
    return font


class ColumnsDialog(QDialog):
    """Asks which columns are x and y; window-modal."""

    chosen = Signal(str, str)
    """The names of the chosen columns x and y."""

    def __init__(self, choice: ColumnChoice, parent: QWidget) -> None:
        """Show the current columns x and y, or the default ones."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        is_pasted, name = choice.request.text is not None, printable(Path(choice.request.name).name, LONGEST_NAME)
        self.setWindowTitle(window_title(f"Columns of {'what was pasted' if is_pasted else name}"))
        numeric = {column.name: printable(column.name, LONGEST_NAME) for column in choice.columns if column.is_numeric}
        self.x_choice = Choice("x", "The column that is x", numeric)
        self.y_choice = Choice("y", "The column that is y", numeric)
        self._preview = Preview(choice, self)
        self.table = _table_of(self._preview, self)
        self._note = WrappedLabel()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.open_button = self.buttons.button(QDialogButtonBox.StandardButton.Open)
        self.open_button.setDefault(True)
        self._lay_out(f"{choice.rows:,} rows, {len(choice.columns):,} columns. Which of them are x and y?")
        for field, named in zip((self.x_choice, self.y_choice), choice.chosen, strict=True):
            field.select(named)
            field.currentIndexChanged.connect(self._follow)
        self._follow()
        size = QSize(*SIZE) * (QApplication.font().pixelSize() / TEXT_SIZE)
        self.resize(size.boundedTo(self.screen().availableSize() * SCREEN_FRACTION))
        self.x_choice.setFocus()

    def _lay_out(self, question: str) -> None:
        fields = QGridLayout()
        for place, (text, field) in enumerate((("&x", self.x_choice), ("&y", self.y_choice))):
            label = PlainLabel(text)
            label.setBuddy(field)
            fields.addWidget(label, 0, 2 * place)
            fields.addWidget(field, 0, 2 * place + 1)
            fields.setColumnStretch(2 * place + 1, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(PlainLabel(question))
        layout.addLayout(fields)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._note)
        layout.addWidget(self.buttons)

    def _follow(self) -> None:
        """Mark the choice, and say why it cannot be opened, if so."""
        x, y = self.x_choice.currentData(), self.y_choice.currentData()
        self._preview.mark((x, y))
        self._note.setText("" if x != y else "x and y are the same column; choose two different ones")
        self.open_button.setEnabled(x != y)

    def accept(self) -> None:
        """Close and emit the choice."""
        super().accept()
        self.chosen.emit(self.x_choice.currentData(), self.y_choice.currentData())


def _table_of(model: Preview, parent: QWidget) -> QTableView:
    table = QTableView(parent)
    table.setAccessibleName("first rows of the table")
    table.setModel(model)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    # Tab leaves it for the buttons; the arrow keys scroll it.
    table.setTabKeyNavigation(False)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    header = table.horizontalHeader()
    header.setSectionsClickable(False)
    height = table.fontMetrics().height()
    header.setMinimumSectionSize(round(MIN_COLUMN_WIDTH * height))
    rows = table.verticalHeader()
    rows.setSectionsClickable(False)
    rows.setMinimumSectionSize(1)
    rows.setDefaultSectionSize(round(ROW_HEIGHT * height))
    rows.setDefaultAlignment(RIGHT)
    # Qt itself would query every cell, possibly thousands.
    for place, length in enumerate(model.lengths()):
        header.resizeSection(place, (length + 2) * table.fontMetrics().averageCharWidth())
    return table
