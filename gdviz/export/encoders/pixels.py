"""Conversion of QImages to frames for FFmpeg."""

import av
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

Pixels = NDArray[np.uint8]
"""Shape (height, width, 4): blue, green, red and alpha, from 0 to 255; alpha is not premultiplied."""
PIXEL_FORMAT = "bgra"
"""FFmpeg's name for this layout."""
OPAQUE = np.uint32(0xFF000000)
"""The alpha of a pixel that hides what is behind it, in QImage's 0xAARRGGBB."""


def pixels_of(image: QImage, transparent: bool) -> Pixels:
    """Copy the pixels, since an encoder may outlive the image."""
    kind = QImage.Format.Format_ARGB32 if transparent else QImage.Format.Format_RGB32
    image = image.convertToFormat(kind)
    packed = np.frombuffer(image.constBits(), np.uint32)  # rows of whole words have nothing between them
    own = packed.copy() if transparent else packed | OPAQUE  # alpha is undefined in Format_RGB32
    return own.view(np.uint8).reshape(image.height(), image.width(), 4)


def frame_of(image: QImage, transparent: bool) -> av.VideoFrame:
    """A frame that wraps, and keeps alive, `pixels_of` the image."""
    return av.VideoFrame.from_numpy_buffer(pixels_of(image, transparent), format=PIXEL_FORMAT)
