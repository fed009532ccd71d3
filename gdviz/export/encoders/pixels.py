"""From the pixels of a QImage to frames for FFmpeg."""

import av
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

Pixels = NDArray[np.uint8]
"""Shape (height, width, 4): blue, green, red and alpha, from 0 to 255; colours are not multiplied by alpha."""
PIXEL_FORMAT = "bgra"
"""FFmpeg's name for it."""


def pixels_of(image: QImage, transparent: bool) -> Pixels:
    """The pixels, in memory of their own: an encoder may keep them longer than the image lives."""
    kind = QImage.Format.Format_ARGB32 if transparent else QImage.Format.Format_RGB32
    image = image.convertToFormat(kind)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).copy()
    if not transparent:
        pixels[..., 3] = 255  # Qt does not say what is there
    return pixels


def frame_of(image: QImage, transparent: bool) -> av.VideoFrame:
    """A frame on `pixels_of` the image, which it keeps alive."""
    return av.VideoFrame.from_numpy_buffer(pixels_of(image, transparent), format=PIXEL_FORMAT)
