"""How the view is laid out: all runs in one picture, or a tile for each run, composed into one picture."""

from collections.abc import Callable

from PySide6.QtOpenGL import QOpenGLFramebufferObject

from gdviz.core.frozen import frozen
from gdviz.panes.landscape.landscape import Landscape
from gdviz.panes.landscape.multiples import grid_shape, has_multiples, multiples
from gdviz.panes.surface.geometry.render_state import TEXT_SIZE, RenderState, render_state
from gdviz.panes.surface.labels.layout import NOTES_SCALE
from gdviz.panes.surface.labels.run_legend import EDGE, LegendStyle, fitting_legend_image
from gdviz.panes.surface.opengl import gl
from gdviz.panes.surface.opengl.framebuffers import blit, bound_framebuffer, matching
from gdviz.panes.surface.opengl.item import Item, clear
from gdviz.plotting.strip import strip_height
from gdviz.presentation.legend import Legend
from gdviz.presentation.look import Look
from gdviz.presentation.palette import Palette, palette_of

TILE_SCALE = 0.87
"""The unit of a tile relative to the whole picture's: no text becomes smaller than 16 of the latter."""
MIN_TILE = (300.0, 170.0)
"""The minimum width and height of a tile in units; in a smaller tile the unit shrinks."""
MAX_ASPECT = 1.05
"""The largest ratio of a tile's height to its width."""
GAP = 6.0
"""The gap between two tiles, in units."""
LOSS_NAME = 1.3
"""The space below the notes for the name of the axis of the loss, in text heights."""
LEGEND_HEIGHT = 2.1
"""The space above the surface for one row of the legend, in text heights."""
HEADING_HEIGHT = 2.7
"""The space for a tile's heading and the notes below it, in its text heights."""


@frozen(eq=False)
class Tile:
    """A render state, with its left and top edges in the whole picture, in pixels."""

    state: RenderState
    left: int = 0
    top: int = 0


@frozen(eq=False)
class TileLayout:
    """A picture of ``width`` x ``height`` pixels; a single tile fills it, and without tiles it is empty."""

    tiles: tuple[Tile, ...]
    width: int
    height: int
    palette: Palette

    def tile_at(self, x: float, y: float) -> int:
        """Return the index of the tile that contains a pixel; 0 if none does."""
        for index, tile in enumerate(self.tiles):
            lens = tile.state.lens
            if 0 <= x - tile.left < lens.width and 0 <= y - tile.top < lens.height:
                return index
        return 0


def lay_out(
    landscape: Landscape, look: Look, legend: Legend, width: int, height: int, unit: float, samples: int = 0
) -> TileLayout:
    """Lay out a landscape in a picture of this size in pixels."""
    palette = palette_of(look)
    if not has_multiples(look, legend):
        style = LegendStyle(palette, NOTES_SCALE * TEXT_SIZE * unit)
        strip = strip_height(landscape.note_rows, style.font)
        above = strip + LOSS_NAME * TEXT_SIZE * unit if strip else 0.0
        if legend.entries:  # long texts need several rows
            image = fitting_legend_image(legend, style, width - 2 * EDGE * style.size, height)
            above = strip + max(LEGEND_HEIGHT * TEXT_SIZE * unit, image.height() + 3 * EDGE * style.size)
        state = render_state(landscape, look, legend, width, height, unit, samples, above)
        return TileLayout((Tile(state),), width, height, palette)
    runs, gap = multiples(landscape, legend), round(GAP * unit)
    across, down = grid_shape(len(runs), width, height)
    # All tiles have the same size, so that they share one lens and one cached surface.
    size = (width - gap * (across - 1)) // across, (height - gap * (down - 1)) // down
    # No taller than needed, so that the heading stays close to the surface.
    size = size[0], min(size[1], round(MAX_ASPECT * size[0]))
    above = (height - down * size[1] - gap * (down - 1)) // 2
    smaller = min(TILE_SCALE * unit, size[0] / MIN_TILE[0], size[1] / MIN_TILE[1])
    tiles = []
    for index, (own, name) in enumerate(runs):
        row, column = divmod(index, across)
        state = render_state(own, look, name, *size, smaller, samples, HEADING_HEIGHT * TEXT_SIZE * smaller)
        tiles.append(Tile(state, column * (size[0] + gap), above + row * (size[1] + gap)))
    return TileLayout(tuple(tiles), width, height, palette)


class TileCompositor(Item):
    """Draws each tile into a framebuffer of its own and copies it into the target.

    Qt makes both framebuffers, so that the copy is exact.
    """

    def __init__(self) -> None:
        super().__init__()
        self._buffer: QOpenGLFramebufferObject | None = None

    def compose(self, layout: TileLayout, draw: Callable[[RenderState], None]) -> None:
        """Draw the tiles into the bound framebuffer, and bind it again.

        InputError if OpenGL has no memory for another framebuffer.
        """
        target = bound_framebuffer()
        clear(layout.palette)
        for tile in layout.tiles:
            width, height = tile.state.lens.width, tile.state.lens.height
            buffer = self._buffer = matching(self._buffer, width, height)
            buffer.bind()
            gl.glViewport(0, 0, width, height)
            draw(tile.state)
            bottom = layout.height - tile.top - height
            place = (tile.left, bottom, tile.left + width, bottom + height)
            blit(buffer.handle(), target, (0, 0, width, height), place)
        gl.glBindFramebuffer(gl.GL_FRAMEBUFFER, target)
        gl.glViewport(0, 0, layout.width, layout.height)

    def release_pictures(self) -> None:
        """Free the framebuffer."""
        self._buffer = None

    def release(self) -> None:
        """Free the framebuffer too."""
        self.release_pictures()
        super().release()
