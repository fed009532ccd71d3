"""What the rows of a data set come to, however many they are: spans, histograms and a density, each counted once."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from gdviz.core.problems.dataset import Dataset
from gdviz.core.problems.large_regression import Report, share, unreported

MAX_DOTS = 5_000
"""With more rows than this what is seen of them is their density, not a dot for each."""
MAX_SIDE = 200
"""The most cells of a density on each side."""
PIECE = 1 << 17
"""So many rows are looked at in one go: their tables fit into the cache, and a thread can be stopped in between."""

Span = tuple[float, float]
"""The smallest and the largest value of a column."""


@dataclass(frozen=True, eq=False)
class Histogram:
    """How often a value fell into each of the bins between the edges."""

    title: str
    edges: NDArray[np.float64]
    counts: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Density:
    """How many rows lie in each of the equal cells of a rectangle that holds them all.

    counts: shape (m, m); counts[i, j] belongs to the i-th stretch of ``y_range`` and the j-th of ``x_range``, upwards.
    """

    x_range: Span
    y_range: Span
    counts: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Summary:
    """All that a picture needs of the rows but a sample of them.

    x, y: their spans. histograms: of x, of y and, where the true line is known, of the noise.
    density: None where each row is drawn as a dot.
    """

    x: Span
    y: Span
    histograms: tuple[Histogram, ...]
    density: Density | None


# Weak, since of large data a few of those that nobody shows any more would fill the memory.
_summaries: WeakKeyDictionary[Dataset, Summary] = WeakKeyDictionary()


def summary(data: Dataset, report: Report = unreported, piece: int = PIECE) -> Summary:
    """The summary of the rows, counted in pieces when it is first asked for; the same object from then on."""
    found = _summaries.get(data)
    if found is None:
        found = _summaries[data] = _counted(data, report, piece)
    return found


def _counted(data: Dataset, report: Report, size: int) -> Summary:
    """Two rounds over the rows: the first one finds the spans, in which the second one counts."""
    spans: dict[str, Span] = {}
    for piece in _pieces(data, share(report, 0.0, 0.3), size):
        for name, values in _columns(piece).items():
            low, high = float(values.min()), float(values.max())
            before = spans.get(name, (low, high))
            spans[name] = (min(before[0], low), max(before[1], high))
    edges = {name: _edges(span, data.x.size) for name, span in spans.items()}
    counts = {name: np.zeros(line.size - 1, np.int64) for name, line in edges.items()}
    cells = _Cells(spans["x"], spans["y"], data.x.size) if data.x.size > MAX_DOTS else None
    for piece in _pieces(data, share(report, 0.3, 1.0), size):
        columns = _columns(piece)
        for name, values in columns.items():
            counts[name] += np.histogram(values, counts[name].size, (edges[name][0], edges[name][-1]))[0]
        if cells is not None:
            cells.add(columns["x"], columns["y"])
    histograms = tuple(Histogram(name, edges[name], counts[name]) for name in spans)
    return Summary(spans["x"], spans["y"], histograms, cells.density() if cells is not None else None)


def _pieces(data: Dataset, report: Report, size: int) -> Iterator[Dataset]:
    """The rows in order, ``size`` at a time."""
    for begin in range(0, data.x.size, size):
        report(begin / data.x.size)
        yield data.part(slice(begin, begin + size))


def _columns(piece: Dataset) -> dict[str, NDArray[np.float64]]:
    """The columns that are counted, in double precision, by their names."""
    columns = {"x": piece.x.astype(np.float64), "y": piece.y.astype(np.float64)}
    noise = piece.noise
    return columns if noise is None else {**columns, "noise": noise}


def _room(span: Span) -> Span:
    """The span; a spread of nothing has no bins, so it gets some, and one of rounding errors is no spread."""
    low, high = span
    if high - low <= 1e-6 * max(abs(low), abs(high)):
        room = max(0.5, 1e-3 * max(abs(low), abs(high)))
        return low - room, high + room
    return span


def _edges(span: Span, rows: int) -> NDArray[np.float64]:
    """Of equal bins after the square root of the number of rows."""
    bins = max(5, min(30, round(math.sqrt(rows))))
    return np.histogram_bin_edges(np.empty(0), bins, _room(span))


class _Cells:
    """The cells of a density while they are counted; the more rows there are, the smaller they can be."""

    def __init__(self, x: Span, y: Span, rows: int) -> None:
        self._ranges = (_room(x), _room(y))
        self._side = min(MAX_SIDE, round(0.8 * math.sqrt(rows)))
        self._counts = np.zeros(self._side**2, np.int64)

    def add(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        """Count these rows."""
        across, up = (self._cells(values, span) for values, span in zip((x, y), self._ranges, strict=True))
        self._counts += np.bincount(up * self._side + across, minlength=self._counts.size)

    def _cells(self, values: NDArray[np.float64], span: Span) -> NDArray[np.int32]:
        low, high = span
        # The largest value itself belongs to the last cell.
        cells = ((values - low) * (self._side / (high - low))).astype(np.int32)
        return np.clip(cells, 0, self._side - 1, out=cells)

    def density(self) -> Density:
        """What was counted."""
        return Density(*self._ranges, self._counts.reshape(self._side, self._side))
