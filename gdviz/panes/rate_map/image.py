"""The losses of the map of rate and steps as an image: a colour for each cell, hatching where there is no number."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from gdviz.panes.rate_map.ground import MapGround
from gdviz.plotting.image_cache import image_of
from gdviz.presentation.palette import colour_table

DECADES = 6.0
"""The colours reach so many powers of ten below and above the start."""
SPACING, WIDTH = 9.0, 1.3
"""Of the hatching, in units."""
NOTHING, INFINITE, NAN = 0, 1, 2
"""In the place of a colour, all of which are opaque: not computed, an infinite loss, one that is not a number."""

Pixels = NDArray[np.uint32]
Size = tuple[int, int]
"""Width and height in pixels."""


@lru_cache(maxsize=4)
def map_image(ground: MapGround, size: Size, unit: float, colour: str) -> QImage:
    """The map over the whole of its axes, see-through where there is no colour.

    unit: how many pixels the unit of the hatching has, which is of that colour.
    """
    cells = np.full((len(ground.y_edges) - 1, len(ground.x_edges) - 1), NOTHING, np.uint32)
    cells[: len(ground.values)] = _coloured(ground.values)
    columns = _cells_of_pixels(ground.x_edges, ground.x_range, size[0])
    rows = _cells_of_pixels(ground.y_edges, ground.y_range, size[1])[::-1]
    # What lies beyond the outermost cells is not computed either.
    padded = np.pad(cells, 1, constant_values=NOTHING)
    pixels = padded[rows + 1][:, columns + 1]
    for kind in (INFINITE, NAN):
        where = pixels == kind
        if where.any():
            pixels[where] = _hatching(kind, size, unit, colour)[where]
    return image_of(pixels)


@lru_cache(maxsize=8)
def hatched_image(kind: int, size: Size, unit: float, colour: str) -> QImage:
    """A sample of the hatching of INFINITE or NAN."""
    return image_of(_hatching(kind, size, unit, colour))


def _coloured(values: NDArray[np.float32]) -> Pixels:
    """0xffRRGGBB for each cell, or what stands in its place; shape as the values'."""
    red, green, blue = colour_table(256).astype(np.uint32).T
    table = np.uint32(0xFF000000) | red << 16 | green << 8 | blue
    places = np.nan_to_num((values + DECADES) * (255.0 / (2.0 * DECADES)), nan=0.0, posinf=255.0, neginf=0.0)
    pixels = table[np.rint(np.clip(places, 0.0, 255.0)).astype(np.intp)]
    pixels[np.isposinf(values)] = INFINITE
    pixels[np.isnan(values)] = NAN
    return pixels


def _cells_of_pixels(edges: NDArray[np.float64], ends: tuple[float, float], count: int) -> NDArray[np.intp]:
    """For each of ``count`` pixels the cell that its middle lies in; -1 or the number of cells where it is in none."""
    middles = ends[0] + (np.arange(count) + 0.5) / count * (ends[1] - ends[0])
    return np.searchsorted(edges, middles, side="right") - 1


@lru_cache(maxsize=4)
def _hatching(kind: int, size: Size, unit: float, colour: str) -> Pixels:
    """Rising lines for infinite, crossed ones for what is not a number; premultiplied, shape (height, width)."""
    x, y = np.arange(size[0])[None, :], np.arange(size[1])[:, None]
    covered = _lines(x + y, unit)
    if kind == NAN:
        covered = np.maximum(covered, _lines(x - y, unit))
    line = QColor(colour)
    shades = np.rint(np.linspace(0.0, 1.0, 256)[:, None] * [line.red(), line.green(), line.blue(), 255])
    red, green, blue, alpha = shades.astype(np.uint32).T
    pixels: Pixels = (alpha << 24 | red << 16 | green << 8 | blue)[np.rint(covered * 255).astype(np.intp)]
    return pixels


def _lines(along: NDArray[np.int_], unit: float) -> NDArray[np.float64]:
    """How much of each pixel diagonal lines cover, where x + y or x - y is ``along``."""
    spacing, half_width = SPACING * unit, WIDTH * unit / 2
    away = np.abs(along % spacing - spacing / 2) / np.sqrt(2.0)
    return np.clip(half_width + 0.5 - away, 0.0, 1.0)
