"""Data of somebody's own: a CSV file with the columns x and y."""

import csv
from array import array
from collections.abc import Iterator
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from gdviz.core.dataset import GENERATED, INLINE, MAX_ROWS, Dataset, from_points
from gdviz.core.errors import InputError
from gdviz.core.printable import without_controls
from gdviz.core.reading import open_file

LONGEST_ROW = 1_000_000
"""So many characters has a row of the table at most, which may go over several lines."""


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
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: is not a CSV text file in UTF-8 ({error})") from error
    except MemoryError as error:
        raise InputError(f"{path}: has more rows than fit into the memory; give fewer") from error


def source_of(name: str) -> str:
    """The name of a file as the source of a `Dataset`: printable, and never one that means no file."""
    return f"./{name}" if name in (GENERATED, INLINE) else without_controls(name)


def _lines(file: TextIO, taken: list[int]) -> Iterator[str]:
    """The lines of a file; csv.Error where a row of the table is too long.

    taken: the one number of characters that the row has taken so far; to be set to 0 when the row is there.
    """
    for line in iter(partial(file.readline, LONGEST_ROW + 1), ""):
        taken[0] += len(line)
        if taken[0] > LONGEST_ROW:
            raise csv.Error(f"a row of more than {LONGEST_ROW:,} characters")
        yield line


def _pairs(path: Path, file: TextIO) -> "tuple[array[float], array[float]]":
    """The two columns, which take 16 bytes for a row."""
    x, y = array("d"), array("d")
    taken = [0]
    lines = csv.reader(_lines(file, taken), skipinitialspace=True)
    names: list[str] = next(lines, [])
    if not {"x", "y"} <= set(names):
        raise InputError(f"{path}: the first line must name the columns x and y")
    # Of two columns of one name the last one counts.
    at = [len(names) - 1 - names[::-1].index(name) for name in "xy"]
    for values in lines:
        taken[0] = 0
        if not values:
            continue
        # What goes beyond the first line: "0,5" for 0.5 would otherwise pass as two values.
        if len(values) > len(names) and any(values[len(names) :]):
            raise InputError(
                f"{path}: line {lines.line_num}: has more values than the first line names; is a comma in a number?"
            )
        found = [values[place] if place < len(values) else "" for place in at]
        try:
            x.append(float(found[0]))
            y.append(float(found[1]))
        except ValueError as error:
            told = f"found {found[0]!r} and {found[1]!r}"
            raise InputError(f"{path}: line {lines.line_num}: x and y must be numbers such as 0.5, {told}") from error
        if len(x) > MAX_ROWS:
            raise InputError(f"{path}: has more than {MAX_ROWS:,} rows; take 1 to {MAX_ROWS:,}")
    return x, y
