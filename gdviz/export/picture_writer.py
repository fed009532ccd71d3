"""Writes pictures that are painted already in a thread: to encode a large one takes up to a quarter of a second."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gdviz.core.atomic import write_atomically


class PictureWriter(QObject):
    """Its one thread writes one picture after the other; none is left out, not even when it is closed."""

    ended = Signal(object, object)
    """The target, and a future that is done: its result raises InputError if the picture could not be written."""

    def __init__(self, parent: QObject) -> None:
        """Start no thread yet."""
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, "gdviz pictures")

    def write(self, target: Path, encode: Callable[[], bytes]) -> None:
        """Write what `gdviz.export.picture_files.painted` has returned, replacing any existing file."""
        future = self._thread.submit(_write, target, encode)
        future.add_done_callback(partial(self.ended.emit, target))

    def close(self) -> None:
        """End the thread once all is written."""
        self._thread.shutdown()


def _write(target: Path, encode: Callable[[], bytes]) -> None:
    write_atomically(target, encode())
