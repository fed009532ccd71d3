"""The data of a regression: generated from settings and a seed, or points of somebody's own."""

import hashlib
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gdviz.core.errors import InputError
from gdviz.core.problems.large_regression import (
    DIRECT_ROWS,
    Fit,
    Report,
    least_squares,
    mean_and_spread,
    pieces,
    share,
    to_nobody,
)

MEMORY_FILE = Path("/proc/meminfo")


def free_memory() -> int | None:
    """Bytes that can be taken without swapping, as Linux estimates them; None where the system does not tell."""
    try:
        lines = MEMORY_FILE.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = [line.split() for line in lines if line.startswith("MemAvailable:")]
    return int(found[0][1]) * 1024 if found else None


GENERATED = "generated"
"""As a source: the pairs are what the generator gives, and it can be asked for them again."""
INLINE = "data"
"""As a source: the pairs stand in the scenario's own file."""
MAX_ROWS = 10_000_000
BYTES_OF_ROW = 16
"""What a row takes while a window looks at it: x and y in single precision, and as much again to work with."""


@dataclass(frozen=True)
class DataSettings:
    """What the generator needs: ``y = slope * x + intercept + normal(0, noise)``, x uniform in ``x_range``.

    standardised: whether x is then measured from its mean, in units of its standard deviation; y stays as it is.
    """

    rows: int = 100
    noise: float = 0.01
    slope: float = 0.1
    intercept: float = 0.5
    x_range: tuple[float, float] = (0.0, 1.0)
    seed: int = 5
    standardised: bool = False

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


@dataclass(frozen=True, eq=False)
class Dataset:
    """Pairs of x and y, both float32 of shape (n,), and where they came from.

    settings: None where the pairs were read from a file of points; then there is no true line. drawn_x: x before it
    was standardised, float32 of shape (n,); None where it was not.
    """

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    settings: DataSettings | None = None
    source: str = GENERATED
    drawn_x: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        """Make the arrays read-only: a value does not change."""
        for column in (self.x, self.y, self.drawn_x):
            if column is not None:
                column.flags.writeable = False

    @cached_property
    def _key(self) -> tuple[bytes, DataSettings | None]:
        return self._keyed(to_nobody)

    def _keyed(self, report: Report) -> tuple[bytes, DataSettings | None]:
        # A digest: the columns of ten million rows are compared at once and not kept a second time.
        columns = [self.x, self.y] if self.drawn_x is None else [self.x, self.y, self.drawn_x]
        digest = hashlib.blake2b()
        for place, column in enumerate(columns):
            part_of_it = share(report, place / len(columns), (place + 1) / len(columns))
            for part in pieces(column.size, part_of_it):
                digest.update(np.ascontiguousarray(column[part]).data)
        return (digest.digest(), self.settings)

    def __eq__(self, other: object) -> bool:
        """Equal when the pairs are equal bit for bit (by their digest) and came from the same settings."""
        return self is other or (isinstance(other, Dataset) and self._key == other._key)

    def __hash__(self) -> int:
        """Hash by the pairs and the settings."""
        return hash(self._key)

    @cached_property
    def fit(self) -> Fit:
        """The least-squares line through the pairs and the moments of x."""
        return least_squares(self.x, self.y)

    @cached_property
    def true_line(self) -> tuple[float, float] | None:
        """Slope and intercept of the line around which y was drawn, in the units of x; None where it is not known."""
        return self._true_line(to_nobody)

    def _true_line(self, report: Report) -> tuple[float, float] | None:
        if self.settings is None:
            return None
        slope, intercept = self.settings.slope, self.settings.intercept
        if self.drawn_x is None:
            return slope, intercept
        mean, spread = mean_and_spread(self.drawn_x, report)
        return slope * spread, slope * mean + intercept

    def prepare(self, report: Report) -> None:
        """Find now what takes long of many rows, and keep it as if somebody had asked: fit, digest and true line."""
        known = vars(self)
        known["fit"] = least_squares(self.x, self.y, share(report, 0.0, 0.5))
        known["_key"] = self._keyed(share(report, 0.5, 0.8))
        known["true_line"] = self._true_line(share(report, 0.8, 1.0))

    @property
    def noise(self) -> NDArray[np.float64] | None:
        """What y deviates from the true line, shape (n,), computed anew; None where no true line is known."""
        if self.settings is None:
            return None
        drawn = self.drawn_x if self.drawn_x is not None else self.x
        return self.y.astype(np.float64) - (self.settings.slope * drawn.astype(np.float64) + self.settings.intercept)

    def part(self, rows: slice) -> "Dataset":
        """Some of the rows, as they are."""
        drawn_x = self.drawn_x[rows] if self.drawn_x is not None else None
        return Dataset(self.x[rows], self.y[rows], self.settings, self.source, drawn_x)


def generate(settings: DataSettings, report: Report = to_nobody) -> Dataset:
    """Draw the data: first all x, then all noise, both in double precision, cast to float32; y in float32.

    The numbers do not depend on the pieces in which they are drawn. What takes long of large data (fit, true line,
    digest) is found here too. InputError where they have no room in the memory: before any is taken where the system
    tells how much is left, else where the last of it is gone.
    """
    try:
        return _generated(settings, report)
    except MemoryError as error:
        raise _no_room(settings.rows) from error


def _generated(settings: DataSettings, report: Report) -> Dataset:
    x, y = _room(settings.rows), _room(settings.rows)
    generator, drawn = np.random.default_rng(settings.seed), 0.6 if settings.standardised else 0.7
    with np.errstate(over="ignore", invalid="ignore"):
        for part in pieces(settings.rows, share(report, 0.0, 0.3)):
            x[part] = generator.uniform(*settings.x_range, part.stop - part.start)
        for part in pieces(settings.rows, share(report, 0.3, drawn)):
            # abs: NumPy refuses -0.0 as a standard deviation.
            noise = generator.normal(0.0, abs(settings.noise), part.stop - part.start).astype(np.float32)
            y[part] = np.float32(settings.slope) * x[part] + np.float32(settings.intercept) + noise
            if not (np.isfinite(x[part]).all() and np.isfinite(y[part]).all()):
                raise InputError("data: these settings give numbers beyond single precision (3.4e38); take smaller")
    data = _made(x, y, settings, GENERATED, settings.standardised, share(report, drawn, 0.7))
    if settings.rows > DIRECT_ROWS:
        data.prepare(share(report, 0.7, 1.0))
    report(1.0)
    return data


def _made(
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    settings: DataSettings | None,
    source: str,
    standardised: bool,
    report: Report = to_nobody,
) -> Dataset:
    if not standardised:
        return Dataset(x, y, settings, source)
    mean, spread = mean_and_spread(x, share(report, 0.0, 0.6))
    if spread == 0.0:
        place = "data" if source == GENERATED else source
        raise InputError(f"{place}: x is the same in every row and cannot be standardised; take x as it is")
    measured = _room(x.size)
    for part in pieces(x.size, share(report, 0.6, 1.0)):
        measured[part] = (x[part].astype(np.float64) - mean) / spread
    return Dataset(measured, y, settings, source, x)


def _room(rows: int) -> NDArray[np.float32]:
    """An empty column; InputError or MemoryError where there is no room for data of so many rows."""
    free = free_memory()
    if free is not None and rows * BYTES_OF_ROW > free:
        raise _no_room(rows)
    return np.empty(rows, np.float32)


def _no_room(rows: int) -> InputError:
    return InputError(f"data.rows: {rows:,} rows need {rows * BYTES_OF_ROW / 1e6:,.0f} MB of free memory; take fewer")


def from_points(
    x: object, y: object, settings: DataSettings | None, source: str, standardised: bool = False
) -> Dataset:
    """A data set from two equally long lists of finite numbers; InputError where they are not.

    standardised: whether x is to be standardised where there are no settings, which say it otherwise.
    """
    columns = [np.asarray(column, dtype=np.float64) for column in (x, y)]
    if columns[0].ndim != 1 or columns[0].shape != columns[1].shape:
        raise InputError(f"{source}: x has {columns[0].size} values and y has {columns[1].size}; give as many of each")
    if not 1 <= columns[0].size <= MAX_ROWS:
        raise InputError(f"{source}: {columns[0].size} rows; take 1 to {MAX_ROWS:,}")
    with np.errstate(over="ignore"):
        singles = [column.astype(np.float32) for column in columns]
    for name, column in zip("xy", singles, strict=True):
        if not np.isfinite(column).all():
            row = int(np.flatnonzero(~np.isfinite(column))[0])
            value = columns["xy".index(name)][row]
            raise InputError(f"{source}: {name} in row {row + 1} is {value}; take a finite number up to 3.4e38")
    is_wished = settings.standardised if settings is not None else standardised
    return _made(singles[0], singles[1], settings, source, is_wished)
