"""How much of a picture the surface, lines and markers can reach: the rest is empty pane, and need not be looked at."""

import numpy as np
from numpy.typing import NDArray

from gdviz.panes.landscape.landscape import Landscape
from gdviz.panes.surface.geometry.axes import TICK_LENGTH
from gdviz.panes.surface.geometry.shot import Shot
from gdviz.panes.surface.geometry.world import FLOOR, HEIGHT, Rect, to_world

MARGIN = 18.0
"""Units: more than the radius of the largest marker with its rim (the arrowhead) and than half of any line's width."""
REACH = 1.0 + TICK_LENGTH


def drawn_area(shot: Shot) -> Rect:
    """The part of the picture, in pixels, outside of which nothing is drawn but labels."""
    lens = shot.lens
    low, high = _bounds(shot.landscape)
    corners = np.stack(np.meshgrid(*np.stack([low, high], axis=1), indexing="ij"), axis=-1)
    pixels = lens.project(corners.reshape(-1, 3))
    edge = MARGIN * shot.unit + 2.0
    left, top = np.maximum(np.floor(pixels.min(axis=0) - edge), 0.0)
    right, bottom = np.minimum(np.ceil(pixels.max(axis=0) + edge), (lens.width, lens.height))
    return int(left), int(top), int(right), int(bottom)


def _bounds(landscape: Landscape) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """World corners, each of shape (3,), of a box that holds everything that is drawn."""
    points = [np.array([(-REACH, -REACH, FLOOR / HEIGHT), (REACH, REACH, 1.0)])]
    points += [path.segments.reshape(-1, 3) for path in landscape.paths]
    points += [np.array([path.arrow.tail, path.arrow.tip]) for path in landscape.paths if path.arrow]
    every = to_world(np.concatenate(points))
    return every.min(axis=0), every.max(axis=0)
