"""Files with one stream of video, written by FFmpeg and closed in any case."""

from abc import abstractmethod
from fractions import Fraction
from os import SEEK_SET
from pathlib import Path

import av
from av import VideoStream
from PySide6.QtGui import QImage

from gdviz.export.encoders.encoder import Encoder, Output

BLOCK = 1 << 20
"""Bytes handed over at a time."""


class OutputFile:
    """A file for `av.open`, which otherwise leaves a file open when its first bytes cannot be written.

    Nothing is buffered: for "faststart", FFmpeg opens the file a second time, by its name, and reads what was written.
    """

    def __init__(self, path: Path) -> None:
        """OSError where it cannot be opened."""
        self.name = str(path)
        self._file = path.open("w+b", buffering=0)

    @property
    def closed(self) -> bool:
        """Asked by PyAV: a container whose file is closed gets no index any more."""
        return self._file.closed

    def write(self, content: bytes) -> int:
        """Write all of it: a nearly full disk takes a part, and fails only at the next write."""
        rest = memoryview(content)
        while rest:
            rest = rest[self._file.write(rest) :]
        return len(content)

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        """Close it; a second time does no harm."""
        self._file.close()


class ContainerFile(Encoder):
    """A container with one stream, in which every frame is shown equally long."""

    def __init__(
        self, output: Output, format: str, container_options: dict[str, str], codec: str, codec_options: dict[str, str]
    ) -> None:
        """Format, codec and options are FFmpeg's."""
        super().__init__(output)
        self._time_base = Fraction(1, output.frame_rate)
        self._written = 0
        self._file = OutputFile(output.path)
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
        """Close the file; a container that is not finished gets no end then."""
        self._file.close()
        self._container.close()
