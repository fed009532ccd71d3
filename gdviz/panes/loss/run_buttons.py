"""Buttons over the entries of a legend of several runs: each makes its run the live one."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gdviz.presentation.legend import Legend
from gdviz.presentation.palette import Palette
from gdviz.widgets.buttons import BarButton
from gdviz.widgets.plain import set_tooltip

RING = 2.0
"""Width of the ring around the entry that has the focus."""


class RunButton(BarButton):
    """Covers an entry, of which it paints nothing but a ring while it has the focus."""

    chosen = Signal(int)
    """The style of the run."""

    def __init__(self, parent: QWidget, style: int) -> None:
        super().__init__()
        self.setParent(parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.colour = ""
        self.clicked.connect(lambda: self.chosen.emit(style))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show where the focus is."""
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(QPen(QColor(self.colour), RING))
            painter.drawRect(QRectF(self.rect()).adjusted(RING / 2, RING / 2, -RING / 2, -RING / 2))
            painter.end()


class RunButtons(QWidget):
    """The buttons of a legend; it is no widget that is seen, only their owner."""

    run_chosen = Signal(int)
    """The user chose the run of this style as the live one."""

    def __init__(self, pane: QWidget) -> None:
        super().__init__(pane)
        self.hide()
        self._pane = pane
        self.buttons: dict[int, RunButton] = {}
        """By the style of the run."""

    def cover(self, legend: Legend, places: Sequence[QRectF], palette: Palette) -> None:
        """Have a button for each run, in the order of the legend, in these places; those that stay keep the focus."""
        styles = [entry.style for entry in legend.entries]
        for style in [style for style in self.buttons if style not in styles]:
            self.buttons.pop(style).deleteLater()
        for entry, place in zip(legend.entries, places, strict=True):
            if (button := self.buttons.get(entry.style)) is None:
                button = self.buttons[entry.style] = RunButton(self._pane, entry.style)
                button.chosen.connect(self.run_chosen)
                button.show()
            name, is_live = legend.name(entry), entry.style == legend.live
            button.setAccessibleName(f"{name}, the live run" if is_live else f"{name}: make it the live run")
            set_tooltip(button, f"{name}: the live run" if is_live else f"{name}; click to make it the live run")
            button.colour = palette.accent
            if button.geometry() != (area := place.toAlignedRect()):
                button.setGeometry(area)
