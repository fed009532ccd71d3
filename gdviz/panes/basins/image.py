"""The map of starting points as an image: a colour and a texture for each minimum, lighter for fewer steps."""

from collections.abc import Callable
from functools import lru_cache
from math import log

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from gdviz.core.analysis.basins import NOT_FINITE, NOWHERE, UNKNOWN, BasinMap
from gdviz.plotting.image_cache import image_of, pack_colours
from gdviz.plotting.style import mix
from gdviz.plotting.textures import bars, crosses, dots, falling, rising
from gdviz.presentation.palette import Palette

LEVELS, COVERAGES = 64, 16
"""Shades per colour, and levels of coverage of a pixel by a texture or an edge."""
PALEST = 0.38
"""Proportion of a minimum's colour in its palest shade."""
HUES = 4

Floats = NDArray[np.float32]
Kinds = NDArray[np.int8]
Coverage = NDArray[np.uint8]

_PATTERNS = {1: dots, 2: bars, 3: crosses, HUES: falling, HUES + 1: rising}
"""The textures by number; the first minimum has none."""


def _lookup_table(of_minimum: Callable[[int], int], nowhere: int, not_finite: int, unknown: int) -> NDArray[np.uint16]:
    """A lookup table of a number for each kind; negative kinds are at the end, where NumPy's indexing finds them."""
    table = np.array([of_minimum(index) for index in range(256)], np.uint16)
    table[[NOWHERE, NOT_FINITE, UNKNOWN]] = nowhere, not_finite, unknown
    return table


_COLOUR_ROW = _lookup_table(lambda index: index % HUES, HUES, HUES + 1, HUES + 2)
"""Each kind's row in the colour table: one for each of the runs' colours, then the others."""
_TEXTURE = _lookup_table(lambda index: (index + index // HUES) % HUES, HUES, HUES + 1, 0)


@lru_cache(maxsize=4)
def basin_image(basins: BasinMap, steps: tuple[int, int], side: int, unit: float, palette: Palette) -> QImage:
    """The map as a square of ``side`` pixels, the first parameter to the right, the second upwards.

    steps: drawn lightest and darkest. unit: in pixels. Cells not computed yet are transparent.
    """
    kinds, shades = upsampled(basins.minimum.T, _shades(basins.steps.T, steps), side)
    return _image(kinds[::-1], shades[::-1], unit, palette)


@lru_cache(maxsize=64)
def swatch(kind: int, width: int, height: int, unit: float, palette: Palette) -> QImage:
    """A legend sample of a kind, ``width`` x ``height`` pixels, from few steps to many."""
    kinds = np.full((height, width), kind, np.int8)
    shades = np.broadcast_to(np.linspace(0.0, 1.0, width, dtype=np.float32), (height, width))
    return _image(kinds, shades, unit, palette)


def _shades(counts: NDArray[np.int32], steps: tuple[int, int]) -> Floats:
    """From 0 for the fewest steps to 1 for the most, on a logarithmic scale."""
    fewest, most = steps
    shades = np.log(np.maximum(counts, fewest) / np.float32(fewest), dtype=np.float32) / np.float32(log(most / fewest))
    return np.minimum(shades, np.float32(1.0))


def upsampled(kinds: Kinds, shades: Floats, side: int) -> tuple[Kinds, Floats]:
    """Kind and shade of ``side`` x ``side`` pixels: the kind with most weight of the four starting points around each.

    Weights are bilinear, so that borders between kinds are smooth rather than stepped.
    """
    places = (np.arange(side) + 0.5) / side * (len(kinds) - 1)
    cells = np.minimum(places.astype(np.intp), len(kinds) - 2)
    after, part = cells + 1, (places - cells).astype(np.float32)
    rest = np.float32(1.0) - part
    # Whole rows are copied at once, many times faster than single cells: they come last, being the more.
    chosen = kinds[:, cells][cells]
    rows = shades[cells] * rest[:, None] + shades[after] * part[:, None]
    smooth = rows.take(cells, axis=1) * rest + rows.take(after, axis=1) * part
    # Only where the four differ is there anything to decide.
    first, others = kinds[:-1, :-1], (kinds[:-1, 1:], kinds[1:, :-1], kinds[1:, 1:])
    y, x = np.nonzero(np.logical_or.reduce([first != other for other in others])[:, cells][cells])
    corners = [(row[y], column[x]) for row in (cells, after) for column in (cells, after)]
    weights = np.stack([one[y] * other[x] for one in (rest, part) for other in (rest, part)])
    around = np.stack([kinds[corner] for corner in corners])
    chosen[y, x], smooth[y, x] = _majority(around, np.stack([shades[corner] for corner in corners]), weights)
    return chosen, smooth


def _majority(kinds: Kinds, shades: Floats, weights: Floats) -> tuple[Kinds, Floats]:
    """From four of each, shape (4, n): the kind with most weight, and the weighted mean shade of that kind."""
    votes = np.stack([(weights * (kinds == kind)).sum(axis=0) for kind in kinds])
    winner = np.take_along_axis(kinds, votes.argmax(axis=0)[None], axis=0)[0]
    counted = weights * (kinds == winner)
    return winner, (counted * shades).sum(axis=0) / counted.sum(axis=0)


def _image(kinds: Kinds, shades: Floats, unit: float, palette: Palette) -> QImage:
    index = _COLOUR_ROW[kinds] * COVERAGES
    index += np.maximum(_texture_coverage(kinds, unit), _edge_coverage(kinds, max(1, round(unit))))
    index *= LEVELS
    index += np.rint(shades * np.float32(LEVELS - 1)).astype(np.uint16)
    return image_of(np.take(_table(palette), index))


def _texture_coverage(kinds: Kinds, unit: float) -> Coverage:
    """Coverage of each pixel by its texture."""
    covered = np.zeros(kinds.shape, np.uint8)
    textures = _TEXTURE[kinds]
    for texture in _PATTERNS:
        chosen = textures == texture
        if chosen.any():
            np.copyto(covered, _pattern_coverage(texture, kinds.shape, unit), where=chosen)
    return covered


@lru_cache(maxsize=6)
def _pattern_coverage(texture: int, shape: tuple[int, int], unit: float) -> Coverage:
    """Coverage by a texture over a whole image of that shape."""
    y, x = (np.arange(count, dtype=np.float32) / np.float32(unit) for count in shape)
    strength = _PATTERNS[texture](x[None, :], y[:, None], unit)
    return np.rint(strength * np.float32(COVERAGES - 1)).astype(np.uint8)


def _edge_coverage(kinds: Kinds, width: int) -> Coverage:
    """Coverage by lines ``width`` pixels wide where one kind borders on another."""
    edges = np.zeros(kinds.shape, np.bool_)
    for shift in range(1, width + 1):
        edges[:, shift:] |= kinds[:, shift:] != kinds[:, :-shift]
        edges[shift:] |= kinds[shift:] != kinds[:-shift]
    return edges * np.uint8(COVERAGES - 1)


@lru_cache(maxsize=4)
def _table(palette: Palette) -> NDArray[np.uint32]:
    """All colours of a pixel, 0xAARRGGBB, at (row * COVERAGES + coverage) * LEVELS + shade."""
    rows = [_shaded(colour, palette) for colour in palette.runs]
    for background, mark in (
        (QColor(palette.pane), mix(palette.quiet, palette.pane, 0.6)),
        (mix(palette.warning, palette.pane, 0.12), mix(palette.warning, palette.pane, 0.75)),
    ):
        rows.append(np.stack([np.tile(_rgb(colour), (LEVELS, 1)) for colour in (background, mark)]))
    part = np.linspace(0.0, 1.0, COVERAGES)[None, :, None, None]
    plain, marked = np.moveaxis(np.stack(rows), 1, 0)[:, :, None]
    opaque = pack_colours(plain + part * (marked - plain)).ravel()
    return np.concatenate([opaque, np.zeros(COVERAGES * LEVELS, np.uint32)])


def _shaded(colour: str, palette: Palette) -> NDArray[np.float64]:
    """The shades of a colour from light to dark, and those of its texture, shape (2, LEVELS, 3)."""
    ends = sorted((QColor(colour), mix(colour, palette.background, PALEST)), key=QColor.lightnessF, reverse=True)
    light, dark = (_rgb(end) for end in ends)
    shades = light + np.linspace(0.0, 1.0, LEVELS)[:, None] * (dark - light)
    # A dark texture would not be visible on dark shades.
    target = np.where(shades.mean(axis=1, keepdims=True) < 90.0, 255.0, 0.0)
    return np.stack([shades, shades + 0.6 * (target - shades)])


def _rgb(colour: QColor) -> NDArray[np.float64]:
    return np.array(colour.getRgb(), np.float64)[:3]
