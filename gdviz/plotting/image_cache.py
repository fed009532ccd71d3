"""Caches for what stays the same from frame to frame: an image that is only copied, or any other result."""

from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from gdviz.plotting.vector_output import draws_vectors

Paint = Callable[[QPainter], None]
Result = TypeVar("Result")


class ImageCache:
    """Caches one image. What is seen depends only on the arguments of `paint`, never on what was painted before."""

    def __init__(self) -> None:
        self._image = QImage()
        self._key: object = None

    def paint(self, painter: QPainter, rect: QRectF, key: object, paint: Paint, opaque: bool = False) -> None:
        """Do what ``paint`` does in ``rect``, through the cached image where the painter works on whole pixels.

        key: everything that the picture depends on except rectangle and painter; equal keys mean equal pictures.
        opaque: whether all of the rectangle is covered.
        """
        if rect.isEmpty():  # a plot for which large text leaves no room
            return
        scale = pixels_per_unit(painter, rect)
        if scale is None:
            paint(painter)
            return
        wanted = (key, rect, scale, opaque)
        if wanted != self._key:
            self._image, self._key = _painted(rect, scale, paint, opaque), wanted
        painter.drawImage(rect.topLeft(), self._image)

    def clear(self) -> None:
        """Free the image; it is made again when needed."""
        self._image, self._key = QImage(), None


class LatestResult(Generic[Result]):
    """Caches the last result: an equal key gives the same object again."""

    def __init__(self) -> None:
        self._known: tuple[object, Result] | None = None

    def of(self, key: object, make: Callable[[], Result]) -> Result:
        """The result for a key, which holds all that it depends on."""
        if self._known is None or self._known[0] != key:
            self._known = (key, make())
        return self._known[1]

    def clear(self) -> None:
        """Forget the result."""
        self._known = None


def pack_colours(channels: NDArray[np.number]) -> NDArray[np.uint32]:
    """Colours 0xAARRGGBB from channels 0 to 255: shape (..., 3), or (..., 4) with alpha, premultiplied."""
    red, green, blue, *alpha = np.moveaxis(np.rint(channels).astype(np.uint32), -1, 0)
    return np.asarray((alpha[0] if alpha else np.uint32(255)) << 24 | red << 16 | green << 8 | blue)


def image_of(pixels: NDArray[np.uint32]) -> QImage:
    """An image of premultiplied colours 0xAARRGGBB, shape (height, width)."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape
    # The image does not own the array; its copy owns the pixels.
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()


def pixels_per_unit(painter: QPainter, rect: QRectF) -> float | None:
    """The pixels per unit; None for vectors, and where the rectangle's edges lie between pixels."""
    if draws_vectors(painter):
        return None
    transform = painter.deviceTransform()
    scale, corners = transform.m11(), transform.mapRect(rect)
    straight = transform.m12() == transform.m21() == 0.0 and scale == transform.m22() > 0.0
    whole = all(edge.is_integer() for edge in corners.getRect())  # type: ignore[attr-defined]
    return scale if straight and whole else None


def _painted(rect: QRectF, scale: float, paint: Paint, opaque: bool) -> QImage:
    size = (rect.size() * scale).toSize()
    # With an opaque format the copy is bit for bit as if painted directly.
    form = QImage.Format.Format_RGB32 if opaque else QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(size, form)
    image.setDevicePixelRatio(scale)
    if not opaque:
        image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.translate(-rect.topLeft())
    paint(painter)
    painter.end()
    return image
