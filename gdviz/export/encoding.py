"""From pictures to a file: one writer for each format, in a thread of its own behind a bounded queue."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QImage

from gdviz.animation.formats import Format, Size
from gdviz.core.atomic import replacing, replacing_folder
from gdviz.export.encoders.base import Encoder, Output
from gdviz.export.encoders.metadata import Tags
from gdviz.export.encoders.thread import EncoderThread

__all__ = ["FrameWriter", "Tags", "frame_writer", "replacing_target"]


class FrameWriter(Protocol):
    """Takes the frames, one after the other."""

    def write(self, image: QImage) -> None:
        """Add the next frame; waits while too many are not encoded yet. OSError when the disk is full."""


def replacing_target(path: Path, format: Format, mark: str | None = None) -> AbstractContextManager[Path]:
    """A temporary path beside ``path`` for `frame_writer`, a file or a folder, which takes its place when complete.

    InputError where it cannot be written; a folder replaces only an empty one, or one of an earlier export.
    """
    if format.ending:
        return replacing(path, mark)
    from gdviz.export.encoders.sequence import is_of_sequence

    return replacing_folder(path, is_of_sequence, mark)


@contextmanager
def frame_writer(
    path: Path,
    format: Format,
    size: Size,
    frame_rate: int,
    tags: Tags,
    transparent: bool,
    samples: Callable[[], Iterable[QImage]],
    latex_folder: str | None = None,
) -> Iterator[FrameWriter]:
    """A writer of a file (or, for pictures, into the folder) at ``path``, complete when the block ends.

    samples: gives some frames of the animation, at least one, for formats that must know the colours beforehand (GIF).
    latex_folder: for pictures, also write the lines that play them in LaTeX, which finds them in a folder of that name.
    OSError, at the next `write` or at the end, where the file cannot be written; within `replacing_target`, which names
    the right file, it becomes an InputError. InputError at once for what the format cannot hold.
    """
    format.check(size, frame_rate, transparent)
    output = Output(path, size, frame_rate, tags, transparent)
    thread = EncoderThread(_encoder_maker(format, output, samples, latex_folder))
    try:
        yield _SizeCheck(thread, size)
        thread.finish()
    finally:
        thread.stop()


class _SizeCheck:
    """Lets through what is as large as the clip; FFmpeg would read the rows of another picture wrongly."""

    def __init__(self, thread: EncoderThread, size: Size) -> None:
        self._thread, self._size = thread, size

    def write(self, image: QImage) -> None:
        if (image.width(), image.height()) != self._size:
            raise ValueError(f"a frame of {image.width()}x{image.height()} in a clip of {self._size}")
        self._thread.write(image)


def _encoder_maker(
    format: Format, output: Output, samples: Callable[[], Iterable[QImage]], latex_folder: str | None
) -> Callable[[], Encoder]:
    """What makes the encoder, for the thread. Encoders are imported when needed: FFmpeg makes a program start late."""
    if format.name == "png":
        from gdviz.export.encoders.sequence import Sequence, check_latex_folder

        if latex_folder is not None:
            check_latex_folder(latex_folder)
        return lambda: Sequence(output, latex_folder)
    if format.name == "gif":
        from gdviz.export.encoders.gif import GifFile, find_palette

        palette = find_palette(samples(), output.size)  # the caller draws them, so in the caller's thread
        return lambda: GifFile(output, palette)
    if format.name == "webp":
        from gdviz.export.encoders.webp import WebpFile

        return lambda: WebpFile(output)
    from gdviz.export.encoders.video import VIDEO_KINDS, VideoFile

    return lambda: VideoFile(output, VIDEO_KINDS[format.name])
