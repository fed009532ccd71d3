"""The legend of several runs as small pictures for the surface: which line and marker belongs to which run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from gdviz.panes.surface.labels.text import WORDS, blank, draw_back, font, style
from gdviz.plotting.markers import dash_offset, marker
from gdviz.presentation.palette import DASHES, Palette
from gdviz.presentation.run_names import Legend, LegendEntry

SAMPLE, WIDTH, RADIUS = 2.1, 0.117, 0.29
"""Length and width of the sample of a line, and the radius of the marker on it, in sizes of the text."""
GAP, BETWEEN, EDGE, LINE = 0.3, 0.8, 0.35, 1.3
"""Between sample and text, between two runs, around all of it, and from one line to the next, in sizes of the text."""

SMALLER = (1.0, 0.85, 0.7, 0.6, 0.5, 0.4)
"""The sizes of its text, in the wanted one, that are tried until it is narrow and low enough for its picture."""
MOST_HIGH = 0.34
"""The part of the picture's height that it takes then."""


@dataclass(frozen=True)
class KeyStyle:
    """Colours, and the size of the text in pixels."""

    palette: Palette
    size: float

    def width(self, text: str) -> float:
        """How many pixels wide a text is."""
        return _metrics(self).horizontalAdvance(text)


@lru_cache(maxsize=8)
def _font(look: KeyStyle) -> QFont:
    return font(style(WORDS, look.size, look.palette))


@lru_cache(maxsize=8)
def _metrics(look: KeyStyle) -> QFontMetricsF:
    return QFontMetricsF(_font(look))


@lru_cache(maxsize=16)
def key(legend: Legend, columns: int, look: KeyStyle) -> QImage:
    """All runs on a plate, in so many columns: the title before them in a single row, else above them."""
    count, edge, between = len(legend.entries), EDGE * look.size, BETWEEN * look.size
    title = look.width(legend.title) + between if legend.title else 0.0
    above = 1 if title and columns < count else 0
    widths = [max(_width(entry, look) for entry in legend.entries[column::columns]) for column in range(columns)]
    begin = edge if above else edge + title
    across = max(begin + sum(widths) + (columns - 1) * between, edge + title - between) + edge
    rows = above + -(-count // columns)
    image = blank(round(across), round(edge + rows * LINE * look.size))
    painter = _begun(image, look)
    draw_back(painter, image, look.palette.pane, edge / 2)
    _write(painter, legend.title, QPointF(edge, _middle(0, look)), look)
    for index, entry in enumerate(legend.entries):
        row, column = divmod(index, columns)
        left = begin + sum(widths[:column]) + column * between
        _draw(painter, entry, entry.text, QPointF(left, _middle(above + row, look)), look)
    painter.end()
    return image


@lru_cache(maxsize=64)
def heading(entry: LegendEntry, name: str, notes: str, width: int, look: KeyStyle) -> QImage:
    """Line, marker and name of one run, and notes below, in so many pixels at most: what is too long loses its end."""
    edge, sample = EDGE * look.size, (SAMPLE + GAP) * look.size
    texts = [_shortened(name, width - 2 * edge - sample, look), _shortened(notes, width - 2 * edge, look)]
    across = max(sample + look.width(texts[0]), look.width(texts[1])) + 2 * edge
    image = blank(min(width, round(across + 1.0)), round(edge + (2 if notes else 1) * LINE * look.size))
    painter = _begun(image, look)
    draw_back(painter, image, look.palette.pane, edge / 2)
    _draw(painter, entry, texts[0], QPointF(edge, _middle(0, look)), look)
    _write(painter, texts[1], QPointF(edge, _middle(1, look)), look)
    painter.end()
    return image


def _shortened(text: str, width: float, look: KeyStyle) -> str:
    return _metrics(look).elidedText(text, Qt.TextElideMode.ElideRight, max(width, 0.0))


def forms(legend: Legend, look: KeyStyle) -> Sequence[QImage]:
    """The key in one row, in two columns and in one: the widest first."""
    return [key(legend, columns, look) for columns in dict.fromkeys((len(legend.entries), 2, 1))]


def fitting(legend: Legend, look: KeyStyle, width: float, height: float) -> QImage:
    """The widest form in a picture of so many pixels, with smaller text where none is narrow and low enough."""
    # Rather a little smaller than in more than two rows, which take their height from the surface.
    tried = [(part, 2) for part in SMALLER[:2]] + [(part, 3) for part in SMALLER]
    for part, most in tried:
        found = list(forms(legend, replace(look, size=part * look.size)))
        for image in found[:most]:
            if image.width() <= width and image.height() <= MOST_HIGH * height:
                return image
    return found[-1]


def _width(entry: LegendEntry, look: KeyStyle) -> float:
    return (SAMPLE + GAP) * look.size + look.width(entry.text) + 1.0


def _middle(row: int, look: KeyStyle) -> float:
    return (EDGE / 2 + (row + 0.5) * LINE) * look.size


def _begun(image: QImage, look: KeyStyle) -> QPainter:
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(_font(look))
    return painter


def _draw(painter: QPainter, entry: LegendEntry, text: str, begin: QPointF, look: KeyStyle) -> None:
    """Line, marker and text from a point on, at its height."""
    size, colour = look.size, QColor(look.palette.runs[entry.style])
    pen = QPen(colour, WIDTH * size, c=Qt.PenCapStyle.FlatCap)
    if DASHES[entry.style]:
        pen.setDashPattern(list(DASHES[entry.style]))
        pen.setDashOffset(dash_offset(DASHES[entry.style], SAMPLE / WIDTH))
    painter.setPen(pen)
    painter.drawLine(QLineF(begin, begin + QPointF(SAMPLE * size, 0.0)))
    painter.setPen(QPen(QColor(look.palette.background), 0.1 * size))
    painter.setBrush(colour)
    painter.drawPath(marker(entry.style, begin + QPointF(SAMPLE / 2 * size, 0.0), RADIUS * size))
    _write(painter, text, begin + QPointF((SAMPLE + GAP) * size, 0.0), look)


def _write(painter: QPainter, text: str, begin: QPointF, look: KeyStyle) -> None:
    painter.setPen(QColor(look.palette.text))
    place = QRectF(begin.x(), begin.y() - look.size, look.width(text) + 2.0, 2 * look.size)
    painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)
