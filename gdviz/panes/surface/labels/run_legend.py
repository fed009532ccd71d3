"""The legend of several runs as small pictures for the surface, and the place where it covers least."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from gdviz.panes.landscape.landscape import Surface
from gdviz.panes.surface.geometry.camera import FLOOR, HEIGHT, Lens, Rect
from gdviz.panes.surface.labels.axis_labels import axis_label_candidates, size
from gdviz.panes.surface.labels.placement import Board, Point
from gdviz.panes.surface.labels.text import WORDS, blank, draw_back, font, style
from gdviz.plotting.run_legend import run_sample
from gdviz.plotting.shapes import paint_things
from gdviz.plotting.text import shortened, width_of
from gdviz.presentation.palette import DASHES, Palette
from gdviz.presentation.run_names import Legend, LegendEntry

SAMPLE, WIDTH, RADIUS = 2.1, 0.117, 0.29
"""Length and width of the sample of a line, and the radius of the marker on it, in sizes of the text."""
GAP, BETWEEN, PADDING, LINE = 0.3, 0.8, 0.35, 1.3
"""Between sample and text, between two runs, around all of it, and from one line to the next, in sizes of the text."""
SMALLER = (1.0, 0.85, 0.7, 0.6, 0.5, 0.4)
"""The sizes of its text, in the wanted one, that are tried until it is narrow and low enough for its picture."""
MOST_HIGH = 0.34
"""The part of the picture's height that it takes then."""
EDGE = 0.25
"""Between the legend and the edges of the pane, in sizes of its text."""
REACH = 1.05
"""Half the width of what is kept free around the box: lines and markers reach beyond it."""
MOST_NOTES = (0.58, 0.38)
"""The parts of the pane's width and height, from the lower left corner on, that are left to the notes."""
SAMPLES = 15
"""Points along each edge and each way across a face of the box; closer than any legend is high."""


@dataclass(frozen=True)
class LegendStyle:
    """Colours, and the size of the text in pixels."""

    palette: Palette
    size: float

    def width(self, text: str) -> float:
        """How many pixels wide a text is."""
        return width_of(_font(self), text)


@lru_cache(maxsize=8)
def _font(look: LegendStyle) -> QFont:
    return font(style(WORDS, look.size, look.palette))


@lru_cache(maxsize=16)
def legend_image(legend: Legend, columns: int, look: LegendStyle) -> QImage:
    """All runs on a plate, in columns: the title is before them in a single row, else above them."""
    count, edge, between = len(legend.entries), PADDING * look.size, BETWEEN * look.size
    title = look.width(legend.title) + between if legend.title else 0.0
    above = 1 if title and columns < count else 0
    widths = [max(_width(entry, look) for entry in legend.entries[column::columns]) for column in range(columns)]
    begin = edge if above else edge + title
    across = max(begin + sum(widths) + (columns - 1) * between, edge + title - between) + edge
    rows = above + -(-count // columns)
    image, painter = _begun(round(across), rows, look)
    _write(painter, legend.title, QPointF(edge, _middle(0, look)), look)
    for index, entry in enumerate(legend.entries):
        row, column = divmod(index, columns)
        left = begin + sum(widths[:column]) + column * between
        _draw(painter, entry, entry.text, QPointF(left, _middle(above + row, look)), look)
    painter.end()
    return image


@lru_cache(maxsize=64)
def heading(entry: LegendEntry, name: str, notes: str, width: int, look: LegendStyle) -> QImage:
    """Line, marker and name of one run with notes below, at most ``width`` pixels wide: longer texts are elided."""
    edge, sample = PADDING * look.size, (SAMPLE + GAP) * look.size
    inner = width - 2 * edge
    texts = [shortened(_font(look), text, max(room, 0.0)) for text, room in ((name, inner - sample), (notes, inner))]
    across = max(sample + look.width(texts[0]), look.width(texts[1])) + 2 * edge
    image, painter = _begun(min(width, round(across + 1.0)), 2 if notes else 1, look)
    _draw(painter, entry, texts[0], QPointF(edge, _middle(0, look)), look)
    _write(painter, texts[1], QPointF(edge, _middle(1, look)), look)
    painter.end()
    return image


def forms(legend: Legend, look: LegendStyle) -> list[QImage]:
    """The legend in one row, in two columns and in one: the widest first."""
    return [legend_image(legend, columns, look) for columns in dict.fromkeys((len(legend.entries), 2, 1))]


def fitting(legend: Legend, look: LegendStyle, width: float, height: float) -> QImage:
    """The widest form that fits a picture of this size, with smaller text where none does."""
    # Slightly smaller text is better than a third row, which takes its height from the surface.
    tried = [(part, 2) for part in SMALLER[:2]] + [(part, 3) for part in SMALLER]
    for part, most in tried:
        found = forms(legend, replace(look, size=part * look.size))
        for image in found[:most]:
            if image.width() <= width and image.height() <= MOST_HIGH * height:
                return image
    return found[-1]


def _width(entry: LegendEntry, look: LegendStyle) -> float:
    return (SAMPLE + GAP) * look.size + look.width(entry.text) + 1.0


def _middle(row: int, look: LegendStyle) -> float:
    return (PADDING / 2 + (row + 0.5) * LINE) * look.size


def _begun(width: int, rows: int, look: LegendStyle) -> tuple[QImage, QPainter]:
    """A plate with room for these rows, and a painter on it."""
    edge = PADDING * look.size
    image = blank(width, round(edge + rows * LINE * look.size))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(_font(look))
    draw_back(painter, image, look.palette.pane, edge / 2)
    return image, painter


def _draw(painter: QPainter, entry: LegendEntry, text: str, begin: QPointF, look: LegendStyle) -> None:
    """Line, marker and text from a point on, at its height."""
    size = look.size
    pen = QPen(QColor(look.palette.runs[entry.style]), WIDTH * size, c=Qt.PenCapStyle.FlatCap)
    if DASHES[entry.style]:
        pen.setDashPattern(list(DASHES[entry.style]))
    edge = QPen(QColor(look.palette.background), 0.1 * size)
    paint_things(painter, run_sample(entry.style, begin, SAMPLE * size, SAMPLE / WIDTH, RADIUS * size, (pen, edge)))
    _write(painter, text, begin + QPointF((SAMPLE + GAP) * size, 0.0), look)


def _write(painter: QPainter, text: str, begin: QPointF, look: LegendStyle) -> None:
    painter.setPen(QColor(look.palette.text))
    place = QRectF(begin.x(), begin.y() - look.size, look.width(text) + 2.0, 2 * look.size)
    painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)


@lru_cache(maxsize=8)
def place_legend(lens: Lens, surface: Surface, legend: Legend, unit: float, look: LegendStyle) -> tuple[QImage, Rect]:
    """The picture of the legend and where it goes: beside the box, its numbers and names, else above them.

    It depends on neither paths nor notes, so that it does not move while these change.
    """
    board = Board(lens.width, lens.height)
    board.take((0, round((1.0 - MOST_NOTES[1]) * lens.height), round(MOST_NOTES[0] * lens.width), lens.height))
    board.ink(lens.project(_box_points()))
    for candidate in axis_label_candidates(lens, surface, unit, look.palette):
        board.ink(points_in(candidate.centres[0], size(candidate.image)))
    for image in forms(legend, look):
        rect = board.put_aside(size(image), _corners(lens, size(image), EDGE * look.size))
        if rect is not None:
            return image, rect
    image = fitting(legend, look, lens.width - 2 * EDGE * look.size, lens.height)
    right, top = round(lens.width - EDGE * look.size), round(EDGE * look.size)
    return image, (right - image.width(), top, right, top + image.height())


def _corners(lens: Lens, size: tuple[float, float], edge: float) -> list[Point]:
    """The middles of a legend in the upper right, the upper left and the lower right corner."""
    across, down = size[0] / 2 + edge, size[1] / 2 + edge
    right, bottom = lens.width - across, lens.height - down
    return [(right, down), (across, down), (right, bottom)]


@lru_cache(maxsize=1)
def _box_points() -> NDArray[np.float64]:
    """World points all over the box and around it, shape (n, 3)."""
    side = np.linspace(-REACH, REACH, SAMPLES)
    flat = np.stack(np.meshgrid(side, side, indexing="ij"), axis=-1).reshape(-1, 2)
    heights = np.linspace(FLOOR, HEIGHT, SAMPLES)
    rim = flat[(np.abs(flat) == REACH).any(axis=1)]
    layers = [np.column_stack([rim, np.full(len(rim), height)]) for height in heights]
    ends = [np.column_stack([flat, np.full(len(flat), height)]) for height in (FLOOR, HEIGHT)]
    return np.concatenate([*layers, *ends])


def points_in(middle: Point, size: tuple[float, float]) -> NDArray[np.float64]:
    """Points all over a label, shape (n, 2)."""
    x, y = (centre + np.linspace(-0.5, 0.5, 9) * length for centre, length in zip(middle, size, strict=True))
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
