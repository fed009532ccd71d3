"""What the groups of the control panel are built of: two columns of labelled fields, aligned from group to group."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QSizePolicy, QStyle, QVBoxLayout, QWidget

from gdviz.plotting.text import number_font, text_font
from gdviz.widgets.buttons import Choice
from gdviz.widgets.number_field import NumberField
from gdviz.widgets.plain import PlainLabel
from gdviz.widgets.slider import Slider

LABELS = {0: 46, 2: 58}
"""The columns of the labels and their widths in pixels at unit 1; the fields share what is left."""
ALL = 4
TEXT = 13
ROW = 26


class Form(QWidget):
    """Rows of labelled fields, with a heading where one is given."""

    rejected = Signal(str)  # one line, of any of its number fields: what was typed and what would be right

    def __init__(self, heading: str = "") -> None:
        """An empty form."""
        super().__init__()
        self._grid = QGridLayout(self)
        self._heading = PlainLabel(heading)
        for column in range(ALL):
            self._grid.setColumnStretch(column, 0 if column in LABELS else 1)
        if heading:
            self.setAccessibleName(heading)
            self._grid.addWidget(self._heading, 0, 0, 1, ALL)

    def add_pair(self, *fields: tuple[str, NumberField]) -> list[PlainLabel]:
        """A row of two number fields, each behind its label."""
        row, labels = self._grid.rowCount(), []
        for place, (text, field) in enumerate(fields):
            labels.append(self._label(text, field))
            if place:
                labels[-1].setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(labels[-1], row, 2 * place)
            self._grid.addWidget(field, row, 2 * place + 1)
        return labels

    def add_wide(self, text: str, field: QWidget, columns: int = 2) -> PlainLabel:
        """A row with a label over so many columns and a field over the rest."""
        row, label = self._grid.rowCount(), self._label(text, field)
        self._grid.addWidget(label, row, 0, 1, columns)
        self._grid.addWidget(field, row, columns, 1, ALL - columns)
        return label

    def add_line(self, widget: QWidget) -> None:
        """A row with nothing but this widget."""
        self._grid.addWidget(widget, self._grid.rowCount(), 0, 1, ALL)

    def set_unit(self, unit: float) -> None:
        """Scale everything by that factor."""
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(round(6 * unit))
        self._grid.setVerticalSpacing(round(3 * unit))
        for column, width in LABELS.items():
            self._grid.setColumnMinimumWidth(column, round(width * unit))
        for widget in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            is_number = isinstance(widget, NumberField)
            widget.setFont(number_font(TEXT * unit) if is_number else text_font(TEXT * unit))
            if isinstance(widget, Slider):
                widget.set_unit(unit)
            elif isinstance(widget, NumberField | Choice | QPushButton):
                # The columns decide the width, not the text: the panel must not grow with what is shown in it.
                widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                widget.setFixedHeight(round(ROW * unit))
        self._heading.setFont(text_font(TEXT * unit, bold=True))

    def _label(self, text: str, field: QWidget) -> PlainLabel:
        if isinstance(field, NumberField):
            field.rejected.connect(self.rejected)
        label = PlainLabel(text)
        label.setBuddy(field)
        return label


class Column(QWidget):
    """Forms one below the other that are scaled together."""

    rejected = Signal(str)  # as that of a form, from any of them

    def __init__(self, spacing: int = 4) -> None:
        """An empty column; ``spacing`` is between two parts, in pixels at unit 1."""
        super().__init__()
        self._unit, self._spacing = 1.0, spacing
        self._parts: list[Form | Column] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def add(self, *parts: "Form | Column") -> None:
        """Put these below what is there."""
        for part in parts:
            self._parts.append(part)
            self._column.addWidget(part)
            part.rejected.connect(self.rejected)

    def set_unit(self, unit: float) -> None:
        """Scale everything by that factor."""
        self._unit = unit
        self._column.setSpacing(round(self._spacing * unit))
        for part in self._parts:
            part.set_unit(unit)


class PanelArea(QScrollArea):
    """As wide as its panel and a scroll bar, so that neither a scroll bar nor a longer number moves the stage."""

    def __init__(self, panel: QWidget) -> None:
        """``panel`` has a ``set_unit`` that gives it its fixed width."""
        super().__init__()
        self._panel = panel
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidget(panel)

    def set_unit(self, unit: float) -> None:
        """Scale the panel and its place by that factor."""
        self._panel.set_unit(unit)  # type: ignore[attr-defined]
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        self.setFixedWidth(self._panel.minimumWidth() + bar)
