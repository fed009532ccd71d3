"""The exception for input that a person can mend, and the names that a mistyped one may have meant."""

from collections.abc import Iterable
from difflib import get_close_matches

from gdviz.core.printable import printable


class InputError(ValueError):
    """Raised for a value, a name or a file that cannot be used; its text is one line for the person who gave it."""

    def __init__(self, message: str) -> None:
        """``message`` may hold text from files and names: it becomes one printable line here, and only here."""
        super().__init__(printable(message))


MOST = 3
"""So many names are proposed at most."""
LIKENESS = 0.7
LONGEST = 60
"""No name here is longer, and the search takes time that grows with the square of the length."""


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """``did you mean steps or stop?`` of the names that begin like it, else of those like it; empty for none."""
    names = list(known)
    if not typed.strip("-") or len(typed) > LONGEST:
        return ""
    near = [name for name in names if name.startswith(typed)][:MOST] or get_close_matches(typed, names, MOST, LIKENESS)
    return f"did you mean {' or '.join(near)}?" if near else ""
