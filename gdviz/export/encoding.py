"""From pictures to a file: one writer for each format, in a thread of its own behind a bounded queue."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QImage

from gdviz.model.formats import Format
from gdviz.model.picture_size import Size


@dataclass(frozen=True)
class Tags:
    """What is written into the file's metadata: a title, and a description for those who cannot see it."""

    title: str
    description: str


class FrameWriter(Protocol):
    """Takes the frames, one after the other."""

    def write(self, image: QImage) -> None:
        """Add the next frame; waits while too many are not encoded yet. InputError when the disk is full."""


@contextmanager
def frame_writer(
    path: Path,
    format: Format,
    size: Size,
    frame_rate: int,
    tags: Tags,
    transparent: bool,
    samples: Callable[[], Iterable[QImage]],
) -> Iterator[FrameWriter]:
    """A writer of a file (or, for pictures, into the folder) at ``path``, complete when the block ends.

    samples: gives some frames of the animation, for formats that must know the colours beforehand (GIF).
    """
    raise NotImplementedError
    yield
