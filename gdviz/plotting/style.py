"""The look of the plots: pens and fonts of a theme and size, colours, marker outlines."""

import math
from functools import cached_property, lru_cache

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainterPath, QPen

from gdviz.core.frozen import frozen
from gdviz.plotting.shapes import marker as marker
from gdviz.plotting.shapes import polygon
from gdviz.plotting.text import line_height, number_font, text_font
from gdviz.presentation.palette import Palette

TITLE_PIXELS, TEXT_PIXELS, NUMBER_PIXELS = 18.0, 16.0, 16.0
STAR_RADIUS, STAR_DEPTH = 9.0, 0.45
"""Radius of the star at a minimum in units, and that of its inner corners as a part of it."""
STAR_COLOURS = ("#ffffff", "#05080c")
"""Its colour and that of its edge, in both themes: it is on the surface, whose colours are the same."""
MAX_COORDINATE = 1e4
"""No coordinate beyond this many pixels reaches a painter: dashes and strokes out there only cost time."""


def mix(colour: str, other: str, part: float) -> QColor:
    """Blend two colours, with ``part`` of the first."""
    first, second = QColor(colour), QColor(other)
    pairs = ((first.red(), second.red()), (first.green(), second.green()), (first.blue(), second.blue()))
    return QColor(*(round(part * a + (1.0 - part) * b) for a, b in pairs))


def casing(colour: str) -> str:
    """The colour around a line: white around a dark one, black around a light one."""
    return "#ffffff" if QColor(colour).lightnessF() < 0.45 else "#05080c"


@frozen
class Style:
    """The colours of the theme, and the size in pixels of one unit of text and lines."""

    palette: Palette
    unit: float

    @cached_property
    def title(self) -> QFont:
        """The font of a pane's title: small, semi-bold, a little spaced, for upper case."""
        return _title_font(TITLE_PIXELS * self.unit)

    @cached_property
    def text(self) -> QFont:
        """The font of labels and notes."""
        return text_font(TEXT_PIXELS * self.unit)

    @cached_property
    def number(self) -> QFont:
        """The font of the numbers at the ticks."""
        return number_font(NUMBER_PIXELS * self.unit)

    def pen(self, colour: str, width: float, dashes: tuple[float, ...] = (), alpha: float = 1.0) -> QPen:
        """A pen ``width`` units wide; dash lengths in line widths."""
        # A copy, since the caller may change it.
        return QPen(_pen(colour, width * self.unit, dashes, alpha))


# All frames have the same few, each with its fonts.
@lru_cache(maxsize=16)
def style_of(palette: Palette, unit: float) -> Style:
    """The style for these colours and this size; the same object for the same ones."""
    return Style(palette, unit)


def shrunk_to_fit(style: Style, size: QSize, least: tuple[float, float]) -> Style:
    """The style, with a smaller unit in a pane of fewer units than ``least``: everything shrinks."""
    return style_of(style.palette, min(style.unit, size.width() / least[0], size.height() / least[1]))


@lru_cache(maxsize=64)
def _title_font(pixels: float) -> QFont:
    font = text_font(pixels, bold=True)
    font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 104.0)
    return font


# Each frame asks for the same fifty pens.
@lru_cache(maxsize=512)
def _pen(colour: str, pixels: float, dashes: tuple[float, ...], alpha: float) -> QPen:
    pen = QPen(faded(colour, alpha), pixels)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap if dashes else Qt.PenCapStyle.RoundCap)
    if dashes:
        pen.setDashPattern(list(dashes))
    return pen


def faded(colour: str, alpha: float) -> QColor:
    """The colour with an opacity from 0 to 1."""
    found = QColor(colour)
    found.setAlphaF(alpha)
    return found


def height_of(font: QFont) -> float:
    """The height of a line in that font, rounded up so that lines stand on whole pixels."""
    return math.ceil(line_height(font))


def star(centre: QPointF, radius: float, points: int = 5) -> QPainterPath:
    """The outline of a star."""
    tips = [(math.pi * index / points, STAR_DEPTH * radius if index % 2 else radius) for index in range(2 * points)]
    return polygon([centre + QPointF(math.sin(angle) * reach, -math.cos(angle) * reach) for angle, reach in tips])
