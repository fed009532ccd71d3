"""Detects changes of a file: by size and time within a session, by a checksum beyond it."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from gdviz.core.errors import InputError
from gdviz.core.reading import open_file
from gdviz.core.tables.text_files import chunks

DIGEST_BYTES = 16


class Stamp(NamedTuple):
    """The size of a file in bytes, and when it was last modified, in nanoseconds."""

    size: int
    modified: int


def stamp_of(path: Path) -> Stamp:
    """The stamp of a file; InputError if there is none."""
    try:
        found = path.stat()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InputError(f"{str(path)!r}: is not the name of a file") from error
    return Stamp(found.st_size, found.st_mtime_ns)


def check_unchanged(path: Path, stamp: Stamp) -> None:
    """Raise InputError if the file is gone or has changed."""
    try:
        found = stamp_of(path)
    except InputError as error:
        raise InputError(f"{error}; put the file back, or open other data") from error
    if found != stamp:
        raise InputError(f"{path}: has changed since it was opened; open it again")


def checksum_of(path: Path) -> str:
    """The BLAKE2 digest of the content in hexadecimal; a gigabyte takes a second or two."""
    with open_file(path) as file:
        try:
            digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
            for chunk in chunks(file.read):
                digest.update(chunk)
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    return digest.hexdigest()
