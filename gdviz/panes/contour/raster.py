"""The loss as a contour image, computed in NumPy, and the bar that explains its colours."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from gdviz.panes.landscape.landscape import Surface
from gdviz.plotting.colour_bar import labelled_bar
from gdviz.plotting.image_cache import pack_colours
from gdviz.plotting.shapes import Painted, Words
from gdviz.plotting.style import Style, height_of
from gdviz.plotting.text import width_of
from gdviz.presentation.numbers import format_power
from gdviz.presentation.palette import COLOUR_DECADES, colour_position, colour_table, contour_phase

LINE_STRENGTH = 0.5
"""How far a contour line is blended from the colour below it towards black (on blue: towards white)."""
COLOURS, SHADES = 512, 32
MOST_DIGITS = 6
"""The most digits of a loss beside the colour bar."""


@lru_cache(maxsize=4)  # side by side each run has a box of its own
def contour_image(surface: Surface, side: int, line_width: float) -> QImage:
    """The surface as a square of ``side`` pixels, the first parameter to the right, the second upwards.

    line_width: in pixels.
    """
    heights = upsampled(surface.heights, side)
    place = colour_position(heights)
    place *= np.float32(COLOURS - 1)
    strength = _line_coverage(contour_phase(heights), line_width)
    strength *= np.float32(SHADES - 1)
    index = np.rint(place).astype(np.int32) * SHADES + np.rint(strength).astype(np.int32)
    pixels = _table()[index[::-1]]
    # The image does not own the array: a copy does.
    return QImage(pixels.data, side, side, 4 * side, QImage.Format.Format_RGB32).copy()


def upsampled(heights: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Heights at the centres of side x side pixels, shape (second parameter, first parameter), at least 0.

    Catmull-Rom interpolation (1974), which reproduces quadratics, so the ellipses of a regression are exact.
    """
    finer = _upsampled_rows(_upsampled_rows(heights, side).T, side)
    return np.maximum(finer, np.float32(0.0), out=finer)


def _upsampled_rows(heights: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """``side`` rows between the first and the last one; not by a matrix product, which would wait for other threads."""
    # Rows beyond the edges are extrapolated by the parabola through the three at the edge.
    before = 3 * heights[0] - 3 * heights[1] + heights[2]
    behind = 3 * heights[-1] - 3 * heights[-2] + heights[-3]
    padded = np.concatenate([before[None], heights, behind[None]])
    cells, weights = _weights(side, len(heights))
    found = padded[cells] * weights[0][:, None]
    for offset in (1, 2, 3):
        found += padded[cells + offset] * weights[offset][:, None]
    return found


@lru_cache(maxsize=8)
def _weights(side: int, count: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The first of the four samples around each pixel, shape (side,), and the weights of all four, shape (4, side)."""
    places = (np.arange(side) + 0.5) / side * (count - 1)
    cells = np.clip(np.floor(places), 0, count - 2).astype(np.intp)
    t = places - cells
    cubic = [-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, -(t**2) + t**3]
    return cells, (np.stack(cubic) / 2).astype(np.float32)


def _line_coverage(phase: NDArray[np.floating], line_width: float) -> NDArray[np.float32]:
    """Coverage of each pixel by a contour line, from its distance in pixels to the nearest integer phase."""
    phase = phase.astype(np.float32, copy=False)
    whole = np.rint(phase)
    across, along = _slope(phase, 0), _slope(phase, 1)
    steepness = np.sqrt(across * across + along * along)
    # No lines at the minimum itself, on a plateau, or where they are closer than they are wide.
    drawn = (whole >= 1) & (steepness > 1e-6)
    covered = np.subtract(phase, whole, out=whole)
    np.abs(covered, out=covered)
    covered /= np.maximum(steepness, np.float32(1e-6))
    np.subtract(np.float32(line_width / 2 + 0.5), covered, out=covered)
    fade = np.float32(2.0) - steepness * np.float32(4.0)
    for part in (covered, fade):
        np.clip(part, np.float32(0.0), np.float32(1.0), out=part)
    covered *= fade
    covered *= drawn
    return covered


def _slope(values: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """Central differences, one-sided at the edges; faster than numpy.gradient and in single precision."""
    values = np.moveaxis(values, axis, 0)
    found = np.empty_like(values)
    np.subtract(values[2:], values[:-2], out=found[1:-1])
    found[1:-1] *= np.float32(0.5)
    found[0], found[-1] = values[1] - values[0], values[-1] - values[-2]
    return np.moveaxis(found, 0, axis)


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint32]:
    """All colours of a pixel, 0xffRRGGBB, at colour * SHADES + line coverage."""
    colours = colour_table(COLOURS).astype(np.float64)[:, None, :]
    strength = np.linspace(0.0, LINE_STRENGTH, SHADES)[None, :, None]
    # A black line would not be visible on the darkest blue.
    target = np.where(np.arange(COLOURS) < 0.3 * COLOURS, 255.0, 0.0)[:, None, None]
    return pack_colours(colours + strength * (target - colours)).ravel()


def colour_bar(surface: Surface, place: QRectF, style: Style) -> list[Painted]:
    """The bar in ``place``, its name above, and to its right the loss at each decade of the height."""
    unit, text, digits, name = style.unit, height_of(style.text), height_of(style.number), surface.axes[2].name
    top = place.top() + text + digits / 2
    bar = QRectF(place.left(), top, 15 * unit, place.bottom() - digits / 2 - top)
    if bar.height() < 3 * text:
        return []
    above = QRectF(place.left(), place.top() - 2 * unit, width_of(style.text, name), text)
    stride = 1 if bar.height() >= 1.25 * text * COLOUR_DECADES else 2
    labels = list(enumerate(loss_labels(surface)))[::stride]
    places = [(bar.top() + bar.height() * decade / COLOUR_DECADES, label) for decade, label in labels]
    return [Words(name, above, style.text, style.palette.text), *labelled_bar(bar, places, style)]


def loss_labels(surface: Surface) -> tuple[str, ...]:
    """The losses at heights 1, 0.1, 0.01, ..., with as few digits as distinguish them; the last is for all below."""
    losses = [surface.base + surface.span * 10.0**-decade for decade in range(round(COLOUR_DECADES) + 1)]
    for digits in range(2, MOST_DIGITS + 1):
        labels = [format_power(loss, digits, fixed_to=1e5) for loss in losses]
        if len(set(labels)) == len(labels):
            break
    return (*labels[:-1], f"≤{labels[-1]}")
