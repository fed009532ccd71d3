"""Data of the user's own that are too many for the memory: they stay in their file, and DuckDB tells what is asked."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gdviz.core.data.counting import Counts, Span, padded_span
from gdviz.core.data.dataset import AS_DRAWN, Dataset, DistinctValues, Scale, constant_column_error
from gdviz.core.data.least_squares import Fit
from gdviz.core.data.rows import Column, Report, unreported
from gdviz.core.tables.large import LargePairs, constant

FIRST_ROWS = 1_000_000
"""Distinct values are counted among so many rows: of all of them, no table of those seen would fit into the memory."""


@dataclass(frozen=True, eq=False)
class FileDataset(Dataset):
    """Pairs that stay in a file. There are no columns x and y: `at` gives some rows, in double precision.

    pairs: the rows as they are in the file. What queries the file raises InputError where it has changed since it was
    opened, or is gone.
    """

    x: Column = field(init=False, repr=False)
    y: Column = field(init=False, repr=False)
    pairs: LargePairs = field(kw_only=True, repr=False)

    def __post_init__(self) -> None:
        """No arrays have to be made read-only."""

    def _make_key(self, report: Report = unreported) -> tuple[object, ...]:
        return self.pairs.path, self.pairs.stamp, self.pairs.columns, self.scales, self.names

    @property
    def columns(self) -> tuple[Column, ...]:
        """None are kept in memory."""
        return ()

    @property
    def rows(self) -> int:
        """How many pairs there are."""
        return self.pairs.extent.rows

    @property
    def is_double(self) -> bool:
        """They are."""
        return True

    @property
    def drawn(self) -> tuple[Column, Column]:
        """There are no columns to be had; RuntimeError."""
        raise RuntimeError("the rows are in their file")

    @cached_property
    def fit(self) -> Fit:
        """The least-squares line through all pairs and the moments of x, from sums that DuckDB streams."""
        found, _ = fit_of(self.pairs)
        return scaled_fit(found, self.pairs.extent.y_mean, *self.scales)

    @property
    def distinct_x(self) -> DistinctValues:
        """The distinct values of x among the first rows of the file."""
        return self.pairs.once("distinct x", lambda: DistinctValues.of(self.pairs.first_x(FIRST_ROWS)))

    def prepare(self, report: Report) -> None:
        """Find now, and keep, what takes time: the fit, and the distinct values."""
        _ = self.fit
        report(0.7)
        _ = self.distinct_x
        report(1.0)

    @property
    def noise(self) -> None:
        """No true line is known."""
        return

    def at(self, rows: slice | NDArray[np.int64]) -> tuple[Column, Column]:
        """x and y of these rows, counted from 0; of the shape of ``rows`` if that is an array."""
        x, y = self.pairs.part(rows) if isinstance(rows, slice) else self.pairs.at(rows)
        return _on_scale(x, self.scales[0]), _on_scale(y, self.scales[1])

    def prefetch(self, parts: Sequence[slice]) -> None:
        """Fetch these rows in one pass, so that they are at hand for `at`."""
        self.pairs.prefetch(parts)

    def counts(self, bins: int, side: int, report: Report = unreported) -> Counts:
        """One pass: the rows in the bins and cells of the values in the file, which are then scaled."""
        extent = self.pairs.extent
        spans = {"x": extent.x, "y": extent.y}
        padded = {name: padded_span(span, is_double=True) for name, span in spans.items()}
        x, y, cells = self.pairs.counts(padded["x"], padded["y"], bins, max(side, 1))
        report(1.0)
        scaled = [
            {name: _span_on(found[name], scale) for name, scale in zip("xy", self.scales, strict=True)}
            for found in (spans, padded)
        ]
        return Counts(scaled[0], scaled[1], {"x": x, "y": y}, cells if side else None)

    def standardised(self, x: bool, y: bool) -> "FileDataset":
        """The same pairs on other scales, from the moments alone; InputError for a column that is constant."""
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


def _span_on(span: Span, scale: Scale) -> Span:
    low, high = span
    return (low - scale.mean) / scale.spread, (high - scale.mean) / scale.spread


def fit_of(pairs: LargePairs) -> tuple[Fit, float]:
    """The fit of the values as they are in the file, and the variance of y; found once and kept with the pairs.

    In three passes: means, the sums about the means, and those of the residuals, since the variance minus what the line
    explains would lose all digits of a minimum near 0.
    """
    return pairs.once("fit", lambda: _fitted(pairs))


def _fitted(pairs: LargePairs) -> tuple[Fit, float]:
    rows, *_, mean, y_mean = pairs.extent
    # The means are rounded: of a billion and a half to seven digits behind the point. What is left is taken back.
    sums = pairs.sums(mean, y_mean, ("d", "e", "d * d", "d * e", "e * e"))
    off, y_off, squares, products, y_squares = (total / rows for total in sums)
    same_x, same_y = (low == high for low, high in (pairs.extent.x, pairs.extent.y))
    variance, y_variance = 0.0 if same_x else squares - off * off, 0.0 if same_y else y_squares - y_off * y_off
    covariance = products - off * y_off
    if variance == 0.0:
        weight, bias = mean * y_mean / (mean * mean + 1.0), y_mean / (mean * mean + 1.0)
        # The residuals are those of the mean of y only if the line goes through it.
        rest = weight * mean + bias - y_mean
    else:
        weight, rest = covariance / variance, 0.0
        bias = y_mean - weight * mean
    squared = f"pow({constant(weight)} * d - e + {constant(rest)}, 2)"
    terms = (squared, "d * d * d", "d * d * d * d", f"{squared} * d", f"{squared} * d * d")
    minimum, third, fourth, first, second = (total / rows for total in pairs.sums(mean, y_mean, terms))
    square = variance + mean * mean
    return Fit(rows, weight, bias, minimum, mean, variance, square, third, fourth, first, second), y_variance


def scaled_fit(fit: Fit, y_mean: float, x: Scale, y: Scale) -> Fit:
    """The fit of the same rows on these scales."""
    if (x, y) == (AS_DRAWN, AS_DRAWN):
        return fit
    mean, height = (fit.mean - x.mean) / x.spread, (y_mean - y.mean) / y.spread
    variance, weight = fit.variance / x.spread**2, fit.weight * x.spread / y.spread
    return Fit(
        fit.rows,
        weight,
        height - weight * mean,
        fit.minimum / y.spread**2,
        mean,
        variance,
        variance + mean * mean,
        fit.third / x.spread**3,
        fit.fourth / x.spread**4,
        fit.error_first / (y.spread**2 * x.spread),
        fit.error_second / (y.spread**2 * x.spread**2),
    )
