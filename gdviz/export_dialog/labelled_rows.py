"""What dialogs with many fields share: rows of fields behind their labels, and a field whose Enter is the dialog's."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QWidget

from gdviz.widgets.buttons import Choice
from gdviz.plotting.fonts import number_font, text_font
from gdviz.widgets.number_field import NumberField
from gdviz.widgets.plain import PlainLabel

TEXT = 14
ROW = 28
CHOICE, NUMBER = 250, 66
"""The widths of a choice and of a number, in pixels at unit 1."""
GAPS = (12, 8)


class DialogField(NumberField):
    """Enter takes the number and is then the dialog's, which has a button that waits for it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A text that is no number keeps the key."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif self._commit():
            event.ignore()


class LabelledRows(QWidget):
    """Rows of one or more fields; a label is the buddy of the first one in its row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """No rows yet."""
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[QHBoxLayout] = []

    def add_row(self, text: str, *fields: QWidget) -> None:
        """A row; the first field has the label's text as its name for screen readers, unless it has one."""
        row, place = QHBoxLayout(), self._grid.rowCount()
        self._rows.append(row)
        for field in fields:
            row.addWidget(field)
        row.addStretch(1)
        label = PlainLabel(text)
        if isinstance(fields[0], Choice | NumberField):
            label.setBuddy(fields[0])
            if not fields[0].accessibleName():
                fields[0].setAccessibleName(text.replace("&", "").lower())
        self._grid.addWidget(label, place, 0)
        self._grid.addLayout(row, place, 1)

    def set_unit(self, unit: float) -> None:
        """Scale everything by that factor."""
        self._grid.setHorizontalSpacing(round(GAPS[0] * unit))
        self._grid.setVerticalSpacing(round(GAPS[1] * unit))
        for row in self._rows:
            row.setSpacing(round(GAPS[1] * unit))
        for widget in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            widget.setFont(number_font(TEXT * unit) if isinstance(widget, NumberField) else text_font(TEXT * unit))
            if isinstance(widget, QAbstractButton):
                widget.setFixedHeight(round(ROW * unit))
            elif isinstance(widget, NumberField | Choice):
                widget.setFixedSize(round(self._width_of(widget) * unit), round(ROW * unit))

    def _width_of(self, field: QWidget) -> int:
        """In pixels at unit 1."""
        return NUMBER if isinstance(field, NumberField) else CHOICE
