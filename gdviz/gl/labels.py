"""All text of the pane, laid out without overlaps and painted in one pass over the finished picture."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtOpenGL import QOpenGLPaintDevice

from gdviz.gl import arrows, axes
from gdviz.gl.board import Board, Point, around, beside, square
from gdviz.gl.item import Item
from gdviz.gl.points import START
from gdviz.gl.shot import MARKER_SIZE, TEXT_SIZE, Shot
from gdviz.gl.space import to_world
from gdviz.gl.text import NUMBERS, WORDS, Style, label, plate

Placed = tuple[QImage, int, int]
"""A picture of a text with its left and top pixel."""


class LabelsItem(Item):
    """Paints the labels on a device that draws into whichever framebuffer is bound."""

    def initializeGL(self) -> None:
        """Nothing is to be made: Qt keeps the text as textures of its own."""

    def draw(self, shot: Shot) -> None:
        """Paint all labels."""
        placed = Layout(shot).placed
        device = QOpenGLPaintDevice(QSize(shot.lens.width, shot.lens.height))
        painter = QPainter(device)
        for image, left, top in placed:
            painter.drawImage(left, top, image)
        painter.end()


class Layout:
    """Decides for one shot which labels are painted where; the most important are placed first."""

    def __init__(self, shot: Shot) -> None:
        """Lay out all labels into ``placed``."""
        self._shot = shot
        self._board = Board(*shot.size)
        self._text = TEXT_SIZE * shot.unit
        self.placed: list[Placed] = []
        self._notes()
        self._obstacles()
        self._arrows()
        self._markers()
        standing = axes.place(shot)
        self._names(standing)
        self._ticks(standing)

    def _style(self, family: str = WORDS, *, big: bool = False, smaller: bool = False, warning: bool = False) -> Style:
        palette = self._shot.palette
        size = round(self._text * (1.15 if big else 0.92 if smaller else 1.0))
        return Style(family, size, palette.warning if warning else palette.text, palette.pane, big or warning, big)

    def _notes(self) -> None:
        notes = tuple(note for note in self._shot.landscape.notes if note)
        if not notes:
            return
        width, height = self._shot.size
        image = plate(notes, self._style(smaller=True), round(0.56 * width), round(0.34 * height))
        edge = round(0.4 * self._text)
        left, top = edge, round(height) - image.height() - edge
        self._board.take((0, top - edge, left + image.width() + edge, round(height)))
        self.placed.append((image, left, top))

    def _obstacles(self) -> None:
        """Keep labels off the markers."""
        unit = self._shot.unit
        for path in self._shot.landscape.paths:
            for place, radius in ((path.current, 0.7 * MARKER_SIZE), (path.start, START)):
                if place is not None:
                    self._board.take(square(self._pixel(place), radius * unit))
            self._board.ink(_along(self._shot.lens.project(to_world(path.segments[:: len(path.segments) // 100 or 1]))))

    def _arrows(self) -> None:
        for path in self._shot.landscape.paths:
            if path.arrow is None:
                continue
            placed = arrows.place(self._shot, path.arrow)
            forward = np.array([np.cos(placed.angle), np.sin(placed.angle)])
            middle = _point(np.array(placed.tip) - arrows.HEAD * self._shot.unit * forward)
            self._board.take(square(middle, arrows.HEAD * self._shot.unit))
            self._board.ink(_along(self._shot.lens.project(to_world(placed.shaft))))
            if path.arrow.label:
                image = label(path.arrow.label, self._style(warning=True))
                gap = (arrows.HEAD + 2.0) * self._shot.unit
                ways = ((0, -1), (0, 1), (0.8, -0.6), (-0.8, -0.6), (0.8, 0.6), (-0.8, 0.6), (-1, 0), (1, 0))
                middles = [self._kept_in(place, image) for place in around(middle, _size(image), gap, ways)]
                self._put(image, middles, forced=True)

    def _markers(self) -> None:
        landscape, unit = self._shot.landscape, self._shot.unit
        if landscape.first_box is not None:
            pixels = self._shot.lens.project(to_world(landscape.first_box))
            self._around_outline(label("first view", self._style()), pixels)
        for path in landscape.paths:
            if path.start is not None:
                self._beside(path.start, "start", (START + 1.0) * unit)
                break
        if len(landscape.minima):
            self._beside(landscape.minima[0], "minimum", 8.0 * unit)

    def _around_outline(self, image: QImage, outline: NDArray[np.float64]) -> None:
        """Put a label below, above, right or left of the outline of the first box, shape (m, 2), in pixels."""
        (left, top), (right, bottom) = outline.min(axis=0).tolist(), outline.max(axis=0).tolist()
        x, y, gap = (left + right) / 2.0, (top + bottom) / 2.0, 5.0 * self._shot.unit
        sides = (((x, bottom), (0, 1)), ((x, top), (0, -1)), ((right, y), (1, 0)), ((left, y), (-1, 0)))
        gaps = (gap, gap + self._text)
        self._put(image, [beside(point, _size(image), g, way) for g in gaps for point, way in sides], forced=True)

    def _names(self, standing: Iterable[axes.PlacedAxis]) -> None:
        first, second, loss = standing
        for placed in (first, second):
            image = label(placed.axis.name, self._style(big=True))
            gap = self._room_for_numbers(placed) + 0.2 * self._text
            start, way = placed.line[0], placed.line[1] - placed.line[0]
            points = [self._shot.lens.project(start + part * way) for part in (0.5, 0.62, 0.38, 0.75, 0.25)]
            middles = [beside(_point(point), _size(image), gap, _point(placed.away)) for point in points]
            self._put(image, [self._kept_in(middle, image) for middle in middles], forced=True)
        image = label(loss.axis.name, self._style(big=True))
        above = beside(_point(self._shot.lens.project(loss.line[1])), _size(image), 0.5 * self._text, (0.0, -1.0))
        self._put(image, [self._kept_in(above, image)], forced=True)

    def _room_for_numbers(self, placed: axes.PlacedAxis) -> float:
        """Pixels from the axis to the far side of its tick labels."""
        widest = max((label(tick.label, self._style(NUMBERS)).width() for tick in placed.ticks), default=0)
        mark = 0.8 * axes.TICK_LENGTH * self._shot.lens.scale
        return float(mark + abs(placed.away[0]) * widest + abs(placed.away[1]) * 0.9 * self._text)

    def _ticks(self, standing: Iterable[axes.PlacedAxis]) -> None:
        for placed in standing:
            for tick, end in zip(placed.ticks, placed.ends, strict=True):
                image = label(tick.label, self._style(NUMBERS))
                pixel = _point(self._shot.lens.project(end))
                self._put(image, [beside(pixel, _size(image), 0.0, _point(placed.away))])

    def _beside(self, place: ArrayLike, text: str, gap: float) -> None:
        image = label(text, self._style())
        near, far = (around(self._pixel(place), _size(image), g) for g in (gap, gap + 0.7 * self._text))
        self._put(image, near + far)

    def _put(self, image: QImage, middles: Iterable[Point], *, forced: bool = False) -> None:
        rect = self._board.put(_size(image), middles, forced=forced)
        if rect is not None:
            self.placed.append((image, rect[0], rect[1]))

    def _kept_in(self, middle: Point, image: QImage) -> Point:
        """The nearest middle with which the whole picture is in the pane."""
        (width, height), (across, down) = self._shot.size, _size(image)
        x = min(max(middle[0], across / 2.0), width - across / 2.0)
        return x, min(max(middle[1], down / 2.0), height - down / 2.0)

    def _pixel(self, place: ArrayLike) -> Point:
        return _point(self._shot.lens.project(to_world(place)))


def _along(segments: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pixels on segments of shape (m, 2, 2), as shape (8 m, 2)."""
    part = ((np.arange(8) + 0.5) / 8)[:, None, None]
    return (segments[:, 0] + part * (segments[:, 1] - segments[:, 0])).reshape(-1, 2)


def _point(pair: NDArray[np.float64]) -> Point:
    return float(pair[0]), float(pair[1])


def _size(image: QImage) -> tuple[float, float]:
    return float(image.width()), float(image.height())
