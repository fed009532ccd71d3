"""Texts as small images with a soft halo, made once and cached."""

import math
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QTransform

from gdviz.core.frozen import frozen
from gdviz.panes.surface.geometry.render_state import rgba
from gdviz.plotting.image_cache import image_of, pack_colours
from gdviz.plotting.shapes import Painted, Shape, paint_all
from gdviz.plotting.style import faded
from gdviz.plotting.text import NUMBER_FAMILY, TEXT_FAMILY, outline_of, width_of
from gdviz.presentation.palette import Palette

HALOS = (0.11, 200), (0.09, 90)
"""How far each part of a halo reaches beyond the last one in text heights, and its opacity out of 255, inside out."""
COPIES = 16
"""The directions in which the glyphs spread."""
SMALL = 16
"""Pixels: for a halo, a pixel is divided into 2 by 2 parts, and below this size of the text into 4 by 4."""
WORDS, NUMBERS = TEXT_FAMILY, NUMBER_FAMILY


@frozen
class Style:
    """How a text looks; size in pixels, colours as ``#rrggbb``."""

    family: str
    size: int
    colour: str
    halo: str
    bold: bool = False
    italic: bool = False


def style(
    family: str, size: float, palette: Palette, *, strong: bool = False, warning: bool = False, accent: bool = False
) -> Style:
    """Return the style of words or numbers in the palette's colours; axis names are strong."""
    colour = palette.warning if warning else palette.accent if accent else palette.text
    return Style(family, round(size), colour, palette.pane, strong or warning or accent, strong)


def font(style: Style) -> QFont:
    """Return the font of a style."""
    made = QFont(style.family)
    made.setPixelSize(style.size)
    made.setWeight(QFont.Weight.DemiBold if style.bold else QFont.Weight.Normal)
    made.setItalic(style.italic)
    # Without hinting, glyphs have the same shape on every system.
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setStyleStrategy(QFont.StyleStrategy.NoSubpixelAntialias)
    return made


@lru_cache(maxsize=96)
def label(text: str, style: Style) -> QImage:
    """Return an image of one line of text with a halo, legible on any background."""
    face = font(style)
    metrics = QFontMetricsF(face)
    edge = round(0.22 * style.size) + 1
    # Labels are centred on capitals and digits: including the descent, they would look too high.
    ink = QRectF(0.0, 0.0, width_of(face, text), metrics.capHeight())
    below = metrics.descent() if any(letter in "gjpqy,;()" for letter in text) else 0.0
    spare = round(below) + edge
    outline = outline_of(text, QPointF(edge, spare + round(ink.height())), face)
    image = _halo(outline, round(ink.width()) + 2 * edge, round(ink.height()) + 2 * spare, style)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(outline, QColor(style.colour))
    painter.end()
    return image


def _halo(outline: QPainterPath, width: int, height: int, style: Style) -> QImage:
    """Return an image of the glyphs made wider: to stroke their outline with wide pens takes much longer."""
    detail = 4 if style.size < SMALL else 2
    seen, covered = np.ones((height, width), dtype=np.float32), _coverage(outline, width, height, detail)
    for reach, opacity in HALOS:
        covered = _spread(covered, reach * style.size * detail)
        parts = [covered[row::detail, column::detail] for row, column in np.ndindex(detail, detail)]
        seen *= 1.0 - np.float32(opacity / 255.0 / (255.0 * len(parts))) * sum(parts, np.uint16(0))
    return image_of(_shades(style.halo)[np.rint(255.0 * (1.0 - seen)).astype(np.uint8)])


@lru_cache(maxsize=4)
def _shades(colour: str) -> NDArray[np.uint32]:
    """Return a colour at each opacity from 0 to 255, premultiplied."""
    return pack_colours(np.arange(256.0)[:, None] * rgba(colour))


def _coverage(outline: QPainterPath, width: int, height: int, detail: int) -> NDArray[np.uint8]:
    """Return how far the glyphs cover each part of a pixel, from 0 to 255, shape (detail height, detail width)."""
    image = blank(detail * width, detail * height)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(QTransform.fromScale(detail, detail).map(outline), Qt.GlobalColor.black)
    painter.end()
    colours = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width())
    return (colours >> 24).astype(np.uint8)


def _spread(covered: NDArray[np.uint8], reach: float) -> NDArray[np.uint8]:
    """Return the coverage after each place has spread in a circle, by no more than the glyphs are wide."""
    height, width = covered.shape
    edge = math.ceil(reach)
    around = np.zeros((height + 2 * edge, width + 2 * edge), dtype=np.uint8)
    for part in np.arange(COPIES) / COPIES:
        right, down = round(reach * math.cos(math.tau * part)), round(reach * math.sin(math.tau * part))
        place = around[edge + down :, edge + right :][:height, :width]
        np.maximum(place, covered, out=place)
    return np.maximum(around[edge : edge + height, edge : edge + width], covered)


def on_plate(width: int, height: int, colour: str, radius: float, things: Iterable[Painted]) -> QImage:
    """Return an image of shapes and words on a translucent plate with rounded corners."""
    image = blank(width, height)
    outline = QPainterPath()
    outline.addRoundedRect(QRectF(image.rect()), radius, radius)
    painter = QPainter(image)
    paint_all(painter, [Shape(outline, brush=faded(colour, 0.84)), *things])
    painter.end()
    return image


def blank(width: int, height: int) -> QImage:
    """Return a transparent image of at least one pixel."""
    image = QImage(max(width, 1), max(height, 1), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    return image
