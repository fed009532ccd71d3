"""What the colours of the map of starting points mean: a list beside the map, or rows above it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QImage

from gdviz.core.analysis.basins import NOT_FINITE, NOWHERE
from gdviz.panes.basins.image import swatch
from gdviz.panes.basins.picture import BasinPicture
from gdviz.plotting.placement import text_from
from gdviz.plotting.run_legend import in_rows
from gdviz.plotting.shapes import Painted, Raster, Shape, Words, box
from gdviz.plotting.style import Style, height_of
from gdviz.plotting.text import lines_within, width_of
from gdviz.presentation.palette import Palette

SAMPLE_WIDTH, SAMPLE_HEIGHT, GAP = 40.0, 15.0, 7.0
"""Units of a sample, and between it and its name."""
BETWEEN, SPACE = 16.0, 3.0
"""Units between two entries in a row, and in a list."""
MOST_NAMED = 8
"""So many minima are listed at most."""


@dataclass(frozen=True)
class Entry:
    """A line of text, with a sample of what it names or (kind None) without one."""

    kind: int | None
    text: str
    quiet: bool = False


def entries_of(picture: BasinPicture) -> tuple[Entry, ...]:
    """What has to be said of the map."""
    found = [Entry(None, "ends in", quiet=True)] if picture.wells else []
    found += [Entry(well.index, well.name) for well in picture.wells[:MOST_NAMED]]
    if len(picture.wells) > MOST_NAMED:
        found.append(Entry(None, f"and {len(picture.wells) - MOST_NAMED} more", quiet=True))
    if picture.nowhere:
        found.append(Entry(NOWHERE, picture.nowhere))
    if picture.not_finite:
        found.append(Entry(NOT_FINITE, picture.not_finite))
    return (*found, *(Entry(None, text, quiet=True) for text in picture.scale))


def narrowest(entries: Sequence[Entry], style: Style) -> float:
    """The width in pixels that a list needs at least, with lines broken between words."""
    return max(_indent(entry, style) + _longest(_name_parts(entry), style.text) for entry in entries)


def widest(entries: Sequence[Entry], style: Style) -> float:
    """The width in pixels of a list of which no line is broken."""
    return max(_indent(entry, style) + _longest([entry.text], style.text) for entry in entries)


def height_of_list(entries: Sequence[Entry], width: float, style: Style) -> float:
    """How many pixels high a list of that width is."""
    lines = sum(len(_lines(entry, width, style)) for entry in entries)
    return lines * height_of(style.text) + len(entries) * SPACE * style.unit


def as_list(entries: Sequence[Entry], place: QRectF, style: Style) -> list[Painted]:
    """One below the other from the top of the place on, in lines of its width."""
    things: list[Painted] = []
    height, y = height_of(style.text), place.top()
    for entry in entries:
        things += _sample(entry, QPointF(place.left(), y + height / 2), style)
        for line in _lines(entry, place.width(), style):
            things.append(_words(line, QPointF(place.left() + _indent(entry, style), y), entry, style))
            y += height
        y += SPACE * style.unit
    return things


def as_rows(entries: Sequence[Entry], begin: QPointF, right: float, style: Style) -> tuple[list[Painted], float]:
    """Side by side from ``begin`` on, in as many rows as it takes; and where the room below begins."""
    things: list[Painted] = []
    widths = [_indent(entry, style) + width_of(style.text, entry.text) for entry in entries]
    places, bottom = in_rows(widths, BETWEEN * style.unit, begin, right, style)
    for entry, place in zip(entries, places, strict=True):
        things += _sample(entry, QPointF(place.left(), place.center().y()), style)
        things.append(_words(entry.text, place.topLeft() + QPointF(_indent(entry, style), 0.0), entry, style))
    return things, bottom


def _lines(entry: Entry, width: float, style: Style) -> list[str]:
    return lines_within(style.text, entry.text, width - _indent(entry, style))


def _name_parts(entry: Entry) -> list[str]:
    """The name of a minimum stays in one piece; a sentence may be broken in the middle."""
    words = entry.text.split()
    if entry.kind is not None and entry.kind >= 0:
        return [entry.text]
    half = (len(words) + 1) // 2
    return [" ".join(words[:half]), " ".join(words[half:])]


def _longest(parts: Sequence[str], font: QFont) -> float:
    return max(width_of(font, part) for part in parts) + 1.0


def _indent(entry: Entry, style: Style) -> float:
    return 0.0 if entry.kind is None else (SAMPLE_WIDTH + GAP) * style.unit


def _words(text: str, corner: QPointF, entry: Entry, style: Style) -> Words:
    colour = style.palette.quiet if entry.quiet else style.palette.text
    return text_from(corner.x(), corner.y(), text, style.text, colour)


def _sample(entry: Entry, middle: QPointF, style: Style) -> list[Painted]:
    if entry.kind is None:
        return []
    width, height = round(SAMPLE_WIDTH * style.unit), round(SAMPLE_HEIGHT * style.unit)
    place = QRectF(round(middle.x()), round(middle.y() - height / 2), width, height)
    image = _swatch(entry.kind, width, height, style.unit, style.palette)
    return [Raster(image, place), Shape(box(place), style.pen(style.palette.quiet, 1.0))]


@lru_cache(maxsize=64)
def _swatch(kind: int, width: int, height: int, unit: float, palette: Palette) -> QImage:
    """Twice as fine as the picture, for screens with small pixels and for files."""
    return swatch(kind, 2 * width, 2 * height, 2 * unit, palette)
