"""The arrows of the live run's next step on the surface: gradient, what the rule makes of it, and the move."""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gdviz.core.frozen import frozen
from gdviz.panes.landscape.directions import STEP_TONE, Direction
from gdviz.panes.surface.geometry.camera import to_world
from gdviz.panes.surface.geometry.mesh import polyline
from gdviz.panes.surface.geometry.render_state import RenderState, rgba
from gdviz.panes.surface.opengl.item import Item
from gdviz.panes.surface.opengl.lines import LIFT, Lines, LineShader, Pen
from gdviz.presentation.palette import INSIDE_DASHES

WIDTHS, STEP_WIDTH = (8.0, 5.2, 6.0, 7.0), 2.8
"""Line widths by tone and of the step, in units: what is drawn later is narrower, so that all are seen if in line."""
EDGE = 1.3
"""Units by which the halo is wider than the line on each side."""
HIDDEN_OPACITY = 0.4
"""Opacity behind the surface."""
HEAD, LEAST_HEAD, HEAD_PER_WIDTH, HEAD_PART = 10.0, 3.6, 0.8, 0.45
"""Radius of the largest arrowhead in units, that of a line without width and its growth, and at most as a part of its
arrow."""


@frozen(eq=False)
class PlacedDirection:
    """An arrow as it is drawn. shaft: float32, shape (k, 3), in unit-box coordinates, up to the centre of its head.

    radius: of the head, in pixels. angle: of the head, in radians, from right towards down.
    """

    shaft: NDArray[np.float32]
    radius: float
    angle: float


class InsideItem(Item):
    """Draws the lines of `Landscape.inside`; the heads are markers."""

    def initialize(self) -> None:
        """Make the shader; buffers are made as arrows arrive."""
        self._shader = LineShader(self)
        self._lines: list[Lines] = []

    def draw(self, state: RenderState) -> None:
        """Draw the arrows that have begun to grow, faintly behind the surface."""
        inside, unit, edge = state.landscape.inside, state.unit, rgba(state.palette.background)
        shown = inside.shown if inside is not None else ()
        self._lines += [Lines(self) for _ in shown[len(self._lines) :]]
        drawn = [(direction, lines) for direction, lines in zip(shown, self._lines, strict=False)]
        for direction, lines in drawn:  # all halos first, so that of two arrows in line both are seen
            lines.show(polyline(place_direction(state, direction).shaft))
            width, _ = pattern(direction)
            self._shader.draw(lines, state, Pen((width + 2.0 * EDGE) * unit, edge, lift=2.0 * LIFT))
        for direction, lines in drawn:
            width, dash = pattern(direction)
            colour, dashes = colour_of(state, direction), tuple(part * width * unit for part in dash)
            hidden = Pen(width * unit, rgba(colour, HIDDEN_OPACITY), dashes, lift=2.0 * LIFT, behind=True)
            self._shader.draw(lines, state, hidden)
            self._shader.draw(lines, state, Pen(width * unit, rgba(colour), dashes, lift=2.0 * LIFT))


def pattern(direction: Direction) -> tuple[float, tuple[float, ...]]:
    """The width of an arrow's line in units, and its dashes in line widths."""
    if direction.tone == STEP_TONE:
        return STEP_WIDTH, ()
    return WIDTHS[direction.tone], INSIDE_DASHES[direction.tone]


def colour_of(state: RenderState, direction: Direction) -> str:
    """The colour of an arrow: that of the run for the step."""
    inside = state.landscape.inside
    if direction.tone == STEP_TONE and inside is not None:
        return state.palette.runs[inside.style]
    return state.palette.inside[direction.tone]


@lru_cache(maxsize=16)
def place_direction(state: RenderState, direction: Direction) -> PlacedDirection:
    """Shorten an arrow's line, so that the head ends where the arrow does."""
    drawn = direction.drawn
    pixels = state.lens.project(to_world(drawn))
    away = np.hypot(*(pixels[-1] - pixels).T)
    radius = min((LEAST_HEAD + HEAD_PER_WIDTH * pattern(direction)[0]) * state.unit, HEAD_PART * float(away[0]))
    last = int(np.flatnonzero(away >= radius)[-1]) if away[0] > 0.0 else 0
    begin, end = drawn[last], drawn[min(last + 1, len(drawn) - 1)]
    over = away[last] - away[min(last + 1, len(drawn) - 1)]
    centre = begin + np.float32((away[last] - radius) / over if over > 0.0 else 0.0) * (end - begin)
    x, y = (pixels[-1] - pixels[last]).tolist()
    return PlacedDirection(np.concatenate([drawn[: last + 1], centre[None]]), radius, math.atan2(y, x))
