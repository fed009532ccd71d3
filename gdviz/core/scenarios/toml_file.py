"""Reads TOML files: refuses before parsing what would take much time or memory, and huge numbers after.

The time and memory of a TOML parser grow with the square of the nesting depth of names and values.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np

from gdviz.core.errors import InputError
from gdviz.core.reading import read_bytes

MAX_DEPTH = 10  # of nested values, of table names and of key names
MAX_NAMES, MAX_VALUES = 1_000, 350_000
"""Of tables and keys, and of lines and list items: a scenario has a few dozen, and up to 200,000 numbers."""
MAX_WORD = 1_000  # in letters and digits of a number or a key

TEXT = re.compile(
    r'"""(?:[^"\\]+|\\[\s\S]|"(?!""))*"{0,5}'  # up to two quotes may stand before the three that close it
    r"|'''(?:[^']+|'(?!''))*'{0,5}"
    r'|"(?:[^"\\\n]+|\\[^\n])*"?'
    r"|'[^'\n]*'?"
    r"|#[^\n]*"
)
"""Quoted texts, even unclosed ones, and comments: brackets and dots in them mean nothing."""
NAME_TOO_DEEP = re.compile(rf"(?:\.[^.=,\[\]{{}}\n]*){{{MAX_DEPTH}}}")
LONG_WORD = re.compile(rf"(?<!\w)\w{{{MAX_WORD + 1}}}")
KEY = re.compile(r"[\w-]+")


def read_toml(path: Path, most: int, remedy: str) -> dict[str, Any]:
    """The tables of a file of at most ``most`` bytes; InputError in one line with file, place and remedy."""
    content = read_bytes(path, most, remedy)
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        _check_size(text)
        tables = tomllib.loads(text)
        _check_values(tables, "")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not a text file in UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: is not TOML: {error}") from error
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    except (ValueError, RecursionError) as error:
        # tomllib lets through what the functions it calls raise; the known cases are refused above.
        raise InputError(f"{path}: is not TOML that can be read: {error}") from error
    return tables


def _check_size(text: str) -> None:
    """Raise InputError for a text that is nested too deeply, or larger than any scenario."""
    _check_count(text.count("\n"), "lines", MAX_VALUES)
    bare = TEXT.sub(lambda match: " " + "\n" * match[0].count("\n"), text)
    codes = np.frombuffer(bare.encode(), np.uint8)
    opens, closes = ((codes == ord(square)) | (codes == ord(curly)) for square, curly in ("[{", "]}"))
    levels = np.cumsum(opens.astype(np.int32) - closes)
    deep = np.flatnonzero(levels > MAX_DEPTH)
    if deep.size:
        line = int(np.count_nonzero(codes[: deep[0]] == ord("\n"))) + 1
        raise InputError(f"line {line}: lists and tables are nested too deeply; use {MAX_DEPTH} levels at most")
    if match := NAME_TOO_DEEP.search(bare):
        raise InputError(f"line {_line(match)}: a name has too many dots; use {MAX_DEPTH} levels at most")
    if match := LONG_WORD.search(bare):
        raise InputError(f"line {_line(match)}: a number or a name is too long; use {MAX_WORD:,} digits at most")
    _check_count(bare.count("="), "keys", MAX_NAMES)
    _check_count(int(np.count_nonzero(opens & (levels == 1))), "tables", MAX_NAMES)
    _check_count(bare.count(","), "values in lists", MAX_VALUES)


def _check_count(count: int, what: str, most: int) -> None:
    if count > most:
        raise InputError(f"has {count:,} {what}; use {most:,} at most")


def _line(match: re.Match[str]) -> int:
    return match.string.count("\n", 0, match.start()) + 1


def _check_values(value: Any, place: str) -> None:
    """Raise InputError for a number beyond double precision, and for a name that no key can have."""
    if isinstance(value, dict):
        for key, inner in value.items():
            inside = f"{place}.{key}".lstrip(".")
            if KEY.fullmatch(key) is None:
                raise InputError(f"{inside}: there is no such key; names consist of letters, digits and underscores")
            _check_values(inner, inside)
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            _check_values(inner, f"{place}, item {number}")
    elif isinstance(value, int):
        try:
            float(value)
        except OverflowError as error:
            raise InputError(f"{place}: needs a number up to 1.8e308") from error
