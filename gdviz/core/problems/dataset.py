"""The data of a regression: generated from settings and a seed, or points of the user's own."""

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike, NDArray

from gdviz.core.errors import InputError
from gdviz.core.problems.counting import Counts, counted
from gdviz.core.problems.large_regression import (
    DIRECT_ROWS,
    Column,
    Fit,
    Report,
    least_squares,
    mean_and_spread,
    pieces,
    share,
    unreported,
)
from gdviz.core.tables.stamp import Stamp

GENERATED = "generated"  # the source of pairs that the generator made and can make again
INLINE = "data"  # the source of pairs that are in the scenario's own file
PASTED_TITLE = "Pasted data"
MAX_ROWS = 10_000_000
BYTES_OF_ROW = 16
"""What a row takes while a window shows it: x and y in single precision, and as much again to work with."""
MEMORY_FILE = Path("/proc/meminfo")


@dataclass(frozen=True)
class DataSettings:
    """What the generator needs: ``y = slope * x + intercept + normal(0, noise)``, x uniform in ``x_range``.

    standardised: whether x is then measured from its mean, in units of its standard deviation; standardised_y: y too.
    """

    rows: int = 100
    noise: float = 0.01
    slope: float = 0.1
    intercept: float = 0.5
    x_range: tuple[float, float] = (0.0, 1.0)
    seed: int = 5
    standardised: bool = False
    standardised_y: bool = False

    def __post_init__(self) -> None:
        """Raise InputError for settings from which no data can be generated."""
        if not 1 <= self.rows <= MAX_ROWS:
            raise InputError(f"data.rows: {self.rows} is not possible; take 1 to {MAX_ROWS:,} rows")
        for name, value in (("noise", self.noise), ("slope", self.slope), ("intercept", self.intercept)):
            if not math.isfinite(value):
                raise InputError(f"data.{name}: {value} is not a finite number; take one such as 0.1")
        if self.noise < 0:
            raise InputError(f"data.noise: {self.noise} is negative; take 0 or a positive standard deviation")
        low, high = self.x_range
        if not (math.isfinite(high - low) and low < high):
            raise InputError(f"data.x_range: [{low}, {high}] is no range; take two finite numbers, the smaller first")
        if not 0 <= self.seed < 2**63:
            raise InputError(f"data.seed: {self.seed} is no seed; take a whole number from 0 to 2^63 - 1")


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


def generate(settings: DataSettings, report: Report = unreported) -> Dataset:
    """Draw the data: first all x, then all noise, both in double precision, cast to float32; y in float32.

    The numbers do not depend on the pieces in which they are drawn. What takes long with large data (fit, true line,
    digest) is found here too. InputError where they do not fit into the memory: before any is taken where the system
    tells how much is free, else when it runs out.
    """
    try:
        return _generated(settings, report)
    except MemoryError as error:
        raise _no_room(settings.rows) from error


def _generated(settings: DataSettings, report: Report) -> Dataset:
    x, y = _room(settings.rows), _room(settings.rows)
    is_measured = settings.standardised or settings.standardised_y
    generator, drawn = np.random.default_rng(settings.seed), 0.6 if is_measured else 0.7
    with np.errstate(over="ignore", invalid="ignore"):
        for part in pieces(settings.rows, share(report, 0.0, 0.3)):
            x[part] = generator.uniform(*settings.x_range, part.stop - part.start)
        for part in pieces(settings.rows, share(report, 0.3, drawn)):
            # abs: NumPy refuses -0.0 as a standard deviation.
            noise = generator.normal(0.0, abs(settings.noise), part.stop - part.start).astype(np.float32)
            y[part] = np.float32(settings.slope) * x[part] + np.float32(settings.intercept) + noise
            if not (np.isfinite(x[part]).all() and np.isfinite(y[part]).all()):
                raise InputError("data: these settings give numbers beyond single precision (3.4e38); take smaller")
    data = Dataset(x, y, settings)
    if is_measured:
        data = standardise(data, settings.standardised, settings.standardised_y, share(report, drawn, 0.7))
    if settings.rows > DIRECT_ROWS:
        data.prepare(share(report, 0.7, 1.0))
    report(1.0)
    return data


def standardise(data: Dataset, x: bool, y: bool, report: Report = unreported) -> Dataset:
    """The same pairs, those columns measured from their means in units of their standard deviations, others as drawn.

    InputError where a column that is to be standardised is the same in every row.
    """
    if (x, y) == data.are_standardised:
        return data
    if (measured := data.measured(x, y)) is not None:
        return measured
    shares, columns, drawn, scales = (share(report, 0.0, 0.5), share(report, 0.5, 1.0)), [], [], []
    for name, own, asked, part in zip(data.names, data.drawn, (x, y), shares, strict=True):
        scale = Scale(*mean_and_spread(own, share(part, 0.0, 0.6))) if asked else AS_DRAWN
        if asked and _is_constant(own, scale):
            raise no_spread(data, name)
        columns.append(_measured(own, scale, share(part, 0.6, 1.0)) if asked else own)
        drawn.append(own if asked else None)
        scales.append(scale)
    settings = data.settings and replace(data.settings, standardised=x, standardised_y=y)
    changed = replace(data, x=columns[0], y=columns[1], drawn_x=drawn[0], drawn_y=drawn[1], settings=settings)
    vars(changed)["scales"] = tuple(scales)
    return changed


def _is_constant(column: Column, scale: Scale) -> bool:
    """Whether all values are the same: then the spread is that of the rounding errors of their mean, or 0."""
    return scale.spread <= 1e-6 * abs(scale.mean) and bool((column == column[0]).all())


def no_spread(data: Dataset, name: str) -> InputError:
    """The refusal to standardise a column."""
    place = "data" if data.source == GENERATED else data.source
    return InputError(f"{place}: {name} is the same in every row and cannot be standardised; take it as it is")


def _measured(column: Column, scale: Scale, report: Report) -> Column:
    measured = _room(column.size, column.dtype)
    for part in pieces(column.size, report):
        measured[part] = (column[part].astype(np.float64) - scale.mean) / scale.spread
    return measured


def free_memory() -> int | None:
    """Bytes that can be taken without swapping, as Linux estimates them; None where the system does not tell."""
    try:
        lines = MEMORY_FILE.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(found[0]) * 1024 if found else None


def _room(rows: int, dtype: DTypeLike = np.float32) -> Column:
    """An empty column; InputError or MemoryError where there is no room for data of this many rows."""
    free = free_memory()
    if free is not None and rows * BYTES_OF_ROW > free:
        raise _no_room(rows)
    return np.empty(rows, dtype)


def _no_room(rows: int) -> InputError:
    return InputError(f"data.rows: {rows:,} rows need {rows * BYTES_OF_ROW / 1e6:,.0f} MB of free memory; take fewer")


def from_points(
    x: object, y: object, settings: DataSettings | None, source: str, standardised: tuple[bool, bool] = (False, False)
) -> Dataset:
    """A data set from two equally long lists of finite numbers; InputError where they are not.

    settings: None for points that were not generated, which keep double precision. standardised: whether x
    is to be, and y, where there are no settings, which say it otherwise.
    """
    columns = np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)
    count = columns[0].size
    if columns[0].ndim != 1 or columns[0].shape != columns[1].shape:
        raise InputError(f"{source}: x has {count} values and y has {columns[1].size}; give as many of each")
    if not count:
        raise InputError(f"{source}: has no rows; give at least one")
    with np.errstate(over="ignore"):
        singles = columns[0].astype(np.float32), columns[1].astype(np.float32)
    for name, column, single in zip("xy", columns, singles, strict=True):
        for row in np.flatnonzero(~np.isfinite(single)):
            raise InputError(f"{source}: {name} in row {row + 1} is {column[row]}; take a finite number up to 3.4e38")
    first, second = columns if settings is None else singles
    data = Dataset(first, second, settings, source)
    if settings is not None:
        standardised = settings.standardised, settings.standardised_y
    return standardise(data, *standardised)
