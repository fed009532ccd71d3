"""The names of the data's columns on axes and in sentences."""

import unicodedata

from gdviz.core.data.dataset import Dataset
from gdviz.core.errors import printable

LONGEST_IN_SENTENCE = 24
"""Characters of a name in a sentence with other contents; longer ones are shortened in the middle."""
_LEFT_TO_RIGHT_MARK = "\u200e"


def axis_names(data: Dataset) -> tuple[str, str]:
    """The names of the axes of x and y, of at most 40 characters, marked if standardised."""
    return _as_shown(data, data.names)


def whole_names(data: Dataset) -> tuple[str, str]:
    """The names in full, printable on one line, for tooltips."""
    x, y = data.reading.columns if data.reading is not None and are_named(data) else data.names
    return _as_shown(data, (printable(x), printable(y)))


def _as_shown(data: Dataset, names: tuple[str, str]) -> tuple[str, str]:
    are_so = zip(names, data.are_standardised, strict=True)
    x, y = (f"standardised {name}" if is_standardised else name for name, is_standardised in are_so)
    return x, y


def are_named(data: Dataset) -> bool:
    """Whether the columns have names other than x and y."""
    return data.names != Dataset.names


def in_sentence(name: str, longest: int = LONGEST_IN_SENTENCE) -> str:
    """A name for a sentence, shortened to ``longest`` characters in the middle.

    A right-to-left name ends in a mark, so that a following number stays behind it.
    """
    short = printable(name, longest)
    is_reversed = any(unicodedata.bidirectional(character) in ("R", "AL") for character in short)
    return short + _LEFT_TO_RIGHT_MARK if is_reversed else short


def relation(data: Dataset) -> str:
    """ "price against size", in whatever units; empty for columns called x and y."""
    if not are_named(data):
        return ""
    x, y = map(in_sentence, data.names)
    return f"{y} against {x}"


def legend_of_symbols(data: Dataset) -> str:
    """ "x is size, y is price", for formulas in x and y; empty for columns that are called so, or are standardised."""
    if not are_named(data) or any(data.are_standardised):
        return ""
    x, y = map(in_sentence, data.names)
    return f"x is {x}, y is {y}"
