"""The process in which cases are tried: it says of each when it begins, and how it ended."""

import json
import os
import resource
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

from gdviz.core.errors import InputError, escape_controls
from tests.fuzz import hostile
from tests.fuzz.engine import SECONDS, case_of, module_of

MOST_BYTES = 500 * 10**6
"""Of memory, so that a classroom computer need not swap for any file or any options; more is a fault."""
ALL_BYTES = 4 * 2**30
"""Nor may a case take the memory of the machine."""


def main(kind: str, seed: int, numbers: range) -> None:
    """Try these cases, one after the other; a line for each beginning and each end."""
    resource.setrlimit(resource.RLIMIT_AS, (ALL_BYTES, ALL_BYTES))
    said = os.dup(1)
    home = os.getcwd()
    for number in numbers:
        case = case_of(kind, seed, number)
        longer = getattr(module_of(kind), "seconds", lambda case: None)(case)
        os.write(said, json.dumps([number, None, longer or SECONDS]).encode() + b"\n")
        folder = Path(tempfile.mkdtemp(prefix="gdviz-fuzz-"))
        try:
            hostile.furnish(folder)
            os.chdir(folder)
            told = _told(kind, case, folder)
        finally:
            os.chdir(home)
            shutil.rmtree(folder)
        peak = peak_memory()
        is_too_much = peak > MOST_BYTES and longer is None
        if is_too_much:
            told = told or f"takes {peak / 1e6:,.0f} MB"
        os.write(said, json.dumps([number, told, SECONDS]).encode() + b"\n")
        if peak > MOST_BYTES:  # the peak is that of all cases; the next ones get a new process
            sys.exit(0)


def peak_memory() -> int:
    """The bytes that this process has touched at the most; ru_maxrss would begin with the peak of its parent."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * 1024


def _told(kind: str, case: object, folder: Path) -> str:
    """What broke; empty for nothing."""
    try:
        module_of(kind).check(case, folder)
    except InputError as error:
        told = str(error)
        fits = escape_controls(told) == told and 0 < len(told) <= 300
        return "" if fits else f"no line for a person: {told[:400]!r}"
    except AssertionError as error:
        return str(error) or traceback.format_exc(limit=-2)
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {str(error)[:200]} ({Path(frame.filename).name}:{frame.lineno})"
    return ""


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), range(int(sys.argv[3]), int(sys.argv[4])))
