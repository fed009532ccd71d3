"""Dialogs that ask a question, show an error, or ask for a file to write."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QMessageBox, QPlainTextEdit, QVBoxLayout, QWidget

from gdviz.core.errors import printable
from gdviz.core.reading import absolute, ending_of
from gdviz.widgets.plain import WrappedLabel

MAX_NAME, MAX_NAMES = 80, 160
"""The longest file name, and all names together, in a question: characters."""
REPLACEMENT_NOTE = "The existing version is kept until the new one is complete, and is then replaced."


class Question(QMessageBox):
    """A window-modal question. Esc, Enter and closing it reject."""

    confirmed = Signal()

    def __init__(self, text: str, details: str, accept: str, reject: str, parent: QWidget) -> None:
        """``accept`` and ``reject`` are the texts of the buttons."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("gdviz")
        self.setFont(parent.font())
        self.setTextFormat(Qt.TextFormat.PlainText)  # it may contain file names
        self.setText(printable(text))
        self.setInformativeText(details)
        self.accept_button = self.addButton(accept, QMessageBox.ButtonRole.AcceptRole)
        self.reject_button = self.addButton(reject, QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.reject_button)
        self.setEscapeButton(self.reject_button)
        self.accept_button.clicked.connect(self.confirmed)


class ErrorDialog(QDialog):
    """A non-modal dialog with a traceback, Copy and Close."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        """``text`` is the whole traceback; its last line is the headline."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = text
        self.setWindowTitle("gdviz: unexpected error")
        headline = WrappedLabel(
            "gdviz ran into an unexpected error. What is on the screen is still valid; you can continue, "
            f"or copy this text to report it.\n\n{printable(text.strip().splitlines()[-1])}"
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


def ask_target(parent: QWidget | None, title: str, suggestion: str, kinds: Mapping[str, str]) -> Path | None:
    """Ask for a file to write; None if cancelled. Does not ask whether an existing file may be replaced.

    kinds: the file types offered, with their endings, which are empty for folders. A name without any of these
    endings, in upper or lower case, gets that of the chosen type: "rate 0.9" becomes "rate 0.9.toml".
    """
    # Asked later, once for all files: this dialog knows neither the added ending nor the poster and the captions.
    no_confirmation = QFileDialog.Option.DontConfirmOverwrite
    first = next(iter(kinds))
    name, chosen = QFileDialog.getSaveFileName(parent, title, suggestion, ";;".join(kinds), first, no_confirmation)
    if not name:
        return None
    has_ending = ending_of(Path(name)) in kinds.values()
    return absolute(Path(name if has_ending else name + kinds.get(chosen, kinds[first])))


def write_confirmed(
    files: Sequence[Path], check: Callable[[], None], write: Callable[[], None], parent: QWidget
) -> Question | None:
    """Check, then write; if some of the files exist, ask first and return the open question.

    The first of the files may be a folder of pictures. check: raises InputError if they cannot be written.
    """
    check()
    existing = [path for path in files if os.path.exists(path)]
    if not existing:
        write()
        return None
    question = Question(_replace_question(existing), REPLACEMENT_NOTE, "Replace", "Cancel", parent)
    question.confirmed.connect(write)
    question.open()
    return question


def _replace_question(existing: Sequence[Path]) -> str:
    longest = min(MAX_NAME, MAX_NAMES // (len(existing) + sum(map(os.path.islink, existing))))
    names = ", ".join(_display_name(path, longest) for path in existing)
    exist, what = ("exists", "it") if len(existing) == 1 else ("exist", "them")
    if os.path.isdir(existing[0]):
        what = "the pictures in it" if len(existing) == 1 else "the pictures in the folder and the other files"
    return f"{names} already {exist}. Replace {what}?"


def _display_name(path: Path, longest: int) -> str:
    name = printable(path.name, longest)
    return f"{name} (a link to {printable(os.path.realpath(path), longest)})" if os.path.islink(path) else name
