"""The two bundled fonts, Inter for text and Fira Code for numbers, and measuring, wrapping and shortening text."""

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import combinations, pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QPainter, QPainterPath, QRawFont, QTransform

from gdviz.core.scenarios.library import resources
from gdviz.plotting.vector_output import draw_line
from gdviz.presentation.numbers import SUPERSCRIPTS

TEXT_FAMILY = "Inter"
NUMBER_FAMILY = "Fira Code"
FILES = ("Inter-Regular.otf", "Inter-SemiBold.otf", "FiraCode-Regular.ttf")
SUPERSCRIPT_SIZE, SUPERSCRIPT_RISE = 0.78, 0.36
"""The size of an exponent and its rise, as fractions of the font's size."""
_PLAIN = str.maketrans({sign: plain for plain, sign in SUPERSCRIPTS.items()})


@cache
def load_fonts() -> None:
    """Register the bundled fonts with Qt, once; needs a QGuiApplication. RuntimeError if a file is missing."""
    for name in FILES:
        path = resources() / "fonts" / name
        if QFontDatabase.addApplicationFont(str(path)) == -1:
            raise RuntimeError(f"the font {path} is missing or damaged; install gdviz again")


def forget_fonts() -> None:
    """Let the fonts be loaded again: they go with the application with which they were registered."""
    load_fonts.cache_clear()
    _font.cache_clear()


def text_font(px: float, bold: bool = False) -> QFont:
    """The font of words, ``px`` pixels high; ``bold`` is the semi-bold cut."""
    # A copy, since the caller may change it.
    return QFont(_font(TEXT_FAMILY, max(1, round(px)), bold))


def number_font(px: float) -> QFont:
    """The font of numbers, with digits of equal width."""
    return QFont(_font(NUMBER_FAMILY, max(1, round(px))))


@lru_cache(maxsize=128)
def _font(family: str, pixels: int, bold: bool = False) -> QFont:
    load_fonts()
    font = QFont(family)
    font.setPixelSize(pixels)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    if family == TEXT_FAMILY:
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    else:
        # No ligatures: Fira Code turns an "x" between digits into a multiplication sign.
        font.setFeature(QFont.Tag("calt"), 0)
    return font


# Each frame asks for the same hundred texts; measuring them is the most expensive part of layout.
@lru_cache(maxsize=4096)
def width_of(font: QFont, text: str) -> float:
    """The width of the text in that font, in pixels."""
    base, exponent = _parts(text)
    width = QFontMetricsF(font).horizontalAdvance(base)
    return width + QFontMetricsF(_small(font)).horizontalAdvance(exponent) if exponent else width


def shortened(font: QFont, text: str, width: float, where: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> str:
    """The text, with "…" for a part of it where it is wider than ``width`` pixels in that font."""
    if width_of(font, text) <= width:
        return text
    return QFontMetricsF(font).elidedText(text, where, width)


def widest_fitting(font: QFont, wordings: Sequence[str], width: float) -> str:
    """The first of the wordings that is at most ``width`` pixels wide in that font; empty if none is."""
    return next((text for text in wordings if width_of(font, text) <= width), "")


def fitting(font: QFont, wordings: Sequence[str], width: float) -> str:
    """The first of the wordings that is at most ``width`` pixels wide in that font; if none is, the last, shortened."""
    return widest_fitting(font, wordings, width) or shortened(font, wordings[-1], width)


@lru_cache(maxsize=512)
def wrapped_size(font: QFont, text: str, width: float) -> tuple[float, float]:
    """The width and height in pixels of the text as Qt wraps it to at most ``width`` pixels."""
    room, flags = QRectF(0.0, 0.0, width, 1e5), int(Qt.TextFlag.TextWordWrap)
    bounds = QFontMetricsF(font).boundingRect(room, flags, text)
    return bounds.width(), bounds.height()


def lines_within(font: QFont, text: str, width: float) -> list[str]:
    """The text wrapped between words to at most that width; a longer word has a line of its own."""
    lines: list[str] = []
    for word in text.split():
        if lines and width_of(font, f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


@lru_cache(maxsize=64)
def balanced_lines(text: str, count: int, longer_first: bool = False) -> tuple[str, ...]:
    """The text in at most ``count`` lines, broken between words so that the longest is as short as possible.

    longer_first: whether, of equally good ways, the one with the longer lines first is taken.
    """
    words = text.split()
    cuts = combinations(range(1, len(words)), min(count, len(words)) - 1)
    ways = [tuple(" ".join(words[a:b]) for a, b in pairwise((0, *cut, len(words)))) for cut in cuts]
    return min(reversed(ways) if longer_first else ways, key=lambda lines: max(map(len, lines)))


@lru_cache(maxsize=64)
def line_height(font: QFont) -> float:
    """The height of a line in that font, in pixels."""
    return QFontMetricsF(font).height()


@lru_cache(maxsize=64)
def _ascent(font: QFont) -> float:
    return QFontMetricsF(font).ascent()


def draw_text(painter: QPainter, rect: QRectF, align: Qt.AlignmentFlag, text: str, font: QFont) -> None:
    """Draw one line of text, with an exponent at its end raised."""
    base, exponent = _parts(text)
    left = rect.left()
    if align & Qt.AlignmentFlag.AlignRight:
        left = rect.right() - width_of(font, text)
    elif align & Qt.AlignmentFlag.AlignHCenter:
        left = rect.center().x() - width_of(font, text) / 2
    top = rect.top()
    if align & Qt.AlignmentFlag.AlignVCenter:
        top = rect.center().y() - line_height(font) / 2
    base_line = top + _ascent(font)
    draw_line(painter, QPointF(left, base_line), base, font)
    if exponent:
        place = QPointF(left + width_of(font, base), base_line - SUPERSCRIPT_RISE * font.pixelSize())
        draw_line(painter, place, exponent, _small(font))


def outline_of(text: str, begin: QPointF, font: QFont) -> QPainterPath:
    """The outline of one line of text from a point on its baseline on, with an exponent at its end raised."""
    base, exponent = _parts(text)
    outline = _scaled_outline(base, begin, font)
    if exponent:
        raised = begin + QPointF(width_of(font, base), -SUPERSCRIPT_RISE * font.pixelSize())
        outline.addPath(_scaled_outline(exponent, raised, _small(font)))
    return outline


def _scaled_outline(text: str, begin: QPointF, font: QFont) -> QPainterPath:
    """The outline of plain text, scaled down from the size at which the font's own coordinates are whole pixels.

    At other sizes Qt rounds it by what else it has drawn in that font before, so that it would not stay the same.
    """
    full = _full_size(font)
    part = font.pixelSize() / full.pixelSize()
    outline = QPainterPath()
    outline.addText(QPointF(), full, text)
    return QTransform.fromTranslate(begin.x(), begin.y()).scale(part, part).map(outline)


@lru_cache(maxsize=64)
def _full_size(font: QFont) -> QFont:
    full = QFont(font)
    full.setPixelSize(round(QRawFont.fromFont(font).unitsPerEm()))
    return full


@lru_cache(maxsize=4096)
def _parts(text: str) -> tuple[str, str]:
    """The text on the line, and the exponent at its end in plain digits."""
    base = text.rstrip("".join(SUPERSCRIPTS.values()))
    return base, text[len(base) :].translate(_PLAIN)


@lru_cache(maxsize=64)
def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPixelSize(max(1, round(SUPERSCRIPT_SIZE * font.pixelSize())))
    return small
