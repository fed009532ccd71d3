"""Animated GIF files: one palette, and of each frame only the rectangle that has changed."""

from fractions import Fraction
from os import SEEK_END

import av
from PySide6.QtGui import QImage

from gdviz.export.encoders.base import Output
from gdviz.export.encoders.container import OutputFile, open_container
from gdviz.export.encoders.gif_palette import PaletteFilter
from gdviz.export.encoders.metadata import GIF_TRAILER, gif_comment
from gdviz.export.encoders.pixels import pixels_of


class GifFile:
    """A GIF that is being written and is played for ever (an `Encoder`)."""

    def __init__(self, output: Output, palette: av.VideoFrame) -> None:
        """The frame rate must divide 100. OSError where it cannot be opened."""
        self._tags = output.tags
        self._palette = PaletteFilter(palette, output.size)
        self._time_base = Fraction(1, output.frame_rate)
        self._written = 0
        self._file = OutputFile(output.path)
        self._container = open_container(self._file, "gif", {"loop": "0"})
        self._stream = self._container.add_stream("gif", rate=output.frame_rate)
        self._stream.width, self._stream.height = output.size
        self._stream.pix_fmt = "pal8"
        self._stream.codec_context.time_base = self._time_base

    def add(self, image: QImage) -> None:
        """Write the next frame."""
        frame = self._palette.draw(pixels_of(image, transparent=False))
        frame.time_base, frame.pts, frame.duration = self._time_base, self._written, 1
        self._container.mux(self._stream.encode(frame))
        self._written += 1

    def finish(self) -> None:
        """Write the last frame's delay, and the comment, which FFmpeg cannot."""
        self._container.mux(self._stream.encode(None))
        self._container.close()
        self._file.seek(-len(GIF_TRAILER), SEEK_END)
        self._file.write(gif_comment(self._tags) + GIF_TRAILER)

    def close(self) -> None:
        """Close the file; the container, if it is not finished, gets no trailer then."""
        self._file.close()
        self._container.close()
