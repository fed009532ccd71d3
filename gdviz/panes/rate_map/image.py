"""The losses of the map of rate and steps as an image: a colour for each cell, hatching where there is no number."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from gdviz.panes.rate_map.ground import MapGround
from gdviz.plotting.image_cache import image_of, packed
from gdviz.plotting.textures import falling, rising
from gdviz.presentation.palette import colour_table

DECADES = 6.0
"""The colours reach so many powers of ten below and above the start."""
WIDTH = 1.3
"""Of the lines of the hatching, in units."""
INFINITE, NAN = 1, 2
"""In place of a colour, all of which are opaque: an infinite loss, one that is not a number; 0 is not computed."""

Pixels = NDArray[np.uint32]
Size = tuple[int, int]
"""Width and height in pixels."""


@lru_cache(maxsize=4)
def map_image(ground: MapGround, size: Size, unit: float, colour: str) -> QImage:
    """The map over the whole of its axes, see-through where there is no colour.

    unit, colour: how many pixels the unit of the hatching has, and what colour it is.
    """
    across = _middles(ground.x_range, size[0])
    pixels = ground.sampled(_coloured(ground.values), across, _middles(ground.y_range, size[1]))[::-1]
    for kind in (INFINITE, NAN):
        where = pixels == kind
        if where.any():
            pixels[where] = hatching(kind, size, unit, colour)[where]
    return image_of(pixels)


def _middles(ends: tuple[float, float], count: int) -> NDArray[np.float64]:
    """The positions on an axis of the middles of so many pixels."""
    return ends[0] + (np.arange(count) + 0.5) / count * (ends[1] - ends[0])


def _coloured(values: NDArray[np.float32]) -> Pixels:
    """0xffRRGGBB for each cell, or what stands in its place; shape as the values'."""
    places = np.nan_to_num((values + DECADES) * (255.0 / (2.0 * DECADES)), nan=0.0, posinf=255.0, neginf=0.0)
    pixels = packed(colour_table(256))[np.rint(np.clip(places, 0.0, 255.0)).astype(np.intp)]
    pixels[np.isposinf(values)] = INFINITE
    pixels[np.isnan(values)] = NAN
    return pixels


@lru_cache(maxsize=8)
def hatching(kind: int, size: Size, unit: float, colour: str) -> Pixels:
    """Rising lines for INFINITE, crossed ones for NAN; premultiplied colours, shape (height, width)."""
    x, y = np.arange(size[0])[None, :] / unit, np.arange(size[1])[:, None] / unit
    covered = rising(x, y, unit, WIDTH)
    if kind == NAN:
        covered = np.maximum(covered, falling(x, y, unit, WIDTH))
    shades = packed(np.linspace(0.0, 1.0, 256)[:, None] * np.array(QColor(colour).getRgb()))
    return shades[np.rint(covered * 255).astype(np.intp)]
