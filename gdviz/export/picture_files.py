"""One picture as a file: PNG, or SVG and PDF, in which all but the surface (or the contour's colours) is vectors.

Text is outlines in an SVG; in a PDF it is text, with the parts of the fonts that it needs (see
`gdviz.plotting.vector_output`). Both take the stage's pixels as 96 to the inch, as browsers and office programs do:
1280 x 720 fills a slide. A picture of a transparent stage has no background in any of the three.
"""

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from pkgutil import resolve_name

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRect, QSizeF
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from gdviz.animation.formats import PICTURES
from gdviz.core.atomic import write_atomically
from gdviz.core.errors import InputError
from gdviz.core.reading import ending_of
from gdviz.export.encoders.encoder import Tags
from gdviz.export.job import PictureJob
from gdviz.export.log import logged_export
from gdviz.export.still import StillStage
from gdviz.presentation.look import SURFACE
from gdviz.scene.scene import Frame
from gdviz.stage.stage import Stage

PIXELS_PER_INCH, POINTS_PER_INCH = 96, 72.0
DETAIL, MOST_PIXELS = 2.0, 5120.0
"""The image of the surface has this many times the pixels of the stage on each side, since drawings are enlarged; fewer
where the whole stage, drawn as finely, would have more pixels than the second number on a side."""
_TAB_GLYPH = re.compile(rb"(\n<\w{4}> <\w{4}> (?:\[(?:<\w{4}> )*?)?)<0009>")
"""An entry of a PDF's table of the characters that glyphs stand for, up to the tab."""


def tags_of(frame: Frame) -> Tags:
    """What the stage shows, in a few words."""
    header = frame.header
    parts = [f"{header.title}, {header.counter}", f"{header.verdict.kind.value}: {header.verdict.sentence}"]
    return Tags(header.title, "; ".join([*parts, *frame.landscape.notes, *frame.arithmetic]))


@dataclass(frozen=True)
class Shown:
    """What a picture is made of: the stage, a way to its pixels, and the ``samples`` for antialiasing in 3D."""

    stage: Stage
    image: Callable[[], QImage]
    tags: Tags
    samples: int


def write_picture(job: PictureJob) -> None:
    """Draw and write a picture, which must be `drawable`; needs an application. InputError if it cannot be written."""
    frame, with_surface = job.scene.frame(job.step), job.scene.look.pane == SURFACE
    with logged_export(job.target, 1, job.size), closing(StillStage(with_surface)) as still:
        stage = still.stage_of(frame, *job.size)
        image = partial(stage.render_image, *job.size, job.samples)
        save_picture(Shown(stage, image, tags_of(frame), job.samples), job.target)


def save_picture(shown: Shown, path: Path) -> None:
    """Write the picture in the format of `PICTURES` that the ending names, replacing what was there.

    InputError where it cannot be written, KeyError for an unknown ending.
    """
    write_atomically(path, resolve_name(PICTURES[ending_of(path)].encoder)(shown))


def png(shown: Shown) -> bytes:
    """The content of a PNG file; InputError for a picture that is too large."""
    return png_of(shown.image(), shown.tags)


def png_of(picture: QImage, tags: Tags) -> bytes:
    """The same for any picture."""
    picture = QImage(picture)  # the caller's keeps its own texts
    picture.setText("Title", tags.title)
    picture.setText("Description", tags.description)
    device = _memory()
    if not picture.save(device, "PNG"):  # type: ignore[call-overload]
        raise InputError("size: the picture cannot be encoded; take a smaller size")
    return bytes(device.data().data())


def svg(shown: Shown) -> bytes:
    """The content of an SVG file."""
    stage, device = shown.stage, _memory()
    # SVG Tiny has no clips.
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(device)
    generator.setResolution(PIXELS_PER_INCH)
    generator.setSize(stage.size())
    generator.setViewBox(QRect(0, 0, stage.width(), stage.height()))
    generator.setTitle(shown.tags.title)
    generator.setDescription(shown.tags.description)
    _paint(shown, generator)
    # Pens that are cosmetic on the screen would keep their width however large the drawing is shown. All is drawn
    # in the pixels of the stage, so without the attribute the widths are the same at its own size.
    return bytes(device.data().data()).replace(b'vector-effect="non-scaling-stroke"', b"")


def pdf(shown: Shown) -> bytes:
    """The content of a PDF file."""
    stage, device = shown.stage, _memory()
    writer = QPdfWriter(device)
    writer.setResolution(PIXELS_PER_INCH)
    scale = POINTS_PER_INCH / PIXELS_PER_INCH
    points = QSizeF(stage.width() * scale, stage.height() * scale)
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF())
    writer.setTitle(shown.tags.title)
    writer.setCreator("gdviz")
    _paint(shown, writer)
    # Of characters that look the same Qt names the first: every space would be copied as a tab.
    return _TAB_GLYPH.sub(rb"\1<0020>", bytes(device.data().data()))


def _paint(shown: Shown, device: QSvgGenerator | QPdfWriter) -> None:
    stage, painter = shown.stage, QPainter(device)
    painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
    detail = max(1.0, min(DETAIL, MOST_PIXELS / max(stage.width(), stage.height())))
    try:
        stage.paint(painter, shown.samples, detail)
    finally:
        painter.end()


def _memory() -> QBuffer:
    device = QBuffer()
    device.open(QIODevice.OpenModeFlag.WriteOnly)
    return device
