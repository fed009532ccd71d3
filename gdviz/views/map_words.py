"""Where the words on the map of rate and steps go: each where all of it is true, clear of lines, runs and others."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from gdviz.model.map_ground import MapGround
from gdviz.model.map_regions import REGION_WORDS, Region
from gdviz.views.layer import Words, freest, kept_inside
from gdviz.views.layout import along
from gdviz.views.plot_pane import Grid
from gdviz.views.plot_parts import Style, faded, height_of
from gdviz.views.raised import width_of

Array = NDArray[np.float64]
Marks = NDArray[np.bool_]

PLATE = 0.86
"""How opaque the plate under words is."""
STRIDE = 4.0
"""The room for words is looked for in squares of so many pixels."""
GENEROUS = (4.0, 3.0, 2.4, 2.0, 1.7, 1.4, 1.2, 1.0)
"""The words stand where their rectangle would fit so many times larger, if possible: in the middle of the room."""
LINE_LABEL = "1 % left"
_ORDER = (Region.HELPS, Region.WITHIN, Region.WORSENS, Region.WORSE, Region.ELSEWHERE, Region.NAN, Region.INFINITE)


def map_words(ground: MapGround, grid: Grid, courses: Sequence[Array], style: Style) -> list[Words]:
    """The labels of the wall and of the line of 1 %, and the names of the regions that have room for theirs.

    courses: where the runs go, in pixels, each of shape (n, 2).
    """
    drawn = along([pixels(ground.line, grid), *courses])
    taken: list[Words] = []
    for words in (*_wall_words(ground, grid, drawn, style), *_line_words(ground, grid, courses, style)):
        rect = freest(words, [other.rect for other in taken], drawn)
        taken.append(next(found for found in words.values() if found.rect == rect))
    return taken


def pixels(places: Array, grid: Grid) -> Array:
    """Positions on the axes in pixels, shape (n, 2)."""
    return np.stack([grid.xs(places[:, 0]), grid.ys(places[:, 1])], axis=1)
