"""Reads the user's own data from a table in a file."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from gdviz.core.data.dataset import GENERATED, INLINE, Dataset, Reading
from gdviz.core.data.file_dataset import FileDataset
from gdviz.core.data.rows import Column, unreported
from gdviz.core.errors import InputError, escape_controls, printable
from gdviz.core.tables.columns import LONGEST_NAME, choose
from gdviz.core.tables.large import LargePairs
from gdviz.core.tables.pasted import CLIPBOARD, pasted_file
from gdviz.core.tables.plain import read_plain
from gdviz.core.tables.stamp import Stamp, check_unchanged, checksum_of, stamp_of
from gdviz.core.tables.table import Table, open_table

MOST_IN_MEMORY = 2_000_000
"""Larger tables stay in the file, which from here on is no slower than loading them, and takes less memory."""
MOST_WRITTEN = 100_000
"""The most rows that are written into a scenario file; for more, it names the table, with a checksum."""

Columns = tuple[str | None, str | None]
"""The names of the columns for x and y; None for the default."""
Inspect = Callable[[Table], object]
"""Inspects a table before its rows are read; whatever it raises ends the reading."""


def read_data_file(
    path: Path, columns: Columns = (None, None), checksum: str | None = None, inspect: Inspect | None = None
) -> Dataset:
    """Two columns of a table, in double precision; InputError for a file that is not a table, or unknown columns.

    More than MOST_IN_MEMORY rows stay in the file. checksum: the expected one; InputError for another. inspect: not
    called for a simple table of x and y, such as those that gdviz ships.
    """
    stamp = stamp_of(path)
    if checksum is not None and checksum_of(path) != checksum:
        raise InputError(f"{path}: has changed since the scenario was saved; leave out data.checksum to read it anyway")
    if columns == (None, None) and (plain := read_plain(path)) is not None:
        _check_finite(path, "x", plain[0])
        _check_finite(path, "y", plain[1])
        data = Dataset(plain[0], plain[1], None, source_of(str(path)), reading=Reading(path, ("x", "y"), stamp=stamp))
    else:
        data = _read_table(path, columns, stamp, inspect)
    if checksum is None and data.rows <= MOST_WRITTEN:
        return data
    assert data.reading is not None
    reading = replace(data.reading, checksum=checksum_of(path) if checksum is None else checksum)
    check_unchanged(path, stamp)
    return replace(data, reading=reading)


def _read_table(path: Path, columns: Columns, stamp: Stamp | None, inspect: Inspect | None) -> Dataset:
    """Two columns of a table; without a stamp, in memory whatever their size, since the file may not last."""
    try:
        with open_table(path) as table:
            if inspect is not None:
                inspect(table)
            x, y = choose(path, table.columns, *columns)
            is_large = stamp is not None and min(x.values, y.values) > MOST_IN_MEMORY
            pairs = LargePairs(table, x, y) if is_large else table.pairs(x, y)
    except MemoryError as error:
        raise InputError(f"{path}: has more rows than fit into the memory; give fewer") from error
    unused = tuple(one.name for one in table.columns if one.is_numeric and not one.numbers_rows and one not in (x, y))
    reading = Reading(path, (x.name, y.name), pairs.left_out, unused, stamp)
    names = printable(x.name, LONGEST_NAME), printable(y.name, LONGEST_NAME)
    if isinstance(pairs, LargePairs):
        for column, span in ((x, pairs.extent.x), (y, pairs.extent.y)):
            _check_finite(path, column.name, np.array(span))
        data: Dataset = FileDataset(None, source_of(str(path)), names=names, reading=reading, pairs=pairs)
        data.prepare(unreported)
        return data
    for column, values in ((x, pairs.x), (y, pairs.y)):
        _check_finite(path, column.name, values)
    return Dataset(pairs.x, pairs.y, None, source_of(str(path)), names=names, reading=reading)


def read_pasted(text: str, columns: Columns = (None, None), inspect: Inspect | None = None) -> Dataset:
    """Two columns of a pasted table, as `read_data_file`; InputError for text that is not a table."""
    with pasted_file(text) as path:
        data = _read_table(path, columns, None, inspect)
    assert data.reading is not None
    return replace(data, source=CLIPBOARD, reading=replace(data.reading, file=Path(CLIPBOARD), pasted=text))


def source_of(name: str) -> str:
    """The name of a file as the source of a `Dataset`: printable, and distinct from the names of other sources."""
    return f"./{name}" if name in (GENERATED, INLINE) else escape_controls(name)


def _check_finite(path: Path, name: str, values: Column) -> None:
    """InputError for a value that single precision cannot hold."""
    with np.errstate(over="ignore"):
        ends = values.min(), values.max()
        for value in ends:
            if not np.isfinite(value):
                raise InputError(f"{path}: {name} has the value {value}; use finite numbers up to 3.4e38")
            if not np.isfinite(np.float32(value)):
                unit = f"1e{int(np.floor(np.log10(abs(value))))}"
                beyond = f"{name} has the value {value}, which is beyond single precision"
                raise InputError(
                    f"{path}: {beyond}; use a larger unit, such as {name} / {unit}, and numbers up to 3.4e38"
                )
