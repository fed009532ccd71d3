"""A black cover over the window, so that the class looks at the lecturer."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QMouseEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QWidget


class BlackScreen(QWidget):
    """Covers its parent while it is shown; a click takes it away."""

    covers = Signal(bool)
    """Whether it covers the window now."""

    def __init__(self, parent: QWidget) -> None:
        """Hidden at first."""
        super().__init__(parent)
        self._window = parent
        colours = self.palette()
        colours.setColor(QPalette.ColorRole.Window, QColor("black"))
        self.setPalette(colours)
        self.setAutoFillBackground(True)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.hide()

    def toggle(self) -> None:
        """Cover the window, or take the cover away."""
        if self.isVisible():
            self.hide()
            return
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that the window is covered."""
        super().showEvent(event)
        self.covers.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it is not any more."""
        super().hideEvent(event)
        self.covers.emit(False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the cover away."""
        self.hide()
