"""Explanations of an image's colours: the colour bar, and framed samples."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage

from gdviz.plotting.shapes import LEFT, Painted, Raster, Shape, Words, box, line
from gdviz.plotting.style import Style, height_of
from gdviz.plotting.text import width_of
from gdviz.presentation.palette import colour_table


def labelled_bar(place: QRectF, labels: Iterable[tuple[float, str]], style: Style) -> list[Painted]:
    """The colour map with its last colour at the top, and beside it the labels, each at its height in pixels."""
    unit, height, things = style.unit, height_of(style.number), framed_image(_ramp(), place, style)
    for y, label in labels:
        begin = QPointF(place.right(), y)
        rect = QRectF(begin.x() + 7 * unit, y - height / 2, width_of(style.number, label), height)
        things.append(Shape(line(begin, begin + QPointF(4 * unit, 0.0)), style.pen(style.palette.quiet, 1.0)))
        things.append(Words(label, rect, style.number, style.palette.text, align=LEFT))
    return things


def framed_image(image: QImage, place: QRectF, style: Style) -> list[Painted]:
    """The image in a thin frame."""
    return [Raster(image, place), Shape(box(place), style.pen(style.palette.quiet, 1.0))]


@lru_cache(maxsize=1)
def _ramp() -> QImage:
    colours = np.ascontiguousarray(colour_table(256)[::-1, None, :])
    return QImage(colours.data, 1, 256, 3, QImage.Format.Format_RGB888).copy()
