"""Writes a file or a folder so that a crash leaves the old one or none; the new one gets the old one's permissions."""

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

PLAIN_WORDS = {
    errno.ENOSPC: "the disk is full; make room or take another folder",
    errno.EDQUOT: "your share of the disk is full; make room or take another folder",
    errno.EFBIG: "the file would be larger than is allowed here; take another folder or a shorter clip",
}
"""What to say instead of the system's own words for an error."""
KEPT_OF_NAME, KEPT_OF_ENDING = 40, 20
"""Letters of a name, and of its ending, that its temporary neighbour keeps: within 255 bytes in any script."""


def new_mark() -> str:
    """Letters that tell the temporary neighbours of one write from those of all others."""
    return os.urandom(8).hex()


@contextmanager
def replacing(path: Path, mark: str | None = None) -> Iterator[Path]:
    """A temporary path beside ``path`` to write to; it takes its place when the block ends without an exception.

    The content is on the disk by then: even after a power failure there is the old file or the new one, and a disk that
    is found full late still leaves the old one. A link is followed. The new file gets the permissions of the old one,
    and nobody else can read it before. InputError where it cannot be written. ``mark`` is for `remove_temporaries`.
    """
    with naming(path):
        place = _place(path)
        temporary, _ = _neighbours(place, mark or new_mark())
        old = replaceable(path)
        os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if old is None else 0o600))
        try:
            yield temporary
            with temporary.open("r+b") as file:
                os.fsync(file.fileno())
                size = os.fstat(file.fileno()).st_size
            old = replaceable(path) or old  # it may have been changed meanwhile
            if old is not None:
                take_over(temporary, old)
            temporary.replace(place)
            logger.info("file written: %s, bytes: %d", path, size)
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def replacing_folder(path: Path, is_ours: Callable[[str], bool], mark: str | None = None) -> Iterator[Path]:
    """A temporary folder beside ``path`` to fill; it takes its place when the block ends without an exception.

    A folder of that name is replaced if it holds only files whose names are ``is_ours``. InputError for any other, and
    where it cannot be written. The old folder is moved aside before the new one gets its name, and back if that fails.
    Links and permissions are as in `replacing`; each new file gets the permissions that all the old ones had.
    """
    with naming(path):
        place = _place(path)
        temporary, aside = _neighbours(place, mark or new_mark())
        old = _old_folder(path, is_ours)
        temporary.mkdir(0o700 if old else 0o777)
        try:
            yield temporary
            old = _old_folder(path, is_ours) or old  # something may have been put into it meanwhile
            if old:
                folder, *files = old
                if files:
                    mode = reduce(and_, (stat.S_IMODE(file.st_mode) for file in files))
                    for file in temporary.iterdir():
                        take_over(file, files[0], mode)
                take_over(temporary, folder)
            sizes = [entry.stat().st_size for entry in os.scandir(temporary)]
            _put_in_place(temporary, place, aside, is_ours)
            logger.info("folder written: %s, files: %d, bytes: %d", path, len(sizes), sum(sizes))
        finally:
            if temporary.exists():
                shutil.rmtree(temporary)


def remove_temporaries(path: Path, mark: str) -> None:
    """Remove what a killed process left of writing to ``path`` under this mark.

    An old folder that it had just moved aside comes back if possible. What cannot be removed stays.
    """
    place = _place(path)
    temporary, aside = _neighbours(place, mark)
    with suppress(OSError):
        if not os.path.exists(place):
            (aside / place.name).rename(place)
    if os.path.isdir(temporary):
        shutil.rmtree(temporary, ignore_errors=True)
    else:
        with suppress(OSError):
            temporary.unlink()
    if os.path.exists(place):  # else the old folder may be in it
        shutil.rmtree(aside, ignore_errors=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace the file at ``path`` by one with this content."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def check_target(path: Path, replace_old: bool, is_folder: bool = False) -> None:
    """InputError for a file or folder that is there and may not be replaced, and for a path whose parent is missing."""
    absolute(path)
    if not os.path.isdir(path.parent):
        raise InputError(f"{path}: there is no folder {path.parent}; make it, or take another name")
    with naming(path):
        if not replace_old and os.path.lexists(path):
            raise InputError(f"{path}: is there already; add --force to replace it, or take another name")
        replaceable(path, is_folder)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Turn the OSErrors of the block into an InputError that names ``path``."""
    try:
        yield
    except OSError as error:
        reason = PLAIN_WORDS.get(error.errno or 0) or error.strerror or error
        raise InputError(f"{path}: cannot be written: {reason}") from error


def _place(path: Path) -> Path:
    """Where it is really written: at the end of links."""
    return Path(os.path.realpath(path)) if os.path.islink(path) else path


def _neighbours(place: Path, mark: str) -> tuple[Path, Path]:
    """Where the new one is written, and where an old folder is moved to before it is removed."""
    name = f".{place.name[:KEPT_OF_NAME]}.{mark}"
    return place.parent / f"{name}{ending_of(place)[:KEPT_OF_ENDING]}", place.parent / f"{name}.old"


def _old_folder(path: Path, is_ours: Callable[[str], bool]) -> list[os.stat_result]:
    """The folder that is there, then the files in it; nothing where there is none. InputError if it has to stay."""
    folder = replaceable(path, is_folder=True)
    if folder is None:
        return []
    found = [folder]
    with suppress(FileNotFoundError):  # another export may just be replacing it
        for entry in sorted(os.scandir(path), key=lambda entry: entry.name):
            if not is_ours(entry.name) or not entry.is_file(follow_symlinks=False):
                raise InputError(
                    f"{path}: is not replaced, for it holds {entry.name}; take another name or an empty folder"
                )
            found.append(entry.stat(follow_symlinks=False))
            if is_read_only(Path(entry), found[-1]):
                raise InputError(f"{path}: is not replaced, for {entry.name} in it is read-only; take another name")
    return found


def _put_in_place(new: Path, place: Path, aside: Path, is_ours: Callable[[str], bool]) -> None:
    if _renamed(new, place):
        return
    aside.mkdir(0o700)
    old = aside / place.name
    try:
        while True:
            with suppress(FileNotFoundError):
                place.rename(old)
            if _renamed(new, place):
                break
            # Another process was faster: its export is replaced in turn, and what was there before is gone.
            _old_folder(place, is_ours)
            shutil.rmtree(old, ignore_errors=True)
    finally:
        if old.exists() and not place.exists():
            old.rename(place)
        # Something is in place by now. What cannot be deleted stays behind, hidden.
        shutil.rmtree(aside, ignore_errors=True)


def _renamed(new: Path, place: Path) -> bool:
    """Whether it could take its name; it cannot where a folder that is not empty has it."""
    try:
        new.rename(place)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            return False
        raise
    return True


def replaceable(path: Path, is_folder: bool = False) -> os.stat_result | None:
    """The file or folder that is there, at the end of links; None where there is none.

    InputError for a folder in place of a file and the other way round, for devices and pipes, and for what is read-only
    by its permissions, even for the administrator, who could write it. OSError where the system refuses to tell.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    if is_folder and not stat.S_ISDIR(found.st_mode):
        raise InputError(f"{path}: is a file; take another name for the folder")
    if not is_folder and not stat.S_ISREG(found.st_mode):
        kind = "a folder" if stat.S_ISDIR(found.st_mode) else "a device or a pipe"
        raise InputError(f"{path}: cannot be written: it is {kind}; take another name")
    if is_read_only(path, found):
        raise InputError(f"{path}: cannot be written: it is read-only; make it writable or take another name")
    return found


def is_read_only(path: Path, found: os.stat_result) -> bool:
    """Whether we may not write it, or its owner may not."""
    # On Windows this attribute of a folder means something else.
    says_nothing = os.name == "nt" and stat.S_ISDIR(found.st_mode)
    return not ((says_nothing or found.st_mode & stat.S_IWUSR) and os.access(path, os.W_OK))


def take_over(new: Path, old: os.stat_result, mode: int | None = None) -> None:
    """Give the new file the owner, group and permissions of the old one (or this mode), as far as the system allows.

    Where the group cannot be kept, ours may do no more than others could before.
    """
    mode = stat.S_IMODE(old.st_mode) if mode is None else mode
    if hasattr(os, "chown"):
        # Only the administrator can give a file away; others only to a group of their own.
        for owner, group in ((-1, old.st_gid), (old.st_uid, -1)):
            with suppress(OSError):
                os.chown(new, owner, group)
    if new.stat().st_gid != old.st_gid:
        mode = mode & ~0o070 | (mode & 0o007) << 3
    new.chmod(mode)
