"""Cases that break in each way that the fuzzers look for, to see that they are found."""

import os
import time
from pathlib import Path
from random import Random

from gdviz.core.errors import InputError

WAYS = ("refused", "traceback", "two lines", "control", "too long", "untrue", "memory", "hangs", "dies", "fine")


def make(rng: Random) -> str:
    """One of the ways."""
    return rng.choice(WAYS)


def seconds(case: str) -> float | None:
    """What hangs is not waited for so long here."""
    return 0.3 if case == "hangs" else None


def check(case: str, folder: Path) -> None:
    """Breaks."""
    told = {"refused": "x: is no x; use y", "two lines": "a\u2028b", "control": "a\x1bb", "too long": "a" * 5000}
    if case in told:
        error = InputError("")
        error.args = (told[case],)
        raise error
    if case == "traceback":
        raise IndexError("list index out of range")
    if case == "memory":
        bytearray(b"x") * 600_000_000
    if case == "hangs":
        time.sleep(60)
    if case == "dies":
        os._exit(1)
    assert case != "untrue", "it is another one"
