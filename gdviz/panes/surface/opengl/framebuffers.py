"""Framebuffers for pictures that are read: kept from one picture to the next, since most have the same size."""

from typing import Any

import numpy as np
from OpenGL import GL
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtOpenGL import QOpenGLFramebufferObject, QOpenGLFramebufferObjectFormat

from gdviz.core.errors import InputError
from gdviz.panes.surface.geometry.camera import Rect
from gdviz.panes.surface.opengl.item import clear
from gdviz.panes.surface.opengl.setup import check_picture
from gdviz.presentation.palette import Palette

Attachment = QOpenGLFramebufferObject.Attachment
OPAQUE = QImage.Format.Format_RGBX8888, QImage.Format.Format_RGB32
THROUGH = QImage.Format.Format_RGBA8888_Premultiplied, QImage.Format.Format_ARGB32_Premultiplied
"""As OpenGL gives it, and as it is wanted."""


class Darkroom:
    """Takes one picture after the other: prepare, draw, resolve, write on it, read.

    Needs the same context current throughout. With samples, what is drawn goes into one framebuffer and their mean
    into another, which has the finished picture: what is written on it is then painted once and not for each sample.
    """

    def __init__(self) -> None:
        """Begin without framebuffers."""
        self._film: QOpenGLFramebufferObject | None = None
        self._finished: QOpenGLFramebufferObject | None = None
        self._bytes = np.empty(0, dtype=np.uint8)
        self._made_for: tuple[QSize, int] | None = None

    def prepare(self, width: int, height: int, samples: int) -> None:
        """Have what is drawn next go into a picture of so many pixels; InputError if OpenGL cannot make it."""
        wanted = (QSize(width, height), samples)
        if self._made_for != wanted:
            self.release()
            check_picture(width, height, samples)
            self._film = framebuffer(width, height, samples, Attachment.CombinedDepthStencil)
            self._finished = framebuffer(width, height, 0, Attachment.NoAttachment) if samples else self._film
            self._bytes = np.empty(4 * width * height, dtype=np.uint8)
            self._made_for = wanted
        self._of(self._film).bind()
        GL.glViewport(0, 0, width, height)

    def resolve(self, area: Rect | None, palette: Palette) -> None:
        """Have what is drawn next go onto the finished picture.

        Outside of the area, which is everything if None, an empty pane takes the place of what was drawn.
        """
        film, finished = self._of(self._film), self._of(self._finished)
        if finished is film:
            return
        finished.bind()
        clear(palette)
        left, top, right, bottom = area or (0, 0, film.width(), film.height())
        place = (left, film.height() - bottom, right, film.height() - top)
        GL.glBindFramebuffer(GL.GL_READ_FRAMEBUFFER, film.handle())
        GL.glBlitFramebuffer(*place, *place, GL.GL_COLOR_BUFFER_BIT, GL.GL_NEAREST)
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, finished.handle())

    def read(self, palette: Palette) -> QImage:
        """The finished picture: ARGB32_Premultiplied if the palette is see-through, else RGB32."""
        finished = self._of(self._finished)
        width, height = finished.width(), finished.height()
        # In the order in which OpenGL has the bytes: its own change of order takes much longer than Qt's.
        GL.glReadPixels(0, 0, width, height, GL.GL_RGBA, GL.GL_UNSIGNED_BYTE, self._bytes)
        raw, kind = THROUGH if palette.see_through else OPAQUE
        image = QImage(self._bytes.data, width, height, 4 * width, raw).flipped()
        image.convertTo(kind)
        return image

    def release(self) -> None:
        """Free the framebuffers."""
        self._film, self._finished, self._made_for = None, None, None

    @staticmethod
    def _of(buffer: QOpenGLFramebufferObject | None) -> Any:
        if buffer is None:
            raise RuntimeError("no picture has been begun, or its OpenGL context has gone since")
        return buffer


def framebuffer(width: int, height: int, samples: int, attachment: Attachment) -> QOpenGLFramebufferObject:
    """A framebuffer of so many pixels; InputError where OpenGL has no room for it."""
    wanted = QOpenGLFramebufferObjectFormat()
    wanted.setAttachment(attachment)
    wanted.setSamples(samples)
    made = QOpenGLFramebufferObject(QSize(width, height), wanted)
    # Where there is no room for everything, Qt leaves out samples or the depths, and calls the rest valid.
    if not made.isValid() or made.attachment() != attachment or made.format().samples() < samples:
        what = f"{width}x{height} pixels" + (f" with {samples} samples" if samples else "")
        raise InputError(f"size: OpenGL has no room here for a surface of {what}; take a smaller picture")
    return made
