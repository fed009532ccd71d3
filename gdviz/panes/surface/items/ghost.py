"""The ghosts: the next steps of a run as dotted lines with small rings, thinner than the path and beneath it."""

import numpy as np
from numpy.typing import NDArray
from OpenGL import GL

from gdviz.panes.landscape.ghost import marked_steps
from gdviz.panes.landscape.landscape import RunPath
from gdviz.panes.surface.geometry.camera import Lens, to_world
from gdviz.panes.surface.geometry.shot import Shot, rgba
from gdviz.panes.surface.opengl.lines import Lines, LineShader, Pen

WIDTH, DOT, GAP = 2.4, 2.8, 4.4
"""Of the line, of a dot along it and of the space between two, in units."""
HALO = 1.2
"""Units by which the ground under the line is wider than it on each side; what is below shines through."""
GROUND, BEHIND = 0.55, 0.35
"""Opacity of that ground, and of the dots where the surface hides them."""
RING, RIM = 3.7, 1.5
"""Radius of the ring at a step, and the width of its rim, in units."""
LEAST = 9.0
"""Units between two steps from which on they are marked."""


class GhostLines:
    """The ghost of one run on the graphics card."""

    def __init__(self) -> None:
        """Make empty buffers."""
        self._steps, self._rings = Lines(), Lines()
        self._shown: tuple[NDArray[np.float32], Lens, float] | None = None

    def show(self, shot: Shot, path: RunPath) -> None:
        """Upload the steps and the places of the rings, unless they are those that were uploaded last."""
        ghost, shown = path.ghost, self._shown
        if shown is not None and shown[0] is ghost and shown[1] is shot.lens and shown[2] == shot.unit:
            return
        self._shown = ghost, shot.lens, shot.unit
        self._steps.show(ghost)
        ends = ghost[marked_steps(ghost, shot.lens.project(to_world(ghost)), LEAST * shot.unit), 1]
        # A line without length is drawn as a disc.
        self._rings.show(np.stack([ends, ends], axis=1))

    def draw(self, shader: LineShader, shot: Shot, style: int, number: int) -> None:
        """Draw what is hidden by the surface faintly, then what is before it; ``number`` as in `draw_once`."""
        unit, palette = shot.unit, shot.palette
        colour, ground = palette.runs[style], palette.background
        width, dash = WIDTH * unit, (DOT * unit, GAP * unit)
        GL.glDepthFunc(GL.GL_GREATER)
        shader.draw(self._steps, shot, Pen(width, rgba(colour, BEHIND), dash))
        GL.glDepthFunc(GL.GL_LEQUAL)
        around = Pen(width + 2.0 * HALO * unit, rgba(ground, GROUND))
        shader.draw_once(self._steps, shot, around, number)
        shader.draw(self._steps, shot, Pen(width, rgba(colour), dash))
        for radius, paint in ((RING + HALO, rgba(ground, GROUND)), (RING, rgba(colour)), (RING - RIM, rgba(ground))):
            shader.draw(self._rings, shot, Pen(2.0 * radius * unit, paint))

    def release(self) -> None:
        """Free the buffers."""
        self._steps.release()
        self._rings.release()
