"""Formats that gdviz does not have, registered for a test; their encoders are found by name, in other processes too."""

import numpy as np
from PySide6.QtGui import QImage

from gdviz.animation.formats import FORMATS, PICTURES, Format, FrameBytes, PictureFormat
from gdviz.export.encoders.encoder import Encoder


class PpmFile(Encoder):
    """Pictures one behind the other, without loss and uncompressed."""

    def __init__(self, output):
        super().__init__(output)
        self._file = output.path.open("wb")

    def add(self, image):
        width, height = self._output.size
        self._file.write(b"P6\n%d %d\n255\n" % (width, height))
        self._file.write(rgb(image).tobytes())

    def finish(self):
        self._file.flush()

    def close(self):
        self._file.close()


def raw(shown):
    """The pixels of a picture, and behind them its title."""
    pixels = rgb(shown.image())
    return lambda: pixels.tobytes() + shown.tags.title.encode()


PPM = Format(
    "ppm",
    ".ppm",
    "Pixmaps in a row",
    "programs of one's own",
    f"{__name__}:PpmFile",
    FrameBytes(*[3e6] * 5),
    transparent=False,
    frame_rates=(12, 24),
)
RAW = PictureFormat(".raw", "Raw pixels", f"{__name__}:raw")


def rgb(image):
    """Shape (height, width, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def decoded(path):
    """The frames of a file that a `PpmFile` has written."""
    content, frames = path.read_bytes(), []
    while content:
        kind, size, depth, pixels = content.split(b"\n", 3)
        assert (kind, depth) == (b"P6", b"255")
        width, height = map(int, size.split())
        frames.append(np.frombuffer(pixels[: 3 * width * height], np.uint8).reshape(height, width, 3))
        content = pixels[3 * width * height :]
    return frames


def register(monkeypatch):
    """One format of animations more, and one of pictures."""
    monkeypatch.setitem(FORMATS, PPM.name, PPM)
    monkeypatch.setitem(PICTURES, RAW.ending, RAW)
