"""Dialogs: a question, an error, and the name of a file to write."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QMessageBox, QPlainTextEdit, QVBoxLayout, QWidget

from gdviz.core.errors import printable
from gdviz.core.reading import absolute, ending_of
from gdviz.widgets.plain import WrappedLabel

LONGEST_NAME, LONGEST_NAMES = 80, 160
"""Characters of a file's name, and of all names, in a question; with more it would be too long to read."""
FATE = "What is there now stays until the new one is complete, and then it is gone."


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


def ask_target(parent: QWidget | None, title: str, suggestion: str, kinds: Mapping[str, str]) -> Path | None:
    """Ask for a name; None if the user cancels. Does not ask whether an existing file may be replaced.

    kinds: what the dialog offers, with the ending of each, which is empty for folders. A name with none of these
    endings, in capitals or not, gets that of the chosen kind: "rate 0.9" becomes "rate 0.9.toml".
    """
    # Asked later, once for all files: this dialog knows neither the added ending nor the poster and the captions.
    asks_nothing = QFileDialog.Option.DontConfirmOverwrite
    first = next(iter(kinds))
    name, chosen = QFileDialog.getSaveFileName(parent, title, suggestion, ";;".join(kinds), first, asks_nothing)
    if not name:
        return None
    has_ending = ending_of(Path(name)) in kinds.values()
    return absolute(Path(name if has_ending else name + kinds.get(chosen, kinds[first])))


def write_if_wanted(
    files: Sequence[Path], check: Callable[[], None], write: Callable[[], None], parent: QWidget
) -> Question | None:
    """Check, then write; where some of the files exist, ask first and return the open question.

    The first of the files may be a folder of pictures. check: raises InputError where they cannot be written.
    """
    check()
    there = [path for path in files if os.path.exists(path)]
    if not there:
        write()
        return None
    question = Question(_asked(there), FATE, "Replace", "Keep what is there", parent)
    question.accepted_it.connect(write)
    question.open()
    return question


def _asked(there: Sequence[Path]) -> str:
    longest = min(LONGEST_NAME, LONGEST_NAMES // (len(there) + sum(map(os.path.islink, there))))
    names = ", ".join(_named(path, longest) for path in there)
    are, what = ("is", "it") if len(there) == 1 else ("are", "them")
    if os.path.isdir(there[0]):
        what = "the pictures in it" if len(there) == 1 else "the pictures in the folder and what is beside it"
    return f"{names} {are} there already. Replace {what}?"


def _named(path: Path, longest: int) -> str:
    name = printable(path.name, longest)
    return f"{name} (a link to {printable(os.path.realpath(path), longest)})" if os.path.islink(path) else name
