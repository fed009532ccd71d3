"""Reads files that the user names, so that none can do harm: only regular ones, and no more of them than is wanted."""

import logging
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from gdviz.core.errors import InputError

logger = logging.getLogger(__name__)

FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"))
"""A pipe is not waited for, a terminal not taken over; flags that a system does not have are left out."""
KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}
SEPARATORS = tuple(separator for separator in (os.sep, os.altsep) if separator)


def open_file(path: Path) -> BinaryIO:
    """Open a regular file to read its bytes; InputError for what cannot be read or is none, such as a pipe.

    The opened file itself is checked, so that nothing else can be put in its place meanwhile.
    """
    try:
        handle = os.open(path, FLAGS)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InputError(f"{str(path)!r}: is not the name of a file") from error
    found = os.fstat(handle)
    kind = stat.S_IFMT(found.st_mode)
    if kind != stat.S_IFREG:
        os.close(handle)
        raise InputError(f"{path}: is {KINDS.get(kind, 'something else')}, not a file; give a file")
    logger.info("file read: %s, bytes: %d", path, found.st_size)
    return os.fdopen(handle, "rb")


@contextmanager
def refusal_logged() -> Iterator[None]:
    """Log why what the block reads is refused; for the outermost reader, so that it is logged once."""
    try:
        yield
    except Exception as error:
        logger.info("not taken: %s", error or type(error).__name__)
        raise


def read_bytes(path: Path, most: int, remedy: str) -> bytes:
    """The content of a regular file of at most so many bytes; InputError with what to do for a larger one.

    The reported size is not trusted: the files that a system makes up are said to be empty.
    """
    with open_file(path) as file:
        try:
            content = file.read(most + 1)
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    if len(content) > most:
        raise InputError(f"{path}: is larger than {most:,} bytes; {remedy}")
    return content


def ending_of(path: Path) -> str:
    """The ending with its dot, in lower case; "" for none. Unlike a suffix it may be the whole name: that of .csv."""
    dot = path.name.rfind(".")
    return path.name[dot:].lower() if 0 <= dot < len(path.name) - 1 else ""


def check_name(name: str) -> str:
    """The name as it is; InputError for an empty one, which as a path would be the current folder."""
    if not name:
        raise InputError("is empty; give the name of a file")
    return name


def check_file_name(name: str) -> str:
    """The name of a file to be written as it is; InputError for one that is empty or ends as a folder's may."""
    if check_name(name).endswith(SEPARATORS):
        raise InputError("ends as the name of a folder does; give the name of a file")
    return name


def absolute(path: Path) -> Path:
    """The path from the root on; InputError where it begins in a current folder that has been deleted."""
    try:
        return path.absolute()
    except FileNotFoundError as error:
        raise InputError(f"{path}: the current folder is not there any more; give a name that begins at /") from error
