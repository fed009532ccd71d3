"""The strip of notes at the top of the surface's pane."""

from functools import lru_cache

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from gdviz.panes.landscape.landscape import Landscape
from gdviz.panes.surface.geometry.render_state import TEXT_SIZE
from gdviz.panes.surface.labels.text import WORDS, font, on_plate, style
from gdviz.plotting.note_strip import NoteStrip, note_strip
from gdviz.presentation.palette import Palette

Texts = tuple[str, ...]
NOTES_SCALE = 0.92
"""The text size of notes and legend relative to the labels'."""
EDGE, LINE_HEIGHT = 0.5, 1.25
"""Around the strip, and from line to line, in text sizes."""


def strip_height(landscape: Landscape, width: int, height: int, unit: float, palette: Palette) -> float:
    """Return the pixels from the top of the pane to the end of the strip; 0 if there are never notes."""
    strip = _strip(landscape.notes, landscape.widest_notes, width, height, NOTES_SCALE * TEXT_SIZE * unit, palette)
    return strip.height + EDGE / 2 * NOTES_SCALE * TEXT_SIZE * unit if strip.height else 0.0


@lru_cache(maxsize=4)
def strip_image(notes: Texts, widest: Texts, width: int, height: int, size: float, palette: Palette) -> QImage:
    """Return an image of the notes for the upper left corner of a pane of that size; text of that size in pixels."""
    strip = _strip(notes, widest, width, height, size, palette)
    right = max((words.rect.right() for words in strip.words), default=0.0)
    bottom = max((words.rect.bottom() for words in strip.words), default=0.0)
    return on_plate(round(right + EDGE * size), round(bottom), palette.pane, 0.15 * size, strip.words)


def _strip(notes: Texts, widest: Texts, width: int, height: int, size: float, palette: Palette) -> NoteStrip:
    small = style(WORDS, size, palette)
    place = QRectF(EDGE * size, EDGE / 2 * size, width - 2 * EDGE * size, height)
    return note_strip(notes, widest, place, font(small), small.colour, LINE_HEIGHT * size)
