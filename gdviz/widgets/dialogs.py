"""A question with two answers that does not stop the program: one does something, the other leaves all as it is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMessageBox, QPlainTextEdit, QVBoxLayout, QWidget

from gdviz.core.printable import printable
from gdviz.widgets.wrapped_label import WrappedLabel


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


class ErrorDialog(QDialog):
    """A dialog that does not block: the traceback, Copy and Close."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        """``text`` is the whole traceback; its last line is the headline."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = text
        self.setWindowTitle("gdviz: something went wrong")
        headline = WrappedLabel(
            "gdviz met an error that it did not expect. What is on the screen is still valid; you can go on, "
            f"or copy this text and report it.\n\n{printable(text.strip().splitlines()[-1])}"
        )
        details = QPlainTextEdit(text)
        details.setReadOnly(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = self.buttons.addButton("Copy", QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (headline, details, self.buttons):
            layout.addWidget(widget)
        self.resize(640, 360)
