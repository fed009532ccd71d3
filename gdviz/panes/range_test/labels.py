"""The words on the plot of loss against rate, clear of each other and of the curve, and their lines."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPen

from gdviz.plotting.placement import GAP, beside, label_things, label_width
from gdviz.plotting.shapes import Painted
from gdviz.plotting.style import Style, height_of
from gdviz.plotting.text import even_lines
from gdviz.presentation.palette import Palette

Points = NDArray[np.float64]
Boxes = NDArray[np.float64]
"""Left, top, right and bottom of n rectangles in pixels, shape (n, 4)."""

CLEARANCE = 6.0
"""So many units a label keeps from the curve, on which the marker moves."""
MOST_LINES = 4
"""Into so many lines a text may be broken."""
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


@dataclass(frozen=True)
class Label:
    """What is to be written beside the vertical line at the pixel ``x``.

    A sentence says by itself where it belongs, and may stand anywhere.
    """

    x: float
    text: str
    colour: str
    is_sentence: bool = False


@dataclass(frozen=True, eq=False)
class Placed:
    """A label, its lines and where they stand; None where there is no room for it."""

    label: Label
    lines: tuple[str, ...]
    rect: QRectF | None

    def things(self, style: Style) -> list[Painted]:
        """What is painted of it: a sentence has no dot on its line."""
        if self.rect is None:
            return []
        at = None if self.label.is_sentence else self.label.x
        return label_things(self.lines, self.rect, self.label.colour, style, at)


def placed(
    labels: Sequence[Label], area: QRectF, taken: Sequence[QRectF], curve: Points, style: Style
) -> tuple[Placed, ...]:
    """A place in ``area`` for each label, the first ones first; one for which there is no room stays without.

    taken: places that must not be covered. curve: points of the curve in pixels, shape (n, 2), to be kept clear of.
    """
    occupied, found = [rect.getCoords() for rect in taken], []
    walls = np.array([label.x for label in labels])
    for label in labels:
        candidates, texts = _candidates(label, area, style)
        heights = np.array([len(lines) for lines in texts])
        # Some lines also need some room around them, to be read as one text.
        apart = np.where(heights > 1, GAP * style.unit, 0.0)
        free = ~_meet(candidates, np.array(occupied), apart)
        if not free.any():
            found.append(Placed(label, (), None))
            continue
        costs = _costs(candidates[free], walls[walls != label.x], curve, style) + _BROKEN * heights[free]
        best = np.flatnonzero(free)[int(np.argmin(costs))]
        left, top, right, bottom = candidates[best].tolist()
        found.append(Placed(label, texts[best], QRectF(left, top, right - left, bottom - top)))
        occupied.append((left, top, right, bottom))
    return tuple(found)


def _candidates(label: Label, area: QRectF, style: Style) -> tuple[Boxes, list[tuple[str, ...]]]:
    """Boxes and the lines in each: from the top down, right of the line and left of it, else across it."""
    unit, row = style.unit, height_of(style.text)
    boxes, texts = [np.empty((0, 4))], []
    for count in range(1, MOST_LINES + 1 if " " in label.text else 2):
        lines = even_lines(label.text, count)
        width, height = label_width(lines, style), len(lines) * row
        lefts = _everywhere(area, width, unit) if label.is_sentence else beside(label.x, width, area, style)
        tops = np.arange(area.top() + 2 * unit, area.bottom() - height - unit, row / 2)
        top, left = (side.ravel() for side in np.meshgrid(tops, lefts, indexing="ij"))
        boxes.append(np.stack([left, top, left + width, top + height], axis=1))
        texts += [lines] * len(left)
    return np.concatenate(boxes), texts


def _everywhere(area: QRectF, width: float, unit: float) -> list[float]:
    lefts: list[float] = np.arange(area.left() + GAP * unit, area.right() - width - GAP * unit, 3 * GAP * unit).tolist()
    return lefts


def _meet(boxes: Boxes, occupied: Boxes, apart: Points) -> NDArray[np.bool_]:
    """Which of n boxes come nearer than ``apart``, shape (n,), to one of the occupied places."""
    if not len(occupied):
        return np.zeros(len(boxes), dtype=bool)
    left, top, right, bottom = (boxes + apart[:, None] * [-1.0, -1.0, 1.0, 1.0]).T[..., None]
    lefts, tops, rights, bottoms = occupied.T
    return ~((right <= lefts) | (left >= rights) | (bottom <= tops) | (top >= bottoms)).all(axis=1)


def _costs(boxes: Boxes, walls: Points, curve: Points, style: Style) -> Points:
    """What it costs to stand in each of n boxes: how far down it is, what it covers."""
    left, top, right, bottom = (side[:, None] for side in boxes.T)
    keep, (x, y) = CLEARANCE * style.unit, curve.T
    near = (x > left - keep) & (x < right + keep) & (y > top - keep) & (y < bottom + keep)
    crossed = (walls > left) & (walls < right)
    rows = (boxes[:, 1] - boxes[:, 1].min()) / height_of(style.text)
    return np.asarray(rows + _CURVE * near.sum(axis=1) + _WALL * crossed.sum(axis=1))


def suggestion_colour(name: str, palette: Palette) -> str:
    """The colour of a suggestion's line and name; the lecturer's rule stands out from the others of the curve."""
    known = {"minimum": palette.accent, "tenth": palette.accent, "limit": palette.warning, "best": palette.truth}
    return known.get(name, palette.quiet)


def suggestion_pen(name: str, style: Style) -> QPen:
    """The pen of a suggestion's line."""
    return style.pen(suggestion_colour(name, style.palette), *_LINES[name])
