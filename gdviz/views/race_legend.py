"""The legend of several runs: what differs between them, and the line, marker and text of each, in rows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF

from gdviz.gl.outline import dash_offset
from gdviz.model.palette import DASHES
from gdviz.model.race import Legend, LegendEntry
from gdviz.views.layer import Painted, Shape, Words, line
from gdviz.views.plot_parts import Style, faded, height_of, marker
from gdviz.views.raised import width_of

SAMPLE, WIDTH = 36.0, 2.0
"""Units that the sample of a line is long and wide: each dash can be told from the others beside the marker."""
GAP, BETWEEN = 5.0, 11.0
"""Units between a sample and its text, and between two runs."""
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
    row, title = height_of(style.text), _title_width(legend, style)
    rows = max(1, int(height // row))
    columns = _columns(legend.entries, width - title, rows, style)
    words = [Words(legend.title, QRectF(left, top, title, row), style.text, style.palette.quiet, align=_LEFT)]
    things: list[Painted] = list(words) if legend.title else []
    shortened: list[tuple[QRectF, str]] = []
    begin = QPointF(left + title, top)
    for index, entry in enumerate(legend.entries):
        column = index % len(columns)
        place = begin + QPointF(sum(columns[:column]), index // len(columns) * row)
        drawn, text = entry_things(entry, QRectF(place, _size(columns[column] - BETWEEN * style.unit, row)), style)
        things += drawn
        shortened += [(text.rect, legend.name(entry))] if text.text != entry.text else []
    return RaceLegend(tuple(things), math.ceil(len(legend.entries) / len(columns)) * row, tuple(shortened))


@lru_cache(maxsize=16)
def column_legend(legend: Legend, place: tuple[float, float, float], style: Style) -> RaceLegend:
    """The title and below it one run in each row, from a left and an upper edge on, so wide at most."""
    left, top, width = place
    row = height_of(style.text)
    things: list[Painted] = []
    shortened: list[tuple[QRectF, str]] = []
    if legend.title:
        title = shortened_to(legend.title, width, style)
        rect = QRectF(left, top, width, row)
        things.append(Words(title, rect, style.text, style.palette.quiet, align=_LEFT))
        shortened += [(rect, legend.title)] if title != legend.title else []
        top += row
    for index, entry in enumerate(legend.entries):
        drawn, text = entry_things(entry, QRectF(left, top + index * row, width, row), style)
        things += drawn
        shortened += [(text.rect, legend.name(entry))] if text.text != entry.text else []
    return RaceLegend(tuple(things), top + len(legend.entries) * row - place[1], tuple(shortened))


def entry_things(entry: LegendEntry, room: QRectF, style: Style) -> tuple[list[Painted], Words]:
    """Line, marker and text of one run, one below the other in the middle of the room's height; and the text alone."""
    middle, unit = room.center().y(), style.unit
    begin, colour = QPointF(room.left(), middle), style.palette.runs[entry.style]
    sample = line(begin, begin + QPointF(SAMPLE * unit, 0.0))
    outline = marker(entry.style, begin + QPointF(SAMPLE / 2 * unit, 0.0), 5.5 * unit)
    left = room.left() + (SAMPLE + GAP) * unit
    place = QRectF(left, room.top(), max(0.0, room.right() - left), room.height())
    text = shortened_to(entry.text, place.width(), style)
    words = Words(text, place, style.text, style.palette.text, align=_LEFT)
    pen = style.pen(colour, WIDTH, DASHES[entry.style])
    if DASHES[entry.style]:
        pen.setDashOffset(dash_offset(DASHES[entry.style], SAMPLE / WIDTH))
    rim = style.pen(style.palette.background, 1.6)
    return [Shape(sample, pen), Shape(outline, rim, faded(colour, 1.0)), words], words


def entry_width(entry: LegendEntry, style: Style) -> float:
    """The pixels that one run needs without being shortened."""
    # A pixel more, since what fits exactly may be rounded away.
    return (SAMPLE + GAP) * style.unit + math.ceil(width_of(style.text, entry.text)) + 1.0


def shortened_to(text: str, width: float, style: Style) -> str:
    """The text, with its end left out where it is wider than so many pixels."""
    if width_of(style.text, text) <= width:
        return text
    return QFontMetricsF(style.text).elidedText(text, Qt.TextElideMode.ElideRight, width)


def _columns(entries: Sequence[LegendEntry], width: float, rows: int, style: Style) -> list[float]:
    """The widths of the columns, with the room between them: as many as fit, else as few as the rows allow."""
    fewest = math.ceil(len(entries) / rows)
    between = BETWEEN * style.unit
    needed = [entry_width(entry, style) + between for entry in entries]
    for count in range(len(entries), fewest - 1, -1):
        columns = [max(needed[column::count]) for column in range(count)]
        if sum(columns) - between <= width:
            return columns
    return [(width + between) / fewest] * fewest


def _title_width(legend: Legend, style: Style) -> float:
    return width_of(style.text, legend.title) + BETWEEN * style.unit if legend.title else 0.0


def _size(width: float, height: float) -> QSizeF:
    return QSizeF(max(0.0, width), height)


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
