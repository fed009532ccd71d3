"""What one painting of the view shows: all runs in one picture, or a picture of each, and how these are joined."""

from collections.abc import Callable
from dataclasses import dataclass

from OpenGL import GL
from PySide6.QtCore import QSize
from PySide6.QtOpenGL import QOpenGLFramebufferObject

from gdviz.panes.landscape.landscape import Landscape
from gdviz.panes.landscape.multiples import grid_of, has_multiples, multiples
from gdviz.panes.surface.geometry.shot import TEXT_SIZE, Shot, take
from gdviz.panes.surface.labels.layout import NOTES
from gdviz.panes.surface.labels.run_legend import EDGE, KeyStyle, fitting
from gdviz.panes.surface.opengl.framebuffers import Attachment, framebuffer
from gdviz.panes.surface.opengl.item import Item, clear
from gdviz.presentation.look import Look
from gdviz.presentation.palette import Palette, palette_of
from gdviz.presentation.run_names import Legend

SMALLER = 0.87
"""The unit of one of several pictures in that of the sheet: with it no text is below 16 units."""
LEAST = (300.0, 170.0)
"""Units that one of several pictures has in width and height at least; in a smaller one the unit is smaller too."""
MOST_UPRIGHT = 1.05
"""The height of one of several pictures in its width, at most."""
GAP = 6.0
"""Units between two pictures."""
LEGEND = 2.1
"""The room above the surface in which the legend of several runs has a row, in sizes of the text."""
HEADING = 2.7
"""The room for the heading of a picture and the notes below it, in sizes of its text."""


@dataclass(frozen=True, eq=False)
class Tile:
    """A picture and where its left and top edges are on the sheet, in pixels."""

    shot: Shot
    left: int
    top: int

    def is_near(self, x: float, y: float) -> bool:
        """Whether a pixel of the sheet is in the picture."""
        return 0 <= x - self.left < self.shot.lens.width and 0 <= y - self.top < self.shot.lens.height


@dataclass(frozen=True, eq=False)
class Sheet:
    """Pictures, the whole of ``width`` x ``height`` pixels; one that is alone fills all of it."""

    tiles: tuple[Tile, ...]
    width: int
    height: int

    @property
    def palette(self) -> Palette:
        """The colours of all of them."""
        return self.tiles[0].shot.palette

    @property
    def is_single(self) -> bool:
        """Whether one picture is all there is."""
        return len(self.tiles) == 1

    def tile_at(self, x: float, y: float) -> int:
        """Which picture a pixel is in; the first, for one that is in none."""
        return next((index for index, tile in enumerate(self.tiles) if tile.is_near(x, y)), 0)


def lay_out(landscape: Landscape, look: Look, legend: Legend, width: int, height: int, unit: float) -> Sheet:
    """The sheet of so many pixels that shows a landscape."""
    if not has_multiples(look, legend):
        above = _room_for_legend(look, legend, width, height, unit) if legend.entries else 0.0
        return Sheet((Tile(take(landscape, look, legend, width, height, unit, above), 0, 0),), width, height)
    runs, gap = multiples(landscape, look, legend), round(GAP * unit)
    across, down = grid_of(len(runs), width, height)
    # All of the same size, so that they share one lens and one picture of the surface.
    size = (width - gap * (across - 1)) // across, (height - gap * (down - 1)) // down
    # No higher than a picture needs, so that its heading stands close to it.
    size = size[0], min(size[1], round(MOST_UPRIGHT * size[0]))
    above = (height - down * size[1] - gap * (down - 1)) // 2
    smaller = min(SMALLER * unit, size[0] / LEAST[0], size[1] / LEAST[1])
    tiles = []
    for index, (own, name) in enumerate(runs):
        row, column = divmod(index, across)
        shot = take(own, look, name, *size, smaller, HEADING * TEXT_SIZE * smaller)
        tiles.append(Tile(shot, column * (size[0] + gap), above + row * (size[1] + gap)))
    return Sheet(tuple(tiles), width, height)


def _room_for_legend(look: Look, legend: Legend, width: int, height: int, unit: float) -> float:
    """Pixels above the surface for the legend in a row, or in several where its texts are long."""
    style = KeyStyle(palette_of(look), NOTES * TEXT_SIZE * unit)
    image = fitting(legend, style, width - 2 * EDGE * style.size, height)
    return max(LEGEND * TEXT_SIZE * unit, image.height() + 3 * EDGE * style.size)


class Easel(Item):
    """Holds the framebuffer on which one picture after the other is drawn.

    The items draw as if each picture were the only one. The framebuffer has as many samples as the target, and Qt makes
    both, so that the copy is exact.
    """

    def initializeGL(self) -> None:
        """Nothing is to be made before the first sheet with several pictures."""
        self._buffer: QOpenGLFramebufferObject | None = None
        self._made_for: tuple[QSize, int] | None = None

    def draw_sheet(self, sheet: Sheet, draw: Callable[[Shot], None]) -> None:
        """Fill the framebuffer that is bound with the pictures, and bind it again.

        InputError where OpenGL has no room for one more picture.
        """
        target = int(GL.glGetIntegerv(GL.GL_DRAW_FRAMEBUFFER_BINDING))
        samples = int(GL.glGetIntegerv(GL.GL_SAMPLES))
        clear(sheet.palette)
        for tile in sheet.tiles:
            buffer = self._of(tile.shot, samples)
            buffer.bind()
            GL.glViewport(0, 0, buffer.width(), buffer.height())
            draw(tile.shot)
            _copy(buffer, target, tile, sheet.height)
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, target)
        GL.glViewport(0, 0, sheet.width, sheet.height)

    def release(self) -> None:
        """Free the framebuffer."""
        self._buffer, self._made_for = None, None
        super().release()

    def _of(self, shot: Shot, samples: int) -> QOpenGLFramebufferObject:
        wanted = (QSize(shot.lens.width, shot.lens.height), samples)
        if self._buffer is None or self._made_for != wanted:
            self._buffer = framebuffer(shot.lens.width, shot.lens.height, samples, Attachment.CombinedDepthStencil)
            self._made_for = wanted
        return self._buffer


def _copy(buffer: QOpenGLFramebufferObject, target: int, tile: Tile, sheet_height: int) -> None:
    width, height = buffer.width(), buffer.height()
    bottom = sheet_height - tile.top - height
    place = (tile.left, bottom, tile.left + width, bottom + height)
    GL.glDisable(GL.GL_SCISSOR_TEST)  # it cuts copies too
    GL.glBindFramebuffer(GL.GL_READ_FRAMEBUFFER, buffer.handle())
    GL.glBindFramebuffer(GL.GL_DRAW_FRAMEBUFFER, target)
    GL.glBlitFramebuffer(0, 0, width, height, *place, GL.GL_COLOR_BUFFER_BIT, GL.GL_NEAREST)
