"""The lines around the surface: its rim, the frame of the box, the axes with their ticks, and the first box."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from OpenGL import GL

from gdviz.panes.landscape.landscape import Landscape, Surface
from gdviz.panes.surface.geometry import axes
from gdviz.panes.surface.geometry.camera import FLOOR, HEIGHT, Lens
from gdviz.panes.surface.geometry.mesh import polyline
from gdviz.panes.surface.geometry.shot import Shot, blend, rgba
from gdviz.panes.surface.opengl.item import Item
from gdviz.panes.surface.opengl.lines import LIFT, Lines, LineShader, Pen

SMALLEST = 8.0
"""Units: a first box that appears smaller than this is marked by a square of this size."""


class BoxItem(Item):
    """Draws the lines that belong to the box; they depend on the surface and the camera."""

    def initializeGL(self) -> None:
        """Make the shader and empty buffers."""
        self._shader: LineShader = self.own(LineShader())
        self._rim: Lines = self.own(Lines())
        self._frame: Lines = self.own(Lines())
        self._axes: Lines = self.own(Lines())
        self._first: Lines = self.own(Lines())
        self._surface: Surface | None = None
        self._outline: NDArray[np.float32] | None = None

    def draw(self, shot: Shot) -> None:
        """Draw the lines, hidden by the surface where it stands before them."""
        self._upload(shot.landscape)
        self._frame.show(_frame(shot.lens))
        self._axes.show(_axes(shot.lens, shot.landscape.surface))
        unit, palette = shot.unit, shot.palette
        self._shader.draw(self._frame, shot, Pen(1.1 * unit, blend(palette.pane, palette.quiet, 0.5), butt=True))
        if palette.see_through:
            self._edge_axes(shot)
        self._shader.draw(self._axes, shot, Pen(1.7 * unit, rgba(palette.text), butt=True))
        self._shader.draw(self._rim, shot, Pen(1.5 * unit, (0.02, 0.03, 0.06, 0.7), butt=True, lift=3.0 * LIFT))
        if shot.landscape.first_box is not None and not first_box_is_small(shot):
            self._draw_first_box(shot)

    def _upload(self, landscape: Landscape) -> None:
        if landscape.surface is not self._surface:
            self._surface = landscape.surface
            self._rim.show(_rim(landscape.surface))
        if landscape.first_box is not None and landscape.first_box is not self._outline:
            self._outline = landscape.first_box
            self._first.show(polyline(landscape.first_box))

    def _edge_axes(self, shot: Shot) -> None:
        """Set the axes off, since what is behind the picture may have their colour."""
        self._shader.draw(self._axes, shot, Pen(4.4 * shot.unit, rgba(shot.palette.pane)))

    def _draw_first_box(self, shot: Shot) -> None:
        unit, palette = shot.unit, shot.palette
        dash = (7.0 * unit, 5.0 * unit)
        colour = rgba(palette.text)
        self._shader.draw(self._first, shot, Pen(5.0 * unit, rgba(palette.background)))
        self._shader.draw(self._first, shot, Pen(2.2 * unit, colour, dash))
        GL.glDepthFunc(GL.GL_GREATER)
        self._shader.draw(self._first, shot, Pen(2.2 * unit, (*colour[:3], 0.3), dash, butt=True))
        GL.glDepthFunc(GL.GL_LEQUAL)


@lru_cache(maxsize=8)
def first_box_is_small(shot: Shot) -> bool:
    """Whether the outline of the first box appears so small that a marker has to stand for it."""
    outline = shot.landscape.first_box
    if outline is None:
        return False
    pixels = shot.lens.project(np.asarray(outline, dtype=np.float64) * (1.0, 1.0, HEIGHT))
    return float((pixels.max(axis=0) - pixels.min(axis=0)).max()) < SMALLEST * shot.unit


def _rim(surface: Surface) -> NDArray[np.float32]:
    """The segments, shape (m, 2, 3), of the four edges of the surface."""
    heights = surface.heights
    along = np.linspace(-1.0, 1.0, len(heights))
    edges = [
        np.column_stack(columns)
        for side, values in ((-1.0, (heights[0], heights[:, 0])), (1.0, (heights[-1], heights[:, -1])))
        for columns in ((np.full_like(along, side), along, values[0]), (along, np.full_like(along, side), values[1]))
    ]
    return np.concatenate([polyline(edge) for edge in edges])


@lru_cache(maxsize=8)
def _frame(lens: Lens) -> NDArray[np.float32]:
    """Thin lines in unit-box coordinates: around the floor, up at the silhouette, and along the top at the back."""
    left, back, right = axes.silhouette(lens)
    floor = np.column_stack([axes.CORNERS, np.full(4, FLOOR / HEIGHT)])
    top = np.column_stack([axes.CORNERS, np.ones(4)])
    edges = [(floor[i], floor[(i + 1) % 4]) for i in range(4)]
    edges += [(floor[i], top[i]) for i in sorted({left, back, right})]
    edges += [(top[i], top[back]) for i in (left, right) if i != back]
    return np.array(edges, dtype=np.float32)


@lru_cache(maxsize=8)
def _axes(lens: Lens, surface: Surface) -> NDArray[np.float32]:
    """The axes and their tick marks in unit-box coordinates."""
    segments = []
    for placed in axes.place(lens, surface):
        segments += [placed.line, *np.stack([placed.places, placed.ends], axis=1)]
    return (np.array(segments) / (1.0, 1.0, HEIGHT)).astype(np.float32)
