"""In which OpenGL context the items have their objects, and that these are freed before it goes."""

from collections.abc import Sequence

from PySide6.QtGui import QOffscreenSurface, QOpenGLContext, QSurfaceFormat
from shiboken6 import isValid

from gdviz.panes.surface.opengl.framebuffers import Darkroom
from gdviz.panes.surface.opengl.item import Item


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


class Gpu:
    """Moves the items of a view between contexts.

    No QObject, and it knows the items and not the view: its slots are called while the view is being destroyed.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        """Begin without a context."""
        self.darkroom = Darkroom()
        self._items = items
        self._context: QOpenGLContext | None = None
        self._studio: Studio | None = None
        self._surface: QOffscreenSurface | None = None

    def enter_studio(self, wanted: QSurfaceFormat) -> None:
        """Make a context current that needs no widget, with the items in it."""
        if self._studio is None:
            self._studio = Studio(wanted)
        self._studio.make_current()
        self.move_to(self._studio.context)

    def leave_studio(self) -> None:
        """Let go of that context, keeping the objects for the next time."""
        if self._studio is not None:
            self._studio.close()

    def move_to(self, context: QOpenGLContext) -> None:
        """Make the items' objects in a context, which is current, and free those in the one before."""
        if context is self._context:
            return
        surface = context.surface()
        self._leave()
        context.makeCurrent(surface)
        if not self._is_studio(context):
            self._studio = None
            self._prepare_farewell(context)
        self._context = context
        for item in self._items:
            item.initialize()

    def close(self) -> None:
        """Free everything."""
        self._leave()
        self._studio = None

    def _is_studio(self, context: QOpenGLContext) -> bool:
        return self._studio is not None and context is self._studio.context

    def _prepare_farewell(self, context: QOpenGLContext) -> None:
        """Have the objects freed when the widget gives up its context."""
        self._surface = QOffscreenSurface()
        self._surface.setFormat(context.format())
        self._surface.create()
        context.aboutToBeDestroyed.connect(self._leave)

    def _leave(self) -> None:
        context, self._context = self._context, None
        if context is None:
            return
        surface = self._studio.surface if self._studio and self._is_studio(context) else self._surface
        # At the end of the program both may have gone before, and the objects with them.
        if surface is not None and isValid(context) and isValid(surface) and context.makeCurrent(surface):
            for item in self._items:
                item.release()
            self.darkroom.release()
            context.doneCurrent()
