"""Clips for the tests of the encoders, and what independent decoders find in the files."""

from fractions import Fraction

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from PIL import Image
from PySide6.QtGui import QColor, QImage, QPainter

from gdviz.animation.formats import FORMATS
from gdviz.export.encoders.encoder import Output, Tags, frame_writer, replacing_target

SIZE = (98, 66)
TAGS = Tags("Größe 0,9", "The path jumps out & away: <b> = −1.86e24")
TRANSPARENT = QColor(0, 0, 0, 0)


def picture(place, size=SIZE, background="#FFFFFF", square="#D55E00"):
    """A square on a background; it moves with ``place``."""
    background, square = QColor(background), QColor(square)
    kind = QImage.Format.Format_RGB32 if background.alpha() == 255 else QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(*size, kind)
    image.fill(background)
    painter = QPainter(image)
    painter.fillRect(4 + 8 * (place % 6), 10, 32, 32, square)
    painter.end()
    return image


def write(folder, name, images, frame_rate=None, transparent=False, latex_folder=None):
    """The path of a clip of these images."""
    format = FORMATS[name]
    target = folder / f"clip{format.ending}"
    size = (images[0].width(), images[0].height())
    with replacing_target(target, format) as temporary:
        rate = frame_rate or format.default_frame_rate
        output = Output(temporary, size, rate, TAGS, transparent, lambda: images, latex_folder)
        with frame_writer(format, output) as add_frame:
            for image in images:
                add_frame(image)
    return target


def rgba(image):
    """The pixels of a QImage as (height, width, 4), not multiplied by alpha."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


def content(path):
    """All bytes of a file, or of the files in a folder."""
    return path.read_bytes() if path.is_file() else [file.read_bytes() for file in sorted(path.iterdir())]


def pillow_frames(path):
    """RGBA pixels and milliseconds of each frame, read by Pillow."""
    if path.is_dir():
        return [(np.asarray(Image.open(file).convert("RGBA")), None) for file in sorted(path.glob("*.png"))]
    frames = []
    with Image.open(path) as image:
        for place in range(image.n_frames):
            image.seek(place)
            image.load()
            frames.append((np.asarray(image.convert("RGBA")), image.info["duration"]))
    return frames


def video_frames(path, decoder=None):
    """The decoded frames of a video; ``decoder``: another than FFmpeg's usual one."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        if decoder is None:
            return list(container.decode(stream))
        context = av.CodecContext.create(decoder, "r")
        packets = [*(packet for packet in container.demux(stream) if packet.size), None]
        return [frame for packet in packets for frame in context.decode(packet)]


def video_rgba(frame):
    """The pixels of a video frame, read as BT.709 of limited range."""
    exact = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
    converted = VideoReformatter().reformat(
        frame,
        format="rgba",
        src_colorspace=Colorspace.ITU709,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
        interpolation=exact,
    )
    return converted.to_ndarray()


def decoded(path):
    """RGBA pixels of each frame of any clip."""
    if path.suffix in (".mp4", ".webm", ".mov"):
        decoder = "libvpx-vp9" if path.suffix == ".webm" else None  # FFmpeg's own one leaves the alpha out
        return [video_rgba(frame) for frame in video_frames(path, decoder)]
    return [pixels for pixels, _ in pillow_frames(path)]


def limited_bt709(colour, bits=8):
    """Luma and chroma of a colour, by ITU-R BT.709, items 3.2, 3.3 and 4.6."""
    red, green, blue = (part / 255 for part in QColor(colour).getRgb()[:3])
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    unit = 1 << (bits - 8)
    chroma = ((blue - luma) / 1.8556, (red - luma) / 1.5748)
    return unit * (16 + 219 * luma), *(unit * (128 + 224 * part) for part in chroma)


def seconds(stream):
    """The duration that a stream says it has."""
    return Fraction(stream.duration) * stream.time_base
