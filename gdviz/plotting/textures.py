"""Textures that tell areas apart without colour, as the coverage of pixels from 0 to 1."""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]

SPACING = 8.0
"""Units between symbols."""
QUIET = np.float32(0.45)
"""The opacity of symbols within an area, which are fainter than its edge."""


def dots(x: Floats, y: Floats, unit: float) -> Floats:
    """Dots in staggered rows.

    Here and below: x of shape (1, n) and y of shape (m, 1) in units, downwards; ``unit``: its size in pixels.
    """
    across, along, rows = _to_nearest_symbol(x, y)
    return QUIET * _stroke(np.hypot(across[rows], along), 2.6, unit)


def bars(x: Floats, y: Floats, unit: float) -> Floats:
    """Short horizontal strokes."""
    across, along, rows = _to_nearest_symbol(x, y)
    return QUIET * np.minimum(_stroke(along, 1.2, unit), _stroke(across, 5.0, unit)[rows])


def crosses(x: Floats, y: Floats, unit: float) -> Floats:
    """Small upright crosses."""
    across, along, rows = _to_nearest_symbol(x, y)
    level = np.minimum(_stroke(along, 1.2, unit), _stroke(across, 5.0, unit)[rows])
    upright = np.minimum(_stroke(across, 1.2, unit)[rows], _stroke(along, 5.0, unit))
    return QUIET * np.maximum(level, upright)


def rising(x: Floats, y: Floats, unit: float, width: float = 1.4) -> Floats:
    """Hatching that rises to the right; width: of the lines, in units."""
    return _hatching(x + y, unit, width)


def falling(x: Floats, y: Floats, unit: float, width: float = 1.4) -> Floats:
    """Hatching that falls to the right."""
    return _hatching(x - y, unit, width)


def _to_nearest_symbol(x: Floats, y: Floats) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """How far the points are from the nearest symbol: across in a row without and with shift, shape (2, n), and along.

    Then which of the two kinds each row is, shape (m,).
    """
    shifts = np.array([[0.0], [SPACING / 2.0]], x.dtype)
    across, along = (np.abs(places % SPACING - SPACING / 2.0) for places in (x + shifts, y))
    return across, along, (np.floor(y[:, 0] / SPACING) % 2.0).astype(np.intp)


def _hatching(along: Floats, unit: float, width: float) -> Floats:
    return _stroke(np.abs(along % 9.0 - 4.5) / math.sqrt(2.0), width, unit)


def _stroke(distance: Floats, width: float, unit: float) -> Floats:
    """The coverage of a pixel by a line of that width whose centre is at that distance, both in units."""
    return np.clip((width / 2.0 - distance) * unit + 0.5, 0.0, 1.0)
