"""The labels of the loss-against-rate plot, clear of each other and of the curve, and the pens of their lines."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPen

from gdviz.core.frozen import frozen
from gdviz.panes.range_test.picture import Mark, Suggestion
from gdviz.plotting.label_space import OUTWARDS
from gdviz.plotting.placement import GAP, LabelPlacer, beside, label_things, label_width
from gdviz.plotting.shapes import Painted
from gdviz.plotting.style import Style, height_of
from gdviz.plotting.text import balanced_lines

Array = NDArray[np.float64]

CLEARANCE = 6.0
"""Labels keep this many units away from the curve, along which the marker moves."""
MOST_LINES = 4
"""The most lines of a label."""
_LINE_COST, _CURVE_COST, _BREAK_COST = 20.0, 15.0, 5.0
"""Costs of covering another line, of covering a point of the curve, and of each line break; a row further down is 1."""
_LINES: dict[str, tuple[float, tuple[float, ...]]] = {
    "minimum": (2.6, ()),
    "tenth": (2.6, (5.0, 2.5)),
    "steep": (2.0, (1.2, 1.6)),
    "valley": (2.0, (6.0, 2.0, 1.5, 2.0)),
    "slide": (2.0, (2.5, 2.0)),
    "limit": (3.6, ()),
    "best": (2.4, (8.0, 1.5)),
}
"""Width of each suggestion's line in units, and its dashes in line widths."""


@frozen(eq=False)
class Label:
    """The name of a suggestion or a mark, to be placed beside its vertical line at the pixel ``x``, in its colour.

    A sentence needs no line to be understood: it may be anywhere, and has no dot on its line.
    """

    item: Suggestion | Mark
    x: float
    pen: QPen
    is_sentence: bool = False


@frozen(eq=False)
class PlacedLabel:
    """A label, its lines of text, and their place; None if there is no room for it."""

    label: Label
    lines: tuple[str, ...]
    rect: QRectF | None

    def things(self, style: Style) -> list[Painted]:
        """What to paint, nothing if there is no room."""
        if self.rect is None:
            return []
        at = None if self.label.is_sentence else self.label.x
        return label_things(self.lines, self.rect, self.label.pen.color().name(), style, at)


def place_labels(labels: Sequence[Label], placer: LabelPlacer) -> list[PlacedLabel]:
    """Place the labels in turn; those that do not fit stay without a place.

    A label covers no taken place, and as few as possible of the placer's obstacles, the points of the curve.
    """
    style, found = placer.style, []
    lines_x = np.array([label.x for label in labels])
    for label in labels:
        boxes, texts = _candidates(label, placer.room, style)
        counts = np.array([len(lines) for lines in texts])
        # Several lines need some space around them to read as one text.
        apart = np.where(counts > 1, GAP * style.unit, 0.0)[:, None] * OUTWARDS
        free = np.flatnonzero(~placer.overlaps(boxes + apart).any(axis=1))
        if not len(free):
            found.append(PlacedLabel(label, (), None))
            continue
        costs = _costs(boxes[free], lines_x[lines_x != label.x], placer) + _BREAK_COST * counts[free]
        best = free[np.argmin(costs)]
        lines, (left, top, _, _) = texts[best], boxes[best].tolist()
        rect = QRectF(left, top, label_width(lines, style), len(lines) * height_of(style.text))
        found.append(PlacedLabel(label, lines, rect))
        placer.taken.append(rect)
    return found


def _candidates(label: Label, area: QRectF, style: Style) -> tuple[Array, list[tuple[str, ...]]]:
    """Boxes (left, top, right, bottom: shape (n, 4)), and the lines of text in each.

    From the top down, right and left of the vertical line, or across it if neither fits.
    """
    unit, row, text = style.unit, height_of(style.text), label.item.name
    boxes, texts = [np.empty((0, 4))], []
    for count in range(1, MOST_LINES + 1 if " " in text else 2):
        lines = balanced_lines(text, count)
        width, height = label_width(lines, style), len(lines) * row
        lefts: Array | list[float] = beside(label.x, width, area, style)
        if label.is_sentence:
            lefts = np.arange(area.left() + GAP * unit, area.right() - width - GAP * unit, 3 * GAP * unit)
        tops = np.arange(area.top() + 2 * unit, area.bottom() - height - unit, row / 2)
        top, left = (side.ravel() for side in np.meshgrid(tops, lefts, indexing="ij"))
        boxes.append(np.stack([left, top, left + width, top + height], axis=1))
        texts += [lines] * len(left)
    return np.concatenate(boxes), texts


def _costs(boxes: Array, lines_x: Array, placer: LabelPlacer) -> Array:
    """The cost of each of n boxes, shape (n,): how far down it is, and what it covers."""
    near = placer.crossings(boxes + CLEARANCE * placer.style.unit * OUTWARDS)
    crossed = (lines_x > boxes[:, :1]) & (lines_x < boxes[:, 2:3])
    rows = (boxes[:, 1] - boxes[:, 1].min()) / height_of(placer.style.text)
    return np.asarray(rows + _CURVE_COST * near + _LINE_COST * crossed.sum(axis=1))


def suggestion_pen(name: str, style: Style) -> QPen:
    """The pen of a suggestion's line, also the colour of its name; the lecture's rule stands out."""
    palette = style.palette
    known = {"minimum": palette.accent, "tenth": palette.accent, "limit": palette.warning, "best": palette.truth}
    return style.pen(known.get(name, palette.quiet), *_LINES[name])
