"""Summaries of a data set of any size: spans, histograms and a density, each computed once."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from gdviz.core.problems.dataset import Dataset
from gdviz.core.problems.large_regression import Report, pieces, share, unreported
from gdviz.presentation.column_names import axis_names

MAX_DOTS = 5_000
"""Above this number of rows a density is shown instead of dots."""
MAX_SIDE = 200
"""The most cells along each side of a density."""

Span = tuple[float, float]
"""The smallest and the largest value of a column."""


@dataclass(frozen=True, eq=False)
class Histogram:
    """The number of values in each bin between the edges."""

    title: str
    edges: NDArray[np.float64]
    counts: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Density:
    """The number of rows in each cell of a regular grid over all of them.

    counts: shape (m, m); counts[i, j] belongs to the i-th interval of ``y_range``, from below, and the j-th of
    ``x_range``.
    """

    x_range: Span
    y_range: Span
    counts: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Summary:
    """All that a picture needs of the rows, apart from a sample of them.

    x, y: spans. histograms: of x, of y and, if the true line is known, of the noise.
    density: None if each row is drawn as a dot.
    """

    x: Span
    y: Span
    histograms: tuple[Histogram, ...]
    density: Density | None


# Weak, since a few large data sets that are no longer shown would fill the memory.
_summaries: WeakKeyDictionary[Dataset, Summary] = WeakKeyDictionary()


def summary(data: Dataset, report: Report = unreported) -> Summary:
    """Return the summary of the rows, computed in chunks on the first call; the same object from then on."""
    found = _summaries.get(data)
    if found is None:
        found = _summaries[data] = _summarize(data, report)
    return found


def _summarize(data: Dataset, report: Report) -> Summary:
    """Compute a summary in two passes over the rows: the first finds the spans, the second counts within them."""
    spans: dict[str, Span] = {}
    for columns in _column_chunks(data, share(report, 0.0, 0.3)):
        for name, values in columns.items():
            low, high = spans.get(name, (math.inf, -math.inf))
            spans[name] = (min(low, float(values.min())), max(high, float(values.max())))
    # Equal bins, as many as the square root of the number of rows.
    bins = max(5, min(30, round(math.sqrt(data.rows))))
    edges = {name: np.histogram_bin_edges(np.empty(0), bins, _padded_span(span)) for name, span in spans.items()}
    counts = {name: np.zeros(bins, np.int64) for name in spans}
    # More rows allow smaller cells.
    side = min(MAX_SIDE, round(0.8 * math.sqrt(data.rows))) if data.rows > MAX_DOTS else 0
    x_range, y_range, cells = _padded_span(spans["x"]), _padded_span(spans["y"]), np.zeros(side**2, np.int64)
    for columns in _column_chunks(data, share(report, 0.3, 1.0)):
        for name, values in columns.items():
            counts[name] += np.histogram(values, bins, (edges[name][0], edges[name][-1]))[0]
        if side:
            places = _cell_indices(columns["y"], y_range, side) * side + _cell_indices(columns["x"], x_range, side)
            cells += np.bincount(places, minlength=cells.size)
    titles = dict(zip("xy", axis_names(data), strict=True))
    histograms = tuple(Histogram(titles.get(name, name), edges[name], counts[name]) for name in spans)
    density = Density(x_range, y_range, cells.reshape(side, side)) if side else None
    return Summary(spans["x"], spans["y"], histograms, density)


def _column_chunks(data: Dataset, report: Report) -> Iterator[dict[str, NDArray[np.float64]]]:
    """Yield chunks of the counted columns by name, in double precision."""
    for rows in pieces(data.rows, report):
        piece = data.part(rows)
        columns = {"x": piece.x.astype(np.float64), "y": piece.y.astype(np.float64)}
        noise = piece.noise
        yield columns if noise is None else {**columns, "noise": noise}


def _padded_span(span: Span) -> Span:
    """The span, widened if it is empty or only rounding errors wide, since it could not be divided into bins."""
    low, high = span
    if high - low <= 1e-6 * max(abs(low), abs(high)):
        room = max(0.5, 1e-3 * max(abs(low), abs(high)))
        return low - room, high + room
    return span


def _cell_indices(values: NDArray[np.float64], span: Span, side: int) -> NDArray[np.int32]:
    """The index of the part of the span, cut into ``side`` equal ones, that holds each value."""
    low, high = span
    cells = ((values - low) * (side / (high - low))).astype(np.int32)
    return np.clip(cells, 0, side - 1, out=cells)
