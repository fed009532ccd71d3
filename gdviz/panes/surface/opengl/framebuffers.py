"""Framebuffers for pictures that are read back, and a cache that restores a drawing instead of repeating it."""

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtOpenGL import QOpenGLFramebufferObject, QOpenGLFramebufferObjectFormat

from gdviz.core.errors import InputError
from gdviz.panes.surface.geometry.camera import Rect
from gdviz.panes.surface.opengl import gl
from gdviz.panes.surface.opengl.item import clear
from gdviz.panes.surface.opengl.setup import check_picture
from gdviz.presentation.palette import Palette

Attachment = QOpenGLFramebufferObject.Attachment
OPAQUE = QImage.Format.Format_RGBX8888, QImage.Format.Format_RGB32
TRANSPARENT = QImage.Format.Format_RGBA8888_Premultiplied, QImage.Format.Format_ARGB32_Premultiplied
"""The format that OpenGL returns, and the one to convert to."""
ALL_BUFFERS = gl.GL_COLOR_BUFFER_BIT | gl.GL_DEPTH_BUFFER_BIT | gl.GL_STENCIL_BUFFER_BIT
MAX_CACHED_SAMPLES = 1 << 25
"""The most samples, of 8 bytes each, that are cached: larger pictures are rare and need the memory themselves."""


class Framebuffers:
    """Framebuffers for successive pictures of one size: begin, draw, resolve, read.

    Needs the same context current throughout. With multisampling, the drawing goes into one framebuffer and the mean of
    its samples into another, which can be read.
    """

    def __init__(self, width: int, height: int, samples: int) -> None:
        """Make the framebuffers; InputError if OpenGL cannot."""
        check_picture(width, height, samples)
        self.configuration = (width, height, samples)
        self._drawn = framebuffer(width, height, samples)
        self._finished = framebuffer(width, height, 0, Attachment.NoAttachment) if samples else self._drawn
        self._bytes = np.empty(4 * width * height, dtype=np.uint8)

    def begin(self) -> None:
        """Direct drawing into the next picture."""
        self._drawn.bind()
        gl.glViewport(0, 0, self._drawn.width(), self._drawn.height())

    def resolve(self, area: Rect, palette: Palette) -> None:
        """Finish the drawing; outside of the area it is an empty pane."""
        if self._finished is self._drawn:
            return
        self._finished.bind()
        clear(palette)
        blit(self._drawn.handle(), self._finished.handle(), _flipped(area, self._drawn.height()))
        gl.glBindFramebuffer(gl.GL_FRAMEBUFFER, self._finished.handle())

    def read(self, palette: Palette) -> QImage:
        """Return the finished picture: ARGB32_Premultiplied if the palette is see-through, else RGB32."""
        width, height = self._finished.width(), self._finished.height()
        # In OpenGL's native byte order: Qt converts much faster.
        gl.glReadPixels(0, 0, width, height, gl.GL_RGBA, gl.GL_UNSIGNED_BYTE, self._bytes)
        raw, kind = TRANSPARENT if palette.see_through else OPAQUE
        image = QImage(self._bytes.data, width, height, 4 * width, raw).flipped()
        image.convertTo(kind)
        return image


class FramebufferCache:
    """Caches one picture (colour, depth and stencil) under a key. Needs a current context throughout.

    A copy is exact only between framebuffers with equal formats and samples: Qt makes those that are drawn into, so it
    makes this one too.
    """

    def __init__(self) -> None:
        self._buffer: QOpenGLFramebufferObject | None = None
        self._key: object = None
        self._last_key: object = None
        self._area: Rect = (0, 0, 0, 0)
        self._can_copy = True
        self._failed: tuple[int, int, int] | None = None

    def restore(self, key: object, area: Rect, palette: Palette) -> bool:
        """Fill an area of the bound framebuffer with the picture of this key; False if it is not cached."""
        if self._buffer is None or self._key != (key, bound_samples()):
            return False
        (left, top, right, bottom), known = area, self._area
        if left < known[0] or top < known[1] or right > known[2] or bottom > known[3]:
            clear(palette)
        _copy(self._buffer.handle(), bound_framebuffer(), self._area, self._buffer.height())
        return True

    def store(self, key: object, width: int, height: int, area: Rect) -> None:
        """Cache what the bound framebuffer shows inside the area; outside of it is an empty pane.

        Only from the second use of a key on: copying waits for the drawing, which is wasted while the camera turns.
        """
        is_repeated, self._last_key = key == self._last_key, key
        if not is_repeated:
            return
        samples, bound = bound_samples(), bound_framebuffer()
        self._key = None
        wanted = (width, height, samples)
        if not self._can_copy or wanted == self._failed or width * height * max(samples, 1) > MAX_CACHED_SAMPLES:
            self._buffer = None
            return
        try:
            self._buffer = matching(self._buffer, width, height, samples)
        except InputError:
            self._failed = wanted
            return
        finally:
            gl.glBindFramebuffer(gl.GL_FRAMEBUFFER, bound)
        for _ in range(10):  # clear earlier errors; a bounded number, since without a context they never end
            if gl.glGetError() == gl.GL_NO_ERROR:
                break
        _copy(bound, self._buffer.handle(), area, height)
        # A driver that gave the two framebuffers different formats fails, and always will.
        self._can_copy = gl.glGetError() == gl.GL_NO_ERROR
        if self._can_copy:
            self._key, self._area = (key, samples), area

    def release(self) -> None:
        """Free the framebuffer."""
        self._buffer = self._key = None


def framebuffer(
    width: int, height: int, samples: int, attachment: Attachment = Attachment.CombinedDepthStencil
) -> QOpenGLFramebufferObject:
    """Make a framebuffer; InputError if OpenGL has no memory for it."""
    buffer_format = QOpenGLFramebufferObjectFormat()
    buffer_format.setAttachment(attachment)
    buffer_format.setSamples(samples)
    made = QOpenGLFramebufferObject(QSize(width, height), buffer_format)
    # If memory is short, Qt drops samples or the depth buffer, and still reports the framebuffer as valid.
    if not made.isValid() or made.attachment() != attachment or made.format().samples() < samples:
        what = f"{width}x{height} pixels" + (f" with {samples} samples" if samples else "")
        raise InputError(f"size: OpenGL has no memory here for a surface of {what}; choose a smaller picture")
    return made


def matching(known: QOpenGLFramebufferObject | None, width: int, height: int, samples: int) -> QOpenGLFramebufferObject:
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


def bound_samples() -> int:
    """Return the samples per pixel of the bound framebuffer; 0 without multisampling."""
    return gl.integer(gl.glGetIntegerv, gl.GL_SAMPLES)


def _flipped(area: Rect, height: int) -> Rect:
    """Convert an area from top-down to bottom-up coordinates."""
    left, top, right, bottom = area
    return left, height - bottom, right, height - top


def _copy(source: int, target: int, area: Rect, height: int) -> None:
    """Copy all buffers in an area (top-down) between two framebuffers; the bound one stays bound."""
    bound = bound_framebuffer()
    blit(source, target, _flipped(area, height), what=ALL_BUFFERS)
    gl.glBindFramebuffer(gl.GL_FRAMEBUFFER, bound)
