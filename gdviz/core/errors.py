"""The exception for errors that a user can fix, and the one-line printable form of all messages."""

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

MAX_MESSAGE_LENGTH = 300  # characters
HEAD_LENGTH = 100  # of a shortened message; the rest is its end, which says what is wrong
ELLIPSIS = "…"
ALLOWED_FORMAT_CHARACTERS = "\u200c\u200d\u200e\u200f"
"""Invisible but legitimate within words: joiners, non-joiners and direction marks."""
ESCAPED_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode categories shown as Python escapes: control, format, surrogate, line and paragraph separator."""
MAX_SUGGESTIONS, MIN_SIMILARITY = 3, 0.7  # of corrections of a mistyped name
MAX_NAME_LENGTH = 60  # no name is longer, and the search takes quadratic time


def escape_controls(text: str) -> str:
    r"""The text on one line, with control characters such as ``\x1b`` written out, so that they have no effect."""
    if text.isprintable():
        return text
    return "".join(_escaped(character) for character in text)


def printable(text: str, longest: int = MAX_MESSAGE_LENGTH) -> str:
    """The text on one line of at most ``longest`` characters, shortened in the middle."""
    if len(text) > 2 * longest:  # avoids scanning millions of characters
        text = text[:longest] + ELLIPSIS + text[-longest:]
    line = escape_controls(text)
    if len(line) <= longest:
        return line
    first = min(HEAD_LENGTH, longest // 3)
    return line[:first] + ELLIPSIS + line[len(line) - (longest - first - len(ELLIPSIS)) :]


def _escaped(character: str) -> str:
    if unicodedata.category(character) in ESCAPED_CATEGORIES and character not in ALLOWED_FORMAT_CHARACTERS:
        return character.encode("unicode_escape").decode("ascii")
    return character


class InputError(ValueError):
    """Raised for an unusable value, name or file; the message is one line for the user who provided it."""

    def __init__(self, message: str) -> None:
        """``message`` may contain text from files and names; it is made printable here, and only here."""
        super().__init__(printable(message))


@contextmanager
def locating(place: object) -> Iterator[None]:
    """Prefix any InputError of the block with the file or key that it is about."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{place}: {error}") from error


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """``did you mean steps or stop?`` with the names that start with ``typed``, else similar ones; empty for none."""
    names = list(known)
    if not typed.strip("-") or len(typed) > MAX_NAME_LENGTH:
        return ""
    near = [name for name in names if name.startswith(typed)][:MAX_SUGGESTIONS]
    near = near or get_close_matches(typed, names, MAX_SUGGESTIONS, MIN_SIMILARITY)
    return f"did you mean {' or '.join(near)}?" if near else ""
