"""Guesses the dialect of a text table from its first lines: its delimiter, and where its rows begin."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from gdviz.core.frozen import frozen
from gdviz.core.tables.numbers import form_of, is_missing

DELIMITERS = (",", ";", "\t", "|")
SPACES = " "
"""As a delimiter: any number of spaces, as in tables aligned by eye."""
MOST_LINES = 500
COMMENT = "#"
_GAPS = re.compile(r"""("[^"]*"|'[^']*')|[ \t]+""")
"""A quoted cell, or a run of spaces between cells."""
_QUOTED_CELL = re.compile(r"(?:^|[,;\t| ])'[^'\n]*'(?:[,;\t| ]|$)")
"""A cell between apostrophes; a word such as 'tis has but one."""


@frozen
class Dialect:
    """The dialect of a text table.

    delimiter: may be `SPACES`. quote: the quotation mark of cells. comments: whether lines that begin with # are
    comments. skipped: the number of lines, without comments, before the first row of values. names: from the header,
    empty for columns without one. spans_lines: whether a quoted cell contains a line break. head: the number of lines
    before the first row of values where one of their cells contains a line break, which are then to be cut off; else 0.
    """

    delimiter: str
    quote: str
    comments: bool
    skipped: int
    names: tuple[str, ...]
    spans_lines: bool
    head: int


@frozen
class _Candidate:
    """The table as parsed with one delimiter: its rows, and the numbers of the lines on which they end."""

    delimiter: str
    quote: str
    lines: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def width(self) -> int:
        """The most frequent number of columns; the larger one of a tie."""
        counts = Counter(len(row) for row in self.rows)
        return max(counts, key=lambda width: (counts[width], width), default=0)

    @property
    def numeric(self) -> tuple[int, ...]:
        """The indices of columns in which at least half of the non-missing cells are numbers."""
        return tuple(place for place in range(self.width) if self._share_of_numbers(place) >= 0.5)

    def _share_of_numbers(self, place: int) -> float:
        cells = [row[place] for row in self.rows if place < len(row) and not is_missing(row[place])]
        return sum(form_of(cell) is not None for cell in cells) / len(cells) if cells else 0.0

    @property
    def score(self) -> tuple[int, float]:
        """How much it looks like a table: numeric columns, at most two, then regularity from 0 to 1."""
        cells = [cell for row in self.rows for cell in row if not is_missing(cell)]
        numbers = sum(form_of(cell) is not None for cell in cells) / max(len(cells), 1)
        regular = sum(len(row) == self.width for row in self.rows) / max(len(self.rows), 1)
        return min(len(self.numeric), 2) if self.width > 1 else 0, numbers * regular


def guess_dialect(lines: Sequence[str]) -> Dialect:
    """Guess the dialect of a table with these first lines."""
    named = _named_delimiter(lines[0]) if lines else None
    first = 1 if named else 0
    filled = [(number, line) for number, line in enumerate(lines[:MOST_LINES], 1) if number > first and line.strip()]
    comments = [number for number, line in filled if line.startswith(COMMENT)]
    kept = [(number, line) for number, line in filled if not line.startswith(COMMENT)]
    best = _best(kept, named)
    if comments and not _are_comments(comments, filled, best):
        comments, kept, best = [], filled, _best(filled, named)
    return _dialect(best, comments, first, kept)


def _best(lines: Sequence[tuple[int, str]], delimiter: str | None) -> _Candidate:
    """The most table-like way to parse the lines, with this delimiter or, if None, with any."""
    texts = [line for _, line in lines]
    quote = "'" if any(map(_QUOTED_CELL.search, texts)) and not any('"' in text for text in texts) else '"'
    delimiters = [delimiter] if delimiter else _candidate_delimiters(lines)
    return max((_parse(lines, each, quote) for each in delimiters), key=lambda one: one.score)


def _are_comments(numbers: Sequence[int], lines: Sequence[tuple[int, str]], best: _Candidate) -> bool:
    """Whether the lines with a # are no rows: those between or below other rows that look like them are."""
    texts, numeric = dict(lines), best.numeric
    is_data = [_is_data_row(row, numeric) for row in best.rows]
    top = best.lines[is_data.index(True)] if any(is_data) else 0
    below = [(number, texts[number]) for number in numbers if number > top]
    rows = _parse(below, best.delimiter, best.quote).rows
    return not any(len(row) == best.width > 1 and any(form_of(cell) for cell in row[1:]) for row in rows)


def _named_delimiter(line: str) -> str | None:
    """The delimiter named by a first line such as ``sep=;``, as spreadsheets write it."""
    start, _, named = line.strip().strip('"').partition("=")
    return named if start.strip().lower() == "sep" and named in DELIMITERS else None


def _candidate_delimiters(lines: Sequence[tuple[int, str]]) -> list[str]:
    return [delimiter for delimiter in (*DELIMITERS, SPACES) if any(delimiter in line for _, line in lines)] or [","]


def _parse(lines: Sequence[tuple[int, str]], delimiter: str, quote: str) -> _Candidate:
    numbers, texts = [number for number, _ in lines], [line for _, line in lines]
    if delimiter == SPACES:
        texts = [aligned_to_tabs(text) for text in texts]
        return replace(_parse(list(zip(numbers, texts, strict=True)), "\t", quote), delimiter=SPACES)
    reader = csv.reader(texts, delimiter=delimiter, quotechar=quote, skipinitialspace=True)
    rows, ends = [], []
    try:
        for row in reader:
            rows.append(tuple(row))
            ends.append(numbers[reader.line_num - 1])
    except csv.Error:  # a cell too long for the module; DuckDB reports the line
        pass
    return _Candidate(delimiter, quote, tuple(ends), tuple(rows))


def aligned_to_tabs(line: str) -> str:
    """A line with each run of spaces between its columns replaced by a tab."""
    return _GAPS.sub(lambda found: found[1] or "\t", line.strip())


def _dialect(best: _Candidate, comments: Sequence[int], first: int, kept: Sequence[tuple[int, str]]) -> Dialect:
    numeric = best.numeric
    start = next((place for place, row in enumerate(best.rows) if _is_data_row(row, numeric)), min(1, len(best.rows)))
    start += start < len(best.rows) and _are_consecutive_years(best.rows[start])
    before = [row for row in best.rows[:start] if len(row) > 1 or best.width < 2]
    header = _header(best, before[-1] if before else ())
    last = best.lines[start - 1] if start else first
    # DuckDB does not count comments.
    skipped = last - sum(line <= last for line in comments)
    spans_lines = len(best.rows) < len(kept) and bool(best.lines) and best.lines[-1] == kept[-1][0]
    is_head_broken = sum(number <= last for number, _ in kept) > start
    if is_head_broken:
        return Dialect(best.delimiter, best.quote, bool(comments), 0, header, spans_lines, last)
    return Dialect(best.delimiter, best.quote, bool(comments), skipped, header, spans_lines, 0)


def _header(best: _Candidate, cells: Sequence[str]) -> tuple[str, ...]:
    """The names of all columns, from the row above the values; empty for columns without one."""
    names = tuple(" ".join(cell.split()) for cell in cells)
    if 2 * len(names) < best.width:
        names = ()  # another kind of line, such as the number of rows
    has_row_names = best.width == len(names) + 1 and any(not is_missing(row[-1]) for row in best.rows[1:])
    if names and has_row_names:
        return ("", *names)  # R writes no header for the row names
    return (*names, *[""] * (best.width - len(names)))


def _are_consecutive_years(row: Sequence[str]) -> bool:
    """Whether the numbers of a row are consecutive years: column names that look like values."""
    found = [cell.strip() for cell in row if form_of(cell)]
    years = [int(cell) for cell in found if cell.isdecimal() and len(cell) == 4]
    return len(years) == len(found) >= 3 and years == [*range(years[0], years[0] + len(years))]


def _is_data_row(row: Sequence[str], numeric: Sequence[int]) -> bool:
    """Whether a row has only numbers or missing values in its numeric columns, and at least one number."""
    cells = [row[place] for place in numeric if place < len(row)]
    return any(form_of(cell) for cell in cells) and all(form_of(cell) or is_missing(cell) for cell in cells)
