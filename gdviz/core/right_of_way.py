"""The window's thread has the right of way: workers wait while it edits or paints, since all need the interpreter.

There is one interpreter in a process, and one thread of the window, so there is one right of way.
"""

import threading
from collections.abc import Iterator
from contextlib import ContextDecorator, contextmanager

LONGEST_WAIT = 0.05
"""Seconds after which a worker goes on all the same, so that a busy window never stops it."""


class RightOfWay(ContextDecorator):
    """Held by one thread during a block or a function, maybe within another; the others wait, but never long."""

    def __init__(self) -> None:
        """Start with nobody holding it."""
        self._free = threading.Event()
        self._free.set()
        self._depth = 0

    def __enter__(self) -> None:
        """Take it."""
        self._depth += 1
        self._free.clear()

    def __exit__(self, *exception: object) -> None:
        """Give it back, at the end of the outermost block."""
        self._depth -= 1
        if not self._depth:
            self._free.set()

    @contextmanager
    def yielded(self) -> Iterator[None]:
        """Let the others go on during a block in which the holder, if there is one, waits for them."""
        self._free.set()
        try:
            yield
        finally:
            if self._depth:
                self._free.clear()

    def wait(self) -> None:
        """Wait until nobody holds it, at most LONGEST_WAIT seconds."""
        self._free.wait(LONGEST_WAIT)


right_of_way = RightOfWay()
