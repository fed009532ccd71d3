"""Lets one thread end the reading of a table in another, which may be waiting for DuckDB."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class ReadingEndedError(Exception):
    """The table is no longer wanted."""


class Interrupt:
    """Ends the reading in the block of `interruptible`; usable from any thread, at any time."""

    def __init__(self) -> None:
        """Not set."""
        self._lock = threading.Lock()
        self._is_set = False
        self._connection: DuckDBPyConnection | None = None

    def set(self) -> None:
        """End the reading now, and any that has yet to begin."""
        with self._lock:
            self._is_set = True
            if self._connection is not None:
                self._connection.interrupt()

    def check(self) -> None:
        """Raise ReadingEndedError if it is set."""
        if self._is_set:
            raise ReadingEndedError

    def watch(self, connection: "DuckDBPyConnection | None") -> None:
        """Interrupt the queries of this connection; None before it is closed."""
        with self._lock:
            self._connection = connection


_current: ContextVar[Interrupt | None] = ContextVar("interrupt", default=None)


@contextmanager
def interruptible(interrupt: Interrupt) -> Iterator[None]:
    """Let the interrupt end what this thread reads in the block, which then raises ReadingEndedError."""
    token = _current.set(interrupt)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def watched(connection: "DuckDBPyConnection") -> Iterator[None]:
    """Let the interrupt of this thread, if any, end the queries of the connection in the block."""
    interrupt = _current.get()
    if interrupt is None:
        yield
        return
    interrupt.watch(connection)
    try:
        yield
    finally:
        interrupt.watch(None)


def checkpoint() -> None:
    """Raise ReadingEndedError if the table that this thread reads is no longer wanted."""
    if (interrupt := _current.get()) is not None:
        interrupt.check()
