"""Framebuffers: a picture that is read back, the mean of several samples, and a cache that restores a drawing."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtOpenGL import QOpenGLFramebufferObject, QOpenGLFramebufferObjectFormat

from gdviz.core.errors import InputError
from gdviz.panes.surface.geometry.camera import Rect
from gdviz.panes.surface.opengl import gl
from gdviz.panes.surface.opengl.setup import check_picture
from gdviz.presentation.palette import Palette

DEPTH_AND_STENCIL = QOpenGLFramebufferObject.Attachment.CombinedDepthStencil
OPAQUE = QImage.Format.Format_RGBX8888, QImage.Format.Format_RGB32
TRANSPARENT = QImage.Format.Format_RGBA8888_Premultiplied, QImage.Format.Format_ARGB32_Premultiplied
"""The format that OpenGL returns, and the one to convert to."""
ALL_BUFFERS = gl.GL_COLOR_BUFFER_BIT | gl.GL_DEPTH_BUFFER_BIT | gl.GL_STENCIL_BUFFER_BIT
MAX_CACHED_PIXELS = 1 << 25
"""The most pixels, of 8 bytes each, that are cached: larger pictures are rare and need the memory themselves."""


class PictureBuffer:
    """A framebuffer for successive pictures of one size: begin, draw, read. Needs the same context throughout."""

    def __init__(self, width: int, height: int) -> None:
        """Make the framebuffer; InputError if OpenGL cannot."""
        self.size = (width, height)
        self._buffer = framebuffer(width, height, 0)

    def begin(self) -> None:
        """Direct drawing into the next picture."""
        self._buffer.bind()
        gl.glViewport(0, 0, *self.size)

    def read(self, palette: Palette) -> QImage:
        """Return the finished picture: ARGB32_Premultiplied if the palette is see-through, else RGB32."""
        self._buffer.bind()
        width, height = self.size
        raw, kind = TRANSPARENT if palette.see_through else OPAQUE
        image = QImage(width, height, raw)
        # In OpenGL's native byte order: Qt converts much faster.
        pixels = np.frombuffer(image.bits(), np.uint8)
        gl.glReadPixels(0, 0, width, height, gl.GL_RGBA, gl.GL_UNSIGNED_BYTE, pixels)
        image.flip()
        image.convertTo(kind)
        return image


class Multisampled:
    """A framebuffer with several samples per pixel, whose means become colours. Needs the same context throughout."""

    def __init__(self) -> None:
        self._buffer: QOpenGLFramebufferObject | None = None

    def draw(self, width: int, height: int, samples: int, draw: Callable[[], None]) -> None:
        """Do what ``draw`` does with so many samples, and give the bound framebuffer its colours, but not its depths.

        InputError if OpenGL has no memory for it.
        """
        bound = bound_framebuffer()
        try:
            self._buffer = matching(self._buffer, width, height, samples)
            self._buffer.bind()
            draw()
            blit(self._buffer.handle(), bound, (0, 0, width, height))
        finally:
            gl.glBindFramebuffer(gl.GL_FRAMEBUFFER, bound)

    def release(self) -> None:
        """Free the framebuffer."""
        self._buffer = None


class FramebufferCache:
    """Caches one picture (colour, depth and stencil) under a key. Needs a current context throughout.

    A copy is exact only between framebuffers with equal formats: Qt makes those that are drawn into, so it makes this
    one too.
    """

    def __init__(self) -> None:
        self._buffer: QOpenGLFramebufferObject | None = None
        self._key: object = None
        self._last_key: object = None
        self._can_copy = True
        self._failed: tuple[int, int] | None = None

    def expects(self, key: object) -> bool:
        """Whether the picture of this key is cached, or will be when it is drawn again."""
        return key in (self._key, self._last_key)

    def restore(self, key: object) -> bool:
        """Fill the bound framebuffer with the picture of this key; False if it is not cached."""
        if self._buffer is None or self._key != key:
            return False
        _copy(self._buffer.handle(), bound_framebuffer(), self._buffer.size())
        return True

    def store(self, key: object, width: int, height: int) -> None:
        """Cache what the bound framebuffer shows.

        Only from the second use of a key on: copying waits for the drawing, which is wasted while the camera turns.
        """
        is_repeated, self._last_key = key == self._last_key, key
        if not is_repeated:
            return
        bound = bound_framebuffer()
        self._key = None
        wanted = (width, height)
        if not self._can_copy or wanted == self._failed or width * height > MAX_CACHED_PIXELS:
            self._buffer = None
            return
        try:
            self._buffer = matching(self._buffer, width, height)
        except InputError:
            self._failed = wanted
            return
        finally:
            gl.glBindFramebuffer(gl.GL_FRAMEBUFFER, bound)
        for _ in range(10):  # clear earlier errors; a bounded number, since without a context they never end
            if gl.glGetError() == gl.GL_NO_ERROR:
                break
        _copy(bound, self._buffer.handle(), self._buffer.size())
        # A driver that gave the two framebuffers different formats fails, and always will.
        self._can_copy = gl.glGetError() == gl.GL_NO_ERROR
        if self._can_copy:
            self._key = key

    def release(self) -> None:
        """Free the framebuffer."""
        self._buffer = self._key = None


def framebuffer(width: int, height: int, samples: int) -> QOpenGLFramebufferObject:
    """Make a framebuffer; InputError if OpenGL does not have as many pixels or samples, or no memory for them."""
    check_picture(width, height, samples)
    buffer_format = QOpenGLFramebufferObjectFormat()
    buffer_format.setAttachment(DEPTH_AND_STENCIL)
    buffer_format.setSamples(samples)
    made = QOpenGLFramebufferObject(QSize(width, height), buffer_format)
    # If memory is short, Qt drops samples or the depth buffer, and still reports the framebuffer as valid.
    if not made.isValid() or made.attachment() != DEPTH_AND_STENCIL or made.format().samples() < samples:
        what = f"{width}x{height} pixels" + (f" with {samples} samples" if samples else "")
        raise InputError(f"size: OpenGL has no memory here for a surface of {what}; choose a smaller picture")
    return made


def matching(
    known: QOpenGLFramebufferObject | None, width: int, height: int, samples: int = 0
) -> QOpenGLFramebufferObject:
    """Return the known framebuffer if it has this size and number of samples, else a new one."""
    if known is not None and known.size() == QSize(width, height) and known.format().samples() == samples:
        return known
    return framebuffer(width, height, samples)


def blit(source: int, target: int, area: Rect, to: Rect | None = None, what: int = gl.GL_COLOR_BUFFER_BIT) -> None:
    """Copy an area, in pixels from the lower left corner, between two framebuffers, and leave both bound."""
    gl.glDisable(gl.GL_SCISSOR_TEST)  # it clips copies too
    gl.glBindFramebuffer(gl.GL_READ_FRAMEBUFFER, source)
    gl.glBindFramebuffer(gl.GL_DRAW_FRAMEBUFFER, target)
    gl.glBlitFramebuffer(*area, *(to or area), what, gl.GL_NEAREST)


def bound_framebuffer() -> int:
    """Return the framebuffer that is bound for drawing."""
    return gl.integer(gl.glGetIntegerv, gl.GL_DRAW_FRAMEBUFFER_BINDING)


def _copy(source: int, target: int, size: QSize) -> None:
    """Copy all buffers between two framebuffers of this size; the bound one stays bound."""
    bound = bound_framebuffer()
    blit(source, target, (0, 0, size.width(), size.height()), what=ALL_BUFFERS)
    gl.glBindFramebuffer(gl.GL_FRAMEBUFFER, bound)
