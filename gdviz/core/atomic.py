"""Writing a file or a folder so that a crash or an interruption leaves the old one or none, never half of the new."""

import errno
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gdviz.core.errors import InputError
from gdviz.core.permissions import is_read_only, replaceable, take_over, take_over_folder
from gdviz.core.reading import absolute, ending_of

logger = logging.getLogger(__name__)

PLAIN_WORDS = {
    errno.ENOSPC: "the disk is full; make room or take another folder",
    errno.EDQUOT: "your share of the disk is full; make room or take another folder",
    errno.EFBIG: "the file would be larger than is allowed here; take another folder or a shorter clip",
}
"""What people should read instead of the system's words for an error that has a number."""
KEPT_OF_NAME = 40
KEPT_OF_ENDING = 20
"""So many letters of a name, and of its ending, are in that of its temporary neighbour: 255 bytes in any script."""


def new_mark() -> str:
    """Letters by which the temporary neighbours of one writing are told from those of all others."""
    return os.urandom(8).hex()


@contextmanager
def replacing(path: Path, mark: str | None = None) -> Iterator[Path]:
    """A temporary path beside ``path`` to write to; it takes its place when the block ends without an exception.

    The content is on the disk before it does: after a power failure, too, there is the old file or the new one, and a
    disk that finds out late that it is full still leaves the old one. Of a link the file is written that it leads to.
    What is replaced passes on its permissions, and nobody else can read the new content before. InputError where it
    cannot be written. ``mark`` is for `remove_temporaries`.
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
            old = replaceable(path) or old  # someone may have changed it meanwhile
            if old is not None:
                take_over(temporary, old)
            temporary.replace(place)
            logger.info("file written: %s, bytes: %d", path, size)
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def replacing_folder(path: Path, is_ours: Callable[[str], bool], mark: str | None = None) -> Iterator[Path]:
    """A temporary folder beside ``path`` to fill; it takes its place when the block ends without an exception.

    A folder of that name is replaced if it holds nothing but files whose names are ``is_ours``. InputError for any
    other, and where it cannot be written. The old folder is moved aside before the new one gets its name, and back if
    that fails. Links and permissions, those of the files too, are as in `replacing`.
    """
    with naming(path):
        place = _place(path)
        temporary, aside = _neighbours(place, mark or new_mark())
        old = _old_folder(path, is_ours)
        temporary.mkdir(0o700 if old else 0o777)
        try:
            yield temporary
            old = _old_folder(path, is_ours) or old  # someone may have put something into it meanwhile
            if old:
                take_over_folder(temporary, old)
            sizes = [entry.stat().st_size for entry in os.scandir(temporary)]
            _put_in_place(temporary, place, aside, is_ours)
            logger.info("folder written: %s, files: %d, bytes: %d", path, len(sizes), sum(sizes))
        finally:
            if temporary.exists():
                shutil.rmtree(temporary)


def remove_temporaries(path: Path, mark: str) -> None:
    """Remove what is left of writing to ``path`` under this mark by a process that was killed.

    An old folder that it had just moved aside comes back, or stays there where it cannot. What cannot be removed stays.
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
    """InputError for a file, or a folder, that is there and may not be replaced, and for one that has no folder."""
    absolute(path)
    if not os.path.isdir(path.parent):
        raise InputError(f"{path}: there is no folder {path.parent}; make it, or take another name")
    with naming(path):
        if not replace_old and os.path.lexists(path):
            raise InputError(f"{path}: is there already; add --force to replace it, or take another name")
        replaceable(path, is_folder)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let what goes wrong with files in the block be an InputError that names ``path``."""
    try:
        yield
    except OSError as error:
        reason = PLAIN_WORDS.get(error.errno or 0) or error.strerror or error
        raise InputError(f"{path}: cannot be written: {reason}") from error


def _place(path: Path) -> Path:
    """Where it is really written: what a link leads to."""
    return Path(os.path.realpath(path)) if os.path.islink(path) else path


def _neighbours(place: Path, mark: str) -> tuple[Path, Path]:
    """Where the new one is written, and where an old folder is moved to before it is removed."""
    name = f".{place.name[:KEPT_OF_NAME]}.{mark}"
    return place.parent / f"{name}{ending_of(place)[:KEPT_OF_ENDING]}", place.parent / f"{name}.old"


def _old_folder(path: Path, is_ours: Callable[[str], bool]) -> list[os.stat_result]:
    """The folder that is there, then the files in it; nothing where there is none. InputError if it is to stay."""
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
            # Another was faster: an export that it has put there is replaced in turn; what was there before is gone.
            _old_folder(place, is_ours)
            shutil.rmtree(old, ignore_errors=True)
    finally:
        if old.exists() and not place.exists():
            old.rename(place)
        # Only reached with something in place. What cannot be deleted stays behind, hidden: the new folder is there.
        shutil.rmtree(aside, ignore_errors=True)


def _renamed(new: Path, place: Path) -> bool:
    """Whether it has got its name; it has not where a folder with something in it has that."""
    try:
        new.rename(place)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            return False
        raise
    return True
