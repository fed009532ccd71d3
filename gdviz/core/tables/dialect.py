"""Guesses from its first lines how a table of text is written: what separates its columns, and where its rows begin."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gdviz.core.tables.numbers import form_of, is_missing

DELIMITERS = (",", ";", "\t", "|")
SPACES = " "
"""As a delimiter: any number of spaces, as in a table that is aligned by eye."""
MOST_LINES = 500
COMMENT = "#"


_GAPS = re.compile(r"""("[^"]*"|'[^']*')|[ \t]+""")
"""A quoted cell, or a run of spaces between cells."""


@dataclass(frozen=True)
class Dialect:
    """How a table is written.

    delimiter: what separates the columns, `SPACES` for any number of them. quote: what may enclose a cell. comments:
    whether lines that begin with # are none of its rows. skipped: the lines, without comments, before its first row of
    values. names: of its columns, as the header has them; empty where it has none. spans_lines: whether a quoted cell
    has an end of line.
    """

    delimiter: str
    quote: str
    comments: bool
    skipped: int
    names: tuple[str, ...]
    spans_lines: bool


@dataclass(frozen=True)
class _Guess:
    """A table as one delimiter splits it: its rows with the numbers of the lines on which they end."""

    delimiter: str
    quote: str
    lines: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def width(self) -> int:
        """The number of columns that most of its rows have; of equally many the larger."""
        counts = Counter(len(row) for row in self.rows)
        return max(counts, key=lambda width: (counts[width], width), default=0)

    @property
    def numeric(self) -> tuple[int, ...]:
        """The places of the columns in which at least half of the cells with a value are numbers."""
        return tuple(place for place in range(self.width) if self._share_of_numbers(place) >= 0.5)

    def _share_of_numbers(self, place: int) -> float:
        cells = [row[place] for row in self.rows if place < len(row) and not is_missing(row[place])]
        return sum(form_of(cell) is not None for cell in cells) / len(cells) if cells else 0.0

    @property
    def score(self) -> tuple[int, float]:
        """How much it looks like a table: numeric columns (two are enough), then how regular it is, from 0 to 1."""
        cells = [cell for row in self.rows for cell in row if not is_missing(cell)]
        numbers = sum(form_of(cell) is not None for cell in cells) / max(len(cells), 1)
        regular = sum(len(row) == self.width for row in self.rows) / max(len(self.rows), 1)
        return min(len(self.numeric), 2) if self.width > 1 else 0, numbers * regular


def guess(lines: Sequence[str]) -> Dialect:
    """The dialect of a table with these first lines."""
    named = _named_delimiter(lines[0]) if lines else None
    first = 1 if named else 0
    kept = [(number, line) for number, line in enumerate(lines[:MOST_LINES], 1) if number > first and line.strip()]
    comments = [number for number, line in kept if line.startswith(COMMENT)]
    kept = [(number, line) for number, line in kept if not line.startswith(COMMENT)]
    texts = "".join(line for _, line in kept)
    quote = "'" if "'" in texts and '"' not in texts else '"'
    found = [_split(kept, delimiter, quote) for delimiter in ([named] if named else _possible(kept))]
    best = max(found, key=lambda one: one.score)
    spans_lines = len(best.rows) < len(kept) and bool(best.lines) and best.lines[-1] == kept[-1][0]
    return _dialect(best, comments, first, spans_lines)


def _named_delimiter(line: str) -> str | None:
    """The delimiter that a first line such as ``sep=;`` names, as spreadsheets write it."""
    start, _, named = line.strip().strip('"').partition("=")
    return named if start.strip().lower() == "sep" and named in DELIMITERS else None


def _possible(lines: Sequence[tuple[int, str]]) -> list[str]:
    return [delimiter for delimiter in (*DELIMITERS, SPACES) if any(delimiter in line for _, line in lines)] or [","]


def _split(lines: Sequence[tuple[int, str]], delimiter: str, quote: str) -> _Guess:
    numbers, texts = [number for number, _ in lines], [line for _, line in lines]
    if delimiter == SPACES:
        texts = [aligned_to_tabs(text) for text in texts]
        return replace(_split(list(zip(numbers, texts, strict=True)), "\t", quote), delimiter=SPACES)
    reader = csv.reader(texts, delimiter=delimiter, quotechar=quote, skipinitialspace=True)
    rows, ends = [], []
    try:
        for row in reader:
            rows.append(tuple(row))
            ends.append(numbers[reader.line_num - 1])
    except csv.Error:  # a cell of more characters than the module takes: DuckDB tells where
        pass
    return _Guess(delimiter, quote, tuple(ends), tuple(rows))


def aligned_to_tabs(line: str) -> str:
    """A line of a table whose columns are separated by runs of spaces, with one tab in the place of each run."""
    return _GAPS.sub(lambda found: found[1] or "\t", line.strip())


def _dialect(best: _Guess, comments: Sequence[int], first: int, spans_lines: bool) -> Dialect:
    numeric = best.numeric
    start = next((place for place, row in enumerate(best.rows) if _is_values(row, numeric)), min(1, len(best.rows)))
    start += start < len(best.rows) and _are_years(best.rows[start])
    before = [row for row in best.rows[:start] if len(row) > 1 or best.width < 2]
    header = _header(best, before[-1] if before else ())
    skipped = _skipped(best, start, first, comments)
    return Dialect(best.delimiter, best.quote, bool(comments), skipped, header, spans_lines)


def _header(best: _Guess, cells: Sequence[str]) -> tuple[str, ...]:
    """The names of all columns, from the row before the first one of values; empty for those without."""
    names = tuple(cell.strip() for cell in cells)
    if 2 * len(names) < best.width:
        names = ()  # a line of something else, such as the number of rows
    has_row_names = best.width == len(names) + 1 and any(not is_missing(row[-1]) for row in best.rows[1:])
    if names and has_row_names:
        return ("", *names)  # as R writes a table: the column of the row names has none
    return (*names, *[""] * (best.width - len(names)))


def _are_years(row: Sequence[str]) -> bool:
    """Whether the numbers of a row are years that follow each other: names of columns that look like values."""
    found = [cell.strip() for cell in row if form_of(cell)]
    years = [int(cell) for cell in found if cell.isdecimal() and len(cell) == 4]
    return len(years) == len(found) >= 3 and years == [*range(years[0], years[0] + len(years))]


def _skipped(best: _Guess, start: int, first: int, comments: Sequence[int]) -> int:
    """The lines before a row, without comments, which DuckDB does not count."""
    last = best.lines[start - 1] if start else first
    return last - sum(line <= last for line in comments)


def _is_values(row: Sequence[str], numeric: Sequence[int]) -> bool:
    """Whether a row has values, at least one of them a number, in all numeric columns that it has."""
    cells = [row[place] for place in numeric if place < len(row)]
    return any(form_of(cell) for cell in cells) and all(form_of(cell) or is_missing(cell) for cell in cells)
