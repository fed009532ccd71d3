"""Conversion of QImages to frames for FFmpeg."""

import av
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

Pixels = NDArray[np.uint8]
"""Shape (height, width, 4): blue, green, red and alpha, from 0 to 255; alpha is not premultiplied."""
PIXEL_FORMAT = "bgra"
"""FFmpeg's name for this layout."""


def pixels_of(image: QImage, transparent: bool) -> Pixels:
    """Copy the pixels, since an encoder may outlive the image."""
    kind = QImage.Format.Format_ARGB32 if transparent else QImage.Format.Format_RGB32
    image = image.convertToFormat(kind)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).copy()
    if not transparent:
        pixels[..., 3] = 255  # undefined in Format_RGB32
    return pixels


def frame_of(image: QImage, transparent: bool) -> av.VideoFrame:
    """A frame that wraps, and keeps alive, `pixels_of` the image."""
    return av.VideoFrame.from_numpy_buffer(pixels_of(image, transparent), format=PIXEL_FORMAT)
