"""What of the data is painted in bulk, as images: points, density, residuals and vertical lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from gdviz.panes.data.density import Density
from gdviz.plotting.image_cache import ImageCache, image_of, pixels_per_unit
from gdviz.plotting.pane import Grid
from gdviz.plotting.placement import LabelPlacer
from gdviz.plotting.shapes import Dots, Painted, Raster, Shape, Words, circle
from gdviz.plotting.style import Style, faded, marker
from gdviz.presentation.highlight import DataHighlight, Meaning, Sample

Array = NDArray[np.float64]

FAINTEST, DARKEST = 0.10, 0.85
"""How opaque a cell with a single row is, so that it can be found at all, and one with the most rows."""
LEAST_HEIGHT = 4.0
"""Least height of a density in pixels, so that one sees where the data are."""
RING, MARK = 6.0, 7.0
"""Radii in units: of the ring around a point, of the mark on the line."""
_DIAMOND = 3
MOST_OBSTACLES = 300
"""This many points are enough to find where there are few."""


def vertical_lines_image(lines: Array, width: float, colour: QColor, size: tuple[int, int]) -> QImage:
    """The lines in an image of ``size``, width and height in pixels, see-through where there is none.

    lines: shape (n, 3), in pixels from the upper left corner: x of the middle, and both ends; any part outside is left
    out. width: of a line in pixels, its ends are straight.
    """
    coverage = _coverage(lines, width, *size)
    coverage *= 255.0
    coverage += 0.5
    return image_of(_shades(colour).take(coverage.astype(np.intp), mode="clip"))


def _coverage(lines: Array, width: float, columns: int, rows: int) -> Array:
    """Which part of each pixel the lines cover, more than 1 where several do: shape (rows, columns)."""
    left, ends = lines[:, 0] - width / 2, np.clip(np.sort(lines[:, 1:], axis=1), 0.0, rows)
    across = np.floor(left)[:, None] + np.arange(int(np.ceil(width)) + 1)
    covered = np.minimum(across + 1.0, (left + width)[:, None]) - np.maximum(across, left[:, None])
    covered = np.where((across >= 0) & (across < columns), np.maximum(covered, 0.0), 0.0)
    # The change from row to row: at each end it is spread over the two rows that share its pixel.
    whole = np.floor(ends)
    part = ends - whole
    changes = np.stack([1.0 - part[:, 0], part[:, 0], part[:, 1] - 1.0, -part[:, 1]], axis=1)
    down = np.stack([whole[:, 0], whole[:, 0] + 1, whole[:, 1], whole[:, 1] + 1], axis=1)
    place = down[:, :, None] * columns + np.clip(across, 0, columns - 1)[:, None, :]
    amount = changes[:, :, None] * covered[:, None, :]
    found = np.bincount(place.ravel().astype(np.intp), amount.ravel(), (rows + 2) * columns)
    # Of no lines at all it counts in whole numbers.
    changed: Array = found.astype(np.float64, copy=False).reshape(rows + 2, columns)[:rows]
    return np.add.accumulate(changed, axis=0, out=changed)


def _shades(colour: QColor) -> NDArray[np.uint32]:
    """The colour at 0 to 255 parts of 255 of a pixel, as premultiplied 0xAARRGGBB: shape (256,)."""
    alpha = np.arange(256) / 255.0 * colour.alphaF()
    parts = (1.0, colour.redF(), colour.greenF(), colour.blueF())
    found = np.zeros(256, np.uint32)
    for part, place in zip(parts, (24, 16, 8, 0), strict=True):
        found |= np.rint(255.0 * alpha * part).astype(np.uint32) << np.uint32(place)
    return found


@lru_cache(maxsize=4)
def _density_image(density: Density, rgb: int) -> QImage:
    """A pixel for each cell, upwards as the plot; cells without rows are see-through."""
    counts, colour = density.counts[::-1], QColor(rgb)
    # By the square root: in proportion, all but the thickest of a cloud would be too faint to be seen.
    part = np.sqrt(counts / max(1, int(counts.max())))
    opacity = np.where(counts > 0, FAINTEST + (DARKEST - FAINTEST) * part, 0.0)
    channels = np.array([colour.blue(), colour.green(), colour.red(), 255.0])
    pixels = np.rint(opacity[..., None] * channels).astype(np.uint8)  # premultiplied, in the order of little-endian
    return image_of(pixels.view(np.uint32)[..., 0])


@dataclass(frozen=True, eq=False)
class Points:
    """The data inside of ``area``, in pixels: the same in many frames, so they are kept as an image."""

    places: NDArray[np.float64]
    key: tuple[object, ...]
    pen: QPen
    area: QRectF
    kept: ImageCache

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
    kept: ImageCache

    def paint(self, painter: QPainter) -> None:
        """Paint the density."""
        self.kept.paint(painter, self.grid.area, (self.key, self.colour.rgba()), self._paint)

    def _paint(self, painter: QPainter) -> None:
        (left, right), (low, high) = self.density.x_range, self.density.y_range
        place = QRectF(self.grid.place(left, high), self.grid.place(right, low))
        if place.height() < LEAST_HEIGHT:  # on an axis that reaches far: as dots are then, a line
            place = QRectF(place.left(), place.center().y() - LEAST_HEIGHT / 2, place.width(), LEAST_HEIGHT)
        Raster(_density_image(self.density, self.colour.rgb()), place).paint(painter)


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
        size = (self.area.size() * scale).toSize()
        if size.isEmpty():
            return
        lines = (self.lines - [self.area.left(), self.area.top(), self.area.top()]) * scale
        image = vertical_lines_image(lines, self.pen.widthF(), self.pen.color(), (size.width(), size.height()))
        image.setDevicePixelRatio(scale)
        painter.drawImage(self.area.topLeft(), image)


def sample_names(
    samples: Sequence[Sample], grid: Grid, taken: Sequence[QRectF], points: NDArray[np.float64], style: Style
) -> tuple[Words, ...]:
    """The names of the rows, clear of what is taken and of each other, over few of the points, shape (n, 2)."""
    obstacles = points[:: len(points) // MOST_OBSTACLES + 1]
    around = RING * style.unit
    rings = [QRectF(grid.x(s.x) - around, grid.y(s.y) - around, 2 * around, 2 * around) for s in samples]
    labels, distance = LabelPlacer(grid.area, [*taken, *rings], obstacles, style), (RING + 0.5) * style.unit
    return tuple(labels.put(f"row {sample.row:,}", grid.place(sample.x, sample.y), distance) for sample in samples)


def predicted_places(light: DataHighlight, grid: Grid, style: Style) -> list[QRectF]:
    """Where the marks on the line are."""
    if light.meaning is not Meaning.PREDICTIONS:
        return []
    places = [(sample.x, sample.predicted) for sample in light.samples if sample.predicted is not None]
    reach = 1.4 * MARK * style.unit
    return [QRectF(grid.x(x) - reach, grid.y(y) - reach, 2 * reach, 2 * reach) for x, y in places]


def sample_marks(light: DataHighlight, grid: Grid, style: Style) -> list[Painted]:
    """A ring around the point of each row; where predictions are meant, a diamond at the one for it on the line."""
    palette, things = style.palette, list[Painted]()
    for sample in light.samples:
        ring = circle(grid.place(sample.x, sample.y), RING * style.unit)
        things += [Shape(ring, style.pen(palette.background, 4.6)), Shape(ring, style.pen(palette.text, 2.0))]
        if light.meaning is Meaning.PREDICTIONS and sample.predicted is not None:
            mark = marker(_DIAMOND, grid.place(sample.x, sample.predicted), MARK * style.unit)
            things.append(Shape(mark, style.pen(palette.background, 2.0), faded(palette.accent, 1.0)))
    return things
