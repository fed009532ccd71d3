"""Accepts files dropped anywhere on the window."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from gdviz.core.errors import InputError, printable

LEFT = (QEvent.Type.DragLeave, QEvent.Type.Drop)


def dropped_file(content: QMimeData) -> str:
    """The path of the one file in what is dropped or pasted; InputError for anything else."""
    urls = content.urls()
    if not urls:
        raise InputError("only a file can be dropped here; copy the cells of a table and paste them (Ctrl+V)")
    if len(urls) > 1:
        raise InputError(f"{len(urls):,} files cannot be opened at once; choose one")
    if not urls[0].isLocalFile():
        raise InputError(f"{urls[0].toDisplayString()}: is not on this computer; choose a file that is")
    return urls[0].toLocalFile()


class DropTarget(QObject):
    """The window as a drop target for whatever its widgets do not accept."""

    dropped = Signal(object)
    """The `QMimeData` that was dropped; valid while the signal is handled."""
    hinted = Signal(str)
    """What dropping would do; empty when nothing is over the window."""

    def __init__(self, window: QWidget) -> None:
        """Accept drops on the window from now on."""
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept files, and text, which is refused with a message when dropped."""
        if event.type() in LEFT:
            self.hinted.emit("")
        if isinstance(event, QDragEnterEvent | QDragMoveEvent | QDropEvent):
            return self._handle(event)
        return False

    def _handle(self, event: QDropEvent) -> bool:
        content = event.mimeData()
        if not (content.hasUrls() or content.hasText()):
            return False
        event.acceptProposedAction()
        if event.type() is QEvent.Type.DragEnter:
            self.hinted.emit(_hint(content))
        elif event.type() is QEvent.Type.Drop:
            self.dropped.emit(content)
        return True


def _hint(content: QMimeData) -> str:
    try:
        name = Path(dropped_file(content)).name
    except InputError as error:
        return str(error)
    return f"drop to open {printable(name, 80)}"
