"""Writes pictures to a file with the encoder of its format, in a thread behind a bounded queue."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from pkgutil import resolve_name

from PySide6.QtGui import QImage

from gdviz.animation.formats import Format
from gdviz.core.atomic import replacing, replacing_folder
from gdviz.export.encoders.encoder import Encoder, EncoderThread, Output


def replacing_target(path: Path, format: Format, mark: str | None = None) -> AbstractContextManager[Path]:
    """A temporary path beside ``path`` for `frame_writer`, a file or a folder, which takes its place when complete.

    InputError where it cannot be written; a folder replaces only an empty one, or one of an earlier export.
    """
    if format.ending:
        return replacing(path, mark)
    return replacing_folder(path, _encoder_of(format).is_own, mark)


@contextmanager
def frame_writer(format: Format, output: Output) -> Iterator[Callable[[QImage], None]]:
    """A function that adds the next frame to a file (or, for pictures, a folder), complete when the block ends.

    It waits while too many frames are not encoded yet.
    OSError, at the next frame or at the end, where the file cannot be written; within `replacing_target`, which names
    the right file, it becomes an InputError. InputError at once for what the format cannot hold.
    """
    format.check(output.size, output.frame_rate, output.transparent)
    thread = EncoderThread(_encoder_of(format).prepared(output))

    def write(image: QImage) -> None:
        # FFmpeg would misread the rows of a picture of another size.
        if (image.width(), image.height()) != output.size:
            raise ValueError(f"a frame of {image.width()}x{image.height()} in a clip of {output.size}")
        thread.write(image)

    try:
        yield write
        thread.finish()
    finally:
        thread.stop()


def _encoder_of(format: Format) -> type[Encoder]:
    """Imported when needed: FFmpeg makes a program start late."""
    encoder: type[Encoder] = resolve_name(format.encoder)
    return encoder
