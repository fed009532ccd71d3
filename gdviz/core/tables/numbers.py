"""Knows the ways in which tables write numbers: decimal points or commas, thousands separators, words for none."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from gdviz.core.errors import InputError

MISSING = ("", "na", "n/a", "#n/a", "nan", "null", "none", "?", "-", "--", ".")
"""What stands in a cell, in lower case, where there is no value."""

EXPONENT = "([eE][+-]?[0-9]+)?"
GROUP = "[ \u00a0\u202f']"
"""What separates thousands and is never a decimal mark: spaces, and the apostrophe of Switzerland."""
FORMS: Mapping[str, str] = {
    "whole": f"[+-]?[0-9]+{EXPONENT}",
    "point_or_thousands": r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}",
    "point": rf"[+-]?([0-9]+\.[0-9]*|\.[0-9]+){EXPONENT}",
    "comma_or_thousands": "[+-]?[1-9][0-9]{0,2},[0-9]{3}",
    "thousands_comma": r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?",
    "comma": f"[+-]?([0-9]+,[0-9]*|,[0-9]+){EXPONENT}",
    "thousands_point": r"[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]*)?",
    "grouped": f"[+-]?[1-9][0-9]{{0,2}}({GROUP}[0-9]{{3}})+",
    "grouped_point": rf"[+-]?[1-9][0-9]{{0,2}}({GROUP}[0-9]{{3}})+\.[0-9]*",
    "grouped_comma": f"[+-]?[1-9][0-9]{{0,2}}({GROUP}[0-9]{{3}})+,[0-9]*",
}
"""The forms of numbers, as patterns for Python and DuckDB alike; a cell has the first that it matches."""
NOT_A_NUMBER = "text"
"""The form of a cell that is no number."""
PLAIN = "plain "
"""What DuckDB says before the form of a number that it reads as it is."""
PATTERNS = {form: re.compile(pattern) for form, pattern in FORMS.items()}


class Writing(StrEnum):
    """How the numbers of a column are written."""

    POINT = "decimal points"
    COMMA = "decimal commas"


SURE_POINT = frozenset({"point", "thousands_comma", "grouped_point"})
SURE_COMMA = frozenset({"comma", "thousands_point", "grouped_comma"})
UNSURE = frozenset({"comma_or_thousands", "point_or_thousands"})
OF_WRITING: Mapping[Writing, frozenset[str]] = {
    writing: sure | UNSURE | {"whole", "grouped"}
    for writing, sure in ((Writing.POINT, SURE_POINT), (Writing.COMMA, SURE_COMMA))
}
"""The forms that a column of each writing may have."""


def is_missing(cell: str) -> bool:
    """Whether the cell has no value."""
    return cell.strip().lower() in MISSING


def form_of(cell: str) -> str | None:
    """The form of the number in the cell; None where it is none."""
    stripped = cell.strip()
    return next((form for form, pattern in PATTERNS.items() if pattern.fullmatch(stripped)), None)


def with_decimal_point(text: str) -> str:
    """A number as a person typed it, with a point in the place of a decimal comma; other texts as they are.

    InputError for a comma that may separate thousands, which is never guessed: 1,000 may be a thousand or one.
    """
    form = form_of(text) if "," in text else None
    if form == "comma":
        return text.strip().replace(",", ".")
    whole, point = text.strip().replace(",", ""), text.strip().replace(",", ".")
    if form == "comma_or_thousands":
        raise InputError(f"{text!r} may be {whole} or {point}; use one of these")
    if form == "thousands_comma":
        raise InputError(f"{text!r} has separators of thousands; use {whole}")
    if form == "thousands_point":
        raise InputError(f"{text!r} has separators of thousands; use {text.strip().replace('.', '').replace(',', '.')}")
    return text


def writing_of(forms: Iterable[str], others: Iterable[str], delimiter: str) -> Writing | None:
    """How a column with numbers of these forms is written; None where no one writing has them all.

    others: the forms in all columns of the table, which decide where the column alone does not; else a file whose
    columns are separated by semicolons has decimal commas.
    """
    found = frozenset(forms)
    possible = [writing for writing, known in OF_WRITING.items() if found <= known]
    if len(possible) < 2 or not found & UNSURE:
        return possible[0] if possible else None
    points, commas = bool(SURE_POINT & frozenset(others)), bool(SURE_COMMA & frozenset(others))
    if points != commas:
        return Writing.POINT if points else Writing.COMMA
    has_decimal_commas = delimiter == ";" and "comma_or_thousands" in found
    return Writing.COMMA if has_decimal_commas else Writing.POINT


def sql_is_plain(cell: str) -> str:
    """SQL: whether the cell is a finite number as DuckDB reads it, with a decimal point and nothing around it.

    It is then of the form whole, point or point_or_thousands. DuckDB also reads infinities, underscores between digits,
    and spaces or a plus before the number; such cells are left to the patterns, which take a hundred times as long.
    """
    sure = f"{cell} >= '-' AND right({cell}, 1) > ' ' AND NOT contains({cell}, '_')"
    return f"coalesce({sure} AND isfinite(TRY_CAST({cell} AS DOUBLE)), false)"


def sql_trimmed(cell: str, is_plain: str) -> str:
    """SQL: the cell without spaces around it; NULL where it has no value. is_plain: `sql_is_plain` of it."""
    words, longest = ", ".join(f"'{word}'" for word in MISSING), max(map(len, MISSING))
    is_missing = f"length(trim({cell})) <= {longest} AND lower(trim({cell})) IN ({words})"
    return f"(CASE WHEN {is_plain} THEN {cell} WHEN {is_missing} THEN NULL ELSE trim({cell}) END)"


def sql_form(cell: str, is_plain: str) -> str:
    """SQL: the form of a trimmed cell, after "plain " if it is, `NOT_A_NUMBER` if none; NULL where it is empty."""
    cases = (f"WHEN regexp_full_match({cell}, {quoted(pattern)}) THEN '{form}'" for form, pattern in FORMS.items())
    unsure = f"{cell}[-4] = '.' AND regexp_full_match({cell}, {quoted(FORMS['point_or_thousands'])})"
    of_plain = (
        f"CASE WHEN NOT contains({cell}, '.') THEN '{PLAIN}whole' "
        f"WHEN {unsure} THEN '{PLAIN}point_or_thousands' ELSE '{PLAIN}point' END"
    )
    others = f"{' '.join(cases)} ELSE '{NOT_A_NUMBER}'"
    return f"(CASE WHEN {cell} IS NULL THEN NULL WHEN {is_plain} THEN {of_plain} {others} END)"


def sql_plain_number(cell: str) -> str:
    """SQL: a cell, not trimmed, of a column whose cells are plain or have no value, in double precision."""
    return f"nullif(TRY_CAST({cell} AS DOUBLE), 'nan'::DOUBLE)"


def sql_number(cell: str, writing: Writing) -> str:
    """SQL: a trimmed cell of a column with this writing as a number in double precision."""
    plain = f"regexp_replace({cell}, {quoted(GROUP)}, '', 'g')"
    thousands, decimal = (",", ".") if writing is Writing.POINT else (".", ",")
    return f"CAST(replace(replace({plain}, '{thousands}', ''), '{decimal}', '.') AS DOUBLE)"


def quoted(text: str) -> str:
    """SQL: a text as a constant."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
