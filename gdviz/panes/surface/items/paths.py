"""The descent paths: on the surface, faintly behind it, as shadows on the floor, leaving the box, and their ghosts.

A ghost shows the next steps of a run: a dotted line with small rings, thinner than the path and beneath it.
"""

import itertools
import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gdviz.core.frozen import frozen
from gdviz.panes.landscape.ghost import marked_steps
from gdviz.panes.landscape.landscape import Arrow, RunPath
from gdviz.panes.surface.geometry.camera import FLOOR, Lens, to_world
from gdviz.panes.surface.geometry.render_state import LINE_WIDTH, RenderState, blend, rgba
from gdviz.panes.surface.opengl.item import Item
from gdviz.panes.surface.opengl.lines import Lines, LineShader, Pen
from gdviz.plotting.placement import part_inside
from gdviz.presentation.palette import DASHES

HALO = 1.5
"""Units by which the halo is wider than the path on each side."""
HIDDEN_OPACITY = 0.3
"""Opacity behind the surface."""
RECENT_STEPS = 4
"""How many of the last steps have full width, however long the path is."""
FULL_WIDTH_LENGTH, MIN_WIDTH_FACTOR = 12.0, 0.08
"""The length in world units (the box is 2 wide) up to which a path has full width, and the smallest fraction of it."""

GHOST_WIDTH, GHOST_DOT, GHOST_GAP = 2.4, 2.8, 4.4
"""The width of a ghost's line, and the lengths of its dots and gaps, in units."""
GHOST_HALO = 1.2
"""Units by which a ghost's translucent halo is wider than its line on each side."""
HALO_OPACITY, GHOST_HIDDEN_OPACITY = 0.55, 0.35
"""Opacity of that halo, and of the dots behind the surface."""
RING, RIM = 3.7, 1.5
"""Radius and rim width of the ring at a ghost's step, in units."""
MIN_RING_SPACING = 9.0
"""The minimum distance between steps to mark them with rings, in units."""

ARROW_HEAD, ARROW_EDGE = 11.0, 8.0
"""Units from an arrowhead's centre to its tip, and at least from its tip to the edge of the pane."""


@frozen(eq=False)
class PlacedArrow:
    """An arrow as it is drawn. shaft: unit-box segment, shape (1, 2, 3), up to the centre of the head.

    tip: the pixel of the tip. angle: of the head, in radians, from right towards down.
    """

    shaft: NDArray[np.float32]
    tip: tuple[float, float]
    angle: float


@lru_cache(maxsize=8)
def place_arrow(state: RenderState, arrow: Arrow) -> PlacedArrow:
    """Shorten an arrow until its tip is inside the pane."""
    ends = np.array([arrow.tail, arrow.tip], dtype=np.float64)
    world = to_world(ends)
    pixels = state.lens.project(world)
    edge = ARROW_EDGE * state.unit
    begin, end = pixels.tolist()
    part = part_inside(begin, end, (edge, edge), (state.size[0] - edge, state.size[1] - edge))
    run = pixels[1] - pixels[0]
    x, y = (pixels[0] + part * run).tolist()
    middle = max(part - ARROW_HEAD * state.unit / max(float(np.hypot(*run)), 1e-9), 0.0)
    # Perspective: the fraction of the way in space differs from that in the picture.
    near, far = state.lens.depths(world)
    in_space = middle * near / ((1.0 - middle) * far + middle * near)
    shaft = np.array([[ends[0], ends[0] + in_space * (ends[1] - ends[0])]], dtype=np.float32)
    return PlacedArrow(shaft, (x, y), math.atan2(run[1], run[0]))


class _PathLines:
    """A path's recent steps and, if it is long, older steps, its arrow's shaft, and the shaft's part inside the box."""

    def __init__(self, owner: Item) -> None:
        self.older, self.steps, self.shaft, self.entry = (Lines(owner) for _ in range(4))
        self.width_factor = 1.0
        self._segments: object = None
        self._parts: list[NDArray[np.float32]] = []

    def show(self, state: RenderState, path: RunPath) -> None:
        """Upload what has changed."""
        if self._segments is not path.segments:
            self._segments = path.segments
            self.width_factor = width_factor(path.segments)
            cut = max(0, len(path.segments) - RECENT_STEPS) if self.width_factor < 1.0 else 0
            self._parts = [path.segments[:cut], path.segments[cut:]]
        for lines, part in zip((self.older, self.steps), self._parts, strict=True):
            lines.show_path(part, state, dashed=bool(DASHES[path.style]))
        if path.arrow:
            self.shaft.show(place_arrow(state, path.arrow).shaft)
            self.entry.show(np.array([[path.arrow.tail, path.arrow.wall]], dtype=np.float32))

    def parts(self, path: RunPath, *, inside: bool = False) -> Iterator[tuple[Lines, float]]:
        """Yield all lines, or their parts inside the box, each with its fraction of the full width."""
        yield self.older, self.width_factor
        yield self.steps, 1.0
        if path.arrow:
            yield self.entry if inside else self.shaft, 1.0


class _GhostLines:
    """The lines of one run's ghost."""

    def __init__(self, owner: Item) -> None:
        self._steps, self._rings = Lines(owner), Lines(owner)
        self._shown: tuple[NDArray[np.float32], Lens, float] | None = None

    def show(self, state: RenderState, path: RunPath) -> None:
        """Upload the steps and the places of the rings, if they have changed."""
        ghost, shown = path.ghost, self._shown
        if shown is not None and shown[0] is ghost and shown[1] is state.lens and shown[2] == state.unit:
            return
        self._shown = ghost, state.lens, state.unit
        self._steps.show(ghost)
        ends = ghost[marked_steps(ghost, state.lens.project(to_world(ghost)), MIN_RING_SPACING * state.unit), 1]
        # A line without length is drawn as a disc.
        self._rings.show(np.stack([ends, ends], axis=1))

    def draw(self, shader: LineShader, state: RenderState, style: int, number: int) -> None:
        """Draw the ghost faintly behind the surface, then in front of it; ``number`` as in `draw_once`."""
        unit, palette = state.unit, state.palette
        colour, ground = palette.runs[style], palette.background
        width, dash = GHOST_WIDTH * unit, (GHOST_DOT * unit, GHOST_GAP * unit)
        shader.draw(self._steps, state, Pen(width, rgba(colour, GHOST_HIDDEN_OPACITY), dash, behind=True))
        around = Pen(width + 2.0 * GHOST_HALO * unit, rgba(ground, HALO_OPACITY))
        shader.draw_once(self._steps, state, around, number)
        shader.draw(self._steps, state, Pen(width, rgba(colour), dash))
        discs = (RING + GHOST_HALO, rgba(ground, HALO_OPACITY)), (RING, rgba(colour)), (RING - RIM, rgba(ground))
        for radius, paint in discs:
            shader.draw(self._rings, state, Pen(2.0 * radius * unit, paint))


def width_factor(segments: NDArray[np.float32]) -> float:
    """Return the fraction of the full width for all but the last steps of a path, segments of shape (m, 2, 3).

    Two hundred steps back and forth at full width would be a solid plate over what is beneath: the longer the path, the
    thinner its older part. All of it is drawn.
    """
    if len(segments) <= RECENT_STEPS:
        return 1.0
    length = float(np.linalg.norm(to_world(segments[:, 1] - segments[:, 0]), axis=1).sum())
    return max(MIN_WIDTH_FACTOR, min(1.0, FULL_WIDTH_LENGTH / max(length, FULL_WIDTH_LENGTH)))


class PathItem(Item):
    """Draws the segments and the arrows of `Landscape.paths`; the first path is drawn last, on top."""

    def initialize(self) -> None:
        """Make the shader; buffers are made as paths arrive."""
        self._shader = LineShader(self)
        self._lines: list[tuple[_PathLines, _GhostLines]] = []

    def draw(self, state: RenderState) -> None:
        """Draw all paths: shadows, ghosts, the parts behind the surface, then those in front of it."""
        paths = state.landscape.paths
        while len(self._lines) < len(paths):
            self._lines.append((_PathLines(self), _GhostLines(self)))
        drawn = [(path, *lines) for path, lines in zip(paths, self._lines, strict=False)][::-1]
        number = itertools.count(1)
        for path, lines, _ in drawn:
            lines.show(state, path)
            for part, width in lines.parts(path, inside=True):
                self._draw_shadow(state, path.style, part, width, next(number))
        for path, _, ghost in drawn:
            ghost.show(state, path)
            ghost.draw(self._shader, state, path.style, next(number))
        for path, lines, _ in drawn:
            for part, width in lines.parts(path):
                self._draw_hidden(state, path.style, part, width, next(number))
        for path, lines, _ in drawn:
            for part, width in lines.parts(path):
                self._draw_in_front(state, path.style, part, width)

    def _draw_shadow(self, state: RenderState, style: int, lines: Lines, part: float, number: int) -> None:
        colour, width = blend(state.palette.runs[style], "#000000", 0.35), LINE_WIDTH * state.unit
        pen = Pen(0.7 * part * width, (*colour[:3], 0.5), _dash(style, width), floor=FLOOR)
        self._shader.draw_once(lines, state, pen, number)

    def _draw_hidden(self, state: RenderState, style: int, lines: Lines, part: float, number: int) -> None:
        width = LINE_WIDTH * state.unit
        pen = Pen(part * width, rgba(state.palette.runs[style], HIDDEN_OPACITY), _dash(style, width), behind=True)
        self._shader.draw_once(lines, state, pen, number)

    def _draw_in_front(self, state: RenderState, style: int, lines: Lines, part: float) -> None:
        width, halo, dash = LINE_WIDTH * state.unit, HALO * state.unit, _dash(style, LINE_WIDTH * state.unit)
        if part == 1.0:
            around = Pen(width + 2.0 * halo, rgba(state.palette.background), dash, grow=halo)
            self._shader.draw(lines, state, around)
        self._shader.draw(lines, state, Pen(part * width, rgba(state.palette.runs[style]), dash))


def _dash(style: int, width: float) -> tuple[float, ...]:
    return tuple(length * width for length in DASHES[style])
