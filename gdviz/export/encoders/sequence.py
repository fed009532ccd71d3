"""Folders of PNG pictures, one for each frame, optionally with the lines of LaTeX that play them."""

import re
import struct
import zlib
from collections.abc import Callable
from fractions import Fraction
from typing import Self

import av
from av.video.reformatter import VideoReformatter
from PySide6.QtGui import QImage

from gdviz.core.errors import InputError
from gdviz.export.encoders.encoder import Encoder, Output, Tags
from gdviz.export.encoders.pixels import frame_of

LATEX_NAME = "animation.tex"
OPTIONS = {"compression_level": "3", "pred": "none"}
"""Level 6 takes twice the time and saves a tenth; predicting pixels makes flat colours larger."""
BEFORE_PIXELS = 33
"""Signature and header of a PNG file: text may come next."""
LATEX = r"""% {title}
%
% Plays the pictures of this folder with the animate package. With the folder beside your document:
%
%   \documentclass{{beamer}}
%   \usepackage{{animate}}
%   \begin{{document}}
%   \begin{{frame}}
%     \input{{{folder}/animation}}
%   \end{{frame}}
%   \end{{document}}
%
% It moves in viewers with JavaScript: Acrobat Reader, PDF-XChange, Foxit Reader, Okular.
\animategraphics[controls,width=\linewidth]{{{rate}}}{{{folder}/frame-}}{{00001}}{{{last:05d}}}
"""


def png_chunks(tags: Tags) -> bytes:
    """Two chunks of international text (PNG specification, 11.3.3.4), which go in front of the pixels."""
    chunks = b""
    for key, text in ((b"Title", tags.title), (b"Description", tags.description)):
        content = b"iTXt" + key + bytes(5) + text.encode()
        chunks += struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
    return chunks


class Sequence(Encoder):
    """A folder of pictures."""

    @classmethod
    def prepared(cls, output: Output) -> Callable[[], Self]:
        """InputError for the name of a folder that LaTeX would misread."""
        name = output.latex_folder
        if name is not None and re.fullmatch(r"[A-Za-z0-9._+-]+", name) is None:
            raise InputError(f"{name}: LaTeX cannot read this name of a folder; take letters, digits, dots and hyphens")
        return super().prepared(output)

    @classmethod
    def is_own(cls, name: str) -> bool:
        return name == LATEX_NAME or re.fullmatch(r"frame-\d{5,}\.png", name) is not None

    def __init__(self, output: Output) -> None:
        super().__init__(output)
        self._reformatter = VideoReformatter()
        self._pixel_format = "rgba" if output.transparent else "rgb24"
        codec = av.CodecContext.create("png", "w")
        assert isinstance(codec, av.VideoCodecContext)
        codec.width, codec.height = output.size
        codec.pix_fmt, codec.time_base = self._pixel_format, Fraction(1, output.frame_rate)
        codec.options = OPTIONS
        codec.thread_count = 1  # each picture comes out at once
        self._codec = codec
        self._written = 0
        self._last: tuple[int, bytes] | None = None

    def add(self, image: QImage) -> None:
        # A picture that is held for some time comes as the same image again and again.
        if self._last is None or self._last[0] != image.cacheKey():
            self._last = (image.cacheKey(), self._encode(image))
        self._written += 1
        (self._output.path / f"frame-{self._written:05d}.png").write_bytes(self._last[1])

    def finish(self) -> None:
        """Write the lines of LaTeX."""
        if self._output.latex_folder is not None:
            named = {"title": self._output.tags.title, "folder": self._output.latex_folder}
            text = LATEX.format(**named, rate=self._output.frame_rate, last=self._written)
            (self._output.path / LATEX_NAME).write_text(text, encoding="utf-8")

    def close(self) -> None:
        """Nothing is open between two pictures."""

    def _encode(self, image: QImage) -> bytes:
        frame = frame_of(image, self._output.transparent)
        frame = self._reformatter.reformat(frame, format=self._pixel_format, threads=1)
        frame.pts = self._written
        content = b"".join(map(bytes, self._codec.encode(frame)))
        return content[:BEFORE_PIXELS] + png_chunks(self._output.tags) + content[BEFORE_PIXELS:]
