"""The exception for input that the user can correct, and the names that a mistyped one may have meant."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

from gdviz.core.printable import printable

MOST, LIKENESS = 3, 0.7  # how many names are proposed, and how like the mistyped one they must be
LONGEST = 60  # no name is longer, and the search takes time that grows with the square of the length


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
    if not typed.strip("-") or len(typed) > LONGEST:
        return ""
    near = [name for name in names if name.startswith(typed)][:MOST] or get_close_matches(typed, names, MOST, LIKENESS)
    return f"did you mean {' or '.join(near)}?" if near else ""
