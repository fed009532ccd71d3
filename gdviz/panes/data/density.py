"""Summaries of the rows of a data set, however many: spans, histograms and a density, each computed once."""

import math
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from gdviz.core.problems.counting import Span
from gdviz.core.problems.dataset import Dataset
from gdviz.core.problems.large_regression import Report, share, unreported

MAX_DOTS = 5_000
"""With more rows than this their density is shown, not a dot for each."""
MAX_RESIDUALS = 500
"""With more rows the residuals of only some of them are drawn."""
MAX_SIDE = 200
"""The most cells of a density on each side."""


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
    """All that a picture needs of the rows, except for a sample of them.

    x, y: their spans. histograms: of x, of y and, where the true line is known, of the noise.
    density: None where each row is drawn as a dot.
    """

    x: Span
    y: Span
    histograms: tuple[Histogram, ...]
    density: Density | None


# Weak, since of large data a few of those that nobody shows any more would fill the memory.
_summaries: WeakKeyDictionary[Dataset, Summary] = WeakKeyDictionary()


def summary(data: Dataset, report: Report = unreported) -> Summary:
    """The summary of the rows, counted in pieces when it is first asked for; the same object from then on."""
    found = _summaries.get(data)
    if found is None:
        found = _summaries[data] = _counted(data, report)
    return found


def _counted(data: Dataset, report: Report) -> Summary:
    # Equal bins, as many as the square root of the number of rows.
    bins = max(5, min(30, round(math.sqrt(data.rows))))
    # The more rows there are, the smaller the cells can be.
    side = min(MAX_SIDE, round(0.8 * math.sqrt(data.rows))) if data.rows > MAX_DOTS else 0
    found = data.counted(bins, side, share(report, 0.0, 0.9))
    data.remember([slice(None, None, -(-data.rows // most)) for most in (MAX_DOTS, MAX_RESIDUALS)])
    edges = {name: np.histogram_bin_edges(np.empty(0), bins, room) for name, room in found.rooms.items()}
    histograms = tuple(Histogram(name, edges[name], counts) for name, counts in found.bins.items())
    density = Density(found.rooms["x"], found.rooms["y"], found.cells) if found.cells is not None else None
    return Summary(found.spans["x"], found.spans["y"], histograms, density)
