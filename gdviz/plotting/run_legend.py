"""Legends in rows: of several runs, with line, marker and what differs between them; of lines and dots in a plot."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPen

from gdviz.core.frozen import frozen
from gdviz.plotting.shapes import LEFT, Painted, Shape, Words, circle, line
from gdviz.plotting.style import Style, height_of, marker
from gdviz.plotting.text import shortened, width_of
from gdviz.presentation.legend import Legend, LegendEntry
from gdviz.presentation.palette import DASHES

RUN_SAMPLE, WIDTH = 36.0, 2.0
"""Length and width of a line sample, in units: each dash pattern can be recognised beside the marker."""
GAP, ENTRY_GAP = 5.0, 11.0
"""Units between a sample and its text, and between two entries."""
SAMPLE = 24.0
"""The length, in units, of a line sample without a marker."""
Row = tuple[float, float, float, float]
"""Left, top, width and height."""


@frozen(eq=False)
class RunLegend:
    """What to paint, the height in pixels, the rectangles and full texts of what had to be shortened, and the entries'.

    places: of the entries, in the order of the legend.
    """

    things: tuple[Painted, ...]
    height: float
    shortened: tuple[tuple[QRectF, str], ...]
    places: tuple[QRectF, ...] = ()

    def full_text(self, place: QPointF) -> str:
        """The full text of the shortened one at that place; empty where there is none."""
        return next((text for rect, text in self.shortened if rect.contains(place)), "")


EMPTY_LEGEND = RunLegend((), 0.0, ())


# Most frames repeat the legend of the one before.
@lru_cache(maxsize=16)
def row_legend(legend: Legend, room: Row, style: Style) -> RunLegend:
    """The legend at the upper left of the room: in one row if the runs fit, else in as few as possible, in columns.

    Where the height of the room allows no more rows, the entries have the longest of their shorter texts that fit; if
    none do, these are shortened.
    """
    if not legend.entries:
        return EMPTY_LEGEND
    left, top, width, height = room
    row, between = height_of(style.text), ENTRY_GAP * style.unit
    title = width_of(style.text, legend.title) + between if legend.title else 0.0
    entries, columns = _columns(legend.entries, width - title, max(1, int(height // row)), style)
    words = Words(legend.title, QRectF(left, top, title, row), style.text, style.palette.quiet, align=LEFT)
    places = []
    for index in range(len(legend.entries)):
        down, column = divmod(index, len(columns))
        begin, across = left + title + sum(columns[:column]), columns[column] - between
        places.append(QRectF(begin, top + down * row, max(0.0, across), row))
    things, elided = _entries(legend, entries, places, style)
    shown = (words, *things) if legend.title else things
    return RunLegend(shown, places[-1].bottom() - top, elided, tuple(places))


@lru_cache(maxsize=16)
def column_legend(legend: Legend, place: tuple[float, float, float], style: Style) -> RunLegend:
    """The title and below it one run per row; place: left, top and the maximum width."""
    if not legend.entries:
        return EMPTY_LEGEND
    left, top, width = place
    row, above = height_of(style.text), 1 if legend.title else 0
    places = [QRectF(left, top + (above + index) * row, width, row) for index in range(len(legend.entries))]
    things, elided = _entries(legend, legend.entries, places, style)
    if legend.title:
        rect, text = QRectF(left, top, width, row), shortened(style.text, legend.title, width)
        things = (Words(text, rect, style.text, style.palette.quiet, align=LEFT), *things)
        elided += ((rect, legend.title),) if text != legend.title else ()
    return RunLegend(things, places[-1].bottom() - top, elided, tuple(places))


def run_entry(style_index: int, text: str, room: QRectF, style: Style) -> list[Painted]:
    """Line, marker and text of one run, at half the room's height."""
    unit, palette = style.unit, style.palette
    pens = style.pen(palette.runs[style_index], WIDTH, DASHES[style_index]), style.pen(palette.background, 1.6)
    begin = QPointF(room.left(), room.center().y())
    sample = run_sample(style_index, begin, RUN_SAMPLE * unit, RUN_SAMPLE / WIDTH, 5.5 * unit, pens)
    return [*sample, Words(text, text_place(room, style), style.text, palette.text, align=LEFT)]


def run_sample(
    style_index: int, begin: QPointF, length: float, widths: float, radius: float, pens: tuple[QPen, QPen]
) -> tuple[Shape, Shape]:
    """A sample of a run's line, with its marker of that radius in the middle.

    length, widths: of the line, in pixels and in line widths. pens: of the line and of the marker's edge.
    """
    (pen, edge), dashes = pens, DASHES[style_index]
    if dashes:  # with one dash in the middle
        pen.setDashOffset(math.fmod(dashes[0] / 2 - widths / 2, sum(dashes)))
    along = QPointF(length, 0.0)
    outline = marker(style_index, begin + along / 2, radius)
    return Shape(line(begin, begin + along), pen), Shape(outline, edge, pen.color())


def text_place(room: QRectF, style: Style) -> QRectF:
    """The part of an entry's room that the text has."""
    left = min(room.left() + (RUN_SAMPLE + GAP) * style.unit, room.right())
    return QRectF(left, room.top(), room.right() - left, room.height())


def _entries(
    legend: Legend, told: Sequence[LegendEntry], places: Sequence[QRectF], style: Style
) -> tuple[tuple[Painted, ...], tuple[tuple[QRectF, str], ...]]:
    """The runs in their places, as ``told`` there, and the full texts of what had to be shortened."""
    widths = [text_place(place, style).width() for place in places]
    texts = _distinct_texts([entry.text for entry in told], widths, style)
    rows = list(zip(legend.entries, texts, places, strict=True))
    things = (thing for entry, text, place in rows for thing in run_entry(entry.style, text, place, style))
    elided = ((text_place(place, style), legend.name(entry)) for entry, text, place in rows if text != entry.text)
    return tuple(things), tuple(elided)


def _distinct_texts(texts: Sequence[str], widths: Sequence[float], style: Style) -> list[str]:
    """The texts, shortened where they are too wide: at the end, or elsewhere where only the ends differ."""
    for where in (Qt.TextElideMode.ElideRight, Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideLeft):
        found = [shortened(style.text, text, width, where) for text, width in zip(texts, widths, strict=True)]
        if len(set(found)) == len(found):
            break
    return found


def _columns(
    entries: Sequence[LegendEntry], width: float, most_rows: int, style: Style
) -> tuple[Sequence[LegendEntry], list[float]]:
    """The entries, all in a shorter wording if need be, and the widths of their columns, with the gaps.

    They are in as few rows as they fit into, else in the most.
    """
    between, sample = ENTRY_GAP * style.unit, (RUN_SAMPLE + GAP) * style.unit
    wordings = zip(*((entry.text, *entry.shorter) for entry in entries), strict=True)
    for texts in wordings:
        told = [replace(entry, text=text) for entry, text in zip(entries, texts, strict=True)]
        # A pixel more, since an exact fit may be lost to rounding.
        needed = [sample + math.ceil(width_of(style.text, entry.text)) + 1.0 + between for entry in told]
        for rows in range(1, most_rows + 1):
            count = math.ceil(len(told) / rows)
            columns = [max(needed[column::count]) for column in range(count)]
            if sum(columns) - between <= width:
                return told, columns
    return told, [(width + between) / count] * count


@frozen(eq=False)
class Entry:
    """A name and how it is drawn: lines side by side, or a dot."""

    name: str
    pens: tuple[QPen, ...] = ()
    dot: QBrush | None = None


def line_legend(entries: Sequence[Entry], begin: QPointF, right: float, style: Style) -> tuple[list[Painted], float]:
    """The entries from ``begin`` on, in rows that end before ``right``, and the lower edge."""
    unit, things = style.unit, list[Painted]()
    samples = [_sample_width(entry, unit) + 5 * unit for entry in entries]
    widths = [sample + width_of(style.text, entry.name) for sample, entry in zip(samples, entries, strict=True)]
    places, bottom = flow_in_rows(widths, 13 * unit, begin, right, style)
    for entry, sample, place in zip(entries, samples, places, strict=True):
        things += _sample(entry, QPointF(place.left(), place.center().y()), unit)
        name = place.adjusted(sample, 0.0, 0.0, 0.0)
        things.append(Words(entry.name, name, style.text, style.palette.text, align=Qt.AlignmentFlag.AlignLeft))
    return things, bottom


def flow_in_rows(
    widths: Sequence[float], between: float, begin: QPointF, right: float, style: Style
) -> tuple[list[QRectF], float]:
    """The rectangles of entries side by side, in rows that end before ``right``, and the lower edge."""
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
