"""Two columns of a file too large for memory: DuckDB sums, counts and samples them in place."""

import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from gdviz.core.errors import InputError
from gdviz.core.long_work import between_pieces
from gdviz.core.tables.columns import Column, choose
from gdviz.core.tables.numbers import quoted
from gdviz.core.tables.row_file import RowFile
from gdviz.core.tables.source import Database, open_database
from gdviz.core.tables.stamp import Stamp, check_unchanged, stamp_of
from gdviz.core.tables.table import Table, open_table
from gdviz.core.tables.text_files import glob_escaped

Found = TypeVar("Found")
ROWS_AT_A_TIME = 1 << 20
"""Rows per chunk when they are written to a row file: 16 MB."""
MEMORY = "500MB"
"""DuckDB's limit for a query; more than it needs."""
COPY = "table.parquet"


class Extent(NamedTuple):
    """The number of rows, the smallest and largest value of x and y, and their means."""

    rows: int
    x: tuple[float, float]
    y: tuple[float, float]
    mean: float
    y_mean: float


class LargePairs:
    """The rows with a value in both columns, numbered from 0 in the order of the file.

    Every query opens DuckDB and closes it again, so that any thread may ask, and nothing is left open. A Parquet file
    with numeric columns is read in place; the two columns of any other table are copied into a temporary folder, which
    is deleted with this object. InputError where the file has changed since, or is gone. Pickling keeps the results so
    far, but not the copy, which is made again for a new query.
    """

    def __init__(self, table: Table, x: Column, y: Column) -> None:
        """Query the extent; InputError where no row has a value in both."""
        self.path = table.source.path.absolute()
        self.stamp: Stamp = stamp_of(self.path)
        """Of the file when it was opened."""
        self.columns = (x.name, y.name)
        self._folder: Path | None = None
        self._lock = threading.RLock()
        self._row_file: RowFile | None = None
        self._next_row: int | None = 0
        self._cache: dict[object, Any] = {}
        places = [table.source.names.index(column.name) for column in (x, y)]
        named = {name.lower() for name in table.source.raw}
        in_place = not any(table.source.are_text[place] for place in places) and '"file_row_number"' not in named
        self._sql_columns = (
            tuple(f"CAST({table.source.raw[place]} AS DOUBLE)" for place in places) if in_place else None
        )
        if not in_place:
            self._copy(table, x, y)
        self.is_complete = False
        """Whether every row of the Parquet file has both values, so that its row numbers are those of the pairs."""
        ((raw,),) = self._ask(f"SELECT count(*) FROM {self._parquet()}")
        self.is_complete = raw == self.extent.rows
        if not self.extent.rows:
            raise InputError(f"{self.path}: no row has a value in both {x.name} and {y.name}; use other columns")
        self.left_out = table.rows - self.extent.rows

    def __getstate__(self) -> dict[str, Any]:
        """Everything except the lock and the temporary folder."""
        return vars(self) | {"_folder": None, "_lock": None, "_row_file": None, "_next_row": 0}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """As pickled, with a new lock."""
        vars(self).update(state, _lock=threading.RLock())

    @cached_property
    def extent(self) -> Extent:
        """Found in one pass."""
        ends = "min(x), max(x), min(y), max(y)"
        (count, *found), *_ = self._ask(f"SELECT count(*), favg(x), favg(y), {ends} FROM {self._rows}")
        return Extent(count, (found[2], found[3]), (found[4], found[5]), found[0], found[1])

    def sums(self, mean: float, y_mean: float, terms: Sequence[str]) -> list[float]:
        """Kahan sums over all rows of SQL terms in d = x - mean and e = y - y_mean."""
        away = f"(SELECT x - {constant(mean)} AS d, y - {constant(y_mean)} AS e FROM {self._rows})"
        (found,) = self._ask(f"SELECT {', '.join(f'fsum({term})' for term in terms)} FROM {away}")
        return list(found)

    def counts(
        self, x_range: tuple[float, float], y_range: tuple[float, float], bins: int, side: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """How many rows lie in each of the equal bins of x and of y, shape (bins,), and in each cell, (side, side).

        As in `numpy.histogram`, a value on an edge belongs to the bin above, and the largest to the last bin.
        """
        asked = x_range, y_range, bins, side
        return self.once(asked, lambda: self._count(*asked))

    def once(self, key: object, find: Callable[[], Found]) -> Found:
        """The result of ``find``, computed on the first call."""
        if key not in self._cache:
            self._cache[key] = find()
        found: Found = self._cache[key]
        return found

    def _count(
        self, x_range: tuple[float, float], y_range: tuple[float, float], bins: int, side: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        places = (_cell("x", x_range, bins), _cell("y", y_range, bins), _cell("x", x_range, side))
        named = ", ".join(f"{place} AS {name}" for place, name in zip(places, ("i", "j", "k"), strict=True))
        inner = f"(SELECT x, y, {named}, {_cell('y', y_range, side)} AS l FROM {self._rows})"
        exact = _numpy_bin("x", "i", x_range, bins), _numpy_bin("y", "j", y_range, bins)
        key = f"((l * {constant(side)} + k) * {constant(bins)} + {exact[0]}) * {constant(bins)} + {exact[1]}"
        query = f"SELECT CAST({key} AS INTEGER) AS place, count(*) AS rows FROM {inner} GROUP BY place"
        found = self._fetch(query)
        rest, y_bin = np.divmod(found["place"], bins)
        cell, x_bin = np.divmod(rest, bins)
        of_all = ((x_bin, bins), (y_bin, bins), (cell, side * side))
        x_counts, y_counts, cells = (_totals(places, found["rows"], count) for places, count in of_all)
        return x_counts, y_counts, cells.reshape(side, side)

    def prefetch(self, slices: Sequence[slice]) -> None:
        """Fetch the rows of several slices in one pass, unless they are cached."""
        ranges = {range(*part.indices(self.extent.rows)) for part in slices}
        with self._lock:
            missing = [part for part in ranges if part and part not in self._cache]
            if missing:
                self._prefetch(missing)

    def _prefetch(self, ranges: Sequence[range]) -> None:
        wanted = " OR ".join(
            f"(r BETWEEN {part.start} AND {part[-1]} AND (r - {part.start}) % {part.step} = 0)" for part in ranges
        )
        found = self._fetch(f"SELECT r, x, y FROM {self._numbered} WHERE {wanted}")
        rows = found["r"]
        for part in ranges:
            chosen = (rows >= part.start) & (rows <= part[-1]) & ((rows - part.start) % part.step == 0)
            order = np.argsort(rows[chosen])
            self._cache[part] = found["x"][chosen][order], found["y"][chosen][order]

    def part(self, rows: slice) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """x and y of these rows, cached."""
        asked = range(*rows.indices(self.extent.rows))
        if not asked:
            return np.empty(0), np.empty(0)
        self.prefetch([rows])
        found: tuple[NDArray[np.float64], NDArray[np.float64]] = self._cache[asked]
        return found

    def first_x(self, count: int) -> NDArray[np.float64]:
        """x of the first rows, cached."""
        query = f"SELECT x FROM {self._rows} LIMIT {count}"
        return self.once(query, lambda: self._fetch(query)["x"])

    def at(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """x and y of rows in any order, of the shape of ``rows``.

        Parquet has no access to single rows: each batch would cost a pass over the file. The first call therefore
        writes all rows to a temporary file, 16 bytes each. InputError where the disk has no room for it.
        """
        with self._lock:
            if self._row_file is None:
                self._row_file = RowFile(self._temporary_folder() / "rows", self.extent.rows, str(self.path))
            if self._next_row is not None:
                self._write_rows(self._row_file, self._next_row)
        return self._row_file.at(rows)

    def _write_rows(self, row_file: RowFile, begin: int) -> None:
        """Append the Parquet file's rows from ``begin`` on; those written stay if `between_pieces` ends it."""
        with self._open() as database:
            ((raw,),) = database.ask(f"SELECT count(*) FROM {self._parquet()}")
            for first in range(begin, raw, ROWS_AT_A_TIME):
                between_pieces.get()()
                among = f"file_row_number BETWEEN {first} AND {first + ROWS_AT_A_TIME - 1}"
                rows = self._rows_of(f"(SELECT * FROM {self._parquet(True)} WHERE {among})")
                found = database.fetch(f"SELECT x, y FROM {rows}")
                row_file.append(found["x"], found["y"])
                self._next_row = first + ROWS_AT_A_TIME
        self._next_row = None

    @property
    def _rows(self) -> str:
        """SQL: the rows, as x and y."""
        return self._rows_of(self._parquet())

    @property
    def _numbered(self) -> str:
        """SQL: the rows, as x and y, with their numbers as r."""
        if self.is_complete:
            return self._rows_of(self._parquet(True), ", file_row_number AS r")
        return f"(SELECT *, row_number() OVER () - 1 AS r FROM {self._rows})"

    def _rows_of(self, file: str, more: str = "") -> str:
        x, y = self._sql_columns or ("x", "y")
        if self.is_complete:
            return f"(SELECT {x} AS x, {y} AS y{more} FROM {file})"
        numbers = f"SELECT nullif({x}, 'nan'::DOUBLE) AS x, nullif({y}, 'nan'::DOUBLE) AS y FROM {file}"
        return f"(SELECT * FROM ({numbers}) WHERE x IS NOT NULL AND y IS NOT NULL)"

    def _parquet(self, numbered: bool = False) -> str:
        file = self.path if self._sql_columns is not None else self._temporary_folder() / COPY
        return f"read_parquet({quoted(glob_escaped(file))}{', file_row_number = true' if numbered else ''})"

    def _temporary_folder(self) -> Path:
        """The temporary folder, with the copy of the table if one is needed."""
        with self._lock:
            if self._folder is None:
                if self._sql_columns is None:
                    check_unchanged(self.path, self.stamp)
                    with open_table(self.path) as table:
                        self._copy(table, *choose(self.path, table.columns, *self.columns))
                else:
                    self._new_folder()
            assert self._folder is not None
            return self._folder

    def _new_folder(self) -> Path:
        self._folder = Path(mkdtemp(prefix="gdviz-"))
        weakref.finalize(self, rmtree, self._folder, ignore_errors=True)
        return self._folder

    def _copy(self, table: Table, x: Column, y: Column) -> None:
        target = quoted(str(self._new_folder() / COPY))
        table.source.database.ask(f"COPY (SELECT x, y FROM {table.pairs_query(x, y)}) TO {target} (FORMAT parquet)")
        check_unchanged(self.path, self.stamp)

    def _ask(self, query: str) -> list[tuple[Any, ...]]:
        with self._open() as database:
            return database.ask(query)

    def _fetch(self, query: str) -> dict[str, NDArray[Any]]:
        with self._open() as database:
            return database.fetch(query)

    @contextmanager
    def _open(self) -> Iterator[Database]:
        check_unchanged(self.path, self.stamp)
        try:
            with open_database(self.path, MEMORY) as database:
                yield database
        finally:
            check_unchanged(self.path, self.stamp)  # an error may come from a file that was replaced meanwhile


def constant(value: float) -> str:
    """SQL: a double-precision constant, exact to the last bit."""
    return f"'{float(value)!r}'::DOUBLE"


# Double precision throughout: DuckDB checks integers for overflow, which doubles the time.


def _cell(column: str, span: tuple[float, float], parts: int) -> str:
    """SQL: in which of the equal parts of the span a value lies, up to rounding."""
    low, high = span
    place = f"trunc(({column} - {constant(low)}) * {constant(parts / (high - low))})"
    return f"least({place}, {constant(parts - 1)})"


def _numpy_bin(column: str, place: str, span: tuple[float, float], parts: int) -> str:
    """SQL: the result of `_cell`, corrected to the edges of `numpy.linspace`."""
    low, step = constant(span[0]), constant((span[1] - span[0]) / parts)
    below = f"CAST({column} < {place} * {step} + {low} AS DOUBLE)"
    above = f"CAST({column} >= ({place} + {constant(1)}) * {step} + {low} AS DOUBLE)"
    return f"least({place} - {below} + {above}, {constant(parts - 1)})"


def _totals(places: NDArray[np.int64], rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    found = np.zeros(count, np.int64)
    np.add.at(found, places, rows)
    return found
