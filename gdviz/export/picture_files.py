"""Picture files: PNG, or SVG and PDF, which are vector graphics but for the surface or the contour's colours.

Text is outlines in SVG, and text with embedded font subsets in PDF (see `gdviz.plotting.vector_output`). Both assume 96
pixels to the inch, as browsers and office programs do: 1280 x 720 fills a slide. A picture of a transparent stage has
no background in any of the three.
"""

import re
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from pkgutil import resolve_name

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRect, QSizeF
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from gdviz.animation.formats import PICTURES
from gdviz.core.atomic import write_atomically
from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
from gdviz.core.reading import ending_of
from gdviz.export.encoders.encoder import Tags
from gdviz.export.job import PictureJob
from gdviz.export.log import logged_export
from gdviz.export.still import StillStage
from gdviz.panes.data.picture import DataPicture
from gdviz.presentation.column_names import relation
from gdviz.presentation.look import SURFACE
from gdviz.scene.scene import Frame
from gdviz.stage.stage import Stage

PIXELS_PER_INCH, POINTS_PER_INCH = 96, 72.0
IMAGE_SCALE, MAX_PIXELS = 2.0, 5120.0
"""Resolution of the surface in a vector file, relative to the stage's, since drawings are enlarged; lower where the
whole stage at that resolution would exceed the second number of pixels on a side."""
_TAB_GLYPH = re.compile(rb"(\n<\w{4}> <\w{4}> (?:\[(?:<\w{4}> )*?)?)<0009>")
"""An entry of a PDF's ToUnicode map, up to and including the tab."""
Encoding = Callable[[], bytes]
"""Returns the content of the file of a picture that is painted already."""


def tags_of(frame: Frame) -> Tags:
    """A title and a description of what the stage shows; of data with the names of the columns, if not x and y."""
    header, data = frame.header, frame.pictures.get("data")
    names = relation(data.data) if isinstance(data, DataPicture) else ""
    parts = [f"{header.title}, {header.counter}", f"{header.verdict.kind.value}: {header.verdict.sentence}"]
    parts += [names] if names else []
    return Tags(header.title, "; ".join([*parts, *frame.landscape.notes, *frame.arithmetic.texts]))


@frozen
class PictureSource:
    """What to make a picture from; ``image`` renders the stage, ``samples`` (per pixel) antialias its surface."""

    stage: Stage
    image: Callable[[], QImage]
    tags: Tags
    samples: int


def write_picture(job: PictureJob) -> None:
    """Draw and write a job that `adapt_job` has returned; needs an application. InputError if writing fails."""
    frame, with_surface = job.scene.frame(job.step), job.scene.look.pane == SURFACE
    with logged_export(job.target, 1, job.size), closing(StillStage(with_surface)) as still:
        stage = still.stage_of(frame, *job.size)
        image = partial(stage.render_image, *job.size, job.samples)
        save_picture(PictureSource(stage, image, tags_of(frame), job.samples), job.target)


def save_picture(shown: PictureSource, path: Path) -> None:
    """Write the picture in the format of `PICTURES` with this ending, replacing any existing file.

    InputError if writing fails, KeyError for an unknown ending.
    """
    write_atomically(path, painted(shown, path)())


def painted(shown: PictureSource, path: Path) -> Encoding:
    """Paint the picture for that file now, in the window's thread; what is returned encodes it, in any thread.

    That raises InputError if the picture is too large.
    """
    encoding: Encoding = resolve_name(PICTURES[ending_of(path)].encoder)(shown)
    return encoding


def png(shown: PictureSource) -> Encoding:
    """Paint a picture for a PNG."""
    return partial(png_of, shown.image(), shown.tags)


def png_of(picture: QImage, tags: Tags) -> bytes:
    """Encode an image as PNG; InputError if it is too large."""
    picture = QImage(picture)  # leaves the caller's metadata alone
    picture.setText("Title", tags.title)
    picture.setText("Description", tags.description)
    device = _memory_buffer()
    if not picture.save(device, "PNG"):  # type: ignore[call-overload]
        raise InputError("size: the picture is too large to be encoded; use a smaller size")
    return bytes(device.data().data())


def svg(shown: PictureSource) -> Encoding:
    """Paint a picture for an SVG."""
    stage, device = shown.stage, _memory_buffer()
    # SVG Tiny has no clip paths.
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(device)
    generator.setResolution(PIXELS_PER_INCH)
    generator.setSize(stage.size())
    generator.setViewBox(QRect(0, 0, stage.width(), stage.height()))
    generator.setTitle(shown.tags.title)
    generator.setDescription(shown.tags.description)
    _paint(shown, generator)
    return partial(bytes, device.data().data())


def pdf(shown: PictureSource) -> Encoding:
    """Paint a picture for a PDF."""
    stage, device = shown.stage, _memory_buffer()
    writer = QPdfWriter(device)
    writer.setResolution(PIXELS_PER_INCH)
    scale = POINTS_PER_INCH / PIXELS_PER_INCH
    points = QSizeF(stage.width() * scale, stage.height() * scale)
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF())
    writer.setTitle(shown.tags.title)
    writer.setCreator("gdviz")
    _paint(shown, writer)
    # Qt maps a glyph to the first character that uses it, so every space would be copied as a tab.
    return partial(_TAB_GLYPH.sub, rb"\1<0020>", bytes(device.data().data()))


def _paint(shown: PictureSource, device: QSvgGenerator | QPdfWriter) -> None:
    stage, painter = shown.stage, QPainter(device)
    painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
    detail = max(1.0, min(IMAGE_SCALE, MAX_PIXELS / max(stage.width(), stage.height())))
    try:
        stage.paint(painter, shown.samples, detail)
    finally:
        painter.end()


def _memory_buffer() -> QBuffer:
    device = QBuffer()
    device.open(QIODevice.OpenModeFlag.WriteOnly)
    return device
