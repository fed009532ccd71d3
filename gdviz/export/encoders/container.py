"""Container files with one video stream, written by FFmpeg and closed even after a failure."""

from abc import abstractmethod
from fractions import Fraction
from io import FileIO

import av
from av import VideoStream
from PySide6.QtGui import QImage

from gdviz.export.encoders.encoder import Encoder, Output

BLOCK = 1 << 20
"""Buffer size in bytes."""


class OutputFile(FileIO):
    """A file for `av.open`, which leaks a file opened by name if its first bytes cannot be written.

    Unbuffered, since for "faststart" FFmpeg opens the file a second time, by name, and reads what was written.
    """

    def write(self, content: bytes) -> int:  # type: ignore[override]
        """Write all of it: a nearly full disk accepts a part, and fails only at the next write."""
        rest = memoryview(content)
        while rest:
            rest = rest[super().write(rest) :]
        return len(content)


class ContainerFile(Encoder):
    """A container with one stream at a constant frame rate."""

    def __init__(
        self, output: Output, format: str, container_options: dict[str, str], codec: str, codec_options: dict[str, str]
    ) -> None:
        """Format, codec and options go by FFmpeg's names."""
        super().__init__(output)
        self._time_base = Fraction(1, output.frame_rate)
        self._written = 0
        self._file = OutputFile(str(output.path), "w+")
        # Without +bitexact a WebM file contains a random number.
        options = {"fflags": "+bitexact", **container_options}
        self._container = av.open(self._file, "w", format=format, container_options=options, buffer_size=BLOCK)
        stream = self._container.add_stream(codec, rate=output.frame_rate, options=codec_options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = output.size
        stream.codec_context.time_base = self._time_base
        self._stream = stream

    @abstractmethod
    def _frame_of(self, image: QImage) -> av.VideoFrame:
        """The image in the codec's pixel format."""

    def add(self, image: QImage) -> None:
        frame = self._frame_of(image)
        frame.time_base, frame.pts, frame.duration = self._time_base, self._written, 1
        self._container.mux(self._stream.encode(frame))
        self._written += 1

    def finish(self) -> None:
        """Flush the codec and write the trailer."""
        self._container.mux(self._stream.encode(None))
        self._container.close()

    def close(self) -> None:
        """Close the file first, so that PyAV writes no trailer for an unfinished container."""
        self._file.close()
        self._container.close()
