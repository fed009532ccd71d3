"""Writing a file or a folder so that a crash or an interruption leaves the old one or none, never half of the new."""

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gdviz.core.errors import InputError

PLAIN_WORDS = {
    errno.ENOSPC: "the disk is full; make room or take another folder",
    errno.EDQUOT: "your share of the disk is full; make room or take another folder",
    errno.EBADF: "it is closed",
    errno.EFBIG: "the file would be larger than is allowed here; take another folder or a shorter clip",
}
"""What people should read instead of the system's words for an error that has a number."""
KEPT_OF_NAME = 60
"""So many letters of a name are in that of its temporary neighbour, which thus does not become too long."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside ``path`` to write to; it takes its place when the block ends without an exception.

    The content is on the disk before it does: after a power failure, too, there is the old file or the new one, and a
    disk that finds out late that it is full still leaves the old one. InputError where it cannot be written.
    """
    with naming(path):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        handle, name = tempfile.mkstemp(prefix=_prefix(path), suffix=path.suffix, dir=path.parent)
        temporary = Path(name)
        try:
            os.close(handle)
            # mkstemp keeps others out; a new file has the permissions that the user's umask gives.
            temporary.chmod(0o666 & ~_umask())
            yield temporary
            with temporary.open("r+b") as file:
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def replacing_folder(path: Path, is_ours: Callable[[str], bool]) -> Iterator[Path]:
    """A temporary folder beside ``path`` to fill; it takes its place when the block ends without an exception.

    A folder of that name is replaced if it holds nothing but files whose names are ``is_ours``. InputError for any
    other, and where it cannot be written. The old folder is moved aside before the new one gets its name, and back if
    that fails.
    """
    with naming(path):
        place = path.resolve() if path.is_symlink() else path
        _check_replaceable(path, is_ours)
        temporary = Path(tempfile.mkdtemp(prefix=_prefix(place), dir=place.parent))
        try:
            temporary.chmod(0o777 & ~_umask())
            yield temporary
            _check_replaceable(path, is_ours)  # someone may have put something into it meanwhile
            _put_in_place(temporary, place)
        finally:
            if temporary.exists():
                shutil.rmtree(temporary)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace the file at ``path`` by one with this content."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let what goes wrong with files in the block be an InputError that names ``path``."""
    try:
        yield
    except OSError as error:
        reason = PLAIN_WORDS.get(error.errno or 0) or error.strerror or error
        raise InputError(f"{path}: cannot be written: {reason}") from error


def _prefix(path: Path) -> str:
    return f".{path.name[:KEPT_OF_NAME]}."


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask


def _check_replaceable(path: Path, is_ours: Callable[[str], bool]) -> None:
    if not os.path.lexists(path):
        return
    if not path.is_dir():
        raise InputError(f"{path}: is a file; take another name for the folder")
    for entry in sorted(path.iterdir()):
        if not is_ours(entry.name) or entry.is_symlink() or not entry.is_file():
            raise InputError(
                f"{path}: is not replaced, for it holds {entry.name}; take another name or an empty folder"
            )


def _put_in_place(new: Path, place: Path) -> None:
    if not place.exists():
        new.rename(place)
        return
    aside = Path(tempfile.mkdtemp(prefix=_prefix(place), dir=place.parent))
    old = aside / place.name
    try:
        place.rename(old)
        new.rename(place)
    finally:
        if old.exists() and not place.exists():
            old.rename(place)
        # Only reached with something in place. What cannot be deleted stays behind, hidden: the new folder is there.
        shutil.rmtree(aside, ignore_errors=True)
