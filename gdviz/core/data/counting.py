"""Counts the rows of a data set in the bins of histograms and the cells of a density."""

import math
from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from gdviz.core.data.rows import Report, share
from gdviz.core.frozen import frozen

Span = tuple[float, float]
"""The smallest and the largest value of a column."""
SINGLE_ERROR, DOUBLE_ERROR = 1e-6, 1e-12
"""A span that is no larger than this, relative to its ends, is due to rounding."""
Pieces = Callable[[Report], Iterator[Mapping[str, NDArray[np.float64]]]]
"""Yields all rows in chunks: columns by name."""


@frozen(eq=False)
class Counts:
    """By column, spans: smallest and largest value; padded: the divided spans; bins: rows in equal bins.

    cells: shape (side, side), cells[i, j] for the i-th interval of y and the j-th of x; None for side 0.
    """

    spans: Mapping[str, Span]
    padded: Mapping[str, Span]
    bins: Mapping[str, NDArray[np.int64]]
    cells: NDArray[np.int64] | None


def count_rows(pieces: Pieces, is_double: bool, bins: int, side: int, report: Report) -> Counts:
    """Count in two passes: the first finds the spans that the second divides. is_double: the precision of the rows."""
    spans: dict[str, Span] = {}
    for columns in pieces(share(report, 0.0, 0.3)):
        for name, values in columns.items():
            low, high = spans.get(name, (math.inf, -math.inf))
            spans[name] = (min(low, float(values.min())), max(high, float(values.max())))
    padded = {name: padded_span(span, is_double) for name, span in spans.items()}
    counts = {name: np.zeros(bins, np.int64) for name in spans}
    cells = np.zeros(side**2, np.int64)
    for columns in pieces(share(report, 0.3, 1.0)):
        for name, values in columns.items():
            counts[name] += np.histogram(values, bins, padded[name])[0]
        if side:
            places = _cells(columns["y"], padded["y"], side) * side + _cells(columns["x"], padded["x"], side)
            cells += np.bincount(places, minlength=cells.size)
    return Counts(spans, padded, counts, cells.reshape(side, side) if side else None)


def padded_span(span: Span, is_double: bool) -> Span:
    """The span, widened if it is empty or only rounding errors wide, since it could not be divided into bins."""
    low, high = span
    if high - low <= (DOUBLE_ERROR if is_double else SINGLE_ERROR) * max(abs(low), abs(high)):
        half = max(0.5, 1e-3 * max(abs(low), abs(high)))
        return low - half, high + half
    return span


def _cells(values: NDArray[np.float64], span: Span, side: int) -> NDArray[np.int32]:
    """The interval of the span that contains each value; the largest value belongs to the last."""
    low, high = span
    cells = ((values - low) * (side / (high - low))).astype(np.int32)
    return np.clip(cells, 0, side - 1, out=cells)
