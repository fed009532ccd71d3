"""What the name of a file says: its ending, whether it can be one of a file, and where that is."""

import os
from pathlib import Path

from gdviz.core.errors import InputError

SEPARATORS = tuple(separator for separator in (os.sep, os.altsep) if separator)


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
