"""The thread in which pictures are encoded, behind a bounded queue."""

import threading
from collections import deque
from collections.abc import Callable, Iterator

from PySide6.QtGui import QImage

from gdviz.export.encoders.base import Encoder

QUEUED = 4
"""So many pictures wait at most: enough that drawing and encoding seldom wait for each other, and 130 MB in 4K."""


class EncoderThread:
    """At most one encoder at work, in a thread that is started, stopped and joined here."""

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
        """Queue a picture, which may be painted on afterwards; waits while too many are queued."""
        # A second QImage on the same pixels: whoever paints on the first one gets pixels of his own then.
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
        """Let go of what is not encoded yet, and wait until the thread has ended."""
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
        except BaseException as error:  # whatever it is, the caller has to be told
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
