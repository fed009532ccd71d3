"""Files with one stream of video, written by FFmpeg and closed in any case."""

from abc import abstractmethod
from fractions import Fraction
from io import FileIO

import av
from av import VideoStream
from PySide6.QtGui import QImage

from gdviz.export.encoders.encoder import Encoder, Output

BLOCK = 1 << 20
"""Bytes handed over at a time."""


class OutputFile(FileIO):
    """A file for `av.open`, which given a name would leave the file open when its first bytes cannot be written.

    Nothing is buffered: for "faststart", FFmpeg opens the file a second time, by its name, and reads what was written.
    """

    def write(self, content: bytes) -> int:  # type: ignore[override]
        """Write all of it: a nearly full disk takes a part, and fails only at the next write."""
        rest = memoryview(content)
        while rest:
            rest = rest[super().write(rest) :]
        return len(content)


class ContainerFile(Encoder):
    """A container with one stream, in which every frame is shown equally long."""

    def __init__(
        self, output: Output, format: str, container_options: dict[str, str], codec: str, codec_options: dict[str, str]
    ) -> None:
        """Format, codec and options are FFmpeg's."""
        super().__init__(output)
        self._time_base = Fraction(1, output.frame_rate)
        self._written = 0
        self._file = OutputFile(str(output.path), "w+")
        # Without +bitexact there is a random number in a WebM file.
        options = {"fflags": "+bitexact", **container_options}
        self._container = av.open(self._file, "w", format=format, container_options=options, buffer_size=BLOCK)
        stream = self._container.add_stream(codec, rate=output.frame_rate, options=codec_options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = output.size
        stream.codec_context.time_base = self._time_base
        self._stream = stream

    @abstractmethod
    def _frame_of(self, image: QImage) -> av.VideoFrame:
        """The image as the codec takes it."""

    def add(self, image: QImage) -> None:
        frame = self._frame_of(image)
        frame.time_base, frame.pts, frame.duration = self._time_base, self._written, 1
        self._container.mux(self._stream.encode(frame))
        self._written += 1

    def finish(self) -> None:
        """Write the frames that the codec has held back, and the end of the container."""
        self._container.mux(self._stream.encode(None))
        self._container.close()

    def close(self) -> None:
        """Close the file; PyAV then gives a container that is not finished no end."""
        self._file.close()
        self._container.close()
