"""A temporary file of rows, x and y as float64, with access by row number."""

import os
import shutil
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gdviz.core.errors import InputError

BYTES_OF_ROW = 16
MOST_MAPPED = 1 << 29
"""Files of up to so many bytes are mapped. A map ends up in memory as a whole, so larger files are read row by row,
which takes ten times as long."""

Numbers = NDArray[np.float64]


class RowFile:
    """A file of ``rows`` rows, to be appended before they are read; InputError, with ``name``, if the disk is full."""

    def __init__(self, path: Path, rows: int, name: str) -> None:
        """Nothing is written yet."""
        self._path, self._rows, self._name = path, rows, name
        self._written = 0
        if shutil.disk_usage(path.parent).free < rows * BYTES_OF_ROW:
            raise self._disk_full_error()
        path.touch()

    def append(self, x: Numbers, y: Numbers) -> None:
        """Append rows, all or none."""
        try:
            with self._path.open("r+b") as file:
                file.seek(self._written * BYTES_OF_ROW)
                file.write(np.stack([x, y], axis=1).data)
        except OSError as error:
            raise self._disk_full_error() from error
        self._written += x.size

    def at(self, rows: NDArray[np.int64]) -> tuple[Numbers, Numbers]:
        """x and y of these rows, of the shape of ``rows``."""
        is_mapped = self._rows * BYTES_OF_ROW <= MOST_MAPPED or not hasattr(os, "pread")
        found = self._map[rows.ravel()] if is_mapped else self._read(rows.ravel())
        return found[:, 0].reshape(rows.shape), found[:, 1].reshape(rows.shape)

    @cached_property
    def _map(self) -> Numbers:
        return np.asarray(np.memmap(self._path, np.float64, "r", shape=(self._rows, 2)))

    def _read(self, rows: NDArray[np.int64]) -> Numbers:
        with self._path.open("rb", buffering=0) as file:
            handle = file.fileno()
            content = b"".join([os.pread(handle, BYTES_OF_ROW, place) for place in (BYTES_OF_ROW * rows).tolist()])
        return np.frombuffer(content, np.float64).reshape(-1, 2)

    def _disk_full_error(self) -> InputError:
        needed = f"{self._rows * BYTES_OF_ROW / 1e6:,.0f} MB"
        told = f"mini-batches of {self._rows:,} rows need {needed} in {self._path.parent.parent}"
        return InputError(f"{self._name}: {told}; make room there, or let each step see all rows")
