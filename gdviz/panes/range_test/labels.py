"""The names of the rates on the plot of loss against rate, clear of each other and of the curve, and their lines."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPen

from gdviz.panes.range_test.picture import Mark, Suggestion
from gdviz.plotting.placement import GAP, LabelPlacer, beside, label_things, label_width
from gdviz.plotting.shapes import Painted
from gdviz.plotting.style import Style, height_of
from gdviz.plotting.text import balanced_lines

Array = NDArray[np.float64]

CLEARANCE = 6.0
"""Units that a label keeps from the curve, on which the marker moves."""
MOST_LINES = 4
"""The most lines that a text is broken into."""
_WALL, _CURVE, _BROKEN = 20.0, 15.0, 5.0
"""What it costs to cover another line, or a point of the curve, and to be broken once more, in rows further down."""
_LINES: dict[str, tuple[float, tuple[float, ...]]] = {
    "minimum": (2.6, ()),
    "tenth": (2.6, (5.0, 2.5)),
    "steep": (2.0, (1.2, 1.6)),
    "valley": (2.0, (6.0, 2.0, 1.5, 2.0)),
    "slide": (2.0, (2.5, 2.0)),
    "limit": (3.6, ()),
    "best": (2.4, (8.0, 1.5)),
}
"""The width of each suggestion's line in units, and its dashes in line widths."""


@dataclass(frozen=True, eq=False)
class Label:
    """The name of a suggestion or a mark, to be written beside its vertical line at the pixel ``x`` in that colour.

    A sentence says by itself where it belongs: it may stand anywhere, and has no dot on its line.
    """

    thing: Suggestion | Mark
    x: float
    pen: QPen
    is_sentence: bool = False


@dataclass(frozen=True, eq=False)
class Placed:
    """A label, its lines and where they stand; None where there is no room for it."""

    label: Label
    lines: tuple[str, ...]
    rect: QRectF | None

    def things(self, style: Style) -> list[Painted]:
        """What is painted of it."""
        if self.rect is None:
            return []
        at = None if self.label.is_sentence else self.label.x
        return label_things(self.lines, self.rect, self.label.pen.color().name(), style, at)


def placed(labels: Sequence[Label], placer: LabelPlacer) -> list[Placed]:
    """A place for each label, the first ones first; one for which there is no room stays without.

    A label covers no taken place, and as little as it can of the placer's obstacles, the points of the curve.
    """
    style, found = placer.style, []
    walls = np.array([label.x for label in labels])
    for label in labels:
        boxes, texts = _candidates(label, placer.room, style)
        counts = np.array([len(lines) for lines in texts])
        # Some lines also need some room around them, to be read as one text.
        apart = np.where(counts > 1, GAP * style.unit, 0.0)[:, None] * [-1.0, -1.0, 1.0, 1.0]
        free = np.flatnonzero(~placer.overlaps(boxes + apart).any(axis=1))
        if not len(free):
            found.append(Placed(label, (), None))
            continue
        costs = _costs(boxes[free], walls[walls != label.x], placer) + _BROKEN * counts[free]
        best = free[np.argmin(costs)]
        lines, (left, top, _, _) = texts[best], boxes[best].tolist()
        rect = QRectF(left, top, label_width(lines, style), len(lines) * height_of(style.text))
        found.append(Placed(label, lines, rect))
        placer.taken.append(rect)
    return found


def _candidates(label: Label, area: QRectF, style: Style) -> tuple[Array, list[tuple[str, ...]]]:
    """Boxes (left, top, right, bottom: shape (n, 4)) and the lines in each.

    From the top down, right of the vertical line and left of it, else across it.
    """
    unit, row, text = style.unit, height_of(style.text), label.thing.name
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


def _costs(boxes: Array, walls: Array, placer: LabelPlacer) -> Array:
    """What it costs to stand in each of n boxes: how far down it is, what it covers."""
    left, top, right, bottom = boxes.T[..., None]
    keep, (x, y) = CLEARANCE * placer.style.unit, placer.obstacles.T
    near = (x > left - keep) & (x < right + keep) & (y > top - keep) & (y < bottom + keep)
    crossed = (walls > left) & (walls < right)
    rows = (boxes[:, 1] - boxes[:, 1].min()) / height_of(placer.style.text)
    return np.asarray(rows + _CURVE * near.sum(axis=1) + _WALL * crossed.sum(axis=1))


def suggestion_pen(name: str, style: Style) -> QPen:
    """The pen of a suggestion's line, in the colour of its name; the lecturer's rule stands out from the others."""
    palette = style.palette
    known = {"minimum": palette.accent, "tenth": palette.accent, "limit": palette.warning, "best": palette.truth}
    return style.pen(known.get(name, palette.quiet), *_LINES[name])
