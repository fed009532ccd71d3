"""The scenery around the path: the surface and the lines of the box, redrawn if surface, camera or look change."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gdviz.panes.landscape.landscape import Surface
from gdviz.panes.surface.geometry import axes
from gdviz.panes.surface.geometry.camera import FLOOR, HEIGHT, Lens, to_world
from gdviz.panes.surface.geometry.mesh import polyline
from gdviz.panes.surface.geometry.render_state import RenderState, blend, rgba
from gdviz.panes.surface.items.surface import SurfaceItem
from gdviz.panes.surface.opengl.framebuffers import FramebufferCache, Multisampled
from gdviz.panes.surface.opengl.item import Item, clear, reset_gl_state
from gdviz.panes.surface.opengl.lines import LIFT, Lines, LineShader, Pen
from gdviz.plotting.style import STAR_COLOURS

HIDDEN_OPACITY = 0.4
"""Opacity of a line of minima behind the surface."""
MIN_OUTLINE = 8.0
"""Units: a first box that appears smaller than this is marked with a square of this size."""


class SceneryItem(Item):
    """Draws the empty pane with the surface and the box, from a cache if nothing has changed.

    During a run only the path changes, and the surface is the most expensive layer. When the view grows, the lines of
    the box change, but the surface of a quadratic looks the same in every box.
    """

    def __init__(self) -> None:
        super().__init__()
        self._surface, self._box = SurfaceItem(), BoxItem()

    def initialize(self) -> None:
        """Make the parts' objects, and the caches of the surface alone and of everything."""
        for part in (self._surface, self._box):
            self.own(part).initialize()
        self._bare, self._whole = self.own(FramebufferCache()), self.own(FramebufferCache())
        self._smooth = self.own(Multisampled())

    def draw(self, state: RenderState) -> None:
        """Fill the whole framebuffer."""
        surface, outline = state.landscape.surface, state.landscape.first_box
        look, lens = state.look, state.lens
        # A legend above the surface moves it without changing the picture's size.
        place = (look.camera, lens.width, lens.height, lens.focal, lens.centre)
        seen = (*place, look.theme, look.transparent, state.unit, state.samples)
        # The surface is compared by identity; the key keeps it alive, so that its id is not reused.
        lines = None if outline is None else outline.tobytes(), state.landscape.minimum_line.tobytes()
        whole_key = (surface, *lines, *seen)
        if self._whole.restore(whole_key):
            return
        # Surfaces with the same heights and slopes look the same.
        bare_key = (surface.heights.tobytes(), surface.slopes.tobytes(), *seen)
        if not self._bare.restore(bare_key):
            self._draw_surface(state)
            self._bare.store(bare_key, lens.width, lens.height)
        reset_gl_state()
        self._box.draw(state)
        self._whole.store(whole_key, lens.width, lens.height)

    def release_pictures(self) -> None:
        """Free the caches and the samples."""
        for buffer in (self._bare, self._whole, self._smooth):
            buffer.release()

    def _draw_surface(self, state: RenderState) -> None:
        """Draw the empty pane and the surface, whose edges need several samples: lines and markers soften their own."""

        def draw() -> None:
            clear(state.palette)
            reset_gl_state()
            self._surface.draw(state)

        draw()  # also with samples, for the depth in the middle of each pixel
        if state.samples:
            self._smooth.draw(state.lens.width, state.lens.height, state.samples, draw)


class BoxItem(Item):
    """Draws the lines around the surface and on it: rim, frame, axes with ticks, the first box, a line of minima."""

    def initialize(self) -> None:
        """Make the shader and empty buffers."""
        self._shader = LineShader(self)
        self._rim, self._frame, self._axes, self._first, self._minima = (Lines(self) for _ in range(5))
        self._outline: NDArray[np.float32] | None = None
        self._shown_line: NDArray[np.float32] | None = None

    def draw(self, state: RenderState) -> None:
        """Draw the lines, hidden behind the surface."""
        unit, palette, landscape = state.unit, state.palette, state.landscape
        self._rim.show(_rim(landscape.surface))
        self._frame.show(_frame(state.lens))
        self._axes.show(_axes(state.lens, landscape.surface))
        self._shader.draw(self._frame, state, Pen(1.1 * unit, blend(palette.pane, palette.quiet, 0.5), butt=True))
        if palette.see_through:  # what is behind the picture may have the colour of the axes
            self._shader.draw(self._axes, state, Pen(4.4 * unit, rgba(palette.pane)))
        self._shader.draw(self._axes, state, Pen(1.7 * unit, rgba(palette.text), butt=True))
        self._shader.draw(self._rim, state, Pen(1.5 * unit, (0.02, 0.03, 0.06, 0.7), butt=True, lift=3.0 * LIFT))
        if landscape.first_box is not None and not first_box_is_small(state):
            self._draw_first_box(state, landscape.first_box)
        if len(landscape.minimum_line):
            self._draw_minimum_line(state, landscape.minimum_line)

    def _draw_minimum_line(self, state: RenderState, line: NDArray[np.float32]) -> None:
        """Draw it in the colours of the star that marks a minimum, faintly behind the surface."""
        if line is not self._shown_line:
            self._shown_line = line
            self._minima.show(line[None])
        unit, (fill, edge) = state.unit, STAR_COLOURS
        for opacity in (HIDDEN_OPACITY, 1.0):
            for width, colour in ((5.4, edge), (2.4, fill)):
                pen = Pen(width * unit, rgba(colour, opacity), behind=opacity < 1.0)
                self._shader.draw(self._minima, state, pen)

    def _draw_first_box(self, state: RenderState, outline: NDArray[np.float32]) -> None:
        if outline is not self._outline:
            self._outline = outline
            self._first.show(polyline(outline))
        unit, palette = state.unit, state.palette
        width, dash = 2.2 * unit, (7.0 * unit, 5.0 * unit)
        self._shader.draw(self._first, state, Pen(5.0 * unit, rgba(palette.background)))
        self._shader.draw(self._first, state, Pen(width, rgba(palette.text), dash))
        self._shader.draw(self._first, state, Pen(width, rgba(palette.text, 0.3), dash, butt=True, behind=True))


@lru_cache(maxsize=8)
def first_box_is_small(state: RenderState) -> bool:
    """Return whether the first box appears so small that a marker replaces its outline."""
    outline = state.landscape.first_box
    if outline is None:
        return False
    pixels = state.lens.project(to_world(outline))
    return float((pixels.max(axis=0) - pixels.min(axis=0)).max()) < MIN_OUTLINE * state.unit


@lru_cache(maxsize=8)
def _rim(surface: Surface) -> NDArray[np.float32]:
    """Return the segments, shape (m, 2, 3), of the four edges of the surface."""
    heights = surface.heights
    along = np.linspace(-1.0, 1.0, len(heights))
    edges = []
    for row, side in ((0, np.full_like(along, -1.0)), (-1, np.full_like(along, 1.0))):
        edges += [(side, along, heights[row]), (along, side, heights[:, row])]
    return np.concatenate([polyline(np.column_stack(edge)) for edge in edges])


@lru_cache(maxsize=8)
def _frame(lens: Lens) -> NDArray[np.float32]:
    """Return segments in unit-box coordinates around the floor, up the silhouette, and along the top at the back."""
    left, back, right = axes.silhouette(lens)
    floor = np.column_stack([axes.CORNERS, np.full(4, FLOOR / HEIGHT)])
    top = np.column_stack([axes.CORNERS, np.ones(4)])
    edges = [(floor[i], floor[(i + 1) % 4]) for i in range(4)]
    edges += [(floor[i], top[i]) for i in sorted({left, back, right})]
    edges += [(top[i], top[back]) for i in (left, right) if i != back]
    return np.array(edges, dtype=np.float32)


@lru_cache(maxsize=8)
def _axes(lens: Lens, surface: Surface) -> NDArray[np.float32]:
    """Return the axes and their tick marks as segments in unit-box coordinates."""
    segments = []
    for placed in axes.place(lens, surface):
        segments += [placed.line, *np.stack([placed.places, placed.ends], axis=1)]
    return (np.array(segments) / (1.0, 1.0, HEIGHT)).astype(np.float32)
