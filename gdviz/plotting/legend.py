"""A row under a title that says which line is which."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPen

from gdviz.plotting.shapes import Painted, Shape, Words, circle, line
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


def legend(entries: Sequence[Entry], begin: QPointF, right: float, style: Style) -> tuple[list[Painted], float]:
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
    """The places of entries of a legend side by side, in further rows where one would go beyond ``right``.

    Also where the room below begins.
    """
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
