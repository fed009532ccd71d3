"""From the pixels of a QImage to frames for FFmpeg, and from RGB to the colours of video."""

import av
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, Interpolation, VideoReformatter
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


def frame_of(pixels: Pixels) -> av.VideoFrame:
    """A frame on these pixels, which it keeps alive."""
    return av.VideoFrame.from_numpy_buffer(pixels, format=PIXEL_FORMAT)


def describe_colours(codec: av.VideoCodecContext) -> None:
    """Say in the file that its colours are those of `in_video_colours`."""
    codec.colorspace = Colorspace.ITU709
    codec.color_primaries = ColorPrimaries.BT709
    codec.color_trc = ColorTrc.BT709
    codec.color_range = ColorRange.MPEG


def in_video_colours(frame: av.VideoFrame, pixel_format: str, reformatter: VideoReformatter) -> av.VideoFrame:
    """The same picture as luma and chroma of limited range, by ITU-R BT.709, items 3.2 to 3.5 and 4.6.

    pixel_format: FFmpeg's name of that of the new frame.
    """
    converted = reformatter.reformat(
        frame,
        format=pixel_format,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
        interpolation=Interpolation.BILINEAR,
        threads=1,
    )
    # Named only, not converted: the values are those of sRGB, as everybody's are. ProRes reads them from the frame.
    converted.color_primaries, converted.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
    return converted
