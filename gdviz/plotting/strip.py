"""Notes in a strip along the top of a pane, in which nothing else stands: as many as fit, the first ones first."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont

from gdviz.plotting.shapes import LEFT, Words
from gdviz.plotting.style import height_of
from gdviz.plotting.text import shortened, width_of

MARGIN = 0.3
"""Above the lines, in their height."""
SEPARATOR = "  ·  "
"""Between two notes in a line."""


def strip_height(rows: int, font: QFont) -> float:
    """The height of so many lines in that font, with a margin above, in pixels; 0 for none."""
    return (rows + MARGIN) * height_of(font) if rows else 0.0


def rows_of_strip(lines: Sequence[str], left: float, width: float, font: QFont, colour: str) -> list[Words]:
    """The lines in the strip of a pane, in pixels from its upper left corner."""
    height = height_of(font)
    places = (QRectF(left, (row + MARGIN) * height, width, height) for row in range(len(lines)))
    return [Words(text, place, font, colour, align=LEFT) for text, place in zip(lines, places, strict=True)]


def flowed(notes: Iterable[str], font: QFont, width: float, rows: int) -> list[str]:
    """The notes in at most ``rows`` lines of ``width`` pixels, none of them broken; those that do not fit are left out.

    A single note that is wider than a line is shortened.
    """
    lines = list[str]()
    for note in filter(None, notes):
        longer = f"{lines[-1]}{SEPARATOR}{note}" if lines else note
        if lines and width_of(font, longer) <= width:
            lines[-1] = longer
        elif len(lines) < rows:
            lines.append(shortened(font, note, width))
    return lines
