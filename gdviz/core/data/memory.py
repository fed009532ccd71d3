"""Allocates columns, unless the system would run out of memory."""

from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike

from gdviz.core.data.rows import Column
from gdviz.core.errors import InputError

BYTES_OF_ROW = 16
"""Memory of a row in a window: x and y in single precision, and as much again to work with."""
MEMORY_FILE = Path("/proc/meminfo")


def free_memory() -> int | None:
    """Bytes available without swapping, as estimated by Linux; None on other systems."""
    try:
        lines = MEMORY_FILE.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(found[0]) * 1024 if found else None


def allocate_column(rows: int, dtype: DTypeLike = np.float32) -> Column:
    """An uninitialised column; InputError or MemoryError if data of this many rows do not fit into memory."""
    free = free_memory()
    if free is not None and rows * BYTES_OF_ROW > free:
        raise out_of_memory_error(rows)
    return np.empty(rows, dtype)


def out_of_memory_error(rows: int) -> InputError:
    """The error for data of so many rows."""
    return InputError(f"data.rows: {rows:,} rows need {rows * BYTES_OF_ROW / 1e6:,.0f} MB of free memory; use fewer")
