"""The interface of encoders, and the thread that runs one behind a bounded queue."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from pkgutil import resolve_name
from queue import Queue
from typing import Self

from PySide6.QtGui import QImage

from gdviz.animation.formats import Format, Size
from gdviz.core.atomic import replacing, replacing_folder
from gdviz.core.frozen import frozen

QUEUE_SIZE = 4
"""Capacity of the queue: enough that drawing and encoding seldom wait for each other; 130 MB in 4K."""


@frozen
class Tags:
    """Metadata of a file: its title, and a description for those who cannot see it."""

    title: str
    description: str

    def __post_init__(self) -> None:
        """Replace control characters with spaces: no format can hold them all, and XML none."""
        for name in ("title", "description"):
            text = "".join(letter if letter.isprintable() else " " for letter in getattr(self, name))
            object.__setattr__(self, name, " ".join(text.split()))


@frozen
class Output:
    """The file or folder to write, and how; ``frame_rate`` is in frames per second.

    samples: renders some frames of the animation, at least one, for formats that need a palette in advance.
    latex_folder: for folders, also write LaTeX code that plays the pictures from a folder of this name.
    """

    path: Path
    size: Size
    frame_rate: int
    tags: Tags
    transparent: bool
    samples: Callable[[], Iterable[QImage]]
    latex_folder: str | None = None


class Encoder(ABC):
    """Writes one file or folder; created and used in one thread, except for the class methods."""

    @classmethod
    def prepare(cls, output: Output) -> Callable[[], Self]:
        """Return a function that creates the encoder; InputError if it cannot encode this.

        Called in the drawing thread, for what the encoder needs in advance.
        """
        return partial(cls, output)

    @classmethod
    def is_own_file(cls, name: str) -> bool:
        """Whether exports to a folder write files of this name, which a later export may replace."""
        return False

    def __init__(self, output: Output) -> None:
        """Open the output; OSError if that fails."""
        self._output = output

    @abstractmethod
    def add(self, image: QImage) -> None:
        """Write the next frame."""

    @abstractmethod
    def finish(self) -> None:
        """Complete the output after the last frame."""

    @abstractmethod
    def close(self) -> None:
        """Release all resources, also after a failure; the output is complete only after `finish`."""


class EncoderThread:
    """Runs an encoder in a thread, which it starts, stops and joins."""

    def __init__(self, make: Callable[[], Encoder]) -> None:
        """Start. ``make`` creates the encoder in the thread; `write` and `finish` reraise the thread's exceptions."""
        self._make = make
        self._images: Queue[QImage | None] = Queue(QUEUE_SIZE)
        self._is_stopped = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="gdviz encoder", daemon=True)
        self._thread.start()

    def write(self, image: QImage) -> None:
        """Queue an image, which may be painted on afterwards; blocks while the queue is full."""
        self._check()
        # Shares the pixels; painting on the original then detaches it.
        self._images.put(QImage(image))
        self._check()

    def finish(self) -> None:
        """Wait until everything is written."""
        self._end()
        self._check()

    def stop(self) -> None:
        """Drop what is not encoded yet and wait for the thread to end."""
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
        except BaseException as error:  # reraised in the caller
            self._error = error
            for _ in images:  # otherwise `write` would block for ever
                pass


def replacing_target(path: Path, format: Format, token: str | None = None) -> AbstractContextManager[Path]:
    """A temporary file or folder for `frame_writer`, which replaces ``path`` when complete.

    InputError if it cannot be written; a folder replaces only an empty one, or one from an earlier export.
    """
    if format.ending:
        return replacing(path, token)
    return replacing_folder(path, resolve_name(format.encoder).is_own_file, token)


@contextmanager
def frame_writer(format: Format, output: Output) -> Iterator[Callable[[QImage], None]]:
    """Yield a function that adds a frame to the output, which is complete when the block ends.

    It blocks while the queue is full. InputError at once for what the format does not support; OSError at a later frame
    or at the end if writing fails, which `replacing_target`, knowing the final name, turns into an InputError.
    """
    format.check(output.size, output.frame_rate, output.transparent)
    thread = EncoderThread(resolve_name(format.encoder).prepare(output))

    def write(image: QImage) -> None:
        # FFmpeg would misread the rows of an image of another size.
        if (image.width(), image.height()) != output.size:
            raise ValueError(f"a frame of {image.width()}x{image.height()} in a clip of {output.size}")
        thread.write(image)

    try:
        yield write
        thread.finish()
    finally:
        thread.stop()
