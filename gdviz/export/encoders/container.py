"""The files into which FFmpeg's containers are written, closed in any case."""

from os import SEEK_SET
from pathlib import Path

import av
from av.container import OutputContainer

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


def open_container(file: OutputFile, format: str, options: dict[str, str]) -> OutputContainer:
    """A container of that format, with FFmpeg's options for it, that is written into the file."""
    # Without +bitexact there is a random number in a WebM file.
    options = {"fflags": "+bitexact", **options}
    return av.open(file, "w", format=format, container_options=options, buffer_size=BLOCK)
