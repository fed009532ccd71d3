"""Lets one thread end the reading of a table in another, even within a query."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SECONDS_BETWEEN = 0.01


class ReadingEndedError(Exception):
    """The table is no longer wanted."""


class Interrupt:
    """Ends the reading in a block of `interruptible`, from any thread, at any time."""

    def __init__(self) -> None:
        """Not set."""
        self._lock = threading.Lock()
        self._is_set = False
        self._connection: DuckDBPyConnection | None = None
        self._has_ended = threading.Event()
        self._repeater: threading.Thread | None = None

    def set(self) -> None:
        """End the reading now, or as soon as it begins."""
        with self._lock:
            was_set, self._is_set = self._is_set, True
            if not was_set and self._connection is not None:
                arguments = (self._connection, self._has_ended)
                self._repeater = threading.Thread(target=_repeat, args=arguments, name="gdviz interrupt", daemon=True)
                self._repeater.start()

    def check(self) -> None:
        """Raise ReadingEndedError if it is set."""
        if self._is_set:
            raise ReadingEndedError

    @contextmanager
    def watching(self, connection: "DuckDBPyConnection") -> Iterator[None]:
        """Let it end the connection's queries in the block, instead of those of an enclosing block."""
        with self._lock:
            self.check()
            outer = self._connection, self._has_ended
            self._connection, self._has_ended = connection, threading.Event()
        try:
            yield
        finally:
            self._has_ended.set()
            with self._lock:
                (self._connection, self._has_ended), repeater = outer, self._repeater
            if repeater is not None:
                repeater.join()


def _repeat(connection: "DuckDBPyConnection", has_ended: threading.Event) -> None:
    """Interrupt until the reading has ended: DuckDB ignores an interrupt while a query is being prepared."""
    connection.interrupt()
    while not has_ended.wait(SECONDS_BETWEEN):
        connection.interrupt()


_current: ContextVar[Interrupt | None] = ContextVar("interrupt", default=None)


@contextmanager
def interruptible(interrupt: Interrupt) -> Iterator[None]:
    """Let the interrupt end this thread's reading in the block with a ReadingEndedError."""
    token = _current.set(interrupt)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def watched(connection: "DuckDBPyConnection") -> Iterator[None]:
    """Let the interrupt of this thread, if any, end the queries of the connection in the block."""
    interrupt = _current.get()
    with interrupt.watching(connection) if interrupt is not None else nullcontext():
        yield


def checkpoint() -> None:
    """Raise ReadingEndedError if the table that this thread reads is no longer wanted."""
    if (interrupt := _current.get()) is not None:
        interrupt.check()
