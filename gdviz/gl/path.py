"""The descent paths: on the surface, faintly behind it, as a shadow on the floor, out of the box, and their ghosts."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from OpenGL import GL

from gdviz.gl import arrows
from gdviz.gl.ghost import GhostLines
from gdviz.gl.item import Item
from gdviz.gl.lines import Lines, LineShader, Pen
from gdviz.gl.shot import LINE_WIDTH, Shot, blend, rgba
from gdviz.gl.space import FLOOR
from gdviz.model.landscape import RunPath
from gdviz.model.palette import DASHES

HALO = 1.5
"""Units by which the halo is wider than the path on each side."""
BEHIND = 0.3
"""Opacity of what is hidden by the surface."""


@dataclass(frozen=True)
class _Drawn:
    """A path's steps, the arrow's shaft, and the part of it that is inside of the box."""

    steps: Lines
    shaft: Lines
    entry: Lines

    def show(self, shot: Shot, path: RunPath) -> None:
        self.steps.show_path(path.segments, shot, dashed=bool(DASHES[path.style]))
        if path.arrow:
            self.shaft.show(arrows.place(shot, path.arrow).shaft)
            self.entry.show(np.array([[path.arrow.tail, path.arrow.wall]], dtype=np.float32))

    def all(self, path: RunPath) -> Iterator[Lines]:
        yield self.steps
        if path.arrow:
            yield self.shaft

    def inside(self, path: RunPath) -> Iterator[Lines]:
        yield self.steps
        if path.arrow:
            yield self.entry


class PathItem(Item):
    """Draws the segments and the arrows of `Landscape.paths`; the first path is drawn last, on top."""

    def initializeGL(self) -> None:
        """Make the shader; buffers are made for as many paths as come."""
        self._shader: LineShader = self.own(LineShader())
        self._lines: list[_Drawn] = []
        self._ghosts: list[GhostLines] = []

    def draw(self, shot: Shot) -> None:
        """Draw all paths: shadows first, then the ghosts, then what is behind the surface, then what is before it."""
        paths = shot.landscape.paths
        while len(self._lines) < len(paths):
            self._lines.append(_Drawn(self.own(Lines()), self.own(Lines()), self.own(Lines())))
            self._ghosts.append(self.own(GhostLines()))
        drawn = list(zip(paths, self._lines, strict=False))
        for path, lines in drawn:
            lines.show(shot, path)
        drawn.reverse()
        number = itertools.count(1)
        for path, lines in drawn:
            for part in lines.inside(path):
                self._draw_shadow(shot, path.style, part, next(number))
        for path, ghost in reversed(list(zip(paths, self._ghosts, strict=False))):
            ghost.show(shot, path)
            ghost.draw(self._shader, shot, path.style, next(number))
        for path, lines in drawn:
            for part in lines.all(path):
                self._draw_behind(shot, path.style, part, next(number))
        for path, lines in drawn:
            for part in lines.all(path):
                self._draw_before(shot, path.style, part)

    def _draw_shadow(self, shot: Shot, style: int, lines: Lines, number: int) -> None:
        colour = blend(shot.palette.runs[style], "#000000", 0.35)
        width = 0.7 * LINE_WIDTH * shot.unit
        pen = Pen(width, (*colour[:3], 0.5), _dash(style, LINE_WIDTH * shot.unit), floor=FLOOR)
        self._shader.draw_once(lines, shot, pen, number)

    def _draw_behind(self, shot: Shot, style: int, lines: Lines, number: int) -> None:
        width = LINE_WIDTH * shot.unit
        GL.glDepthFunc(GL.GL_GREATER)
        pen = Pen(width, rgba(shot.palette.runs[style], BEHIND), _dash(style, width))
        self._shader.draw_once(lines, shot, pen, number)
        GL.glDepthFunc(GL.GL_LEQUAL)

    def _draw_before(self, shot: Shot, style: int, lines: Lines) -> None:
        width, dash = LINE_WIDTH * shot.unit, _dash(style, LINE_WIDTH * shot.unit)
        halo = HALO * shot.unit
        around = Pen(width + 2.0 * halo, rgba(shot.palette.background), dash, grow=halo)
        self._shader.draw(lines, shot, around)
        self._shader.draw(lines, shot, Pen(width, rgba(shot.palette.runs[style]), dash))


def _dash(style: int, width: float) -> tuple[float, ...]:
    return tuple(length * width for length in DASHES[style])
