"""The placement of the axes for a camera: on the floor edges nearest to the viewer, and at the left corner."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gdviz.core.frozen import frozen
from gdviz.panes.landscape.landscape import Axis, Surface, Tick
from gdviz.panes.surface.geometry.camera import FLOOR, HEIGHT, Lens

Array = NDArray[np.float64]

TICK_LENGTH = 0.05
"""Length of a tick mark in world units."""
CORNERS = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


@frozen(eq=False)
class PlacedAxis:
    """An axis in world coordinates. line: its ends, shape (2, 3). ticks, places: its ticks and their places, (k, 3).

    outward: the world direction of the tick marks. away: the direction in the picture towards the labels.
    """

    axis: Axis
    line: Array
    ticks: tuple[Tick, ...]
    places: Array
    outward: Array
    away: tuple[float, float]

    @property
    def ends(self) -> Array:
        """World ends of the tick marks, shape (k, 3)."""
        return self.places + TICK_LENGTH * self.outward


@lru_cache(maxsize=8)
def place(lens: Lens, surface: Surface) -> tuple[PlacedAxis, PlacedAxis, PlacedAxis]:
    """Place the axes of the first parameter, the second parameter and the loss."""
    first, second, loss = surface.axes
    return _on_floor(lens, first, 0), _on_floor(lens, second, 1), _upright(lens, loss)


def silhouette(lens: Lens) -> tuple[int, int, int]:
    """Return the indices of the `CORNERS` that appear leftmost, at the back, and rightmost."""
    across = lens.project(np.column_stack([CORNERS, np.full(4, FLOOR)]))[:, 0]
    depth = lens.depths(np.column_stack([CORNERS, np.zeros(4)]))
    return int(across.argmin()), int(depth.argmax()), int(across.argmax())


def _on_floor(lens: Lens, axis: Axis, along: int) -> PlacedAxis:
    """Place an axis on whichever of its two floor edges is nearer to the eye."""
    side = 1.0 if lens.eye[1 - along] >= 0.0 else -1.0
    outward = np.zeros(3)
    outward[1 - along] = side
    line = np.tile(outward, (2, 1))
    line[:, along] = (-1.0, 1.0)
    line[:, 2] = FLOOR
    ticks = tuple(tick for tick in axis.ticks if abs(tick.position) <= 1.0)
    places = np.tile(line[0], (len(ticks), 1))
    places[:, along] = [tick.position for tick in ticks]
    return PlacedAxis(axis, line, ticks, places, outward, _away_from_floor(lens, line))


def _upright(lens: Lens, axis: Axis) -> PlacedAxis:
    """Place the loss axis at the corner that appears leftmost."""
    corner = CORNERS[silhouette(lens)[0]]
    outward = np.array([*corner, 0.0]) / np.sqrt(2.0)
    line = np.array([[*corner, 0.0], [*corner, HEIGHT]])
    ticks = tuple(tick for tick in axis.ticks if 0.0 <= tick.position <= 1.0)
    places = np.array([[*corner, tick.position * HEIGHT] for tick in ticks]).reshape(-1, 3)
    return PlacedAxis(axis, line, ticks, places, outward, (-1.0, 0.0))


def _away_from_floor(lens: Lens, line: Array) -> tuple[float, float]:
    """Return the direction in the picture perpendicular to a line, away from the centre of the floor."""
    first, last = lens.project(line)
    normal = np.array([last[1] - first[1], first[0] - last[0]])
    normal /= max(float(np.hypot(*normal)), 1e-9)
    middle = lens.project(np.array([0.0, 0.0, FLOOR]))
    x, y = (normal if normal @ ((first + last) / 2.0 - middle) >= 0.0 else -normal).tolist()
    return x, y
