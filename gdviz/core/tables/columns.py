"""Chooses which two columns of a table are x and y."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gdviz.core.errors import InputError, did_you_mean, printable
from gdviz.core.tables.numbers import Writing

ROW_NUMBERS = frozenset(
    {"", "#", "index", "idx", "id", "ids", "row", "rows", "rowid", "row_id", "rownames", "no", "no.", "nr", "nr."}
    | {"obs", "obs.", "observation", "identifier", "unnamed: 0"}
)
"""The names, in lower case, of columns that number the rows."""
LONGEST_NAME = 40
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")


@dataclass(frozen=True)
class Column:
    """A column of a table.

    name: as the header has it, made unique, or "column 3" where it has none. is_named: whether the header names it.
    writing: how its numbers are written; None where it has none, or has other things as well. text: the first of its
    values that is no number, empty where there is none. values: the rows with a value in it; missing: those without.
    is_plain: whether DuckDB reads its numbers as they are.
    """

    name: str
    is_named: bool
    writing: Writing | None
    text: str
    values: int
    missing: int
    is_plain: bool = False

    @property
    def is_numeric(self) -> bool:
        """Whether it has values, and all of them are numbers."""
        return self.writing is not None

    @property
    def numbers_rows(self) -> bool:
        """Whether its name, or that it has none, says that it numbers the rows."""
        return not self.is_named or self.name.strip().lower() in ROW_NUMBERS


def choose(path: Path, columns: Sequence[Column], x: str | None = None, y: str | None = None) -> tuple[Column, Column]:
    """The columns of those names; for None x is the first with numbers and y the last.

    Columns called x and y are taken as such. Where two others are left, one that numbers the rows is passed over, and
    one without a value in most of them.
    InputError where a name is unknown or its column has no numbers, and where there are not two columns of numbers.
    """
    numeric = [column for column in columns if column.is_numeric]
    useful = [column for column in numeric if not column.numbers_rows]
    offered = useful if len(useful) > 1 else numeric
    filled = [column for column in offered if column.values >= column.missing]
    offered = filled if len(filled) > 1 else offered
    if len(numeric) < 2:
        dates = ", and dates are text" if any(DATE.match(column.text) for column in columns) else ""
        raise InputError(f"{path}: {_found(columns)}; two columns of numbers are needed{dates}")
    if x is not None and x == y:
        raise InputError(f"{path}: x and y are both {_shown(x)}; choose two columns")
    chosen_x = _named(path, columns, x) if x is not None else None
    chosen_y = _named(path, columns, y) if y is not None else None
    if chosen_x is None:
        chosen_x = _default(offered, "x", chosen_y)
    if chosen_y is None:
        chosen_y = _default(offered[::-1], "y", chosen_x)
    return chosen_x, chosen_y


def _default(offered: Sequence[Column], name: str, other: Column | None) -> Column:
    """The one with that name, else the first that is not the other."""
    left = [column for column in offered if column is not other]
    return next((column for column in left if column.name == name), left[0])


def _named(path: Path, columns: Sequence[Column], name: str) -> Column:
    found = next((column for column in columns if column.name == name), None)
    if found is None:
        near = did_you_mean(name, [column.name for column in columns])
        meant = f" ({near})" if near else ""
        raise InputError(f"{path}: there is no column {_shown(name)}{meant}; use one of {_names(columns)}")
    if not found.is_numeric:
        numeric = [column for column in columns if column.is_numeric]
        has = f"has {printable(repr(found.text), LONGEST_NAME)}" if found.text else "is empty"
        raise InputError(f"{path}: the column {_shown(name)} {has}; use one of numbers: {_names(numeric)}")
    return found


def _found(columns: Sequence[Column]) -> str:
    """Which columns there are, and what keeps those with numbers from being numeric."""
    if len(columns) == 1:
        return f"has one column, {_names(columns)}"
    numeric = [column for column in columns if column.is_numeric]
    others = [column for column in columns if not column.is_numeric and column.text]
    told = [f"{_shown(column.name)} has {printable(repr(column.text), LONGEST_NAME)}" for column in others[:3]]
    of_numbers = f"has one column of numbers ({_names(numeric)})" if numeric else "has no column of numbers"
    return f"{of_numbers}: {', '.join(told)}" if told else of_numbers


def _names(columns: Iterable[Column]) -> str:
    return ", ".join(_shown(column.name) for column in columns)


def _shown(name: str) -> str:
    return printable(name, LONGEST_NAME)
