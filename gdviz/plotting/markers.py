"""The outline of a run's marker, its size under others, and its dashes: the same in the plots and on the surface."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath, QPolygonF

from gdviz.presentation.palette import MARKERS

WIDER = 0.4
"""By which part of its size a marker is larger for each that lies on it, so that all are seen."""


def marker(style: int, centre: QPointF, radius: float) -> QPainterPath:
    """The outline of a run's marker; the shapes have about equal areas."""
    path = QPainterPath()
    kind = MARKERS[style]
    if kind == "o":
        path.addEllipse(centre, radius, radius)
    elif kind == "s":
        path.addRect(centre.x() - 0.89 * radius, centre.y() - 0.89 * radius, 1.78 * radius, 1.78 * radius)
    else:
        count, reach = (3, 1.45 * radius) if kind == "t" else (4, 1.25 * radius)
        angles = [2 * math.pi * index / count for index in range(count)]
        return polygon([centre + QPointF(math.sin(angle) * reach, -math.cos(angle) * reach) for angle in angles])
    return path


def polygon(corners: Sequence[QPointF]) -> QPainterPath:
    """The closed outline through these corners."""
    path = QPainterPath()
    path.addPolygon(QPolygonF(corners))
    path.closeSubpath()
    return path


def stacked_radii(places: Sequence[QPointF], radius: float) -> list[float]:
    """The radii of markers at these places, the first on top: larger by a part for each marker that covers it."""
    radii = []
    for index, place in enumerate(places):
        ways = [place - other for other in places[:index]]
        above = sum(math.hypot(way.x(), way.y()) < radius for way in ways)
        radii.append(radius * (1.0 + WIDER * above))
    return radii


def dash_offset(dashes: Sequence[float], length: float) -> float:
    """Where in the pattern a line of that length begins so that a dash is in its middle, in the pattern's unit."""
    return math.fmod(dashes[0] / 2 - length / 2, sum(dashes)) if dashes else 0.0
