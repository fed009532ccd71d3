"""Long work: what is called between its pieces, so that its thread can end it, and how much of it is done."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

between_pieces: ContextVar[Callable[[], object]] = ContextVar("between_pieces", default=lambda: None)
"""Called between the pieces of long work; whatever it raises ends the work."""
report_part: ContextVar[Callable[[float], object]] = ContextVar("report_part", default=lambda part: None)
"""Told how much of long work is done, from 0 to 1."""

PIECE = 20_000_000
"""About the nanoseconds of a piece."""
_counted = threading.local()


class TooLongError(Exception):
    """The work takes more than a piece, and must not be done in this thread."""


def worked(nanoseconds: int) -> None:
    """Count work of about that length, and call `between_pieces` once it makes a piece.

    The length is known from how much is computed, not measured: the same work always has the same pieces.
    """
    total = getattr(_counted, "nanoseconds", 0) + nanoseconds
    _counted.nanoseconds = total if total < PIECE else 0
    if total >= PIECE:
        between_pieces.get()()


@contextmanager
def counted_pieces() -> Iterator[Callable[[], int]]:
    """Count the pieces of the work in this block; what is yielded returns how many there were."""
    _counted.nanoseconds, between, count = 0, between_pieces.get(), 0

    def counted() -> None:
        nonlocal count
        count += 1
        between()

    token = between_pieces.set(counted)
    try:
        yield lambda: count
    finally:
        between_pieces.reset(token)


@contextmanager
def a_piece_at_most() -> Iterator[None]:
    """Raise TooLongError out of work that takes longer than a piece, before it goes on."""
    _counted.nanoseconds = 0
    token = between_pieces.set(_refuse)
    try:
        yield
    finally:
        between_pieces.reset(token)


def _refuse() -> None:
    raise TooLongError
