"""The highlight on the surface while the mouse is over a row of the tape: an axis and a line, or a height."""

import numpy as np
from numpy.typing import NDArray

from gdviz.panes.landscape.landscape import Light
from gdviz.panes.surface.geometry import axes
from gdviz.panes.surface.geometry.camera import FLOOR, HEIGHT
from gdviz.panes.surface.geometry.mesh import polyline
from gdviz.panes.surface.geometry.render_state import RenderState, rgba
from gdviz.panes.surface.opengl.item import Item
from gdviz.panes.surface.opengl.lines import LIFT, Lines, LineShader, Pen
from gdviz.presentation.highlight import Meaning

AXIS_WIDTH, HIGHLIGHT_WIDTH, EDGE_WIDTH = 5.0, 3.4, 1.6
"""The widths of a highlighted axis and line, and of the edge on each side, in units."""
HIDDEN_OPACITY = 0.55
"""Opacity behind the surface."""


class HighlightItem(Item):
    """Draws the lines of `Landscape.light`; the ring is one of the markers."""

    def initialize(self) -> None:
        """Make the shader and empty buffers."""
        self._shader, self._axis, self._line = LineShader(self), Lines(self), Lines(self)

    def draw(self, state: RenderState) -> None:
        """Draw the highlight, faintly behind the surface."""
        light = state.landscape.light
        if light is None:
            return
        self._axis.show(highlighted_axis(state, light))
        self._draw(state, self._axis, AXIS_WIDTH)
        self._line.show(highlighted_line(light))
        unit, dash = state.unit, (7.0 * state.unit, 6.0 * state.unit)
        faint = Pen(HIGHLIGHT_WIDTH * unit, rgba(state.palette.accent, HIDDEN_OPACITY), dash, butt=True, behind=True)
        self._shader.draw(self._line, state, faint)
        self._draw(state, self._line, HIGHLIGHT_WIDTH)

    def _draw(self, state: RenderState, lines: Lines, width: float) -> None:
        unit, palette = state.unit, state.palette
        for wide, colour in ((width + 2.0 * EDGE_WIDTH, palette.background), (width, palette.accent)):
            self._shader.draw(lines, state, Pen(wide * unit, rgba(colour), lift=2.0 * LIFT))


def highlighted_axis(state: RenderState, light: Light) -> NDArray[np.float32]:
    """Return the highlighted axis, shape (m, 2, 3), in unit-box coordinates; the loss axis only up to the place.

    Empty for the point itself, which concerns both parameters.
    """
    if light.axis < 0:
        return np.empty((0, 2, 3), np.float32)
    ends = axes.place(state.lens, state.landscape.surface)[light.axis].line / (1.0, 1.0, HEIGHT)
    if light.meaning is Meaning.LOSS and light.place is not None:
        ends[1, 2] = min(1.0, max(0.0, light.place[2]))
    return ends[None].astype(np.float32)


def highlighted_line(light: Light) -> NDArray[np.float32]:
    """Return the line on the surface, or from the floor up to the place, shape (m, 2, 3)."""
    if len(light.line):
        return polyline(light.line)
    if light.meaning is Meaning.LOSS and light.place is not None:
        x, y, z = light.place
        return np.array([[(x, y, FLOOR / HEIGHT), (x, y, z)]], dtype=np.float32)
    return np.empty((0, 2, 3), np.float32)
