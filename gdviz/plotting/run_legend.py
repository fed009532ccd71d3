"""Legends in rows: of several runs, with line, marker and what differs between them; of lines and dots in a plot."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPen

from gdviz.plotting.shapes import LEFT, Painted, Shape, Words, circle, line
from gdviz.plotting.style import Style, height_of, marker
from gdviz.plotting.text import shortened, width_of
from gdviz.presentation.palette import DASHES
from gdviz.presentation.run_names import Legend, LegendEntry

RUN_SAMPLE, WIDTH = 36.0, 2.0
"""Units that the sample of a line is long and wide: each dash can be told from the others beside the marker."""
GAP, BETWEEN = 5.0, 11.0
"""Units between a sample and its text, and between two runs."""
SAMPLE = 24.0
"""Units that the sample of a line is long where there is no marker on it."""
Row = tuple[float, float, float, float]
"""Left, top, width and height."""


@dataclass(frozen=True, eq=False)
class RaceLegend:
    """What to paint, how high it is in pixels, and the texts that had to be shortened: where they are, and whole."""

    things: tuple[Painted, ...]
    height: float
    shortened: tuple[tuple[QRectF, str], ...]

    def whole_text(self, place: QPointF) -> str:
        """The whole of the shortened text at that place; empty where there is none."""
        return next((text for rect, text in self.shortened if rect.contains(place)), "")


NOTHING = RaceLegend((), 0.0, ())


# Most frames have the legend of the one before.
@lru_cache(maxsize=16)
def race_legend(legend: Legend, room: Row, style: Style) -> RaceLegend:
    """The legend at the upper left of the room, in as many rows as its height allows: one if the runs fit into it.

    Where they do not they stand in columns, as few rows as possible; texts are shortened only where nothing else helps.
    """
    if not legend.entries:
        return NOTHING
    left, top, width, height = room
    row, between = height_of(style.text), BETWEEN * style.unit
    title = width_of(style.text, legend.title) + between if legend.title else 0.0
    columns = _columns(legend.entries, width - title, max(1, int(height // row)), style)
    words = Words(legend.title, QRectF(left, top, title, row), style.text, style.palette.quiet, align=LEFT)
    places = []
    for index in range(len(legend.entries)):
        down, column = divmod(index, len(columns))
        begin, across = left + title + sum(columns[:column]), columns[column] - between
        places.append(QRectF(begin, top + down * row, max(0.0, across), row))
    things, elided = _entries(legend, places, style)
    return RaceLegend((words, *things) if legend.title else things, places[-1].bottom() - top, elided)


@lru_cache(maxsize=16)
def column_legend(legend: Legend, place: tuple[float, float, float], style: Style) -> RaceLegend:
    """The title and below it one run in each row, from a left and an upper edge on, so wide at most."""
    if not legend.entries:
        return NOTHING
    left, top, width = place
    row, above = height_of(style.text), 1 if legend.title else 0
    places = [QRectF(left, top + (above + index) * row, width, row) for index in range(len(legend.entries))]
    things, elided = _entries(legend, places, style)
    if legend.title:
        rect, text = QRectF(left, top, width, row), shortened(style.text, legend.title, width)
        things = (Words(text, rect, style.text, style.palette.quiet, align=LEFT), *things)
        elided += ((rect, legend.title),) if text != legend.title else ()
    return RaceLegend(things, places[-1].bottom() - top, elided)


def entry_things(style_index: int, text: str, room: QRectF, style: Style) -> list[Painted]:
    """Line and marker of one run and its text, at half of the room's height."""
    unit, palette = style.unit, style.palette
    pens = style.pen(palette.runs[style_index], WIDTH, DASHES[style_index]), style.pen(palette.background, 1.6)
    begin = QPointF(room.left(), room.center().y())
    sample = run_sample(style_index, begin, RUN_SAMPLE * unit, RUN_SAMPLE / WIDTH, 5.5 * unit, pens)
    return [*sample, Words(text, text_place(room, style), style.text, palette.text, align=LEFT)]


def run_sample(
    style_index: int, begin: QPointF, length: float, widths: float, radius: float, pens: tuple[QPen, QPen]
) -> tuple[Shape, Shape]:
    """A piece of a run's line, with its marker of that radius in the middle.

    length, widths: of the line, in pixels and in line widths. pens: of the line and of the marker's edge.
    """
    (pen, edge), dashes = pens, DASHES[style_index]
    if dashes:  # one of them in the middle
        pen.setDashOffset(math.fmod(dashes[0] / 2 - widths / 2, sum(dashes)))
    along = QPointF(length, 0.0)
    outline = marker(style_index, begin + along / 2, radius)
    return Shape(line(begin, begin + along), pen), Shape(outline, edge, pen.color())


def text_place(room: QRectF, style: Style) -> QRectF:
    """The part of the room of a run's line, marker and text that the text has."""
    left = min(room.left() + (RUN_SAMPLE + GAP) * style.unit, room.right())
    return QRectF(left, room.top(), room.right() - left, room.height())


def _entries(
    legend: Legend, places: Sequence[QRectF], style: Style
) -> tuple[tuple[Painted, ...], tuple[tuple[QRectF, str], ...]]:
    """The runs in their places, and the texts that had to be shortened."""
    widths = [text_place(place, style).width() for place in places]
    texts = _told_apart([entry.text for entry in legend.entries], widths, style)
    rows = list(zip(legend.entries, texts, places, strict=True))
    things = (thing for entry, text, place in rows for thing in entry_things(entry.style, text, place, style))
    elided = ((text_place(place, style), legend.name(entry)) for entry, text, place in rows if text != entry.text)
    return tuple(things), tuple(elided)


def _told_apart(texts: Sequence[str], widths: Sequence[float], style: Style) -> list[str]:
    """The texts, shortened where they are too wide: at the end, or where they differ only there, somewhere else."""
    for where in (Qt.TextElideMode.ElideRight, Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideLeft):
        found = [shortened(style.text, text, width, where) for text, width in zip(texts, widths, strict=True)]
        if len(set(found)) == len(found):
            break
    return found


def _columns(entries: Sequence[LegendEntry], width: float, most_rows: int, style: Style) -> list[float]:
    """The widths of the columns, with the room between them: in as few rows as they fit into, else in the most."""
    between, sample = BETWEEN * style.unit, (RUN_SAMPLE + GAP) * style.unit
    # A pixel more, since what fits exactly may be rounded away.
    needed = [sample + math.ceil(width_of(style.text, entry.text)) + 1.0 + between for entry in entries]
    for rows in range(1, most_rows + 1):
        count = math.ceil(len(entries) / rows)
        columns = [max(needed[column::count]) for column in range(count)]
        if sum(columns) - between <= width:
            return columns
    return [(width + between) / count] * count


@dataclass(frozen=True, eq=False)
class Entry:
    """A name and how it is drawn: lines, one beside the other, or a dot."""

    name: str
    pens: tuple[QPen, ...] = ()
    dot: QBrush | None = None


def line_legend(entries: Sequence[Entry], begin: QPointF, right: float, style: Style) -> tuple[list[Painted], float]:
    """The entries from ``begin`` on, in rows that end before ``right``, and where the room below begins."""
    unit, things = style.unit, list[Painted]()
    samples = [_sample_width(entry, unit) + 5 * unit for entry in entries]
    widths = [sample + width_of(style.text, entry.name) for sample, entry in zip(samples, entries, strict=True)]
    places, bottom = in_rows(widths, 13 * unit, begin, right, style)
    for entry, sample, place in zip(entries, samples, places, strict=True):
        things += _sample(entry, QPointF(place.left(), place.center().y()), unit)
        name = place.adjusted(sample, 0.0, 0.0, 0.0)
        things.append(Words(entry.name, name, style.text, style.palette.text, align=Qt.AlignmentFlag.AlignLeft))
    return things, bottom


def in_rows(
    widths: Sequence[float], between: float, begin: QPointF, right: float, style: Style
) -> tuple[list[QRectF], float]:
    """The places of entries side by side, in rows that end before ``right``, and where the room below begins."""
    places, height, x, y = list[QRectF](), height_of(style.text), begin.x(), begin.y()
    for width in widths:
        if x > begin.x() and x + width > right:
            x, y = begin.x(), y + height
        places.append(QRectF(x, y, width, height))
        x += width + between
    return places, y + height


def _sample_width(entry: Entry, unit: float) -> float:
    if entry.dot is not None:
        return 8 * unit
    return max(1, len(entry.pens)) * SAMPLE * unit + max(0, len(entry.pens) - 1) * 3 * unit


def _sample(entry: Entry, middle: QPointF, unit: float) -> list[Painted]:
    """The dot, or the lines."""
    if entry.dot is not None:
        return [Shape(circle(middle + QPointF(4 * unit, 0.0), 4 * unit), brush=entry.dot)]
    begins = [middle + QPointF(index * (SAMPLE + 3) * unit, 0.0) for index in range(len(entry.pens))]
    along = QPointF(SAMPLE * unit, 0.0)
    return [Shape(line(begin, begin + along), pen) for begin, pen in zip(begins, entry.pens, strict=True)]
