"""Which files an export writes, and showing them afterwards."""

import re
import sys
from pathlib import Path

from PySide6.QtCore import QDir, QProcess, QUrl
from PySide6.QtGui import QDesktopServices

from gdviz.animation.animation import Animation
from gdviz.animation.formats import Format
from gdviz.export.job import AnimationJob, beside
from gdviz.export_dialog.choices import ExportChoices

LONGEST_NAME = 60
"""So many letters of a title: in every script fewer bytes than a name may have."""


def suggested_name(title: str, format: Format) -> str:
    """A file's name from a title: lower case, words joined by hyphens."""
    words = re.findall(r"\w+", title.lower())
    return ("-".join(words)[:LONGEST_NAME].rstrip("-") or "animation") + format.ending


def kind_of(format: Format) -> dict[str, str]:
    """What the dialog for files offers where the format is chosen already, with its ending."""
    return {f"{format.label} (*{format.ending})" if format.ending else "Folders (*)": format.ending}


def make_job(animation: Animation, choices: ExportChoices, target: Path) -> AnimationJob:
    """The job of writing an animation, with the names of the files beside it made from that of the target."""
    poster, captions = (beside(target, choices.format, ending) for ending in (".png", ".vtt"))
    return AnimationJob(
        animation,
        choices.format,
        choices.size,
        target,
        poster if choices.poster else None,
        captions if choices.captions else None,
        choices.writes_beamer,
    )


def open_with_its_program(path: Path) -> bool:
    """Open a file with the program for its kind, or a folder; False where there is none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def show_in_folder(path: Path) -> bool:
    """Open the folder in which it is, and select it where the system can do that simply; False where nothing opens."""
    if sys.platform == "darwin":
        return QProcess.startDetached("open", ["-R", str(path)])[0]
    if sys.platform == "win32":
        return QProcess.startDetached("explorer", ["/select,", QDir.toNativeSeparators(str(path))])[0]
    return open_with_its_program(path.parent)
