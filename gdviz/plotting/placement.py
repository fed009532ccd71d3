"""Text placed in a pane, beside a line and clear of what is drawn; hatching, and lines from edge to edge."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainterPath

from gdviz.plotting.free_space import Cells, free_cells, packed, roomiest
from gdviz.plotting.pane import Grid
from gdviz.plotting.shapes import Painted, Shape, Words, box, circle, line, marker, moved_inside, stacked_radii
from gdviz.plotting.style import Style, faded, height_of
from gdviz.plotting.text import balanced_lines, width_of

PLATE = 0.88
"""The opacity of the plate under a label."""
GAP = 5.0
"""Units between a label and its line."""
MOST_PAIRS = 50_000
"""More boxes times obstacles than this are not compared one by one."""


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


@dataclass(eq=False)
class LabelSpace:
    """A room, the rectangles in it that are taken, and what is drawn there: points, shape (n, 2)."""

    room: QRectF
    taken: list[QRectF]
    obstacles: NDArray[np.float64]

    def is_clear(self, rect: QRectF) -> bool:
        """Whether this overlaps no taken rectangle."""
        return not any(map(rect.intersects, self.taken))

    def covered(self, rects: Iterable[QRectF]) -> NDArray[np.int64]:
        """How much each rectangle covers, shape (n,): a taken one counts for more than all points."""
        boxes = _boxes(rects)
        return np.asarray(1_000_000 * self.overlaps(boxes).sum(axis=1) + self.crossings(boxes))

    def crossings(self, boxes: NDArray[np.float64]) -> NDArray[np.int64]:
        """How many obstacles are in each of n boxes (left, top, right, bottom: shape (n, 4)), shape (n,)."""
        left, top, right, bottom = boxes.T[..., None]
        x, y = self.obstacles.T
        # Most boxes are close together, and most obstacles far from all of them.
        is_near = (x >= left.min(initial=np.inf)) & (x <= right.max(initial=-np.inf))
        near = self.obstacles[is_near & (y >= top.min(initial=np.inf)) & (y <= bottom.max(initial=-np.inf))]
        if len(boxes) * len(near) > MOST_PAIRS:
            return _counts(near, boxes)
        x, y = near.T
        return np.asarray(((x >= left) & (x <= right) & (y >= top) & (y <= bottom)).sum(axis=1))

    def overlaps(self, boxes: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which of n boxes (left, top, right, bottom: shape (n, 4)) overlap which of m taken ones, shape (n, m)."""
        left, top, right, bottom = boxes.T[..., None]
        lefts, tops, rights, bottoms = _boxes(self.taken).T
        return (left < rights) & (right > lefts) & (top < bottoms) & (bottom > tops)

    def least_covering(self, candidates: Iterable[QRectF]) -> QRectF:
        """The candidate that covers the least; the first of equals."""
        candidates = list(candidates)
        return candidates[int(self.covered(candidates).argmin())]


@dataclass(eq=False)
class LabelPlacer(LabelSpace):
    """Places labels in a room, each clear of those before it and off what is drawn."""

    style: Style

    def put_in(self, text: str, candidates: Iterable[QRectF], colour: str, plate: QColor | None = None) -> Words:
        """A label in the candidate that covers the least, which is taken from now on."""
        words = Words(text, self.least_covering(candidates), self.style.text, colour, plate)
        self.taken.append(words.rect)
        return words

    def put(self, text: str, place: QPointF, distance: float, colour: str | None = None) -> Words:
        """A label placed as by `beside`, whose rectangle is taken from now on."""
        words = self.beside(text, place, distance, colour)
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

    def beside(self, text: str, place: QPointF, distance: float, colour: str | None = None) -> Words:
        """A label on a plate right, left, above or below a point, where it covers the least."""
        style, room = self.style, self.room
        width, height = width_of(style.text, text) + 8 * style.unit, height_of(style.text) + style.unit
        corners = [corner for far in (1.0, 2.5, 5.0) for corner in _corners(place, far * distance, width, height)]
        reach = 0.8 * distance
        around = QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)
        clear = replace(self, taken=[*self.taken, around])
        rect = clear.least_covering([moved_inside(QRectF(left, top, width, height), room) for left, top in corners])
        if not self.is_clear(rect):
            rect = clear.least_covering(_grid_positions(room, rect))
        return Words(text, rect, style.text, colour or style.palette.text, faded(style.palette.pane, 0.85))


def _boxes(rects: Iterable[QRectF]) -> NDArray[np.float64]:
    """Left, top, right and bottom of n rectangles, shape (n, 4)."""
    return np.array([rect.getCoords() for rect in rects], np.float64).reshape(-1, 4)


def _counts(points: NDArray[np.float64], boxes: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many of the points, shape (m, 2), are in each box or on its edge, shape (n,): all are sorted in but once."""
    ends = np.hstack([boxes[:, :2], np.nextafter(boxes[:, 2:], np.inf)])
    (columns, x), (rows, y) = (np.unique(ends[:, axis::2], return_inverse=True) for axis in (0, 1))
    across, down = (edges.searchsorted(points[:, axis], "right") for axis, edges in enumerate((columns, rows)))
    shape = (len(rows) + 1, len(columns) + 1)
    places = np.bincount(down * shape[1] + across, minlength=shape[0] * shape[1]).reshape(shape)
    # How many are left of each edge and above it.
    before = places.cumsum(axis=0).cumsum(axis=1)
    (left, right), (top, bottom) = x.reshape(-1, 2).T, y.reshape(-1, 2).T
    return np.asarray(before[bottom, right] - before[top, right] - before[bottom, left] + before[top, left])


def _grid_positions(room: QRectF, rect: QRectF) -> list[QRectF]:
    """Rectangles of a label's size on a grid over the room, the nearest to the label first."""
    lefts = np.arange(room.left(), max(room.left() + 1.0, room.right() - rect.width()), rect.height())
    tops = np.arange(room.top(), max(room.top() + 1.0, room.bottom() - rect.height()), rect.height() / 2)
    found = [QRectF(left, top, rect.width(), rect.height()) for left in lefts.tolist() for top in tops.tolist()]
    middle = rect.center()
    return sorted(found, key=lambda other: math.hypot(other.center().x() - middle.x(), other.center().y() - middle.y()))


def _corners(place: QPointF, distance: float, width: float, height: float) -> list[tuple[float, float]]:
    """The upper left corners of labels right, left, above, below and diagonally off a point."""
    x, y = place.x(), place.y()
    right, left, above, below = x + distance, x - distance - width, y - distance - height, y + distance
    beside, over = y - height / 2, x - width / 2
    straight = [(right, beside), (left, beside), (over, above), (over, below)]
    return [*straight, (right, above), (right, below), (left, above), (left, below)]


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
    return Shape(box(area), brush=QBrush(faded(style.palette.warning, 0.45), Qt.BrushStyle.BDiagPattern))


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
