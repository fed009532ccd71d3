"""Columns of numbers in chunks, and the progress of long work on them."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

PIECE_ROWS = 1 << 16  # rows per chunk, so that intermediate results fit into the processor's cache

Column = NDArray[np.floating]
"""x or y of some rows, shape (n,)."""

Report = Callable[[float], None]
"""Receives progress, from 0 to 1; whatever it raises ends the work."""


def unreported(part: float) -> None:
    """Ignore the progress."""


def share(report: Report, begin: float, end: float) -> Report:
    """The report for a part of the work, from ``begin`` to ``end`` of the whole."""
    return lambda part: report(begin + (end - begin) * part)


def pieces(rows: int, report: Report = unreported) -> Iterator[slice]:
    """Yield all rows in order, in chunks; progress is reported before each."""
    for begin in range(0, rows, PIECE_ROWS):
        report(begin / rows)
        yield slice(begin, min(begin + PIECE_ROWS, rows))
