"""Encoders: their interface, the thread that runs one behind a bounded queue, and the file that it writes."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from pkgutil import resolve_name
from queue import Queue
from typing import Self

from PySide6.QtGui import QImage

from gdviz.animation.formats import Format, Size
from gdviz.core.atomic import replacing, replacing_folder

QUEUED = 4
"""The most pictures that wait: enough that drawing and encoding seldom wait for each other, and 130 MB in 4K."""


@dataclass(frozen=True)
class Tags:
    """What is written into the file's metadata: a title, and a description for those who cannot see it."""

    title: str
    description: str

    def __post_init__(self) -> None:
        """Control characters become spaces: no format can hold them all, and XML none."""
        for name in ("title", "description"):
            text = "".join(letter if letter.isprintable() else " " for letter in getattr(self, name))
            object.__setattr__(self, name, " ".join(text.split()))


@dataclass(frozen=True)
class Output:
    """The file, or the folder, to write; ``frame_rate``: whole frames a second.

    samples: draws some frames of the animation, at least one, for formats that must know the colours beforehand.
    latex_folder: for pictures, also write the lines that play them in LaTeX, which finds them in a folder of that name.
    """

    path: Path
    size: Size
    frame_rate: int
    tags: Tags
    transparent: bool
    samples: Callable[[], Iterable[QImage]]
    latex_folder: str | None = None


class Encoder(ABC):
    """Writes one file, or the pictures of one folder; created and used in one thread, apart from the class methods."""

    @classmethod
    def prepared(cls, output: Output) -> Callable[[], Self]:
        """A function that creates the encoder; InputError if it cannot encode this.

        Called in the thread that draws, for what has to be known beforehand.
        """
        return partial(cls, output)

    @classmethod
    def is_own(cls, name: str) -> bool:
        """Whether an export into a folder writes a file of this name, which another export may then replace."""
        return False

    def __init__(self, output: Output) -> None:
        """Open what is written; OSError where it cannot be opened."""
        self._output = output

    @abstractmethod
    def add(self, image: QImage) -> None:
        """Write the next frame."""

    @abstractmethod
    def finish(self) -> None:
        """Write what comes after the last frame."""

    @abstractmethod
    def close(self) -> None:
        """Release what is open, after a failure too; the file is complete only after `finish`."""


class EncoderThread:
    """Runs one encoder in a thread that is started, stopped and joined here."""

    def __init__(self, make: Callable[[], Encoder]) -> None:
        """Start. ``make`` opens the file, in the thread; `write` and `finish` raise what the thread has raised."""
        self._make = make
        self._images: Queue[QImage | None] = Queue(QUEUED)
        self._is_stopped = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="gdviz encoder", daemon=True)
        self._thread.start()

    def write(self, image: QImage) -> None:
        """Queue a picture, which may be painted on afterwards; waits while the queue is full."""
        self._check()
        # A second QImage that shares the pixels: painting on the first one then detaches it.
        self._images.put(QImage(image))
        self._check()

    def finish(self) -> None:
        """Wait until everything is written."""
        self._end()
        self._check()

    def stop(self) -> None:
        """Drop what is not encoded yet, and wait until the thread has ended."""
        self._is_stopped = True
        self._end()

    def _end(self) -> None:
        self._images.put(None)
        self._thread.join()

    def _check(self) -> None:
        if self._error is not None:
            raise self._error

    def _work(self) -> None:
        images = iter(self._images.get, None)
        try:
            encoder = self._make()
            try:
                for image in images:
                    if not self._is_stopped:
                        encoder.add(image)
                if not self._is_stopped:
                    encoder.finish()
            finally:
                encoder.close()
        except BaseException as error:  # whatever it is, the caller has to know
            self._error = error
            for _ in images:  # or `write` would wait for room for ever
                pass


def replacing_target(path: Path, format: Format, token: str | None = None) -> AbstractContextManager[Path]:
    """A temporary file or folder beside ``path`` for `frame_writer`, which takes its place when complete.

    InputError where it cannot be written; a folder replaces only an empty one, or one of an earlier export.
    """
    if format.ending:
        return replacing(path, token)
    return replacing_folder(path, resolve_name(format.encoder).is_own, token)


@contextmanager
def frame_writer(format: Format, output: Output) -> Iterator[Callable[[QImage], None]]:
    """A function that adds the next frame to a file (or, for pictures, a folder), complete when the block ends.

    It waits while too many frames are not encoded yet. InputError at once for what the format cannot hold; OSError, at
    the next frame or at the end, where the file cannot be written: `replacing_target`, which knows the name of the
    right file, turns it into an InputError.
    """
    format.check(output.size, output.frame_rate, output.transparent)
    thread = EncoderThread(resolve_name(format.encoder).prepared(output))

    def write(image: QImage) -> None:
        # FFmpeg would misread the rows of a picture of another size.
        if (image.width(), image.height()) != output.size:
            raise ValueError(f"a frame of {image.width()}x{image.height()} in a clip of {output.size}")
        thread.write(image)

    try:
        yield write
        thread.finish()
    finally:
        thread.stop()
