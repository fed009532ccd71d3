"""The layers of the data plot: points, density and residuals, painted in bulk as images, and the highlighted rows."""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from gdviz.core.frozen import frozen
from gdviz.panes.data.density import Density
from gdviz.plotting.array_paths import arrayToQPath, arrayToQPolygonF
from gdviz.plotting.image_cache import ImageCache, image_of, pixels_per_unit
from gdviz.plotting.pane import Grid
from gdviz.plotting.placement import LabelPlacer
from gdviz.plotting.shapes import Dots, Painted, Raster, Shape, Words, circle
from gdviz.plotting.style import Style, faded, marker
from gdviz.presentation.highlight import DataHighlight, Meaning, Sample

Array = NDArray[np.float64]

FAINTEST, DARKEST = 0.10, 0.85
"""Opacity of a cell with a single row, which still has to be visible, and of one with the most rows."""
LEAST_HEIGHT = 4.0
"""Least height of a density in pixels, so that it stays visible."""
RING_RADIUS, MARK_RADIUS = 6.0, 7.0
"""Radii in units: of the ring around a point, and of the mark on the line."""
_DIAMOND = 3
MOST_OBSTACLES = 300
"""The most points that labels are kept clear of; these are enough to show where the data are sparse."""


def vertical_lines_image(lines: Array, width: float, colour: QColor, size: tuple[int, int]) -> QImage:
    """Render vertical lines into a transparent image of ``size``, width and height in pixels.

    lines: shape (n, 3), in pixels from the upper left corner: x of the centre, and y of both ends, clipped to the
    image. width: of a line in pixels; the ends are flat.
    """
    columns, rows = size
    pixels, ends = np.zeros((rows, columns), np.uint32), np.clip(lines[:, 1:], 0.0, rows)
    # Where the line fits well, they cover only a few rows.
    first, last = int(ends.min(initial=rows)), math.ceil(ends.max(initial=0.0))
    if first < last:
        coverage = _coverage(lines - [0.0, first, first], width, columns, last - first)
        coverage *= 255.0
        coverage += 0.5
        shades = _shades(*colour.getRgbF())  # type: ignore[misc]
        pixels[first:last] = shades.take(coverage.astype(np.intp), mode="clip")
    return image_of(pixels)


def _coverage(lines: Array, width: float, columns: int, rows: int) -> Array:
    """Coverage of each pixel by the lines, above 1 where they overlap: shape (rows, columns)."""
    left, ends = lines[:, 0] - width / 2, np.clip(np.sort(lines[:, 1:], axis=1), 0.0, rows)
    across = np.floor(left)[:, None] + np.arange(int(np.ceil(width)) + 1)
    covered = np.minimum(across + 1.0, (left + width)[:, None]) - np.maximum(across, left[:, None])
    covered = np.where((across >= 0) & (across < columns), np.maximum(covered, 0.0), 0.0)
    # Changes from row to row, at each end of a line split between two rows, to be summed up below.
    whole = np.floor(ends)
    part = ends - whole
    changes = np.stack([1.0 - part[:, 0], part[:, 0], part[:, 1] - 1.0, -part[:, 1]], axis=1)
    down = np.stack([whole[:, 0], whole[:, 0] + 1, whole[:, 1], whole[:, 1] + 1], axis=1)
    place = down[:, :, None] * columns + np.clip(across, 0, columns - 1)[:, None, :]
    amount = changes[:, :, None] * covered[:, None, :]
    found = np.bincount(place.ravel().astype(np.intp), amount.ravel(), (rows + 2) * columns)
    # Without any lines bincount returns integers.
    changed: Array = found.astype(np.float64, copy=False).reshape(rows + 2, columns)[:rows]
    return np.add.accumulate(changed, axis=0, out=changed)


@lru_cache(maxsize=8)
def _shades(red: float, green: float, blue: float, opacity: float) -> NDArray[np.uint32]:
    """The colour at coverage 0 to 255, as premultiplied 0xAARRGGBB: shape (256,)."""
    alpha = np.arange(256) / 255.0 * opacity
    parts = (1.0, red, green, blue)
    found = np.zeros(256, np.uint32)
    for part, place in zip(parts, (24, 16, 8, 0), strict=True):
        found |= np.rint(255.0 * alpha * part).astype(np.uint32) << np.uint32(place)
    return found


@lru_cache(maxsize=4)
def _density_image(density: Density, rgb: int) -> QImage:
    """An image with one pixel per cell, flipped to the plot's orientation; empty cells are transparent."""
    counts, colour = density.counts[::-1], QColor(rgb)
    # Square root, since on a linear scale all but the densest cells would be too faint to see.
    part = np.sqrt(counts / max(1, int(counts.max())))
    opacity = np.where(counts > 0, FAINTEST + (DARKEST - FAINTEST) * part, 0.0)
    channels = np.array([colour.blue(), colour.green(), colour.red(), 255.0])
    pixels = np.rint(opacity[..., None] * channels).astype(np.uint8)  # premultiplied, in the order of little-endian
    return image_of(pixels.view(np.uint32)[..., 0])


@frozen(eq=False)
class PointLayer:
    """The data points in ``area``, in pixels, cached as an image."""

    places: NDArray[np.float64]
    key: tuple[object, ...]
    pen: QPen
    area: QRectF
    cache: ImageCache

    def paint(self, painter: QPainter) -> None:
        """Paint the points."""
        self.cache.paint(painter, self.area, (self.key, self.pen), self._paint)

    def _paint(self, painter: QPainter) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.area)
        scale = pixels_per_unit(painter, self.area)
        # On whole pixels all dots look alike.
        places = self.places if scale is None else np.floor(self.places * scale + 0.5) / scale
        Dots(arrayToQPolygonF(*places.T), self.pen).paint(painter)
        painter.restore()


@frozen(eq=False)
class DensityLayer:
    """The density of the data in ``grid``; ``places``: some of the rows, in pixels."""

    places: NDArray[np.float64]
    density: Density
    key: tuple[object, ...]
    colour: QColor
    grid: Grid
    cache: ImageCache

    def paint(self, painter: QPainter) -> None:
        """Paint the density."""
        self.cache.paint(painter, self.grid.area, (self.key, self.colour.rgba()), self._paint)

    def _paint(self, painter: QPainter) -> None:
        (left, right), (low, high) = self.density.x_range, self.density.y_range
        place = QRectF(self.grid.place(left, high), self.grid.place(right, low))
        if place.height() < LEAST_HEIGHT:  # on an axis with a huge range
            place = QRectF(place.left(), place.center().y() - LEAST_HEIGHT / 2, place.width(), LEAST_HEIGHT)
        Raster(_density_image(self.density, self.colour.rgb()), place).paint(painter)


@frozen(eq=False)
class ResidualLayer:
    """Vertical lines in ``area``: x and both ends in pixels, shape (n, 3)."""

    lines: NDArray[np.float64]
    pen: QPen
    area: QRectF

    def paint(self, painter: QPainter) -> None:
        """Paint the lines, as an image if ``area`` is aligned to the painter's pixels."""
        scale = pixels_per_unit(painter, self.area)
        if scale is None:
            x, begin, end = self.lines.T
            lines = arrayToQPath(x.repeat(2), np.stack([begin, end], axis=1).ravel(), connect="pairs")
            Shape(lines, self.pen, clip=self.area).paint(painter)
            return
        size = (self.area.size() * scale).toSize()
        if size.isEmpty():
            return
        lines = (self.lines - [self.area.left(), self.area.top(), self.area.top()]) * scale
        width, colour = self.pen.widthF() * scale, self.pen.color()
        image = vertical_lines_image(lines, width, colour, (size.width(), size.height()))
        image.setDevicePixelRatio(scale)
        painter.drawImage(self.area.topLeft(), image)


def row_labels(
    samples: Sequence[Sample], grid: Grid, taken: Sequence[QRectF], points: NDArray[np.float64], style: Style
) -> tuple[Words, ...]:
    """The labels of the rows, clear of taken places and of each other, where they cover few points, shape (n, 2)."""
    obstacles = points[:: len(points) // MOST_OBSTACLES + 1]
    around = RING_RADIUS * style.unit
    rings = [QRectF(grid.x(s.x) - around, grid.y(s.y) - around, 2 * around, 2 * around) for s in samples]
    labels, distance = LabelPlacer(grid.area, [*taken, *rings], obstacles, style), (RING_RADIUS + 0.5) * style.unit
    return tuple(labels.put(f"row {sample.row:,}", grid.place(sample.x, sample.y), distance) for sample in samples)


def prediction_rects(light: DataHighlight, grid: Grid, style: Style) -> list[QRectF]:
    """The rectangles of the marks on the line."""
    if light.meaning is not Meaning.PREDICTIONS:
        return []
    places = [(sample.x, sample.predicted) for sample in light.samples if sample.predicted is not None]
    reach = 1.4 * MARK_RADIUS * style.unit
    return [QRectF(grid.x(x) - reach, grid.y(y) - reach, 2 * reach, 2 * reach) for x, y in places]


def sample_marks(light: DataHighlight, grid: Grid, style: Style) -> list[Painted]:
    """A ring around the point of each row and, if predictions are highlighted, a diamond at its one on the line."""
    palette, things = style.palette, list[Painted]()
    for sample in light.samples:
        ring = circle(grid.place(sample.x, sample.y), RING_RADIUS * style.unit)
        things += [Shape(ring, style.pen(palette.background, 4.6)), Shape(ring, style.pen(palette.text, 2.0))]
        if light.meaning is Meaning.PREDICTIONS and sample.predicted is not None:
            mark = marker(_DIAMOND, grid.place(sample.x, sample.predicted), MARK_RADIUS * style.unit)
            things.append(Shape(mark, style.pen(palette.background, 2.0), faded(palette.accent, 1.0)))
    return things
