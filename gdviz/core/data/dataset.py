"""The data of a regression, where they came from, and how they were standardised."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gdviz.core.data.counting import Counts, counted
from gdviz.core.data.least_squares import Fit, least_squares, mean_and_spread
from gdviz.core.data.rows import Column, Report, pieces, share, unreported
from gdviz.core.data.settings import DataSettings
from gdviz.core.tables.stamp import Stamp

GENERATED = "generated"  # the source of pairs that the generator made and can make again
INLINE = "data"  # the source of pairs that are in the scenario's own file
PASTED_TITLE = "Pasted data"


@dataclass(frozen=True)
class Reading:
    """How data were read from a table.

    file: its path. columns: those that are x and y, by their names in the table. left_out: how many of its rows lack a
    value in one of them. unused: the other columns of numbers. stamp: what the file was like then. checksum: of its
    content, where the rows are more than a scenario file takes. pasted: the text of a table that was pasted; then there
    is no such file.
    """

    file: Path
    columns: tuple[str, str]
    left_out: int = 0
    unused: tuple[str, ...] = ()
    stamp: Stamp | None = None
    checksum: str = ""
    pasted: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Scale:
    """How a column was standardised: its values are (drawn - mean) / spread, its standard deviation being the spread.

    The spread is of the rows, not an estimate.
    """

    mean: float = 0.0
    spread: float = 1.0


AS_DRAWN = Scale()


@dataclass(frozen=True, eq=False)
class Dataset:
    """Pairs of x and y, both of shape (n,), and where they came from: single precision if generated, else double.

    settings: None where the pairs are the user's own; then there is no true line. drawn_x, drawn_y: the columns before
    they were standardised, of shape (n,); None for one that was not. names: what x and y are called on the screen.
    reading: None where the pairs were not read from a table.
    """

    x: Column
    y: Column
    settings: DataSettings | None = None
    source: str = GENERATED
    drawn_x: Column | None = None
    drawn_y: Column | None = None
    names: tuple[str, str] = ("x", "y")
    reading: Reading | None = None

    def __post_init__(self) -> None:
        """Make the arrays read-only: a value does not change."""
        for column in self.columns:
            column.flags.writeable = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns that are kept: x, y, and either of them before it was standardised, if it was."""
        return tuple(column for column in (self.x, self.y, self.drawn_x, self.drawn_y) if column is not None)

    @property
    def drawn(self) -> tuple[Column, Column]:
        """x and y in their own units."""
        x, y = self.drawn_x, self.drawn_y
        return self.x if x is None else x, self.y if y is None else y

    @property
    def are_standardised(self) -> tuple[bool, bool]:
        """Whether x is standardised, and y."""
        return self.drawn_x is not None, self.drawn_y is not None

    @cached_property
    def scales(self) -> tuple[Scale, Scale]:
        """How x and y were standardised; `AS_DRAWN` for one that was not."""
        return self._scale(self.drawn_x), self._scale(self.drawn_y)

    def _scale(self, drawn: Column | None, report: Report = unreported) -> Scale:
        return AS_DRAWN if drawn is None else Scale(*mean_and_spread(drawn, report))

    def in_own_units(self, slope: float, intercept: float) -> tuple[float, float]:
        """Slope and intercept, in the units of x and y as they were before they were standardised."""
        x, y = self.scales
        own_slope = slope * (y.spread / x.spread)
        # Without a shift of x an infinite slope leaves the intercept as it is.
        shift = own_slope * x.mean if x.mean else 0.0
        return own_slope, y.mean + y.spread * intercept - shift

    @cached_property
    def _key(self) -> tuple[object, ...]:
        return self._make_key()

    def _make_key(self, report: Report = unreported) -> tuple[object, ...]:
        # A digest compares ten million rows at once, and keeps no second copy of them.
        digest, count = hashlib.blake2b(), len(self.columns)
        for place, column in enumerate(self.columns):
            for part in pieces(column.size, share(report, place / count, (place + 1) / count)):
                digest.update(np.ascontiguousarray(column[part]).data)
        return digest.digest(), self.x.dtype, self.are_standardised, self.settings, self.names

    def __eq__(self, other: object) -> bool:
        """Equal when the pairs are equal bit for bit (by their digest), called the same, and of the same settings."""
        return self is other or (isinstance(other, Dataset) and self._key == other._key)

    def __hash__(self) -> int:
        """Hash by the pairs, their names and the settings."""
        return hash(self._key)

    @property
    def title(self) -> str | None:
        """The name of the file from which they were read, without its ending; None where there is none."""
        if self.reading is not None and self.reading.pasted is not None:
            return PASTED_TITLE
        # A file's name may be nothing but its ending, or have only spaces before it.
        file = self.reading.file if self.reading is not None else None
        return None if file is None else file.stem.strip() or file.name

    @property
    def is_double(self) -> bool:
        """Whether the numbers are in double precision."""
        return self.x.dtype.itemsize == 8

    @property
    def looked_at(self) -> int:
        """Among how many of the first rows `distinct_x` is counted."""
        return self.rows

    @cached_property
    def distinct_x(self) -> tuple[int, int]:
        """How many distinct values x has as it was drawn, and how many of them differ in single precision too."""
        drawn, _ = self.drawn
        return np.unique(drawn).size, np.unique(drawn.astype(np.float32)).size

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
        """Slope and intercept of the line around which y was drawn, in units of both; None where it is not known."""
        if self.settings is None:
            return None
        (x, y), slope = self.scales, self.settings.slope
        return slope * x.spread / y.spread, (slope * x.mean + self.settings.intercept - y.mean) / y.spread

    def prepare(self, report: Report) -> None:
        """Find now, and keep, what takes long with many rows: fit, digest and scales."""
        cache = vars(self)
        cache["fit"] = least_squares(self.x, self.y, share(report, 0.0, 0.5))
        cache["_key"] = self._make_key(share(report, 0.5, 0.8))
        if "scales" not in cache:
            ends = share(report, 0.8, 0.9), share(report, 0.9, 1.0)
            cache["scales"] = self._scale(self.drawn_x, ends[0]), self._scale(self.drawn_y, ends[1])

    @property
    def noise(self) -> NDArray[np.float64] | None:
        """How far y was above the true line when drawn, shape (n,), computed anew; None where none is known."""
        if self.settings is None:
            return None
        x, y = self.drawn
        return y.astype(np.float64) - (self.settings.slope * x.astype(np.float64) + self.settings.intercept)

    def part(self, rows: slice) -> "Dataset":
        """Some of the rows, as they are."""
        drawn = (None if column is None else column[rows] for column in (self.drawn_x, self.drawn_y))
        drawn_x, drawn_y = drawn
        return replace(self, x=self.x[rows], y=self.y[rows], drawn_x=drawn_x, drawn_y=drawn_y)

    def remember(self, parts: Sequence[slice]) -> None:
        """Have these rows at hand; in memory all of them are."""

    def counted(self, bins: int, side: int, report: Report = unreported) -> Counts:
        """The rows in so many equal bins of x, y and, where it is known, the noise; in so many cells on a side."""

        def columns(report: Report) -> Iterator[Mapping[str, NDArray[np.float64]]]:
            for rows in pieces(self.rows, report):
                piece = self.part(rows)
                found, noise = {"x": piece.x.astype(np.float64), "y": piece.y.astype(np.float64)}, piece.noise
                yield found if noise is None else {**found, "noise": noise}

        return counted(columns, self.is_double, bins, side, report)

    def measured(self, x: bool, y: bool) -> "Dataset | None":
        """As `standardise` gives them, where the rows are not in memory; None where they are."""
        return None

    def at(self, rows: slice | NDArray[np.int64]) -> tuple[Column, Column]:
        """x and y of these rows, counted from 0; of the shape of ``rows`` if that is an array."""
        return self.x[rows], self.y[rows]
