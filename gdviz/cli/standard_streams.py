"""Standard output and standard error as they may be: closed, full, or unable to hold a letter."""

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
"""What people should read instead of the system's words for an error that has a number."""


@contextmanager
def guarded_streams() -> Iterator[None]:
    """While the block runs nothing that is printed ends in a traceback.

    To print to standard output, or to flush it, raises InputError where it cannot be written, BrokenPipeError where its
    reader has had enough. What standard error does not take is lost: there is nobody to tell.
    """
    before = sys.stdout, sys.stderr
    _fill_gaps()
    sys.stdout, sys.stderr = cast(TextIO, _Output(sys.stdout)), cast(TextIO, _Errors(sys.stderr))
    try:
        yield
    finally:
        sys.stderr.flush()
        sys.stdout, sys.stderr = before


def _fill_gaps() -> None:
    """Open what is closed, or the next file to be opened would be standard output; to write there still fails."""
    for number, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # takes the lowest number that is free
    if sys.stdout is None:
        sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115


class _Stream:
    """A text stream as it is, but for letters that it cannot hold and for its failures."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        try:
            return int(self._stream.write(text))
        except OSError as error:
            self._fail(error)
        return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        """Let what is left to be written vanish: Python would try again when it ends, and complain."""
        with suppress(OSError):
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, self._stream.fileno())
            os.close(nothing)


class _Errors(_Stream):
    """Standard error: its failures are passed over."""


class _Output(_Stream):
    """Standard output: its failures are told."""

    def _fail(self, error: OSError) -> NoReturn:
        super()._fail(error)
        if isinstance(error, BrokenPipeError):
            raise error
        reason = PLAIN_WORDS.get(error.errno or 0) or error.strerror or error
        raise InputError(f"standard output: cannot be written: {reason}") from error
