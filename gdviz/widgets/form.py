"""Building blocks of the control panel: forms of labelled fields in two columns, aligned across groups."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QSizePolicy, QStyle, QVBoxLayout, QWidget

from gdviz.plotting.text import number_font, text_font
from gdviz.widgets.buttons import Choice
from gdviz.widgets.number_field import NumberField
from gdviz.widgets.plain import PlainLabel
from gdviz.widgets.slider import Slider

LABEL_WIDTHS = {0: 46, 2: 58}
"""The label columns and their widths in pixels at unit 1; the fields share the rest."""
COLUMNS = 4
TEXT_SIZE = 13
ROW_HEIGHT = 26


class Form(QWidget):
    """Rows of labelled fields, optionally with a heading."""

    rejected = Signal(str)  # one line from a number field: what was typed, and what is valid

    def __init__(self, heading: str = "") -> None:
        """An empty form."""
        super().__init__()
        self._grid = QGridLayout(self)
        self._heading = PlainLabel(heading)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 0 if column in LABEL_WIDTHS else 1)
        if heading:
            self.setAccessibleName(heading)
            self._grid.addWidget(self._heading, 0, 0, 1, COLUMNS)

    def add_pair(self, *fields: tuple[str, NumberField]) -> list[PlainLabel]:
        """Add a row of two labelled number fields."""
        row, labels = self._grid.rowCount(), []
        for place, (text, field) in enumerate(fields):
            labels.append(self._label(text, field))
            if place:
                labels[-1].setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(labels[-1], row, 2 * place)
            self._grid.addWidget(field, row, 2 * place + 1)
        return labels

    def add_field(self, text: str, field: QWidget, columns: int = 2) -> PlainLabel:
        """Add a row with a label that spans ``columns`` columns and a field that spans the rest."""
        row, label = self._grid.rowCount(), self._label(text, field)
        self._grid.addWidget(label, row, 0, 1, columns)
        self._grid.addWidget(field, row, columns, 1, COLUMNS - columns)
        return label

    def add_widget(self, widget: QWidget) -> None:
        """Add a row with only this widget."""
        self._grid.addWidget(widget, self._grid.rowCount(), 0, 1, COLUMNS)

    def set_unit(self, unit: float) -> None:
        """Scale everything by a factor."""
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(round(6 * unit))
        self._grid.setVerticalSpacing(round(3 * unit))
        for column, width in LABEL_WIDTHS.items():
            self._grid.setColumnMinimumWidth(column, round(width * unit))
        for widget in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            is_number = isinstance(widget, NumberField)
            widget.setFont(number_font(TEXT_SIZE * unit) if is_number else text_font(TEXT_SIZE * unit))
            if isinstance(widget, Slider):
                widget.set_unit(unit)
            elif isinstance(widget, NumberField | Choice | QPushButton):
                # The columns set the width, not the text: the panel must not grow with its contents.
                widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                widget.setFixedHeight(round(ROW_HEIGHT * unit))
        self._heading.setFont(text_font(TEXT_SIZE * unit, bold=True))

    def _label(self, text: str, field: QWidget) -> PlainLabel:
        if isinstance(field, NumberField):
            field.rejected.connect(self.rejected)
        label = PlainLabel(text)
        label.setBuddy(field)
        return label


class Column(QWidget):
    """A column of forms that are scaled together."""

    rejected = Signal(str)  # forwarded from its parts

    def __init__(self, spacing: int = 4) -> None:
        """An empty column; ``spacing`` between parts is in pixels at unit 1."""
        super().__init__()
        self._unit, self._spacing = 1.0, spacing
        self._parts: list[Form | Column] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def add(self, *parts: "Form | Column") -> None:
        """Append these parts at the bottom."""
        for part in parts:
            self._parts.append(part)
            self._column.addWidget(part)
            part.rejected.connect(self.rejected)

    def set_unit(self, unit: float) -> None:
        """Scale everything by a factor."""
        self._unit = unit
        self._column.setSpacing(round(self._spacing * unit))
        for part in self._parts:
            part.set_unit(unit)


class PanelArea(QScrollArea):
    """A scroll area as wide as its panel and a scroll bar, so that neither can move the stage."""

    def __init__(self, panel: QWidget) -> None:
        """``panel`` has a ``set_unit`` that sets its fixed width."""
        super().__init__()
        self._panel = panel
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidget(panel)

    def set_unit(self, unit: float) -> None:
        """Scale the panel and this area by a factor."""
        self._panel.set_unit(unit)  # type: ignore[attr-defined]
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        self.setFixedWidth(self._panel.minimumWidth() + bar)
