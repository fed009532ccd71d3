"""Reads user-supplied files safely: regular files only, up to a size limit."""

import logging
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from gdviz.core.errors import InputError

logger = logging.getLogger(__name__)

OPEN_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"))
"""Do not wait for a pipe or take over a terminal; flags that the system lacks are left out."""
FILE_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}
SEPARATORS = tuple(separator for separator in (os.sep, os.altsep) if separator)


def open_file(path: Path) -> BinaryIO:
    """Open a regular file for reading bytes; InputError if it cannot be read or is not regular, such as a pipe.

    The open file itself is checked, so that it cannot be swapped in between.
    """
    try:
        handle = os.open(path, OPEN_FLAGS)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InputError(f"{str(path)!r}: is not the name of a file") from error
    found = os.fstat(handle)
    kind = stat.S_IFMT(found.st_mode)
    if kind != stat.S_IFREG:
        os.close(handle)
        raise InputError(f"{path}: is {FILE_KINDS.get(kind, 'something else')}, not a file; give a file")
    logger.info("file read: %s, bytes: %d", path, found.st_size)
    return os.fdopen(handle, "rb")


@contextmanager
def log_refusal() -> Iterator[None]:
    """Log why the block rejects its input; for the outermost reader only, so that it is logged once."""
    try:
        yield
    except Exception as error:
        logger.info("rejected: %s", error or type(error).__name__)
        raise


def read_bytes(path: Path, limit: int, remedy: str) -> bytes:
    """Read a regular file of at most ``limit`` bytes; InputError with the remedy for a larger one.

    The reported size is not trusted, since virtual files such as those in /proc claim to be empty.
    """
    with open_file(path) as file:
        try:
            content = file.read(limit + 1)
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    if len(content) > limit:
        raise InputError(f"{path}: is larger than {limit:,} bytes; {remedy}")
    return content


def ending_of(path: Path) -> str:
    """The ending with its dot, in lower case; "" for none. Unlike a suffix it may be the whole name, as in .csv."""
    dot = path.name.rfind(".")
    return path.name[dot:].lower() if 0 <= dot < len(path.name) - 1 else ""


def check_name(name: str) -> str:
    """Return the name unchanged; InputError if it is empty, which as a path would be the current folder."""
    if not name:
        raise InputError("is empty; give the name of a file")
    return name


def check_file_name(name: str) -> str:
    """Return the name of a file to write unchanged; InputError if it is empty or ends like a folder's."""
    if check_name(name).endswith(SEPARATORS):
        raise InputError("ends like the name of a folder; give the name of a file")
    return name


def absolute(path: Path) -> Path:
    """The absolute path; InputError if it is relative to a current folder that has been deleted."""
    try:
        return path.absolute()
    except FileNotFoundError as error:
        raise InputError(f"{path}: the current folder no longer exists; give an absolute path") from error
