"""Layout of the map of starting points: title, legend (a list beside the map, or rows above), and largest square."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFont

from gdviz.core.analysis.basins import NOT_FINITE, NOWHERE
from gdviz.core.frozen import frozen
from gdviz.panes.basins.image import swatch
from gdviz.panes.basins.picture import BasinPicture, KnownMinimum
from gdviz.panes.landscape.landscape import Surface
from gdviz.panes.plane.square import axis_names, largest_side, margins, square
from gdviz.plotting.axes_layout import MARGIN, title_bottom, title_words
from gdviz.plotting.colour_bar import framed_image
from gdviz.plotting.pane import Grid
from gdviz.plotting.placement import LabelPlacer, left_aligned, minimum_stars
from gdviz.plotting.run_legend import flow_in_rows
from gdviz.plotting.shapes import Painted, Shape, Words
from gdviz.plotting.style import STAR_RADIUS, Style, faded, height_of
from gdviz.plotting.text import lines_within, width_of

TITLE = "WHERE DOES IT END?"
STAR_GAP = 13.0
"""Units from a star's centre to its name."""
SAMPLE_WIDTH, SAMPLE_HEIGHT, GAP = 40.0, 15.0, 7.0
"""Size of a sample, and gap to its name, in units."""
ROW_GAP, LIST_GAP = 16.0, 3.0
"""Units between entries in a row, and in a list."""
MOST_NAMED = 8
"""The most minima that are listed."""


@frozen
class Entry:
    """A legend entry: text with a sample of its kind, or without one (kind None)."""

    kind: int | None
    text: str
    quiet: bool = False


@frozen(eq=False)
class BasinLayout:
    """The square, the texts and samples around it, the stars at its minima, and each name with its star's place."""

    grid: Grid
    around: tuple[Painted, ...]
    stars: tuple[Shape, ...]
    names: tuple[tuple[Words, QPointF], ...]


def basin_layout(size: QSize, picture: BasinPicture, style: Style) -> BasinLayout:
    """The layout with the legend beside the square or above it, whichever leaves the larger square; centred."""
    # There is one surface object per problem and box, so that the cache works.
    contents = (picture.surface, picture.conditions, picture.known_minima, _entries_of(picture))
    return _layout(size.width(), size.height(), *contents, style)


# Constant while the run plays.
@lru_cache(maxsize=4)
def _layout(
    width: int,
    height: int,
    surface: Surface,
    conditions: str,
    known_minima: tuple[KnownMinimum, ...],
    entries: tuple[Entry, ...],
    style: Style,
) -> BasinLayout:
    head = _head(conditions, float(width), style)
    top = max(words.rect.bottom() for words in head)
    grid, legend = _with_legend(QRectF(0.0, top, width, height - top), surface, entries, style)
    around = (*head, *legend, *axis_names(grid, surface, style))
    minima = [(one.name, grid.place(*one.place)) for one in known_minima if one.place is not None]
    stars = minimum_stars((place for _, place in minima), style)
    return BasinLayout(grid, around, stars, tuple(_names(minima, grid, style)))


def _with_legend(room: QRectF, surface: Surface, entries: Sequence[Entry], style: Style) -> tuple[Grid, list[Painted]]:
    """The square in ``room``, below the title, and its legend."""
    margin, needed = MARGIN * style.unit, margins(surface, style)
    rows, bottom = _as_rows(entries, QPointF(margin, room.top() + 2 * style.unit), room.width() - margin, style)
    beside = largest_side(room.width() - _least_width(entries, style) - margin, room.height(), needed)
    # Where there is room, the list is wider than it has to be.
    spare = room.width() - needed.left() - beside - needed.right() - margin
    column = min(spare, _unbroken_width(entries, style))
    height = _list_height(entries, column, style)
    if beside < largest_side(room.width(), room.bottom() - bottom, needed) or height > room.height() - margin:
        return _centred(room.adjusted(0.0, bottom - room.top(), 0.0, 0.0), surface, style), rows
    grid = _centred(room.adjusted(0.0, 0.0, -column - margin, 0.0), surface, style)
    top = min(grid.area.top(), room.bottom() - margin - height)
    return grid, _as_list(entries, QRectF(grid.area.right() + needed.right(), top, column, height), style)


def _centred(room: QRectF, surface: Surface, style: Style) -> Grid:
    """The largest square that fits into the room with its axis labels, centred."""
    needed = margins(surface, style)
    side = largest_side(room.width(), room.height(), needed)
    left = (room.width() - needed.left() - side - needed.right()) / 2 + needed.left()
    over = (room.height() - needed.top() - side - needed.bottom()) / 2 + needed.top()
    return square(QPointF(round(room.left() + left), round(room.top() + over)), side, surface, style)


def _head(conditions: str, width: float, style: Style) -> list[Words]:
    """The title, with the conditions beside it, or wrapped below it."""
    words = title_words(TITLE, conditions, width, style)
    if len(words) > 1:
        return words
    margin, height, y = MARGIN * style.unit, height_of(style.text), title_bottom(style)
    for line in lines_within(style.text, conditions, width - 2 * margin):
        words.append(left_aligned(margin, y, line, style.text, style.palette.quiet))
        y += height
    return words


def progress_words(text: str, grid: Grid, style: Style) -> Words:
    """The progress on a plate in the lower left corner of the square."""
    unit, area = style.unit, grid.area
    width, height = width_of(style.text, text) + 12 * unit, height_of(style.text) + 4 * unit
    place = QRectF(area.left() + 8 * unit, area.bottom() - 8 * unit - height, width, height)
    return Words(text, place, style.text, style.palette.text, faded(style.palette.pane, 0.85))


def _names(minima: Sequence[tuple[str, QPointF]], grid: Grid, style: Style) -> list[tuple[Words, QPointF]]:
    """The name of each minimum beside its star, where there is room; the legend has all of them."""
    reach = QPointF(STAR_RADIUS, STAR_RADIUS) * style.unit
    taken = [QRectF(place - reach, place + reach) for _, place in minima]
    # The place of the progress stays reserved, so that no name moves once the map is complete.
    taken.append(progress_words("computing: 100 %", grid, style).rect)
    labels, found = LabelPlacer(grid.area, taken, np.empty((0, 2)), style), list[tuple[Words, QPointF]]()
    for name, place in minima:
        words = labels.beside(name, place, STAR_GAP * style.unit)
        if not labels.covered([words.rect]).any():
            taken.append(words.rect)
            found.append((words, place))
    return found


def cleared_names(layout: BasinLayout, labels: LabelPlacer) -> list[Words]:
    """The names in their usual places, or elsewhere if they would cover a marker or a path.

    labels: knows what is drawn already; the stars and the names are added to it.
    """
    covered = labels.covered(words.rect for words, _ in layout.names) > 0
    labels.taken.extend(shape.path.boundingRect() for shape in layout.stars)
    labels.taken.extend(words.rect for (words, _), moves in zip(layout.names, covered, strict=True) if not moves)
    gap = STAR_GAP * labels.style.unit
    return [
        labels.put(words.text, place, gap) if moves else words
        for (words, place), moves in zip(layout.names, covered, strict=True)
    ]


def _entries_of(picture: BasinPicture) -> tuple[Entry, ...]:
    found = [Entry(None, "ends in", quiet=True)] if picture.known_minima else []
    found += [Entry(one.index, one.name) for one in picture.known_minima[:MOST_NAMED]]
    if len(picture.known_minima) > MOST_NAMED:
        found.append(Entry(None, f"and {len(picture.known_minima) - MOST_NAMED} more", quiet=True))
    if picture.nowhere:
        found.append(Entry(NOWHERE, picture.nowhere))
    if picture.not_finite:
        found.append(Entry(NOT_FINITE, picture.not_finite))
    return (*found, *(Entry(None, text, quiet=True) for text in picture.scale))


def _least_width(entries: Sequence[Entry], style: Style) -> float:
    """The least width of a list in pixels, with sentences broken in two."""
    return max(_indent(entry, style) + _widest_text(_name_parts(entry), style.text) for entry in entries)


def _unbroken_width(entries: Sequence[Entry], style: Style) -> float:
    """The width in pixels of a list without line breaks."""
    return max(_indent(entry, style) + _widest_text([entry.text], style.text) for entry in entries)


def _list_height(entries: Sequence[Entry], width: float, style: Style) -> float:
    """The height in pixels of a list of that width."""
    lines = sum(len(_lines(entry, width, style)) for entry in entries)
    return lines * height_of(style.text) + len(entries) * LIST_GAP * style.unit


def _as_list(entries: Sequence[Entry], place: QRectF, style: Style) -> list[Painted]:
    """The entries below each other from the top of ``place``, wrapped to its width."""
    things, y = list[Painted](), place.top()
    for entry in entries:
        lines = _lines(entry, place.width(), style)
        things += _things(entry, lines, QPointF(place.left(), y), style)
        y += len(lines) * height_of(style.text) + LIST_GAP * style.unit
    return things


def _as_rows(entries: Sequence[Entry], begin: QPointF, right: float, style: Style) -> tuple[list[Painted], float]:
    """The entries side by side from ``begin``, in as many rows as they take, and the bottom of the last row."""
    widths = [_indent(entry, style) + width_of(style.text, entry.text) for entry in entries]
    places, bottom = flow_in_rows(widths, ROW_GAP * style.unit, begin, right, style)
    pairs = zip(entries, places, strict=True)
    return [thing for entry, place in pairs for thing in _things(entry, [entry.text], place.topLeft(), style)], bottom


def _lines(entry: Entry, width: float, style: Style) -> list[str]:
    return lines_within(style.text, entry.text, width - _indent(entry, style))


def _name_parts(entry: Entry) -> list[str]:
    """The unbreakable parts of an entry: a minimum's name is one, a sentence may be broken in the middle."""
    if entry.kind is not None and entry.kind >= 0:
        return [entry.text]
    words = entry.text.split()
    half = (len(words) + 1) // 2
    return [" ".join(words[:half]), " ".join(words[half:])]


def _widest_text(parts: Sequence[str], font: QFont) -> float:
    return max(width_of(font, part) for part in parts) + 1.0


def _indent(entry: Entry, style: Style) -> float:
    return 0.0 if entry.kind is None else (SAMPLE_WIDTH + GAP) * style.unit


def _things(entry: Entry, lines: Sequence[str], corner: QPointF, style: Style) -> list[Painted]:
    """The entry's sample, if it has one, and its lines, from that upper left corner."""
    row, left = height_of(style.text), corner.x() + _indent(entry, style)
    colour = style.palette.quiet if entry.quiet else style.palette.text
    tops = [corner.y() + number * row for number in range(len(lines))]
    words = [left_aligned(left, top, line, style.text, colour) for top, line in zip(tops, lines, strict=True)]
    if entry.kind is None:
        return [*words]
    width, height = round(SAMPLE_WIDTH * style.unit), round(SAMPLE_HEIGHT * style.unit)
    place = QRectF(round(corner.x()), round(corner.y() + row / 2 - height / 2), width, height)
    # At twice the resolution, for high-density screens and for files.
    image = swatch(entry.kind, 2 * width, 2 * height, 2 * style.unit, style.palette)
    return [*framed_image(image, place, style), *words]
