"""Converts text files to what DuckDB reads: UTF-8, line feeds, and no runs of spaces between columns."""

import codecs
import os
import re
from collections.abc import Callable, Iterable, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import AnyStr, BinaryIO

from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
from gdviz.core.reading import open_file
from gdviz.core.tables.dialect import aligned_to_tabs
from gdviz.core.tables.interrupt import checkpoint

CHUNK = 1 << 20
LINES_BETWEEN_CHECKS = 10_000
HEAD = 1 << 16
"""Bytes at the beginning of a file from which encoding and dialect are guessed."""
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks with their encodings; UTF-32 first, since its mark begins like that of UTF-16."""
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")


@frozen
class Text:
    """The encoding of a file, and whether DuckDB understands its line ends."""

    encoding: str
    has_standard_newlines: bool


def detect_text(path: Path) -> Text:
    """Detect encoding and line ends by reading the whole file; InputError, at once, if its beginning is not text.

    Without a byte order mark, the encoding is UTF-16 if many of every other byte are zero, UTF-8 if the whole file is
    valid, else Windows-1252, which has letters where Latin-1 has control characters.
    """
    with open_file(path) as file:
        head = file.read(HEAD)
        encoding = next((found for mark, found in BYTE_ORDER_MARKS if head.startswith(mark)), None)
        encoding = encoding or _unmarked_utf_16(head)
        if not any(_looks_like_text(head, tried) for tried in ((encoding,) if encoding else ("utf-8", "cp1252"))):
            raise InputError(f"{path}: is not a table of text; use a .csv, .tsv, .txt or .parquet file")
        file.seek(0)
        is_utf8, returns, feeds, both = _count_newlines(file)
    if encoding is None:
        encoding = "utf-8" if is_utf8 else "cp1252"
    return Text(encoding, not returns or returns == feeds == both)


def _unmarked_utf_16(head: bytes) -> str | None:
    """The encoding where at least a quarter of every other byte is zero, as in any table of numbers in UTF-16."""
    for begin, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        others = head[begin::2]
        if 4 * others.count(0) > len(others):
            return encoding
    return None


def _looks_like_text(head: bytes, encoding: str) -> bool:
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(head)
    return CONTROLS.search(text) is None and text.count("\ufffd") <= len(text) // 10


def _count_newlines(file: BinaryIO) -> tuple[bool, int, int, int]:
    """Whether the file is valid UTF-8, and its numbers of carriage returns, line feeds, and pairs of both."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, returns, feeds, both, ended = True, 0, 0, 0, b""
    for chunk in chunks(file.read):
        returns, feeds = returns + chunk.count(b"\r"), feeds + chunk.count(b"\n")
        both += (ended + chunk).count(b"\r\n")
        ended = chunk[-1:] if chunk.endswith(b"\r") else b""
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            is_utf8 = False
    return is_utf8 and not decoder.getstate()[0], returns, feeds, both


def read_head(path: Path, text: Text) -> list[str]:
    """The first lines of the file without line ends; a last one that may be cut off is left out."""
    with open_file(path) as file:
        data = file.read(HEAD)
        is_whole = not file.read(1)
    decoded = codecs.getincrementaldecoder(text.encoding)(errors="replace").decode(data)
    lines = decoded.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    return lines if is_whole or len(lines) == 1 else lines[:-1]


def normalise(path: Path, text: Text, is_aligned: bool, folder: Path, head: int = 0) -> Path:
    """Return the file itself if DuckDB can read it, else a copy in ``folder``, in UTF-8 with line feeds.

    is_aligned: whether its columns are separated by runs of spaces, each of which becomes a tab. head: the number of
    lines to be left out at the top.
    """
    if text.encoding in ("utf-8", "utf-8-sig") and text.has_standard_newlines and not is_aligned and not head:
        return path
    copy = folder / "table"
    with open_file(path) as source, copy.open("w", encoding="utf-8", newline="\n") as target:
        decoded = TextIOWrapper(source, encoding=text.encoding, errors="replace", newline=None)
        for _ in range(head):
            decoded.readline()
        target.writelines(_aligned(decoded) if is_aligned else chunks(decoded.read))
        decoded.detach()
    return copy


def chunks(read: Callable[[int], AnyStr]) -> Iterator[AnyStr]:
    """What is left of a file, in chunks; ReadingEndedError once it is no longer wanted."""
    while chunk := read(CHUNK):
        checkpoint()
        yield chunk


def _aligned(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number % LINES_BETWEEN_CHECKS == 0:
            checkpoint()
        yield aligned_to_tabs(line) + "\n"


def occurrences(path: Path, character: str) -> int:
    """Count an ASCII character in a UTF-8 file."""
    with open_file(path) as file:
        return sum(chunk.count(character.encode("ascii")) for chunk in chunks(file.read))


def glob_escaped(path: Path) -> str:
    """The path with the special characters of DuckDB's file patterns escaped."""
    return re.sub(r"([*?\[])", r"[\1]", os.fspath(path.absolute()))
