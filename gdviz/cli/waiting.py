"""Says on standard error what takes long, once it does."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gdviz.core.long_work import between_pieces

SAID_AFTER = 0.5
"""Seconds."""


@contextmanager
def said_once_long(what: str, clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
    """Say in one line what is done in the block, once that has taken a while. clock: returns the time in seconds."""
    began, is_said = clock(), False

    def look_at_the_clock() -> None:
        nonlocal is_said
        if not is_said and clock() - began >= SAID_AFTER:
            print(f"gdviz: {what} …", file=sys.stderr, flush=True)
            is_said = True

    token = between_pieces.set(look_at_the_clock)
    try:
        yield
    finally:
        between_pieces.reset(token)
