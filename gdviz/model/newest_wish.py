"""The owner of a thread that does what was wished last: an older wish is given up, and nobody waits but in `stop`."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Wish = TypeVar("Wish")


class NewestWish(Generic[Wish]):
    """One thread, started with the first wish. Wishes are told apart by identity."""

    def __init__(self, name: str, fulfil: Callable[[Wish], None]) -> None:
        """No thread yet, and nothing is wished.

        name: of the thread. fulfil: works on a wish in the thread, until that is done or not the newest any more, and
        lets no exception through.
        """
        self.lock = threading.RLock()
        """Held while a wish changes; its owner holds it while it changes what belongs to the wish."""
        self._changed = threading.Condition(self.lock)
        self._name, self._fulfil = name, fulfil
        self._wish: Wish | None = None
        self._is_stopping = False
        self._thread: threading.Thread | None = None

    @property
    def wish(self) -> Wish | None:
        """What is being worked on, or will be next; None where nothing is."""
        with self.lock:
            return self._wish

    def want(self, wish: Wish | None) -> None:
        """Do this in the place of whatever was wished before; None to do nothing any more."""
        with self.lock:
            self._wish = wish
            self._changed.notify()
        if wish is not None and self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()

    def end(self, wish: Wish) -> bool:
        """The wish is done; False where it is not the newest any more, and nobody wants to know what came of it."""
        with self.lock:
            is_newest = self._wish is wish
            if is_newest:
                self._wish = None
            return is_newest

    def stop(self) -> None:
        """End the thread and wait for it."""
        with self.lock:
            self._is_stopping = True
            self.want(None)
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        while True:
            with self.lock:
                self._changed.wait_for(lambda: self._wish is not None or self._is_stopping)
                wish = self._wish
            if wish is None:
                return
            self._fulfil(wish)
            # A thread that waits must not hold on to data that the window has let go.
            del wish
