"""Files that somebody names, read so that none of them can do harm: regular ones alone, and no more than is wanted."""

import os
import stat
from pathlib import Path
from typing import BinaryIO

from gdviz.core.errors import InputError

FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"))
"""A pipe is not waited for and a terminal not taken over; what a system does not have is left out."""
KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


def open_file(path: Path) -> BinaryIO:
    """Open a regular file to read its bytes; InputError for what cannot be read or is none, such as a pipe.

    It is the opened file that is looked at: one that is put in its place meanwhile is not read.
    """
    try:
        handle = os.open(path, FLAGS)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InputError(f"{str(path)!r}: is not the name of a file") from error
    kind = stat.S_IFMT(os.fstat(handle).st_mode)
    if kind != stat.S_IFREG:
        os.close(handle)
        raise InputError(f"{path}: is {KINDS.get(kind, 'something else')}, not a file; give a file")
    return os.fdopen(handle, "rb")


def read_bytes(path: Path, most: int, remedy: str) -> bytes:
    """The content of a regular file of at most so many bytes; InputError with what to do for a larger one.

    The size that the system tells is not asked: files that it makes up are said to be empty.
    """
    with open_file(path) as file:
        try:
            content = file.read(most + 1)
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    if len(content) > most:
        raise InputError(f"{path}: is larger than {most:,} bytes; {remedy}")
    return content
