"""Images of the legend of several runs for the surface, and the place where it covers least."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPen

from gdviz.core.frozen import frozen
from gdviz.panes.landscape.landscape import Surface
from gdviz.panes.surface.geometry.camera import FLOOR, HEIGHT, Lens
from gdviz.panes.surface.labels.axis_labels import axis_label_candidates
from gdviz.panes.surface.labels.placement import points_in, to_whole_pixels
from gdviz.panes.surface.labels.text import WORDS, font, on_plate, style
from gdviz.plotting.label_space import LabelSpace
from gdviz.plotting.run_legend import run_sample
from gdviz.plotting.shapes import LEFT, Painted, Words
from gdviz.plotting.strip import rows_of_strip
from gdviz.plotting.text import fitting, width_of
from gdviz.presentation.legend import Legend, LegendEntry
from gdviz.presentation.palette import DASHES, Palette

Texts = tuple[str, ...]
SAMPLE, WIDTH, RADIUS = 2.1, 0.117, 0.29
"""Length and width of the line sample, and the radius of the marker on it, in text sizes."""
GAP, BETWEEN, PADDING, LINE_HEIGHT = 0.3, 0.8, 0.35, 1.3
"""Between sample and text, between two runs, around everything, and from line to line, in text sizes."""
TEXT_SCALES = (1.0, 0.85, 0.7, 0.6, 0.5, 0.4)
"""The text sizes to try, relative to the requested one, until the legend fits."""
MAX_HEIGHT = 0.34
"""The largest fraction of the picture's height that it may then take."""
EDGE = 0.25
"""Between the legend and the edges of the pane, in text sizes."""
BOX_CLEARANCE = 1.05
"""Half the width kept free around the box: lines and markers extend beyond it."""
SAMPLES = 15
"""Points along each side of a face of the box; closer together than any legend is high."""


@frozen
class LegendStyle:
    """The palette, and the text size in pixels."""

    palette: Palette
    size: float

    @cached_property
    def font(self) -> QFont:
        """The font of the text."""
        return font(style(WORDS, self.size, self.palette))

    def width(self, text: str) -> float:
        """Return the width of a text in pixels."""
        return width_of(self.font, text)


@lru_cache(maxsize=16)
def legend_image(legend: Legend, columns: int, look: LegendStyle) -> QImage:
    """Return an image of all runs in columns: the title stands before a single row, else above."""
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


@lru_cache(maxsize=4)  # of each run one
def heading_image(entry: LegendEntry, names: Texts, notes: Texts, width: int, look: LegendStyle) -> QImage:
    """Return an image of a run's line, marker and name above its notes, ``width`` pixels wide at most.

    names, notes: wordings, the longest first; the shortest ones are elided where they do not fit.
    """
    edge, sample = PADDING * look.size, (SAMPLE + GAP) * look.size
    inner = width - 2 * edge
    texts = [fitting(look.font, told, max(room, 0.0)) for told, room in ((names, inner - sample), (notes, inner))]
    across = max(sample + look.width(texts[0]), look.width(texts[1])) + 2 * edge
    things = [*_entry(entry, texts[0], edge, 0, look), _words(texts[1], edge, 1, look)]
    return _rows(min(width, across + 1.0), 2 if notes[0] else 1, things, look)


@lru_cache(maxsize=4)
def strip_image(lines: Texts, look: LegendStyle, width: int, height: int) -> QImage:
    """Return an image of that size of the lines of the strip along the top."""
    words = rows_of_strip(lines, 0.0, width, look.font, look.palette.text)
    return on_plate(width, height, look.palette.pane, 0.0, words)


def legend_images(legend: Legend, look: LegendStyle) -> list[QImage]:
    """Return the legend in one row, in two columns and in one column, widest first."""
    return [legend_image(legend, columns, look) for columns in dict.fromkeys((len(legend.entries), 2, 1))]


def fitting_legend_image(legend: Legend, look: LegendStyle, width: float, height: float) -> QImage:
    """Return the widest variant that fits a picture of this size, with smaller text if none does."""
    # Slightly smaller text is better than a third row, which takes its height from the surface.
    tried = [(part, 2) for part in TEXT_SCALES[:2]] + [(part, 3) for part in TEXT_SCALES]
    for part, most in tried:
        found = legend_images(legend, replace(look, size=part * look.size))
        for image in found[:most]:
            if image.width() <= width and image.height() <= MAX_HEIGHT * height:
                return image
    return found[-1]


def _rows(width: float, rows: int, things: Sequence[Painted], look: LegendStyle) -> QImage:
    """Return an image of a plate with room for ``rows`` rows."""
    edge = PADDING * look.size
    return on_plate(round(width), round(edge + rows * LINE_HEIGHT * look.size), look.palette.pane, edge / 2, things)


def _entry(entry: LegendEntry, text: str, left: float, row: int, look: LegendStyle) -> list[Painted]:
    """Return line, marker and text of a run."""
    size = look.size
    pen = QPen(QColor(look.palette.runs[entry.style]), WIDTH * size, c=Qt.PenCapStyle.FlatCap)
    if DASHES[entry.style]:
        pen.setDashPattern(list(DASHES[entry.style]))
    pens, begin = (pen, QPen(QColor(look.palette.background), 0.1 * size)), QPointF(left, _row_middle(row, look))
    sample = run_sample(entry.style, begin, SAMPLE * size, SAMPLE / WIDTH, RADIUS * size, pens)
    return [*sample, _words(text, left + (SAMPLE + GAP) * size, row, look)]


def _words(text: str, left: float, row: int, look: LegendStyle) -> Words:
    place = QRectF(left, _row_middle(row, look) - look.size, look.width(text) + 2.0, 2 * look.size)
    # Wrapped words are laid out by Qt, which takes exponents from the font.
    return Words(text, place, look.font, look.palette.text, align=LEFT, wrap=True)


def _row_middle(row: int, look: LegendStyle) -> float:
    return (PADDING / 2 + (row + 0.5) * LINE_HEIGHT) * look.size


@lru_cache(maxsize=2)
def place_legend(
    lens: Lens, surface: Surface, legend: Legend, unit: float, look: LegendStyle, above: float
) -> tuple[QImage, QRectF]:
    """Return the legend's image and place: clear of the box, its numbers and names, else above them.

    above: the height of the strip of notes, in pixels. Independent of paths and notes, so that it does not move while
    these change.
    """
    room, edge = QRectF(0.0, above, lens.width, lens.height - above), EDGE * look.size
    labels = axis_label_candidates(lens, surface, unit, look.palette)
    points = np.concatenate([lens.project(_box_points()), *(points_in(candidate.places[0]) for candidate in labels)])
    board = LabelSpace(room, [], points)
    for image in legend_images(legend, look):
        right, bottom = lens.width - image.width() - edge, lens.height - image.height() - edge
        for left, top in ((right, above + edge), (edge, above + edge), (right, bottom), (edge, bottom)):
            rect = to_whole_pixels(QRectF(left, top, image.width(), image.height()))
            if room.contains(rect) and not board.covered([rect]).any():
                return image, rect
    image = fitting_legend_image(legend, look, lens.width - 2 * edge, lens.height)
    return image, QRectF(round(lens.width - edge) - image.width(), round(above + edge), image.width(), image.height())


@lru_cache(maxsize=1)
def _box_points() -> NDArray[np.float64]:
    """Return world points all over the faces of the space to keep free, shape (n, 3)."""
    side, heights = np.linspace(-BOX_CLEARANCE, BOX_CLEARANCE, SAMPLES), np.linspace(FLOOR, HEIGHT, SAMPLES)
    points = np.stack(np.meshgrid(side, side, heights), axis=-1).reshape(-1, 3)
    return points[(np.abs(points[:, :2]) == BOX_CLEARANCE).any(axis=1) | np.isin(points[:, 2], (FLOOR, HEIGHT))]
