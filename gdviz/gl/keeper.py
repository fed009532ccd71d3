"""A copy of what has been drawn, colours, depths and stencil, that can be put back instead of drawing it again."""

from typing import Any

from OpenGL import GL
from PySide6.QtCore import QSize
from PySide6.QtOpenGL import QOpenGLFramebufferObject, QOpenGLFramebufferObjectFormat

EVERYTHING = GL.GL_COLOR_BUFFER_BIT | GL.GL_DEPTH_BUFFER_BIT | GL.GL_STENCIL_BUFFER_BIT


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
        self._can_copy = True

    def put_back(self, key: object) -> bool:
        """Fill the framebuffer that is bound with the picture of this key; False if that is not the one here."""
        if self._buffer is None or self._key != (key, _samples()):
            return False
        self._copy(self._buffer, to_bound=True)
        return True

    def keep(self, key: object, width: int, height: int) -> None:
        """Remember what the framebuffer that is bound shows now."""
        samples = _samples()
        self._key = None
        if not self._can_copy or not self._make_room(QSize(width, height), samples) or self._buffer is None:
            return
        _clear_errors()
        self._copy(self._buffer, to_bound=False)
        # A driver that gave the two framebuffers different formats refuses, and will do so again.
        self._can_copy = GL.glGetError() == GL.GL_NO_ERROR
        if self._can_copy:
            self._key = (key, samples)

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
        return self._buffer.isValid() and self._buffer.format().samples() == samples

    @staticmethod
    def _copy(buffer: QOpenGLFramebufferObject, *, to_bound: bool) -> None:
        bound, own = _bound(), buffer.handle()
        source, target = (own, bound) if to_bound else (bound, own)
        area = (0, 0, buffer.width(), buffer.height())
        GL.glDisable(GL.GL_SCISSOR_TEST)  # it cuts copies too
        GL.glBindFramebuffer(GL.GL_READ_FRAMEBUFFER, source)
        GL.glBindFramebuffer(GL.GL_DRAW_FRAMEBUFFER, target)
        GL.glBlitFramebuffer(*area, *area, EVERYTHING, GL.GL_NEAREST)
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, bound)


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
