"""The exception for what a person can mend, and the one line, fit to print, that it and all messages are."""

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

LONGEST_MESSAGE = 300  # characters
FIRST_PART = 100  # characters kept of the beginning of what is shortened; the rest is its end, which says what is wrong
CUT = "…"
KEPT_MARKS = "\u200c\u200d\u200e\u200f"
"""Invisible, yet legitimate in words: joiners and non-joiners, and marks of the writing direction."""
ESCAPED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""The Unicode categories that are shown as Python writes them: control, format, surrogate, line and paragraph."""
MOST, LIKENESS = 3, 0.7  # how many names are proposed, and how like the mistyped one they must be
LONGEST_NAME = 60  # no name is longer, and the search takes time that grows with the square of the length


def without_controls(text: str) -> str:
    r"""The text on one line, with ``\x1b`` and its like written out, so that they do nothing to what shows it."""
    if text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def printable(text: str, longest: int = LONGEST_MESSAGE) -> str:
    """The text on one line of at most ``longest`` characters, shortened in its middle; what is printable stays."""
    if len(text) > 2 * longest:  # before each of ten million characters is looked at
        text = text[:longest] + CUT + text[-longest:]
    line = without_controls(text)
    if len(line) <= longest:
        return line
    first = min(FIRST_PART, longest // 3)
    return line[:first] + CUT + line[len(line) - (longest - first - len(CUT)) :]


def _shown(character: str) -> str:
    if unicodedata.category(character) in ESCAPED and character not in KEPT_MARKS:
        return character.encode("unicode_escape").decode("ascii")
    return character


class InputError(ValueError):
    """Raised for a value, a name or a file that cannot be used; its text is one line for the person who gave it."""

    def __init__(self, message: str) -> None:
        """``message`` may hold text from files and names: it becomes one printable line here, and only here."""
        super().__init__(printable(message))


@contextmanager
def locating(place: object) -> Iterator[None]:
    """Let an InputError of the block begin with the file or the key that it is about."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{place}: {error}") from error


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """``did you mean steps or stop?`` with the names that begin like it, else with similar ones; empty for none."""
    names = list(known)
    if not typed.strip("-") or len(typed) > LONGEST_NAME:
        return ""
    near = [name for name in names if name.startswith(typed)][:MOST] or get_close_matches(typed, names, MOST, LIKENESS)
    return f"did you mean {' or '.join(near)}?" if near else ""
