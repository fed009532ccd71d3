"""A question with two answers that does not stop the program: one does something, the other leaves all as it is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from gdviz.core.printable import printable


class Question(QMessageBox):
    """Window-modal. Esc, Enter and closing it mean: leave it."""

    accepted_it = Signal()

    def __init__(self, text: str, details: str, do_it: str, leave_it: str, parent: QWidget) -> None:
        """``do_it`` and ``leave_it`` are the words on the buttons."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("gdviz")
        self.setFont(parent.font())
        self.setTextFormat(Qt.TextFormat.PlainText)  # it may hold the names of files
        self.setText(printable(text))
        self.setInformativeText(details)
        self.do_it = self.addButton(do_it, QMessageBox.ButtonRole.AcceptRole)
        self.leave_it = self.addButton(leave_it, QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.leave_it)
        self.setEscapeButton(self.leave_it)
        self.do_it.clicked.connect(self.accepted_it)
