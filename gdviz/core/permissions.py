"""What is replaced: whether it may be, and how what takes its place gets its owner, group and permissions."""

import os
import stat
from contextlib import suppress
from functools import reduce
from operator import and_
from pathlib import Path

from gdviz.core.errors import InputError


def replaceable(path: Path, is_folder: bool = False) -> os.stat_result | None:
    """The file, or the folder, that is there, at the end of links; None where there is none.

    InputError for a folder in the place of a file and the other way round, for devices and pipes, and for what is
    read-only: by its permissions for the administrator too, who could write it. OSError where the system refuses to
    say what is there.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    if is_folder and not stat.S_ISDIR(found.st_mode):
        raise InputError(f"{path}: is a file; take another name for the folder")
    if not is_folder and stat.S_ISDIR(found.st_mode):
        raise InputError(f"{path}: cannot be written: it is a folder; take another name")
    if not is_folder and not stat.S_ISREG(found.st_mode):
        raise InputError(f"{path}: cannot be written: it is a device or a pipe; take another name")
    if is_read_only(path, found):
        raise InputError(f"{path}: cannot be written: it is read-only; make it writable or take another name")
    return found


def is_read_only(path: Path, found: os.stat_result) -> bool:
    """Whether we may not write it, or nobody should: its owner may not."""
    # On Windows the attribute of this name says something else of a folder.
    says_nothing = os.name == "nt" and stat.S_ISDIR(found.st_mode)
    return not ((says_nothing or found.st_mode & stat.S_IWUSR) and os.access(path, os.W_OK))


def take_over(new: Path, old: os.stat_result, mode: int | None = None) -> None:
    """Give owner, group and permissions of the old one (or this mode) to the new one, as far as the system lets us.

    Where the group cannot be kept, ours may do no more than others could before.
    """
    mode = stat.S_IMODE(old.st_mode) if mode is None else mode
    if hasattr(os, "chown"):
        # Only the administrator can give a file away, others only to a group of theirs.
        for owner, group in ((-1, old.st_gid), (old.st_uid, -1)):
            with suppress(OSError):
                os.chown(new, owner, group)
    if new.stat().st_gid != old.st_gid:
        mode = mode & ~0o070 | (mode & 0o007) << 3
    new.chmod(mode)


def take_over_folder(new: Path, old: list[os.stat_result]) -> None:
    """The same for a folder and the files in it; ``old`` is the old folder, then its files.

    Each new file gets the permissions that all of the old ones had.
    """
    folder, *files = old
    if files:
        mode = reduce(and_, (stat.S_IMODE(file.st_mode) for file in files))
        for path in new.iterdir():
            take_over(path, files[0], mode)
    take_over(new, folder)
