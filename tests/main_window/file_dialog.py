"""The dialog for files as a person uses it: a name is typed, and Enter pressed."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox


class Typist:
    """Answers the next dialog for files; ``was_asked`` says whether that asked a question of its own."""

    def __init__(self, qtbot, path):
        """``path`` is typed as it is."""
        self._qtbot, self._path = qtbot, str(path)
        self.was_asked, self.has_typed = False, False
        QTimer.singleShot(0, self._type)

    def _type(self):
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        try:
            dialog.activateWindow()
            self._qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
            QTimer.singleShot(0, self._answer_question)
            field.selectAll()
            self._qtbot.keyClicks(field, self._path)
            self._qtbot.keyClick(field, Qt.Key.Key_Return)
            self.has_typed = True
        finally:
            if dialog.isVisible():
                dialog.reject()  # one that stayed would stop the test

    def _answer_question(self):
        question = QApplication.activeModalWidget()
        if type(question) is QMessageBox:
            self.was_asked = True
            question.reject()
