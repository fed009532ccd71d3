"""What of the data is painted as an image, since it is much: the points, their density and the residuals."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from gdviz.panes.data.density import Density
from gdviz.panes.data.density_image import density_image
from gdviz.plotting.image_cache import Kept, pixels_per_unit
from gdviz.plotting.shapes import Dots, Raster, Shape
from gdviz.plotting.pane import Grid
from gdviz.panes.data.vertical_lines import vertical_lines_image

LEAST_HEIGHT = 4.0
"""Pixels that a density is high at least, so that one sees where the data are."""


@dataclass(frozen=True, eq=False)
class Points:
    """The data inside of ``area``, in pixels: the same in many frames, so they are kept as an image."""

    places: NDArray[np.float64]
    key: tuple[object, ...]
    pen: QPen
    area: QRectF
    kept: Kept

    def paint(self, painter: QPainter) -> None:
        """Paint the points."""
        self.kept.paint(painter, self.area, (self.key, self.pen), self._paint)

    def _paint(self, painter: QPainter) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.area)
        scale = pixels_per_unit(painter, self.area)
        # On whole pixels all dots look alike.
        places = self.places if scale is None else np.floor(self.places * scale + 0.5) / scale
        Dots(pg.functions.arrayToQPolygonF(*places.T), self.pen).paint(painter)
        painter.restore()


@dataclass(frozen=True, eq=False)
class Cloud:
    """The density of the data inside of ``grid``; ``places``: of some of the rows, in pixels."""

    places: NDArray[np.float64]
    density: Density
    key: tuple[object, ...]
    colour: QColor
    grid: Grid
    kept: Kept

    def paint(self, painter: QPainter) -> None:
        """Paint the density."""
        self.kept.paint(painter, self.grid.area, (self.key, self.colour.rgba()), self._paint)

    def _paint(self, painter: QPainter) -> None:
        (left, right), (low, high) = self.density.x_range, self.density.y_range
        place = QRectF(self.grid.place(left, high), self.grid.place(right, low))
        if place.height() < LEAST_HEIGHT:  # on an axis that reaches far: as dots are then, a line
            place = QRectF(place.left(), place.center().y() - LEAST_HEIGHT / 2, place.width(), LEAST_HEIGHT)
        Raster(density_image(self.density, self.colour), place).paint(painter)


@dataclass(frozen=True, eq=False)
class Residuals:
    """Vertical lines: x and both ends in pixels, shape (n, 3), inside of ``area``."""

    lines: NDArray[np.float64]
    pen: QPen
    area: QRectF

    def paint(self, painter: QPainter) -> None:
        """Paint them, as an image where the painter paints whole pixels."""
        scale = pixels_per_unit(painter, self.area)
        if scale is None:
            x, begin, end = self.lines.T
            lines = pg.arrayToQPath(x.repeat(2), np.stack([begin, end], axis=1).ravel(), connect="pairs")
            Shape(lines, self.pen, clip=self.area).paint(painter)
            return
        corner = np.array([self.area.left(), self.area.top(), self.area.top()])
        size = (self.area.size() * scale).toSize()
        if size.isEmpty():
            return
        width, colour = self.pen.widthF(), self.pen.color()
        image = vertical_lines_image((self.lines - corner) * scale, width, colour, (size.width(), size.height()))
        image.setDevicePixelRatio(scale)
        painter.drawImage(self.area.topLeft(), image)
