"""A row under a title that says which line is which."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainterPath, QPen

from gdviz.plotting.shapes import Painted, Shape, Words, line
from gdviz.plotting.style import Style, height_of
from gdviz.plotting.text import width_of

SAMPLE = 24.0
"""Units that a sample of a line is long."""


@dataclass(frozen=True, eq=False)
class Entry:
    """A name and how it is drawn: lines, one beside the other, or a dot."""

    name: str
    pens: tuple[QPen, ...] = ()
    dot: QBrush | None = None


@dataclass(frozen=True, eq=False)
class Legend:
    """What to paint, and where the room below begins."""

    things: tuple[Painted, ...]
    bottom: float


def legend(entries: Sequence[Entry], begin: QPointF, right: float, style: Style) -> Legend:
    """The entries from ``begin`` on, in a second row where the first does not reach."""
    unit, height = style.unit, height_of(style.text)
    things: list[Painted] = []
    x, y = begin.x(), begin.y()
    for entry in entries:
        sample = _sample_width(entry, unit)
        width = sample + 5 * unit + width_of(style.text, entry.name)
        if x > begin.x() and x + width > right:
            x, y = begin.x(), y + height
        things += _sample(entry, QPointF(x, y + height / 2), unit)
        rect = QRectF(x + sample + 5 * unit, y, width - sample - 5 * unit, height)
        things.append(Words(entry.name, rect, style.text, style.palette.text, align=Qt.AlignmentFlag.AlignLeft))
        x += width + 13 * unit
    return Legend(tuple(things), y + height)


def _sample_width(entry: Entry, unit: float) -> float:
    if entry.dot is not None:
        return 8 * unit
    return max(1, len(entry.pens)) * SAMPLE * unit + max(0, len(entry.pens) - 1) * 3 * unit


def _sample(entry: Entry, middle: QPointF, unit: float) -> list[Painted]:
    """The dot, or the lines."""
    if entry.dot is not None:
        dot = QPainterPath()
        dot.addEllipse(middle + QPointF(4 * unit, 0.0), 4 * unit, 4 * unit)
        return [Shape(dot, brush=entry.dot)]
    found: list[Painted] = []
    for index, pen in enumerate(entry.pens):
        begin = middle + QPointF(index * (SAMPLE + 3) * unit, 0.0)
        found.append(Shape(line(begin, begin + QPointF(SAMPLE * unit, 0.0)), pen))
    return found
