"""The notations of numbers in tables: decimal points or commas, thousands separators, words for a missing value."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from gdviz.core.errors import InputError

MISSING = ("", "na", "n/a", "#n/a", "nan", "null", "none", "?", "-", "--", ".")
"""The contents of a cell, in lower case, that mean a missing value."""

EXPONENT = "([eE][+-]?[0-9]+)?"
GROUP = "[ \u00a0\u202f']"
"""Thousands separators that are never decimal marks: spaces, and the apostrophe of Switzerland."""
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
"""The notations of numbers, as patterns for both Python and DuckDB; the first match counts."""
NOT_A_NUMBER = "text"
"""The form of a cell that is no number."""
PLAIN = "plain "
"""Prefix of the form of a number that DuckDB parses as it stands."""
PATTERNS = {form: re.compile(pattern) for form, pattern in FORMS.items()}


class DecimalMark(StrEnum):
    """The decimal mark of a column's numbers."""

    POINT = "decimal points"
    COMMA = "decimal commas"


POINT_FORMS = frozenset({"point", "thousands_comma", "grouped_point"})
COMMA_FORMS = frozenset({"comma", "thousands_point", "grouped_comma"})
AMBIGUOUS = frozenset({"comma_or_thousands", "point_or_thousands"})
FORMS_OF_MARK: Mapping[DecimalMark, frozenset[str]] = {
    writing: sure | AMBIGUOUS | {"whole", "grouped"}
    for writing, sure in ((DecimalMark.POINT, POINT_FORMS), (DecimalMark.COMMA, COMMA_FORMS))
}
"""The forms that are possible with each decimal mark."""


def is_missing(cell: str) -> bool:
    """Whether the cell means a missing value."""
    return cell.strip().lower() in MISSING


def form_of(cell: str) -> str | None:
    """The form of the number in the cell; None if it is not a number."""
    stripped = cell.strip()
    return next((form for form, pattern in PATTERNS.items() if pattern.fullmatch(stripped)), None)


def with_decimal_point(text: str) -> str:
    """A typed number with its decimal comma, if any, replaced by a point; other text unchanged.

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


def decimal_mark_of(forms: Iterable[str], others: Iterable[str], delimiter: str) -> DecimalMark | None:
    """The decimal mark of a column with numbers of these forms; None if none fits them all.

    others: the forms in all columns of the table, which decide where the column itself is ambiguous; failing that,
    decimal commas are assumed in a file whose columns are separated by semicolons.
    """
    found = frozenset(forms)
    possible = [writing for writing, known in FORMS_OF_MARK.items() if found <= known]
    if len(possible) < 2 or not found & AMBIGUOUS:
        return possible[0] if possible else None
    points, commas = bool(POINT_FORMS & frozenset(others)), bool(COMMA_FORMS & frozenset(others))
    if points != commas:
        return DecimalMark.POINT if points else DecimalMark.COMMA
    has_decimal_commas = delimiter == ";" and "comma_or_thousands" in found
    return DecimalMark.COMMA if has_decimal_commas else DecimalMark.POINT


def sql_is_plain(cell: str) -> str:
    """SQL: whether DuckDB parses the cell as a finite number with a decimal point and nothing around it.

    Its form is then whole, point or point_or_thousands. DuckDB also accepts infinities, underscores between digits, and
    a leading space or plus; such cells are left to the patterns, which take a hundred times as long.
    """
    sure = f"{cell} >= '-' AND right({cell}, 1) > ' ' AND NOT contains({cell}, '_')"
    return f"coalesce({sure} AND isfinite(TRY_CAST({cell} AS DOUBLE)), false)"


def sql_trimmed(cell: str, is_plain: str) -> str:
    """SQL: the trimmed cell; NULL for a missing value. is_plain: its `sql_is_plain`."""
    words, longest = ", ".join(f"'{word}'" for word in MISSING), max(map(len, MISSING))
    is_missing = f"length(trim({cell})) <= {longest} AND lower(trim({cell})) IN ({words})"
    return f"(CASE WHEN {is_plain} THEN {cell} WHEN {is_missing} THEN NULL ELSE trim({cell}) END)"


def sql_form(cell: str, is_plain: str) -> str:
    """SQL: the form of a trimmed cell, prefixed by `PLAIN` if plain; `NOT_A_NUMBER` if it has none; NULL if empty."""
    cases = (f"WHEN regexp_full_match({cell}, {quoted(pattern)}) THEN '{form}'" for form, pattern in FORMS.items())
    unsure = f"{cell}[-4] = '.' AND regexp_full_match({cell}, {quoted(FORMS['point_or_thousands'])})"
    of_plain = (
        f"CASE WHEN NOT contains({cell}, '.') THEN '{PLAIN}whole' "
        f"WHEN {unsure} THEN '{PLAIN}point_or_thousands' ELSE '{PLAIN}point' END"
    )
    others = f"{' '.join(cases)} ELSE '{NOT_A_NUMBER}'"
    return f"(CASE WHEN {cell} IS NULL THEN NULL WHEN {is_plain} THEN {of_plain} {others} END)"


def sql_plain_number(cell: str) -> str:
    """SQL: an untrimmed cell as a double, in a column whose cells are all plain or missing."""
    return f"nullif(TRY_CAST({cell} AS DOUBLE), 'nan'::DOUBLE)"


def sql_number(cell: str, decimal_mark: DecimalMark) -> str:
    """SQL: a trimmed cell of a column with this decimal mark as a number in double precision."""
    plain = f"regexp_replace({cell}, {quoted(GROUP)}, '', 'g')"
    thousands, decimal = (",", ".") if decimal_mark is DecimalMark.POINT else (".", ",")
    return f"CAST(replace(replace({plain}, '{thousands}', ''), '{decimal}', '.') AS DOUBLE)"


def quoted(text: str) -> str:
    """SQL: a string constant."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
