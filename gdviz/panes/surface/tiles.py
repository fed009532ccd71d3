"""What one painting of the view shows: all runs in one picture, or a tile for each, and how these are joined."""

from collections.abc import Callable
from dataclasses import dataclass

from OpenGL import GL
from PySide6.QtOpenGL import QOpenGLFramebufferObject

from gdviz.panes.landscape.landscape import Landscape
from gdviz.panes.landscape.multiples import grid_shape, has_multiples, multiples
from gdviz.panes.surface.geometry.render_state import TEXT_SIZE, RenderState, render_state
from gdviz.panes.surface.labels.layout import NOTES
from gdviz.panes.surface.labels.run_legend import EDGE, LegendStyle, fitting
from gdviz.panes.surface.opengl.framebuffers import blit, bound_framebuffer, bound_samples, matching
from gdviz.panes.surface.opengl.item import Item, clear
from gdviz.presentation.look import Look
from gdviz.presentation.palette import Palette, palette_of
from gdviz.presentation.run_names import Legend

SMALLER = 0.87
"""The unit of a tile, in units of the whole picture: no text becomes smaller than 16 of these."""
LEAST = (300.0, 170.0)
"""How many units wide and high a tile is at least; in a smaller one the unit shrinks."""
MOST_UPRIGHT = 1.05
"""The height of a tile in parts of its width, at most."""
GAP = 6.0
"""Units between two tiles."""
LEGEND = 2.1
"""The room above the surface in which the legend of several runs has a row, in sizes of the text."""
HEADING = 2.7
"""The room for the heading of a tile and the notes below it, in sizes of its text."""


@dataclass(frozen=True, eq=False)
class Tile:
    """What is drawn, and where its left and top edges are in the whole picture, in pixels."""

    state: RenderState
    left: int = 0
    top: int = 0


@dataclass(frozen=True, eq=False)
class TileLayout:
    """A picture of ``width`` x ``height`` pixels; a tile that is alone fills all of it, without any it is empty."""

    tiles: tuple[Tile, ...]
    width: int
    height: int
    palette: Palette

    def tile_at(self, x: float, y: float) -> int:
        """The index of the tile that a pixel is in; 0 for one that is in none."""
        for index, tile in enumerate(self.tiles):
            lens = tile.state.lens
            if 0 <= x - tile.left < lens.width and 0 <= y - tile.top < lens.height:
                return index
        return 0


def lay_out(landscape: Landscape, look: Look, legend: Legend, width: int, height: int, unit: float) -> TileLayout:
    """How a landscape is shown in a picture of this size in pixels."""
    palette = palette_of(look)
    if not has_multiples(look, legend):
        above = 0.0
        if legend.entries:  # which needs several rows where its texts are long
            style = LegendStyle(palette, NOTES * TEXT_SIZE * unit)
            image = fitting(legend, style, width - 2 * EDGE * style.size, height)
            above = max(LEGEND * TEXT_SIZE * unit, image.height() + 3 * EDGE * style.size)
        state = render_state(landscape, look, legend, width, height, unit, above)
        return TileLayout((Tile(state),), width, height, palette)
    runs, gap = multiples(landscape, legend), round(GAP * unit)
    across, down = grid_shape(len(runs), width, height)
    # All of the same size, so that they share one lens and one picture of the surface.
    size = (width - gap * (across - 1)) // across, (height - gap * (down - 1)) // down
    # No higher than a picture needs, so that its heading stands close to it.
    size = size[0], min(size[1], round(MOST_UPRIGHT * size[0]))
    above = (height - down * size[1] - gap * (down - 1)) // 2
    smaller = min(SMALLER * unit, size[0] / LEAST[0], size[1] / LEAST[1])
    tiles = []
    for index, (own, name) in enumerate(runs):
        row, column = divmod(index, across)
        state = render_state(own, look, name, *size, smaller, HEADING * TEXT_SIZE * smaller)
        tiles.append(Tile(state, column * (size[0] + gap), above + row * (size[1] + gap)))
    return TileLayout(tuple(tiles), width, height, palette)


class TileCompositor(Item):
    """Draws one tile after the other into a framebuffer of its own, as if it were the only one, and copies each.

    The framebuffer has as many samples as the target, and Qt makes both, so that the copy is exact.
    """

    def __init__(self) -> None:
        super().__init__()
        self._buffer: QOpenGLFramebufferObject | None = None

    def compose(self, layout: TileLayout, draw: Callable[[RenderState], None]) -> None:
        """Fill the framebuffer that is bound with the tiles, and bind it again.

        InputError where OpenGL has no room for one more framebuffer.
        """
        target, samples = bound_framebuffer(), bound_samples()
        clear(layout.palette)
        for tile in layout.tiles:
            width, height = tile.state.lens.width, tile.state.lens.height
            buffer = self._buffer = matching(self._buffer, width, height, samples)
            buffer.bind()
            GL.glViewport(0, 0, width, height)
            draw(tile.state)
            bottom = layout.height - tile.top - height
            place = (tile.left, bottom, tile.left + width, bottom + height)
            blit(buffer.handle(), target, (0, 0, width, height), place)
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, target)
        GL.glViewport(0, 0, layout.width, layout.height)

    def release(self) -> None:
        """Free the framebuffer."""
        self._buffer = None
        super().release()
