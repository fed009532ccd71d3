"""Files with one stream of video, written by FFmpeg and closed in any case."""

from fractions import Fraction
from os import SEEK_SET
from pathlib import Path

import av
from av import VideoStream
from av.container import OutputContainer

from gdviz.export.encoders.base import Output

BLOCK = 1 << 20
"""Bytes that are handed over at a time."""


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
        """Write all of it: a nearly full disk takes a part, and says only the next time that it is full."""
        rest = memoryview(content)
        while rest:
            rest = rest[self._file.write(rest) :]
        return len(content)

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """As files do."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """As files do."""
        return self._file.tell()

    def close(self) -> None:
        """Close it; a second time does no harm."""
        self._file.close()


class Clip:
    """A container with one stream, in which every frame is shown as long as the others.

    ``file``, ``container`` and ``stream`` are for what a kind of file has of its own.
    """

    def __init__(
        self, output: Output, format: str, container_options: dict[str, str], codec: str, codec_options: dict[str, str]
    ) -> None:
        """The options are FFmpeg's. OSError where the file cannot be opened."""
        self._time_base = Fraction(1, output.frame_rate)
        self._written = 0
        self.file = OutputFile(output.path)
        self.container = _open(self.file, format, container_options)
        stream = self.container.add_stream(codec, rate=output.frame_rate, options=codec_options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = output.size
        stream.codec_context.time_base = self._time_base
        self.stream = stream

    def add(self, frame: av.VideoFrame) -> None:
        """Write the next frame."""
        frame.time_base, frame.pts, frame.duration = self._time_base, self._written, 1
        self.container.mux(self.stream.encode(frame))
        self._written += 1

    def finish(self) -> None:
        """Write the frames that the encoder has kept, and what the container has at its end."""
        self.container.mux(self.stream.encode(None))
        self.container.close()

    def close(self) -> None:
        """Close the file; the container, if it is not finished, gets no end then."""
        self.file.close()
        self.container.close()


def _open(file: OutputFile, format: str, options: dict[str, str]) -> OutputContainer:
    # Without +bitexact there is a random number in a WebM file.
    options = {"fflags": "+bitexact", **options}
    return av.open(file, "w", format=format, container_options=options, buffer_size=BLOCK)
