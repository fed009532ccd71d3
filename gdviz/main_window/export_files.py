"""Which files an export writes: asked for in the usual dialog, with the right endings, and shown afterwards."""

import re
import sys
from pathlib import Path

from PySide6.QtCore import QDir, QProcess, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from gdviz.export.job import AnimationJob
from gdviz.model.animation import Animation
from gdviz.model.formats import Format
from gdviz.views.export_choices import ExportChoices

LONGEST_NAME = 60
"""So many letters of a title: in every script fewer bytes than a name may have."""


def suggested_name(title: str, format: Format) -> str:
    """A file's name from a title: lower case, words joined by hyphens."""
    words = re.findall(r"\w+", title.lower())
    return ("-".join(words)[:LONGEST_NAME].rstrip("-") or "animation") + format.ending


def ask_target(suggestion: str, format: Format, parent: QWidget) -> Path | None:
    """Ask for a name; None if the person would rather not. Whether what is there may be replaced is not asked."""
    kind = f"{format.label} (*{format.ending})" if format.ending else "Folders (*)"
    # Asked later, once for all files: an ending that is added, a poster and captions are not known to this dialog.
    option = QFileDialog.Option.DontConfirmOverwrite
    name, _ = QFileDialog.getSaveFileName(parent, "Export animation", suggestion, kind, options=option)
    if not name:
        return None
    path = Path(name)
    if format.ending and path.suffix.lower() != format.ending:
        # Not with_suffix: "rate 0.9" has none, for us.
        path = path.with_name(path.name + format.ending)
    return path.absolute()


def make_job(animation: Animation, choices: ExportChoices, target: Path) -> AnimationJob:
    """The job of writing an animation, with the names of the files beside it made from that of the target."""
    stem = target.stem if choices.format.ending else target.name
    poster, captions = (target.with_name(stem + ending) for ending in (".png", ".vtt"))
    return AnimationJob(
        animation,
        choices.format,
        choices.size,
        target,
        poster if choices.poster else None,
        captions if choices.captions else None,
        choices.writes_beamer,
    )


def open_file(path: Path) -> bool:
    """Open a file with the program for its kind, or a folder; False where there is none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def show_in_folder(path: Path) -> bool:
    """Open the folder in which it is, and select it where the system can do that simply; False where nothing opens."""
    if sys.platform == "darwin":
        return QProcess.startDetached("open", ["-R", str(path)])[0]
    if sys.platform == "win32":
        return QProcess.startDetached("explorer", ["/select,", QDir.toNativeSeparators(str(path))])[0]
    return open_file(path.parent)
