"""Summaries of a data set of any size: spans, histograms and a density, each computed once."""

import math
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from gdviz.core.data.counting import Span
from gdviz.core.data.dataset import Dataset
from gdviz.core.data.rows import Report, share, unreported
from gdviz.core.frozen import frozen
from gdviz.presentation.column_names import axis_names

MAX_DOTS = 5_000
"""Above this number of rows a density is shown instead of dots."""
MAX_RESIDUALS = 500
"""With more rows, only every n-th residual is drawn."""
MAX_SIDE = 200
"""The most cells along each side of a density."""


@frozen(eq=False)
class Histogram:
    """The number of values in each bin between the edges."""

    title: str
    edges: NDArray[np.float64]
    counts: NDArray[np.int64]


@frozen(eq=False)
class Density:
    """The number of rows in each cell of a regular grid over all of them.

    counts: shape (m, m); counts[i, j] belongs to the i-th interval of ``y_range``, from below, and the j-th of
    ``x_range``.
    """

    x_range: Span
    y_range: Span
    counts: NDArray[np.int64]


@frozen(eq=False)
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
    # Equal bins, as many as the square root of the number of rows.
    bins = max(5, min(30, round(math.sqrt(data.rows))))
    # More rows allow smaller cells.
    side = min(MAX_SIDE, round(0.8 * math.sqrt(data.rows))) if data.rows > MAX_DOTS else 0
    found = data.counts(bins, side, share(report, 0.0, 0.9))
    data.prefetch([slice(None, None, -(-data.rows // most)) for most in (MAX_DOTS, MAX_RESIDUALS)])
    edges = {name: np.histogram_bin_edges(np.empty(0), bins, span) for name, span in found.padded.items()}
    titles = dict(zip("xy", axis_names(data), strict=True))
    histograms = tuple(Histogram(titles.get(name, name), edges[name], counts) for name, counts in found.bins.items())
    density = Density(found.padded["x"], found.padded["y"], found.cells) if found.cells is not None else None
    return Summary(found.spans["x"], found.spans["y"], histograms, density)
