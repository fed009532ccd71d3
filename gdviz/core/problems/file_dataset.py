"""Data of the user's own that are too many for the memory: they stay in their file, and DuckDB tells what is asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.core.errors import InputError
from gdviz.core.problems.counting import Counts, Span, room
from gdviz.core.problems.dataset import Dataset
from gdviz.core.problems.large_regression import Column, Fit, Report, unreported
from gdviz.core.tables.large import LargePairs, constant

FIRST_ROWS = 1_000_000
"""Distinct values are counted among so many rows: of all of them, no table of those seen would fit into the memory."""


class Scale(NamedTuple):
    """What a column is measured from, and in which unit; as it is in the file with these defaults."""

    origin: float = 0.0
    unit: float = 1.0

    def of(self, value: float) -> float:
        """The value on this scale."""
        return (value - self.origin) / self.unit

    def of_span(self, span: Span) -> Span:
        """Both ends on this scale."""
        return self.of(span[0]), self.of(span[1])

    def of_column(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The values on this scale."""
        return values if self == AS_IT_IS else (values - self.origin) / self.unit


AS_IT_IS = Scale()


@dataclass(frozen=True, eq=False)
class FileDataset(Dataset):
    """Pairs that stay in a file. There are no columns x and y: `at` gives some rows, in double precision.

    pairs: the rows as they are in the file. scales: those on which x and y are measured. What asks the file raises
    InputError where it has changed since it was opened, or is gone.
    """

    x: Column = field(init=False, repr=False)
    y: Column = field(init=False, repr=False)
    pairs: LargePairs = field(kw_only=True, repr=False)
    scales: tuple[Scale, Scale] = field(kw_only=True, default=(AS_IT_IS, AS_IT_IS))

    def __post_init__(self) -> None:
        """No arrays have to be made read-only."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """None are kept in memory."""
        return ()

    def _make_key(self, report: Report = unreported) -> tuple[object, ...]:
        return self.pairs.path, self.pairs.stamp, self.pairs.columns, self.scales, self.names

    @property
    def rows(self) -> int:
        """How many pairs there are."""
        return self.pairs.extent.rows

    @property
    def is_double(self) -> bool:
        """They are."""
        return True

    @property
    def is_standardised(self) -> bool:
        """Whether x is measured from its mean, in units of its standard deviation."""
        return self.scales[0] != AS_IT_IS

    @cached_property
    def fit(self) -> Fit:
        """The least-squares line through all pairs and the moments of x, from sums that DuckDB streams."""
        return scaled_fit(fit_of(self.pairs), self.pairs.extent.y_mean, *self.scales)

    @cached_property
    def distinct_x(self) -> tuple[int, int]:
        """How many distinct values x has in the first rows, which are `looked_at`, and how many are left of these."""
        drawn = self.pairs.first_x(self.looked_at)
        return np.unique(drawn).size, np.unique(drawn.astype(np.float32)).size

    @property
    def looked_at(self) -> int:
        """Among how many rows `distinct_x` is counted."""
        return min(FIRST_ROWS, self.rows)

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

    def part(self, rows: slice) -> Dataset:
        """Some of the rows, in memory."""
        return Dataset(*self.at(rows), None, self.source, names=self.names, reading=self.reading)

    def at(self, rows: slice | NDArray[np.int64]) -> tuple[Column, Column]:
        """x and y of these rows, counted from 0; of the shape of ``rows`` if that is an array."""
        x, y = self.pairs.part(rows) if isinstance(rows, slice) else self.pairs.at(rows)
        return self.scales[0].of_column(x), self.scales[1].of_column(y)

    def remember(self, parts: Sequence[slice]) -> None:
        """Fetch these rows in one pass, so that they are at hand."""
        self.pairs.remember(parts)

    def counted(self, bins: int, side: int, report: Report = unreported) -> Counts:
        """One pass: the rows in the bins and cells of the values in the file, which are then scaled."""
        extent = self.pairs.extent
        spans = {"x": extent.x, "y": extent.y}
        rooms = {name: room(span, is_double=True) for name, span in spans.items()}
        x, y, cells = self.pairs.counts(rooms["x"], rooms["y"], bins, max(side, 1))
        report(1.0)
        scaled = [
            {name: scale.of_span(found[name]) for name, scale in zip("xy", self.scales, strict=True)}
            for found in (spans, rooms)
        ]
        return Counts(scaled[0], scaled[1], {"x": x, "y": y}, cells if side else None)

    def scaled(self, standardised: bool) -> "FileDataset":
        """Standardised in x, or as they are in the file; InputError where x is the same in every row."""
        if standardised == self.is_standardised:
            return self
        if not standardised:
            return replace(self, scales=(AS_IT_IS, self.scales[1]))
        fit = fit_of(self.pairs)
        if fit.variance == 0.0:
            raise InputError(f"{self.source}: x is the same in every row and cannot be standardised; take x as it is")
        return replace(self, scales=(Scale(fit.mean, float(np.sqrt(fit.variance))), self.scales[1]))


def fit_of(pairs: LargePairs) -> Fit:
    """The fit of the values as they are in the file, found once and kept with the pairs.

    In three passes: means, the sums about the means, and those of the residuals, since the variance minus what the line
    explains would lose all digits of a minimum near 0.
    """
    if pairs.fit is None:
        pairs.fit = _fitted(pairs)
    found = pairs.fit
    assert isinstance(found, Fit)
    return found


def _fitted(pairs: LargePairs) -> Fit:
    rows, *_, mean, y_mean = pairs.extent
    # The means are rounded: of a billion and a half to seven digits behind the point. What is left is taken back.
    off, y_off, squares, products = (total / rows for total in pairs.sums(mean, y_mean, ("d", "e", "d * d", "d * e")))
    variance, covariance = squares - off * off, products - off * y_off
    if pairs.extent.x[0] == pairs.extent.x[1]:
        variance = 0.0
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
    return Fit(rows, weight, bias, minimum, mean, variance, variance + mean * mean, third, fourth, first, second)


def scaled_fit(fit: Fit, y_mean: float, x: Scale, y: Scale) -> Fit:
    """The fit of the same rows on these scales."""
    if (x, y) == (AS_IT_IS, AS_IT_IS):
        return fit
    mean, height, variance = x.of(fit.mean), y.of(y_mean), fit.variance / x.unit**2
    weight = fit.weight * x.unit / y.unit
    return Fit(
        fit.rows,
        weight,
        height - weight * mean,
        fit.minimum / y.unit**2,
        mean,
        variance,
        variance + mean * mean,
        fit.third / x.unit**3,
        fit.fourth / x.unit**4,
        fit.error_first / (y.unit**2 * x.unit),
        fit.error_second / (y.unit**2 * x.unit**2),
    )
