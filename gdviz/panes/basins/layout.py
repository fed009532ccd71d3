"""Where the parts of the map of starting points stand: title, legend, and the largest square that is left."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize

from gdviz.panes.basins.legend import Entry, as_list, as_rows, entries_of, height_of_list, narrowest, widest
from gdviz.panes.basins.picture import BasinPicture, Well
from gdviz.panes.landscape.landscape import Surface
from gdviz.panes.plane.square import axis_names, largest_side, margins, square
from gdviz.plotting.axes_layout import MARGIN, title_bottom, title_words
from gdviz.plotting.pane import Grid
from gdviz.plotting.placement import LabelPlacer, text_from
from gdviz.plotting.shapes import Painted, Shape, Words
from gdviz.plotting.style import Style, faded, height_of, star
from gdviz.plotting.text import lines_within, width_of

TITLE = "WHERE DOES IT END?"
STAR = 9.0
"""The radius of the star at a minimum, in units."""
STAR_GAP = 13.0
"""From its middle to its name, in units."""


@dataclass(frozen=True, eq=False)
class BasinLayout:
    """The square; words and samples around it; the stars of the minima on it, and each name with its star's place."""

    grid: Grid
    around: tuple[Painted, ...]
    stars: tuple[Shape, ...]
    names: tuple[tuple[Words, QPointF], ...]


@dataclass(frozen=True)
class _Contents:
    """What the layout depends on but for the pane: the surface is one object for one problem and box."""

    surface: Surface
    conditions: str
    wells: tuple[Well, ...]
    entries: tuple[Entry, ...]
    style: Style


def basin_layout(size: QSize, picture: BasinPicture, style: Style) -> BasinLayout:
    """The legend beside the square or above it, whichever leaves the larger square; all of it centred."""
    contents = _Contents(picture.surface, picture.conditions, picture.wells, entries_of(picture), style)
    return _layout(size.width(), size.height(), contents)


# While the run plays, nothing of it changes.
@lru_cache(maxsize=4)
def _layout(width: int, height: int, contents: _Contents) -> BasinLayout:
    surface, style = contents.surface, contents.style
    head = _head(contents.conditions, float(width), style)
    top = max(words.rect.bottom() for words in head)
    grid, legend = _with_legend(QRectF(0.0, top, width, height - top), contents)
    stars, names = _stars(contents.wells, grid, style), _names(contents.wells, grid, style)
    return BasinLayout(grid, (*head, *legend, *axis_names(grid, surface, style)), tuple(stars), tuple(names))


def _with_legend(room: QRectF, contents: _Contents) -> tuple[Grid, list[Painted]]:
    """The square in the room below the title, with what explains its colours."""
    surface, entries, style = contents.surface, contents.entries, contents.style
    margin, needed = MARGIN * style.unit, margins(surface, style)
    rows, bottom = as_rows(entries, QPointF(margin, room.top() + 2 * style.unit), room.width() - margin, style)
    beside = largest_side(room.width() - narrowest(entries, style) - margin, room.height(), needed)
    # The list may be wider than it needs to be, where there is room.
    spare = room.width() - needed.left() - beside - needed.right() - margin
    column = min(spare, widest(entries, style))
    height = height_of_list(entries, column, style)
    if beside < largest_side(room.width(), room.bottom() - bottom, needed) or height > room.height() - margin:
        return _centred(room.adjusted(0.0, bottom - room.top(), 0.0, 0.0), surface, style), rows
    grid = _centred(room.adjusted(0.0, 0.0, -column - margin, 0.0), surface, style)
    top = min(grid.area.top(), room.bottom() - margin - height)
    return grid, as_list(entries, QRectF(grid.area.right() + needed.right(), top, column, height), style)


def _centred(room: QRectF, surface: Surface, style: Style) -> Grid:
    """The largest square with its texts that the room holds, in its middle."""
    needed = margins(surface, style)
    side = largest_side(room.width(), room.height(), needed)
    left = (room.width() - needed.left() - side - needed.right()) / 2 + needed.left()
    over = (room.height() - needed.top() - side - needed.bottom()) / 2 + needed.top()
    return square(QPointF(round(room.left() + left), round(room.top() + over)), side, surface, style)


def _head(conditions: str, width: float, style: Style) -> list[Words]:
    """The title, and the conditions beside it, or below it in as many lines as they take."""
    words = title_words(TITLE, conditions, width, style)
    if len(words) > 1:
        return words
    margin, height, y = MARGIN * style.unit, height_of(style.text), title_bottom(style)
    lines = lines_within(style.text, conditions, width - 2 * margin)
    rows = [(y + row * height, line) for row, line in enumerate(lines)]
    return [*words, *(text_from(margin, top, line, style.text, style.palette.quiet) for top, line in rows)]


def progress_words(text: str, grid: Grid, style: Style) -> Words:
    """In the lower left corner of the square, on a plate."""
    unit, area = style.unit, grid.area
    width, height = width_of(style.text, text) + 12 * unit, height_of(style.text) + 4 * unit
    place = QRectF(area.left() + 8 * unit, area.bottom() - 8 * unit - height, width, height)
    return Words(text, place, style.text, style.palette.text, faded(style.palette.pane, 0.85))


def _stars(wells: tuple[Well, ...], grid: Grid, style: Style) -> list[Shape]:
    """White, since every other colour stands for a minimum."""
    places = [grid.place(*well.place) for well in wells if well.place is not None]
    outlines = [star(place, STAR * style.unit) for place in places]
    return [Shape(outline, style.pen("#05080c", 1.4), faded("#ffffff", 1.0)) for outline in outlines]


def _names(wells: tuple[Well, ...], grid: Grid, style: Style) -> list[tuple[Words, QPointF]]:
    """The name of each minimum beside its star, where there is room for it; the legend has them, too."""
    places = [(well.name, grid.place(*well.place)) for well in wells if well.place is not None]
    reach = QPointF(STAR, STAR) * style.unit
    taken = [QRectF(place - reach, place + reach) for _, place in places]
    # Room for what may stand there while the map is computed, so that no name moves when it is complete.
    taken.append(progress_words("computing: 100 %", grid, style).rect)
    labels, found = LabelPlacer(grid.area, taken, np.empty((0, 2)), style), list[tuple[Words, QPointF]]()
    for name, place in places:
        words = labels.beside(name, place, STAR_GAP * style.unit)
        if not labels.covered([words.rect]).any():
            taken.append(words.rect)
            found.append((words, place))
    return found


def clear_names(layout: BasinLayout, labels: LabelPlacer) -> list[Words]:
    """The names where they always stand; those that would stand on a marker or a path stand elsewhere.

    labels: what is covered already; the stars and the names are added.
    """
    covered = labels.covered(words.rect for words, _ in layout.names) > 0
    labels.taken.extend(shape.path.boundingRect() for shape in layout.stars)
    labels.taken.extend(words.rect for (words, _), moves in zip(layout.names, covered, strict=True) if not moves)
    gap = STAR_GAP * labels.style.unit
    return [
        labels.put(words.text, place, gap) if moves else words
        for (words, place), moves in zip(layout.names, covered, strict=True)
    ]
