"""Reads the user's own data: a CSV file with the columns x and y."""

import csv
from array import array
from collections.abc import Iterator
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from gdviz.core.errors import InputError, escape_controls
from gdviz.core.problems.dataset import GENERATED, INLINE, MAX_ROWS, Dataset, from_points
from gdviz.core.reading import open_file

SINGLE_LIMIT = 2.0**128 - 2.0**103
"""From here on a number in double precision becomes infinity in single precision."""
LONGEST_ROW = 1_000_000  # the most characters of a row of the table, which may span several lines


def read_csv(path: Path) -> Dataset:
    """Read a CSV file with the columns ``x`` and ``y`` (others are ignored); InputError names the line at fault."""
    try:
        with open_file(path) as file, TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
            x, y = _pairs(path, text)
        if not x:
            raise InputError(f"{path}: has no rows; give at least one line with x and y")
        return from_points(x, y, None, source_of(str(path)))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not a CSV text file in UTF-8 ({error})") from error
    except MemoryError as error:
        raise InputError(f"{path}: has more rows than fit into the memory; give fewer") from error


def source_of(name: str) -> str:
    """The name of a file as the source of a `Dataset`: printable, and never one that means no file."""
    return f"./{name}" if name in (GENERATED, INLINE) else escape_controls(name)


class _Rows:
    """The rows of a table and the lines they are on; InputError for what cannot be a row."""

    def __init__(self, path: Path, file: TextIO) -> None:
        self._path, self._file = path, file
        self._taken = 0
        self._reader = csv.reader(self._lines(), skipinitialspace=True)
        self._first = 1

    def __iter__(self) -> Iterator[list[str]]:
        try:
            for values in self._reader:
                yield values
                self._taken, self._first = 0, self._reader.line_num + 1
        except csv.Error as error:
            raise self.fault(f"is no row of two numbers ({error}); take two such as 0.5,1.2") from error

    def fault(self, told: str) -> InputError:
        """What is wrong with the row read last; only quotes make a row span several lines."""
        if self._reader.line_num > self._first:
            told = "a quote that is opened here is not closed on this line; close it, or leave it out"
        return InputError(f"{self._path}: line {self._first}: {told}")

    def _lines(self) -> Iterator[str]:
        """The lines of the file; csv.Error where a row takes too many characters."""
        for line in iter(partial(self._file.readline, LONGEST_ROW + 1), ""):
            self._taken += len(line)
            if self._taken > LONGEST_ROW:
                raise csv.Error(f"a row of more than {LONGEST_ROW:,} characters")
            yield line


def _pairs(path: Path, file: TextIO) -> "tuple[array[float], array[float]]":
    """The two columns, at 16 bytes a row."""
    x, y = array("d"), array("d")
    rows = _Rows(path, file)
    lines = iter(rows)
    names: list[str] = next(lines, [])
    if not {"x", "y"} <= set(names):
        raise rows.fault("must name the columns x and y")
    # Of two columns with the same name the last counts.
    at = [len(names) - 1 - names[::-1].index(name) for name in "xy"]
    for values in lines:
        if not values:
            continue
        # Otherwise "0,5" for 0.5 would pass as two values.
        if len(values) > len(names) and any(values[len(names) :]):
            raise rows.fault("has more values than the first line names; is a comma in a number?")
        first, second = _pair(rows, [values[place] if place < len(values) else "" for place in at])
        x.append(first)
        y.append(second)
        if len(x) > MAX_ROWS:
            raise InputError(f"{path}: has more than {MAX_ROWS:,} rows; take 1 to {MAX_ROWS:,}")
    return x, y


def _pair(rows: _Rows, found: list[str]) -> tuple[float, float]:
    """The numbers x and y of a row; InputError where they are none."""
    try:
        x, y = float(found[0]), float(found[1])
    except ValueError as error:
        told = f"found {found[0]!r} and {found[1]!r}"
        raise rows.fault(f"x and y must be numbers such as 0.5, {told}") from error
    if not (-SINGLE_LIMIT < x < SINGLE_LIMIT and -SINGLE_LIMIT < y < SINGLE_LIMIT):
        name, value = ("y", y) if abs(x) < SINGLE_LIMIT else ("x", x)
        raise rows.fault(f"{name} is {value}; take a finite number up to 3.4e38")
    return x, y
