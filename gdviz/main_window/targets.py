"""What all that writes from the window asks for: a name, and whether the files that are there may be replaced."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from gdviz.core.file_names import absolute, ending_of
from gdviz.core.printable import printable
from gdviz.views.question import Question

LONGEST_NAME = 80
"""So many characters of a file's name are in a question, which would else be wider than the screen."""
FATE = "What is there now stays until the new one is complete, and then it is gone."


def ask_target(parent: QWidget | None, title: str, suggestion: str, kinds: Mapping[str, str]) -> Path | None:
    """Ask for a name; None if the person would rather not. Whether what is there may be replaced is not asked.

    kinds: what the dialog offers, with the ending of each; an empty one is for folders, whose names have none. A name
    that has no ending of these, in capitals or not, gets that of the kind which was chosen: "rate 0.9" becomes
    "rate 0.9.toml".
    """
    # Asked later, once for all files: an ending that is added, a poster and captions are not known to this dialog.
    asks_nothing = QFileDialog.Option.DontConfirmOverwrite
    first = next(iter(kinds))
    name, chosen = QFileDialog.getSaveFileName(parent, title, suggestion, ";;".join(kinds), first, asks_nothing)
    if not name:
        return None
    has_ending = ending_of(Path(name)) in kinds.values()
    return absolute(Path(name if has_ending else name + kinds.get(chosen, kinds[first])))


def replace_question(files: Sequence[Path], parent: QWidget) -> Question | None:
    """The question whether these may be replaced, to be opened; None where none of them is there."""
    there = [path for path in files if os.path.exists(path)]
    if not there:
        return None
    names = ", ".join(map(_named, there))
    are, them = ("is", "it") if len(there) == 1 else ("are", "them")
    what = "the pictures in it" if there[0].is_dir() else them
    return Question(f"{names} {are} there already. Replace {what}?", FATE, "Replace", "Keep what is there", parent)


def _named(path: Path) -> str:
    name = printable(path.name, LONGEST_NAME)
    return f"{name} (a link to {printable(os.path.realpath(path), LONGEST_NAME)})" if path.is_symlink() else name
