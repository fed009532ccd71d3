"""Texts as small images with a soft halo, made once and cached."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from gdviz.plotting.shapes import LEFT, Painted, Shape, Words, paint_all
from gdviz.plotting.style import faded
from gdviz.plotting.text import NUMBER_FAMILY, TEXT_FAMILY, wrapped_size
from gdviz.presentation.palette import Palette

WORDS, NUMBERS = TEXT_FAMILY, NUMBER_FAMILY


@dataclass(frozen=True)
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


@lru_cache(maxsize=256)
def label(text: str, style: Style) -> QImage:
    """Return an image of one line of text with a halo, legible on any background."""
    face = font(style)
    metrics = QFontMetricsF(face)
    edge = round(0.22 * style.size) + 1
    # Labels are centred on capitals and digits: including the descent, they would look too high.
    ink = QRectF(0.0, 0.0, metrics.horizontalAdvance(text), metrics.capHeight())
    below = metrics.descent() if any(letter in "gjpqy,;()" for letter in text) else 0.0
    spare = round(below) + edge
    image = blank(round(ink.width()) + 2 * edge, round(ink.height()) + 2 * spare)
    outline = QPainterPath()
    outline.addText(QPointF(edge, spare + round(ink.height())), face, text)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for width, alpha in ((0.40, 90), (0.22, 200)):
        pen = QPen(faded(style.halo, alpha / 255), width * style.size, j=Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(outline, pen)
    painter.fillPath(outline, QColor(style.colour))
    painter.end()
    return image


@lru_cache(maxsize=32)
def plate(lines: tuple[str, ...], style: Style, width: int, height: int) -> QImage:
    """Return an image of wrapped lines on a translucent plate, in smaller text if they exceed the height."""
    text, edge = "\n".join(lines), plate_edge(style)
    face = plate_font(lines, style, width, height)
    across, down = wrapped_size(face, text, width - 2.0 * edge)
    place = QRectF(edge, 0.0, round(across) + 2.0, round(down) + edge)
    words = Words(text, place, face, style.colour, align=LEFT, wrap=True)
    return on_plate(round(across) + 2 * edge + 1, round(down) + edge, style.halo, 0.3 * edge, [words])


def plate_edge(style: Style) -> int:
    """Return the width of the margin left and right of the lines on a plate."""
    return round(0.5 * style.size)


@lru_cache(maxsize=32)
def plate_font(lines: tuple[str, ...], style: Style, width: int, height: int) -> QFont:
    """Return the font of wrapped lines on a plate of at most that size, if need be down to three quarters."""
    text, edge = "\n".join(lines), plate_edge(style)
    for size in range(style.size, 0, -1):
        face = font(Style(style.family, size, style.colour, style.halo))
        _, down = wrapped_size(face, text, width - 2.0 * edge)
        if down + edge <= height or size <= 0.75 * style.size:
            break
    return face


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
