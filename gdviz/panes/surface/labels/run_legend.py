"""The legend of several runs as small pictures for the surface, and the place where it covers least."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPen

from gdviz.panes.landscape.landscape import Surface
from gdviz.panes.surface.geometry.camera import FLOOR, HEIGHT, Lens
from gdviz.panes.surface.labels.axis_labels import axis_label_candidates
from gdviz.panes.surface.labels.placement import in_pixels, points_in
from gdviz.panes.surface.labels.text import WORDS, font, on_plate, style
from gdviz.plotting.placement import LabelSpace
from gdviz.plotting.run_legend import run_sample
from gdviz.plotting.shapes import LEFT, Painted, Words
from gdviz.plotting.text import shortened, width_of
from gdviz.presentation.palette import DASHES, Palette
from gdviz.presentation.run_names import Legend, LegendEntry

SAMPLE, WIDTH, RADIUS = 2.1, 0.117, 0.29
"""Length and width of the sample of a line, and the radius of the marker on it, in sizes of the text."""
GAP, BETWEEN, PADDING, LINE = 0.3, 0.8, 0.35, 1.3
"""Between sample and text, between two runs, around all of it, and from one line to the next, in sizes of the text."""
SMALLER = (1.0, 0.85, 0.7, 0.6, 0.5, 0.4)
"""The sizes of its text, relative to the wanted one, that are tried until it fits its picture."""
MOST_HIGH = 0.34
"""The part of the picture's height that it may take then."""
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

    @cached_property
    def font(self) -> QFont:
        """The font of the text."""
        return font(style(WORDS, self.size, self.palette))

    def width(self, text: str) -> float:
        """How many pixels wide a text is."""
        return width_of(self.font, text)


@lru_cache(maxsize=16)
def legend_image(legend: Legend, columns: int, look: LegendStyle) -> QImage:
    """All runs on a plate, in columns: the title is before them in a single row, else above them."""
    count, edge, between = len(legend.entries), PADDING * look.size, BETWEEN * look.size
    title = look.width(legend.title) + between if legend.title else 0.0
    above = 1 if title and columns < count else 0
    needed = [(SAMPLE + GAP) * look.size + look.width(entry.text) + 1.0 for entry in legend.entries]
    widths = [max(needed[column::columns]) for column in range(columns)]
    begin = edge if above else edge + title
    across = max(begin + sum(widths) + (columns - 1) * between, edge + title - between) + edge
    things: list[Painted] = [_words(legend.title, edge, 0, look)]
    for index, entry in enumerate(legend.entries):
        row, column = divmod(index, columns)
        left = begin + sum(widths[:column]) + column * between
        things += _entry(entry, entry.text, left, above + row, look)
    return _rows(across, above + -(-count // columns), things, look)


@lru_cache(maxsize=64)
def heading(entry: LegendEntry, name: str, notes: str, width: int, look: LegendStyle) -> QImage:
    """Line, marker and name of one run with notes below, at most ``width`` pixels wide: longer texts are elided."""
    edge, sample = PADDING * look.size, (SAMPLE + GAP) * look.size
    inner = width - 2 * edge
    texts = [shortened(look.font, text, max(room, 0.0)) for text, room in ((name, inner - sample), (notes, inner))]
    across = max(sample + look.width(texts[0]), look.width(texts[1])) + 2 * edge
    things = [*_entry(entry, texts[0], edge, 0, look), _words(texts[1], edge, 1, look)]
    return _rows(min(width, across + 1.0), 2 if notes else 1, things, look)


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


def _rows(width: float, rows: int, things: Sequence[Painted], look: LegendStyle) -> QImage:
    """Things on a plate with room for these rows."""
    edge = PADDING * look.size
    return on_plate(round(width), round(edge + rows * LINE * look.size), look.palette.pane, edge / 2, things)


def _entry(entry: LegendEntry, text: str, left: float, row: int, look: LegendStyle) -> list[Painted]:
    """Line, marker and text of a run in a row."""
    size = look.size
    pen = QPen(QColor(look.palette.runs[entry.style]), WIDTH * size, c=Qt.PenCapStyle.FlatCap)
    if DASHES[entry.style]:
        pen.setDashPattern(list(DASHES[entry.style]))
    pens, begin = (pen, QPen(QColor(look.palette.background), 0.1 * size)), QPointF(left, _middle(row, look))
    sample = run_sample(entry.style, begin, SAMPLE * size, SAMPLE / WIDTH, RADIUS * size, pens)
    return [*sample, _words(text, left + (SAMPLE + GAP) * size, row, look)]


def _words(text: str, left: float, row: int, look: LegendStyle) -> Words:
    place = QRectF(left, _middle(row, look) - look.size, look.width(text) + 2.0, 2 * look.size)
    # Wrapped words are painted as Qt paints them, in which exponents are signs of the font.
    return Words(text, place, look.font, look.palette.text, align=LEFT, wrap=True)


def _middle(row: int, look: LegendStyle) -> float:
    return (PADDING / 2 + (row + 0.5) * LINE) * look.size


@lru_cache(maxsize=8)
def place_legend(lens: Lens, surface: Surface, legend: Legend, unit: float, look: LegendStyle) -> tuple[QImage, QRectF]:
    """The picture of the legend and where it goes: beside the box, its numbers and names, else above them.

    It depends on neither paths nor notes, so that it does not move while these change.
    """
    room, edge = QRectF(0.0, 0.0, lens.width, lens.height), EDGE * look.size
    notes = QRectF(0.0, round((1.0 - MOST_NOTES[1]) * lens.height), round(MOST_NOTES[0] * lens.width), lens.height)
    labels = axis_label_candidates(lens, surface, unit, look.palette)
    points = np.concatenate([lens.project(_box_points()), *(points_in(candidate.places[0]) for candidate in labels)])
    board = LabelSpace(room, [notes], points)
    for image in forms(legend, look):
        right, bottom = lens.width - image.width() - edge, lens.height - image.height() - edge
        for left, top in ((right, edge), (edge, edge), (right, bottom)):
            rect = in_pixels(QRectF(left, top, image.width(), image.height()))
            if room.contains(rect) and not board.covered([rect]).any():
                return image, rect
    image = fitting(legend, look, lens.width - 2 * edge, lens.height)
    return image, QRectF(round(lens.width - edge) - image.width(), round(edge), image.width(), image.height())


@lru_cache(maxsize=1)
def _box_points() -> NDArray[np.float64]:
    """World points all over the faces of what is kept free, shape (n, 3)."""
    side, heights = np.linspace(-REACH, REACH, SAMPLES), np.linspace(FLOOR, HEIGHT, SAMPLES)
    points = np.stack(np.meshgrid(side, side, heights), axis=-1).reshape(-1, 3)
    return points[(np.abs(points[:, :2]) == REACH).any(axis=1) | np.isin(points[:, 2], (FLOOR, HEIGHT))]
