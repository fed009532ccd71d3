"""A layer of a plot that paints a list of things in pixels: words, outlines, a raster; and finds room for words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QImage, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gdviz.plotting.text import draw_text
from gdviz.plotting.vector_output import draw_block, draws_vectors, is_hatching, paint_hatching

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
"""Where most lines of text stand in their rectangle."""


@dataclass(frozen=True)
class Words:
    """A line (or, if wrapped, some lines) of text in a rectangle, on a plate where one is given."""

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


@dataclass(frozen=True)
class Shape:
    """An outline, stroked and filled; inside of ``clip`` only, where one is given."""

    path: QPainterPath
    pen: QPen | None = None
    brush: QBrush | QColor | None = None
    clip: QRectF | None = None
    crisp: bool = False

    def paint(self, painter: QPainter) -> None:
        """Fill, then stroke."""
        if self.path.isEmpty():
            return  # an SVG with an empty path is broken for some who read it
        if is_hatching(self.brush) and draws_vectors(painter):
            paint_hatching(painter, self.path.boundingRect(), QBrush(self.brush).color())
            return
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


@dataclass(frozen=True)
class Dots:
    """Round dots of equal size: a pen's width."""

    places: QPolygonF
    pen: QPen

    def paint(self, painter: QPainter) -> None:
        """Paint all of them."""
        painter.setPen(self.pen)
        painter.drawPoints(self.places)


@dataclass(frozen=True)
class Raster:
    """An image in a rectangle."""

    image: QImage
    rect: QRectF

    def paint(self, painter: QPainter) -> None:
        """Draw the image, smoothly where the rectangle has another size."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        painter.drawImage(self.rect, self.image)


class Painted(Protocol):
    """What a layer paints: one of the above, or whatever else can paint itself."""

    def paint(self, painter: QPainter) -> None:
        """Paint it, in the pixels of the pane."""


class Layer(pg.GraphicsObject):
    """Paints what it was last given, in the scene's pixels."""

    def __init__(self, z_value: float) -> None:
        super().__init__()
        self.setZValue(z_value)
        self._bounds = QRectF()
        self._things: tuple[Painted, ...] = ()

    @property
    def words(self) -> tuple[Words, ...]:
        """The texts that are shown."""
        return tuple(thing for thing in self._things if isinstance(thing, Words))

    def show_things(self, things: Iterable[Painted], bounds: QRectF) -> None:
        """Show these and nothing else, the last one on top."""
        self.prepareGeometryChange()
        self._things, self._bounds = tuple(things), bounds
        self.update()

    def boundingRect(self) -> QRectF:
        """The whole pane."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """What the scene asks for."""
        self.paint_things(painter)

    def paint_things(self, painter: QPainter) -> None:
        """Paint everything, first to last."""
        paint_things(painter, self._things)


def paint_things(painter: QPainter, things: Iterable[Painted]) -> None:
    """Paint these, the last one on top."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    for thing in things:
        thing.paint(painter)


def line(begin: QPointF, end: QPointF) -> QPainterPath:
    """The path from one point to another."""
    path = QPainterPath(begin)
    path.lineTo(end)
    return path


def box(rect: QRectF) -> QPainterPath:
    """The outline of a rectangle."""
    path = QPainterPath()
    path.addRect(rect)
    return path


def kept_inside(rect: QRectF, room: QRectF) -> QRectF:
    """The rectangle moved the least that puts it into the room (its beginning, where it is larger)."""
    left = max(room.left(), min(rect.left(), room.right() - rect.width()))
    top = max(room.top(), min(rect.top(), room.bottom() - rect.height()))
    return QRectF(left, top, rect.width(), rect.height())
