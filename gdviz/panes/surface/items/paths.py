"""The descent paths: on the surface, faintly behind it, as a shadow on the floor, out of the box, and their ghosts."""

import itertools
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from OpenGL import GL

from gdviz.panes.landscape.landscape import RunPath
from gdviz.panes.surface.geometry import arrows
from gdviz.panes.surface.geometry.camera import FLOOR, HEIGHT
from gdviz.panes.surface.geometry.shot import LINE_WIDTH, Shot, blend, rgba
from gdviz.panes.surface.items.ghost import GhostLines
from gdviz.panes.surface.opengl.item import Item
from gdviz.panes.surface.opengl.lines import Lines, LineShader, Pen
from gdviz.presentation.palette import DASHES

HALO = 1.5
"""Units by which the halo is wider than the path on each side."""
BEHIND = 0.3
"""Opacity of what is hidden by the surface."""
LAST = 4
"""So many steps have the usual width however long the path is."""
PLAIN, THINNEST = 12.0, 0.08
"""World lengths, of which the box is 2 wide, up to which all of a path has it; and the least part of it."""


class _Drawn:
    """A path's steps, of a crowded one the last and the older ones, the arrow's shaft, and its part inside the box."""

    def __init__(self, own: Callable[[Lines], Lines]) -> None:
        self.older, self.steps, self.shaft, self.entry = (own(Lines()) for _ in range(4))
        self.thinness = 1.0
        self._key: tuple[object, object] = (None, None)
        self._parts: list[NDArray[np.float32]] = []

    def show(self, shot: Shot, path: RunPath) -> None:
        """Upload what has changed."""
        if self._key[0] is not path.segments or self._key[1] is not shot.lens:
            self._key = (path.segments, shot.lens)
            self.thinness = thinness(path.segments)
            cut = max(0, len(path.segments) - LAST) if self.thinness < 1.0 else 0
            self._parts = [path.segments[:cut], path.segments[cut:]]
        for lines, part in zip((self.older, self.steps), self._parts, strict=True):
            lines.show_path(part, shot, dashed=bool(DASHES[path.style]))
        if path.arrow:
            self.shaft.show(arrows.place(shot, path.arrow).shaft)
            self.entry.show(np.array([[path.arrow.tail, path.arrow.wall]], dtype=np.float32))

    def all(self, path: RunPath) -> Iterator[tuple[Lines, float]]:
        """All lines, each with the part of the usual width that it has."""
        yield self.older, self.thinness
        yield self.steps, 1.0
        if path.arrow:
            yield self.shaft, 1.0

    def inside(self, path: RunPath) -> Iterator[tuple[Lines, float]]:
        """The same without what is outside of the box."""
        yield self.older, self.thinness
        yield self.steps, 1.0
        if path.arrow:
            yield self.entry, 1.0


def thinness(segments: NDArray[np.float32]) -> float:
    """The part of the usual width that all but the last steps of a path have, segments of shape (m, 2, 3).

    Two hundred steps to and fro, each as wide as the last, would be a solid plate over what is beneath: the longer the
    path is, the thinner its older part. All of it is drawn.
    """
    if len(segments) <= LAST:
        return 1.0
    length = float(np.linalg.norm((segments[:, 1] - segments[:, 0]) * (1.0, 1.0, HEIGHT), axis=1).sum())
    return max(THINNEST, min(1.0, PLAIN / max(length, PLAIN)))


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
            self._lines.append(_Drawn(self.own))
            self._ghosts.append(self.own(GhostLines()))
        drawn = list(zip(paths, self._lines, strict=False))
        for path, lines in drawn:
            lines.show(shot, path)
        drawn.reverse()
        number = itertools.count(1)
        for path, lines in drawn:
            for part, width in lines.inside(path):
                self._draw_shadow(shot, path.style, part, width, next(number))
        for path, ghost in reversed(list(zip(paths, self._ghosts, strict=False))):
            ghost.show(shot, path)
            ghost.draw(self._shader, shot, path.style, next(number))
        for path, lines in drawn:
            for part, width in lines.all(path):
                self._draw_behind(shot, path.style, part, width, next(number))
        for path, lines in drawn:
            for part, width in lines.all(path):
                self._draw_before(shot, path.style, part, width)

    def _draw_shadow(self, shot: Shot, style: int, lines: Lines, part: float, number: int) -> None:
        colour = blend(shot.palette.runs[style], "#000000", 0.35)
        width = 0.7 * part * LINE_WIDTH * shot.unit
        pen = Pen(width, (*colour[:3], 0.5), _dash(style, LINE_WIDTH * shot.unit), floor=FLOOR)
        self._shader.draw_once(lines, shot, pen, number)

    def _draw_behind(self, shot: Shot, style: int, lines: Lines, part: float, number: int) -> None:
        width = LINE_WIDTH * shot.unit
        GL.glDepthFunc(GL.GL_GREATER)
        pen = Pen(part * width, rgba(shot.palette.runs[style], BEHIND), _dash(style, width))
        self._shader.draw_once(lines, shot, pen, number)
        GL.glDepthFunc(GL.GL_LEQUAL)

    def _draw_before(self, shot: Shot, style: int, lines: Lines, part: float) -> None:
        width, dash = LINE_WIDTH * shot.unit, _dash(style, LINE_WIDTH * shot.unit)
        halo = HALO * shot.unit
        if part == 1.0:
            around = Pen(width + 2.0 * halo, rgba(shot.palette.background), dash, grow=halo)
            self._shader.draw(lines, shot, around)
        self._shader.draw(lines, shot, Pen(part * width, rgba(shot.palette.runs[style]), dash))


def _dash(style: int, width: float) -> tuple[float, ...]:
    return tuple(length * width for length in DASHES[style])
