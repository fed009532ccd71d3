"""The owner of a thread that works on one task: a newer request cancels the older one."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Request = TypeVar("Request")


class LatestTask(Generic[Request]):
    """One thread, started with the first request; two requests are the same one if they are the same object."""

    def __init__(self, name: str, work: Callable[[Request], None]) -> None:
        """No thread yet, and nothing is requested.

        name: of the thread. work: works on a request in the thread, until that is done or not the newest any more, and
        lets no exception through.
        """
        self.lock = threading.RLock()
        """Held while a request changes; its owner holds it while it changes what belongs to the request."""
        self._changed = threading.Condition(self.lock)
        self._name, self._do = name, work
        self._request: Request | None = None
        self._is_stopping = False
        self._thread: threading.Thread | None = None

    @property
    def current(self) -> Request | None:
        """What is being worked on, or will be next; None where nothing is."""
        with self.lock:
            return self._request

    def submit(self, request: Request | None) -> None:
        """Do this in the place of whatever was requested before; None to do nothing any more."""
        with self.lock:
            self._request = request
            self._changed.notify()
        if request is not None and self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()

    def end(self, request: Request) -> bool:
        """The request is done; False where it is not the newest any more, and nobody wants to know what came of it."""
        with self.lock:
            is_newest = self._request is request
            if is_newest:
                self._request = None
            return is_newest

    def stop(self) -> None:
        """End the thread and wait for it."""
        with self.lock:
            self._is_stopping = True
            self.submit(None)
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        while True:
            with self.lock:
                self._changed.wait_for(lambda: self._request is not None or self._is_stopping)
                request = self._request
            if request is None:
                return
            self._do(request)
            # A thread that waits must not hold on to data that the window has let go.
            del request
