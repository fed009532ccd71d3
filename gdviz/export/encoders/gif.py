"""Animated GIF files: one palette, and of each frame only the rectangle that has changed."""

from os import SEEK_END

import av
from PySide6.QtGui import QImage

from gdviz.export.encoders.base import Output
from gdviz.export.encoders.container import Clip
from gdviz.export.encoders.gif_palette import PaletteFilter
from gdviz.export.encoders.metadata import GIF_TRAILER, gif_comment
from gdviz.export.encoders.pixels import pixels_of


class GifFile:
    """A GIF that is being written and is played for ever (an `Encoder`)."""

    def __init__(self, output: Output, palette: av.VideoFrame) -> None:
        """The frame rate must divide 100. OSError where it cannot be opened."""
        self._tags = output.tags
        self._palette = PaletteFilter(palette, output.size)
        self._clip = Clip(output, "gif", {"loop": "0"}, "gif", {})
        self._clip.stream.pix_fmt = "pal8"

    def add(self, image: QImage) -> None:
        """Write the next frame."""
        self._clip.add(self._palette.draw(pixels_of(image, transparent=False)))

    def finish(self) -> None:
        """Write the last frame's delay, and the comment, which FFmpeg cannot."""
        self._clip.finish()
        self._clip.file.seek(-len(GIF_TRAILER), SEEK_END)
        self._clip.file.write(gif_comment(self._tags) + GIF_TRAILER)

    def close(self) -> None:
        """Close the file."""
        self._clip.close()
