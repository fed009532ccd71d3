"""The data of a regression: generated from settings and a seed, or read from a file."""

import csv
import math
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.core.errors import InputError

MAX_ROWS = 10_000
"""Up to here the direct form of the gradient is fast enough and behaves in single precision as the lecture says."""


@dataclass(frozen=True)
class DataSettings:
    """What the generator needs: ``y = slope * x + intercept + normal(0, noise)``, x uniform in ``x_range``."""

    rows: int = 100
    noise: float = 0.01
    slope: float = 0.1
    intercept: float = 0.5
    x_range: tuple[float, float] = (0.0, 1.0)
    seed: int = 5

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

    ``settings`` is None where the pairs were read from a file of points; then there is no true line.
    """

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    settings: DataSettings | None = None
    source: str = field(default="generated")

    def __post_init__(self) -> None:
        """Make the arrays read-only: a value does not change."""
        self.x.flags.writeable = False
        self.y.flags.writeable = False

    @cached_property
    def _key(self) -> tuple[bytes, bytes, DataSettings | None]:
        return (self.x.tobytes(), self.y.tobytes(), self.settings)

    def __eq__(self, other: object) -> bool:
        """Equal when the pairs are equal bit for bit and came from the same settings."""
        return isinstance(other, Dataset) and self._key == other._key

    def __hash__(self) -> int:
        """Hash by the pairs and the settings."""
        return hash(self._key)

    @cached_property
    def noise(self) -> NDArray[np.float64] | None:
        """What y deviates from the true line, shape (n,); None where no true line is known."""
        if self.settings is None:
            return None
        x, y = self.x.astype(np.float64), self.y.astype(np.float64)
        return y - (self.settings.slope * x + self.settings.intercept)


def generate(settings: DataSettings) -> Dataset:
    """Draw the data: first all x, then all noise, both in double precision, cast to float32; y in float32."""
    generator = np.random.default_rng(settings.seed)
    # abs: NumPy refuses -0.0 as a standard deviation.
    drawn = (
        generator.uniform(*settings.x_range, settings.rows),
        generator.normal(0.0, abs(settings.noise), settings.rows),
    )
    with np.errstate(over="ignore", invalid="ignore"):
        x, noise = (column.astype(np.float32) for column in drawn)
        y = np.float32(settings.slope) * x + np.float32(settings.intercept) + noise
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise InputError("data: these settings give numbers beyond single precision (3.4e38); take smaller ones")
    return Dataset(x, y, settings)


def from_points(x: object, y: object, settings: DataSettings | None, source: str) -> Dataset:
    """A data set from two equally long lists of finite numbers; InputError where they are not."""
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
    return Dataset(singles[0], singles[1], settings, source)


def read_csv(path: Path) -> Dataset:
    """Read a CSV file with the columns ``x`` and ``y`` (others are ignored); InputError names the line at fault."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, skipinitialspace=True)
            if not {"x", "y"} <= set(reader.fieldnames or ()):
                raise InputError(f"{path}: the first line must name the columns x and y")
            pairs = [_pair(path, reader.line_num, row) for row in reader]
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except InputError:
        raise
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: is not a CSV text file in UTF-8 ({error})") from error
    except ValueError as error:
        raise InputError(f"{str(path)!r}: is not the name of a file") from error
    if not pairs:
        raise InputError(f"{path}: has no rows; give at least one line with x and y")
    x, y = zip(*pairs, strict=True)
    return from_points(x, y, None, str(path))


def _pair(path: Path, line: int, row: dict[str | None, Any]) -> tuple[float, float]:
    # DictReader collects under None what goes beyond the header: "0,5" for 0.5 would otherwise pass as two values.
    if any(row.get(None, ())):
        raise InputError(f"{path}: line {line}: has more values than the first line names; is a comma in a number?")
    try:
        return float(row["x"] or ""), float(row["y"] or "")
    except ValueError as error:
        found = " and ".join(repr(row[name] or "") for name in "xy")
        raise InputError(f"{path}: line {line}: x and y must be numbers such as 0.5, found {found}") from error
