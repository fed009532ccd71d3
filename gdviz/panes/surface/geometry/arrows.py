"""Where the arrow of a step that leaves the box ends in the picture: at its tip, or earlier, to stay in the pane."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gdviz.panes.landscape.landscape import Arrow
from gdviz.panes.surface.geometry.camera import Lens, to_world
from gdviz.panes.surface.geometry.render_state import RenderState
from gdviz.plotting.placement import part_inside

HEAD = 11.0
"""Radius of the arrowhead in units: its tip is so far from its middle."""
EDGE = 8.0
"""Units between the pane's edge and the arrow's tip."""


@dataclass(frozen=True, eq=False)
class PlacedArrow:
    """An arrow as it is drawn. shaft: unit-box segment, shape (1, 2, 3), up to the middle of the head.

    tip: pixel of the head's tip. angle: of the head, in radians from right to down.
    """

    shaft: NDArray[np.float32]
    tip: tuple[float, float]
    angle: float


@lru_cache(maxsize=8)
def place(state: RenderState, arrow: Arrow) -> PlacedArrow:
    """Shorten the arrow until its tip is inside of the pane."""
    ends = np.array([arrow.tail, arrow.tip], dtype=np.float64)
    world = to_world(ends)
    pixels = state.lens.project(world)
    edge = EDGE * state.unit
    begin, end = pixels.tolist()
    part = part_inside(begin, end, (edge, edge), (state.size[0] - edge, state.size[1] - edge))
    tip = pixels[0] + part * (pixels[1] - pixels[0])
    run = pixels[1] - pixels[0]
    length = max(float(np.hypot(*run)), 1e-9)
    middle = max(part - HEAD * state.unit / length, 0.0)
    shaft_end = ends[0] + _in_space(state.lens, world, middle) * (ends[1] - ends[0])
    shaft = np.stack([ends[0], shaft_end])[None].astype(np.float32)
    return PlacedArrow(shaft, (float(tip[0]), float(tip[1])), math.atan2(run[1], run[0]))


def _in_space(lens: Lens, world: NDArray[np.float64], part: float) -> float:
    """Which part of a line in space appears at a part of its picture: what is farther away appears shorter."""
    near, far = lens.depths(world)
    return float(part * near / ((1.0 - part) * far + part * near))
