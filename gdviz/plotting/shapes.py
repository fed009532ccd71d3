"""What a pane paints, in its pixels: text, outlines, dots, images; and how outlines are built."""

import math
from collections.abc import Iterable, Sequence
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QImage, QPainter, QPainterPath, QPen, QPolygonF

from gdviz.core.frozen import frozen
from gdviz.plotting.text import draw_text
from gdviz.plotting.vector_output import draw_block
from gdviz.presentation.palette import MARKERS

STACKED_GROWTH = 0.4
"""How much larger a marker is, as a fraction, for each one on top of it, so that all are seen."""
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
"""The alignment of most lines of text."""


def marker(style: int, centre: QPointF, radius: float) -> QPainterPath:
    """The outline of a run's marker; the shapes have about equal areas."""
    kind = MARKERS[style]
    if kind == "o":
        return circle(centre, radius)
    if kind == "s":
        return box(QRectF(centre.x() - 0.89 * radius, centre.y() - 0.89 * radius, 1.78 * radius, 1.78 * radius))
    count, reach = (3, 1.45 * radius) if kind == "t" else (4, 1.25 * radius)
    angles = [2 * math.pi * index / count for index in range(count)]
    return polygon([centre + QPointF(math.sin(angle) * reach, -math.cos(angle) * reach) for angle in angles])


def polygon(corners: Sequence[QPointF]) -> QPainterPath:
    """The closed outline through these corners."""
    path = QPainterPath()
    path.addPolygon(QPolygonF(corners))
    path.closeSubpath()
    return path


def stacked_radii(places: Sequence[QPointF], radius: float) -> list[float]:
    """The radii of markers at these places, the first on top: larger for each marker that covers it."""
    above = [
        sum(math.hypot((place - other).x(), (place - other).y()) < radius for other in places[:index])
        for index, place in enumerate(places)
    ]
    return [radius * (1.0 + STACKED_GROWTH * count) for count in above]


@frozen
class Words:
    """Text in a rectangle, in one line unless wrapped, on a plate if one is given."""

    text: str
    rect: QRectF
    font: QFont
    colour: str
    plate: QColor | None = None
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter
    wrap: bool = False

    def paint(self, painter: QPainter) -> None:
        """Paint the plate and the text."""
        if self.plate is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.plate)
            painter.drawRoundedRect(self.rect, 3.0, 3.0)
        painter.setPen(QColor(self.colour))
        if self.wrap:
            flags = int(self.align) | int(Qt.TextFlag.TextWordWrap)
            draw_block(painter, self.rect, flags, self.text, self.font)
        else:
            draw_text(painter, self.rect, self.align, self.text, self.font)


@frozen
class Shape:
    """An outline, stroked and filled; only inside ``clip``, if one is given."""

    path: QPainterPath
    pen: QPen | None = None
    brush: QBrush | QColor | None = None
    clip: QRectF | None = None
    crisp: bool = False

    def paint(self, painter: QPainter) -> None:
        """Fill, then stroke."""
        if self.path.isEmpty():
            return  # some readers reject an SVG with an empty path
        is_special = self.clip is not None or self.crisp
        if is_special:
            painter.save()
            if self.clip is not None:
                painter.setClipRect(self.clip)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, not self.crisp)
        painter.setPen(self.pen if self.pen is not None else Qt.PenStyle.NoPen)
        painter.setBrush(self.brush if self.brush is not None else Qt.BrushStyle.NoBrush)
        painter.drawPath(self.path)
        if is_special:
            painter.restore()


@frozen
class Dots:
    """Round dots as wide as the pen."""

    places: QPolygonF
    pen: QPen

    def paint(self, painter: QPainter) -> None:
        """Paint all of them."""
        painter.setPen(self.pen)
        painter.drawPoints(self.places)


@frozen
class Raster:
    """An image in a rectangle."""

    image: QImage
    rect: QRectF

    def paint(self, painter: QPainter) -> None:
        """Draw the image, smoothed where it is scaled."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        painter.drawImage(self.rect, self.image)


class Painted(Protocol):
    """What a pane paints: one of the above, or whatever else can paint itself."""

    def paint(self, painter: QPainter) -> None:
        """Paint it, in the pixels of the pane."""


@frozen
class Shifted:
    """Things whose coordinates are relative to ``origin``."""

    origin: QPointF
    things: tuple[Painted, ...]

    def paint(self, painter: QPainter) -> None:
        """Paint them there."""
        painter.save()
        painter.translate(self.origin)
        paint_all(painter, self.things)
        painter.restore()


def paint_all(painter: QPainter, things: Iterable[Painted]) -> None:
    """Paint these, the last one on top."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    for thing in things:
        thing.paint(painter)


def line(begin: QPointF, end: QPointF) -> QPainterPath:
    """The path from one point to another."""
    path = QPainterPath(begin)
    path.lineTo(end)
    return path


def rising_lines(area: QRectF, spacing: float) -> QPainterPath:
    """Lines that rise to the right at that horizontal distance, each cut where the area ends.

    A brush with a pattern would be as fine on a sharp screen as its pixels, and some programs lose patterns and clips.
    """
    path = QPainterPath()
    for index in range(1, math.ceil((area.width() + area.height()) / spacing)):
        along = index * spacing  # from the upper left corner to where the line meets the left or the top side
        down, over = max(0.0, along - area.height()), max(0.0, along - area.width())
        path.moveTo(area.left() + down, area.top() + along - down)
        path.lineTo(area.left() + along - over, area.top() + over)
    return path


def box(rect: QRectF) -> QPainterPath:
    """The outline of a rectangle."""
    path = QPainterPath()
    path.addRect(rect)
    return path


def circle(centre: QPointF, radius: float) -> QPainterPath:
    """The outline of a circle."""
    path = QPainterPath()
    path.addEllipse(centre, radius, radius)
    return path


def moved_inside(rect: QRectF, room: QRectF) -> QRectF:
    """The rectangle, moved as little as possible to lie in the room (at its beginning, if it is larger)."""
    left = max(room.left(), min(rect.left(), room.right() - rect.width()))
    top = max(room.top(), min(rect.top(), room.bottom() - rect.height()))
    return QRectF(left, top, rect.width(), rect.height())
