"""Draws several pictures onto one framebuffer: each into one of its own size first, then copied to its place."""

from collections.abc import Callable

from OpenGL import GL
from PySide6.QtCore import QSize
from PySide6.QtOpenGL import QOpenGLFramebufferObject

from gdviz.panes.surface.opengl.framebuffers import Attachment, framebuffer
from gdviz.panes.surface.opengl.item import Item, clear
from gdviz.panes.surface.tiles import Sheet, Tile
from gdviz.panes.surface.geometry.shot import Shot


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
