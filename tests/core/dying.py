"""The beginning of a program that dies while it replaces a folder."""


def dying_with_the_old_folder_aside(place):
    """It ends with 1 where the new folder is about to get this name, and the old one has none."""
    return f"""
import os
from pathlib import Path
rename = Path.rename
def dies(source, target):
    return os._exit(1) if target == Path({str(place)!r}) and not target.exists() else rename(source, target)
Path.rename = dies
"""
