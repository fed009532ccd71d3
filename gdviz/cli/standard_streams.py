"""Protection against a standard output or error that is closed, full, or cannot encode a character."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn, TextIO, cast

from gdviz.core.errors import InputError

REASONS = {
    errno.ENOSPC: "the disk is full; free some space or redirect it elsewhere",
    errno.EDQUOT: "your disk quota is used up; free some space or redirect it elsewhere",
    errno.EBADF: "it is closed",
    errno.EFBIG: "the file would exceed the size limit here; redirect it elsewhere",
}
"""Plainer words than the operating system's."""


@contextmanager
def guarded_streams() -> Iterator[None]:
    """Keep printing in the block from ending in a traceback.

    Writing or flushing standard output raises InputError if it fails, BrokenPipeError if the reader is gone. What
    standard error does not accept is lost.
    """
    before = sys.stdout, sys.stderr
    _open_closed_streams()
    sys.stdout, sys.stderr = cast(TextIO, _StandardOutput(sys.stdout)), cast(TextIO, _ForgivingStream(sys.stderr))
    try:
        yield
    finally:
        sys.stderr.flush()
        sys.stdout, sys.stderr = before


def _open_closed_streams() -> None:
    """Reopen closed descriptors, lest the next file opened become standard output; writing to them still fails."""
    for number, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # gets the lowest free descriptor
    for number, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "w", closefd=False))  # noqa: SIM115


class _ForgivingStream:
    """Standard error: escapes characters that it cannot encode, and ignores failed writes."""

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
        """Discard the buffer, which Python would otherwise try to flush again at exit, and complain."""
        with suppress(OSError):
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, self._stream.fileno())
            os.close(nothing)


class _StandardOutput(_ForgivingStream):
    """Standard output: raises failed writes."""

    def _fail(self, error: OSError) -> NoReturn:
        super()._fail(error)
        if isinstance(error, BrokenPipeError):
            raise error
        reason = REASONS.get(error.errno or 0) or error.strerror or error
        raise InputError(f"standard output: cannot be written: {reason}") from error
