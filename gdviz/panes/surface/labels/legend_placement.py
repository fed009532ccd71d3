"""Where the legend of several runs stands on the surface: in a corner where nothing else ever is, if there is one."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from gdviz.panes.landscape.landscape import Surface
from gdviz.panes.surface.geometry.camera import Lens
from gdviz.panes.surface.geometry.world import FLOOR, HEIGHT, Rect
from gdviz.panes.surface.labels.axis_labels import size, wishes
from gdviz.panes.surface.labels.placement import Board, Point
from gdviz.panes.surface.labels.run_legend import KeyStyle, fitting, forms
from gdviz.presentation.run_names import Legend

REACH = 1.05
"""Half the width of what is kept free around the box: lines and markers reach beyond it."""
EDGE = 0.25
"""Between the key and the edges of the pane, in sizes of its text."""
MOST_NOTES = (0.58, 0.38)
"""The parts of the pane's width and height, from the lower left corner on, that are left to the notes."""
SAMPLES = 15
"""So many points on each edge and each way over a face of the box; closer than any key is high."""


@lru_cache(maxsize=8)
def key_place(lens: Lens, surface: Surface, legend: Legend, unit: float, look: KeyStyle) -> tuple[QImage, Rect]:
    """The picture of the legend and where it goes: beside the box, its numbers and names, else above them.

    It depends neither on the paths nor on the notes, so that it stands still while these change.
    """
    board = Board(lens.width, lens.height)
    board.take((0, round((1.0 - MOST_NOTES[1]) * lens.height), round(MOST_NOTES[0] * lens.width), lens.height))
    board.ink(lens.project(_box_points()))
    for wish in wishes(lens, surface, unit, look.palette):
        board.ink(points_in(wish.middles[0], size(wish.image)))
    for image in forms(legend, look):
        rect = board.put_aside(size(image), _corners(lens, size(image), EDGE * look.size))
        if rect is not None:
            return image, rect
    image = fitting(legend, look, lens.width - 2 * EDGE * look.size, lens.height)
    right, top = round(lens.width - EDGE * look.size), round(EDGE * look.size)
    return image, (right - image.width(), top, right, top + image.height())


def _corners(lens: Lens, size: tuple[float, float], edge: float) -> list[Point]:
    """The middles of a key in the upper right, the upper left and the lower right corner."""
    across, down = size[0] / 2 + edge, size[1] / 2 + edge
    right, bottom = lens.width - across, lens.height - down
    return [(right, down), (across, down), (right, bottom)]


@lru_cache(maxsize=1)
def _box_points() -> NDArray[np.float64]:
    """World points all over the box and around it, shape (n, 3)."""
    side = np.linspace(-REACH, REACH, SAMPLES)
    flat = np.stack(np.meshgrid(side, side, indexing="ij"), axis=-1).reshape(-1, 2)
    heights = np.linspace(FLOOR, HEIGHT, SAMPLES)
    rim = flat[(np.abs(flat) == REACH).any(axis=1)]
    layers = [np.column_stack([rim, np.full(len(rim), height)]) for height in heights]
    ends = [np.column_stack([flat, np.full(len(flat), height)]) for height in (FLOOR, HEIGHT)]
    return np.concatenate([*layers, *ends])


def points_in(middle: Point, size: tuple[float, float]) -> NDArray[np.float64]:
    """Points all over a label, shape (n, 2)."""
    x, y = (centre + np.linspace(-0.5, 0.5, 9) * length for centre, length in zip(middle, size, strict=True))
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
