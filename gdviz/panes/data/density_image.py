"""The density of many rows as an image: one colour, the more opaque the more rows lie in a cell."""

from functools import lru_cache

import numpy as np
from PySide6.QtGui import QColor, QImage

from gdviz.panes.data.density import Density

FAINTEST, DARKEST = 0.10, 0.85
"""How opaque a cell with a single row is, so that it can be found at all, and one with the most rows."""


def density_image(density: Density, colour: QColor) -> QImage:
    """A pixel for each cell, upwards as the plot; cells without rows are see-through."""
    return _image(density, colour.red(), colour.green(), colour.blue())


@lru_cache(maxsize=4)
def _image(density: Density, red: int, green: int, blue: int) -> QImage:
    counts = density.counts[::-1]
    # By the square root: in proportion, all but the thickest of a cloud would be too faint to be seen.
    part = np.sqrt(counts / max(1, int(counts.max())))
    opacity = np.where(counts > 0, FAINTEST + (DARKEST - FAINTEST) * part, 0.0)
    channels = np.array([blue, green, red, 255.0])
    pixels = np.rint(opacity[..., None] * channels).astype(np.uint8)  # premultiplied, in the order of little-endian
    height, width = counts.shape
    # The image does not own the array: a copy does.
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
