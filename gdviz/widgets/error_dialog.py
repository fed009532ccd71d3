"""Shows an exception that nobody thought of, with its text to copy; the window stays alive under it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from gdviz.core.printable import printable
from gdviz.widgets.wrapped_label import WrappedLabel


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
