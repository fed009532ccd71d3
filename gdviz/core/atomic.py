"""Writes files and folders atomically: a crash leaves the old one or none; the new one inherits its permissions."""

import errno
import logging
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import reduce
from operator import and_
from pathlib import Path

from gdviz.core.errors import InputError
from gdviz.core.reading import absolute, ending_of

logger = logging.getLogger(__name__)

REASONS = {
    errno.ENOSPC: "the disk is full; make room or use another folder",
    errno.EDQUOT: "your share of the disk is full; make room or use another folder",
    errno.EFBIG: "the file would be larger than is allowed here; use another folder or a shorter clip",
}
"""Replacements for the system's error texts."""
STEM_LENGTH, ENDING_LENGTH = 40, 20
"""Characters of a name, and of its ending, that a temporary name keeps: within 255 bytes in any script."""


def new_token() -> str:
    """A random token that distinguishes the temporary files of one write from all others."""
    return os.urandom(8).hex()


@contextmanager
def replacing(path: Path, token: str | None = None) -> Iterator[Path]:
    """Yield a temporary path beside ``path``, which it replaces when the block ends without an exception.

    The content is synced to disk first: even after a power failure or a late disk-full error there is either the old
    file or the new one. Links are followed. The new file gets the permissions of the old one, and nobody else can read
    it before. InputError if it cannot be written. ``token`` is for `remove_temporaries`.
    """
    with wrap_os_errors(path):
        place = _resolved(path)
        temporary, _ = _temporary_paths(place, token or new_token())
        old = stat_replaceable(path)
        os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if old is None else 0o600))
        try:
            yield temporary
            with temporary.open("r+b") as file:
                os.fsync(file.fileno())
                size = os.fstat(file.fileno()).st_size
            old = stat_replaceable(path) or old  # may have changed in the meantime
            if old is not None:
                copy_permissions(temporary, old)
            temporary.replace(place)
            logger.info("file written: %s, bytes: %d", path, size)
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def replacing_folder(path: Path, is_ours: Callable[[str], bool], token: str | None = None) -> Iterator[Path]:
    """Yield a temporary folder beside ``path``, which it replaces when the block ends without an exception.

    An existing folder is replaced if it contains only files whose names satisfy ``is_ours``; InputError for any other,
    and if it cannot be written. The old folder is moved aside before the rename, and back if that fails.
    Links and permissions are as in `replacing`; each new file gets the permissions common to all the old ones.
    """
    with wrap_os_errors(path):
        place = _resolved(path)
        temporary, aside = _temporary_paths(place, token or new_token())
        old = _stat_replaceable_folder(path, is_ours)
        temporary.mkdir(0o700 if old else 0o777)
        try:
            yield temporary
            old = _stat_replaceable_folder(path, is_ours) or old  # may have changed in the meantime
            if old:
                folder, *files = old
                if files:
                    mode = reduce(and_, (stat.S_IMODE(file.st_mode) for file in files))
                    for file in temporary.iterdir():
                        copy_permissions(file, files[0], mode)
                copy_permissions(temporary, folder)
            sizes = [entry.stat().st_size for entry in os.scandir(temporary)]
            _put_in_place(temporary, place, aside, is_ours)
            logger.info("folder written: %s, files: %d, bytes: %d", path, len(sizes), sum(sizes))
        finally:
            if temporary.exists():
                shutil.rmtree(temporary)


def remove_temporaries(path: Path, token: str) -> None:
    """Remove what a killed process left behind of writing to ``path`` with this token.

    An old folder that it had moved aside is restored if possible. What cannot be removed stays.
    """
    place = _resolved(path)
    temporary, aside = _temporary_paths(place, token)
    with suppress(OSError):
        if not os.path.exists(place):
            (aside / place.name).rename(place)
    if os.path.isdir(temporary):
        shutil.rmtree(temporary, ignore_errors=True)
    else:
        with suppress(OSError):
            temporary.unlink()
    if os.path.exists(place):  # otherwise the old folder may still be in it
        shutil.rmtree(aside, ignore_errors=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Write the content to the file at ``path``, see `replacing`."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def check_target(path: Path, replace_old: bool, is_folder: bool = False) -> None:
    """Raise InputError for an existing file or folder that must not be replaced, or a missing parent folder."""
    absolute(path)
    if not os.path.isdir(path.parent):
        raise InputError(f"{path}: there is no folder {path.parent}; make it, or use another name")
    with wrap_os_errors(path):
        if not replace_old and os.path.lexists(path):
            raise InputError(f"{path}: already exists; add --force to replace it, or use another name")
        stat_replaceable(path, is_folder)


@contextmanager
def wrap_os_errors(path: Path) -> Iterator[None]:
    """Turn the OSErrors of the block into an InputError that names ``path``."""
    try:
        yield
    except OSError as error:
        reason = REASONS.get(error.errno or 0) or error.strerror or error
        raise InputError(f"{path}: cannot be written: {reason}") from error


def _resolved(path: Path) -> Path:
    """The path with links resolved."""
    return Path(os.path.realpath(path)) if os.path.islink(path) else path


def _temporary_paths(place: Path, token: str) -> tuple[Path, Path]:
    """Where the new one is written, and where an old folder is moved before it is removed."""
    name = f".{place.name[:STEM_LENGTH]}.{token}"
    return place.parent / f"{name}{ending_of(place)[:ENDING_LENGTH]}", place.parent / f"{name}.old"


def _stat_replaceable_folder(path: Path, is_ours: Callable[[str], bool]) -> list[os.stat_result]:
    """The existing folder and then its files, none if there is no folder; InputError if it must not be replaced."""
    folder = stat_replaceable(path, is_folder=True)
    if folder is None:
        return []
    found = [folder]
    with suppress(FileNotFoundError):  # another export may be replacing it right now
        for entry in sorted(os.scandir(path), key=lambda entry: entry.name):
            if not is_ours(entry.name) or not entry.is_file(follow_symlinks=False):
                raise InputError(
                    f"{path}: is not replaced because it contains {entry.name}; use another name or an empty folder"
                )
            found.append(entry.stat(follow_symlinks=False))
            if is_read_only(Path(entry), found[-1]):
                raise InputError(f"{path}: is not replaced because {entry.name} in it is read-only; use another name")
    return found


def _put_in_place(new: Path, place: Path, aside: Path, is_ours: Callable[[str], bool]) -> None:
    if _try_rename(new, place):
        return
    aside.mkdir(0o700)
    old = aside / place.name
    try:
        while True:
            with suppress(FileNotFoundError):
                place.rename(old)
            if _try_rename(new, place):
                break
            # Another process was faster: its export is replaced in turn, and the folder before it is gone.
            _stat_replaceable_folder(place, is_ours)
            shutil.rmtree(old, ignore_errors=True)
    finally:
        if old.exists() and not place.exists():
            old.rename(place)
        # Hidden leftovers that cannot be deleted stay behind.
        shutil.rmtree(aside, ignore_errors=True)


def _try_rename(new: Path, place: Path) -> bool:
    """Rename ``new`` to ``place``; return False if that is a non-empty folder."""
    try:
        new.rename(place)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            return False
        raise
    return True


def stat_replaceable(path: Path, is_folder: bool = False) -> os.stat_result | None:
    """The status of the existing file or folder, links resolved; None if there is none.

    InputError for a folder in place of a file or vice versa, for devices and pipes, and for read-only permissions, even
    if the user is root and could write it. OSError if the system does not tell.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    if is_folder and not stat.S_ISDIR(found.st_mode):
        raise InputError(f"{path}: is a file; use another name for the folder")
    if not is_folder and not stat.S_ISREG(found.st_mode):
        kind = "a folder" if stat.S_ISDIR(found.st_mode) else "a device or a pipe"
        raise InputError(f"{path}: cannot be written: it is {kind}; use another name")
    if is_read_only(path, found):
        raise InputError(f"{path}: cannot be written: it is read-only; make it writable or use another name")
    return found


def is_read_only(path: Path, found: os.stat_result) -> bool:
    """Whether the current user, or its owner, may not write it."""
    # On Windows this attribute of a folder has another meaning.
    is_meaningless = os.name == "nt" and stat.S_ISDIR(found.st_mode)
    return not ((is_meaningless or found.st_mode & stat.S_IWUSR) and os.access(path, os.W_OK))


def copy_permissions(new: Path, old: os.stat_result, mode: int | None = None) -> None:
    """Give the new file the owner, group and permissions of the old one (or ``mode``), as far as the system allows.

    If the group cannot be kept, the new group gets no more permissions than others had.
    """
    mode = stat.S_IMODE(old.st_mode) if mode is None else mode
    if hasattr(os, "chown"):
        # Only root can change the owner; other users can only choose among their own groups.
        for owner, group in ((-1, old.st_gid), (old.st_uid, -1)):
            with suppress(OSError):
                os.chown(new, owner, group)
    if new.stat().st_gid != old.st_gid:
        mode = mode & ~0o070 | (mode & 0o007) << 3
    new.chmod(mode)
