"""A context for a view that has none of its own, because it is not on the screen."""

from PySide6.QtGui import QOffscreenSurface, QOpenGLContext, QSurfaceFormat


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
