"""Folders of PNG pictures: one for each frame, or each picture once, with LaTeX code that plays them."""

import re
import struct
import zlib
from collections.abc import Callable
from fractions import Fraction
from hashlib import sha256
from typing import Self

import av
from av.video.reformatter import VideoReformatter
from PySide6.QtGui import QImage

from gdviz.core.errors import InputError
from gdviz.export.encoders.encoder import Encoder, Output, Tags
from gdviz.export.encoders.pixels import frame_of

LATEX_NAME, TIMELINE_NAME = "animation.tex", "animation-timeline.txt"
PNG_OPTIONS = {"compression_level": "3", "pred": "none"}
"""Level 6 takes twice the time to save a tenth; predictors make flat colours larger."""
HEADER_BYTES = 33
"""Length of the signature and header of a PNG file, after which text may follow."""
LATEX_TEMPLATE = r"""% {title}
%
% Plays the pictures in this folder with the animate package. With the folder next to your document:
%
%   \documentclass{{beamer}}
%   \usepackage{{animate}}
%   \begin{{document}}
%   \begin{{frame}}
%     \input{{{folder}/animation}}
%   \end{{frame}}
%   \end{{document}}
%
% It plays in viewers that support JavaScript: Acrobat Reader, PDF-XChange, Foxit Reader, Okular.
% Equal frames have one picture, and the timeline says which is shown when.
\animategraphics[controls,width=\linewidth,timeline={folder}/{timeline}]{{{rate}}}{{{folder}/frame-}}{{00001}}{{{last:05d}}}
"""


def png_chunks(tags: Tags) -> bytes:
    """Two iTXt chunks (PNG specification, 11.3.3.4), to precede the pixels."""
    chunks = b""
    for key, text in ((b"Title", tags.title), (b"Description", tags.description)):
        content = b"iTXt" + key + bytes(5) + text.encode()
        chunks += struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
    return chunks


class PngSequence(Encoder):
    """A folder of PNG pictures."""

    @classmethod
    def prepare(cls, output: Output) -> Callable[[], Self]:
        """Raise InputError for a folder name that LaTeX would misread."""
        name = output.latex_folder
        if name is not None and re.fullmatch(r"[A-Za-z0-9._+-]+", name) is None:
            raise InputError(f"{name}: LaTeX cannot read this folder name; use letters, digits, dots and hyphens")
        return super().prepare(output)

    @classmethod
    def is_own_file(cls, name: str) -> bool:
        return name in (LATEX_NAME, TIMELINE_NAME) or re.fullmatch(r"frame-\d{5,}\.png", name) is not None

    def __init__(self, output: Output) -> None:
        super().__init__(output)
        self._reformatter = VideoReformatter()
        self._pixel_format = "rgba" if output.transparent else "rgb24"
        codec = av.CodecContext.create("png", "w")
        assert isinstance(codec, av.VideoCodecContext)
        codec.width, codec.height = output.size
        codec.pix_fmt, codec.time_base = self._pixel_format, Fraction(1, output.frame_rate)
        codec.options = PNG_OPTIONS
        codec.thread_count = 1  # returns each picture at once
        self._codec = codec
        self._written = 0
        self._last: tuple[int, bytes] | None = None
        self._numbers: dict[bytes, int] = {}
        self._timeline: list[int] = []

    def add(self, image: QImage) -> None:
        # A held frame comes as the same image again and again.
        if self._last is None or self._last[0] != image.cacheKey():
            self._last = (image.cacheKey(), self._encode(image))
        content = self._last[1]
        digest = sha256(content).digest()
        # Without LaTeX code the pictures are for programs that take one for each frame.
        if digest not in self._numbers or self._output.latex_folder is None:
            self._numbers[digest] = self._written
            self._written += 1
            (self._output.path / f"frame-{self._written:05d}.png").write_bytes(content)
        self._timeline.append(self._numbers[digest])

    def finish(self) -> None:
        """Write the LaTeX code, and its timeline, in which pictures are counted from 0."""
        if self._output.latex_folder is not None:
            named = {"title": self._output.tags.title, "folder": self._output.latex_folder, "timeline": TIMELINE_NAME}
            text = LATEX_TEMPLATE.format(**named, rate=self._output.frame_rate, last=self._written)
            (self._output.path / LATEX_NAME).write_text(text, encoding="utf-8")
            lines = "".join(f"::{number}\n" for number in self._timeline)
            (self._output.path / TIMELINE_NAME).write_text(lines, encoding="utf-8")

    def close(self) -> None:
        """Do nothing: no file stays open."""

    def _encode(self, image: QImage) -> bytes:
        frame = frame_of(image, self._output.transparent)
        frame = self._reformatter.reformat(frame, format=self._pixel_format, threads=1)
        frame.pts = self._written
        content = b"".join(map(bytes, self._codec.encode(frame)))
        return content[:HEADER_BYTES] + png_chunks(self._output.tags) + content[HEADER_BYTES:]
