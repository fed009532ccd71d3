"""Room for columns in memory, which is refused before the system runs out of it."""

from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike

from gdviz.core.data.rows import Column
from gdviz.core.errors import InputError

BYTES_OF_ROW = 16
"""What a row takes while a window shows it: x and y in single precision, and as much again to work with."""
MEMORY_FILE = Path("/proc/meminfo")


def free_memory() -> int | None:
    """Bytes that can be taken without swapping, as Linux estimates them; None where the system does not tell."""
    try:
        lines = MEMORY_FILE.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(found[0]) * 1024 if found else None


def room(rows: int, dtype: DTypeLike = np.float32) -> Column:
    """An empty column; InputError or MemoryError where there is no room for data of this many rows."""
    free = free_memory()
    if free is not None and rows * BYTES_OF_ROW > free:
        raise no_room(rows)
    return np.empty(rows, dtype)


def no_room(rows: int) -> InputError:
    """The refusal of data with so many rows."""
    return InputError(f"data.rows: {rows:,} rows need {rows * BYTES_OF_ROW / 1e6:,.0f} MB of free memory; use fewer")
