"""Reads the simplest tables, such as those that gdviz ships, without importing DuckDB, which takes far longer."""

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gdviz.core.reading import open_file

MOST_BYTES = 100_000
HEADER = b"x,y\n"
NUMBER = rb"-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?"
ROWS = re.compile(rb"(%b,%b\n)+" % (NUMBER, NUMBER))


def read_plain(path: Path) -> NDArray[np.float64] | None:
    """Columns x and y, shape (2, n), of a small file with that header and only plain numbers; None for any other."""
    with open_file(path) as file:
        content = file.read(MOST_BYTES + 1)
    rows = content.removeprefix(HEADER)
    if len(content) > MOST_BYTES or rows is content or not ROWS.fullmatch(rows):
        return None
    return np.array(rows.replace(b"\n", b",").split(b",")[:-1], np.float64).reshape(-1, 2).T.copy()
