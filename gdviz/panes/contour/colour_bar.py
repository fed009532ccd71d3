"""The colour bar: which loss a colour of the contour stands for."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage

from gdviz.panes.landscape.landscape import Surface
from gdviz.plotting.shapes import Painted, Raster, Shape, Words, box, line
from gdviz.plotting.style import Style, height_of
from gdviz.plotting.text import width_of
from gdviz.presentation.numbers import format_number
from gdviz.presentation.palette import COLOUR_DECADES, colour_table

MOST_DIGITS = 6


def colour_bar(surface: Surface, place: QRectF, style: Style) -> list[Painted]:
    """The bar in ``place``, its name above, the losses at every decade of the height right of it."""
    unit, text = style.unit, height_of(style.text)
    name = surface.axes[2].name
    top = place.top() + text + height_of(style.number) / 2
    bar = QRectF(place.left(), top, 15 * unit, place.bottom() - height_of(style.number) / 2 - top)
    if bar.height() < 3 * text:
        return []
    above = QRectF(place.left(), place.top() - 2 * unit, width_of(style.text, name), text)
    things: list[Painted] = [Words(name, above, style.text, style.palette.text)]
    things += [Raster(_ramp(), bar), Shape(box(bar), style.pen(style.palette.quiet, 1.0))]
    labels = loss_labels(surface)
    stride = 1 if bar.height() >= 1.25 * text * COLOUR_DECADES else 2
    for decade in range(0, len(labels), stride):
        y = bar.top() + bar.height() * decade / COLOUR_DECADES
        things += _tick(QPointF(bar.right(), y), labels[decade], style)
    return things


def _tick(place: QPointF, label: str, style: Style) -> list[Painted]:
    unit, height = style.unit, height_of(style.number)
    rect = QRectF(place.x() + 7 * unit, place.y() - height / 2, width_of(style.number, label), height)
    align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    dash = Shape(line(place, place + QPointF(4 * unit, 0.0)), style.pen(style.palette.quiet, 1.0))
    return [dash, Words(label, rect, style.number, style.palette.text, align=align)]


def loss_labels(surface: Surface) -> tuple[str, ...]:
    """The losses at the heights 1, 0.1, 0.01, ..., with as few digits as tell them apart; the last for all below."""
    losses = [surface.base + surface.span * 10.0**-decade for decade in range(round(COLOUR_DECADES) + 1)]
    for digits in range(2, MOST_DIGITS + 1):
        labels = [format_number(loss, digits) for loss in losses]
        if len(set(labels)) == len(labels):
            break
    return (*labels[:-1], f"≤{labels[-1]}")


@lru_cache(maxsize=1)
def _ramp() -> QImage:
    """The colours from top to bottom."""
    colours = np.ascontiguousarray(colour_table(256)[::-1, None, :])
    return QImage(colours.data, 1, 256, 3, QImage.Format.Format_RGB888).copy()
