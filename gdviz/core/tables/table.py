"""Reads a table: its columns, a preview of its rows, and the numbers of two columns."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
from gdviz.core.tables.columns import Column
from gdviz.core.tables.numbers import (
    NOT_A_NUMBER,
    PLAIN,
    DecimalMark,
    decimal_mark_of,
    quoted,
    sql_form,
    sql_number,
    sql_plain_number,
)
from gdviz.core.tables.source import NO_ROWS, Source, open_source


@frozen
class Pairs:
    """Two columns of a table, x and y, float64 of shape (n,), and how many rows were left out for a missing value."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    left_out: int


@frozen
class Table:
    """An open table. rows: those with a value in any column. columns: those with a name or a value."""

    source: Source
    rows: int
    columns: tuple[Column, ...]

    def preview(self, count: int) -> list[tuple[str, ...]]:
        """The first rows as text, empty for a missing value."""
        keys = [f"c{self._place(column)}" for column in self.columns]
        shown = ", ".join(f"coalesce(CAST({key} AS VARCHAR), '')" for key in keys)
        return self.source.database.ask(f"SELECT {shown} FROM {self.source.query} LIMIT {count}")

    def pairs(self, x: Column, y: Column) -> Pairs:
        """The numbers of two numeric columns, in the order of the file; InputError where no row has both."""
        found = self.source.database.fetch(f"SELECT x, y FROM {self.pairs_query(x, y)}")
        if not found["x"].size:
            told = f"no row has a value in both {x.name} and {y.name}; use other columns"
            raise InputError(f"{self.source.path}: {told}")
        return Pairs(found["x"], found["y"], self.rows - found["x"].size)

    def pairs_query(self, x: Column, y: Column) -> str:
        """SQL: the rows with a value in both columns, called x and y, in double precision."""
        numbers = f"{self._number(x)} AS x, {self._number(y)} AS y"
        cells = self.source.cells({self._place(x), self._place(y)})
        return f"(SELECT * FROM (SELECT {numbers} FROM {cells}) WHERE x IS NOT NULL AND y IS NOT NULL)"

    def _place(self, column: Column) -> int:
        return self.source.names.index(column.name)

    def _number(self, column: Column) -> str:
        place = self._place(column)
        assert column.decimal_mark is not None, f"{column.name} is not numeric"
        if not self.source.are_text[place]:
            return f"c{place}"
        return sql_plain_number(f"t{place}") if column.is_plain else sql_number(f"c{place}", column.decimal_mark)


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """Open a table for the block; InputError for a file that is not a table, or has no rows."""
    with open_source(path) as source:
        yield _describe(source)


COLUMNS_AT_ONCE = 16
"""The forms of so many columns are found by one query: those of hundreds would take all memory that DuckDB may have."""


def _describe(source: Source) -> Table:
    places = range(len(source.names))
    values = ", ".join(f"count(c{place})" for place in places)
    ((rows, *counts),) = source.database.ask(f"SELECT count(*), {values} FROM {source.query}")
    if not rows:
        raise InputError(f"{source.path}: {NO_ROWS}")
    known = [dict[str, int]() for _ in places]
    text = [place for place in places if source.are_text[place]]
    for begin in range(0, len(text), COLUMNS_AT_ONCE):
        part = text[begin : begin + COLUMNS_AT_ONCE]
        forms = ", ".join(f"histogram({_form(place)})" for place in part)
        (found,) = source.database.ask(f"SELECT {forms} FROM {source.cells(part)}")
        for place, counted in zip(part, found, strict=True):
            known[place] = dict(counted or {})
    every = {form.removeprefix(PLAIN) for one in known for form in one}
    columns = [_column(source, place, known[place], every, rows, counts[place]) for place in places]
    return Table(source, rows, tuple(column for column in columns if column.is_named or column.values))


def _column(source: Source, place: int, forms: Mapping[str, int], every: set[str], rows: int, values: int) -> Column:
    text, writing = "", None
    if not source.are_text[place]:
        writing = DecimalMark.POINT if values else None
    elif values:
        writing = decimal_mark_of({form.removeprefix(PLAIN) for form in forms}, every, source.delimiter)
        text = "" if writing else _counterexample(source, place, forms)
    is_plain = writing is DecimalMark.POINT and all(form.startswith(PLAIN) for form in forms)
    return Column(source.names[place], source.are_named[place], writing, text, values, rows - values, is_plain)


def _form(place: int) -> str:
    return sql_form(f"c{place}", f"p{place}")


def _counterexample(source: Source, place: int, forms: Mapping[str, int]) -> str:
    """The first value of a text column that is not a number or, if all are numbers, that has the rarest form."""
    odd = NOT_A_NUMBER if NOT_A_NUMBER in forms else min(forms, key=lambda form: forms[form])
    query = f"SELECT c{place} FROM {source.query} WHERE {_form(place)} = {quoted(odd)} LIMIT 1"
    found = source.database.ask(query)
    return str(found[0][0]) if found else ""
