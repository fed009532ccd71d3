"""The data of a regression, with their origin and their scales."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.core.data.counting import Counts, count_rows
from gdviz.core.data.least_squares import Fit, least_squares
from gdviz.core.data.rows import Column, Report, pieces, share, unreported
from gdviz.core.data.settings import DataSettings
from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
from gdviz.core.tables.stamp import Stamp

GENERATED = "generated"  # the source of pairs that can be generated again
INLINE = "data"  # the source of pairs that are in the scenario's own file
PASTED_TITLE = "Pasted data"


@frozen
class Reading:
    """How data were read from a table.

    columns: the names of x and y in the table. left_out: the number of rows without a value in one of them. unused:
    the other numeric columns. stamp: of the file when read. checksum: of its content, for more rows than a scenario
    file may hold. pasted: the text of a pasted table, which has no file.
    """

    file: Path
    columns: tuple[str, str]
    left_out: int = 0
    unused: tuple[str, ...] = ()
    stamp: Stamp | None = None
    checksum: str = ""
    pasted: str | None = field(default=None, repr=False)


@frozen
class Scale:
    """How a column was standardised: its values are (drawn - mean) / spread, with the standard deviation as the spread.

    The spread is of the rows, not an estimate. is_standardised: False for `AS_DRAWN` only; a column that already has
    mean 0 and deviation 1 can be standardised too.
    """

    mean: float = 0.0
    spread: float = 1.0
    is_standardised: bool = True


AS_DRAWN = Scale(is_standardised=False)


class DistinctValues(NamedTuple):
    """How many distinct values a column has in its first ``rows``, and how many are left in single precision."""

    in_double: int
    in_single: int
    rows: int

    @classmethod
    def of(cls, column: Column) -> "DistinctValues":
        """Those of a whole column."""
        return cls(_distinct(column), _distinct(column.astype(np.float32)), column.size)


def _distinct(column: Column) -> int:
    """How many distinct numbers there are; `np.unique` would import `numpy.ma`, which takes longer at the start."""
    ordered = np.sort(column)
    return int(np.count_nonzero(ordered[1:] != ordered[:-1])) + min(column.size, 1)


@frozen(eq=False)
class Dataset:
    """Pairs of x and y, both of shape (n,), and their origin: single precision if generated, else double.

    settings: None for the user's own pairs, which have no true line. drawn_x, drawn_y: the columns before they were
    standardised, shape (n,); None for one that was not. names: of x and y on the screen. reading: None for pairs not
    read from a table. scales: `AS_DRAWN` for a column that was not standardised.
    """

    x: Column
    y: Column
    settings: DataSettings | None = None
    source: str = GENERATED
    drawn_x: Column | None = None
    drawn_y: Column | None = None
    names: tuple[str, str] = ("x", "y")
    reading: Reading | None = None
    scales: tuple[Scale, Scale] = (AS_DRAWN, AS_DRAWN)

    def __post_init__(self) -> None:
        """Make the arrays read-only: a value does not change."""
        for column in self.columns:
            column.flags.writeable = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns in memory: x, y, and either of them before it was standardised."""
        return tuple(column for column in (self.x, self.y, self.drawn_x, self.drawn_y) if column is not None)

    @property
    def drawn(self) -> tuple[Column, Column]:
        """x and y in their own units."""
        x, y = self.drawn_x, self.drawn_y
        return self.x if x is None else x, self.y if y is None else y

    @property
    def are_standardised(self) -> tuple[bool, bool]:
        """Whether x is standardised, and y."""
        x, y = self.scales
        return x.is_standardised, y.is_standardised

    def in_own_units(self, slope: float, intercept: float) -> tuple[float, float]:
        """Slope and intercept in the units of the columns before they were standardised."""
        x, y = self.scales
        own_slope = slope * (y.spread / x.spread)
        # Without a shift of x an infinite slope leaves the intercept as it is.
        shift = own_slope * x.mean if x.mean else 0.0
        return own_slope, y.mean + y.spread * intercept - shift

    @cached_property
    def _key(self) -> tuple[object, ...]:
        return self._make_key()

    def _make_key(self, report: Report = unreported) -> tuple[object, ...]:
        # A digest makes comparing ten million rows fast, without a second copy.
        digest, count = hashlib.blake2b(), len(self.columns)
        for place, column in enumerate(self.columns):
            for part in pieces(column.size, share(report, place / count, (place + 1) / count)):
                digest.update(np.ascontiguousarray(column[part]).data)
        return digest.digest(), self.x.dtype, self.are_standardised, self.settings, self.names

    def __eq__(self, other: object) -> bool:
        """Whether pairs (bit for bit, by their digest), names and settings are equal."""
        return self is other or (isinstance(other, Dataset) and self._key == other._key)

    def __hash__(self) -> int:
        """Hash by the pairs, their names and the settings."""
        return hash(self._key)

    @property
    def title(self) -> str | None:
        """The name of the file without its ending; None without a file."""
        if self.reading is not None and self.reading.pasted is not None:
            return PASTED_TITLE
        # A file's name may be nothing but its ending, or have only spaces before it.
        file = self.reading.file if self.reading is not None else None
        return None if file is None else file.stem.strip() or file.name

    @property
    def is_double(self) -> bool:
        """Whether the numbers are in double precision."""
        return self.x.dtype.itemsize == 8

    @cached_property
    def distinct_x(self) -> DistinctValues:
        """The distinct values of x."""
        return DistinctValues.of(self.x)

    @property
    def rows(self) -> int:
        """How many pairs there are."""
        return self.x.size

    @cached_property
    def fit(self) -> Fit:
        """The least-squares line through the pairs and the moments of x."""
        return least_squares(self.x, self.y)

    @cached_property
    def true_line(self) -> tuple[float, float] | None:
        """Slope and intercept of the line around which y was drawn, on the scales of both; None if unknown."""
        if self.settings is None:
            return None
        (x, y), slope = self.scales, self.settings.slope
        return slope * x.spread / y.spread, (slope * x.mean + self.settings.intercept - y.mean) / y.spread

    def prepare(self, report: Report) -> None:
        """Compute and keep what takes long with many rows: fit and digest."""
        cache = vars(self)
        cache["fit"] = least_squares(self.x, self.y, share(report, 0.0, 0.6))
        cache["_key"] = self._make_key(share(report, 0.6, 1.0))

    @property
    def noise(self) -> NDArray[np.float64] | None:
        """How far y was above the true line when drawn, shape (n,), not cached; None if unknown."""
        return self._noise(slice(None))

    def _noise(self, rows: slice) -> NDArray[np.float64] | None:
        if self.settings is None:
            return None
        x, y = (column[rows].astype(np.float64) for column in self.drawn)
        return y - (self.settings.slope * x + self.settings.intercept)

    def prefetch(self, parts: Sequence[slice]) -> None:
        """Make `at` fast for these rows, as it always is for rows in memory."""

    def counts(self, bins: int, side: int, report: Report = unreported) -> Counts:
        """Count the rows in equal bins of x, y and the noise, if known, and in side × side cells, if any."""

        def columns(report: Report) -> Iterator[Mapping[str, NDArray[np.float64]]]:
            for rows in pieces(self.rows, report):
                x, y = self.at(rows)
                found, noise = {"x": x.astype(np.float64), "y": y.astype(np.float64)}, self._noise(rows)
                yield found if noise is None else {**found, "noise": noise}

        return count_rows(columns, self.is_double, bins, side, report)

    def at(self, rows: slice | NDArray[np.int64]) -> tuple[Column, Column]:
        """x and y of these rows, counted from 0; in the shape of ``rows`` if that is an array."""
        return self.x[rows], self.y[rows]


def constant_column_error(data: Dataset, name: str) -> InputError:
    """The error for a column that cannot be standardised."""
    place = "data" if data.source == GENERATED else data.source
    return InputError(f"{place}: {name} is the same in every row and cannot be standardised; use it as it is")
