"""What somebody may have meant who mistyped a name."""

from collections.abc import Iterable
from difflib import get_close_matches

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
