"""A worker thread for the latest request: a newer one cancels the older one."""

import threading
import traceback
from typing import Generic, TypeVar

from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
from gdviz.core.long_work import between_pieces
from gdviz.core.right_of_way import right_of_way

Request = TypeVar("Request")
Result = TypeVar("Result")


class SupersededError(Exception):
    """A newer request has been made."""


@frozen
class Outcome(Generic[Result]):
    """The outcome of a request: a result, a one-line refusal, or the traceback of an unexpected error."""

    result: Result | None = None
    refusal: str = ""
    error: str = ""


class LatestTask(Generic[Request, Result]):
    """One thread, started by the first request; requests are compared by identity."""

    def __init__(self, name: str) -> None:
        """Start no thread yet. name: of the thread."""
        self.lock = threading.RLock()
        """Held while the request changes; a subclass holds it while changing what belongs to the request."""
        self._changed = threading.Condition(self.lock)
        self._name = name
        self._request: Request | None = None
        self._outcome: Outcome[Result] | None = None
        self._is_stopping = False
        self._thread: threading.Thread | None = None

    def work(self, request: Request) -> Result:
        """Do the work in the thread, calling `publish` often; InputError where it is not possible."""
        raise NotImplementedError

    def publish(self, request: Request, result: Result | None = None) -> None:
        """Hand over an intermediate result, if any, and let the window pass; SupersededError after a newer request."""
        with self.lock:
            self.check(request)
            if result is not None:
                self._outcome = Outcome(result)
        right_of_way.wait()

    def check(self, request: Request) -> None:
        """SupersededError after a newer request."""
        with self.lock:
            if self._request is not request:
                raise SupersededError

    @property
    def current(self) -> Request | None:
        """The request being worked on, or next in line; None when idle."""
        with self.lock:
            return self._request

    @property
    def is_busy(self) -> bool:
        """Whether `take` may still return something."""
        with self.lock:
            return self._request is not None or self._outcome is not None

    def submit(self, request: Request | None) -> None:
        """Replace the current request; None cancels it."""
        with self.lock:
            self._request, self._outcome = request, None
            self._changed.notify()
        if request is not None and self._thread is None:
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def take(self) -> Outcome[Result] | None:
        """The outcome of the newest request, once; None while there is nothing new."""
        with self.lock:
            outcome, self._outcome = self._outcome, None
            return outcome

    def stop(self) -> None:
        """End the thread and wait for it."""
        with self.lock:
            self._is_stopping = True
            self.submit(None)
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while True:
            with self.lock:
                self._changed.wait_for(lambda: self._request is not None or self._is_stopping)
                request = self._request
            if request is None:
                return
            self._answer(request)
            # An idle thread must not keep alive data that the window has released.
            del request

    def _answer(self, request: Request) -> None:
        asked_between = between_pieces.set(lambda: self.publish(request))
        try:
            outcome = Outcome(self.work(request))
        except InputError as error:
            outcome = Outcome(refusal=str(error))
        except BaseException:  # the window must learn of any failure
            outcome = Outcome(error=traceback.format_exc())
        between_pieces.reset(asked_between)
        with self.lock:
            if self._request is request:
                self._request, self._outcome = None, outcome
