"""Guards against a standard output or standard error that is closed, full, or cannot encode a character."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn, TextIO, cast

from gdviz.core.errors import InputError

PLAIN_WORDS = {
    errno.ENOSPC: "the disk is full; make room or send it elsewhere",
    errno.EDQUOT: "your share of the disk is full; make room or send it elsewhere",
    errno.EBADF: "it is closed",
    errno.EFBIG: "the file would be larger than is allowed here; send it elsewhere",
}
"""Plainer words than the system's for these errors."""


@contextmanager
def guarded_streams() -> Iterator[None]:
    """While the block runs, printing never ends in a traceback.

    Printing to standard output, or flushing it, raises InputError if it cannot be written, BrokenPipeError if its
    reader is gone. What standard error does not accept is lost.
    """
    before = sys.stdout, sys.stderr
    _fill_gaps()
    sys.stdout, sys.stderr = cast(TextIO, _Output(sys.stdout)), cast(TextIO, _Stream(sys.stderr))
    try:
        yield
    finally:
        sys.stderr.flush()
        sys.stdout, sys.stderr = before


def _fill_gaps() -> None:
    """Open what is closed, or the next file opened would become standard output; writing to it still fails."""
    for number, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # takes the lowest number that is free
    for number, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "w", closefd=False))  # noqa: SIM115


class _Stream:
    """A text stream that escapes the characters it cannot encode and ignores its failures: standard error."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        try:
            self._stream.write(text)
        except OSError as error:
            self._fail(error)
        return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        """Discard what is still buffered: Python would try again when it ends, and complain."""
        with suppress(OSError):
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, self._stream.fileno())
            os.close(nothing)


class _Output(_Stream):
    """Standard output, whose failures are raised."""

    def _fail(self, error: OSError) -> NoReturn:
        super()._fail(error)
        if isinstance(error, BrokenPipeError):
            raise error
        reason = PLAIN_WORDS.get(error.errno or 0) or error.strerror or error
        raise InputError(f"standard output: cannot be written: {reason}") from error
