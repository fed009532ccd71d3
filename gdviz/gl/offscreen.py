"""Drawing without a screen: a context for a view that has none, and a framebuffer whose picture can be read."""

from collections.abc import Callable

from OpenGL import GL
from PySide6.QtGui import QImage, QOffscreenSurface, QOpenGLContext, QSurfaceFormat
from PySide6.QtOpenGL import QOpenGLFramebufferObject, QOpenGLFramebufferObjectFormat


class Studio:
    """A context of its own with a surface that is not on the screen."""

    def __init__(self, wanted: QSurfaceFormat) -> None:
        """Make the context; RuntimeError if there can be none."""
        self.surface = QOffscreenSurface()
        self.surface.setFormat(wanted)
        self.surface.create()
        self.context = QOpenGLContext()
        self.context.setFormat(wanted)
        if not self.context.create():
            raise RuntimeError("no OpenGL context could be made")

    def make_current(self) -> None:
        """Let OpenGL calls go to this context."""
        if not self.context.makeCurrent(self.surface):
            raise RuntimeError("the OpenGL context cannot be used")

    def close(self) -> None:
        """Leave the context."""
        self.context.doneCurrent()


def picture(width: int, height: int, samples: int, draw: Callable[[], None]) -> QImage:
    """What ``draw`` draws into a framebuffer of so many pixels, in the context that is current."""
    wanted = QOpenGLFramebufferObjectFormat()
    wanted.setAttachment(QOpenGLFramebufferObject.Attachment.CombinedDepthStencil)
    wanted.setSamples(samples)
    buffer = QOpenGLFramebufferObject(width, height, wanted)
    if not buffer.isValid() or not buffer.bind():
        raise RuntimeError(f"no framebuffer of {width} x {height} pixels with {samples} samples could be made")
    try:
        GL.glViewport(0, 0, width, height)
        draw()
        return buffer.toImage().convertToFormat(QImage.Format.Format_RGB32)
    finally:
        buffer.release()
