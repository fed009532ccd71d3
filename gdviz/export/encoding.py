"""Writes pictures to a file with the encoder of its format, in a thread behind a bounded queue."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

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
    from gdviz.export.encoders.sequence import is_of_sequence

    return replacing_folder(path, is_of_sequence, mark)


@contextmanager
def frame_writer(
    format: Format, output: Output, samples: Callable[[], Iterable[QImage]], latex_folder: str | None = None
) -> Iterator[Callable[[QImage], None]]:
    """A function that adds the next frame to a file (or, for pictures, a folder), complete when the block ends.

    It waits while too many frames are not encoded yet.
    samples: gives some frames of the animation, at least one, for formats that must know the colours beforehand (GIF).
    latex_folder: for pictures, also write the lines that play them in LaTeX, which finds them in a folder of that name.
    OSError, at the next frame or at the end, where the file cannot be written; within `replacing_target`, which names
    the right file, it becomes an InputError. InputError at once for what the format cannot hold.
    """
    format.check(output.size, output.frame_rate, output.transparent)
    thread = EncoderThread(_encoder_maker(format, output, samples, latex_folder))

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
