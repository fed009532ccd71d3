"""Opens a file of text or Parquet with DuckDB as a table in SQL."""

import errno
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from numpy.typing import NDArray

from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
from gdviz.core.reading import open_file
from gdviz.core.tables.dialect import COMMENT, SPACES, Dialect, guess_dialect
from gdviz.core.tables.interrupt import checkpoint, watched
from gdviz.core.tables.numbers import quoted, sql_is_plain, sql_trimmed
from gdviz.core.tables.text_files import detect_text, glob_escaped, normalise, occurrences, read_head

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Answer = TypeVar("Answer")
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
"""Nothing is fetched from anywhere."""
MEMORY = "800MB"
"""DuckDB's limit; what does not fit is streamed."""
NO_SPACE = os.strerror(errno.ENOSPC)
LONGEST_ROW = 1_000_000
"""The most bytes of a row of text."""
MOST_COLUMNS = 1_000
NO_ROWS = "has no rows; give at least one with two numbers"
PARQUET = b"PAR1"
NUMBER = re.compile("U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*")
"""The numeric types of a Parquet file."""
TOO_MANY = re.compile(r"CSV Error on Line: (\d+).*Expected Number of Columns: (\d+) Found: (\d+)", re.DOTALL)
TOO_LONG = re.compile(r"CSV Error on Line: (\d+).*Maximum line size", re.DOTALL)
OPEN_QUOTE = re.compile(r"CSV Error on Line: (\d+).*unterminated quote", re.DOTALL)


@frozen
class Database:
    """DuckDB, open for queries on one file; InputError that says what is wrong with the file."""

    connection: "DuckDBPyConnection"
    path: Path

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of the answer."""
        return self._answer(query, lambda found: found.fetchall())

    def fetch(self, query: str) -> dict[str, NDArray[Any]]:
        """The columns of the answer by name, each of shape (n,)."""
        return self._answer(query, lambda found: found.fetchnumpy())

    def _answer(self, query: str, read: Callable[["DuckDBPyConnection"], Answer]) -> Answer:
        import duckdb

        checkpoint()
        try:
            return read(self.connection.execute(query))  # most of a long answer is computed while it is read
        except duckdb.InterruptException:
            checkpoint()
            raise
        except (duckdb.CatalogException, duckdb.BinderException, duckdb.ParserException):
            raise  # a bug, not a fault of the file
        except duckdb.Error as error:
            raise InputError(f"{self.path}: {_plain_error(str(error))}") from error


@frozen
class Source:
    """A table in SQL.

    file: what to select from. raw: its columns in SQL. names: unique ones. are_named: whether the file names them.
    are_text: whether they are text rather than numbers.
    """

    database: Database
    file: str
    raw: tuple[str, ...]
    names: tuple[str, ...]
    are_named: tuple[bool, ...]
    are_text: tuple[bool, ...]
    delimiter: str

    @property
    def query(self) -> str:
        """SQL: the rows with a value in any column, with the columns of `cells`."""
        places = range(len(self.names))
        some = " OR ".join(f"c{place} IS NOT NULL" for place in places)
        return f"(SELECT * FROM {self.cells(places)} WHERE {some})"

    def cells(self, places: Iterable[int]) -> str:
        """SQL: all rows, with these columns as c0, c1, ..., trimmed text or in double precision.

        For text also t0, t1, ..., the cells as in the file, and p0, p1, ..., whether they are plain.
        """
        raw, plain, cells = [], [], []
        for place in places:
            raw.append(f"{self.raw[place]} AS t{place}")
            if self.are_text[place]:
                plain.append(f", {sql_is_plain(f't{place}')} AS p{place}")
                cells.append(f"{sql_trimmed(f't{place}', f'p{place}')} AS c{place}")
            else:
                cells.append(f"nullif(CAST(t{place} AS DOUBLE), 'nan'::DOUBLE) AS c{place}")
        rows = f"(SELECT *{''.join(plain)} FROM (SELECT {', '.join(raw)} FROM {self.file}))"
        return f"(SELECT *, {', '.join(cells)} FROM {rows})"

    @property
    def path(self) -> Path:
        """The file."""
        return self.database.path


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Open a file for the block; InputError for one that is not a table."""
    with open_file(path) as file:
        is_parquet = file.read(len(PARQUET)) == PARQUET
    with TemporaryDirectory(prefix="gdviz-") as folder, open_database(path, MEMORY) as database:
        yield _parquet(database) if is_parquet else _text(database, Path(folder))


def _parquet(database: Database) -> Source:
    file = f"read_parquet({quoted(glob_escaped(database.path))})"
    found = database.ask(f"DESCRIBE SELECT * FROM {file}")
    names, are_text = [row[0] for row in found], tuple(NUMBER.fullmatch(row[1]) is None for row in found)
    columns = ['"' + name.replace('"', '""') + '"' for name in names]
    raw = [
        f"CAST({column} AS VARCHAR)" if is_text else column for column, is_text in zip(columns, are_text, strict=True)
    ]
    return _source(database, file, raw, names, are_text, ",")


def _text(database: Database, folder: Path) -> Source:
    path = database.path
    text = detect_text(path)
    dialect = guess_dialect(read_head(path, text))
    readable = normalise(path, text, dialect.delimiter == SPACES, folder, dialect.head)
    if dialect.spans_lines and occurrences(readable, dialect.quote) % 2:
        # DuckDB would silently drop what follows.
        raise InputError(f"{path}: a quote that is opened is not closed; close it, or leave it out")
    file = _csv(readable, dialect)
    raw = [f"t{place}" for place in range(len(dialect.names))]
    return _source(database, file, raw, dialect.names, (True,) * len(raw), dialect.delimiter)


def _csv(path: Path, dialect: Dialect) -> str:
    """The file in SQL; short rows together with quoted line breaks need a single thread."""
    delimiter = "\t" if dialect.delimiter == SPACES else dialect.delimiter
    columns = ", ".join(f"'t{place}': 'VARCHAR'" for place in range(len(dialect.names)))
    comment = f", comment = '{COMMENT}'" if dialect.comments else ""
    in_parallel = str(not dialect.spans_lines).lower()
    return (
        f"read_csv({quoted(glob_escaped(path))}, auto_detect = false, header = false, null_padding = true, "
        f"parallel = {in_parallel}, columns = {{{columns}}}, delim = {quoted(delimiter)}, "
        f"quote = {quoted(dialect.quote)}, escape = {quoted(dialect.quote)}, skip = {dialect.skipped}, "
        f"max_line_size = {LONGEST_ROW}{comment})"
    )


def _source(
    database: Database,
    file: str,
    raw: Sequence[str],
    names: Sequence[str],
    are_text: tuple[bool, ...],
    delimiter: str,
) -> Source:
    if not raw:
        raise InputError(f"{database.path}: {NO_ROWS}")
    if len(raw) > MOST_COLUMNS:
        raise InputError(f"{database.path}: has {len(raw):,} columns; use a table of 2 to {MOST_COLUMNS:,}")
    return Source(database, file, tuple(raw), *_unique(names), are_text, delimiter)


def _unique(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    """Unique names: empty ones are numbered, repeated ones counted; and which were not empty."""
    seen: Counter[str] = Counter()
    unique: list[str] = []
    for place, name in enumerate(names, 1):
        given = name or f"column {place}"
        seen[given] += 1
        unique.append(given if seen[given] == 1 else f"{given} ({seen[given]})")
    return tuple(unique), tuple(map(bool, names))


@contextmanager
def open_database(path: Path, memory: str) -> Iterator[Database]:
    """Open DuckDB for the block, for queries on a file that the thread's interrupt ends. memory: its limit."""
    import duckdb  # takes a while, and most windows open no file

    # By default it would spill into the current folder; it makes this one when it needs it, and removes it.
    spill = str(Path(gettempdir()) / f"gdviz-{uuid4().hex}")
    config = {**SETTINGS, "memory_limit": memory, "temp_directory": spill}
    with duckdb.connect(":memory:", config=config) as connection, watched(connection):
        connection.execute("SET enable_progress_bar = false")  # it would be printed among the steps of a trace
        yield Database(connection, path)


def _plain_error(error: str) -> str:
    """An error of DuckDB in one line, with the remedy."""
    if found := TOO_MANY.search(error):
        line, expected, values = found.groups()
        return f"line {line}: has {values} values where the table has {expected} columns; is a comma in a number?"
    if found := TOO_LONG.search(error):
        return f"line {found[1]}: has more than {LONGEST_ROW:,} bytes; a table has a line for each row"
    if found := OPEN_QUOTE.search(error):
        return f"line {found[1]}: a quote that is opened here is not closed; close it, or leave it out"
    if NO_SPACE in error:
        return f"a copy of the table does not fit into {gettempdir()}; make room there"
    return f"cannot be read as a table: {error.splitlines()[0]}"
