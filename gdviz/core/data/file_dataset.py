"""The user's own data if too large for memory: they stay in their file, which DuckDB queries."""

import math
from collections.abc import Sequence
from dataclasses import field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gdviz.core.data.counting import Counts, Span, padded_span
from gdviz.core.data.dataset import AS_DRAWN, Dataset, DistinctValues, Scale, constant_column_error
from gdviz.core.data.least_squares import Fit, best_bias, shortest_line
from gdviz.core.data.rows import Column, Report, unreported
from gdviz.core.frozen import frozen
from gdviz.core.tables.large import LargePairs, constant

FIRST_ROWS = 1_000_000
"""Distinct values are counted among so many rows; those of all rows might not fit into memory."""


@frozen(eq=False)
class FileDataset(Dataset):
    """Pairs that stay in a file. There are no columns x and y; `at` returns rows in double precision.

    pairs: the rows as in the file. Whatever queries the file raises InputError if it has changed or is gone.
    """

    x: Column = field(init=False, repr=False)
    y: Column = field(init=False, repr=False)
    pairs: LargePairs = field(kw_only=True, repr=False)

    def __post_init__(self) -> None:
        """Nothing to make read-only."""

    def _make_key(self, report: Report = unreported) -> tuple[object, ...]:
        return self.pairs.path, self.pairs.stamp, self.pairs.columns, self.scales, self.names

    @property
    def columns(self) -> tuple[Column, ...]:
        """None."""
        return ()

    @property
    def rows(self) -> int:
        """How many pairs there are."""
        return self.pairs.extent.rows

    @property
    def is_double(self) -> bool:
        """Always."""
        return True

    @property
    def drawn(self) -> tuple[Column, Column]:
        """RuntimeError: there are no columns in memory."""
        raise RuntimeError("the rows are in their file")

    @cached_property
    def fit(self) -> Fit:
        """The least-squares line through all pairs and the moments of x, from sums streamed by DuckDB."""
        found, _ = fit_of(self.pairs)
        return scaled_fit(found, self.pairs.extent.y_mean, *self.scales)

    @property
    def distinct_x(self) -> DistinctValues:
        """The distinct values of x among the first rows of the file."""
        scale = self.scales[0]
        return self.pairs.once(scale, lambda: DistinctValues.of(_on_scale(self.pairs.first_x(FIRST_ROWS), scale)))

    def prepare(self, report: Report) -> None:
        """Compute and keep what takes long: the fit and the distinct values."""
        _ = self.fit
        report(0.7)
        _ = self.distinct_x
        report(1.0)

    @property
    def noise(self) -> None:
        """None: there is no true line."""
        return

    def at(self, rows: slice | NDArray[np.int64]) -> tuple[Column, Column]:
        """x and y of these rows, counted from 0; of the shape of ``rows`` if that is an array."""
        x, y = self.pairs.part(rows) if isinstance(rows, slice) else self.pairs.at(rows)
        return _on_scale(x, self.scales[0]), _on_scale(y, self.scales[1])

    def prefetch(self, parts: Sequence[slice]) -> None:
        """Fetch these rows in one pass, for `at`."""
        self.pairs.prefetch(parts)

    def counts(self, bins: int, side: int, report: Report = unreported) -> Counts:
        """Count in one pass, in the units of the file, and then scale the spans."""
        extent = self.pairs.extent
        spans = {"x": extent.x, "y": extent.y}
        padded = {name: padded_span(span, is_double=True) for name, span in spans.items()}
        x, y, cells = self.pairs.counts(padded["x"], padded["y"], bins, max(side, 1))
        report(1.0)
        scaled = [
            {name: _scaled_span(found[name], scale) for name, scale in zip("xy", self.scales, strict=True)}
            for found in (spans, padded)
        ]
        return Counts(scaled[0], scaled[1], {"x": x, "y": y}, cells if side else None)

    def standardised(self, x: bool, y: bool) -> "FileDataset":
        """The same pairs on other scales, from the moments alone; InputError for a constant column."""
        fit, y_variance = fit_of(self.pairs)
        extent, scales = self.pairs.extent, list[Scale]()
        moments = ((x, fit.mean, fit.variance), (y, extent.y_mean, y_variance))
        for name, (asked, mean, variance) in zip(self.names, moments, strict=True):
            if asked and variance == 0.0:
                raise constant_column_error(self, name)
            scales.append(Scale(mean, math.sqrt(variance)) if asked else AS_DRAWN)
        return replace(self, scales=(scales[0], scales[1]))


def _on_scale(values: NDArray[np.float64], scale: Scale) -> NDArray[np.float64]:
    return values if scale == AS_DRAWN else (values - scale.mean) / scale.spread


def _scaled_span(span: Span, scale: Scale) -> Span:
    low, high = span
    return (low - scale.mean) / scale.spread, (high - scale.mean) / scale.spread


def fit_of(pairs: LargePairs) -> tuple[Fit, float]:
    """The fit in the units of the file, and the variance of y, computed once.

    In three passes: the means, the sums about the means, and those of the residuals, since the variance minus what the
    line explains would lose all digits of a minimum near 0.
    """
    return pairs.once("fit", lambda: _fit(pairs))


def _fit(pairs: LargePairs) -> tuple[Fit, float]:
    rows, (low, high), (y_low, y_high), mean, y_mean = pairs.extent
    # The mean of equal values is rounded, too.
    mean, y_mean = low if low == high else mean, y_low if y_low == y_high else y_mean
    # Means are rounded, those near 1e9 to seven decimals; `off` corrects for that.
    sums = pairs.sums(mean, y_mean, ("d", "e", "d * d", "d * e", "e * e"))
    off, y_off, squares, products, y_squares = (total / rows for total in sums)
    variance = 0.0 if low == high else squares - off * off
    y_variance = 0.0 if y_low == y_high else y_squares - y_off * y_off
    covariance = products - off * y_off
    if variance == 0.0:
        weight, bias = shortest_line(mean, y_mean)
    else:
        weight = covariance / variance
        bias = best_bias(weight, mean, y_mean)
    squared = f"pow({constant(weight)} * d - e, 2)"
    terms = (squared, "d * d * d", "d * d * d * d", f"{squared} * d", f"{squared} * d * d")
    minimum, third, fourth, first, second = (total / rows for total in pairs.sums(mean, y_mean, terms))
    square = variance + mean * mean
    return Fit(rows, weight, bias, minimum, mean, variance, square, third, fourth, first, second), y_variance


def scaled_fit(fit: Fit, y_mean: float, x: Scale, y: Scale) -> Fit:
    """The fit of the same rows on other scales."""
    if (x, y) == (AS_DRAWN, AS_DRAWN):
        return fit
    mean, height = (fit.mean - x.mean) / x.spread, (y_mean - y.mean) / y.spread
    variance, weight = fit.variance / x.spread**2, fit.weight * x.spread / y.spread
    weight, bias = shortest_line(mean, height) if variance == 0.0 else (weight, best_bias(weight, mean, height))
    return Fit(
        fit.rows,
        weight,
        bias,
        fit.minimum / y.spread**2,
        mean,
        variance,
        variance + mean * mean,
        fit.third / x.spread**3,
        fit.fourth / x.spread**4,
        fit.error_first / (y.spread**2 * x.spread),
        fit.error_second / (y.spread**2 * x.spread**2),
    )
