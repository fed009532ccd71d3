"""Two columns of a file with so many rows that they stay there: DuckDB sums, counts and samples them."""

import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from gdviz.core.errors import InputError
from gdviz.core.tables.columns import Column, choose
from gdviz.core.tables.numbers import quoted
from gdviz.core.tables.row_file import RowFile
from gdviz.core.tables.source import Database, open_database
from gdviz.core.tables.stamp import Stamp, check_unchanged, stamp_of
from gdviz.core.tables.table import Table, open_table
from gdviz.core.tables.text_files import literal

Found = TypeVar("Found")
ROWS_AT_A_TIME = 1 << 20
"""So many rows are fetched at a time on the way into a file of their own: 16 MB."""
MEMORY = "500MB"
"""What DuckDB may take for a question; more than it needs."""
COPY = "table.parquet"
between_pieces: ContextVar[Callable[[], object]] = ContextVar("between_pieces", default=lambda: None)
"""Is called in the course of what may take many seconds; whatever it raises ends that."""


class Extent(NamedTuple):
    """How many rows there are, the smallest and the largest value of x and y, and their means."""

    rows: int
    x: tuple[float, float]
    y: tuple[float, float]
    mean: float
    y_mean: float


class LargePairs:
    """The rows with a value in both columns, numbered from 0 in the order of the file.

    Every question opens DuckDB for itself and closes it again, so that any thread may ask, and nothing is left open. A
    Parquet file with columns of numbers is read where it is; of any other table the two columns are copied into a
    temporary folder, which goes with this object. InputError where the file has changed since, or is gone. A pickled
    one knows what was found out so far; it makes its copy anew if it is asked something else.
    """

    def __init__(self, table: Table, x: Column, y: Column) -> None:
        """Ask once for the extent; InputError where no row has a value in both."""
        self.path = table.source.path.absolute()
        self.stamp: Stamp = stamp_of(self.path)
        """What the file was like when it was opened."""
        self.columns = (x.name, y.name)
        self._folder: Path | None = None
        self._lock = threading.RLock()
        self._row_file: RowFile | None = None
        self._moved: int | None = 0
        self._cache: dict[object, Any] = {}
        places = [table.source.names.index(column.name) for column in (x, y)]
        named = {name.lower() for name in table.source.raw}
        in_place = not any(table.source.are_text[place] for place in places) and '"file_row_number"' not in named
        self._numbers = tuple(f"CAST({table.source.raw[place]} AS DOUBLE)" for place in places) if in_place else None
        if not in_place:
            self._copy(table, x, y)
        self.is_whole = False
        """Whether no row of the Parquet file is left out, so that its row numbers are ours."""
        ((raw,),) = self._ask(f"SELECT count(*) FROM {self._parquet()}")
        self.is_whole = raw == self.extent.rows
        if not self.extent.rows:
            raise InputError(f"{self.path}: no row has a value in both {x.name} and {y.name}; use other columns")
        self.left_out = table.rows - self.extent.rows

    def __getstate__(self) -> dict[str, Any]:
        """All but the lock and what is in the temporary folder."""
        return vars(self) | {"_folder": None, "_lock": None, "_row_file": None, "_moved": 0}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """As it was, without a folder."""
        vars(self).update(state, _lock=threading.RLock())

    @cached_property
    def extent(self) -> Extent:
        """Found in one pass."""
        ends = "min(x), max(x), min(y), max(y)"
        (count, *found), *_ = self._ask(f"SELECT count(*), favg(x), favg(y), {ends} FROM {self._rows}")
        return Extent(count, (found[2], found[3]), (found[4], found[5]), found[0], found[1])

    def sums(self, mean: float, y_mean: float, terms: Sequence[str]) -> list[float]:
        """The sums over all rows of terms in SQL of d and e, the distances of x and y to these, by Kahan's method."""
        away = f"(SELECT x - {constant(mean)} AS d, y - {constant(y_mean)} AS e FROM {self._rows})"
        (found,) = self._ask(f"SELECT {', '.join(f'fsum({term})' for term in terms)} FROM {away}")
        return list(found)

    def counts(
        self, x_range: tuple[float, float], y_range: tuple[float, float], bins: int, side: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """How many rows lie in each of the equal bins of x and of y, shape (bins,), and in each cell, (side, side).

        As `numpy.histogram` counts: a value on an edge belongs to the bin above, the largest one to the last.
        """
        asked = x_range, y_range, bins, side
        return self.once(asked, lambda: self._count(*asked))

    def once(self, key: object, find: Callable[[], Found]) -> Found:
        """What ``find`` returns, kept with the pairs from the first call on."""
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
        exact = _exact("x", "i", x_range, bins), _exact("y", "j", y_range, bins)
        key = f"((l * {constant(side)} + k) * {constant(bins)} + {exact[0]}) * {constant(bins)} + {exact[1]}"
        query = f"SELECT CAST({key} AS INTEGER) AS place, count(*) AS rows FROM {inner} GROUP BY place"
        found = self._fetch(query)
        rest, y_bin = np.divmod(found["place"], bins)
        cell, x_bin = np.divmod(rest, bins)
        of_all = ((x_bin, bins), (y_bin, bins), (cell, side * side))
        x_counts, y_counts, cells = (_added(places, found["rows"], count) for places, count in of_all)
        return x_counts, y_counts, cells.reshape(side, side)

    def prefetch(self, slices: Sequence[slice]) -> None:
        """Fetch the rows of several slices in one pass, if they are not there yet."""
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
        """x and y of these rows; they are kept, so that the next one who asks gets them at once."""
        asked = range(*rows.indices(self.extent.rows))
        if not asked:
            return np.empty(0), np.empty(0)
        self.prefetch([rows])
        found: tuple[NDArray[np.float64], NDArray[np.float64]] = self._cache[asked]
        return found

    def first_x(self, count: int) -> NDArray[np.float64]:
        """x of the first rows."""
        found: NDArray[np.float64] = self._fetch(f"SELECT x FROM {self._rows} LIMIT {count}")["x"]
        return found

    def at(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """x and y of rows in any order, of the shape of ``rows``.

        Parquet has no way to a single row: a batch would cost a pass over the file. So the first call writes all rows
        into a temporary file of 16 bytes a row, in which they are found by their number. InputError where the disk has
        no room for it.
        """
        with self._lock:
            if self._row_file is None:
                self._row_file = RowFile(self._own_folder() / "rows", self.extent.rows, str(self.path))
            if self._moved is not None:
                self._move(self._row_file, self._moved)
        return self._row_file.at(rows)

    def _move(self, row_file: RowFile, begin: int) -> None:
        """Append the rows from that one on, of the Parquet file; what is there stays if `between_pieces` ends it."""
        with self._open() as database:
            ((raw,),) = database.ask(f"SELECT count(*) FROM {self._parquet()}")
            for first in range(begin, raw, ROWS_AT_A_TIME):
                between_pieces.get()()
                among = f"file_row_number BETWEEN {first} AND {first + ROWS_AT_A_TIME - 1}"
                rows = self._selected(f"(SELECT * FROM {self._parquet(True)} WHERE {among})")
                found = database.fetch(f"SELECT x, y FROM {rows}")
                row_file.append(found["x"], found["y"])
                self._moved = first + ROWS_AT_A_TIME
        self._moved = None

    @property
    def _rows(self) -> str:
        """SQL: the rows, as x and y."""
        return self._selected(self._parquet())

    @property
    def _numbered(self) -> str:
        """SQL: the rows, as x and y, with their numbers as r."""
        if self.is_whole:
            return self._selected(self._parquet(True), ", file_row_number AS r")
        return f"(SELECT *, row_number() OVER () - 1 AS r FROM {self._rows})"

    def _selected(self, file: str, more: str = "") -> str:
        x, y = self._numbers or ("x", "y")
        if self.is_whole:
            return f"(SELECT {x} AS x, {y} AS y{more} FROM {file})"
        numbers = f"SELECT nullif({x}, 'nan'::DOUBLE) AS x, nullif({y}, 'nan'::DOUBLE) AS y FROM {file}"
        return f"(SELECT * FROM ({numbers}) WHERE x IS NOT NULL AND y IS NOT NULL)"

    def _parquet(self, numbered: bool = False) -> str:
        file = self.path if self._numbers is not None else self._own_folder() / COPY
        return f"read_parquet({quoted(literal(file))}{', file_row_number = true' if numbered else ''})"

    def _own_folder(self) -> Path:
        """The temporary folder; a copy that belongs there is made where it is not there yet."""
        with self._lock:
            if self._folder is None:
                if self._numbers is None:
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
        table.source.database.ask(f"COPY (SELECT x, y FROM {table.kept(x, y)}) TO {target} (FORMAT parquet)")
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
            check_unchanged(self.path, self.stamp)  # else an error would tell of a file that is another one by now


def constant(value: float) -> str:
    """SQL: a number in double precision, to the last bit."""
    return f"'{float(value)!r}'::DOUBLE"


# In double precision throughout: DuckDB checks whole numbers for overflow, which takes as long again.


def _cell(column: str, span: tuple[float, float], parts: int) -> str:
    """SQL: in which of the equal parts of the span a value lies, up to rounding."""
    low, high = span
    place = f"trunc(({column} - {constant(low)}) * {constant(parts / (high - low))})"
    return f"least({place}, {constant(parts - 1)})"


def _exact(column: str, place: str, span: tuple[float, float], parts: int) -> str:
    """SQL: the same where the edges are those of `numpy.linspace`, from what `_cell` found."""
    low, step = constant(span[0]), constant((span[1] - span[0]) / parts)
    below = f"CAST({column} < {place} * {step} + {low} AS DOUBLE)"
    above = f"CAST({column} >= ({place} + {constant(1)}) * {step} + {low} AS DOUBLE)"
    return f"least({place} - {below} + {above}, {constant(parts - 1)})"


def _added(places: NDArray[np.int64], rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    found = np.zeros(count, np.int64)
    np.add.at(found, places, rows)
    return found
