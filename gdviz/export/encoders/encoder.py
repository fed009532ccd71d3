"""The interface of all encoders, and the thread that runs one behind a bounded queue."""

import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

from PySide6.QtGui import QImage

from gdviz.animation.formats import Size
from gdviz.export.encoders.metadata import Tags

QUEUED = 4
"""The most pictures that wait: enough that drawing and encoding seldom wait for each other, and 130 MB in 4K."""


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
    """Writes one file, or the pictures of one folder.

    It is made in the thread in which all of its methods are called, but for the two of the class.
    """

    @classmethod
    def prepared(cls, output: Output) -> Callable[[], Self]:
        """What makes it. Called in the thread that draws, for what has to be known before; InputError if impossible."""
        return partial(cls, output)

    @classmethod
    def is_own(cls, name: str) -> bool:
        """Of a folder: whether an export writes a file of this name, which another export may then replace."""
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
        """Start. ``make`` opens the file, in the thread; what it raises comes out of the next `write` or `finish`."""
        self._make = make
        self._images: deque[QImage] = deque()
        self._changed = threading.Condition()
        self._is_complete = self._is_stopped = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="gdviz encoder", daemon=True)
        self._thread.start()

    def write(self, image: QImage) -> None:
        """Queue a picture, which may be painted on afterwards; waits while the queue is full."""
        # A second QImage that shares the pixels: painting on the first one then detaches it.
        image = QImage(image)
        with self._changed:
            self._changed.wait_for(lambda: len(self._images) < QUEUED or self._error is not None)
            if self._error is not None:
                raise self._error
            self._images.append(image)
            self._changed.notify_all()

    def finish(self) -> None:
        """Wait until everything is written."""
        with self._changed:
            self._is_complete = True
            self._changed.notify_all()
        self._thread.join()
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """Drop what is not encoded yet, and wait until the thread has ended."""
        with self._changed:
            self._is_stopped = True
            self._images.clear()
            self._changed.notify_all()
        self._thread.join()

    def _work(self) -> None:
        try:
            encoder = self._make()
            try:
                for image in self._queued():
                    encoder.add(image)
                if not self._is_stopped:
                    encoder.finish()
            finally:
                encoder.close()
        except BaseException as error:  # whatever it is, the caller has to know
            with self._changed:
                self._error = error
                self._images.clear()
                self._changed.notify_all()

    def _queued(self) -> Iterator[QImage]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._images or self._is_complete or self._is_stopped)
                if self._is_stopped or not self._images:
                    return
                image = self._images.popleft()
                self._changed.notify_all()
            yield image
