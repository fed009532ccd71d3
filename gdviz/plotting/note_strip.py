"""The strip at the top of a pane in which its notes stand one after the other, so that they cover nothing."""

import math
from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont

from gdviz.core.frozen import frozen
from gdviz.plotting.shapes import LEFT, Words
from gdviz.plotting.text import lines_within, width_of

STOP, GAP = 2.0, 1.0
"""Notes on one line begin at multiples of so many text heights, at least so many apart: they stand still while the
digits before them change."""
MOST_OF_PANE = 0.25
"""The largest share of the pane's height for the strip; at least one line is always shown."""

Texts = tuple[str, ...]
Piece = tuple[str, float, int]
"""A text, its left end in pixels, and its line."""


@frozen
class NoteStrip:
    """Lines of notes with their places, and the pixels down to the end of the strip; 0 if there are never any."""

    words: tuple[Words, ...]
    height: float


def note_strip(
    notes: Sequence[str], widest: Sequence[str], place: QRectF, font: QFont, colour: str, line_height: float
) -> NoteStrip:
    """The notes in the upper part of ``place``, the most important first.

    widest: the notes at their widest, by which the height is fixed, so that what is below stands still.
    """
    most = max(1, math.floor(MOST_OF_PANE * place.height() / line_height))
    # What is said now has room even where nobody has said how much it may be.
    rows = min(most, max((row + 1 for _, _, row in _pieces(tuple(widest or notes), font, place.width())), default=0))
    words = [
        Words(text, _rect(text, left, row, place, font, line_height), font, colour, align=LEFT)
        for text, left, row in _pieces(tuple(filter(None, notes)), font, place.width())
        if row < rows
    ]
    return NoteStrip(tuple(words), place.top() + rows * line_height if rows else 0.0)


def _rect(text: str, left: float, row: int, place: QRectF, font: QFont, height: float) -> QRectF:
    return QRectF(place.left() + left, place.top() + row * height, width_of(font, text), height)


@lru_cache(maxsize=32)
def _pieces(notes: Texts, font: QFont, width: float) -> tuple[Piece, ...]:
    """Where the notes stand; one that is wider than a line is broken into several."""
    size = font.pixelSize()
    found, left, row = list[Piece](), 0.0, 0
    for note in notes:
        lines = lines_within(font, note, width)
        for line in lines:
            needed = width_of(font, line)
            if left and (len(lines) > 1 or left + needed > width):
                left, row = 0.0, row + 1
            found.append((line, left, row))
            left = math.ceil((left + needed + GAP * size) / (STOP * size)) * STOP * size
    return tuple(found)
