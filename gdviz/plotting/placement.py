"""Text placed in a pane, beside a line and clear of what is drawn; hatching, and lines from edge to edge."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainterPath

from gdviz.plotting.free_space import Cells, free_cells, packed, roomiest
from gdviz.plotting.label_space import SIDES, Array, LabelSpace, Point, around, boxes_inside, boxes_of
from gdviz.plotting.pane import Grid
from gdviz.plotting.shapes import (
    Painted,
    Shape,
    Words,
    circle,
    line,
    marker,
    moved_inside,
    rising_lines,
    stacked_radii,
)
from gdviz.plotting.style import STAR_COLOURS, STAR_RADIUS, Style, faded, height_of, star
from gdviz.plotting.text import balanced_lines, width_of

GAPS = (1.0, 2.5, 5.0)
"""How many times as far away as nearest a label is tried."""
PLATE = 0.88
"""The opacity of the plate under a label."""
GAP = 5.0
"""Units between a label and its line."""
HATCH_SPACING, HATCH_WIDTH = 8.0, 0.9
"""Units between the lines of a hatching, along the axis, and their width."""


def left_aligned(left: float, top: float, text: str, font: QFont, colour: str) -> Words:
    """A line of text that begins there."""
    rect = QRectF(left, top, width_of(font, text), height_of(font))
    return Words(text, rect, font, colour, align=Qt.AlignmentFlag.AlignLeft)


def right_aligned(right: float, top: float, text: str, font: QFont, colour: str) -> Words:
    """A line of text that ends there."""
    width = width_of(font, text)
    rect = QRectF(right - width, top, width, height_of(font))
    return Words(text, rect, font, colour, align=Qt.AlignmentFlag.AlignRight)


def note(text: str, left: float, top: float, width: float, style: Style, most_lines: int = 99) -> Words:
    """Quiet text that begins there, broken into lines at most that wide."""
    needed = width_of(style.text, text)
    # A little more than the text needs, since lines break between words.
    lines = 1 if needed <= width else min(most_lines, math.ceil(1.15 * needed / width))
    rect = QRectF(left, top, width, lines * height_of(style.text))
    align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
    return Words(text, rect, style.text, style.palette.quiet, align=align, wrap=True)


def run_markers(runs: Sequence[tuple[int, QPointF]], style: Style) -> list[Shape]:
    """The current marker of each run (its style), first on top; those below are larger, so that all are seen."""
    pen, radii = style.pen(style.palette.background, 1.6), stacked_radii([place for _, place in runs], 5.5 * style.unit)
    shapes = [
        Shape(marker(index, place, radius), pen, faded(style.palette.runs[index], 1.0))
        for (index, place), radius in zip(runs, radii, strict=True)
    ]
    return shapes[::-1]


def minimum_stars(places: Iterable[QPointF], style: Style) -> tuple[Shape, ...]:
    """A star at each known minimum, as on the surface."""
    fill, edge = STAR_COLOURS
    pen, brush, radius = style.pen(edge, 1.4), faded(fill, 1.0), STAR_RADIUS * style.unit
    return tuple(Shape(star(place, radius), pen, brush) for place in places)


@dataclass(eq=False)
class LabelPlacer(LabelSpace):
    """Places labels in a room, each clear of those before it and off what is drawn."""

    style: Style

    def put_in(
        self, text: str, candidates: Iterable[QRectF], colour: str, plate: QColor | None = None, *, steady: bool = False
    ) -> Words:
        """A label in the candidate that covers the least, which is taken from now on.

        steady: whether what is drawn grows from frame to frame; see `place`.
        """
        rect = self.place(text, boxes_of(candidates)) if steady else self.least_covering(candidates)
        words = Words(text, rect, self.style.text, colour, plate)
        self.taken.append(words.rect)
        return words

    def put(
        self, text: str, named: QPointF | QRectF, gap: float, colour: str | None = None, ways: Sequence[Point] = SIDES
    ) -> Words:
        """A label placed as by `beside`, whose rectangle is taken from now on."""
        words = self.beside(text, named, gap, colour, ways)
        self.taken.append(words.rect)
        return words

    def put_within(self, places: Mapping[str, Cells], plate: QColor, most_lines: int = 3) -> list[Words]:
        """Each text in the roomiest free part of its cells, in as few lines as fit there; left out where none does.

        No cell may belong to two texts. The places are taken from now on.
        """
        free, style, found = free_cells(self.room, self.taken, self.obstacles), self.style, list[Words]()
        for text, cells in places.items():
            bits = packed(free & cells)
            for count in range(1, 1 + min(most_lines, len(text.split()))):
                lines = balanced_lines(text, count, longer_first=True)
                width = max(width_of(style.text, line) for line in lines) + 12 * style.unit
                height = len(lines) * height_of(style.text) + 4 * style.unit
                rect = roomiest(self.room, bits, width, height)
                if rect is not None:
                    wrap = len(lines) > 1
                    found.append(Words("\n".join(lines), rect, style.text, style.palette.text, plate, wrap=wrap))
                    break
        self.taken.extend(words.rect for words in found)
        return found

    def put_along(self, text: str, points: Array, gap: float) -> Words:
        """A label beside one of these points, shape (n, 2), rather than over any; the first of equals."""
        clear = replace(self, obstacles=np.concatenate([self.obstacles, points]))
        gaps = [times * gap for times in GAPS]
        boxes = [around(QRectF(x, y, 0.0, 0.0), *self._size(text), gaps) for x, y in points.tolist()]
        words = self._on_plate(text, clear.place(text, boxes_inside(np.concatenate(boxes), self.room)))
        self.taken.append(words.rect)
        return words

    def beside(
        self, text: str, named: QPointF | QRectF, gap: float, colour: str | None = None, ways: Sequence[Point] = SIDES
    ) -> Words:
        """A label on a plate around a point or a rectangle, where it covers the least, and never that itself."""
        if isinstance(named, QPointF):
            named = QRectF(named, named)
        reach = 0.8 * gap
        clear = replace(self, taken=[*self.taken, named.adjusted(-reach, -reach, reach, reach)])
        boxes = around(named, *self._size(text), [times * gap for times in GAPS], ways)
        rect = clear.place(text, boxes_inside(boxes, self.room))
        if not self.is_clear(rect):
            rect = clear.least_covering(_grid_positions(self.room, rect))
        return self._on_plate(text, rect, colour)

    def _size(self, text: str) -> tuple[float, float]:
        style = self.style
        return width_of(style.text, text) + 8 * style.unit, height_of(style.text) + style.unit

    def _on_plate(self, text: str, rect: QRectF, colour: str | None = None) -> Words:
        style = self.style
        return Words(text, rect, style.text, colour or style.palette.text, faded(style.palette.pane, 0.85))


def _grid_positions(room: QRectF, rect: QRectF) -> list[QRectF]:
    """Rectangles of a label's size on a grid over the room, the nearest to the label first."""
    lefts = np.arange(room.left(), max(room.left() + 1.0, room.right() - rect.width()), rect.height())
    tops = np.arange(room.top(), max(room.top() + 1.0, room.bottom() - rect.height()), rect.height() / 2)
    found = [QRectF(left, top, rect.width(), rect.height()) for left in lefts.tolist() for top in tops.tolist()]
    middle = rect.center()
    return sorted(found, key=lambda other: math.hypot(other.center().x() - middle.x(), other.center().y() - middle.y()))


def part_inside(begin: Sequence[float], end: Sequence[float], low: Sequence[float], high: Sequence[float]) -> float:
    """The fraction of the way from one point to another that stays between two corners of a rectangle."""
    part = 1.0
    for start, stop, least, most in zip(begin, end, low, high, strict=True):
        if stop != start:
            part = min(part, ((most if stop > start else least) - start) / (stop - start))
    return max(part, 0.0)


def vertical(x: float, area: QRectF) -> QPainterPath:
    """A line across the area from top to bottom."""
    return line(QPointF(x, area.top()), QPointF(x, area.bottom()))


def horizontal(y: float, area: QRectF) -> QPainterPath:
    """A line across the area from left to right."""
    return line(QPointF(area.left(), y), QPointF(area.right(), y))


def minimum_line(value: float, grid: Grid, style: Style) -> Shape:
    """The dashed line of the lowest known minimum."""
    pen = style.pen(style.palette.accent, 1.6, (5.0, 4.0))
    return Shape(horizontal(grid.y(value), grid.area), pen, clip=grid.area)


def hatching(area: QRectF, style: Style) -> Shape:
    """The area hatched as a warning."""
    pen = style.pen(style.palette.warning, HATCH_WIDTH, alpha=0.45)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return Shape(rising_lines(area, HATCH_SPACING * style.unit), pen)


def hatched(stretches: Iterable[tuple[float, float]], grid: Grid, style: Style) -> list[Shape]:
    """The stretches of the horizontal axis, each from and to, hatched from top to bottom where visible."""
    area = grid.area
    ends = [(max(area.left(), grid.x(first)), min(area.right(), grid.x(last))) for first, last in stretches]
    places = (QRectF(left, area.top(), right - left, area.height()) for left, right in ends if right > left)
    return [hatching(place, style) for place in places]


def label_width(lines: Iterable[str], style: Style) -> float:
    """The width of a label's plate, in pixels."""
    return max(width_of(style.text, text) for text in lines) + 6 * style.unit


def beside(x: float, width: float, area: QRectF, style: Style) -> list[float]:
    """The left ends of a label of that width, right and left of a vertical line; across it where neither has room."""
    lefts = (x + GAP * style.unit, x - GAP * style.unit - width)
    fitting = [left for left in lefts if left >= area.left() and left + width <= area.right()]
    return fitting or [moved_inside(QRectF(x - width / 2, area.top(), width, 1.0), area).left()]


def label_things(lines: Sequence[str], rect: QRectF, colour: str, style: Style, x: float | None) -> list[Painted]:
    """A label, line by line on its plate, and a dot on the vertical line at ``x``, if it belongs to one."""
    plate, height = faded(style.palette.background, PLATE), height_of(style.text)
    rows = (QRectF(rect.left(), rect.top() + row * height, rect.width(), height) for row in range(len(lines)))
    pairs = zip(lines, rows, strict=True)
    things: list[Painted] = [Words(text, row, style.text, colour, plate) for text, row in pairs]
    if x is not None:
        dot = circle(QPointF(x, rect.center().y()), 3 * style.unit)
        things.append(Shape(dot, brush=faded(colour, 1.0)))
    return things
