"""Keeps the items' OpenGL objects in one context, and frees them before it is destroyed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtGui import QOffscreenSurface, QOpenGLContext, QSurfaceFormat
from shiboken6 import isValid

from gdviz.panes.surface.opengl.framebuffers import Framebuffers
from gdviz.panes.surface.opengl.item import Item


class OpenGLObjects:
    """The OpenGL objects of a view, which move with it from one context to another.

    Not a QObject, and without a reference to the view: its slots are called while the view is being destroyed.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items
        self._framebuffers: Framebuffers | None = None
        self._context: QOpenGLContext | None = None
        self._offscreen: tuple[QOpenGLContext, QOffscreenSurface] | None = None
        self._surface: QOffscreenSurface | None = None

    @contextmanager
    def offscreen(self, surface_format: QSurfaceFormat) -> Iterator[None]:
        """Make an off-screen context current for the block and move the items into it, where they stay.

        RuntimeError if none can be made.
        """
        if self._offscreen is None:
            made = QOpenGLContext()
            made.setFormat(surface_format)
            if not made.create():
                raise RuntimeError("could not create an OpenGL context")
            self._offscreen = made, _offscreen_surface(surface_format)
        context, surface = self._offscreen
        if not context.makeCurrent(surface):
            raise RuntimeError("the OpenGL context cannot be used")
        self.move_to(context)
        try:
            yield
        finally:
            context.doneCurrent()

    def framebuffers(self, width: int, height: int, samples: int) -> Framebuffers:
        """Return the last picture's framebuffers if they fit, else new ones; InputError if OpenGL cannot."""
        if self._framebuffers is None or self._framebuffers.configuration != (width, height, samples):
            self._framebuffers = None  # freed first, since memory may be short
            self._framebuffers = Framebuffers(width, height, samples)
        return self._framebuffers

    def move_to(self, context: QOpenGLContext) -> None:
        """Make the items' objects in the current ``context``, and free those in the previous one."""
        if context is self._context:
            return
        surface = context.surface()
        self._free()
        context.makeCurrent(surface)
        if self._offscreen is not None and context is self._offscreen[0]:
            self._surface = self._offscreen[1]
        else:
            self._offscreen = None
            # For when the widget's context is destroyed and it no longer has a surface.
            self._surface = _offscreen_surface(context.format())
            context.aboutToBeDestroyed.connect(self._free)
        self._context = context
        for item in self._items:
            item.initialize()

    def close(self) -> None:
        """Free everything."""
        self._free()
        self._offscreen = self._surface = None

    def _free(self) -> None:
        context, surface = self._context, self._surface
        self._context = None
        if context is None or surface is None:
            return
        # At exit both may already be gone, and the objects with them.
        if isValid(context) and isValid(surface) and context.makeCurrent(surface):
            for item in self._items:
                item.release()
            self._framebuffers = None
            context.doneCurrent()


def _offscreen_surface(surface_format: QSurfaceFormat) -> QOffscreenSurface:
    surface = QOffscreenSurface()
    surface.setFormat(surface_format)
    surface.create()
    return surface
