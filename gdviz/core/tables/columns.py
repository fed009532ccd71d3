"""Chooses which two columns of a table are x and y."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from gdviz.core.errors import InputError, did_you_mean, printable
from gdviz.core.frozen import frozen
from gdviz.core.tables.numbers import DecimalMark

ROW_NUMBERS = frozenset(
    {"", "#", "index", "idx", "id", "ids", "row", "rows", "rowid", "row_id", "rownames", "no", "no.", "nr", "nr."}
    | {"obs", "obs.", "observation", "identifier", "unnamed: 0"}
)
"""Names, in lower case, of columns of row numbers."""
LONGEST_NAME = 40
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")


@frozen
class Column:
    """A column of a table.

    name: from the header, made unique, or "column 3" without one. is_named: whether the header names it. decimal_mark:
    of its numbers; None unless all its values are numbers. text: its first value that is not a number, may be empty.
    values: the rows with a value in it; missing: those without. is_plain: whether DuckDB parses its numbers as they
    stand.
    """

    name: str
    is_named: bool
    decimal_mark: DecimalMark | None
    text: str
    values: int
    missing: int
    is_plain: bool = False

    @property
    def is_numeric(self) -> bool:
        """Whether it has values, all of them numbers."""
        return self.decimal_mark is not None

    @property
    def numbers_rows(self) -> bool:
        """Whether it seems to number the rows: it has no name, or one that says so."""
        return not self.is_named or self.name.strip().lower() in ROW_NUMBERS


def choose(path: Path, columns: Sequence[Column], x: str | None = None, y: str | None = None) -> tuple[Column, Column]:
    """The columns of these names; by default, x is the first numeric one and y the last.

    Columns called x and y are preferred; row numbers and columns with mostly missing values are skipped if two others
    remain. InputError for an unknown name or a column without numbers, and without two numeric columns.
    """
    numeric = [column for column in columns if column.is_numeric]
    useful = [column for column in numeric if not column.numbers_rows]
    offered = useful if len(useful) > 1 else numeric
    filled = [column for column in offered if column.values >= column.missing]
    offered = filled if len(filled) > 1 else offered
    if len(numeric) < 2:
        dates = ", and dates are text" if any(DATE.match(column.text) for column in columns) else ""
        raise InputError(f"{path}: {_columns_in_words(columns)}; two columns of numbers are needed{dates}")
    if x is not None and x == y:
        raise InputError(f"{path}: x and y are both {_printable_name(x)}; choose two columns")
    chosen_x = _column_named(path, columns, x) if x is not None else None
    chosen_y = _column_named(path, columns, y) if y is not None else None
    if chosen_x is None:
        chosen_x = _default(offered, "x", "y", chosen_y)
    if chosen_y is None:
        chosen_y = _default(offered[::-1], "y", "x", chosen_x)
    return chosen_x, chosen_y


def _default(offered: Sequence[Column], name: str, last: str, other: Column | None) -> Column:
    """A column other than ``other``: the one called ``name``, else the first; the one called ``last`` only if alone."""
    left = [column for column in offered if column is not other]
    return min(left, key=lambda column: (column.name != name, column.name == last))


def _column_named(path: Path, columns: Sequence[Column], name: str) -> Column:
    found = next((column for column in columns if column.name == name), None)
    if found is None:
        near = did_you_mean(name, [column.name for column in columns])
        meant = f" ({near})" if near else ""
        raise InputError(f"{path}: there is no column {_printable_name(name)}{meant}; use one of {_names(columns)}")
    if not found.is_numeric:
        numeric = [column for column in columns if column.is_numeric]
        has = f"has {printable(repr(found.text), LONGEST_NAME)}" if found.text else "is empty"
        raise InputError(f"{path}: the column {_printable_name(name)} {has}; use one of numbers: {_names(numeric)}")
    return found


def _columns_in_words(columns: Sequence[Column]) -> str:
    """The columns in words, with what keeps others from being numeric."""
    if len(columns) == 1:
        return f"has one column, {_names(columns)}"
    numeric = [column for column in columns if column.is_numeric]
    others = [column for column in columns if not column.is_numeric and column.text]
    told = [f"{_printable_name(column.name)} has {printable(repr(column.text), LONGEST_NAME)}" for column in others[:3]]
    of_numbers = f"has one column of numbers ({_names(numeric)})" if numeric else "has no column of numbers"
    return f"{of_numbers}: {', '.join(told)}" if told else of_numbers


def _names(columns: Iterable[Column]) -> str:
    return ", ".join(_printable_name(column.name) for column in columns)


def _printable_name(name: str) -> str:
    return printable(name, LONGEST_NAME)
