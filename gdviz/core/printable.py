"""Makes text from files, names and command lines fit to print: one line, no control characters, not too long."""

import unicodedata

LONGEST = 300  # the most characters of a message
FIRST_PART = 100
"""Characters kept of the beginning of what is shortened; the rest is its end, which says what is wrong."""
CUT = "…"
KEPT_MARKS = "\u200c\u200d\u200e\u200f"
"""Invisible, yet legitimate in words: joiners and non-joiners, and marks of the writing direction."""
ESCAPED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""The Unicode categories that are shown as Python writes them: control, format, surrogate, line and paragraph."""


def without_controls(text: str) -> str:
    r"""The text on one line, with ``\x1b`` and its like written out, so that they do nothing to what shows it."""
    if text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def printable(text: str, longest: int = LONGEST) -> str:
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
