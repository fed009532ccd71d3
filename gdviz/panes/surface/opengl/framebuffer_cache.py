"""A copy of what has been drawn, colours, depths and stencil, that can be put back instead of drawing it again."""

from typing import Any

from OpenGL import GL
from PySide6.QtCore import QSize
from PySide6.QtOpenGL import QOpenGLFramebufferObject, QOpenGLFramebufferObjectFormat

from gdviz.panes.surface.geometry.camera import Rect
from gdviz.panes.surface.opengl.item import clear
from gdviz.presentation.palette import Palette

EVERYTHING = GL.GL_COLOR_BUFFER_BIT | GL.GL_DEPTH_BUFFER_BIT | GL.GL_STENCIL_BUFFER_BIT
LARGEST = 1 << 25
"""Samples, of 8 bytes, up to which a picture is kept: larger ones are rare, and memory is needed for them elsewhere."""


class Keeper:
    """Keeps one picture, under a key. Needs a current context throughout, as all OpenGL objects do.

    A copy is exact only between framebuffers with the same formats and as many samples: Qt makes those that are drawn
    into, so it makes this one too.
    """

    def __init__(self) -> None:
        """Begin without a picture."""
        self._buffer: QOpenGLFramebufferObject | None = None
        self._samples = 0
        self._key: Any = None
        self._area: Rect = (0, 0, 0, 0)
        self._can_copy = True

    def put_back(self, key: object, area: Rect, palette: Palette) -> bool:
        """Fill an area of the framebuffer that is bound with the picture of this key; False if it is not here."""
        if self._buffer is None or self._key != (key, _samples()):
            return False
        if not _holds(self._area, area):
            clear(palette)
        self._copy(self._buffer, self._area, to_bound=True)
        return True

    def keep(self, key: object, width: int, height: int, area: Rect) -> None:
        """Remember what the framebuffer that is bound, of so many pixels, shows: an empty pane outside of the area."""
        samples = _samples()
        self._key = None
        if not self._can_copy or width * height * max(samples, 1) > LARGEST:
            self._buffer = None
            return
        if not self._make_room(QSize(width, height), samples) or self._buffer is None:
            return
        _clear_errors()
        self._copy(self._buffer, area, to_bound=False)
        # A driver that gave the two framebuffers different formats refuses, and will do so again.
        self._can_copy = GL.glGetError() == GL.GL_NO_ERROR
        if self._can_copy:
            self._key, self._area = (key, samples), area

    def release(self) -> None:
        """Free the framebuffer."""
        self._buffer, self._key = None, None

    def _make_room(self, size: QSize, samples: int) -> bool:
        if self._buffer is None or self._buffer.size() != size or self._samples != samples:
            bound = _bound()
            wanted = QOpenGLFramebufferObjectFormat()
            wanted.setAttachment(QOpenGLFramebufferObject.Attachment.CombinedDepthStencil)
            wanted.setSamples(samples)
            self._buffer, self._samples = QOpenGLFramebufferObject(size, wanted), samples
            GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, bound)
        is_whole = self._buffer.attachment() == QOpenGLFramebufferObject.Attachment.CombinedDepthStencil
        return self._buffer.isValid() and is_whole and self._buffer.format().samples() == samples

    @staticmethod
    def _copy(buffer: QOpenGLFramebufferObject, area: Rect, *, to_bound: bool) -> None:
        bound, own = _bound(), buffer.handle()
        source, target = (own, bound) if to_bound else (bound, own)
        left, top, right, bottom = area
        place = (left, buffer.height() - bottom, right, buffer.height() - top)
        GL.glDisable(GL.GL_SCISSOR_TEST)  # it cuts copies too
        GL.glBindFramebuffer(GL.GL_READ_FRAMEBUFFER, source)
        GL.glBindFramebuffer(GL.GL_DRAW_FRAMEBUFFER, target)
        GL.glBlitFramebuffer(*place, *place, EVERYTHING, GL.GL_NEAREST)
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, bound)


def _holds(outer: Rect, inner: Rect) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


def _bound() -> int:
    return int(GL.glGetIntegerv(GL.GL_DRAW_FRAMEBUFFER_BINDING))


def _samples() -> int:
    """How many samples a pixel of the bound framebuffer has; 0 without multisampling."""
    return int(GL.glGetIntegerv(GL.GL_SAMPLES))


def _clear_errors() -> None:
    """Forget errors that others left, a limited number of them: without a context there is no end."""
    for _ in range(10):
        if GL.glGetError() == GL.GL_NO_ERROR:
            return
