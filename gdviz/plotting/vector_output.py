"""Text on a painter: drawn by Qt on screen and in images, glyph by glyph in vector files.

A vector file is opened where our fonts are missing, so it brings the shapes along. An SVG has all text as outlines:
``<text>`` would be set in whatever font the reader has, wider or narrower than its place, and office programs and
Inkscape ignore fonts embedded in an SVG. A PDF embeds the glyphs it needs, so that its text can be searched and copied.
The glyphs stand as on the screen, since the same layout places them.
"""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPaintEngine, QPainter, QTextLayout, QTextOption

_LINE_SEPARATOR = "\u2028"
_ENGINES = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf)


def draws_vectors(painter: QPainter) -> bool:
    """Whether the painter writes shapes into a file, not pixels."""
    return painter.paintEngine().type() in _ENGINES


def paint_backdrop(painter: QPainter, area: QRectF, colour: QColor) -> None:
    """Fill the area behind everything; nothing if the colour is see-through, so that nobody has to delete it."""
    if colour.alpha():
        painter.fillRect(area, colour)


def draw_line(painter: QPainter, place: QPointF, text: str, font: QFont) -> None:
    """Draw a line of text with the painter's pen; ``place`` is where its baseline begins."""
    painter.setFont(font)
    if not draws_vectors(painter):
        painter.drawText(place, text)
        return
    layout = QTextLayout(text, font)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    if line.isValid():
        _draw_glyphs(painter, place - QPointF(0.0, line.ascent()), layout)


def draw_block(painter: QPainter, rect: QRectF, flags: Qt.AlignmentFlag | int, text: str, font: QFont) -> None:
    """Draw text in a rectangle with the painter's pen; ``flags`` say how it is aligned and whether it wraps."""
    painter.setFont(font)
    if not draws_vectors(painter):
        painter.drawText(rect, int(flags), text)
        return
    layout, height = _laid_out(text, font, rect.width(), int(flags))
    top = rect.top()
    if int(flags) & int(Qt.AlignmentFlag.AlignVCenter):
        top += (rect.height() - height) / 2
    _draw_glyphs(painter, QPointF(rect.left(), top), layout)


def _laid_out(text: str, font: QFont, width: float, flags: int) -> tuple[QTextLayout, float]:
    """The lines as QPainter.drawText would break and place them, and their total height."""
    layout = QTextLayout(text.replace("\n", _LINE_SEPARATOR), font)
    option = QTextOption(Qt.AlignmentFlag(flags) & Qt.AlignmentFlag.AlignHorizontal_Mask)
    wraps = flags & int(Qt.TextFlag.TextWordWrap)
    option.setWrapMode(QTextOption.WrapMode.WordWrap if wraps else QTextOption.WrapMode.ManualWrap)
    layout.setTextOption(option)
    leading = QFontMetricsF(font).leading()
    height = -leading
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        # Qt places each line on a whole pixel.
        height = float(-(-(height + leading) // 1))
        line.setPosition(QPointF(0.0, height))
        height += line.height()
    layout.endLayout()
    return layout, height


def _draw_glyphs(painter: QPainter, place: QPointF, layout: QTextLayout) -> None:
    for run in layout.glyphRuns():
        painter.drawGlyphRun(place, run)
