"""Keeps a view's OpenGL objects in a context of its own off screen, and frees them before it is destroyed."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtGui import QOffscreenSurface, QOpenGLContext
from shiboken6 import isValid

from gdviz.panes.surface.opengl.framebuffers import PictureBuffer
from gdviz.panes.surface.opengl.item import Item
from gdviz.panes.surface.opengl.setup import default_format, opengl_problem


class OpenGLObjects:
    """The OpenGL objects of a view, and their context; both are made when first needed.

    Not a QObject, and without a reference to the view: `close` is called while the view is being destroyed.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items
        self._picture_buffer: PictureBuffer | None = None
        self._made: tuple[QOpenGLContext, QOffscreenSurface] | None = None

    @contextmanager
    def current(self) -> Iterator[None]:
        """Make the context current for the block; RuntimeError if there is none to be had."""
        is_new = self._made is None
        context, surface = self._made or _make_context()
        if not context.makeCurrent(surface):
            raise RuntimeError("the OpenGL context cannot be used")
        try:
            if is_new:
                for item in self._items:
                    item.initialize()
                self._made = context, surface
            yield
        finally:
            context.doneCurrent()

    def picture_buffer(self, width: int, height: int) -> PictureBuffer:
        """Return the last picture's framebuffer if it fits, else a new one; InputError if OpenGL cannot."""
        if self._picture_buffer is None or self._picture_buffer.size != (width, height):
            self._picture_buffer = None  # freed first, since memory may be short
            self._picture_buffer = PictureBuffer(width, height)
        return self._picture_buffer

    def free_pictures(self) -> None:
        """Free what grows with the size of the picture; shaders and buffers, which take long to make, are kept."""
        self._free(lambda item: item.release_pictures())

    def close(self) -> None:
        """Free everything; it is made again when needed."""
        self._free(lambda item: item.release())
        self._made = None

    def _free(self, release: Callable[[Item], None]) -> None:
        if self._made is None:
            return
        context, surface = self._made
        # At exit both may already be gone, and the objects with them.
        if isValid(context) and isValid(surface) and context.makeCurrent(surface):
            for item in self._items:
                release(item)
            self._picture_buffer = None
            context.doneCurrent()


def _make_context() -> tuple[QOpenGLContext, QOffscreenSurface]:
    if (problem := opengl_problem()) is not None:  # asked first: the first time, it makes a context of its own current
        raise RuntimeError(problem)
    context, surface = QOpenGLContext(), QOffscreenSurface()
    context.setFormat(default_format())
    surface.setFormat(default_format())
    surface.create()
    if not context.create():
        raise RuntimeError("could not create an OpenGL context")
    return context, surface
